//! All connections of one listener: who may come in, who has been idle for too long, and who makes room for others.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::Id;
use tokio::time::Instant;

use super::limits::{Limits, Phase};
use super::seat::{Clock, Order, Seat};
use crate::TrustedProxies;

/// Whoever makes room does so together with this part of all, so that a crowd at the door does not make us look at
/// everybody for each of them.
const PART: usize = 64;

/// Nobody who is about to ask is sent away in this part of the time that they have for it.
const FAIR_CHANCE: u32 = 8;

/// The connections. One task owns it, so nothing is locked.
pub(crate) struct Hall {
    limits: Limits,
    proxies: TrustedProxies,
    began: Instant,
    clock: Arc<Clock>,
    seats: HashMap<Id, (IpAddr, Arc<Seat>)>,
    clients: HashMap<IpAddr, usize>,
    /// Those who were told to leave and are not gone yet; they take no place.
    leaving: usize,
}

impl Hall {
    pub(crate) fn new(limits: Limits, proxies: TrustedProxies) -> Self {
        Self {
            limits,
            proxies,
            began: Instant::now(),
            clock: Arc::default(),
            seats: HashMap::new(),
            clients: HashMap::new(),
            leaving: 0,
        }
    }

    /// A seat for a client. Where it is needed somebody makes room; `None` when this client has all that one may have,
    /// and each of them is at work.
    pub(crate) fn admit(&mut self, client: IpAddr) -> Option<Arc<Seat>> {
        let client = client.to_canonical();
        let is_counted = !client.is_loopback() && !self.proxies.contain(client);
        let has_all = self.clients.get(&client).is_some_and(|count| *count >= self.limits.per_client);
        if is_counted && has_all && !self.make_room(self.limits.per_client, Some(client)) {
            return None;
        }
        if self.present() >= self.limits.connections {
            self.make_room(self.limits.connections, None);
        }
        Some(Seat::new(Arc::clone(&self.clock)))
    }

    /// Whether somebody was let in for whom nobody made room: then nobody else is, until somebody has left.
    pub(crate) fn is_crowded(&self) -> bool {
        self.present() > self.limits.connections
    }

    fn present(&self) -> usize {
        self.seats.len() - self.leaving
    }

    /// A client has sat down: this task serves it.
    pub(crate) fn enter(&mut self, task: Id, client: IpAddr, seat: Arc<Seat>) {
        let client = client.to_canonical();
        *self.clients.entry(client).or_default() += 1;
        self.seats.insert(task, (client, seat));
    }

    /// The task has ended.
    pub(crate) fn leave(&mut self, task: Id) {
        let Some((client, seat)) = self.seats.remove(&task) else { return };
        match seat.order() {
            Order::Leave => self.leaving -= 1,
            Order::Stay | Order::Finish => self.forget(client),
        }
    }

    /// Makes room for anybody.
    pub(crate) fn make_some_room(&mut self) {
        self.make_room(self.limits.connections, None);
    }

    /// Sends away those who have waited longest between two requests or before their first, of this client or of all;
    /// true when there was somebody. Whoever is being answered stays.
    fn make_room(&mut self, among: usize, client: Option<IpAddr>) -> bool {
        let seats = self.seats.iter().filter(|(_, (own, _))| client.is_none_or(|client| client == *own));
        let waiting = seats.filter_map(|(task, (_, seat))| {
            let (phase, waited) = seat.phase();
            let may_leave = match phase {
                Phase::Idle => true,
                // Whoever has just come is not sent away before they could say a word.
                Phase::Head => waited >= self.limits.head / FAIR_CHANCE,
                Phase::Busy | Phase::Stalled => false,
            };
            (may_leave && seat.order() != Order::Leave).then_some((waited, *task))
        });
        let mut waiting: Vec<(Duration, Id)> = waiting.collect();
        waiting.sort_unstable_by_key(|(waited, _)| std::cmp::Reverse(*waited));
        waiting.truncate((among / PART).max(1));
        for (_, task) in &waiting {
            self.send_away(*task);
        }
        !waiting.is_empty()
    }

    /// From now on it takes no place.
    fn send_away(&mut self, task: Id) {
        let Some((client, seat)) = self.seats.get(&task).filter(|(_, seat)| seat.order() != Order::Leave) else {
            return;
        };
        let client = *client;
        seat.tell(Order::Leave);
        self.leaving += 1;
        self.forget(client);
    }

    fn forget(&mut self, client: IpAddr) {
        if let Entry::Occupied(mut count) = self.clients.entry(client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    /// Reads the clock, and sends away whoever has used up our patience.
    pub(crate) fn look_around(&mut self) {
        self.clock.set(self.began.elapsed());
        let mut over = Vec::new();
        for (task, (_, seat)) in &self.seats {
            let (phase, waited) = seat.phase();
            match waited.checked_sub(self.limits.patience(phase)) {
                None => {}
                // Said goodbye to in the way of its protocol, unless it does not answer even that.
                Some(over) if phase == Phase::Idle && over < self.limits.head => seat.tell(Order::Finish),
                Some(_) => over.push(*task),
            }
        }
        over.into_iter().for_each(|task| self.send_away(task));
        if self.is_crowded() {
            self.make_some_room();
        }
    }

    /// Tells everybody to finish what is in hand.
    pub(crate) fn close(&self) {
        for (_, seat) in self.seats.values() {
            seat.tell(Order::Finish);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;

    fn hall(per_client: usize) -> Hall {
        let limits = Limits { per_client, ..Limits::default() };
        Hall::new(limits, TrustedProxies::parse(&["10.0.0.0/8"]).unwrap())
    }

    /// Lets a client in, whose connection never ends by itself.
    fn welcome(hall: &mut Hall, tasks: &mut JoinSet<()>, client: &str) -> Option<Arc<Seat>> {
        let client = client.parse().unwrap();
        let seat = hall.admit(client)?;
        hall.enter(tasks.spawn(std::future::pending()).id(), client, Arc::clone(&seat));
        Some(seat)
    }

    #[tokio::test]
    async fn a_client_with_many_connections_makes_room_for_itself_and_not_at_others_cost() {
        let (mut hall, mut tasks) = (hall(2), JoinSet::new());
        let other = welcome(&mut hall, &mut tasks, "203.0.113.1").unwrap();
        let first = welcome(&mut hall, &mut tasks, "198.51.100.7").unwrap();
        first.was_answered();
        let second = welcome(&mut hall, &mut tasks, "198.51.100.7").unwrap();
        let _working = second.has_asked();
        let third = welcome(&mut hall, &mut tasks, "::ffff:198.51.100.7").expect("it makes room itself");
        assert_eq!([&other, &first, &second].map(|seat| seat.order()), [Order::Stay, Order::Leave, Order::Stay]);
        let _working_too = third.has_asked();
        assert!(welcome(&mut hall, &mut tasks, "198.51.100.7").is_none(), "all of its connections are at work");
        assert!(welcome(&mut hall, &mut tasks, "198.51.100.8").is_some());
    }

    #[tokio::test]
    async fn proxies_and_this_machine_are_not_counted() {
        let (mut hall, mut tasks) = (hall(1), JoinSet::new());
        for client in ["10.1.2.3", "127.0.0.1", "::1"] {
            for _ in 0..5 {
                let seat = welcome(&mut hall, &mut tasks, client).unwrap();
                assert_eq!(seat.order(), Order::Stay, "{client}");
            }
        }
    }

    #[tokio::test]
    async fn whoever_was_sent_away_takes_no_place_and_is_forgotten() {
        let (mut hall, mut tasks) = (hall(1), JoinSet::new());
        for _ in 0..5 {
            welcome(&mut hall, &mut tasks, "198.51.100.7").unwrap().was_answered();
        }
        assert_eq!((hall.present(), hall.seats.len()), (1, 5));
        tasks.abort_all();
        while let Some(ended) = tasks.join_next_with_id().await {
            hall.leave(ended.unwrap_err().id());
        }
        assert_eq!((hall.present(), hall.leaving, hall.clients.len()), (0, 0, 0));
    }
}
