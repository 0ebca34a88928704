//! Somebody who cannot make up their mind: pause, resume, pause, resume.

use domain::ChannelKind;
use domain::delivery::BroadcastState;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::people::People;
use scenarios::scale::Scale;
use scenarios::update::Update;
use scenarios::waiting::{until, until_within};
use simulator::Channel;

use super::pause::{ranges_in_hand, set};

/// Texts per second: low enough that there is something left to pause.
const RATE: u32 = 400;

/// Every second pause is over before anybody has seen it, the others when everything is put down.
pub(super) async fn again_and_again(db: &Database) {
    let scale = Scale::of_this_run();
    let setup = Installation::with(db).rate(RATE).without_receipts();
    let app = setup.configured(|config| config.authoring.chunk_size = 100).start().await;
    let people = scale.pauses * 75;
    app.subscribe(People::phones(0, people)).await;
    let broadcast = app.publish(&Update::first().on(&[ChannelKind::Sms])).await.broadcast;
    let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
    let mut pauses = 0;
    while pauses < scale.pauses && accepted() < people as u64 * 9 / 10 {
        let before = accepted();
        until("it goes on", async || accepted() > before).await;
        set(&app, broadcast, BroadcastState::Paused).await;
        if pauses % 2 == 0 {
            until("every range is put down", async || ranges_in_hand(db, &app).await == 0).await;
        }
        set(&app, broadcast, BroadcastState::Sending).await;
        pauses += 1;
    }
    until_within(scale.patience, "everyone has an outcome", async || {
        app.progress(broadcast, ChannelKind::Sms).await.remaining == 0
    })
    .await;
    let totals = app.world.simulator.totals(Channel::Sms);
    println!("{pauses} pauses: missed {}, repeated {}", people as u64 - totals.distinct, totals.repeats);
    // On a machine that is slow to pause, more is sent between two pauses, and fewer fit into the broadcast.
    assert!(pauses * 4 >= scale.pauses, "{pauses} pauses");
    assert_eq!((totals.distinct, totals.repeats), (people as u64, 0));
    let texts = app.progress(broadcast, ChannelKind::Sms).await;
    assert_eq!((texts.sent.cast_unsigned(), texts.failed, texts.unknown), (people as u64, 0, 0));
}
