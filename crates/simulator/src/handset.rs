//! The person holding the phone: what they text reaches us signed, and what we answer lies on their phone.

use reqwest::{Client, Response};
use thiserror::Error;

use crate::Simulator;
use crate::callbacks::Work;
use crate::delivery::{Outcome, post};
use crate::texts::{Direction, Status, Stored, Text};
use crate::twilio::{is_e164, twiml};

/// Why a phone could not send its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReplyRefused {
    /// Not `+` and 8 to 15 digits.
    #[error("this is not a phone number in international form")]
    NotANumber,
    /// More than 1,600 characters.
    #[error("the text is longer than 1,600 characters")]
    TooLong,
}

/// The words that a provider itself acts on when they stand alone, as Twilio documents them for long numbers.
const STOP_WORDS: [&str; 8] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
const START_WORDS: [&str; 3] = ["START", "YES", "UNSTOP"];

/// The provider's own answers, in English only, as in real life.
const STOPPED: &str = "You have successfully been unsubscribed. You will not receive any more messages from this \
                       number. Reply START to resubscribe.";
const STARTED: &str = "You have successfully been re-subscribed to messages from this number. Reply HELP for help. \
                       Reply STOP to unsubscribe.";

/// The longest answer to an inbound text that is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

impl Simulator {
    /// Writes `text` on the phone `number` and sends it to the number that last texted it.
    ///
    /// # Errors
    /// When `number` is no phone number or the text is too long.
    pub fn reply(&self, number: &str, text: &str) -> Result<Text, ReplyRefused> {
        if !is_e164(number) {
            return Err(ReplyRefused::NotANumber);
        }
        if text.chars().count() > 1600 {
            return Err(ReplyRefused::TooLong);
        }
        let sent = self.write(number, text);
        self.act_on_keyword(number, text);
        self.changed();
        Ok(sent)
    }

    fn write(&self, number: &str, text: &str) -> Text {
        let at = self.moment();
        let mut world = self.world();
        let world = &mut *world;
        let last = world.texts.phones.get(number).and_then(|phone| {
            let sent = |number: &u64| world.texts.shelf.get(*number).filter(|t| t.direction == Direction::OutboundApi);
            phone.texts.iter().rev().find_map(sent)
        });
        // Nobody can answer a sender that is a name; the simulator lets them, at the account's own number.
        let sender = last.map(|text| text.from.clone()).filter(|from| from.bytes().any(|byte| byte.is_ascii_digit()));
        let stored = Stored {
            account: last
                .map(|text| text.account.clone())
                .unwrap_or_else(|| self.settings().account_sid.as_str().into()),
            service: last.and_then(|text| text.service.clone()),
            from: world.names.get(number),
            to: sender.unwrap_or_else(|| self.settings().sender.as_str().into()),
            body: world.texts.body(text),
            at,
            updated: at.machine,
            status: Status::Received,
            direction: Direction::Inbound,
        };
        let number = world.texts.add(stored);
        self.queue().push(std::time::Duration::ZERO, Work::Inbound { text: number });
        world.texts.view(number, world.texts.shelf.get(number).expect("just added"))
    }

    /// A lone STOP or START is acted on and answered by the provider, whatever we answer.
    fn act_on_keyword(&self, number: &str, text: &str) {
        let word = text.trim().to_uppercase();
        let (opted_out, answer) = match word.as_str() {
            word if STOP_WORDS.contains(&word) => (true, STOPPED),
            word if START_WORDS.contains(&word) => (false, STARTED),
            _ => return,
        };
        let mut world = self.world();
        let Some(phone) = world.texts.phones.get_mut(number) else { return };
        if phone.opted_out == opted_out {
            return;
        }
        phone.opted_out = opted_out;
        let last = phone.texts.back().copied();
        drop(world);
        self.answer(last, answer);
    }

    /// Puts an answer to the inbound text `number` on the phone that wrote it.
    fn answer(&self, number: Option<u64>, words: &str) {
        let at = self.moment();
        let mut world = self.world();
        let Some(question) = number.and_then(|number| world.texts.shelf.get(number)) else { return };
        let answer = (question.account.clone(), question.service.clone(), question.to.clone(), question.from.clone());
        let (account, service, from, to) = answer;
        let body = world.texts.body(words);
        let (status, direction) = (Status::Delivered, Direction::OutboundReply);
        world.texts.add(Stored { account, service, from, to, body, at, updated: at.machine, status, direction });
    }

    fn has_opted_out(&self, number: &str) -> bool {
        self.world().texts.phones.get(number).is_some_and(|phone| phone.opted_out)
    }
}

/// Posts the inbound text `number` to us and puts our answer on the phone.
pub(crate) async fn deliver(simulator: &Simulator, client: &Client, number: u64) -> Outcome {
    let Some(url) = simulator.inbound_url() else { return Outcome::Done };
    let Some(form) = inbound_form(simulator, number) else { return Outcome::Done };
    let phone = form.iter().find(|(name, _)| *name == "From").map_or("", |(_, from)| from).to_owned();
    let response = match post(simulator, client, &url, &form).await {
        Ok(response) if response.status().is_success() => response,
        answer => return answer.into(),
    };
    for words in read_answer(response).await {
        if !simulator.has_opted_out(&phone) {
            simulator.answer(Some(number), &words);
        }
    }
    Outcome::Done
}

/// The texts in our answer: the messages of TwiML, or the whole of a plain text, which Twilio sends on as it is.
async fn read_answer(mut response: Response) -> Vec<String> {
    let kind = response.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_plain = kind.is_some_and(|kind| kind.starts_with("text/plain"));
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Vec::new();
        }
        body.extend_from_slice(&chunk);
    }
    let body = String::from_utf8_lossy(&body);
    match is_plain {
        true if body.trim().is_empty() => Vec::new(),
        true => vec![body.into_owned()],
        false => twiml::messages(&body),
    }
}

fn inbound_form(simulator: &Simulator, number: u64) -> Option<Vec<(&'static str, String)>> {
    let world = simulator.world();
    let text = world.texts.shelf.get(number)?;
    let sid = world.texts.sid(number);
    let mut form = vec![
        ("AccountSid", text.account.to_string()),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("Body", text.body.text.to_string()),
        ("From", text.from.to_string()),
        ("MessageSid", sid.clone()),
        ("NumMedia", "0".to_owned()),
        ("NumSegments", text.body.count.parts.to_string()),
        ("SmsMessageSid", sid.clone()),
        ("SmsSid", sid),
        ("SmsStatus", "received".to_owned()),
        ("To", text.to.to_string()),
    ];
    form.extend(text.service.as_ref().map(|service| ("MessagingServiceSid", service.to_string())));
    let places = ["FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip"];
    form.extend(places.map(|place| (place, String::new())));
    form.extend(["FromCountry", "ToCountry"].map(|country| (country, "GB".to_owned())));
    Some(form)
}
