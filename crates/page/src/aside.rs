//! Work beside the answering of readers, who come first: making editions, putting pages away, writing to disk.

use tokio::task::JoinHandle;

/// How far such work stands back (nice(2)). Where readers want all of a processor, this leaves it three in a hundred
/// parts: so few that only every third reader in a thousand meets it, and an edition is still out within seconds. Where
/// they do not, it costs nothing.
const NICE: i32 = 15;

/// Does this work on a thread that lets all others go first, and so do the threads that it starts.
pub(crate) fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    // A thread cannot become more important again, and those of the pool also do what cannot wait.
    let on_own_thread = || {
        std::thread::scope(|scope| {
            let done = scope.spawn(|| {
                stand_back();
                work()
            });
            done.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    };
    tokio::task::spawn_blocking(on_own_thread)
}

/// Where the system has no such thing, it is no loss.
fn stand_back() {
    let _ = rustix::process::setpriority_process(None, NICE);
}
