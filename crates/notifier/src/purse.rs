//! What one process took ahead of a rate that several share, so that not every message asks the database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use store::{RateGrant, RateRequest, Store, StoreError};
use tokio::time::Instant;

use crate::pace::Lane;

/// As much of the rate is taken at once: few requests, and a killed process takes little with it.
const AHEAD: Duration = Duration::from_millis(50);
/// What is not used for so long is given back.
const IDLE: Duration = Duration::from_millis(250);
/// While the database does not answer, nothing is sent, and it is asked again so often.
const ASK_AGAIN: Duration = Duration::from_millis(250);

/// Where shares of a rate are taken from.
#[async_trait]
pub(crate) trait Till: Send + Sync {
    /// Takes units, or says how long to wait. With 0 units a complaint is passed on.
    async fn take(&self, lane: Lane, units: f64, is_eased: bool) -> Result<RateGrant, StoreError>;

    /// Gives units back.
    async fn give_back(&self, units: f64) -> Result<(), StoreError>;
}

/// The rate of one provider in the database.
pub(crate) struct SharedRate {
    pub(crate) store: Store,
    /// The provider, with its kind.
    pub(crate) provider: String,
    pub(crate) per_second: f64,
}

#[async_trait]
impl Till for SharedRate {
    async fn take(&self, lane: Lane, units: f64, is_eased: bool) -> Result<RateGrant, StoreError> {
        let is_direct = lane == Lane::Direct;
        let Self { store, provider, per_second } = self;
        store.take_rate(RateRequest { provider, units, per_second: *per_second, is_direct, is_eased }).await
    }

    async fn give_back(&self, units: f64) -> Result<(), StoreError> {
        self.store.return_rate(&self.provider, units, self.per_second).await
    }
}

/// Units that were taken and not used yet.
pub(crate) struct Purse {
    till: Box<dyn Till>,
    ahead: f64,
    coins: Mutex<Coins>,
    has_complaint: AtomicBool,
}

struct Coins {
    units: f64,
    factor: f64,
    used: Instant,
}

impl Purse {
    pub(crate) fn new(per_second: f64, till: Box<dyn Till>) -> Self {
        let coins = Mutex::new(Coins { units: 0.0, factor: 1.0, used: Instant::now() });
        let ahead = (per_second * AHEAD.as_secs_f64()).floor();
        Self { till, ahead, coins, has_complaint: AtomicBool::new(false) }
    }

    /// Waits until `units` may leave by the shared rate; returns how much of the agreed rate is used.
    pub(crate) async fn take(&self, lane: Lane, units: f64) -> f64 {
        loop {
            if let Some(factor) = self.spend(units) {
                return factor;
            }
            // Whoever waits with a phone in hand takes what they need, and nothing ahead.
            let wanted = if lane == Lane::Direct { units } else { units.max(self.ahead) };
            match self.ask(lane, wanted).await {
                Ok(RateGrant { wait: None, .. }) => self.coins().units += wanted,
                Ok(RateGrant { wait: Some(wait), .. }) => tokio::time::sleep(wait.min(ASK_AGAIN)).await,
                Err(_) => tokio::time::sleep(ASK_AGAIN).await,
            }
        }
    }

    /// The provider complained: the next request says so to all.
    pub(crate) fn complain(&self) {
        self.has_complaint.store(true, Ordering::Relaxed);
    }

    /// Gives back what nobody used for a while, and passes a complaint on; then how much of the rate is used.
    pub(crate) async fn tidy(&self) -> Option<f64> {
        let idle = {
            let mut coins = self.coins();
            if coins.used.elapsed() >= IDLE { std::mem::take(&mut coins.units) } else { 0.0 }
        };
        // What cannot be given back is lost, which is less than sending it twice.
        if idle > 0.0 {
            let _ = self.till.give_back(idle).await;
        }
        let complains = self.has_complaint.load(Ordering::Relaxed);
        if complains { self.ask(Lane::Broadcast, 0.0).await.ok().map(|grant| grant.factor) } else { None }
    }

    async fn ask(&self, lane: Lane, units: f64) -> Result<RateGrant, StoreError> {
        let is_eased = self.has_complaint.swap(false, Ordering::Relaxed);
        let answer = self.till.take(lane, units, is_eased).await;
        match &answer {
            Ok(grant) => self.coins().factor = grant.factor,
            Err(_) if is_eased => self.complain(),
            Err(_) => {}
        }
        answer
    }

    fn spend(&self, units: f64) -> Option<f64> {
        let mut coins = self.coins();
        if coins.units < units {
            return None;
        }
        coins.units -= units;
        coins.used = Instant::now();
        Some(coins.factor)
    }

    fn coins(&self) -> MutexGuard<'_, Coins> {
        self.coins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pace::Pace;

    /// A till in memory, of 100 units a second.
    #[derive(Default)]
    struct Shared {
        paid_until: Mutex<Option<Instant>>,
        returned: Mutex<f64>,
        complaints: Mutex<u32>,
    }

    struct Drawer(Arc<Shared>);

    #[async_trait]
    impl Till for Drawer {
        async fn take(&self, _: Lane, units: f64, is_eased: bool) -> Result<RateGrant, StoreError> {
            let now = Instant::now();
            *self.0.complaints.lock().unwrap() += u32::from(is_eased);
            let mut paid_until = self.0.paid_until.lock().unwrap();
            let paid = paid_until.unwrap_or(now);
            if paid > now && units > 0.0 {
                return Ok(RateGrant { factor: 1.0, wait: Some(paid - now) });
            }
            *paid_until = Some(paid.max(now) + Duration::from_secs_f64(units / 100.0));
            Ok(RateGrant { factor: if is_eased { 0.7 } else { 1.0 }, wait: None })
        }

        async fn give_back(&self, units: f64) -> Result<(), StoreError> {
            *self.0.returned.lock().unwrap() += units;
            Ok(())
        }
    }

    fn pace(shared: &Arc<Shared>) -> Pace {
        let mut pace = Pace::new(100.0);
        pace.share(Drawer(shared.clone()));
        pace
    }

    #[tokio::test(start_paused = true)]
    async fn processes_that_share_a_rate_have_it_once() {
        let shared = Arc::default();
        let processes = [pace(&shared), pace(&shared), pace(&shared)];
        let (start, sent) = (Instant::now(), AtomicU32::new(0));
        let send = async |pace: &Pace| {
            while start.elapsed() < Duration::from_secs(10) {
                pace.take(Lane::Broadcast, 1).await;
                sent.fetch_add(1, Ordering::Relaxed);
            }
        };
        let [first, second, third] = &processes;
        tokio::join!(send(first), send(second), send(third));
        let sent = sent.into_inner();
        assert!((985..=1_020).contains(&sent), "{sent}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_taken_ahead_and_is_not_needed_is_given_back() {
        let shared = Arc::default();
        let pace = pace(&shared);
        pace.take(Lane::Broadcast, 1).await;
        pace.tidy().await;
        assert!(*shared.returned.lock().unwrap() < 1.0, "not at once");
        tokio::time::advance(IDLE).await;
        pace.tidy().await;
        assert!((*shared.returned.lock().unwrap() - 4.0).abs() < 0.1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_complaint_to_one_process_slows_all_of_them_down() {
        let shared = Arc::default();
        let pace = pace(&shared);
        assert!(pace.ease());
        pace.tidy().await;
        assert_eq!(*shared.complaints.lock().unwrap(), 1);
        assert!((pace.factor() - 0.7).abs() < 0.01);
    }

    use std::sync::atomic::AtomicU32;
}
