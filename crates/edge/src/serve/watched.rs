//! A stream that notes at its seat when bytes come, go, or wait to be taken.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::seat::Seat;

/// The stream of one connection.
pub(crate) struct Watched<S> {
    stream: S,
    /// What was read by somebody who could not use it, and is read again.
    given_back: Bytes,
    seat: Arc<Seat>,
    /// Whether each request begins anew, as in HTTP/1.
    heads: bool,
}

impl<S> Watched<S> {
    /// A stream of HTTP/1, in which the first byte after an answer begins the next request.
    pub(crate) const fn of_http1(stream: S, seat: Arc<Seat>) -> Self {
        Self { stream, given_back: Bytes::new(), seat, heads: true }
    }

    /// A stream of HTTP/2.
    pub(crate) const fn of_http2(stream: S, seat: Arc<Seat>) -> Self {
        Self { stream, given_back: Bytes::new(), seat, heads: false }
    }

    /// Reads these bytes before all others.
    pub(crate) fn give_back(&mut self, bytes: Bytes) {
        self.given_back = bytes;
    }

    fn noted<T>(&self, taken: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &taken {
            Poll::Ready(Ok(_)) => self.seat.has_written(),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.seat.has_stalled(),
        }
        taken
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.given_back.is_empty() {
            let length = buf.remaining().min(self.given_back.len());
            buf.put_slice(&self.given_back.split_to(length));
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buf);
        if buf.filled().len() > before {
            self.seat.has_read(self.heads);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let taken = Pin::new(&mut self.stream).poll_write(context, buf);
        self.noted(taken)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // An answer without content is one piece, and the plain call is the cheaper one for the system.
        let taken = match bufs {
            [only] => Pin::new(&mut self.stream).poll_write(context, only),
            _ => Pin::new(&mut self.stream).poll_write_vectored(context, bufs),
        };
        self.noted(taken)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// TLS keeps a little of its own, which may wait here.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        match flushed {
            Poll::Pending => self.seat.has_stalled(),
            Poll::Ready(_) => self.seat.has_flushed(),
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
