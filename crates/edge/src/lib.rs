//! What every HTTP server of Hysbys shares: failures that become pages or problem documents, request ids, security
//! headers, forms and their tokens, languages, client addresses, and listening that ends when told to.

mod client_address;
pub mod cookies;
pub mod csrf;
mod dress;
#[cfg(test)]
mod dress_tests;
mod error_page;
mod extract;
mod failure;
mod form;
pub mod headers;
mod language;
pub mod lifecycle;
mod redirect;
mod request_id;
mod serve;
mod served;
mod tls;
#[cfg(test)]
mod tls_tests;
mod too_large;

pub use client_address::{ClientAddress, TrustedProxies, UnknownNetwork};
pub use cookies::Cookies;
pub use csrf::{Csrf, CsrfToken};
pub use dress::{Dressing, Surface, dress};
pub use error_page::{is_for_programs, problem_document, samples};
pub use extract::{Form, Json};
pub use failure::{Failure, Result};
pub use form::RawForm;
pub use language::{ReaderLanguage, asked_language, path_language, preferred_language};
pub use lifecycle::Lifecycle;
pub use redirect::redirect_to_tls;
pub use render::Problem;
pub use request_id::RequestId;
pub use serve::{Limits, Listener, bind, serve};
pub use served::{Ask, Served, Shortcut};
pub use tls::{CertificateError, Certificates};
