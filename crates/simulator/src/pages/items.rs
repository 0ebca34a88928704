//! Phones, mails, posts and faults, each as its part of the page is given it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::faults::{Channel, FaultKind};
use crate::pages::words::{Piece, pieces};
use crate::{Direction, Fault, Mail, Phone, Post, Text, Totals};

/// How many texts are shown on a phone.
const TEXTS_SHOWN: usize = 6;

#[derive(Serialize)]
pub(crate) struct PhoneView {
    number: Arc<str>,
    /// The number as an element's id.
    id: String,
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
        let version =
            last.map(|text| format!("{}-{}-{}", phone.texts.len(), text.status.word(), u8::from(phone.opted_out)));
        Self {
            id: format!("phone-{}", phone.number.trim_start_matches('+')),
            number: phone.number,
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
        let start = mail.text().split_whitespace().take(24).collect::<Vec<_>>().join(" ");
        Self {
            id: mail.id,
            to: mail.to.join(", "),
            subject: mail.subject.clone(),
            language: mail.header("Content-Language").map(str::to_owned),
            at: mail.at,
            start,
            size: mail.size,
        }
    }
}

impl From<&Post> for PostView {
    fn from(post: &Post) -> Self {
        Self {
            id: post.id.clone(),
            network: name(post.channel),
            account: post.account.clone(),
            language: post.language.clone(),
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
