//! The texts on all phones, kept compactly: a broadcast repeats one body a hundred thousand times.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::sms::{self, SmsCount};
use serde::Serialize;

use crate::world::{Moment, Shelf, digest, time};

/// Which way a text went, in Twilio's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Sent to the phone through the API.
    OutboundApi,
    /// Sent to the phone as the answer to a text it wrote.
    OutboundReply,
    /// Written on the phone.
    Inbound,
}

/// How far a text has come, in Twilio's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Taken for a messaging service that has yet to choose a sender.
    Accepted,
    /// Taken for a named sender.
    Queued,
    /// Given to the carrier.
    Sent,
    /// On the phone.
    Delivered,
    /// The carrier could not deliver it.
    Undelivered,
    /// Written on a phone and received by the provider.
    Received,
}

impl Status {
    /// The word used in answers and callbacks.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Received => "received",
        }
    }
}

/// One text as it lies on a phone.
#[derive(Clone, Debug, Serialize)]
pub struct Text {
    /// The provider's name for it.
    pub sid: String,
    /// Which way it went.
    pub direction: Direction,
    /// The sender's number or name.
    pub from: Arc<str>,
    /// The number it went to.
    pub to: Arc<str>,
    /// The words.
    pub text: Arc<str>,
    /// When, by the clock that people read.
    pub at: DateTime<Utc>,
    /// When, by the machine's clock.
    pub machine_at: DateTime<Utc>,
    /// How far it has come.
    pub status: Status,
    /// `GSM-7` or `UCS-2`.
    pub encoding: &'static str,
    /// Septets or UTF-16 units.
    pub units: usize,
    /// How many parts it is charged as.
    pub parts: usize,
}

/// A text as kept in memory.
pub(crate) struct Stored {
    pub(crate) account: Arc<str>,
    pub(crate) service: Option<Arc<str>>,
    pub(crate) from: Arc<str>,
    pub(crate) to: Arc<str>,
    pub(crate) body: Arc<Body>,
    pub(crate) at: Moment,
    /// Machine time of the last change of status.
    pub(crate) updated: i64,
    pub(crate) status: Status,
    pub(crate) direction: Direction,
}

impl Stored {
    /// The number of the phone it lies on.
    pub(crate) fn phone(&self) -> &Arc<str> {
        if self.direction == Direction::Inbound { &self.from } else { &self.to }
    }
}

/// The words of one or many texts, counted once.
pub(crate) struct Body {
    pub(crate) text: Arc<str>,
    pub(crate) hash: u64,
    pub(crate) count: SmsCount,
}

#[derive(Default)]
pub(crate) struct Handset {
    pub(crate) texts: VecDeque<u64>,
    pub(crate) opted_out: bool,
}

pub(crate) struct Texts {
    pub(crate) shelf: Shelf<Stored>,
    pub(crate) phones: HashMap<Arc<str>, Handset>,
    bodies: HashMap<u64, Arc<Body>>,
    run: u64,
}

impl Texts {
    pub(crate) fn new(keep: usize, run: i64) -> Self {
        Self { shelf: Shelf::new(keep), phones: HashMap::new(), bodies: HashMap::new(), run: run.cast_unsigned() }
    }

    /// One shared copy of the words `text`.
    pub(crate) fn body(&mut self, text: &str) -> Arc<Body> {
        let hash = digest([text]);
        let body = self.bodies.entry(hash);
        body.or_insert_with(|| Arc::new(Body { text: text.into(), hash, count: sms::count(text) })).clone()
    }

    /// Puts a text on its phone and answers its number.
    pub(crate) fn add(&mut self, text: Stored) -> u64 {
        let phone = text.phone().clone();
        let (number, gone) = self.shelf.push(text);
        if let Some(gone) = gone {
            self.forget(&gone);
        }
        self.phones.entry(phone).or_default().texts.push_back(number);
        number
    }

    /// The provider's name for text `number`: it carries the number, so that no index is needed to find it again.
    pub(crate) fn sid(&self, number: u64) -> String {
        format!("SM{:016x}{number:016x}", self.run)
    }

    /// The number of the text named `sid`, if this run gave out that name.
    pub(crate) fn number(&self, sid: &str) -> Option<u64> {
        let digits = sid.strip_prefix("SM").filter(|digits| digits.len() == 32 && digits.is_ascii())?;
        let (run, number) = digits.split_at(16);
        (u64::from_str_radix(run, 16) == Ok(self.run)).then(|| u64::from_str_radix(number, 16).ok())?
    }

    pub(crate) fn view(&self, number: u64, text: &Stored) -> Text {
        Text {
            sid: self.sid(number),
            direction: text.direction,
            from: text.from.clone(),
            to: text.to.clone(),
            text: text.body.text.clone(),
            at: time(text.at.shown),
            machine_at: time(text.at.machine),
            status: text.status,
            encoding: text.body.count.encoding.name(),
            units: text.body.count.units,
            parts: text.body.count.parts,
        }
    }

    fn forget(&mut self, gone: &Stored) {
        // The shelf and the map of bodies are the only two holders of the last text with these words.
        if Arc::strong_count(&gone.body) <= 2 {
            self.bodies.remove(&gone.body.hash);
        }
        let Some(handset) = self.phones.get_mut(gone.phone()) else { return };
        handset.texts.pop_front();
        if handset.texts.is_empty() && !handset.opted_out {
            self.phones.remove(gone.phone());
        }
    }
}
