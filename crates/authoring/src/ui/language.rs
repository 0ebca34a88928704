//! The language of the screens: chosen once, kept in a cookie.

use axum::extract::{Path, Query, State};
use domain::Language;
use edge::Failure;
use http::header::SET_COOKIE;
use serde::Deserialize;

use super::screen::see;
use crate::Authoring;

/// `edge` reads the cookie of this name.
const COOKIE: &str = "language";
/// A year.
const LIVES: std::time::Duration = std::time::Duration::from_secs(365 * 24 * 60 * 60);

#[derive(Debug, Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    back: String,
}

pub(super) async fn choose(
    State(authoring): State<Authoring>,
    Path(language): Path<String>,
    Query(Back { back }): Query<Back>,
) -> edge::Result {
    let language: Language = language.parse().map_err(|_| Failure::not_found())?;
    let mut response = see(local(&back))?;
    let cookie = authoring.cookies().set(COOKIE, language.code(), Some(LIVES));
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// A path of ours; anything that could lead to another host becomes the list of incidents.
pub(super) fn local(path: &str) -> &str {
    let plain =
        path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    if plain && !path.starts_with("//") { path } else { "/incidents" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for path in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/%2f", "javascript:x", "/a\nb"] {
            assert_eq!(local(path), "/incidents", "{path}");
        }
        assert_eq!(local("/incidents/12/update"), "/incidents/12/update");
    }
}
