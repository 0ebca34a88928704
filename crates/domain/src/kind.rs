//! The eight kinds of failure that every layer agrees on, so that one place can turn them into HTTP.

/// What kind of failure an error is. It says nothing about HTTP; `edge` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What was given cannot be used as it is; the giver can mend it.
    Invalid,
    /// Nobody is signed in, or the credentials are wrong.
    Unauthenticated,
    /// Somebody is signed in who may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// It changed in the meantime, or the state does not allow it.
    Conflict,
    /// Too often; later it may work.
    TooMany,
    /// Something outside (the database, a provider) does not answer now.
    Unavailable,
    /// A defect of ours.
    Broken,
}

/// An error that knows its kind, and a stable code that is also a translation key.
pub trait HasKind: std::error::Error {
    /// The kind of this failure.
    fn kind(&self) -> Kind;

    /// A stable lower-case code such as `approval-stale`; the locales hold `error-{code}`.
    fn code(&self) -> &'static str;
}
