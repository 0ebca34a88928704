//! The forms of a page that follows another: they are where the database is. Readers are sent there, or told so.

use axum::Router;
use axum::extract::State;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use domain::Kind;
use edge::Failure;
use http::Uri;

use crate::routes::Place;
use crate::{Page, statuspage};

/// Every address at which a page with a database has a form.
pub(crate) fn router(page: Page) -> Router {
    let site = &page.shared.site;
    let mut router = Router::new();
    for language in &site.languages {
        let base = Place::Alerts.path(*language);
        let call = |file: &str| statuspage::path(*language, site, &format!("api/v2/{file}"));
        for path in [base.clone(), format!("{base}/{{*rest}}"), call("subscribers.json"), call("subscribers/{id}")] {
            router = router.route(&path, any(lead_on));
        }
    }
    router.layer(map_response(private)).with_state(page)
}

async fn private(response: Response) -> Response {
    edge::headers::private(response)
}

/// What was sent goes on with whoever sent it.
async fn lead_on(State(page): State<Page>, uri: Uri) -> edge::Result<Response> {
    let forms_url = page.shared.forms_url.as_deref().ok_or_else(|| Failure::new(Kind::Unavailable, "copy"))?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    Ok(Redirect::temporary(&format!("{forms_url}{path}")).into_response())
}
