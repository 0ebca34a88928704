//! Mail relays with habits: one acknowledges every packet late, one refuses every second recipient.

use std::time::{Duration, Instant};

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::late_door::LateDoor;
use scenarios::people::People;
use scenarios::scale::Scale;
use scenarios::update::Update;
use scenarios::waiting::until_within;
use simulator::{Channel, Fault, FaultKind};

const MAILS: [ChannelKind; 1] = [ChannelKind::Email];
/// Connections at once.
const CONNECTIONS: u32 = 4;
/// Mails for each connection before it is replaced.
const MAILS_OF_A_CONNECTION: u64 = 1_000;

/// A system waits up to 40 ms with its acknowledgement. Whoever sends a mail in two pieces without a word of the relay in
/// between, and without `TCP_NODELAY`, waits that long for every mail.
pub(super) async fn acknowledging_late(db: &Database) {
    const COUNT: usize = 300;
    let door = LateDoor::new();
    let relay = format!("smtp://{}", door.address());
    let app = Installation::with(db)
        .configured(move |config| {
            let email = config.email.as_mut().expect("a relay");
            (email.relay, email.connections) = (relay, 1);
        })
        .start()
        .await;
    door.open(app.world.mail());
    app.subscribe(People::inboxes(0, COUNT)).await;
    let begun = Instant::now();
    app.until_done(app.publish(&Update::first().on(&MAILS)).await.broadcast).await;
    println!("{COUNT} mails in {:?}, {} pieces", begun.elapsed(), door.pieces());
    assert_eq!(app.world.simulator.totals(Channel::Email).distinct, COUNT as u64);
    // The commands of a mail are one piece and its words are another; there is little before the first.
    assert!(door.pieces() <= 2 * COUNT + 10, "{} pieces", door.pieces());
    assert!(begun.elapsed() < Duration::from_millis(40) * COUNT as u32, "{:?}", begun.elapsed());
}

/// A refusal ends no connection: the next mail leaves on the same one.
pub(super) async fn refusing_every_second(db: &Database) {
    let scale = Scale::of_this_run();
    let app = Installation::with(db)
        .configured(|config| {
            config.email.as_mut().expect("a relay").connections = CONNECTIONS;
            // It is the relay that is tried here, not the words.
            config.notifier.canary_failures_percent = 100;
        })
        .start()
        .await;
    app.subscribe_many(People::inboxes, scale.refused_mails).await;
    app.world.simulator.set_fault(Fault::new(Channel::Email, FaultKind::Undelivered).share(0.5));
    let broadcast = app.publish(&Update::first().on(&MAILS)).await.broadcast;
    until_within(scale.patience, "everyone has an outcome", async || {
        app.progress(broadcast, ChannelKind::Email).await.remaining == 0
    })
    .await;
    let half = scale.refused_mails as u64 / 2;
    let mails = app.progress(broadcast, ChannelKind::Email).await;
    assert_eq!((mails.sent.cast_unsigned(), mails.failed.cast_unsigned()), (half, half));
    let totals = app.world.simulator.totals(Channel::Email);
    assert_eq!((totals.accepted, totals.repeats, totals.rejected), (half, 0, half));
    let connections = app.world.simulator.mail_connections();
    println!("{} mails, every second refused: {connections} connections", scale.refused_mails);
    let replaced = scale.refused_mails as u64 / MAILS_OF_A_CONNECTION;
    assert!(connections <= u64::from(CONNECTIONS) + replaced, "{connections} connections");
}
