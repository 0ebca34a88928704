//! A provider that reports what became of a text before we have heard that it took it.

use std::time::Duration;

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::until;
use simulator::{Channel, Fault, FaultKind};

/// Every answer is lost, so that a text is known to have left only when somebody has looked for it; its report comes
/// within a blink.
pub(super) async fn reports_before_their_texts_are_written_down(db: &Database) {
    let setup = Installation::with(db).configured(|config| {
        config.sms.providers[0].timeout_seconds = 3;
        config.notifier.lease_seconds = 15;
    });
    let app = setup.start().await;
    app.subscribe(People::phones(0, 12)).await;
    let lost = Fault { delay: Duration::from_mins(1), ..Fault::new(Channel::Sms, FaultKind::AcceptThenTimeout) };
    app.world.simulator.set_fault(lost);
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    until("reports are here, and their texts are not written down", async || {
        let reports = db.number("SELECT COUNT(*) FROM receipt").await;
        reports > 0 && db.number("SELECT COUNT(*) FROM outcome").await == 0
    })
    .await;
    until("every report has found its text", async || {
        app.progress(published.broadcast, ChannelKind::Sms).await.delivered == 12
    })
    .await;
    let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
    assert_eq!((texts.sent, texts.failed, texts.unknown, texts.remaining), (12, 0, 0, 0));
    assert_eq!(app.world.simulator.totals(Channel::Sms).repeats, 0);
}
