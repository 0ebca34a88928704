//! What providers post to our hooks, signed as they sign it.

use channels::Secret;
use channels::signature::{self, Payload};
use reqwest::{Client, StatusCode};
use url::form_urlencoded;

use crate::installation::Installation;
use crate::process::client;
use crate::world::TOKEN;

/// Posts to the hooks of one installation.
pub struct HookCalls {
    client: Client,
    base: String,
}

impl HookCalls {
    /// For this installation.
    #[must_use]
    pub fn to(installation: &Installation<'_>) -> Self {
        Self { client: client(), base: installation.url_of_hooks() }
    }

    /// A form with the signature of the real provider.
    pub async fn signed(&self, path: &str, fields: &[(&str, &str)]) -> StatusCode {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.signed_with(TOKEN, path, body.as_bytes()).await
    }

    /// Any body, signed with any token.
    pub async fn signed_with(&self, token: &str, path: &str, body: &[u8]) -> StatusCode {
        self.post(path, body, Some(&self.signature(token, path, body))).await
    }

    /// The signature of a form.
    #[must_use]
    pub fn signature(&self, token: &str, path: &str, body: &[u8]) -> String {
        signature::sign(&Secret::new(token), &format!("{}{path}", self.base), Payload::Form(body))
    }

    /// Any body with any signature, or none.
    ///
    /// # Panics
    /// When there is no answer at all.
    pub async fn post(&self, path: &str, body: &[u8], signature: Option<&str>) -> StatusCode {
        let mut request = self.client.post(format!("{}{path}", self.base)).body(body.to_vec());
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(signature) = signature {
            request = request.header(signature::SIGNATURE_HEADER, signature);
        }
        request.send().await.expect("an answer").status()
    }
}
