//! Reads and writes the few cookies there are, each as closed as a browser can make it.

use std::time::Duration;

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// How cookies of this site are named and fenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookies {
    https: bool,
}

impl Cookies {
    /// For a site behind TLS: `Secure`, and the `__Host-` prefix, so that no neighbour domain can set them.
    #[must_use]
    pub const fn secure() -> Self {
        Self { https: true }
    }

    /// For plain http on one's own machine, where a browser would drop secure cookies.
    #[must_use]
    pub const fn local() -> Self {
        Self { https: false }
    }

    /// Secure exactly when the site's address begins with `https:`.
    #[must_use]
    pub fn for_url(url: &str) -> Self {
        Self { https: url.starts_with("https:") }
    }

    /// Whether the site is behind TLS.
    #[must_use]
    pub const fn is_secure(self) -> bool {
        self.https
    }

    /// The full name of a cookie.
    #[must_use]
    pub fn name(self, name: &str) -> String {
        if self.https { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The value of a cookie, if the request carries it once. Twice means that somebody planted one: then it is none.
    #[must_use]
    pub fn read<'h>(self, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        let name = self.name(name);
        let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut found = all
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, value)| *key == name && !value.is_empty());
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }

    /// A `Set-Cookie` value for scripts to never see. `value` must be of the letters of a token (`A-Z a-z 0-9 - _`).
    ///
    /// # Panics
    /// When `value` holds anything else, which would be a defect of ours.
    #[must_use]
    pub fn set(self, name: &str, value: &str, lives: Option<Duration>) -> HeaderValue {
        assert!(
            value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)),
            "cookie values are tokens"
        );
        let mut text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.name(name));
        if self.https {
            text.push_str("; Secure");
        }
        if let Some(lives) = lives {
            text.push_str(&format!("; Max-Age={}", lives.as_secs()));
        }
        HeaderValue::from_str(&text).expect("names and tokens are ASCII")
    }

    /// A `Set-Cookie` value that makes the browser forget the cookie.
    #[must_use]
    pub fn clear(self, name: &str) -> HeaderValue {
        self.set(name, "", Some(Duration::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn a_secure_cookie_is_bound_to_this_host() {
        let set = Cookies::secure().set("session", "abc-1", Some(Duration::from_secs(60)));
        assert_eq!(set, "__Host-session=abc-1; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
    }

    #[test]
    fn a_planted_second_cookie_makes_both_worthless() {
        assert_eq!(Cookies::local().read(&headers("a=1; session=x"), "session"), Some("x"));
        assert_eq!(Cookies::local().read(&headers("session=x; session=y"), "session"), None);
        assert_eq!(Cookies::secure().read(&headers("session=x"), "session"), None);
    }
}
