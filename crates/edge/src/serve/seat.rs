//! What a listener knows of one connection: what it is doing and since when, and whether it has to go. A request costs
//! a few plain stores here, where a timer of its own would cost more than the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::task::AtomicWaker;

use super::limits::Phase;

/// The time of one listener, in milliseconds since it began. Only the listener moves it.
#[derive(Debug, Default)]
pub(crate) struct Clock(AtomicU64);

impl Clock {
    pub(crate) fn set(&self, since_the_beginning: Duration) {
        self.0.store(u64::try_from(since_the_beginning.as_millis()).unwrap_or(u64::MAX >> 2), Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a connection was told. It only ever gets stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    /// Nothing.
    Stay,
    /// To finish what is in hand, and close.
    Finish,
    /// To close at once.
    Leave,
}

/// One connection, shared between its task and the listener.
pub(crate) struct Seat {
    clock: Arc<Clock>,
    /// The phase in the two lowest bits, above them the time of its last progress.
    state: AtomicU64,
    /// Requests that are not answered whole; HTTP/2 may have many.
    in_hand: AtomicU32,
    order: AtomicU8,
    waker: AtomicWaker,
}

/// A request in hand, for as long as this is kept.
pub(crate) struct InHand(Arc<Seat>);

impl Seat {
    /// A connection that was just accepted.
    pub(crate) fn new(clock: Arc<Clock>) -> Arc<Self> {
        let state = AtomicU64::new(clock.now() << 2 | Phase::Head as u64);
        let (in_hand, order) = (AtomicU32::new(0), AtomicU8::new(Order::Stay as u8));
        Arc::new(Self { clock, state, in_hand, order, waker: AtomicWaker::new() })
    }

    /// What it is doing, and for how long without progress.
    pub(crate) fn phase(&self) -> (Phase, Duration) {
        let state = self.state.load(Ordering::Relaxed);
        (phase_of(state), Duration::from_millis(self.clock.now().saturating_sub(state >> 2)))
    }

    /// Bytes have come. `heads`: each request begins anew, as in HTTP/1. A head that is sent in drops makes no
    /// progress.
    pub(crate) fn has_read(&self, heads: bool) {
        match phase_of(self.state.load(Ordering::Relaxed)) {
            Phase::Idle if heads => self.enter(Phase::Head),
            Phase::Busy => self.enter(Phase::Busy),
            Phase::Head | Phase::Idle | Phase::Stalled => {}
        }
    }

    /// Bytes were taken.
    pub(crate) fn has_written(&self) {
        match phase_of(self.state.load(Ordering::Relaxed)) {
            Phase::Stalled | Phase::Idle => self.rest(),
            Phase::Busy => self.enter(Phase::Busy),
            Phase::Head => {}
        }
    }

    /// Everything was taken.
    pub(crate) fn has_flushed(&self) {
        if phase_of(self.state.load(Ordering::Relaxed)) == Phase::Stalled {
            self.rest();
        }
    }

    /// Bytes wait to be taken.
    pub(crate) fn has_stalled(&self) {
        if phase_of(self.state.load(Ordering::Relaxed)) != Phase::Stalled {
            self.enter(Phase::Stalled);
        }
    }

    /// A request was answered as soon as it was there.
    pub(crate) fn was_answered(&self) {
        self.rest();
    }

    /// A request has come whose answer takes a while.
    pub(crate) fn has_asked(self: &Arc<Self>) -> InHand {
        self.in_hand.fetch_add(1, Ordering::Relaxed);
        self.enter(Phase::Busy);
        InHand(Arc::clone(self))
    }

    fn rest(&self) {
        let is_free = self.in_hand.load(Ordering::Relaxed) == 0;
        self.enter(if is_free { Phase::Idle } else { Phase::Busy });
    }

    fn enter(&self, phase: Phase) {
        self.state.store(self.clock.now() << 2 | phase as u64, Ordering::Relaxed);
    }

    /// Tells it what to do, unless it was told more.
    pub(crate) fn tell(&self, order: Order) {
        if self.order.fetch_max(order as u8, Ordering::AcqRel) < order as u8 {
            self.waker.wake();
        }
    }

    /// What it was told.
    pub(crate) fn order(&self) -> Order {
        match self.order.load(Ordering::Acquire) {
            0 => Order::Stay,
            1 => Order::Finish,
            _ => Order::Leave,
        }
    }

    /// Wakes this task with the next order. A task keeps its waker, so it need not be said at each poll.
    pub(crate) fn wakes(&self, waker: &Waker) {
        self.waker.register(waker);
    }

    /// Does this unless it is told to finish or to leave: then there is nothing.
    pub(crate) async fn unless_told<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = std::pin::pin!(work);
        let poll = |context: &mut Context<'_>| match self.order() {
            Order::Stay => work.as_mut().poll(context).map(Some),
            Order::Finish | Order::Leave => Poll::Ready(None),
        };
        std::future::poll_fn(poll).await
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        if self.0.in_hand.fetch_sub(1, Ordering::Relaxed) == 1 && self.0.phase().0 == Phase::Busy {
            self.0.enter(Phase::Idle);
        }
    }
}

const fn phase_of(state: u64) -> Phase {
    match state & 3 {
        0 => Phase::Head,
        1 => Phase::Idle,
        2 => Phase::Busy,
        _ => Phase::Stalled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat() -> (Arc<Clock>, Arc<Seat>) {
        let clock = Arc::new(Clock::default());
        (Arc::clone(&clock), Seat::new(clock))
    }

    fn at(clock: &Clock, milliseconds: u64) {
        clock.set(Duration::from_millis(milliseconds));
    }

    #[test]
    fn a_head_in_drops_makes_no_progress() {
        let (clock, seat) = seat();
        at(&clock, 10);
        seat.has_read(true);
        assert_eq!(seat.phase(), (Phase::Head, Duration::from_millis(10)));
        seat.was_answered();
        at(&clock, 30);
        seat.has_read(true);
        at(&clock, 35);
        seat.has_read(true);
        assert_eq!(seat.phase(), (Phase::Head, Duration::from_millis(5)));
    }

    #[test]
    fn what_an_http2_client_says_beside_requests_begins_none() {
        let (clock, seat) = seat();
        seat.was_answered();
        at(&clock, 30);
        seat.has_read(false);
        assert_eq!(seat.phase(), (Phase::Idle, Duration::from_millis(30)));
    }

    #[test]
    fn a_reader_who_takes_a_little_is_still_there() {
        let (clock, seat) = seat();
        seat.was_answered();
        seat.has_stalled();
        at(&clock, 20);
        seat.has_stalled();
        assert_eq!(seat.phase(), (Phase::Stalled, Duration::from_millis(20)));
        seat.has_written();
        assert_eq!(seat.phase(), (Phase::Idle, Duration::ZERO));
    }

    #[test]
    fn a_connection_rests_when_its_last_request_is_answered() {
        let (_clock, seat) = seat();
        let (first, second) = (seat.has_asked(), seat.has_asked());
        drop(first);
        assert_eq!(seat.phase().0, Phase::Busy);
        drop(second);
        assert_eq!(seat.phase().0, Phase::Idle);
    }

    #[test]
    fn an_order_is_never_taken_back() {
        let (_clock, seat) = seat();
        seat.tell(Order::Leave);
        seat.tell(Order::Finish);
        assert_eq!(seat.order(), Order::Leave);
    }
}
