//! Text messages through any provider that speaks Twilio's Messages API (2010-04-01).

pub mod codes;
mod doubt;
mod form;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::delivery::SendResult;
use domain::{ChannelKind, Env};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Body, Client, Request, RequestBuilder};
use serde::Deserialize;
use tokio::sync::Semaphore;
use url::Url;

use crate::http::{self, Answer, NoAnswer, Timeouts};
use crate::retry_after::retry_after;
use crate::settings::SmsProvider;
use crate::{Channel, ChannelProblem, Doubt, Outgoing, Secret, Text};
use form::Form;

/// The answer to one message is short; a gateway's error page may not be.
const ANSWER_LIMIT: usize = 64 * 1024;

/// One account at one provider.
pub struct Sms {
    name: String,
    client: Client,
    env: Env,
    messages: Url,
    account: Url,
    user: String,
    password: Secret,
    /// The request of every text but for its body: address, credentials and type.
    request: Request,
    form: Form,
    /// The provider limits requests at once, not only texts per second.
    places: Semaphore,
}

impl Sms {
    /// Sets up a provider. Nothing is connected yet.
    ///
    /// # Errors
    /// When a URL or the credentials cannot be used, or TLS cannot be set up.
    pub fn new(settings: &SmsProvider, env: Env) -> Result<Self, ChannelProblem> {
        if let Some(problem) = settings.problems().into_iter().next() {
            return Err(ChannelProblem::setting(problem.key, problem.reason));
        }
        let account = ["2010-04-01", "Accounts", settings.account_sid.as_str()];
        let file = format!("{}.json", settings.account_sid);
        let (user, password) = credentials(settings);
        let client = http::client(Timeouts::total_seconds(settings.timeout_seconds))?;
        let messages =
            http::below(&settings.base_url, &[account[0], account[1], account[2], "Messages.json"], "base_url")?;
        let request = client
            .post(messages.clone())
            .basic_auth(&user, Some(password.reveal()))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .build()
            .map_err(|_| ChannelProblem::setting("auth_token", "cannot stand in a request"))?;
        Ok(Self {
            name: settings.name.clone(),
            env,
            messages,
            account: http::below(&settings.base_url, &[account[0], account[1], &file], "base_url")?,
            user,
            password,
            request,
            form: Form::new(settings)?,
            client,
            places: Semaphore::new(settings.requests_at_once()),
        })
    }

    async fn send_text(&self, text: &Text) -> SendResult {
        let _place = self.places.acquire().await.expect("the semaphore is never closed");
        let mut request = self.request.try_clone().expect("a request without a body can be copied");
        *request.body_mut() = Some(Body::from(self.form.of(text)));
        let request = RequestBuilder::from_parts(self.client.clone(), request);
        match http::fetch(request, ANSWER_LIMIT).await {
            Ok(answer) => self.judge(&answer),
            Err(NoAnswer::NotSent) => SendResult::Unreachable { code: 0 },
            Err(NoAnswer::Doubtful) => SendResult::Ambiguous { code: 0 },
            Err(NoAnswer::Unbuildable) => SendResult::BadConfig { code: 0 },
        }
    }

    fn signed_in(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(&self.user, Some(self.password.reveal()))
    }

    fn judge(&self, answer: &Answer) -> SendResult {
        if answer.is_success() {
            let created: Created = serde_json::from_slice(&answer.body).unwrap_or_default();
            return SendResult::Accepted { reference: created.sid };
        }
        let refused: Refused = serde_json::from_slice(&answer.body).unwrap_or_default();
        let wait = answer.header(RETRY_AFTER).and_then(|value| retry_after(value, self.env.machine_now()));
        let result = codes::answer(answer.status, refused.code);
        tracing::debug!(channel.name = self.name, http.status = answer.status, code = refused.code, "text not taken");
        match result {
            SendResult::Throttled { after, code } => SendResult::Throttled { after: wait.or(after), code },
            SendResult::Retry { after, code } => SendResult::Retry { after: wait.or(after), code },
            other => other,
        }
    }
}

#[async_trait]
impl Channel for Sms {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Sms
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn send(&self, message: &Outgoing) -> SendResult {
        match message {
            Outgoing::Text(text) => self.send_text(text).await,
            Outgoing::Mail(_) | Outgoing::Post(_) => SendResult::BadMessage { code: 0 },
        }
    }

    async fn settle_doubt(&self, message: &Outgoing, since: DateTime<Utc>) -> Doubt {
        match message {
            Outgoing::Text(text) => self.look_for(text, since).await,
            Outgoing::Mail(_) | Outgoing::Post(_) => Doubt::NotSent,
        }
    }

    async fn check(&self) -> Result<(), ChannelProblem> {
        let request = self.signed_in(self.client.get(self.account.clone()));
        http::check(request).await
    }

    fn weight_of(&self, message: &Outgoing) -> u32 {
        match message {
            Outgoing::Text(text) => text.body.parts(),
            Outgoing::Mail(_) | Outgoing::Post(_) => 1,
        }
    }
}

/// An API key signs in where there is one, so that the auth token need not leave this machine.
fn credentials(settings: &SmsProvider) -> (String, Secret) {
    match (&settings.api_key, &settings.api_secret) {
        (Some(key), Some(secret)) => (key.clone(), secret.clone()),
        _ => (settings.account_sid.clone(), settings.auth_token.clone().unwrap_or_default()),
    }
}

#[derive(Default, Deserialize)]
struct Created {
    sid: Option<String>,
}

#[derive(Default, Deserialize)]
struct Refused {
    code: Option<i32>,
}
