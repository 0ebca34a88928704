//! One look per process at which broadcasts are under way, for every range in hand: a pause or a newer update is seen as
//! soon as it is announced, and a lost announcement within half a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::delivery::Chunk;
use store::StoreError;
use tokio::sync::watch::{Receiver, Sender};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::work::Work;

/// How often it looks when nothing is announced.
pub(crate) const LOOK: Duration = Duration::from_millis(400);
/// Announcements come in swarms; each look sees what all of them were about.
const PAUSE: Duration = Duration::from_millis(25);

/// What was seen.
#[derive(Debug)]
pub(crate) struct Sight {
    /// When the look began: it says nothing about what was leased later.
    began: Instant,
    /// Each broadcast under way, with the newest one of its incident.
    under_way: BTreeMap<i64, i64>,
}

impl Sight {
    /// Whether messages of a range that was leased before `since` may not leave any more.
    pub(crate) fn forbids(&self, chunk: &Chunk, since: Instant) -> bool {
        self.began >= since && self.under_way.get(&chunk.broadcast).is_none_or(|newest| *newest > chunk.newest)
    }
}

/// Shows the latest sight to everybody who wants to see.
#[derive(Debug)]
pub(crate) struct Lookout {
    latest: Sender<Arc<Sight>>,
}

impl Default for Lookout {
    fn default() -> Self {
        let nothing = Sight { began: Instant::now(), under_way: BTreeMap::new() };
        Self { latest: Sender::new(Arc::new(nothing)) }
    }
}

impl Lookout {
    /// Every sight from now on.
    pub(crate) fn watch(&self) -> Receiver<Arc<Sight>> {
        self.latest.subscribe()
    }
}

/// Looks until it is told to stop, as long as anybody wants to see.
pub(crate) async fn run(work: Arc<Work>, stop: CancellationToken) {
    let mut announced = work.store.watch();
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = announced.next(LOOK) => {}
        }
        // While the database is away nobody knows better, and leases run out by our own clock.
        if work.lookout.latest.receiver_count() > 0 {
            let _ = look(&work).await;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn look(work: &Work) -> Result<(), StoreError> {
    let began = Instant::now();
    let under_way = work.store.broadcasts_under_way().await?;
    work.lookout.latest.send_replace(Arc::new(Sight { began, under_way }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::{ChannelKind, Language};

    use super::*;

    fn chunk(broadcast: i64, newest: i64) -> Chunk {
        let (channel, language) = (ChannelKind::Sms, Language::Cy);
        let (id, low, high, cursor, group_start, lease, attempts) = (1, 1, 9, 0, 0, 7, 1);
        Chunk { id, broadcast, channel, language, low, high, cursor, group_start, lease, attempts, newest }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_and_a_newer_update_are_seen_and_an_old_sight_says_nothing() {
        let leased = Instant::now();
        tokio::time::advance(LOOK).await;
        let sight = Sight { began: Instant::now(), under_way: BTreeMap::from([(1, 1), (2, 3)]) };
        assert!(!sight.forbids(&chunk(1, 1), leased));
        assert!(sight.forbids(&chunk(2, 2), leased), "3 is newer");
        assert!(sight.forbids(&chunk(9, 9), leased), "paused, cancelled or over");
        tokio::time::advance(LOOK).await;
        assert!(!sight.forbids(&chunk(9, 9), Instant::now()), "it was leased after the look");
    }
}
