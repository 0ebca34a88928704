//! The plain port of a site with TLS: it leads everybody to the same address over TLS, and shows nothing.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::Site;
use http::header::{CONNECTION, HOST, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::path_language;

/// Leads to the site. Where to is never taken from what the client says, but chosen among our own hosts by it.
pub fn redirect_to_tls(site: Site) -> Router {
    Router::new().fallback(lead).with_state(Arc::new(site))
}

async fn lead(State(site): State<Arc<Site>>, request: Request) -> Response {
    let rest = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let target = format!("{}{rest}", origin(&site, request.headers(), request.uri()));
    let Ok(target) = HeaderValue::try_from(target) else { return StatusCode::BAD_REQUEST.into_response() };
    // Old programs understand 301 only; 308 keeps a form a form.
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let status = if is_reading { StatusCode::MOVED_PERMANENTLY } else { StatusCode::PERMANENT_REDIRECT };
    // Nobody has a second question here.
    (status, [(LOCATION, target), (CONNECTION, HeaderValue::from_static("close"))]).into_response()
}

/// The origin of the asked host, if it is one of ours, else that of the path's language.
fn origin<'s>(site: &'s Site, headers: &HeaderMap, uri: &Uri) -> &'s str {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_asked = |origin: &&str| {
        let own = origin.split_once("://").map_or("", |(_, host)| host);
        own.split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    let mut origins = site.languages.iter().map(|language| site.origin(*language));
    origins.find(is_asked).unwrap_or_else(|| {
        let language = path_language(uri.path()).filter(|language| site.languages.contains(language));
        site.origin(language.unwrap_or_else(|| site.default_language()))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use axum::body::Body;
    use domain::{Language, Localized};
    use tower::ServiceExt;

    use super::*;

    async fn led(method: Method, path: &str, host: &str) -> (u16, String) {
        let urls = BTreeMap::from([
            (Language::Cy, "https://statws.example/cy".to_owned()),
            (Language::En, "https://status.example:8443/en".to_owned()),
        ]);
        let site = Site::new(Localized::both("x", "y"), Language::ALL.to_vec(), &urls).unwrap();
        let request = Request::builder().method(method).uri(path).header(HOST, host).body(Body::empty()).unwrap();
        let response = redirect_to_tls(site).oneshot(request).await.unwrap();
        assert!(!response.headers().contains_key("strict-transport-security"), "only TLS may say so");
        (response.status().as_u16(), response.headers()[LOCATION].to_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn everybody_is_led_to_the_same_address_over_tls() {
        let cases = [
            ("/en/?q=1", "status.example:80", "https://status.example:8443/en/?q=1"),
            ("/en/", "STATWS.example", "https://statws.example/en/"),
            ("/cy/hanes", "evil.example", "https://statws.example/cy/hanes"),
            ("/en/", "evil.example", "https://status.example:8443/en/"),
        ];
        for (path, host, expected) in cases {
            assert_eq!(led(Method::GET, path, host).await, (301, expected.to_owned()), "{host}{path}");
        }
        assert_eq!(led(Method::POST, "/en/alerts", "status.example").await.0, 308);
    }
}
