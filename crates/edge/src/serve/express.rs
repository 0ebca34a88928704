//! The quick way of a connection over HTTP/1.1: plain questions for what is ready made are answered from the bytes that
//! came, without anything that a library of HTTP keeps for each connection. Whatever else comes is handed over with its
//! first bytes, and from then on the connection is the library's.
//!
//! On the day of a great incident nearly all requests end here. While a client is silent it costs a task and a socket.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use domain::Env;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::plain::Plain;
use super::seat::{Order, Seat};
use super::watched::Watched;
use crate::Shortcut;

/// How much is read at once: as much as browsers say, several times over.
const READ: usize = 4 * 1024;

/// How the connection goes on.
pub(crate) enum Onward {
    /// It is over.
    Over,
    /// The library takes it; these bytes were read already.
    Elsewhere(Bytes),
}

/// What one poll came to.
enum Turn {
    Onward(Onward),
    /// The client is slow to take its answer.
    Wait(Rest),
}

/// What could not be written yet, and what was read behind the question.
struct Rest {
    answer: [Bytes; 2],
    unread: Bytes,
}

/// What a thread needs while it answers. Nothing of it outlives a poll, so all its connections share it.
struct Desk {
    input: Vec<u8>,
    head: Vec<u8>,
    date: Date,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::new(Desk { input: vec![0; READ], head: Vec::new(), date: Date::default() });
}

/// Answers questions until one comes that is not plain, or the connection ends.
pub(crate) async fn answer<S>(stream: &mut Watched<S>, (shortcut, seat): (&dyn Shortcut, &Seat), env: &Env) -> Onward
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut unread = Bytes::new();
    loop {
        let turn = std::future::poll_fn(|context| {
            DESK.with_borrow_mut(|desk| {
                desk.date.set(env);
                desk.turn(stream, (shortcut, seat), &mut unread, context)
            })
        });
        let rest = match turn.await {
            Ok(Turn::Onward(onward)) => return onward,
            Ok(Turn::Wait(rest)) => rest,
            // Clients hang up all the time.
            Err(_) => return Onward::Over,
        };
        if finish(stream, &rest.answer).await.is_err() {
            return Onward::Over;
        }
        unread = rest.unread;
    }
}

async fn finish<S: AsyncWrite + Unpin>(stream: &mut Watched<S>, answer: &[Bytes]) -> io::Result<()>
where
    Watched<S>: AsyncWrite,
{
    for part in answer {
        stream.write_all(part).await?;
    }
    stream.flush().await
}

impl Desk {
    /// Answers all that has come and is plain.
    fn turn<S>(
        &mut self,
        stream: &mut Watched<S>,
        (shortcut, seat): (&dyn Shortcut, &Seat),
        unread: &mut Bytes,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Turn>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let Self { input, head, date } = self;
        loop {
            let held = std::mem::take(unread);
            if held.is_empty() && seat.order() != Order::Stay {
                return Poll::Ready(Ok(Turn::Onward(Onward::Over)));
            }
            let mut buffer = ReadBuf::new(input);
            if held.is_empty() {
                ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer))?;
            }
            let mut given = if held.is_empty() { buffer.filled() } else { &held[..] };
            if given.is_empty() {
                return Poll::Ready(Ok(Turn::Onward(Onward::Over)));
            }
            while !given.is_empty() {
                head.clear();
                let plain = Plain::read(given);
                let Some((plain, body)) = plain.and_then(|plain| Some((plain, shortcut.plain(&plain.ask, head)?)))
                else {
                    return Poll::Ready(Ok(Turn::Onward(Onward::Elsewhere(Bytes::copy_from_slice(given)))));
                };
                head.extend_from_slice(date.line.as_bytes());
                seat.was_answered();
                given = &given[plain.length..];
                if let Some(answer) = written(stream, (head, body), context)? {
                    let unread = Bytes::copy_from_slice(given);
                    return Poll::Ready(Ok(Turn::Wait(Rest { answer, unread })));
                }
            }
        }
    }
}

/// Writes an answer as far as the client takes it, and gives back what is left.
fn written<S>(
    stream: &mut Watched<S>,
    (head, body): (&[u8], Bytes),
    context: &mut Context<'_>,
) -> io::Result<Option<[Bytes; 2]>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = Pin::new(stream);
    let (mut head, mut body) = (head, body);
    while !(head.is_empty() && body.is_empty()) {
        let both = [IoSlice::new(head), IoSlice::new(&body)];
        let parts = match (head.is_empty(), body.is_empty()) {
            (true, _) => &both[1..],
            (false, true) => &both[..1],
            (false, false) => &both[..],
        };
        match stream.as_mut().poll_write_vectored(context, parts)? {
            Poll::Ready(0) => return Err(io::ErrorKind::WriteZero.into()),
            Poll::Ready(taken) => {
                let of_head = taken.min(head.len());
                head = &head[of_head..];
                drop(body.split_to(taken - of_head));
            }
            Poll::Pending => return Ok(Some([Bytes::copy_from_slice(head), body])),
        }
    }
    // TLS keeps what the socket did not take.
    let is_flushed = stream.as_mut().poll_flush(context)?.is_ready();
    Ok((!is_flushed).then(|| [Bytes::new(), Bytes::new()]))
}

/// The line of the date, and the end of every head. It is written anew when the second changes.
#[derive(Default)]
struct Date {
    second: i64,
    line: String,
}

impl Date {
    fn set(&mut self, env: &Env) {
        let now = env.machine_now();
        if now.timestamp() != self.second {
            self.second = now.timestamp();
            self.line = now.format("date: %a, %d %b %Y %H:%M:%S GMT\r\n\r\n").to_string();
        }
    }
}
