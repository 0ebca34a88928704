//! Who was told what, how often: the proof that a broadcast missed nobody and how much it repeated.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::faults::Channel;
use crate::world::time;

/// How often each message to each recipient was accepted.
#[derive(Clone, Debug, Serialize)]
pub struct Ledger {
    /// Over all channels, whatever the filter.
    pub totals: Totals,
    /// Per channel, whatever the filter.
    pub channels: BTreeMap<Channel, Totals>,
    /// The entries asked for, the most repeated first.
    pub entries: Vec<LedgerEntry>,
}

/// Sums over ledger entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Messages accepted, repeats included.
    pub accepted: u64,
    /// Different messages to different recipients.
    pub distinct: u64,
    /// `accepted - distinct`: how many were too many.
    pub repeats: u64,
    /// The most often that one message was accepted for one recipient.
    pub max: u32,
    /// Accepted, but the sender was left without an answer by a fault.
    pub unanswered: u64,
    /// Refused: invalid, opted out, or by a fault.
    pub rejected: u64,
    /// Entries that found no room; zero unless the ledger is full.
    pub uncounted: u64,
}

/// One message to one recipient.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerEntry {
    /// How it went out.
    pub channel: Channel,
    /// The phone number, mail address or account.
    pub recipient: Arc<str>,
    /// A hash of the words: of a text's or post's body; of a mail's subject and text without the links in it.
    pub message: String,
    /// How often it was accepted.
    pub count: u32,
    /// When first, by the machine's clock.
    pub first_at: DateTime<Utc>,
    /// When last, by the machine's clock.
    pub last_at: DateTime<Utc>,
}

/// The ledger as kept in memory.
pub(crate) struct Books {
    entries: HashMap<Key, Count>,
    totals: BTreeMap<Channel, Totals>,
    room: usize,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    recipient: Arc<str>,
    message: u64,
    channel: Channel,
}

struct Count {
    count: u32,
    first: i64,
    last: i64,
}

impl Books {
    pub(crate) fn new(room: usize) -> Self {
        Self { entries: HashMap::new(), totals: BTreeMap::new(), room }
    }

    /// Counts a message that was accepted at `machine` milliseconds since 1970.
    pub(crate) fn accepted(&mut self, channel: Channel, recipient: &Arc<str>, message: u64, machine: i64) {
        let totals = self.totals.entry(channel).or_default();
        totals.accepted += 1;
        let key = Key { recipient: recipient.clone(), message, channel };
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.count += 1;
            entry.last = machine;
            totals.repeats += 1;
            totals.max = totals.max.max(entry.count);
        } else if self.entries.len() < self.room {
            self.entries.insert(key, Count { count: 1, first: machine, last: machine });
            totals.distinct += 1;
            totals.max = totals.max.max(1);
        } else {
            totals.uncounted += 1;
        }
    }

    pub(crate) fn rejected(&mut self, channel: Channel) {
        self.totals.entry(channel).or_default().rejected += 1;
    }

    pub(crate) fn unanswered(&mut self, channel: Channel) {
        self.totals.entry(channel).or_default().unanswered += 1;
    }

    pub(crate) fn channels(&self) -> &BTreeMap<Channel, Totals> {
        &self.totals
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals.values().fold(Totals::default(), |sum, channel| Totals {
            accepted: sum.accepted + channel.accepted,
            distinct: sum.distinct + channel.distinct,
            repeats: sum.repeats + channel.repeats,
            max: sum.max.max(channel.max),
            unanswered: sum.unanswered + channel.unanswered,
            rejected: sum.rejected + channel.rejected,
            uncounted: sum.uncounted + channel.uncounted,
        })
    }

    /// All entries that `wanted` accepts by channel and recipient, in no order.
    pub(crate) fn entries(&self, wanted: impl Fn(Channel, &str) -> bool) -> Vec<LedgerEntry> {
        let entries = self.entries.iter().filter(|(key, _)| wanted(key.channel, &key.recipient));
        let entries = entries.map(|(key, count)| LedgerEntry {
            channel: key.channel,
            recipient: key.recipient.clone(),
            message: format!("{:016x}", key.message),
            count: count.count,
            first_at: time(count.first),
            last_at: time(count.last),
        });
        entries.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_to_the_same_person_are_a_repeat() {
        let mut books = Books::new(10);
        let (ann, bob): (Arc<str>, Arc<str>) = ("+447700900001".into(), "+447700900002".into());
        books.accepted(Channel::Sms, &ann, 7, 1);
        books.accepted(Channel::Sms, &bob, 7, 2);
        books.accepted(Channel::Sms, &ann, 8, 3);
        books.accepted(Channel::Email, &ann, 7, 4);
        books.accepted(Channel::Sms, &ann, 7, 5);
        let totals = books.totals();
        assert_eq!((totals.accepted, totals.distinct, totals.repeats, totals.max), (5, 4, 1, 2));
        assert_eq!(books.channels()[&Channel::Email].accepted, 1);
        let twice = books.entries(|channel, to| channel == Channel::Sms && to == &*ann);
        assert_eq!(twice.iter().map(|entry| entry.count).sum::<u32>(), 3);
    }

    #[test]
    fn a_full_ledger_says_so_instead_of_growing() {
        let mut books = Books::new(1);
        books.accepted(Channel::Sms, &"a".into(), 1, 1);
        books.accepted(Channel::Sms, &"b".into(), 1, 1);
        assert_eq!((books.totals().distinct, books.totals().uncounted), (1, 1));
    }
}
