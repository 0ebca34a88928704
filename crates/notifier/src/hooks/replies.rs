//! The words that answer a text, from the locales.

use chrono::TimeDelta;
use domain::{Contact, Language, sms};
use render::{Args, RenderError, Renderer};
use store::DirectMessage;

use super::Hooks;

/// An answer in somebody's language.
pub(super) struct Answer {
    /// The language.
    pub(super) language: Language,
    /// What it says.
    pub(super) reply: Reply,
}

/// What an answer says.
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
    answer: Answer,
    provider_ref: &str,
) -> Result<DirectMessage, edge::Failure> {
    let Answer { language, reply } = answer;
    let words = words(&hooks.inner.renderer, language, reply)?;
    Ok(DirectMessage {
        id: hooks.inner.env.id(),
        contact: to.clone(),
        language,
        subject: None,
        text: words,
        html: None,
        dedupe_key: format!("reply-{provider_ref}"),
        expires_at: hooks.inner.env.machine_now() + TimeDelta::hours(1),
    })
}

fn words(renderer: &Renderer, language: Language, reply: Reply) -> Result<String, RenderError> {
    let (key, args) = match reply {
        Reply::Welcome { areas } => ("text-welcome", Args::from([("areas".to_owned(), areas.into())])),
        Reply::Stopped => ("text-stopped", Args::new()),
        Reply::Help => ("text-help", Args::new()),
        Reply::WhichArea => ("text-which-area", Args::new()),
        Reply::NotRead => ("text-not-read", Args::new()),
    };
    Ok(sms::prepare(&renderer.text(language, key, &args)?))
}

#[cfg(test)]
mod tests {
    use render::RenderSettings;

    use super::*;

    #[test]
    fn every_answer_is_one_part_of_gsm_letters() {
        let renderer = Renderer::new(RenderSettings::default()).unwrap();
        let longest = Reply::Welcome { areas: "Betsi Cadwaladr".to_owned() };
        for reply in [longest, Reply::Stopped, Reply::Help, Reply::WhichArea, Reply::NotRead] {
            for language in Language::ALL {
                let words = words(&renderer, language, reply.clone()).unwrap();
                let size = sms::count(&words);
                assert_eq!((size.encoding, size.parts), (sms::Encoding::Gsm7, 1), "{words}");
            }
        }
    }
}
