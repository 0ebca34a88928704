//! Two notifiers on one database: one that froze and comes back late, and one that must not start at all.

use std::time::Duration;

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::{Installation, free_address};
use scenarios::people::People;
use scenarios::process::Program;
use scenarios::update::Update;
use scenarios::waiting::{until, until_within};
use simulator::Channel;

/// People per group, and groups under way at once.
const GROUP: u64 = 20;
const PARALLEL: usize = 4;

/// It sends nothing more of what it had leased.
pub(super) async fn longer_than_its_lease(db: &Database) {
    let setup = Installation::with(db).without_notifier().without_receipts().rate(200);
    let app = setup
        .configured(|config| {
            config.authoring.chunk_size = 100;
            config.notifier.text_group = GROUP;
            config.notifier.parallel_chunks = PARALLEL;
        })
        .start()
        .await;
    app.subscribe(People::phones(0, 3_000)).await;
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
    let accepted = || app.world.simulator.totals(Channel::Sms).accepted;

    let folder = db.folder.path();
    let first = Program::new("notifier", &app.other_process(), folder).start();
    until("the first has begun", async || accepted() > 300).await;
    first.freeze();
    let env = &app.parts.env;
    let two_leases = env.machine_now() + Duration::from_secs(2 * app.parts.config.notifier.lease_seconds);

    let mut config = app.other_process();
    config.notifier.listen = free_address();
    let other_folder = tempfile::tempdir().unwrap();
    let second = Program::new("notifier", &config, other_folder.path()).start();
    // The second does everything else, and then what the first had leased when it froze.
    until_within(Duration::from_secs(90), "the second has done all of it", async || {
        app.progress(published.broadcast, ChannelKind::Sms).await.remaining == 0
    })
    .await;
    until("two leases have run out", async || env.machine_now() > two_leases).await;
    let before = app.world.simulator.totals(Channel::Sms);
    first.thaw();
    first.until_ready().await;
    // A later broadcast is for both; when it is over, the first has had every chance to send what it held.
    let next = app.publish_next(published.incident, &Update::next().on(&[ChannelKind::Sms])).await;
    app.until_done(next.broadcast).await;
    second.kill();

    let totals = app.world.simulator.totals(Channel::Sms);
    println!(
        "frozen: {} repeats before it thawed, {} in all, at most {}",
        before.repeats,
        totals.repeats,
        GROUP * PARALLEL as u64
    );
    assert_eq!(totals.distinct, 6_000, "nobody is missed");
    assert!(totals.repeats <= GROUP * PARALLEL as u64);
    assert_eq!(app.progress(published.broadcast, ChannelKind::Sms).await.sent, 3_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_notifier_on_a_sqlite_file_is_refused_in_plain_words() {
    let db = Database::sqlite().await;
    let app = Installation::start(&db).await;
    let mut config = app.other_process();
    config.notifier.listen = free_address();
    let output = Program::new("notifier", &config, db.folder.path()).run().await;
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("another notifier already works on"), "{words}");
    assert!(words.contains("PostgreSQL"), "and says what would help: {words}");
    app.stop().await;
}
