//! Text messages through any provider that speaks Twilio's Messages API (2010-04-01).

pub mod codes;
mod doubt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::delivery::SendResult;
use domain::{ChannelKind, Env};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use tokio::sync::Semaphore;
use url::Url;

use crate::http::{self, Answer, NoAnswer, Timeouts};
use crate::retry_after::retry_after;
use crate::settings::SmsProvider;
use crate::{Channel, ChannelProblem, Doubt, Outgoing, Secret, Text};

/// The answer to one message is short; a gateway's error page may not be.
const ANSWER_LIMIT: usize = 64 * 1024;
/// What the provider takes as `ValidityPeriod`, in seconds; it advises against 5 and less.
const VALIDITY: std::ops::RangeInclusive<u64> = 6..=36_000;

/// One account at one provider.
pub struct Sms {
    name: String,
    client: Client,
    env: Env,
    messages: Url,
    account: Url,
    user: String,
    password: Secret,
    sender: Vec<(&'static str, String)>,
    callback: Option<Url>,
    skip_risk_check: bool,
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
        Ok(Self {
            name: settings.name.clone(),
            client: http::client(Timeouts::total_seconds(settings.timeout_seconds))?,
            env,
            messages: http::below(
                &settings.base_url,
                &[account[0], account[1], account[2], "Messages.json"],
                "base_url",
            )?,
            account: http::below(&settings.base_url, &[account[0], account[1], &file], "base_url")?,
            user,
            password,
            sender: sender(settings),
            callback: settings
                .callback_url
                .as_deref()
                .map(|url| http::below(url, &["status"], "callback_url"))
                .transpose()?,
            skip_risk_check: settings.skip_risk_check,
            places: Semaphore::new(settings.requests_at_once()),
        })
    }

    async fn send_text(&self, text: &Text) -> SendResult {
        let _place = self.places.acquire().await.expect("the semaphore is never closed");
        let request = self
            .signed_in(self.client.post(self.messages.clone()))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(self.form(text));
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

    /// The body of the request. `SmartEncoded` is always off: letters were replaced when the text was prepared, so
    /// that what was approved is what is sent.
    fn form(&self, text: &Text) -> String {
        let validity = text.valid_for.as_secs().clamp(*VALIDITY.start(), *VALIDITY.end());
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("To", text.to.as_e164());
        form.extend_pairs(&self.sender);
        form.append_pair("Body", &text.body);
        if let Some(callback) = &self.callback {
            let mut callback = callback.clone();
            callback.query_pairs_mut().append_pair("d", &text.delivery);
            form.append_pair("StatusCallback", callback.as_str());
        }
        form.append_pair("ValidityPeriod", &validity.to_string());
        form.append_pair("SmartEncoded", "false");
        if self.skip_risk_check {
            form.append_pair("RiskCheck", "disable");
        }
        form.finish()
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
            Outgoing::Text(text) => u32::try_from(domain::sms::count(&text.body).parts).unwrap_or(u32::MAX),
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

fn sender(settings: &SmsProvider) -> Vec<(&'static str, String)> {
    let service = settings.messaging_service_sid.iter().map(|sid| ("MessagingServiceSid", sid.clone()));
    service.chain(settings.from.iter().map(|from| ("From", from.clone()))).collect()
}

#[derive(Default, Deserialize)]
struct Created {
    sid: Option<String>,
}

#[derive(Default, Deserialize)]
struct Refused {
    code: Option<i32>,
}
