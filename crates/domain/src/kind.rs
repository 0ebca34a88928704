//! The eight kinds of failure that every layer agrees on, so that one place can turn them into HTTP; and how an error
//! is written into the log.

use std::error::Error;
use std::fmt;

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
pub trait HasKind: Error {
    /// The kind of this failure.
    fn kind(&self) -> Kind;

    /// A stable lower-case code such as `approval-stale`; the locales hold `error-{code}`.
    fn code(&self) -> &'static str;
}

/// An error with everything behind it, in one line, for the log. An error alone says only its own words, and a log in
/// JSON leaves out what is behind it even where one in text does not.
#[derive(Clone, Copy, Debug)]
pub struct WithCauses<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for WithCauses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the list cannot be read")]
    struct Outer(#[source] std::num::ParseIntError);

    #[test]
    fn the_log_says_what_is_behind_an_error() {
        let error = Outer("x".parse::<i32>().unwrap_err());
        assert_eq!(WithCauses(&error).to_string(), "the list cannot be read: invalid digit found in string");
    }
}
