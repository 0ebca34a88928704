//! Starts everything that runs beside requests, and ends it together: nothing is spawned outside.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// One process's signal to stop, and the tasks that heed it. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// Cancelled when the process should end; every loop watches it.
    pub stop: CancellationToken,
    /// Every task that runs; also for short tasks that no one needs to supervise.
    pub tasks: TaskTracker,
    failed: Arc<AtomicBool>,
}

impl Lifecycle {
    /// A process that has just begun.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a task that must live as long as the process. If it ends or panics before it was told to, the whole process
    /// stops as failed: half a service that looks alive is worse than a restart.
    pub fn spawn<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let lifecycle = self.clone();
        self.tasks.spawn(async move {
            let outcome = AssertUnwindSafe(task).catch_unwind().await;
            if outcome.is_ok() && lifecycle.stop.is_cancelled() {
                return;
            }
            let reason = if outcome.is_ok() { "ended" } else { "panicked" };
            tracing::error!(task.name = name, reason, "a task ended on its own; stopping the process");
            lifecycle.fail();
        });
    }

    /// Stops the process as failed.
    pub fn fail(&self) {
        self.failed.store(true, Ordering::Release);
        self.stop.cancel();
    }

    /// Whether the process must end with a failing exit code.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Waits until all tasks have ended, at most until the deadline; true when they have. Cancel `stop` first.
    pub async fn drain(&self, deadline: Duration) -> bool {
        self.tasks.close();
        let ended = tokio::time::timeout(deadline, self.tasks.wait()).await.is_ok();
        if !ended {
            tracing::warn!(tasks = self.tasks.len(), "the deadline passed before all tasks had ended");
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn a_task_that_heeds_the_signal_ends_well() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("patient", lifecycle.stop.clone().cancelled_owned());
        lifecycle.stop.cancel();
        assert!(lifecycle.drain(SOON).await && !lifecycle.has_failed());
    }

    #[tokio::test]
    async fn a_task_that_panics_takes_the_process_down() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("clumsy", async { panic!("a defect") });
        lifecycle.stop.cancelled().await;
        assert!(lifecycle.drain(SOON).await && lifecycle.has_failed());
    }

    #[tokio::test]
    async fn a_task_that_ends_early_takes_the_process_down() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("short", async {});
        lifecycle.stop.cancelled().await;
        assert!(lifecycle.has_failed());
    }

    #[tokio::test]
    async fn a_task_that_will_not_end_is_left_behind_at_the_deadline() {
        let lifecycle = Lifecycle::new();
        lifecycle.spawn("deaf", std::future::pending());
        lifecycle.stop.cancel();
        assert!(!lifecycle.drain(Duration::from_millis(20)).await);
    }
}
