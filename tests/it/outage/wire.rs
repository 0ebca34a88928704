//! The wire between the program and its PostgreSQL, which can go dead: nothing is refused and nothing is answered, as
//! behind a switch that lost its mind or a server that swaps.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A wire that lies until it is dropped.
pub(super) struct Wire {
    switch: Switch,
    address: SocketAddr,
    _carrying: JoinSet<()>,
}

/// Whether the wire carries anything.
#[derive(Clone, Debug)]
pub(super) struct Switch(Arc<watch::Sender<bool>>);

impl Switch {
    pub(super) fn turn(&self, carries: bool) {
        self.0.send_replace(carries);
    }
}

impl Wire {
    /// A wire to the server of a PostgreSQL address.
    pub(super) async fn to(server: &url::Url) -> Self {
        let target = (server.host_str().unwrap().to_owned(), server.port().unwrap_or(5432));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let switch = Switch(Arc::new(watch::Sender::new(true)));
        let mut carrying = JoinSet::new();
        carrying.spawn(carry_all(listener, target, switch.0.subscribe()));
        Self { switch, address, _carrying: carrying }
    }

    pub(super) fn switch(&self) -> Switch {
        self.switch.clone()
    }

    /// The same address by way of this wire.
    pub(super) fn leads(&self, server: &url::Url) -> String {
        let mut url = server.clone();
        url.set_ip_host(self.address.ip()).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.to_string()
    }
}

async fn carry_all(listener: TcpListener, target: (String, u16), live: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let (near, _) = listener.accept().await.unwrap();
        let Ok(far) = TcpStream::connect((target.0.as_str(), target.1)).await else { continue };
        let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
        connections.spawn(carry(from_near, to_far, live.clone()));
        connections.spawn(carry(from_far, to_near, live.clone()));
    }
}

/// Until one end hangs up. What comes while the wire is dead arrives late and is not lost, as with TCP.
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut live: watch::Receiver<bool>) {
    let mut bytes = vec![0; 16_384];
    loop {
        let Ok(count @ 1..) = from.read(&mut bytes).await else { return };
        if live.wait_for(|live| *live).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
