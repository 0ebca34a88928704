//! A notifier that is killed in the middle of a broadcast, again and again: nobody is missed, and the number of
//! repeats has a bound that is known beforehand.

use std::time::{Duration, Instant};

use domain::{ChannelKind, Env, Language};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::process::Program;
use scenarios::update::Update;
use scenarios::waiting::until_within;
use simulator::{Channel, Simulator};

const PHONES: u64 = 10_000;
const INBOXES: u64 = 10_000;
const KILLS: usize = 50;
/// People per group, and groups under way at once: what may be in doubt after one kill.
const GROUP: u64 = 20;
const PARALLEL: u64 = 4;

on_both! {
    async fn fifty_kills_miss_nobody_and_repeat_less_than_the_bound(db: Database) {
        let setup = Installation::with(db).without_notifier().without_receipts();
        let app = setup.configured(|config| {
            config.authoring.chunk_size = 200;
            config.notifier.text_group = GROUP;
            config.notifier.mail_group = GROUP;
            config.notifier.parallel_chunks = usize::try_from(PARALLEL).unwrap();
        })
        .start()
        .await;
        for (first, language) in [(0, Language::Cy), (5_000, Language::En)] {
            app.subscribe(People::phones(first, 5_000).reading(language)).await;
            app.subscribe(People::inboxes(first, 5_000).reading(language)).await;
        }
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms, ChannelKind::Email])).await;

        let program = Program::new("notifier", &app.other_process(), db.folder.path());
        let accepted = || accepted_by(&app.world.simulator);
        let begun = Instant::now();
        let mut kills = 0;
        for moment in moments() {
            let process = program.start();
            let reached = app.world.simulator.wait_until(|world| accepted_by(world) >= moment);
            tokio::time::timeout(Duration::from_secs(60), reached).await.expect("it goes on sending");
            process.kill();
            kills += 1;
        }
        let process = program.start();
        until_within(Duration::from_secs(120), "everyone has an outcome", async || {
            let progress = app.store().progress(published.broadcast).await.unwrap();
            progress.values().all(|one| one.remaining == 0)
        })
        .await;
        process.kill();

        let (texts, mails) = (app.world.simulator.totals(Channel::Sms), app.world.simulator.totals(Channel::Email));
        let bound = kills * GROUP * PARALLEL;
        println!(
            "{}: {kills} kills, {} messages in {:.0} s, missed {}, repeated {} texts and {} mails, at most {bound} allowed",
            if db.store.is_sqlite() { "SQLite" } else { "PostgreSQL" },
            accepted(),
            begun.elapsed().as_secs_f64(),
            PHONES + INBOXES - texts.distinct - mails.distinct,
            texts.repeats,
            mails.repeats,
        );
        assert_eq!((texts.distinct, mails.distinct), (PHONES, INBOXES), "nobody is missed");
        assert!(texts.repeats + mails.repeats <= bound);
        for (kind, people) in [(ChannelKind::Sms, PHONES), (ChannelKind::Email, INBOXES)] {
            let progress = app.progress(published.broadcast, kind).await;
            assert_eq!((progress.sent, progress.failed, progress.unknown), (people.cast_signed(), 0, 0), "{kind:?}");
        }
    }
}

fn accepted_by(world: &Simulator) -> u64 {
    world.totals(Channel::Sms).accepted + world.totals(Channel::Email).accepted
}

/// How many messages have been accepted at the moment of each kill: random, but the same in every run.
fn moments() -> Vec<u64> {
    let random = Env::fixed(scenarios::databases::noon(), 2018);
    let mut moments: Vec<u64> = (0..KILLS).map(|_| 50 + random.below(PHONES + INBOXES - 600)).collect();
    moments.sort_unstable();
    moments
}
