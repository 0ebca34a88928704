//! Several notifiers on one database have the rate of a provider once, and either may be killed.

use std::time::Duration;

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::{Installation, free_address};
use scenarios::people::People;
use scenarios::process::Program;
use scenarios::update::Update;
use scenarios::waiting::{until, until_within};
use simulator::Channel;

/// Texts per second that the provider is agreed to take, and how many there are: twelve seconds' worth.
const RATE: u32 = 200;
const PHONES: usize = 2_400;
/// Texts that may be on their way to the provider at once, in each process.
const AT_ONCE: u32 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_notifiers_share_one_rate_and_either_may_be_killed() {
    let Some(db) = Database::postgres().await else { return };
    let setup = Installation::with(&db).without_notifier().without_receipts().rate(RATE);
    let app = setup.configured(|config| config.authoring.chunk_size = 100).start().await;
    app.subscribe(People::phones(0, PHONES)).await;
    let accepted = || app.world.simulator.totals(Channel::Sms).accepted;

    let first = Program::new("notifier", &app.other_process(), db.folder.path()).start();
    let mut config = app.other_process();
    config.notifier.listen = free_address();
    let other_folder = tempfile::tempdir().unwrap();
    let second = Program::new("notifier", &config, other_folder.path()).start();
    first.until_ready().await;
    second.until_ready().await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    until("both are in the middle of it", async || accepted() > PHONES as u64 / 2).await;
    let owners = db.number("SELECT COUNT(DISTINCT lease) FROM chunk WHERE state = 1 AND lease <> 0").await;
    first.kill();
    until_within(Duration::from_secs(90), "the other has done the rest", async || {
        app.progress(published.broadcast, ChannelKind::Sms).await.remaining == 0
    })
    .await;
    second.kill();

    let mut times: Vec<_> = app.world.simulator.ledger().entries.iter().map(|one| one.first_at).collect();
    times.sort_unstable();
    let totals = app.world.simulator.totals(Channel::Sms);
    assert_eq!((totals.distinct, totals.repeats), (PHONES as u64, 0));
    assert!(owners >= 2, "both had ranges in hand: {owners}");
    // Before the kill: afterwards the ranges of the dead one wait for their leases to run out.
    let half = &times[..PHONES / 2];
    let seconds = (half[half.len() - 1] - half[0]).as_seconds_f64();
    let per_second = half.len() as f64 / seconds;
    // An idle moment of a tenth of a second is caught up with, each process takes a twentieth ahead, and what was under
    // way when the first answer came had left before it.
    let ahead = f64::from(RATE) * 0.2 + f64::from(2 * AT_ONCE);
    println!("two processes: {per_second:.1} texts a second of {RATE}");
    assert!(half.len() as f64 <= f64::from(RATE) * 1.01 * seconds + ahead, "{per_second} a second");
}
