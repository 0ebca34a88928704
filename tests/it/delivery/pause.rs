//! A person can stop a broadcast within a second, also at a slow provider.

use std::time::{Duration, Instant};

use domain::ChannelKind;
use domain::delivery::BroadcastState;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::{stays_so_for, until};
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

async fn set(app: &Installation<'_>, broadcast: i64, state: BroadcastState) {
    let tx = app.store().begin().await.unwrap();
    assert!(tx.set_broadcast_state(broadcast, state).await.unwrap());
    tx.commit().await.unwrap();
}

async fn ranges_in_hand(db: &Database, app: &Installation<'_>) -> i64 {
    let now = app.parts.env.machine_now().timestamp_millis();
    db.number(&format!("SELECT COUNT(*) FROM chunk WHERE lease_until > {now}")).await
}
