//! Keeps other sites from posting our forms: a token in each form, bound to the person's own cookie, and a check of
//! where the request comes from.
//!
//! The binding is the session cookie, or before sign-in a random cookie of its own. A token is a random part and an HMAC
//! over it and the binding, so that nothing needs to be stored, and no two pages carry the same token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Env, Kind};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HOST, ORIGIN, SET_COOKIE};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, Method, Uri};
use sha2::Sha256;

use crate::extract::{body_of, has_type};
use crate::{Cookies, Failure, RawForm};

/// The name of the hidden field.
pub const FIELD: &str = "csrf";

/// The cookie that binds forms before sign-in.
const FORM_COOKIE: &str = "form";

/// Issues and checks form tokens. Cheap to clone.
#[derive(Clone)]
pub struct Csrf {
    shared: Arc<Shared>,
}

struct Shared {
    key: [u8; 32],
    env: Env,
    cookies: Cookies,
    session_cookie: &'static str,
}

/// The token for the forms of the page that is being answered; goes into the frame's `csrf`.
#[derive(Clone)]
pub struct CsrfToken(pub String);

impl Csrf {
    /// Tokens under a key of 32 bytes; `session_cookie` is the cookie (without prefix) that holds a signed-in session.
    #[must_use]
    pub fn new(key: [u8; 32], env: Env, cookies: Cookies, session_cookie: &'static str) -> Self {
        Self { shared: Arc::new(Shared { key, env, cookies, session_cookie }) }
    }

    /// A token for forms of whoever holds this cookie value.
    #[must_use]
    pub fn token(&self, binding: &str) -> String {
        let salt = self.shared.env.bytes::<12>();
        let mut token = salt.to_vec();
        token.extend_from_slice(&self.mac(&salt, binding).finalize().into_bytes());
        URL_SAFE_NO_PAD.encode(token)
    }

    /// Whether the token was issued for this cookie value; in constant time.
    #[must_use]
    pub fn is_valid(&self, binding: &str, token: &str) -> bool {
        let Ok(token) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((salt, tag)) = token.split_at_checked(12) else {
            return false;
        };
        !binding.is_empty() && self.mac(salt, binding).verify_slice(tag).is_ok()
    }

    /// A salt of fixed length stands first, so that salt and binding cannot be cut differently.
    fn mac(&self, salt: &[u8], binding: &str) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.shared.key).expect("HMAC takes a key of any length");
        mac.chain_update(b"form").chain_update(salt).chain_update(binding)
    }

    /// The cookie value that binds the forms of this request.
    fn binding<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let Shared { cookies, session_cookie, .. } = &*self.shared;
        cookies.read(headers, session_cookie).or_else(|| cookies.read(headers, FORM_COOKIE))
    }
}

impl std::fmt::Debug for Csrf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Csrf").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CsrfToken(***)")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CsrfToken {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let token = parts.extensions.get::<Self>().cloned();
        token.ok_or_else(|| Failure::new(Kind::Broken, "broken").because("the route has no csrf::guard"))
    }
}

/// A layer for all routes with forms: `router.layer(axum::middleware::from_fn_with_state(csrf, csrf::guard))`.
///
/// It offers a [`CsrfToken`] to handlers, and refuses every unsafe request whose form does not bring one back, or that
/// comes from another site.
pub async fn guard(State(csrf): State<Csrf>, mut request: Request, next: Next) -> Response {
    let known = csrf.binding(request.headers()).map(str::to_owned);
    if is_unsafe(request.method()) {
        request = match checked(&csrf, known.as_deref(), request).await {
            Ok(request) => request,
            Err(failure) => return failure.into_response(),
        };
    }
    let binding = known.clone().unwrap_or_else(|| csrf.shared.env.token());
    request.extensions_mut().insert(CsrfToken(csrf.token(&binding)));
    let mut response = next.run(request).await;
    if known.is_none() {
        response.headers_mut().append(SET_COOKIE, csrf.shared.cookies.set(FORM_COOKIE, &binding, None));
    }
    response
}

/// Gives the request back with its body unread.
async fn checked(csrf: &Csrf, binding: Option<&str>, request: Request) -> Result<Request, Failure> {
    if !is_same_origin(request.headers(), request.uri()) {
        return Err(refused());
    }
    if !has_type(request.headers(), CONTENT_TYPE, "application/x-www-form-urlencoded") {
        return Err(Failure::new(Kind::Invalid, "content-type"));
    }
    let (parts, body) = request.into_parts();
    let body = body_of(Request::from_parts(parts.clone(), body), &()).await?;
    let form = RawForm::parse(&body)?;
    match binding.is_some_and(|binding| csrf.is_valid(binding, form.text(FIELD))) {
        true => Ok(Request::from_parts(parts, Body::from(body))),
        false => Err(refused()),
    }
}

fn refused() -> Failure {
    Failure::new(Kind::Forbidden, "csrf")
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say where a request comes from. What says nothing (old browsers, plain http) still has the token to show;
/// so has `Origin: null`, which our own pages send when they were served with `no-referrer`.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap, uri: &Uri) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(ORIGIN).filter(|origin| *origin != "null") else {
        return true;
    };
    let claimed = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    // HTTP/2 names the host in the request line, HTTP/1 in a header.
    let own = headers.get(HOST).and_then(|host| host.to_str().ok()).or(uri.authority().map(Authority::as_str));
    claimed.is_some() && claimed == own
}
