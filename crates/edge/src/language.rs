//! Finds out in which language to answer: the address says it, else the person's choice, else what the browser prefers.

use axum::extract::FromRequestParts;
use domain::Language;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use http::{Extensions, HeaderMap};

/// The language in which this request is answered; [`crate::dress`] finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderLanguage(pub Language);

impl ReaderLanguage {
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get::<Self>().copied()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ReaderLanguage {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let found = Self::of(&parts.extensions);
        Ok(found.unwrap_or_else(|| Self(preferred_language(&parts.headers, &Language::ALL))))
    }
}

/// The language of a path such as `/cy/digwyddiadau/7`.
#[must_use]
pub fn path_language(path: &str) -> Option<Language> {
    path.strip_prefix('/')?.split('/').next()?.parse().ok()
}

/// The language of an answer whose path names none. Whoever asks an interface for programs is answered in English unless
/// they ask for another: few programs say what they want, and what they get ends in a log.
#[must_use]
pub fn asked_language(path: &str, headers: &HeaderMap, offered: &[Language]) -> Language {
    if !is_below_api(path) || !offered.contains(&Language::En) {
        return preferred_language(headers, offered);
    }
    let others = offered.iter().copied().filter(|language| *language != Language::En);
    preferred_language(headers, &[Language::En].into_iter().chain(others).collect::<Vec<_>>())
}

/// Whether a path without a language is one of an interface for programs.
fn is_below_api(path: &str) -> bool {
    path.split('/').nth(1).is_some_and(|first| first.eq_ignore_ascii_case("api"))
}

/// The best of `offered` for an `Accept-Language` header (RFC 9110, 12.5.4); the first offered when nothing fits.
///
/// # Panics
/// Never; an empty `offered` answers Welsh.
#[must_use]
pub fn preferred_language(headers: &HeaderMap, offered: &[Language]) -> Language {
    let default = offered.first().copied().unwrap_or(Language::ALL[0]);
    let wishes = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best = (0, default);
    for wish in wishes.flat_map(|value| value.split(',')).take(50) {
        let Some((language, weight)) = wish_of(wish, default) else {
            continue;
        };
        if weight > best.0 && offered.contains(&language) {
            best = (weight, language);
        }
    }
    best.1
}

/// One wish such as `cy-GB;q=0.8`, with its weight in thousandths. `*` means that anything will do.
fn wish_of(text: &str, any: Language) -> Option<(Language, u32)> {
    let mut parts = text.trim().split(';');
    let tag = parts.next()?.trim();
    let primary = tag.split('-').next()?.to_ascii_lowercase();
    let language = if primary == "*" { any } else { primary.parse().ok()? };
    let quality = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.trim().parse().ok())?;
    (0.0..=1.0).contains(&quality).then(|| (language, thousandths(quality)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the weight lies between 0 and 1")]
fn thousandths(quality: f64) -> u32 {
    (quality * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wish_chooses_among_what_there_is() {
        let cases = [
            ("", Language::Cy),
            ("en", Language::En),
            ("cy-GB,cy;q=0.9,en;q=0.8", Language::Cy),
            ("en-GB,en;q=0.9,cy;q=0.8", Language::En),
            ("fr,en;q=0.3,cy;q=0.7", Language::Cy),
            ("fr,de", Language::Cy),
            ("cy;q=0,en;q=0.1", Language::En),
            ("*", Language::Cy),
            ("en;q=2,cy;q=x", Language::Cy),
            (";;;,,,q=", Language::Cy),
        ];
        for (header, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, header.parse().unwrap());
            assert_eq!(preferred_language(&headers, &Language::ALL), expected, "{header}");
        }
    }

    #[test]
    fn the_address_names_its_language() {
        assert_eq!(path_language("/cy/digwyddiadau/7"), Some(Language::Cy));
        assert_eq!(path_language("/en"), Some(Language::En));
        assert_eq!(path_language("/english/x"), None);
        assert_eq!(path_language(""), None);
    }
}
