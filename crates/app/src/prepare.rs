//! Makes the database ready before anything works on it, and lets the page live without one.

use std::time::Duration;

use anyhow::{Context, bail};
use domain::{HasKind, Kind};
use edge::Lifecycle;
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::wiring::{Parts, Roles};

/// How long the database may take to answer at the start, when there is an edition to show without it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Serving alone migrates; one role of several refuses to start on a database that is not up to date. The page starts
/// without a database at all when it has an edition to show.
///
/// # Errors
/// When migrations are pending for a role that does not migrate, when the database was made with another key, or when it
/// does not answer and there is no edition to show.
pub(crate) async fn database(parts: &Parts, lifecycle: &Lifecycle) -> anyhow::Result<()> {
    let has_edition = parts.roles.page && parts.page.is_ready();
    let answers = if has_edition { answers(&parts.store).await } else { Ok(()) };
    let pending = match answers {
        Ok(()) => pending(&parts.store, parts.roles).await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    match pending {
        Ok(pending) if pending.is_empty() => Ok(()),
        Ok(pending) => bail!("run `hysbys migrate` first; pending: {}", pending.join(", ")),
        Err(error) if has_edition && is_outage(&error) => {
            let error = format!("{error:#}");
            tracing::warn!(error, "the database does not answer; the page shows its last edition");
            let (store, stop) = (parts.store.clone(), lifecycle.stop.clone());
            lifecycle.tasks.spawn(prepare_later(store, parts.roles, stop));
            Ok(())
        }
        Err(error) => Err(error).context("the database does not answer"),
    }
}

/// A database of another key, or one that cannot be migrated, is not away: it would be worked on wrongly.
fn is_outage(error: &anyhow::Error) -> bool {
    error.downcast_ref::<StoreError>().is_none_or(|error| error.kind() == Kind::Unavailable)
}

/// Where there is an edition there was a database. A file that is gone is a lost disk and not a first start: an empty
/// database in its place would take every incident off the page.
async fn answers(store: &Store) -> anyhow::Result<()> {
    if let Some(file) = store.sqlite_file().filter(|file| !file.exists()) {
        bail!("{} is gone: bring it back, or begin anew with `hysbys migrate`", file.display());
    }
    Ok(tokio::time::timeout(PATIENCE, store.ping()).await.context("it takes too long to answer")??)
}

async fn pending(store: &Store, roles: Roles) -> Result<Vec<String>, StoreError> {
    if roles == Roles::ALL { store.migrate().await.map(|_| Vec::new()) } else { store.pending_migrations().await }
}

/// The database may come back with an older state than this program needs.
async fn prepare_later(store: Store, roles: Roles, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if answers(&store).await.is_ok() && pending(&store, roles).await.is_ok() {
            tracing::info!("the database answers again");
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
