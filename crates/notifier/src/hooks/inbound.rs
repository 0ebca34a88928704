//! Texts from people: STOP and STOPIO, JOIN and YMUNO, HELP and CYMORTH, START, CYMRAEG and ENGLISH.
//!
//! The number that a text comes from proves possession, so JOIN needs no code. What else a text says is neither
//! kept nor logged: people tell us about their health.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::audience::Areas;
use domain::keyword::{self, Command, Keyword};
use domain::organisation::Organisation;
use domain::subscriber::{ConsentSource, SubscriberState, Wishes};
use domain::{Catalogue, Contact, Language, Severity, Subscriber, phone};
use edge::Failure;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Uri};
use store::SubTx;

use super::replies::{Answer, Reply, reply};
use super::{Callback, Hooks, Shared, genuine};

/// The words under which people join by text; kept with their consent.
const WORDING: &str = "join-by-text-1";
/// Who joins by text gets what matters; the form offers more.
const JOINED_FROM: Severity = Severity::Serious;
/// Replies to one number within an hour. Two machines that answer each other would otherwise text for ever, and a
/// forged sender could have us text a stranger as often as they like. What a text asks for is done all the same.
const REPLIES_PER_NUMBER: i64 = 10;
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Silence: the provider must not text anything of its own.
const SILENCE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>";

/// `POST /hooks/sms/{provider}/inbound`: always answers with an empty reply; ours goes through the queue.
pub(super) async fn receive(
    State(hooks): Shared,
    Path(provider): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let callback = Callback { provider: &provider, end: "inbound", uri: &uri, headers: &headers, body: &body };
    let callback = genuine(&hooks, &callback)?;
    let form = &callback.form;
    // The provider answers by itself when it says so; a short code or a foreign sender cannot subscribe.
    let provider_answered = form.has("OptOutType");
    if let Ok(number) = phone::parse(form.text("From"), hooks.inner.drama) {
        let command = keyword::parse(form.get("Body").unwrap_or_default());
        let text = Received { contact: Contact::Phone(number), command, provider_answered };
        act(&hooks, &callback.message, text).await?;
    }
    Ok(([(CONTENT_TYPE, "text/xml")], SILENCE).into_response())
}

struct Received {
    contact: Contact,
    command: Command,
    provider_answered: bool,
}

async fn act(hooks: &Hooks, provider_ref: &str, text: Received) -> Result<(), Failure> {
    let subscriptions = hooks.inner.store.subscriptions();
    let known = subscriptions.find(&text.contact).await?;
    let zone = hooks.inner.renderer.settings().time_zone;
    let today = hooks.inner.env.now().with_timezone(&zone).date_naive();
    let catalogue = subscriptions.catalogue().await?.offered_on(today);
    let tx = subscriptions.begin().await?;
    if !tx.first_inbound(provider_ref).await? {
        return Ok(());
    }
    let answer = Exchange { tx: &tx, text: &text, known: known.as_ref(), catalogue: &catalogue }.decide().await?;
    if !text.provider_answered
        && tx.count(&format!("reply/{}", text.contact.comparable()), HOUR).await? <= REPLIES_PER_NUMBER
    {
        let message = reply(hooks, &text.contact, answer, provider_ref)?;
        tx.enqueue_message(&message).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// One text, and what is known about who wrote it.
struct Exchange<'a> {
    tx: &'a SubTx,
    text: &'a Received,
    known: Option<&'a Subscriber>,
    catalogue: &'a Catalogue,
}

impl Exchange<'_> {
    /// Does what the text asks for, and says what to answer.
    async fn decide(&self) -> Result<Answer, Failure> {
        let Self { tx, text, known, catalogue } = *self;
        let asked = text.command.language;
        let spoken = known.map(|one| one.wishes.language).or(asked).unwrap_or(Language::Cy);
        Ok(match &text.command.keyword {
            Keyword::Stop => {
                // Also for a number that we do not know: it stays on the stop list.
                tx.leave_contact(&text.contact, "text").await?;
                Answer { language: asked.unwrap_or(spoken), reply: Reply::Stopped }
            }
            // A mark on the stop list holds no wishes to go back to.
            Keyword::Start => match known.filter(|one| one.wishes.areas.0 != 0) {
                Some(person) => {
                    tx.subscribe(&text.contact, person.wishes, ConsentSource::Text, WORDING).await?;
                    welcome(person.wishes, catalogue)
                }
                None => Answer { language: asked.unwrap_or(spoken), reply: Reply::Help },
            },
            Keyword::Join { area } => self.join(area.as_deref()).await?,
            Keyword::Speak(language) => match known.filter(|one| one.state == SubscriberState::Active) {
                Some(person) => {
                    let wishes = Wishes { language: *language, ..person.wishes };
                    tx.change_wishes(person.id, wishes).await?;
                    welcome(wishes, catalogue)
                }
                None => Answer { language: *language, reply: Reply::Help },
            },
            Keyword::Help => Answer { language: asked.unwrap_or(spoken), reply: Reply::Help },
            Keyword::Unknown => Answer { language: spoken, reply: Reply::NotRead },
        })
    }

    async fn join(&self, area: Option<&str>) -> Result<Answer, Failure> {
        let Self { tx, text, known, catalogue } = *self;
        let language = text.command.language.unwrap_or(Language::En);
        let Some(place) = place(catalogue, area) else { return Ok(Answer { language, reply: Reply::WhichArea }) };
        let chosen = Areas::chosen(catalogue, [place.key.as_str()]);
        let active = known.filter(|one| one.state == SubscriberState::Active);
        let areas = active.map_or(chosen, |one| Areas(one.wishes.areas.0 | chosen.0));
        let min_severity = active.map_or(JOINED_FROM, |one| one.wishes.min_severity);
        let wishes = Wishes { language, areas, min_severity };
        tx.subscribe(&text.contact, wishes, ConsentSource::Text, WORDING).await?;
        Ok(welcome(wishes, catalogue))
    }
}

/// The area that a word means; without a word, the whole of the first nation.
fn place<'a>(catalogue: &'a Catalogue, word: Option<&str>) -> Option<&'a Organisation> {
    let mut choices = catalogue.organisations.iter().filter(|one| one.subscribable);
    match word {
        None => choices.find(|one| one.parent.is_none()),
        Some(word) => {
            choices.find(|one| one.key == word || one.match_words.iter().any(|match_word| match_word == word))
        }
    }
}

fn welcome(wishes: Wishes, catalogue: &Catalogue) -> Answer {
    let language = wishes.language;
    let areas = wishes.areas.keys(catalogue).filter_map(|key| catalogue.organisation(key));
    let names: Vec<_> = areas.map(|one| one.short.text(language).to_owned()).collect();
    Answer { language, reply: Reply::Welcome { areas: names.join(", ") } }
}
