//! What comes back from outside: receipts and texts from people, which are believed with a valid signature alone, and
//! mails that came back, which are believed under seals of our own.

mod email;
mod inbound;
mod refusals;
mod replies;
mod status;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use channels::signature::{self, Keys, Payload, Signed};
use domain::Kind;
use domain::phone::DramaNumbers;
use edge::{Dressing, Failure, RawForm, Surface};
use http::{HeaderMap, Uri};
use render::Renderer;
use store::{DeliveryKey, Store};

use crate::ways::Ways;
use refusals::Refusals;

pub use email::MailHook;

/// Providers' ids have 34 characters, or 36 where they are UUIDs.
const LONGEST_ID: usize = 100;

/// The largest form of a provider, in bytes.
const LARGEST_FORM: usize = 64 * 1024;
/// The largest report about a mail, in bytes; it may hold the mail.
const LARGEST_MAIL: usize = 1024 * 1024;

/// One provider that calls back.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The public address that the provider was given, without `/status` or `/inbound`.
    pub callback_url: String,
    /// What its callbacks are signed with.
    pub keys: Keys,
}

/// What the hooks need. Cheap to clone.
#[derive(Clone)]
pub struct Hooks {
    inner: Arc<Inner>,
}

#[derive(Clone)]
struct Inner {
    store: Store,
    env: domain::Env,
    renderer: Renderer,
    callers: BTreeMap<String, Caller>,
    mail: Option<MailHook>,
    ways: Arc<Ways>,
    drama: DramaNumbers,
    refusals: Arc<Refusals>,
}

impl Hooks {
    /// Joins the parts. `callers` are keyed by the provider's name in the configuration.
    #[must_use]
    pub fn new(store: Store, env: domain::Env, renderer: Renderer, callers: BTreeMap<String, Caller>) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                env,
                renderer,
                callers,
                mail: None,
                ways: Arc::default(),
                drama: DramaNumbers::Refuse,
                refusals: Arc::default(),
            }),
        }
    }

    /// Also hears numbers of the range reserved for drama: for demo and exercises.
    #[must_use]
    pub fn accepting_drama_numbers(self) -> Self {
        Self { inner: Arc::new(Inner { drama: DramaNumbers::Accept, ..Arc::unwrap_or_clone(self.inner) }) }
    }

    /// Slows these ways out down when a report says that they were too fast.
    #[must_use]
    pub fn easing(self, ways: Arc<Ways>) -> Self {
        Self { inner: Arc::new(Inner { ways, ..Arc::unwrap_or_clone(self.inner) }) }
    }

    /// Also hears what mail systems report about our mails.
    #[must_use]
    pub fn hearing_of_mails(self, mail: MailHook) -> Self {
        Self { inner: Arc::new(Inner { mail: Some(mail), ..Arc::unwrap_or_clone(self.inner) }) }
    }

    /// The routes under `/hooks`.
    pub fn router(&self) -> Router {
        let texts = Router::new()
            .route("/hooks/sms/{provider}/status", post(status::receive))
            .route("/hooks/sms/{provider}/inbound", post(inbound::receive))
            .layer(DefaultBodyLimit::max(LARGEST_FORM));
        let mails = Router::new().route("/hooks/email/{token}", post(email::receive));
        let routes = texts.merge(mails).with_state(self.clone());
        let dressing = Dressing::new(self.inner.renderer.clone(), self.inner.env.clone(), Surface::Machine);
        edge::dress(routes, dressing.body_limit(LARGEST_MAIL))
    }
}

/// A callback whose signature was right.
struct Genuine {
    provider: String,
    /// The provider's id of the message: what makes a repeated callback recognisable.
    message: String,
    form: RawForm,
}

/// A callback as it came.
struct Callback<'a> {
    /// The provider that it claims to be of.
    provider: &'a str,
    /// The last word of its path.
    end: &'static str,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    body: &'a Bytes,
}

/// Checks the signature over the public address, the raw query and the body, exactly as they came.
fn genuine(hooks: &Hooks, callback: &Callback<'_>) -> Result<Genuine, Failure> {
    let Callback { provider, end, uri, headers, body } = *callback;
    let caller = hooks.inner.callers.get(provider).ok_or_else(Failure::not_found)?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let url = format!("{}/{end}{query}", caller.callback_url);
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = Signed {
        url: &url,
        payload: Payload::Form(body),
        signature: header(signature::SIGNATURE_HEADER).unwrap_or_default(),
        settings: header(signature::SETTINGS_HEADER),
    };
    if !signature::verify(&caller.keys, &signed) {
        if let Some(number) = hooks.inner.refusals.count(hooks.inner.env.machine_now()) {
            tracing::warn!(
                channel.name = provider,
                hook = end,
                number,
                "callbacks with a wrong signature were refused"
            );
        }
        return Err(Failure::forbidden());
    }
    let form = RawForm::parse(body)?;
    let message = form.text("MessageSid").to_owned();
    if message.is_empty() || message.len() > LONGEST_ID {
        return Err(Failure::new(Kind::Invalid, "form"));
    }
    Ok(Genuine { provider: provider.to_owned(), message, form })
}

/// What our own reference names; none for that of a direct message.
fn delivery_of(reference: &str) -> Option<DeliveryKey> {
    let (broadcast, subscriber) = reference.split_once('.')?;
    Some(DeliveryKey { broadcast: broadcast.parse().ok()?, subscriber: subscriber.parse().ok()? })
}

/// The state that handlers see.
type Shared = State<Hooks>;
