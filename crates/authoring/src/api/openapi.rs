//! The OpenAPI 3.1 description of the API, written by hand in `openapi.json` beside this file and compared with the
//! routes by a test.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;

use super::{ROOT, guard};
use crate::Authoring;

/// The document itself.
const DOCUMENT: &str = include_str!("openapi.json");

pub(super) async fn document(State(authoring): State<Authoring>, headers: HeaderMap) -> edge::Result {
    guard::anyone(&authoring, &headers).await?;
    let mut response = Response::new(DOCUMENT.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Method and path of every call that the description has, with the root before it.
#[must_use]
pub fn documented_routes() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let mut routes = Vec::new();
    for (path, item) in paths {
        let methods = item.as_object().cloned().unwrap_or_default();
        let calls = methods.keys().filter(|key| *key != "parameters" && *key != "summary");
        routes.extend(calls.map(|method| (method.to_uppercase(), format!("{ROOT}{path}"))));
    }
    routes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api::routes;

    #[test]
    fn the_description_names_exactly_the_calls_that_exist() {
        let mut wanted: BTreeSet<(String, String)> =
            routes().into_iter().map(|(method, path)| (method.to_owned(), path)).collect();
        wanted.insert(("GET".to_owned(), format!("{ROOT}/openapi.json")));
        let documented: BTreeSet<(String, String)> = documented_routes().into_iter().collect();
        assert_eq!(documented, wanted);
    }

    #[test]
    fn every_reference_in_the_description_leads_somewhere() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let text = document.to_string();
        for (start, _) in text.match_indices("\"$ref\":\"#") {
            let pointer = text[start + 9..].split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }
}
