//! The words that answer a text, from the locales.

use chrono::TimeDelta;
use domain::{Contact, Language, sms};
use render::Args;
use store::DirectMessage;

use super::Hooks;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// You will get texts about these areas.
    Welcome {
        /// The areas' short names.
        areas: String,
    },
    /// You have left.
    Stopped,
    /// The words we understand.
    Help,
    /// We do not know that area.
    WhichArea,
    /// Nobody reads these texts; 999 and 111.
    NotRead,
}

/// The answer as a message. The same inbound text is answered once, however often the provider repeats it.
pub(super) fn reply(
    hooks: &Hooks,
    to: &Contact,
    language: Language,
    reply: Reply,
    provider_ref: &str,
) -> Result<DirectMessage, edge::Failure> {
    let (key, args) = match reply {
        Reply::Welcome { areas } => ("text-welcome", Args::from([("areas".to_owned(), areas.into())])),
        Reply::Stopped => ("text-stopped", Args::new()),
        Reply::Help => ("text-help", Args::new()),
        Reply::WhichArea => ("text-which-area", Args::new()),
        Reply::NotRead => ("text-not-read", Args::new()),
    };
    let words = hooks.inner.renderer.text(language, key, &args)?;
    Ok(DirectMessage {
        id: hooks.inner.env.id(),
        contact: to.clone(),
        language,
        subject: None,
        text: sms::prepare(&words),
        html: None,
        dedupe_key: format!("reply-{provider_ref}"),
        expires_at: hooks.inner.env.machine_now() + TimeDelta::hours(1),
    })
}
