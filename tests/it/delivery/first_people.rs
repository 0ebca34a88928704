//! What is sent is worth sending: a broadcast that reaches nobody stops itself, at night only what is urgent rings, nobody
//! is texted too often, and our own phones prove that texts arrive.

use std::time::Duration;

use domain::delivery::BroadcastState;
use domain::{ChannelKind, Severity};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::{stays_so_for, until};
use serde_json::json;
use simulator::{Channel, Fault, FaultKind};

const TEXTS: [ChannelKind; 1] = [ChannelKind::Sms];
/// One of our own phones.
const SEED: &str = "+447700900990";

fn set_clock(app: &Installation<'_>, time: &str) {
    app.parts.env.set_clock(time.parse().unwrap(), 1.0);
}

async fn state(app: &Installation<'_>, broadcast: i64) -> BroadcastState {
    app.store().broadcast(broadcast).await.unwrap().unwrap().state
}

on_both! {
    async fn a_broadcast_whose_first_messages_fail_stops_itself_until_a_person_says_otherwise(db: Database) {
        let app = Installation::with(db).rate(60).configured(|config| config.authoring.chunk_size = 50).start().await;
        app.subscribe(People::phones(0, 600)).await;
        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Undelivered).share(0.5));
        let published = app.publish(&Update::first().on(&TEXTS)).await;
        until("it stops itself", async || state(&app, published.broadcast).await == BroadcastState::Paused).await;
        let reason = app.store().held_for(published.broadcast).await.unwrap();
        assert!(reason.is_some_and(|reason| reason.contains("failed")));
        let alarms = app.store().alarms().await;
        assert!(alarms.iter().any(|one| one.kind == "held"), "{alarms:?}");
        assert!(app.progress(published.broadcast, ChannelKind::Sms).await.remaining > 0, "it was in the middle");

        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::None));
        let tx = app.store().begin().await.unwrap();
        assert!(tx.set_broadcast_state(published.broadcast, BroadcastState::Sending).await.unwrap());
        tx.commit().await.unwrap();
        app.until_done(published.broadcast).await;
        assert!(app.store().alarms().await.iter().all(|one| one.kind != "held"));
        assert_eq!(app.world.simulator.totals(Channel::Sms).distinct, 600);
    }
}

on_both! {
    async fn at_night_a_mild_update_waits_for_the_morning_and_is_not_late_then(db: Database) {
        let quiet = json!({"from": "22:00", "until": "07:00"});
        let quiet = serde_json::from_value(quiet).unwrap();
        let setup = Installation::with(db).configured(move |config| config.notifier.quiet = Some(quiet));
        let app = setup.start().await;
        app.subscribe(People::phones(0, 60)).await;
        set_clock(&app, "2018-01-24T23:30:00Z");
        let update = || Update::first().on(&TEXTS).with("next_update_by", json!("2018-01-25T12:00:00Z"));
        let mild = app.publish(&update().severity(Severity::Moderate)).await;
        let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
        stays_so_for(Duration::from_secs(2), "nothing rings", async || accepted() == 0).await;
        set_clock(&app, "2018-01-25T05:30:00Z");
        stays_so_for(Duration::from_secs(3), "nothing expires", async || {
            app.progress(mild.broadcast, ChannelKind::Sms).await.remaining == 60
        })
        .await;
        let urgent = app.publish(&update().severity(Severity::Critical)).await;
        app.until_done(urgent.broadcast).await;
        assert_eq!(accepted(), 60, "what is urgent rings at night");
        set_clock(&app, "2018-01-25T07:00:30Z");
        app.until_done(mild.broadcast).await;
        assert_eq!(app.progress(mild.broadcast, ChannelKind::Sms).await.sent, 60);
    }
}

on_both! {
    async fn nobody_gets_more_texts_about_an_incident_than_the_operator_allows(db: Database) {
        let app = Installation::with(db).configured(|config| config.notifier.texts_a_day = Some(1)).start().await;
        app.subscribe(People::phones(0, 40)).await;
        let first = app.publish(&Update::first().on(&TEXTS).severity(Severity::Serious)).await;
        app.until_done(first.broadcast).await;
        let second = app.publish_next(first.incident, &Update::next().on(&TEXTS).severity(Severity::Serious)).await;
        app.until_done(second.broadcast).await;
        let texts = app.progress(second.broadcast, ChannelKind::Sms).await;
        assert_eq!((texts.sent, texts.skipped), (0, 40));
        assert_eq!(db.number("SELECT COUNT(*) FROM outcome WHERE code = -1").await, 40, "with the reason");
        let worst = app.publish_next(first.incident, &Update::next().on(&TEXTS).severity(Severity::Critical)).await;
        app.until_done(worst.broadcast).await;
        assert_eq!(app.progress(worst.broadcast, ChannelKind::Sms).await.sent, 40);
    }
}

on_both! {
    async fn our_own_phones_get_every_text_and_prove_that_it_arrives(db: Database) {
        let setup = Installation::with(db).rate(20);
        let app = setup.configured(|config| config.notifier.seeds = vec![SEED.to_owned()]).start().await;
        app.subscribe(People::phones(0, 100)).await;
        app.publish(&Update::first().on(&TEXTS)).await;
        until("our own phone has it", async || {
            app.world.simulator.phone(SEED).is_some_and(|phone| phone.texts.len() == 1)
        })
        .await;
        until("its arrival is known", async || {
            db.number("SELECT COUNT(*) FROM seed WHERE arrived_at IS NOT NULL").await == 1
        })
        .await;
        assert!(app.store().without_a_seed(Duration::ZERO).await.unwrap().is_empty());
    }
}
