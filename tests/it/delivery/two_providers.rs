//! Two SMS providers: they share the work, and when one of them is lost the other goes on with all of it.

use std::time::{Duration, Instant};

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::{Installation, free_address};
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::until;
use scenarios::world::{add_second_provider, second_account};
use simulator::{Channel, Fault, FaultKind};

/// How long the loss of one of two providers may hold a broadcast up.
const FAILOVER: Duration = Duration::from_secs(15);

async fn sent_by(db: &Database, provider: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM outcome JOIN provider ON provider.id = outcome.provider WHERE provider.name";
    db.number(&format!("{sql} = '{provider}'")).await
}

on_both! {
    async fn two_providers_share_a_broadcast_as_their_weights_say(db: Database) {
        let app = Installation::with(db)
            .rate(100)
            .configured(|config| {
                add_second_provider(config);
                config.authoring.chunk_size = 100;
            })
            .start()
            .await;
        app.subscribe(People::phones(0, 400)).await;
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        app.until_done(published.broadcast).await;
        let (first, second) = (sent_by(db, "primary").await, sent_by(db, "second").await);
        assert_eq!(first + second, 400);
        assert!((160..=240).contains(&first), "half of them each: {first} and {second}");
        let totals = app.world.simulator.totals(Channel::Sms);
        assert_eq!((totals.distinct, totals.repeats), (400, 0));
    }
}

on_both! {
    async fn a_provider_that_cannot_be_reached_costs_nobody_an_attempt(db: Database) {
        let nobody = format!("http://{}", free_address());
        let app = Installation::with(db)
            .configured(move |config| {
                add_second_provider(config);
                config.sms.providers[1].base_url = nobody;
            })
            .start()
            .await;
        app.subscribe(People::phones(0, 200)).await;
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        let begun = Instant::now();
        app.until_done(published.broadcast).await;
        assert!(begun.elapsed() < FAILOVER, "{:?}", begun.elapsed());
        assert_eq!(sent_by(db, "primary").await, 200);
        assert_eq!(db.number("SELECT CAST(MAX(attempt) AS BIGINT) FROM outcome").await, 1);
    }
}

/// The other goes on with its part, and soon.
pub(super) async fn one_dies_in_the_middle(db: &Database) {
    let app = Installation::with(db)
        .rate(100)
        .configured(|config| {
            add_second_provider(config);
            config.authoring.chunk_size = 50;
        })
        .start()
        .await;
    app.subscribe(People::phones(0, 300)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    until("both are sending", async || app.world.simulator.totals(Channel::Sms).accepted > 60).await;
    let died = Instant::now();
    let fault = Fault { account: Some(second_account()), ..Fault::new(Channel::Sms, FaultKind::Refused) };
    app.world.simulator.set_fault(fault);
    app.until_done(published.broadcast).await;
    assert!(died.elapsed() < FAILOVER, "{:?}", died.elapsed());
    until("what happened is written down", async || {
        let events = app.store().provider_events(10).await.unwrap();
        events.iter().any(|one| (one.provider.as_str(), one.what.as_str()) == ("sms/second", "rests"))
    })
    .await;
    let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
    assert_eq!((texts.sent, texts.failed, texts.unknown), (300, 0, 0));
    let totals = app.world.simulator.totals(Channel::Sms);
    assert_eq!((totals.distinct, totals.repeats), (300, 0));
}
