//! A person can stop a broadcast within a second, also at a slow provider.

use std::time::{Duration, Instant};

use authoring::Publication;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ChannelKind;
use domain::delivery::BroadcastState;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::{lasts, stays_so_for, until};
use simulator::Channel;

on_both! {
    async fn a_pause_stops_the_texts_within_a_second_and_loses_nobody(db: Database) {
        // At ten a second, the groups in hand would go on for eight seconds.
        let app = Installation::with(db).rate(10).configured(|config| config.authoring.chunk_size = 20).start().await;
        app.subscribe(People::phones(0, 100)).await;
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
        until("the broadcast has begun", async || accepted() > 3).await;
        set(&app, published.broadcast, BroadcastState::Paused).await;
        let put_down = Instant::now();
        until("every range is put down", async || ranges_in_hand(db, &app).await == 0).await;
        println!("paused after {:?}", put_down.elapsed());
        let paused_at = accepted();
        assert!(paused_at < 40, "{paused_at}");
        stays_so_for(Duration::from_secs(2), "nothing leaves", async || accepted() == paused_at).await;
        set(&app, published.broadcast, BroadcastState::Sending).await;
        app.until_done(published.broadcast).await;
        let totals = app.world.simulator.totals(Channel::Sms);
        assert_eq!((totals.distinct, totals.repeats), (100, 0));
    }
}

on_both! {
    async fn a_cancelled_broadcast_stops_within_a_second_and_for_good(db: Database) {
        let app = Installation::with(db).rate(10).configured(|config| config.authoring.chunk_size = 20).start().await;
        app.subscribe(People::phones(0, 100)).await;
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
        until("the broadcast has begun", async || accepted() > 3).await;
        set(&app, published.broadcast, BroadcastState::Cancelled).await;
        until("every range is put down", async || ranges_in_hand(db, &app).await == 0).await;
        let left_by_then = accepted();
        assert!(left_by_then < 40, "{left_by_then}");
        stays_so_for(Duration::from_secs(2), "nothing leaves", async || accepted() == left_by_then).await;
        let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
        assert_eq!(texts.sent.cast_unsigned(), left_by_then, "what left is known");
        let tx = app.store().begin().await.unwrap();
        let is_resumed = tx.set_broadcast_state(published.broadcast, BroadcastState::Sending).await.unwrap();
        assert!(!is_resumed, "what was cancelled is not taken up again");
    }
}

/// By contract: nothing of what was stopped leaves later.
const STOPS_WITHIN: TimeDelta = TimeDelta::seconds(1);

/// An update that is on its way to three thousand phones as quickly as it goes.
async fn under_way(db: &Database) -> (Installation<'_>, Publication) {
    let app = Installation::with(db).rate(400).without_receipts().start().await;
    app.subscribe(People::phones(0, 3_000)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    until("it is in full flow", async || app.world.simulator.totals(Channel::Sms).accepted > 300).await;
    (app, published)
}

/// How much later than `stopped` the provider still got the texts that it got first.
fn trailed(app: &Installation<'_>, stopped: DateTime<Utc>) -> TimeDelta {
    let entries = app.world.simulator.ledger().entries;
    let older = entries.iter().min_by_key(|one| one.first_at).expect("something left").message.clone();
    let last = entries.iter().filter(|one| one.message == older).map(|one| one.last_at).max().expect("the same");
    println!("stopped, and the last text came {} ms later", (last - stopped).num_milliseconds());
    last - stopped
}

/// In full flow, it is paused.
pub(super) async fn at_a_high_rate(db: &Database) {
    let (app, published) = under_way(db).await;
    set(&app, published.broadcast, BroadcastState::Paused).await;
    let stopped = app.parts.env.machine_now();
    until("every range is put down", async || ranges_in_hand(db, &app).await == 0).await;
    lasts(Duration::from_secs(2)).await;
    assert!(trailed(&app, stopped) < STOPS_WITHIN);
    assert!(app.progress(published.broadcast, ChannelKind::Sms).await.remaining > 0, "it was in the middle");
}

/// In full flow, it is cancelled.
pub(super) async fn cancelled_at_a_high_rate(db: &Database) {
    let (app, published) = under_way(db).await;
    set(&app, published.broadcast, BroadcastState::Cancelled).await;
    let stopped = app.parts.env.machine_now();
    until("every range is put down", async || ranges_in_hand(db, &app).await == 0).await;
    lasts(Duration::from_secs(2)).await;
    assert!(trailed(&app, stopped) < STOPS_WITHIN);
    assert!(app.world.simulator.totals(Channel::Sms).accepted < 3_000, "it was in the middle");
}

/// In full flow, something newer is published.
pub(super) async fn overtaken_at_a_high_rate(db: &Database) {
    let (app, published) = under_way(db).await;
    let newer = Update::next().on(&[ChannelKind::Sms]);
    let newer = app.publish_next(published.incident, &newer).await;
    let stopped = app.parts.env.machine_now();
    app.until_done(newer.broadcast).await;
    assert!(trailed(&app, stopped) < STOPS_WITHIN);
    let older = app.progress(published.broadcast, ChannelKind::Sms).await;
    assert!(older.superseded > 0 && older.sent + older.superseded == 3_000, "{older:?}");
}

pub(super) async fn set(app: &Installation<'_>, broadcast: i64, state: BroadcastState) {
    let tx = app.store().begin().await.unwrap();
    assert!(tx.set_broadcast_state(broadcast, state).await.unwrap());
    tx.commit().await.unwrap();
}

pub(super) async fn ranges_in_hand(db: &Database, app: &Installation<'_>) -> i64 {
    let now = app.parts.env.machine_now().timestamp_millis();
    db.number(&format!("SELECT COUNT(*) FROM chunk WHERE lease_until > {now}")).await
}
