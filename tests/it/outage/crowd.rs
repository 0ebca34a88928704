//! Readers who open page after page on connections that they keep, whatever happens to the database.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use scenarios::process::client;
use scenarios::waiting::until;
use tokio_util::sync::CancellationToken;

/// What readers and their programs ask for.
pub(super) const PATHS: [&str; 9] = [
    "/en/",
    "/cy/",
    "/en/services",
    "/cy/hanes",
    "/en/areas/pthb",
    "/en/feed.atom",
    "/cy/feed.json",
    "/api/v2/summary.json",
    "/en/alerts",
];

/// They read until they are called off.
pub(super) struct Crowd {
    readers: tokio::task::JoinSet<BTreeMap<String, u64>>,
    answers: Arc<AtomicU64>,
    stop: CancellationToken,
}

impl Crowd {
    pub(super) fn gathers(page: &str) -> Self {
        let (mut readers, stop) = (tokio::task::JoinSet::new(), CancellationToken::new());
        let answers = Arc::new(AtomicU64::new(0));
        for first in 0..4 {
            readers.spawn(reads(page.to_owned(), first, (Arc::clone(&answers), stop.clone())));
        }
        Self { readers, answers, stop }
    }

    /// Waits until they have had so many answers more.
    pub(super) async fn reads_on(&self, count: u64) {
        let begun = self.answers.load(Ordering::Relaxed);
        until("there are readers", async || self.answers.load(Ordering::Relaxed) >= begun + count).await;
    }

    /// Calls them off. Every one of their answers was a page.
    pub(super) async fn was_always_answered(self) -> u64 {
        self.stop.cancel();
        let mut all = BTreeMap::<String, u64>::new();
        for seen in self.readers.join_all().await {
            for (kind, count) in seen {
                *all.entry(kind).or_default() += count;
            }
        }
        assert_eq!(all.keys().collect::<Vec<_>>(), ["200 OK"], "every answer: {all:?}");
        all["200 OK"]
    }
}

async fn reads(
    page: String,
    first: usize,
    (answers, stop): (Arc<AtomicU64>, CancellationToken),
) -> BTreeMap<String, u64> {
    let (client, mut seen) = (client(), BTreeMap::new());
    for path in PATHS.iter().cycle().skip(first) {
        if stop.is_cancelled() {
            break;
        }
        let kind = match client.get(format!("{page}{path}")).send().await {
            Ok(answer) => answer.status().to_string(),
            Err(error) => format!("no answer: {error}"),
        };
        *seen.entry(kind).or_default() += 1;
        answers.fetch_add(1, Ordering::Relaxed);
    }
    seen
}
