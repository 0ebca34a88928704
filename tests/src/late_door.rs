//! A door that acknowledges what it gets as late as a system may: with the answer, or after 40 ms.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::linux::net::TcpStreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A port of its own that leads to a service, and counts in how many pieces guests speak.
pub struct LateDoor {
    listener: TcpListener,
    pieces: Arc<AtomicUsize>,
}

impl LateDoor {
    /// A door at which guests wait until it is open.
    ///
    /// # Panics
    /// When there is no free port.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a door opens a port")]
    pub fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        Self { listener, pieces: Arc::default() }
    }

    /// Where it is.
    ///
    /// # Panics
    /// Never: it has a port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("an address")
    }

    /// Leads to `service` from now on, for as long as this process lives.
    ///
    /// # Panics
    /// When the port cannot be listened on.
    pub fn open(&self, service: SocketAddr) {
        let (listener, pieces) = (self.listener.try_clone().expect("the same port"), self.pieces.clone());
        thread::spawn(move || {
            for guest in listener.incoming().map_while(Result::ok) {
                let Ok(inside) = TcpStream::connect(service) else { return };
                let pieces = pieces.clone();
                thread::spawn(move || lead(&guest, &inside, &pieces));
            }
        });
    }

    /// What came in pieces so far: what was written at once comes at once.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.pieces.load(Ordering::Relaxed)
    }
}

/// Carries both ways until one of them ends.
fn lead(guest: &TcpStream, inside: &TcpStream, pieces: &AtomicUsize) {
    let _ = (guest.set_nodelay(true), inside.set_nodelay(true));
    thread::scope(|scope| {
        scope.spawn(|| carry(inside, guest, || ()));
        carry(guest, inside, || {
            pieces.fetch_add(1, Ordering::Relaxed);
        });
    });
}

fn carry(mut from: &TcpStream, mut to: &TcpStream, count: impl Fn()) {
    let mut bytes = vec![0; 1 << 18];
    loop {
        // The system forgets this now and then, and acknowledges at once again.
        let _ = from.set_quickack(false);
        match from.read(&mut bytes) {
            Ok(length @ 1..) if to.write_all(&bytes[..length]).is_ok() => count(),
            _ => break,
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
