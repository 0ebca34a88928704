//! Listens and serves until told to stop: with patience that ends, room that is made for newcomers, TLS where it is
//! wanted, and an end that finishes the work in hand.

mod express;
mod hall;
mod limits;
mod plain;
mod protocol;
mod seat;
#[cfg(test)]
mod tests;
mod watched;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use domain::Env;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Interval;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use self::express::Onward;
use self::hall::Hall;
pub use self::limits::Limits;
use self::protocol::{HTTP2_NAME, Version, spoken_version};
use self::seat::Order;
pub(crate) use self::seat::{InHand, Seat};
use self::watched::Watched;
use crate::served::Answer;
use crate::{Certificates, Served, TrustedProxies};

/// How long to wait before asking the system for a connection again after it refused one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Connections that the system keeps until we accept them. A client that finds no place there tries again after a
/// second; the system may keep fewer.
const AT_THE_DOOR: u32 = 4_096;

/// An open address, and how it is spoken to there.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    proxies: TrustedProxies,
}

impl From<TcpListener> for Listener {
    fn from(tcp: TcpListener) -> Self {
        Self { tcp, tls: None, proxies: TrustedProxies::default() }
    }
}

impl Listener {
    /// The same over TLS with these certificates.
    #[must_use]
    pub fn tls(mut self, certificates: &Arc<Certificates>) -> Self {
        self.tls = Some(certificates.acceptor());
        self
    }

    /// The proxies, whose connections carry many clients each.
    #[must_use]
    pub fn proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }
}

/// Opens a listener.
///
/// # Errors
/// When the address is taken or not ours; the message names it.
pub async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restart need not wait until the connections of the process before are forgotten.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(AT_THE_DOOR)
    };
    listen().map_err(|error: io::Error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))
}

/// Serves a router until `stop`, then lets requests in hand finish, at most for `limits.drain`.
pub async fn serve(listener: impl Into<Listener>, served: impl Into<Served>, stop: CancellationToken, limits: Limits) {
    let Listener { tcp, tls, proxies } = listener.into();
    let server =
        Server { served: served.into(), env: Env::real(), http1: protocol::http1(), http2: protocol::http2(), tls };
    let mut house = House { hall: Hall::new(limits, proxies), server: Arc::new(server), connections: JoinSet::new() };
    let mut beat = tokio::time::interval(limits.beat());
    house.receive(&tcp, &stop, &mut beat).await;
    drop(tcp);
    house.hall.close();
    if tokio::time::timeout(limits.drain, house.empty(&mut beat)).await.is_err() {
        tracing::warn!(connections = house.connections.len(), "connections were cut at the deadline");
    }
    house.connections.shutdown().await;
}

/// A listener with its guests.
struct House {
    hall: Hall,
    server: Arc<Server>,
    connections: JoinSet<()>,
}

impl House {
    /// Lets clients in and looks after them, until the signal to stop.
    async fn receive(&mut self, tcp: &TcpListener, stop: &CancellationToken, beat: &mut Interval) {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                Some(ended) = self.connections.join_next_with_id() => self.hall.leave(task_of(&ended)),
                _ = beat.tick() => self.hall.look_around(),
                accepted = tcp.accept(), if !self.hall.is_crowded() => match accepted {
                    Ok((stream, peer)) => self.welcome(stream, peer),
                    Err(error) => {
                        // Out of file handles, most often: somebody has to make room, and trying again at once would
                        // only burn the processor.
                        tracing::warn!(%error, "could not accept a connection");
                        self.hall.make_some_room();
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
    }

    fn welcome(&mut self, stream: TcpStream, peer: SocketAddr) {
        let Some(seat) = self.hall.admit(peer.ip()) else { return };
        let guest = Guest { server: Arc::clone(&self.server), seat: Arc::clone(&seat), peer };
        let task = self.connections.spawn(guest.stay(stream));
        self.hall.enter(task.id(), peer.ip(), seat);
    }

    /// Waits until everybody is gone, with no more patience than before.
    async fn empty(&mut self, beat: &mut Interval) {
        while !self.connections.is_empty() {
            tokio::select! {
                Some(ended) = self.connections.join_next_with_id() => self.hall.leave(task_of(&ended)),
                _ = beat.tick() => self.hall.look_around(),
            }
        }
    }
}

fn task_of(ended: &Result<(tokio::task::Id, ()), tokio::task::JoinError>) -> tokio::task::Id {
    ended.as_ref().map_or_else(tokio::task::JoinError::id, |(task, ())| *task)
}

struct Server {
    served: Served,
    /// Answers say the true time, whatever a story says.
    env: Env,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    tls: Option<TlsAcceptor>,
}

/// A client on its connection.
struct Guest {
    server: Arc<Server>,
    seat: Arc<Seat>,
    peer: SocketAddr,
}

impl Guest {
    /// One connection, from its first byte to its last, or until it is told to leave.
    async fn stay(self, stream: TcpStream) {
        let mut talk = std::pin::pin!(self.talk(stream));
        let mut heard = None;
        std::future::poll_fn(|context| {
            let mut order = self.seat.order();
            if heard.replace(order) != Some(order) {
                self.seat.wakes(context.waker());
                order = self.seat.order();
            }
            if order == Order::Leave { Poll::Ready(()) } else { talk.as_mut().poll(context) }
        })
        .await;
    }

    async fn talk(&self, stream: TcpStream) {
        // Answers are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        if let Some(tls) = &self.server.tls {
            return Box::pin(self.talk_over_tls(stream, tls)).await;
        }
        let version = self.seat.unless_told(spoken_version(&stream)).await.flatten();
        self.converse(stream, version).await;
    }

    async fn talk_over_tls(&self, stream: TcpStream, tls: &TlsAcceptor) {
        // A stranger who cannot agree on TLS is nobody's business.
        let Some(Ok(stream)) = self.seat.unless_told(tls.accept(stream)).await else { return };
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2_NAME);
        self.converse(stream, Some(if is_http2 { Version::Http2 } else { Version::Http1 })).await;
    }

    async fn converse<S>(&self, stream: S, version: Option<Version>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let seat = Arc::clone(&self.seat);
        match version {
            None => {}
            Some(Version::Http1) => self.speak_http1(Watched::of_http1(stream, seat)).await,
            Some(Version::Http2) => {
                let stream = TokioIo::new(Watched::of_http2(stream, seat));
                Box::pin(self.until_over(self.server.http2.serve_connection(stream, self.service()))).await;
            }
        }
    }

    /// The library comes in with the first request that is not plain, and takes the room that it needs.
    async fn speak_http1<S>(&self, mut stream: Watched<S>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        if let Some(shortcut) = self.server.served.shortcut() {
            match express::answer(&mut stream, (shortcut, &self.seat), &self.server.env).await {
                Onward::Elsewhere(bytes) => stream.give_back(bytes),
                Onward::Over => return drop(stream.shutdown().await),
            }
        }
        Box::pin(self.until_over(self.server.http1.serve_connection(TokioIo::new(stream), self.service()))).await;
    }

    fn service(&self) -> impl Service<Request<Incoming>, Response = Answer, Error = Infallible, Future: Send> + use<> {
        let (server, seat, peer) = (Arc::clone(&self.server), Arc::clone(&self.seat), self.peer);
        service_fn(move |request| server.served.answer(request, peer, &seat))
    }

    /// Clients hang up all the time; what a request did is logged where it was handled.
    async fn until_over(&self, connection: impl GracefulConnection) {
        let mut connection = std::pin::pin!(connection);
        let mut is_finishing = false;
        std::future::poll_fn(|context| {
            if !is_finishing && self.seat.order() == Order::Finish {
                connection.as_mut().graceful_shutdown();
                is_finishing = true;
            }
            connection.as_mut().poll(context).map(|_| ())
        })
        .await;
    }
}
