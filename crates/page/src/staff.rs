//! What staff are told - what works, how to work meanwhile, what to record on the answering machine - at an unlisted
//! address with a key. Nothing of it is in the edition: it is drawn for whoever asks with the right key, from what the
//! public page knows and a board of its own. Like the page it needs no database to be read.

pub(crate) mod board;
mod keep;
mod serve;
pub(crate) mod view;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use axum::Router;
use axum::routing::get;
use chrono::{DateTime, Utc};
use domain::Language;
use domain::site::PathWords;
use store::Briefings;
use tokio::sync::watch;

use self::board::Known;
use self::keep::Keep;
use crate::Page;
use crate::edition::Document;

/// The staff view beside the page.
pub(crate) struct Staff {
    briefings: Briefings,
    known: ArcSwap<Known>,
    /// The publication counter of what is known.
    read: watch::Sender<i64>,
    /// Somebody reads the database for it.
    followed: AtomicBool,
    keep: Keep,
    drawn: Mutex<Drawn>,
}

/// A page of the staff view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sheet {
    /// Everything that is going on.
    All,
    /// The notice about the incident with this number.
    Notice(i64),
}

/// The same in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Leaf {
    language: Language,
    sheet: Sheet,
}

/// What the drawn pages were drawn from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Source {
    edition: String,
    version: i64,
    doubted_since: Option<DateTime<Utc>>,
}

/// Pages that were drawn before, until what they were drawn from changes: on a bad day every surgery asks for the same.
#[derive(Debug, Default)]
struct Drawn {
    source: Source,
    documents: HashMap<Leaf, Arc<Document>>,
}

impl Staff {
    /// Nothing is known yet.
    pub(crate) fn new(briefings: Briefings, folder: &Path) -> Self {
        Self {
            briefings,
            known: ArcSwap::default(),
            read: watch::Sender::new(-1),
            followed: AtomicBool::new(false),
            keep: Keep::in_folder(folder),
            drawn: Mutex::default(),
        }
    }

    /// Ends when what is known is at least as new as this. While nobody reads the database for it, nobody is shown
    /// anything either, and what it reads first is newer.
    pub(crate) async fn locks(&self, version: i64) {
        if !self.followed.load(Ordering::Acquire) {
            return;
        }
        // The sender lives as long as the staff view, so waiting cannot fail.
        let _ = self.read.subscribe().wait_for(|read| *read >= version).await;
    }

    fn remembered(&self, source: &Source, leaf: Leaf) -> Option<Arc<Document>> {
        let drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        (drawn.source == *source).then(|| drawn.documents.get(&leaf).cloned()).flatten()
    }

    fn remember(&self, source: Source, leaf: Leaf, document: Arc<Document>) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.source != source {
            *drawn = Drawn { source, documents: HashMap::new() };
        }
        drawn.documents.insert(leaf, document);
    }
}

/// The pages under their addresses in every language. Logs name the pattern of a route, never the key in its place.
pub(crate) fn router(page: Page) -> Router {
    let mut router = Router::new();
    for language in &page.shared.site.languages {
        let words = PathWords::of(*language);
        let base = format!("/{}/{}/{{key}}", language.code(), words.staff);
        router = router
            .route(&base, get(serve::all))
            .route(&format!("{base}/{}/{{number}}", words.notice), get(serve::notice));
    }
    router.with_state(page)
}
