//! A provider whose address refuses connections: nobody is sent to twice when it is back, and nobody has lost anything.

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::door::Door;
use scenarios::installation::Installation;
use scenarios::people::People;
use scenarios::scale::Scale;
use scenarios::update::Update;
use scenarios::waiting::{lasts, until, until_within};
use simulator::Channel;

const PHONES: usize = 1_000;
/// Texts that may be on their way to the provider at once.
const AT_ONCE: i64 = 20;

/// The connections that there are break, and new ones are refused for a while.
pub(super) async fn in_the_middle(db: &Database) {
    let scale = Scale::of_this_run();
    let mut door = Door::shut();
    let url = format!("http://{}", door.address());
    let setup = Installation::with(db).rate(200).configured(|config| {
        config.authoring.chunk_size = 50;
        config.sms.providers[0].base_url = url;
    });
    let app = setup.start().await;
    door.open(app.world.web());
    app.subscribe(People::phones(0, PHONES)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    until("it is under way", async || app.world.simulator.totals(Channel::Sms).accepted > 200).await;
    door.close().await;
    lasts(scale.refusal).await;
    assert!(app.progress(published.broadcast, ChannelKind::Sms).await.remaining > 0, "it was in the middle");
    door.open(app.world.web());
    until_within(scale.patience, "everyone has an outcome", async || {
        app.progress(published.broadcast, ChannelKind::Sms).await.remaining == 0
    })
    .await;
    let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
    assert_eq!((texts.sent, texts.failed, texts.unknown), (PHONES as i64, 0, 0));
    let totals = app.world.simulator.totals(Channel::Sms);
    assert_eq!((totals.distinct, totals.repeats), (PHONES as u64, 0));
    let burned = db.number("SELECT COUNT(*) FROM outcome WHERE attempt > 1").await;
    assert!(burned <= AT_ONCE, "only those on their way when it broke were tried again: {burned}");
    assert_eq!(db.number("SELECT COUNT(*) FROM outcome WHERE attempt > 2").await, 0);
}
