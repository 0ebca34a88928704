//! Providers in trouble: nobody is missed, nobody is sent to twice, and nobody's attempts are used up.

use std::time::Duration;

use channels::Secret;
use domain::{ChannelKind, Severity};
use http::StatusCode;
use scenarios::databases::Database;
use scenarios::hook_calls::HookCalls;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::{stays_so_for, until};
use simulator::{Channel, Fault, FaultKind};

const BOTH: [ChannelKind; 2] = [ChannelKind::Sms, ChannelKind::Email];

/// Sends to 60 phones and 60 inboxes while both ways out have this trouble, which ends after `lasts`.
async fn through(db: &Database, kind: FaultKind, (share, lasts): (f64, u64)) {
    let app = Installation::start(db).await;
    app.subscribe(People::phones(0, 60)).await;
    app.subscribe(People::inboxes(0, 60)).await;
    for channel in [Channel::Sms, Channel::Email] {
        let delay = Duration::from_millis(if kind == FaultKind::Slow { 700 } else { 4_000 });
        let fault = Fault { lasts: Some(Duration::from_secs(lasts)), delay, ..Fault::new(channel, kind).share(share) };
        app.world.simulator.set_fault(fault);
    }
    let published = app.publish(&Update::first().on(&BOTH)).await;
    app.until_done(published.broadcast).await;
    for (kind, channel) in [(ChannelKind::Sms, Channel::Sms), (ChannelKind::Email, Channel::Email)] {
        let progress = app.progress(published.broadcast, kind).await;
        assert_eq!((progress.sent, progress.failed, progress.unknown), (60, 0, 0), "{channel:?}");
        assert_eq!(app.world.simulator.totals(channel).distinct, 60, "{channel:?}");
    }
    let repeats = app.world.simulator.totals(Channel::Sms).repeats;
    assert_eq!(repeats, 0, "no text twice");
}

/// "Too many requests" for four seconds: it costs nobody an attempt.
pub(super) async fn a_storm(db: &Database) {
    through(db, FaultKind::TooMany, (1.0, 4)).await;
    assert_eq!(db.number("SELECT CAST(MAX(attempt) AS BIGINT) FROM outcome").await, 1);
}

on_both! {
    async fn some_errors_are_tried_again(db: Database) {
        through(db, FaultKind::Broken, (0.2, 600)).await;
    }
}

on_both! {
    async fn a_provider_that_fails_for_a_while_is_waited_for(db: Database) {
        through(db, FaultKind::Broken, (1.0, 4)).await;
    }
}

/// Every fifth answer is lost: it is looked into, and nobody is texted twice.
pub(super) async fn a_lost_answer(db: &Database) {
    through(db, FaultKind::AcceptThenTimeout, (0.2, 600)).await;
}

on_both! {
    async fn a_provider_that_is_down_costs_nobody_an_attempt_beyond_the_first_few(db: Database) {
        through(db, FaultKind::Refused, (1.0, 4)).await;
        assert!(db.number("SELECT COUNT(*) FROM outcome WHERE attempt > 3").await == 0);
    }
}

on_both! {
    async fn slow_answers_are_waited_for(db: Database) {
        through(db, FaultKind::Slow, (1.0, 600)).await;
    }
}

on_both! {
    async fn a_number_that_does_not_answer_is_counted_as_failed(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(0, 40)).await;
        app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Undelivered).share(0.25));
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        until("receipts say what became of each text", async || {
            let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
            (texts.delivered, texts.failed, texts.remaining) == (30, 10, 0)
        })
        .await;
    }
}

on_both! {
    async fn refused_credentials_keep_the_queue_until_they_are_right(db: Database) {
        let wrong = Installation::with(db)
            .configured(|config| config.sms.providers[0].auth_token = Some(Secret::new("wrong")))
            .start()
            .await;
        wrong.subscribe(People::phones(0, 50)).await;
        let published = wrong.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        stays_so_for(Duration::from_secs(3), "everyone is still to come", async || {
            let texts = wrong.progress(published.broadcast, ChannelKind::Sms).await;
            (texts.sent, texts.failed, texts.remaining) == (0, 0, 50)
        })
        .await;
        wrong.stop().await;

        let right = Installation::start(db).await;
        right.until_done(published.broadcast).await;
        assert_eq!(right.progress(published.broadcast, ChannelKind::Sms).await.sent, 50);
        assert_eq!(db.number("SELECT CAST(MAX(attempt) AS BIGINT) FROM outcome").await, 1);
    }
}

/// The answers are lost, and then nobody can be asked: a text that is not about anything serious is not sent twice, and
/// counts as unknown until a report says more.
pub(super) async fn nobody_can_tell(db: &Database) {
    // Fewer than it takes to give a provider up.
    const PHONES: usize = 6;
    let setup = Installation::with(db).without_receipts();
    let setup = setup.configured(|config| {
        // Time enough to break the provider while it is waited for.
        config.sms.providers[0].timeout_seconds = 4;
        config.notifier.lease_seconds = 20;
        config.notifier.retry_seconds = vec![1, 1];
    });
    let app = setup.start().await;
    app.subscribe(People::phones(0, PHONES)).await;
    app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::AcceptThenTimeout));
    let update = Update::first().on(&[ChannelKind::Sms]).severity(Severity::Moderate);
    let broadcast = app.publish(&update).await.broadcast;
    until("all are taken", async || app.world.simulator.totals(Channel::Sms).accepted == PHONES as u64).await;
    app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Broken));
    until("they are counted as what they are", async || {
        let texts = app.progress(broadcast, ChannelKind::Sms).await;
        (texts.unknown, texts.sent, texts.failed, texts.remaining) == (6, 0, 0, 0)
    })
    .await;
    app.world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::None));
    let subscriber = db.number("SELECT MIN(id) FROM subscriber").await;
    let path = format!("/hooks/sms/primary/status?d={broadcast}.{subscriber}");
    let report = [("MessageSid", "SM00000000000000000000000000000001"), ("MessageStatus", "delivered")];
    assert_eq!(HookCalls::to(&app).signed(&path, &report).await, StatusCode::NO_CONTENT);
    until("a report says more", async || {
        let texts = app.progress(broadcast, ChannelKind::Sms).await;
        (texts.unknown, texts.sent, texts.delivered) == (5, 1, 1)
    })
    .await;
    assert_eq!(app.world.simulator.totals(Channel::Sms).accepted, PHONES as u64, "nobody is texted twice");
}
