//! Nobody is told what is not true any more: what is too late is not sent, and nothing old comes after something newer.

use std::time::Duration;

use domain::{ChannelKind, Language};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::{People, phone_number};
use scenarios::update::Update;
use scenarios::waiting::{lasts, stays_so_for, until};
use simulator::{Channel, Fault, FaultKind};

const TEXTS: [ChannelKind; 1] = [ChannelKind::Sms];

fn accepted(app: &Installation<'_>) -> u64 {
    app.world.simulator.totals(Channel::Sms).accepted
}

/// Moves the clock that people read.
fn hours_pass(app: &Installation<'_>, hours: i64) {
    let env = &app.parts.env;
    env.set_clock(env.now() + chrono::TimeDelta::hours(hours), 1.0);
}

/// An older and a newer text, told apart by these words.
fn older() -> Update {
    Update::first().on(&TEXTS).texts("NHS Wales: OLDER. {link}", "GIG Cymru: OLDER. {link}")
}

fn newer() -> Update {
    Update::next().on(&TEXTS).texts("NHS Wales: NEWER. {link}", "GIG Cymru: NEWER. {link}")
}

/// The texts of a phone in the order of their arrival: `o` for the older, `n` for the newer.
fn heard(app: &Installation<'_>, place: usize) -> String {
    let texts = app.world.simulator.phone(&phone_number(place)).map(|phone| phone.texts).unwrap_or_default();
    texts.iter().map(|one| if one.text.contains("OLDER") { 'o' } else { 'n' }).collect()
}

on_both! {
    async fn a_text_that_is_too_late_is_not_sent_and_counted(db: Database) {
        // At four a second, texts of the groups in hand wait for their turn when it gets too late.
        let app = Installation::with(db).rate(4).configured(|config| config.authoring.chunk_size = 20).start().await;
        app.subscribe(People::phones(0, 100)).await;
        let published = app.publish(&Update::first().on(&TEXTS)).await;
        until("the broadcast has begun", async || accepted(&app) > 1).await;
        hours_pass(&app, 5);
        lasts(Duration::from_millis(500)).await;
        let sent = accepted(&app);
        assert!(sent < 20, "{sent}");
        stays_so_for(Duration::from_secs(1), "nothing leaves", async || accepted(&app) == sent).await;
        app.until_done(published.broadcast).await;
        until("the groups in hand are counted", async || {
            let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
            (texts.sent.cast_unsigned(), texts.sent + texts.expired) == (sent, 100)
        })
        .await;
    }
}

on_both! {
    async fn a_queue_gets_too_late_while_its_provider_is_down(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(0, 60)).await;
        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Broken));
        let published = app.publish(&Update::first().on(&TEXTS)).await;
        until("some wait for another attempt", async || db.number("SELECT COUNT(*) FROM retry").await > 0).await;
        hours_pass(&app, 5);
        until("all of it has expired", async || {
            app.progress(published.broadcast, ChannelKind::Sms).await.expired == 60
        })
        .await;
        assert_eq!(db.number("SELECT COUNT(*) FROM retry").await, 0);
        assert_eq!(accepted(&app), 0);
    }
}

on_both! {
    async fn a_newer_update_stops_the_older_within_a_second_also_on_one_channel_of_two(db: Database) {
        let app = Installation::with(db).rate(10).configured(|config| config.authoring.chunk_size = 20).start().await;
        app.subscribe(People::phones(0, 100)).await;
        app.subscribe(People::inboxes(0, 200)).await;
        let both = older().on(&[ChannelKind::Sms, ChannelKind::Email]);
        let first = app.publish(&both).await;
        until("the broadcast has begun", async || accepted(&app) > 3).await;
        app.publish_next(first.incident, &newer()).await;
        lasts(Duration::from_secs(1)).await;
        let old = || (0..100).filter(|place| heard(&app, *place).contains('o')).count();
        let told = old();
        until("everyone has heard the newer", async || (0..100).all(|place| heard(&app, place).contains('n'))).await;
        assert_eq!(old(), told, "no older text after the first second");
        assert!((0..100).all(|place| !heard(&app, place).contains("no")), "no older after newer");
        let texts = app.progress(first.broadcast, ChannelKind::Sms).await;
        assert_eq!((usize::try_from(texts.sent).unwrap(), texts.sent + texts.superseded), (told, 100));
        app.until_done(first.broadcast).await;
        assert_eq!(app.progress(first.broadcast, ChannelKind::Email).await.sent, 200, "mails were not overtaken");
    }
}

on_both! {
    async fn who_is_in_the_area_of_the_newer_update_gets_nothing_older_after_it(db: Database) {
        let app = Installation::with(db).rate(10).configured(|config| config.authoring.chunk_size = 20).start().await;
        app.subscribe(People::phones(0, 30).in_areas(&["pthb"])).await;
        app.subscribe(People::phones(30, 30).in_areas(&["sbuhb"]).reading(Language::Cy)).await;
        let first = app.publish(&older().about(&["pthb", "sbuhb"])).await;
        until("the broadcast has begun", async || accepted(&app) > 3).await;
        let next = app.publish_next(first.incident, &newer().about(&["sbuhb"])).await;
        app.until_done(first.broadcast).await;
        app.until_done(next.broadcast).await;
        assert!((0..30).all(|place| heard(&app, place) == "o"), "those of the other area hear the older one");
        assert!((30..60).all(|place| matches!(heard(&app, place).as_str(), "n" | "on")));
        let texts = app.progress(first.broadcast, ChannelKind::Sms).await;
        assert!(texts.superseded > 0 && texts.skipped == 0, "{texts:?}");
    }
}

on_both! {
    async fn an_attempt_that_failed_is_not_repeated_after_a_newer_update(db: Database) {
        let app = Installation::with(db).configured(|config| config.notifier.retry_seconds = vec![3]).start().await;
        app.subscribe(People::phones(0, 8)).await;
        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Broken));
        let first = app.publish(&older()).await;
        until("all wait for another attempt", async || db.number("SELECT COUNT(*) FROM retry").await == 8).await;
        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Broken).share(0.0));
        let next = app.publish_next(first.incident, &newer()).await;
        app.until_done(next.broadcast).await;
        assert_eq!(app.progress(first.broadcast, ChannelKind::Sms).await.superseded, 8);
        let tx = app.store().begin().await.unwrap();
        assert_eq!(tx.retry_failed(first.broadcast).await.unwrap(), 0, "also when somebody asks for it");
        drop(tx);
        stays_so_for(Duration::from_secs(4), "only the newer is heard", async || {
            (0..8).all(|place| heard(&app, place) == "n")
        })
        .await;
    }
}
