//! A door in front of a service: while it is shut, connections are refused, as when the service is not running.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// A port of its own that leads to a service, as long as it is open.
pub struct Door {
    address: SocketAddr,
    /// Holds the port without listening, so that nobody else gets it while the door is shut.
    _place: TcpSocket,
    guests: Option<JoinSet<()>>,
}

impl Door {
    /// A door that is shut.
    ///
    /// # Panics
    /// When there is no free port.
    #[must_use]
    pub fn shut() -> Self {
        let place = socket(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = place.local_addr().expect("an address");
        Self { address, _place: place, guests: None }
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens it to a service.
    ///
    /// # Panics
    /// When the port cannot be listened on.
    pub fn open(&mut self, service: SocketAddr) {
        let listener = socket(self.address).listen(1_024).expect("it listens");
        let mut guests = JoinSet::new();
        guests.spawn(let_in(listener, service));
        self.guests = Some(guests);
    }

    /// Shuts it; who is inside is thrown out.
    pub async fn close(&mut self) {
        if let Some(mut guests) = self.guests.take() {
            guests.shutdown().await;
        }
    }
}

/// Two sockets may have one port, where only one of them listens.
fn socket(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("an option of sockets");
    socket.set_reuseport(true).expect("an option of sockets");
    socket.bind(address).expect("a free port");
    socket
}

async fn let_in(listener: TcpListener, service: SocketAddr) {
    let mut guests = JoinSet::new();
    loop {
        let Ok((mut guest, _)) = listener.accept().await else { return };
        guests.spawn(async move {
            let Ok(mut inside) = TcpStream::connect(service).await else { return };
            let _ = (guest.set_nodelay(true), inside.set_nodelay(true));
            // Whichever side hangs up first ends it.
            let _ = copy_bidirectional(&mut guest, &mut inside).await;
        });
        while guests.try_join_next().is_some() {}
    }
}
