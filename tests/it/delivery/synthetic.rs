//! Millions of people who do not exist, and providers that send nothing: everything else is real.

use std::time::Instant;

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::people::People;
use scenarios::scale::Scale;
use scenarios::update::Update;
use scenarios::waiting::until_within;

/// Everybody has exactly one outcome at the end, and the sums say so.
pub(super) async fn a_broadcast_that_nobody_gets(db: &Database) {
    let scale = Scale::of_this_run();
    let setup = Installation::with(db).configured(|config| {
        config.rehearsal.send_nothing = true;
        config.rehearsal.rate = 1_000_000_000;
    });
    let app = setup.start().await;
    let (phones, inboxes) = (scale.synthetic / 3 * 2, scale.synthetic / 3);
    app.subscribe_many(People::phones, phones).await;
    app.subscribe_many(People::inboxes, inboxes).await;
    let begun = Instant::now();
    let broadcast = app.publish(&Update::first().on(&[ChannelKind::Sms, ChannelKind::Email])).await.broadcast;
    until_within(scale.patience, "everyone has an outcome", async || {
        let progress = app.store().progress(broadcast).await.expect("progress");
        progress.values().all(|one| one.remaining == 0)
    })
    .await;
    let people = phones + inboxes;
    println!("{people} made-up people: {:.0} outcomes/s", people as f64 / begun.elapsed().as_secs_f64());
    for (kind, people) in [(ChannelKind::Sms, phones), (ChannelKind::Email, inboxes)] {
        let progress = app.progress(broadcast, kind).await;
        let counts = (progress.audience, progress.sent, progress.failed, progress.skipped, progress.unknown);
        assert_eq!(counts, (people as i64, people as i64, 0, 0, 0), "{kind:?}");
    }
    assert_eq!(db.number("SELECT COUNT(*) FROM outcome").await, people as i64, "one each");
    assert_eq!(app.world.simulator.ledger().totals.accepted, 0, "and nobody heard anything");
}
