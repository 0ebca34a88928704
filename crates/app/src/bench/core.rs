//! Work that is held to one core, so that two clients are measured under the same conditions.

use std::process::{Command, Stdio};

use anyhow::{Context, anyhow, ensure};

/// The core of those who send.
pub(super) const CLIENT: &str = "0";

/// The core of those who take.
pub(super) const SERVER: &str = "1";

/// Runs something to its end on a thread of its own that never leaves the core.
///
/// # Errors
/// When taskset is not installed, or the work fails.
pub(super) async fn on_core<T, F>(core: &'static str, work: impl FnOnce() -> F + Send + 'static) -> anyhow::Result<T>
where
    T: Send + 'static,
    F: Future<Output = anyhow::Result<T>>,
{
    let thread = move || {
        hold(core)?;
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work())
    };
    let thread = std::thread::Builder::new().name(format!("core {core}")).spawn(thread)?;
    tokio::task::spawn_blocking(|| thread.join()).await?.map_err(|_| anyhow!("a thread of the benchmark panicked"))?
}

/// Holds the calling thread to a core.
fn hold(core: &str) -> anyhow::Result<()> {
    let thread = std::fs::read_link("/proc/thread-self")?;
    let thread = thread.file_name().context("a thread has a number")?;
    let mut taskset = Command::new("taskset");
    taskset.args(["-p", "-c", core]).arg(thread).stdout(Stdio::null());
    let status = taskset.status().context("cannot start taskset; install util-linux")?;
    ensure!(status.success(), "taskset cannot hold a thread to core {core}");
    Ok(())
}
