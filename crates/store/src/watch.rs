//! Waking up early: who waits for news learns of it at the commit, and every so often even without.

use std::time::Duration;

use domain::WithCauses;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch::{Receiver, Sender};

/// The channel of PostgreSQL's LISTEN and NOTIFY.
const CHANNEL: &str = "hysbys";
/// How long a lost listener waits before it connects again; meanwhile the floor wakes the waiter.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Why [`Watch::next`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Something became public, or the catalogue changed.
    Publication,
    /// There may be something to send.
    Work,
    /// Nothing was announced, but it is time to look: announcements of other processes can get lost.
    Floor,
}

/// Waits for announcements. Each one that comes between two calls is remembered.
pub struct Watch {
    publication: Receiver<()>,
    work: Receiver<()>,
    remote: Option<Remote>,
}

impl Watch {
    /// Comes back when something was announced, or after `at_most`. It never fails: without a database it only waits.
    pub async fn next(&mut self, at_most: Duration) -> Wake {
        tokio::time::timeout(at_most, self.announced()).await.unwrap_or(Wake::Floor)
    }

    async fn announced(&mut self) -> Wake {
        tokio::select! {
            biased;
            Ok(()) = self.publication.changed() => Wake::Publication,
            Ok(()) = self.work.changed() => Wake::Work,
            wake = next_remote(self.remote.as_mut()) => wake,
        }
    }
}

/// The announcements of other processes.
struct Remote {
    pool: PgPool,
    listener: Option<PgListener>,
    own: String,
}

async fn next_remote(remote: Option<&mut Remote>) -> Wake {
    match remote {
        Some(remote) => remote.next().await,
        // On SQLite other processes are seen by the floor alone.
        None => std::future::pending().await,
    }
}

impl Remote {
    async fn next(&mut self) -> Wake {
        loop {
            match self.payload().await {
                Ok(payload) => {
                    if let Some(wake) = self.read(&payload) {
                        return wake;
                    }
                }
                Err(error) => {
                    self.listener = None;
                    tracing::debug!(error = %WithCauses(&error), "the database's announcements cannot be heard");
                    tokio::time::sleep(RECONNECT_AFTER).await;
                }
            }
        }
    }

    async fn payload(&mut self) -> Result<String, sqlx::Error> {
        if self.listener.is_none() {
            let mut listener = PgListener::connect_with(&self.pool).await?;
            listener.listen(CHANNEL).await?;
            self.listener = Some(listener);
        }
        let listener = self.listener.as_mut().expect("it was connected above");
        Ok(listener.recv().await?.payload().to_owned())
    }

    /// This process's own announcements were heard at the commit already.
    fn read(&self, payload: &str) -> Option<Wake> {
        match payload.split_once(' ')? {
            (_, origin) if origin == self.own => None,
            ("publication", _) => Some(Wake::Publication),
            ("work", _) => Some(Wake::Work),
            _ => None,
        }
    }
}

/// The announcing end.
pub(crate) struct Bell {
    publication: Sender<()>,
    work: Sender<()>,
    origin: String,
}

impl Bell {
    pub(crate) fn new(origin: String) -> Self {
        Self { publication: Sender::new(()), work: Sender::new(()), origin }
    }

    /// Tells everyone in this process.
    pub(crate) fn ring(&self, wake: Wake) {
        match wake {
            Wake::Publication => self.publication.send_replace(()),
            Wake::Work => self.work.send_replace(()),
            Wake::Floor => {}
        }
    }

    /// What `pg_notify` takes to tell everyone else: channel and payload.
    pub(crate) fn notice(&self, wake: Wake) -> (&'static str, String) {
        let word = if wake == Wake::Publication { "publication" } else { "work" };
        (CHANNEL, format!("{word} {}", self.origin))
    }

    pub(crate) fn watch(&self, listener_pool: Option<PgPool>) -> Watch {
        let remote = listener_pool.map(|pool| Remote { pool, listener: None, own: self.origin.clone() });
        Watch { publication: self.publication.subscribe(), work: self.work.subscribe(), remote }
    }
}
