//! Posts through the client API of Mastodon and servers like it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::delivery::SendResult;
use domain::{ChannelKind, Env};
use reqwest::header::{HeaderName, RETRY_AFTER};
use reqwest::{Client, RequestBuilder};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::http::{self, Answer, Timeouts};
use crate::retry_after::{rate_limit_reset, retry_after};
use crate::settings::MastodonAccount;
use crate::{Channel, ChannelProblem, Doubt, Outgoing, Post, Reach, Secret};

/// A status comes back with its account and its cards.
const ANSWER_LIMIT: usize = 256 * 1024;

/// One account.
pub struct Mastodon {
    name: String,
    client: Client,
    env: Env,
    statuses: Url,
    verify: Url,
    token: Secret,
}

#[derive(Serialize)]
struct NewStatus<'a> {
    status: &'a str,
    language: &'static str,
    visibility: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_reply_to_id: Option<&'a str>,
}

#[derive(Default, Deserialize)]
struct Status {
    id: Option<String>,
}

impl Mastodon {
    /// Sets up an account. Nothing is connected yet.
    ///
    /// # Errors
    /// When the URL or the token cannot be used, or TLS cannot be set up.
    pub fn new(settings: &MastodonAccount, env: Env) -> Result<Self, ChannelProblem> {
        if let Some(problem) = settings.problems().into_iter().next() {
            return Err(ChannelProblem::setting(problem.key, problem.reason));
        }
        let below = |segments: &[&str]| http::below(&settings.base_url, segments, "social.mastodon.base_url");
        Ok(Self {
            name: settings.name(),
            client: http::client(Timeouts::total_seconds(settings.timeout_seconds))?,
            env,
            statuses: below(&["api", "v1", "statuses"])?,
            verify: below(&["api", "v1", "accounts", "verify_credentials"])?,
            token: settings.token.clone().unwrap_or_default(),
        })
    }

    /// Posts; and when the post before it is gone, posts on its own, since half a thread is better than none. That is
    /// another request, so it has another key.
    async fn post(&self, post: &Post) -> SendResult {
        match self.attempt(post, post.reply_to.as_deref(), post.idempotency_key.clone()).await {
            SendResult::BadMessage { code: 404 } if post.reply_to.is_some() => {
                self.attempt(post, None, format!("{}-alone", post.idempotency_key)).await
            }
            result => result,
        }
    }

    async fn attempt(&self, post: &Post, in_reply_to_id: Option<&str>, key: String) -> SendResult {
        let status = NewStatus {
            status: &post.text,
            language: post.language.code(),
            visibility: match post.reach {
                Reach::Public => "public",
                Reach::Unlisted => "unlisted",
            },
            in_reply_to_id,
        };
        let request = self.signed_in(self.client.post(self.statuses.clone()));
        match http::fetch(request.header("Idempotency-Key", key).json(&status), ANSWER_LIMIT).await {
            Ok(answer) => self.judge(&answer),
            Err(http::NoAnswer::Unbuildable) => SendResult::BadMessage { code: 0 },
            // The key makes it one post, however often it arrives.
            Err(http::NoAnswer::NotSent) => SendResult::Unreachable { code: 0 },
            Err(http::NoAnswer::Doubtful) => SendResult::Retry { after: None, code: 0 },
        }
    }

    fn signed_in(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.token.reveal())
    }

    fn judge(&self, answer: &Answer) -> SendResult {
        let code = i32::from(answer.status);
        let now = self.env.machine_now();
        let asked = answer.header(RETRY_AFTER).and_then(|value| retry_after(value, now));
        let reset = answer.header(HeaderName::from_static("x-ratelimit-reset"));
        match answer.status {
            200..=299 => {
                let status: Status = serde_json::from_slice(&answer.body).unwrap_or_default();
                SendResult::Accepted { reference: status.id }
            }
            300..=399 | 401 | 403 => SendResult::BadConfig { code },
            429 => {
                let after = reset.and_then(|value| rate_limit_reset(value, now)).or(asked);
                SendResult::Throttled { after, code }
            }
            // The same key is being worked on, or the server gave up waiting for us.
            408 | 409 => SendResult::Retry { after: asked, code },
            400..=499 => SendResult::BadMessage { code },
            _ => SendResult::Retry { after: asked, code },
        }
    }
}

#[async_trait]
impl Channel for Mastodon {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Mastodon
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn send(&self, message: &Outgoing) -> SendResult {
        match message {
            Outgoing::Post(post) => self.post(post).await,
            Outgoing::Text(_) | Outgoing::Mail(_) => SendResult::BadMessage { code: 0 },
        }
    }

    async fn settle_doubt(&self, _message: &Outgoing, _since: DateTime<Utc>) -> Doubt {
        Doubt::SafeToRepeat
    }

    async fn check(&self) -> Result<(), ChannelProblem> {
        http::check(self.signed_in(self.client.get(self.verify.clone()))).await
    }

    fn weight_of(&self, _message: &Outgoing) -> u32 {
        1
    }
}
