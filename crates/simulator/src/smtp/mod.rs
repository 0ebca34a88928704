//! An SMTP server that takes every mail: enough of RFC 5321 for any sender, and faults when they are switched on.

mod command;
mod lines;
mod session;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Simulator;
use crate::faults::{Channel, FaultKind};
use session::Session;

/// How many connections are served at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 512;

/// RFC 5321 gives a client five minutes between commands.
const PATIENCE: Duration = Duration::from_mins(5);

/// Accepts connections until `stop`, then closes those that are open.
pub(crate) async fn serve(
    simulator: &Simulator,
    listener: TcpListener,
    stop: &CancellationToken,
) -> std::io::Result<()> {
    let sessions = TaskTracker::new();
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let result = loop {
        let place = room.clone().acquire_owned().await.expect("the semaphore is never closed");
        let stream = tokio::select! {
            () = stop.cancelled() => break Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // The client left while it waited, or this process has no file handle free: neither ends the server.
                Err(error) if is_passing(&error) => continue,
                Err(error) => break Err(error),
            },
        };
        let (simulator, stop) = (simulator.clone(), stop.clone());
        sessions.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = converse(simulator, stream) => {}
            }
            drop(place);
        });
    };
    sessions.close();
    sessions.wait().await;
    result
}

async fn converse(simulator: Simulator, stream: TcpStream) -> std::io::Result<()> {
    if simulator.world().faults.meet(Channel::Email, None, &[FaultKind::Refused]).is_some() {
        simulator.world().ledger.rejected(Channel::Email);
        simulator.changed();
        return Ok(());
    }
    simulator.world().mails.connections += 1;
    stream.set_nodelay(true)?;
    Session::new(simulator, stream).run().await
}

fn is_passing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
