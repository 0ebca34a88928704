//! The loop that every worker runs: one round after another while there is work, a rest when there is none, and no
//! worry about a database that is away.

use std::error::Error;
use std::time::Duration;

use domain::WithCauses;
use store::Watch;
use tokio_util::sync::CancellationToken;

use crate::work::Work;

/// What a round found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Work, and there may be more.
    Work,
    /// Nothing that could be done now.
    Nothing,
}

impl Found {
    /// A round that dealt with so many.
    pub(crate) const fn of(count: usize) -> Self {
        if count == 0 { Self::Nothing } else { Self::Work }
    }
}

/// How a worker rests after a round that found nothing.
pub(crate) enum Rest {
    /// Until somebody announces work, but at most so long: announcements of other processes can get lost.
    Watching {
        /// Hears the announcements.
        watch: Watch,
        /// The longest rest.
        at_most: Duration,
    },
    /// Always so long.
    Fixed(Duration),
}

impl Rest {
    /// Until there is work that somebody waits for.
    pub(crate) fn watching(work: &Work) -> Self {
        Self::Watching { watch: work.store.watch(), at_most: work.floor() }
    }

    async fn take(&mut self) {
        match self {
            Self::Watching { watch, at_most } => _ = watch.next(*at_most).await,
            Self::Fixed(wait) => tokio::time::sleep(*wait).await,
        }
    }
}

/// Does one round after another until it is told to stop; a round that has begun is finished. A round that fails is
/// a round that found nothing: `what_waits` then says in the log what waits for the database.
pub(crate) async fn in_rounds<F, E>(
    stop: &CancellationToken,
    mut rest: Rest,
    what_waits: &'static str,
    round: impl Fn() -> F,
) where
    F: Future<Output = Result<Found, E>>,
    E: Error + 'static,
{
    while !stop.is_cancelled() {
        let found = round().await.unwrap_or_else(|error| {
            tracing::warn!(error = %WithCauses(&error), "{what_waits}");
            Found::Nothing
        });
        if found == Found::Nothing {
            tokio::select! {
                () = stop.cancelled() => {}
                () = rest.take() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::time::Instant;

    use super::*;

    /// Goes on until `last` rounds are over, and returns how long that took.
    async fn rounds(last: u32, round: impl Fn(u32) -> Result<Found, fmt::Error>) -> Duration {
        let (stop, count, start) = (CancellationToken::new(), AtomicU32::new(0), Instant::now());
        in_rounds(&stop, Rest::Fixed(Duration::from_secs(1)), "the test waits", || {
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            if number == last {
                stop.cancel();
            }
            std::future::ready(round(number))
        })
        .await;
        assert_eq!(count.into_inner(), last);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_rests_only_when_there_is_nothing_to_do() {
        assert_eq!(rounds(5, |_| Ok(Found::Work)).await, Duration::ZERO);
        assert_eq!(rounds(5, |_| Ok(Found::Nothing)).await, Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_is_away_is_asked_again_after_a_rest() {
        let away = |number| if number < 3 { Err(fmt::Error) } else { Ok(Found::Work) };
        assert_eq!(rounds(5, away).await, Duration::from_secs(2));
    }
}
