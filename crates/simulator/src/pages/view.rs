//! What the templates of the page are given.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use render::View;
use serde::Serialize;

use crate::pages::items::{ChannelView, FaultView, MailView, PhoneView, PostView, name};
use crate::pages::words::{Piece, pieces};
use crate::{Mail, Phone, Post, Simulator};

/// How many phones, mails and posts are shown, each: both languages have half of the places.
const SHOWN: usize = 12;

/// The whole page.
#[derive(Serialize)]
pub(crate) struct Home {
    /// The phone that is kept in sight, as it was typed.
    pub(crate) wanted: String,
    pub(crate) lists: Lists,
}

impl View for Home {
    const TEMPLATE: &'static str = "simulator/home.html";
}

/// The lists alone.
#[derive(Serialize)]
pub(crate) struct Live {
    pub(crate) lists: Lists,
}

impl View for Live {
    const TEMPLATE: &'static str = "simulator/live.html";
}

/// One mail.
#[derive(Serialize)]
pub(crate) struct MailPage {
    mail: MailView,
    envelope_from: Arc<str>,
    headers: Vec<(String, String)>,
    pieces: Vec<Piece>,
    has_content: bool,
    has_html: bool,
}

impl View for MailPage {
    const TEMPLATE: &'static str = "simulator/mail.html";
}

/// One post.
#[derive(Serialize)]
pub(crate) struct PostPage {
    post: PostView,
}

impl View for PostPage {
    const TEMPLATE: &'static str = "simulator/post.html";
}

/// Everything that changes while one watches.
#[derive(Serialize)]
pub(crate) struct Lists {
    pub(crate) now: DateTime<Utc>,
    pub(crate) phones: Vec<PhoneView>,
    pub(crate) phone_count: usize,
    pub(crate) text_count: usize,
    pub(crate) mails: Vec<MailView>,
    pub(crate) mail_count: usize,
    pub(crate) posts: Vec<PostView>,
    pub(crate) post_count: usize,
    pub(crate) channels: Vec<ChannelView>,
    pub(crate) faults: Vec<FaultView>,
}

impl Home {
    pub(crate) fn of(simulator: &Simulator, wanted: &str) -> Self {
        Self { wanted: wanted.to_owned(), lists: Lists::of(simulator, wanted) }
    }
}

impl Live {
    pub(crate) fn of(simulator: &Simulator, wanted: &str) -> Self {
        Self { lists: Lists::of(simulator, wanted) }
    }
}

impl Lists {
    fn of(simulator: &Simulator, wanted: &str) -> Self {
        let (text_count, mail_count, post_count, channels, faults) = {
            let world = simulator.world();
            let channels = world.ledger.channels().iter();
            let channels = channels.map(|(channel, totals)| ChannelView { name: name(*channel), totals: *totals });
            let faults = world.faults.list().into_iter().map(FaultView::from).collect();
            (world.texts.shelf.len(), world.mails.len(), world.posts.len(), channels.collect(), faults)
        };
        Self {
            now: simulator.env().now(),
            phones: phones(simulator, wanted).into_iter().map(PhoneView::from).collect(),
            phone_count: simulator.phone_count(),
            text_count,
            mails: simulator.mails_in_turn(SHOWN).iter().map(MailView::from).collect(),
            mail_count,
            posts: simulator.posts_in_turn(SHOWN).iter().map(PostView::from).collect(),
            post_count,
            channels,
            faults,
        }
    }
}

/// The phones that are shown: the wanted ones first, so that a broadcast to hundreds does not push them off the page.
fn phones(simulator: &Simulator, wanted: &str) -> Vec<Phone> {
    let newest = simulator.phones_in_turn(SHOWN);
    let Some(end) = end_of_number(wanted) else { return newest };
    let all = simulator.phones();
    let mut shown: Vec<Phone> = all.into_iter().filter(|phone| phone.number.ends_with(&end)).take(SHOWN).collect();
    let others = newest.into_iter().filter(|phone| !phone.number.ends_with(&end));
    shown.extend(others);
    shown.truncate(SHOWN);
    shown
}

/// What a number ends with, however it was typed: `07700 900982`, `+44 7700 900982` or only `900982`. None when too
/// little was typed to mean one.
fn end_of_number(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let end = digits.strip_prefix("44").unwrap_or(&digits).trim_start_matches('0');
    (end.len() >= 3).then(|| end.to_owned())
}

impl MailPage {
    pub(crate) fn of(mail: &Mail) -> Self {
        let content = mail.content.as_deref();
        let headers = content.map(|content| content.headers.clone()).unwrap_or_default();
        Self {
            mail: mail.into(),
            envelope_from: mail.from.clone(),
            headers: headers.into_iter().collect(),
            pieces: pieces(mail.text()),
            has_content: content.is_some(),
            has_html: content.is_some_and(|content| content.html.is_some()),
        }
    }
}

impl PostPage {
    pub(crate) fn of(post: &Post) -> Self {
        Self { post: post.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    #[test]
    fn a_phone_that_is_kept_in_sight_stays_while_hundreds_ring() {
        let simulator = Simulator::new(Settings::default(), domain::Env::fixed(DateTime::UNIX_EPOCH, 1));
        for last in 100..200 {
            simulator.reply(&format!("+447700900{last}"), "Helo").expect("a phone number");
        }
        for typed in ["07700 900101", "+44 7700 900101", "900101"] {
            let shown = phones(&simulator, typed);
            assert_eq!((&*shown[0].number, shown.len()), ("+447700900101", SHOWN), "{typed}");
        }
        for typed in ["", "0", "nothing"] {
            assert_eq!(&*phones(&simulator, typed)[0].number, "+447700900199", "{typed}");
        }
    }
}
