//! Trouble that can be switched on: which share of messages meets it is counted out, never drawn, so runs repeat.

pub(crate) mod switch;

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// A way out that can be troubled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The Twilio-compatible API.
    Sms,
    /// The SMTP server.
    Email,
    /// The Mastodon-compatible API.
    Mastodon,
    /// The Bluesky-compatible API.
    Bluesky,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Nothing: switches the channel's fault off.
    None,
    /// The message is accepted, but only after a wait.
    Slow,
    /// "Too many requests": HTTP 429, SMTP 451. Not accepted.
    #[serde(rename = "429")]
    TooMany,
    /// "Internal error": HTTP 500, SMTP 451. Not accepted.
    #[serde(rename = "500")]
    Broken,
    /// The message is accepted, but the answer never comes.
    AcceptThenTimeout,
    /// The connection ends without an answer. Not accepted.
    Refused,
    /// Accepted, then not delivered: status `undelivered` with error 30003; for mail `550 5.1.1` to the recipient.
    Undelivered,
}

/// A fault as switched on with `POST /faults`.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    /// Where.
    pub channel: Channel,
    /// Only for this SMS account; `None` is the whole channel.
    pub account: Option<String>,
    /// What.
    pub kind: FaultKind,
    /// Which share of messages meets it, in millionths.
    pub share_ppm: u32,
    /// How long it stays on; `None` is until switched off.
    pub lasts: Option<Duration>,
    /// How long a slow answer waits, and how long a lost one is held before the connection is dropped.
    pub delay: Duration,
}

impl Fault {
    /// A fault that meets every message of `channel` until it is switched off, with the usual wait of its kind.
    #[must_use]
    pub fn new(channel: Channel, kind: FaultKind) -> Self {
        let delay = Duration::from_secs(if kind == FaultKind::Slow { 5 } else { 120 });
        Self { channel, account: None, kind, share_ppm: 1_000_000, lasts: None, delay }
    }

    /// The same fault for `share` (0 to 1) of the messages.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1")]
        Self { share_ppm: (share.clamp(0.0, 1.0) * 1_000_000.0).round() as u32, ..self }
    }
}

#[derive(Default)]
pub(crate) struct Faults {
    active: HashMap<(Channel, Option<String>), Active>,
}

struct Active {
    fault: Fault,
    until: Option<Instant>,
    /// Millionths of a hit saved up so far.
    owed: u32,
}

impl Faults {
    pub(crate) fn set(&mut self, fault: Fault) {
        let place = (fault.channel, fault.account.clone());
        if fault.kind == FaultKind::None {
            self.active.remove(&place);
            return;
        }
        let until = fault.lasts.and_then(|lasts| Instant::now().checked_add(lasts));
        self.active.insert(place, Active { fault, until, owed: 0 });
    }

    /// The fault that this message meets, if its kind is one of `kinds`. Every call counts as one message.
    pub(crate) fn meet(&mut self, channel: Channel, account: Option<&str>, kinds: &[FaultKind]) -> Option<Fault> {
        if self.active.is_empty() {
            return None;
        }
        let own = (channel, account.map(str::to_owned));
        let place = if self.active.contains_key(&own) { own } else { (channel, None) };
        let active = self.active.get_mut(&place)?;
        if active.until.is_some_and(|until| until <= Instant::now()) {
            self.active.remove(&place);
            return None;
        }
        if !kinds.contains(&active.fault.kind) {
            return None;
        }
        active.owed += active.fault.share_ppm;
        let hit = active.owed >= 1_000_000;
        active.owed -= if hit { 1_000_000 } else { 0 };
        hit.then(|| active.fault.clone())
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        let now = Instant::now();
        let active = self.active.values().filter(|active| active.until.is_none_or(|until| until > now));
        let mut list: Vec<Fault> = active.map(|active| active.fault.clone()).collect();
        list.sort_by(|a, b| (a.channel, &a.account).cmp(&(b.channel, &b.account)));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_means_every_fourth_message() {
        let mut faults = Faults::default();
        faults.set(Fault::new(Channel::Sms, FaultKind::Broken).share(0.25));
        let hits: Vec<bool> = (0..8).map(|_| faults.meet(Channel::Sms, None, &[FaultKind::Broken]).is_some()).collect();
        assert_eq!(hits, [false, false, false, true, false, false, false, true]);
        assert!(faults.meet(Channel::Email, None, &[FaultKind::Broken]).is_none());
    }

    #[test]
    fn one_account_can_be_troubled_alone() {
        let mut faults = Faults::default();
        let fault = Fault { account: Some("AC1".into()), ..Fault::new(Channel::Sms, FaultKind::Refused) };
        faults.set(fault);
        assert!(faults.meet(Channel::Sms, Some("AC1"), &[FaultKind::Refused]).is_some());
        assert!(faults.meet(Channel::Sms, Some("AC2"), &[FaultKind::Refused]).is_none());
    }

    #[test]
    fn none_switches_off() {
        let mut faults = Faults::default();
        faults.set(Fault::new(Channel::Email, FaultKind::Refused));
        faults.set(Fault::new(Channel::Email, FaultKind::None));
        assert!(faults.list().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_ends_by_itself() {
        let mut faults = Faults::default();
        let lasts = Some(Duration::from_secs(30));
        faults.set(Fault { lasts, ..Fault::new(Channel::Sms, FaultKind::TooMany) });
        assert!(faults.meet(Channel::Sms, None, &[FaultKind::TooMany]).is_some());
        tokio::time::advance(Duration::from_secs(31)).await;
        assert!(faults.meet(Channel::Sms, None, &[FaultKind::TooMany]).is_none());
        assert!(faults.list().is_empty());
    }
}
