//! Orders to the simulator itself, from a program in JSON or from the forms of its page.

use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use http::{HeaderMap, StatusCode, header};

/// A request's content from JSON or from a form of the web page, which wants to be shown the page again. Browsers may
/// not send it on behalf of another site.
pub(crate) struct Order<T> {
    pub(crate) content: T,
    pub(crate) from_page: bool,
}

impl<T, S> FromRequest<S> for Order<T>
where
    T: serde::de::DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        if is_from_another_site(request.headers()) {
            return Err((StatusCode::FORBIDDEN, "Another site may not do this.\n").into_response());
        }
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            let Form(content) = Form::from_request(request, state).await.map_err(FormRejection::into_response)?;
            return Ok(Self { content, from_page: true });
        }
        let Json(content) = Json::from_request(request, state).await.map_err(JsonRejection::into_response)?;
        Ok(Self { content, from_page: false })
    }
}

/// Browsers say so in a header that pages can not set; other programs say nothing.
fn is_from_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

pub(crate) fn back_to_page() -> Response {
    axum::response::Redirect::to("/").into_response()
}
