//! Turns the failures of every crate into one kind of HTTP answer, and logs each exactly once.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use domain::{HasKind, Kind, WithCauses};
use http::StatusCode;
use render::Problem;

/// What a handler returns.
pub type Result<T = Response> = std::result::Result<T, Failure>;

/// A request that could not be served. The person sees its code's words and a request id, the log sees the cause.
pub struct Failure {
    answer: Answer,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The part of a failure that the outer layer turns into a page or a problem document.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) kind: Kind,
    pub(crate) code: &'static str,
    pub(crate) problems: Vec<Problem>,
    pub(crate) retry_after: Option<Duration>,
}

impl Failure {
    /// A failure of a kind with a stable code; the locales hold `error-{code}`, or else the kind's own words are used.
    #[must_use]
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Self { answer: Answer { kind, code, problems: Vec::new(), retry_after: None }, source: None }
    }

    /// Input that the sender can mend, field by field.
    #[must_use]
    pub fn invalid(problems: Vec<Problem>) -> Self {
        Self::new(Kind::Invalid, "invalid").problems(problems)
    }

    /// There is no such thing, or none that this person may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not-found")
    }

    /// Signed in, but not allowed.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden")
    }

    /// Not signed in, or with wrong credentials.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, "unauthenticated")
    }

    /// Changed in the meantime, or not possible in this state.
    #[must_use]
    pub fn conflict(code: &'static str) -> Self {
        Self::new(Kind::Conflict, code)
    }

    /// Too often; worth another try after `wait`.
    #[must_use]
    pub fn too_many(wait: Duration) -> Self {
        let mut failure = Self::new(Kind::TooMany, "too-many");
        failure.answer.retry_after = Some(wait);
        failure
    }

    /// The same failure with another invalid field.
    #[must_use]
    pub fn problem(mut self, problem: Problem) -> Self {
        self.answer.problems.push(problem);
        self
    }

    /// The same failure with more invalid fields.
    #[must_use]
    pub fn problems(mut self, problems: Vec<Problem>) -> Self {
        self.answer.problems.extend(problems);
        self
    }

    /// The same failure with the error behind it, for the log alone.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.answer.kind
    }

    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.answer.code
    }

    /// The invalid fields, to show a form again.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        self.answer.problems
    }

    /// The status that it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// Logs it, for whoever answers with a page of their own; a failure that becomes the answer is logged by that. What
    /// is ours to mend is an error; what the sender can mend is everyday life.
    pub fn log(&self) {
        let (kind, code) = (format!("{:?}", self.answer.kind), self.answer.code);
        let cause = self.source.as_deref().map(|source| WithCauses(source).to_string()).unwrap_or_default();
        match self.answer.kind {
            Kind::Broken => tracing::error!(failure.kind = kind, failure.code = code, cause, "request failed"),
            Kind::Unavailable => tracing::warn!(failure.kind = kind, failure.code = code, cause, "request failed"),
            _ => tracing::debug!(failure.kind = kind, failure.code = code, cause, "request refused"),
        }
    }
}

impl Answer {
    pub(crate) fn status(&self) -> StatusCode {
        match (self.kind, self.code) {
            (Kind::Invalid, "too-large") => StatusCode::PAYLOAD_TOO_LARGE,
            (Kind::Invalid, "content-type") => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            (Kind::Invalid, "method") => StatusCode::METHOD_NOT_ALLOWED,
            (Kind::Invalid, _) if self.problems.is_empty() => StatusCode::BAD_REQUEST,
            (Kind::Invalid, _) => StatusCode::UNPROCESSABLE_ENTITY,
            (Kind::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
            (Kind::Forbidden, _) => StatusCode::FORBIDDEN,
            (Kind::NotFound, _) => StatusCode::NOT_FOUND,
            (Kind::Conflict, _) => StatusCode::CONFLICT,
            (Kind::TooMany, _) => StatusCode::TOO_MANY_REQUESTS,
            (Kind::Unavailable, _) => StatusCode::SERVICE_UNAVAILABLE,
            (Kind::Broken, _) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The answer to say for a bare status, as axum's own rejections and fallbacks give it.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (kind, code) = match status {
            StatusCode::UNAUTHORIZED => (Kind::Unauthenticated, "unauthenticated"),
            StatusCode::FORBIDDEN => (Kind::Forbidden, "forbidden"),
            StatusCode::NOT_FOUND | StatusCode::GONE => (Kind::NotFound, "not-found"),
            StatusCode::METHOD_NOT_ALLOWED => (Kind::Invalid, "method"),
            StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => (Kind::Conflict, "conflict"),
            StatusCode::PAYLOAD_TOO_LARGE => (Kind::Invalid, "too-large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (Kind::Invalid, "content-type"),
            StatusCode::TOO_MANY_REQUESTS => (Kind::TooMany, "too-many"),
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                (Kind::Unavailable, "unavailable")
            }
            status if status.is_server_error() => (Kind::Broken, "broken"),
            _ => (Kind::Invalid, "invalid"),
        };
        Self { kind, code, problems: Vec::new(), retry_after: None }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.log();
        let mut response = self.answer.status().into_response();
        response.extensions_mut().insert(self.answer);
        response
    }
}

impl<E: HasKind + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(error.kind(), error.code()).because(error)
    }
}

/// Field problems may hold what a person typed, so only their number is shown.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("kind", &self.answer.kind)
            .field("code", &self.answer.code)
            .field("problems", &self.answer.problems.len())
            .field("source", &self.source)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the approval is stale")]
    struct Stale;

    impl HasKind for Stale {
        fn kind(&self) -> Kind {
            Kind::Conflict
        }

        fn code(&self) -> &'static str {
            "approval-stale"
        }
    }

    #[test]
    fn an_error_that_knows_its_kind_needs_no_mapping_in_a_handler() {
        fn handler() -> Result<()> {
            Err(Stale)?
        }
        let failure = handler().unwrap_err();
        assert_eq!((failure.status(), failure.code()), (StatusCode::CONFLICT, "approval-stale"));
    }

    #[test]
    fn each_kind_has_its_status() {
        let cases = [
            (Failure::new(Kind::Invalid, "json"), 400),
            (Failure::new(Kind::Invalid, "too-large"), 413),
            (Failure::invalid(vec![Problem::new("mobile", "blank")]), 422),
            (Failure::unauthenticated(), 401),
            (Failure::forbidden(), 403),
            (Failure::not_found(), 404),
            (Failure::conflict("x"), 409),
            (Failure::too_many(Duration::from_secs(1)), 429),
            (Failure::new(Kind::Unavailable, "x"), 503),
            (Failure::new(Kind::Broken, "x"), 500),
        ];
        for (failure, status) in cases {
            assert_eq!(failure.status().as_u16(), status, "{failure:?}");
        }
    }

    #[test]
    fn debug_output_holds_nothing_that_was_typed() {
        let failure = Failure::invalid(vec![Problem::new("mobile", "phone").with("given", "07700900982")]);
        assert!(!format!("{failure:?}").contains("07700"));
    }
}
