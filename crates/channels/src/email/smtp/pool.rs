//! A bounded number of connections to the relay, kept open between mails.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::connection::Connection;
use super::wire::Tls;
use super::{Content, Envelope, Failure, Reply, Stage};
use crate::settings::{EmailSettings, Relay, Security};
use crate::{ChannelProblem, Secret};

/// Relays hang up on clients that rest for a minute or more; we go first.
const REST: Duration = Duration::from_secs(20);
/// A connection is replaced after this many mails, so that a relay behind a balancer gets its share again.
const MAILS: u32 = 1000;

/// Where the relay is, and how we present ourselves.
pub(super) struct Endpoint {
    pub(super) relay: Relay,
    pub(super) tls: Option<Tls>,
    pub(super) hello_name: String,
    pub(super) credentials: Option<(String, Secret)>,
    /// What one step may take.
    pub(super) limit: Duration,
}

/// The connections.
pub(in crate::email) struct Pool {
    endpoint: Endpoint,
    places: Semaphore,
    resting: Mutex<Vec<Resting>>,
}

struct Resting {
    connection: Connection,
    carried: u32,
    since: Instant,
}

impl Pool {
    /// Sets up without connecting. `domain` is the sender's, for greeting the relay.
    pub(in crate::email) fn new(settings: &EmailSettings, domain: &str) -> Result<Self, ChannelProblem> {
        let relay = settings.relay().ok_or_else(|| ChannelProblem::setting("email.relay", "is not a relay's URL"))?;
        let tls = match relay.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(Tls::new(settings, &relay.host)?),
        };
        let endpoint = Endpoint {
            relay,
            tls,
            hello_name: settings.hello_name.clone().unwrap_or_else(|| domain.to_owned()),
            credentials: settings.user.clone().zip(settings.password.clone()),
            limit: Duration::from_secs(u64::from(settings.timeout_seconds)),
        };
        let places = Semaphore::new(settings.connections as usize);
        Ok(Self { endpoint, places, resting: Mutex::new(Vec::new()) })
    }

    /// Hands one mail over, on a resting connection where there is one.
    pub(in crate::email) async fn deliver(&self, envelope: &Envelope, content: Content) -> Result<Reply, Failure> {
        let _place = self.places.acquire().await.expect("the semaphore is never closed");
        if let Some(mut resting) = self.wake() {
            let result = resting.connection.deliver(envelope, &content).await;
            // The relay hung up while the connection rested: nothing of this mail has reached it.
            if !matches!(&result, Err(failure) if has_hung_up(failure)) {
                self.rest(resting.connection, resting.carried + 1).await;
                return result;
            }
        }
        let mut connection = Connection::open(&self.endpoint).await?;
        let result = connection.deliver(envelope, &content).await;
        self.rest(connection, 1).await;
        result
    }

    /// Connects, greets and signs in, and takes leave.
    pub(in crate::email) async fn greet(&self) -> Result<(), Failure> {
        Connection::open(&self.endpoint).await?.quit().await;
        Ok(())
    }

    fn wake(&self) -> Option<Resting> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|one| one.since.elapsed() < REST);
        resting.pop()
    }

    async fn rest(&self, connection: Connection, carried: u32) {
        if !connection.is_ready {
            return;
        }
        if carried >= MAILS {
            return connection.quit().await;
        }
        let resting = Resting { connection, carried, since: Instant::now() };
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).push(resting);
    }
}

fn has_hung_up(failure: &Failure) -> bool {
    match failure {
        Failure::Lost { stage } => *stage == Stage::Sender,
        Failure::Refused { stage, reply } => *stage == Stage::Sender && reply.code == 421,
        Failure::Tls | Failure::Unprotected | Failure::Unauthenticated => false,
    }
}
