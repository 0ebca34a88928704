//! `hysbys healthcheck`: asks the local process whether it is ready. Plain sockets: it must work in the barest image.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::config::Config;

/// Long enough for a busy machine, shorter than any orchestrator's patience.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks `/readyz`.
///
/// # Errors
/// When nobody answers, or the answer is not "ready".
pub fn run(config: &Config) -> anyhow::Result<()> {
    let address = config.ops.listen.to_socket_addrs()?.next().context("ops.listen is no address")?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).context("nobody answers")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(4_096).read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { bail!("not ready") }
}
