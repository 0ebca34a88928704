//! Why an action did not happen.

use std::time::Duration;

use domain::{HasKind, Kind};
use edge::{Failure, Problem};
use render::RenderError;
use store::StoreError;

/// Why an action did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// What was given can be mended, field by field.
    #[error("{} fields cannot be used as they are", .0.len())]
    Invalid(Vec<Problem>),
    /// Credentials are wrong, or there are none.
    #[error("not signed in")]
    Unauthenticated(&'static str),
    /// This person may not do this; the code says why.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// There is no such thing.
    #[error("no such thing")]
    NotFound,
    /// It changed in the meantime, or its state does not allow it.
    #[error("not possible now: {0}")]
    Conflict(&'static str),
    /// Too often.
    #[error("too often")]
    TooMany(Duration),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A template or text of ours.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Anything else of ours.
    #[error("defect: {0}")]
    Broken(&'static str),
}

impl ActionError {
    /// One field that cannot be used.
    #[must_use]
    pub fn field(field: &str, code: &str) -> Self {
        Self::Invalid(vec![Problem::new(field, code)])
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Invalid(_) => Kind::Invalid,
            Self::Unauthenticated(_) => Kind::Unauthenticated,
            Self::Forbidden(_) => Kind::Forbidden,
            Self::NotFound => Kind::NotFound,
            Self::Conflict(_) => Kind::Conflict,
            Self::TooMany(_) => Kind::TooMany,
            Self::Store(error) => error.kind(),
            Self::Render(error) => error.kind(),
            Self::Broken(_) => Kind::Broken,
        }
    }

    /// The stable code, also the key of its words (`error-{code}`).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid",
            Self::Unauthenticated(code) | Self::Forbidden(code) | Self::Conflict(code) => code,
            Self::NotFound => "not-found",
            Self::TooMany(_) => "too-many",
            Self::Store(error) => error.code(),
            Self::Render(error) => error.code(),
            Self::Broken(_) => "broken",
        }
    }
}

/// `ActionError` deliberately does not implement [`HasKind`]: the general conversion would lose the fields.
impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Invalid(problems) => Self::invalid(problems),
            ActionError::TooMany(wait) => Self::too_many(wait),
            error => Self::new(error.kind(), error.code()).because(error),
        }
    }
}

/// What an action returns.
pub(crate) type Result<T> = std::result::Result<T, ActionError>;
