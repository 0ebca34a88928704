//! Phones, mails, posts and faults, each as its part of the page is given it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::faults::{Channel, FaultKind};
use crate::pages::tongue;
use crate::pages::words::{Piece, pieces};
use crate::{Direction, Fault, Mail, Phone, Post, Text, Totals};

/// How many texts are shown on a phone.
const TEXTS_SHOWN: usize = 4;

#[derive(Serialize)]
pub(crate) struct PhoneView {
    number: Arc<str>,
    /// The number as an element's id.
    id: String,
    /// The language of its newest text, in words.
    language: Option<&'static str>,
    opted_out: bool,
    earlier: usize,
    texts: Vec<Bubble>,
    /// Changes whenever the phone looks different.
    version: String,
}

#[derive(Serialize)]
struct Bubble {
    is_ours: bool,
    other: Arc<str>,
    pieces: Vec<Piece>,
    at: DateTime<Utc>,
    status: &'static str,
    encoding: &'static str,
    units: usize,
    parts: usize,
}

#[derive(Serialize)]
pub(crate) struct MailView {
    id: u64,
    to: String,
    subject: Arc<str>,
    language: Option<String>,
    /// The same in words.
    spoken: Option<&'static str>,
    at: DateTime<Utc>,
    start: String,
    size: usize,
}

#[derive(Serialize)]
pub(crate) struct PostView {
    id: String,
    network: &'static str,
    account: Arc<str>,
    language: Option<Arc<str>>,
    /// The same in words.
    spoken: Option<&'static str>,
    pieces: Vec<Piece>,
    at: DateTime<Utc>,
    in_reply_to: Option<String>,
    visibility: Arc<str>,
}

#[derive(Serialize)]
pub(crate) struct ChannelView {
    pub(crate) name: &'static str,
    pub(crate) totals: Totals,
}

#[derive(Serialize)]
pub(crate) struct FaultView {
    channel: Channel,
    name: &'static str,
    kind: FaultKind,
    share: u32,
    account: Option<String>,
}

impl From<Phone> for PhoneView {
    fn from(phone: Phone) -> Self {
        let earlier = phone.texts.len().saturating_sub(TEXTS_SHOWN);
        let last = phone.texts.last();
        let sent = phone.texts.iter().rev().find(|text| text.direction != Direction::Inbound);
        let language = sent.and_then(|text| tongue::of_words(&text.text)).map(tongue::name);
        let version =
            last.map(|text| format!("{}-{}-{}", phone.texts.len(), text.status.word(), u8::from(phone.opted_out)));
        Self {
            id: format!("phone-{}", phone.number.trim_start_matches('+')),
            number: phone.number,
            language,
            opted_out: phone.opted_out,
            earlier,
            texts: phone.texts.into_iter().skip(earlier).map(Bubble::from).collect(),
            version: version.unwrap_or_default(),
        }
    }
}

impl From<Text> for Bubble {
    fn from(text: Text) -> Self {
        let is_ours = text.direction != Direction::Inbound;
        Self {
            is_ours,
            other: if is_ours { text.from } else { text.to },
            pieces: pieces(&text.text),
            at: text.at,
            status: text.status.word(),
            encoding: text.encoding,
            units: text.units,
            parts: text.parts,
        }
    }
}

impl From<&Mail> for MailView {
    fn from(mail: &Mail) -> Self {
        Self {
            id: mail.id,
            to: mail.to.join(", "),
            subject: mail.subject.clone(),
            language: mail.header("Content-Language").map(str::to_owned),
            spoken: mail.language().map(tongue::name),
            at: mail.at,
            start: start(mail.text()),
            size: mail.size,
        }
    }
}

/// The first words of a mail. A line that is there for its link comes first in every mail, and tells nothing of this one.
fn start(text: &str) -> String {
    let lines = text.lines().skip_while(|line| line.trim().is_empty() || line.contains("://"));
    lines.flat_map(str::split_whitespace).take(24).collect::<Vec<_>>().join(" ")
}

impl From<&Post> for PostView {
    fn from(post: &Post) -> Self {
        Self {
            id: post.id.clone(),
            network: name(post.channel),
            account: post.account.clone(),
            language: post.language.clone(),
            spoken: post.language.as_deref().and_then(tongue::of_tag).map(tongue::name),
            pieces: pieces(&post.text),
            at: post.at,
            in_reply_to: post.in_reply_to.clone(),
            visibility: post.visibility.clone(),
        }
    }
}

impl From<Fault> for FaultView {
    fn from(fault: Fault) -> Self {
        Self {
            channel: fault.channel,
            name: name(fault.channel),
            kind: fault.kind,
            share: fault.share_ppm / 10_000,
            account: fault.account,
        }
    }
}

pub(crate) fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "Texts",
        Channel::Email => "Mail",
        Channel::Mastodon => "Mastodon",
        Channel::Bluesky => "Bluesky",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_begins_with_what_it_has_to_say() {
        let text = "\nDarllenwch hwn yn Gymraeg: https://a.example/d/1\n\nGP systems are down\nNHS Wales.\n";
        assert_eq!(start(text), "GP systems are down NHS Wales.");
        assert_eq!(start("https://a.example/"), "");
    }
}
