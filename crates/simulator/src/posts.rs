//! The posts on the social accounts.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::faults::Channel;
use crate::pages::tongue;
use crate::world::{Moment, Shelf, digest, time};
use crate::{Filter, Simulator};

/// Ids look like Mastodon's: too large for a 32-bit number, so that nobody stores them in one.
const FIRST_ID: u64 = 115_000_000_000_000_000;

/// Mastodon remembers an idempotency key for one hour.
const KEY_LASTS: i64 = 3_600_000;

/// One post.
#[derive(Clone, Debug, Serialize)]
pub struct Post {
    /// Its id at its network.
    pub id: String,
    /// Which network.
    pub channel: Channel,
    /// Who posted it.
    pub account: Arc<str>,
    /// The words.
    pub text: Arc<str>,
    /// The first language stated, as a BCP 47 tag.
    pub language: Option<Arc<str>>,
    /// The id of the post it answers.
    pub in_reply_to: Option<String>,
    /// `public`, `unlisted`, `private` or `direct`.
    pub visibility: Arc<str>,
    /// When, by the clock that people read.
    pub at: DateTime<Utc>,
    /// When, by the machine's clock.
    pub machine_at: DateTime<Utc>,
}

/// A post before it has an id and a time.
pub(crate) struct Draft<'a> {
    pub(crate) channel: Channel,
    pub(crate) account: &'a str,
    pub(crate) text: &'a str,
    pub(crate) language: Option<&'a str>,
    pub(crate) in_reply_to: Option<String>,
    pub(crate) visibility: &'a str,
}

pub(crate) struct Posts {
    shelf: Shelf<Post>,
    /// Account and idempotency key (or record key), the post made with it, and when.
    keys: HashMap<(Arc<str>, String), (u64, i64)>,
}

impl Posts {
    pub(crate) fn new(keep: usize) -> Self {
        Self { shelf: Shelf::new(keep), keys: HashMap::new() }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Post> {
        self.shelf.get(id.parse::<u64>().ok()?.checked_sub(FIRST_ID)?)
    }

    pub(crate) fn len(&self) -> usize {
        self.shelf.len()
    }

    /// The posts of one account, newest first.
    pub(crate) fn of(&self, account: &str) -> impl Iterator<Item = &Post> {
        self.shelf.newest().map(|(_, post)| post).filter(move |post| &*post.account == account)
    }

    /// The post that `account` made with `key` within the last hour.
    pub(crate) fn made_with(&self, account: &Arc<str>, key: &str, machine: i64) -> Option<&Post> {
        let (number, made) = self.keys.get(&(account.clone(), key.to_owned()))?;
        self.shelf.get(*number).filter(|_| machine - made < KEY_LASTS)
    }

    pub(crate) fn remember(&mut self, account: &Arc<str>, key: &str, machine: i64) {
        if self.keys.len() >= 10_000 {
            self.keys.retain(|_, (_, made)| machine - *made < KEY_LASTS);
        }
        self.keys.insert((account.clone(), key.to_owned()), (self.shelf.ever(), machine));
    }

    fn add(&mut self, mut post: Post) -> Post {
        post.id = (FIRST_ID + self.shelf.ever() + 1).to_string();
        self.shelf.push(post.clone());
        post
    }
}

impl crate::world::World {
    /// Publishes `draft` and counts it.
    pub(crate) fn publish(&mut self, draft: Draft<'_>, at: Moment) -> Post {
        let account = self.names.get(draft.account);
        self.ledger.accepted(draft.channel, &account, digest([draft.text]), at.machine);
        let post = Post {
            id: String::new(),
            channel: draft.channel,
            account,
            text: draft.text.into(),
            language: draft.language.map(|language| self.names.get(language)),
            in_reply_to: draft.in_reply_to,
            visibility: self.names.get(draft.visibility),
            at: time(at.shown),
            machine_at: time(at.machine),
        };
        self.posts.add(post)
    }
}

impl Simulator {
    /// All posts, newest first.
    #[must_use]
    pub fn posts(&self) -> Vec<Post> {
        self.posts_where(&Filter::default())
    }

    /// At most `room` posts, newest first, each language in its turn.
    pub(crate) fn posts_in_turn(&self, room: usize) -> Vec<Post> {
        let world = self.world();
        let newest =
            world.posts.shelf.newest().map(|(_, post)| (post.language.as_deref().and_then(tongue::of_tag), post));
        tongue::in_turn(newest, room).into_iter().cloned().collect()
    }

    pub(crate) fn posts_where(&self, filter: &Filter) -> Vec<Post> {
        let world = self.world();
        let wanted = world.posts.shelf.newest().map(|(_, post)| post).filter(|post| filter.is_to(&post.account));
        wanted.take(filter.limit()).cloned().collect()
    }
}
