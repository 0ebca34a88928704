//! Programs that are killed in the middle of a broadcast, again and again: nobody is missed, the number of repeats of each
//! kill has a bound that is known beforehand, and whatever else a program does is there again after each start.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use authoring::{Caller, Publication};
use chrono::{DateTime, Utc};
use domain::staff::{Actor, Role};
use domain::{ChannelKind, Env, Language};
use hysbys::config::Config;
use scenarios::databases::Database;
use scenarios::installation::{Installation, free_address};
use scenarios::on_both;
use scenarios::people::People;
use scenarios::process::{Program, client};
use scenarios::scale::Scale;
use scenarios::update::Update;
use scenarios::waiting::{until, until_within};
use simulator::{Channel, Simulator};

/// People per group, and groups under way at once.
const GROUP: u64 = 20;
const PARALLEL: u64 = 4;
/// How many may be in doubt after one kill of one process.
const BOUND: u64 = GROUP * PARALLEL;
/// Notifiers at once, where more than one may work on a database.
const SEVERAL: usize = 3;

/// Notifiers are killed in turn at random moments and started again at once: three on a PostgreSQL, one on a SQLite file.
pub(super) async fn notifiers_at_random_moments(db: &Database) {
    let story = Story::begin(db, Scale::of_this_run().kills).await;
    let mut crew: VecDeque<_> = story.programs().into_iter().map(|one| (one.program.start(), one)).collect();
    let (processes, begun) = (crew.len() as u64, Instant::now());
    let mut kills = Vec::new();
    for moment in story.moments() {
        story.sent(moment).await;
        let (process, one) = crew.pop_front().expect("somebody works");
        process.kill();
        kills.push(story.app.parts.env.machine_now());
        crew.push_back((one.program.start(), one));
    }
    story.everybody_is_told().await;
    crew.into_iter().for_each(|(process, _)| process.kill());
    story.assert_counts(&format!("{processes} notifiers in {:.0} s", begun.elapsed().as_secs_f64())).await;
    story.assert_bound_of_each(&kills, processes);
}

on_both! {
    async fn after_each_kill_of_everything_nobody_is_missed_and_page_and_screens_come_back(db: Database) {
        let story = Story::begin(db, Scale::of_this_run().kills_of_everything).await;
        let token = token_of_an_author(&story.app).await;
        let config = story.app.other_program();
        let watcher = Watcher { config: &config, token: &token, published: &story.published };
        let program = Program::new("serve", &config, db.folder.path());
        let begun = Instant::now();
        let (mut slowest, mut in_the_middle) = (Duration::ZERO, 0);
        for moment in story.moments() {
            let process = program.start();
            let started = Instant::now();
            watcher.everything_answers().await;
            slowest = slowest.max(started.elapsed());
            in_the_middle += usize::from(story.accepted() < moment);
            story.sent(moment).await;
            process.kill();
        }
        let process = program.start();
        watcher.everything_answers().await;
        story.everybody_is_told().await;
        process.kill();
        let what = format!(
            "everything in {:.0} s, {in_the_middle} moments after the page and the screens answered, which took {slowest:.1?} at most",
            begun.elapsed().as_secs_f64()
        );
        story.assert_counts(&what).await;
    }
}

/// An update to many people that nobody sends yet.
struct Story<'d> {
    app: Installation<'d>,
    published: Publication,
    kills: usize,
}

/// A program in a folder of its own.
struct OneOfThem {
    program: Program,
    _folder: tempfile::TempDir,
}

impl<'d> Story<'d> {
    async fn begin(db: &'d Database, kills: usize) -> Self {
        let setup = Installation::with(db).without_notifier().without_receipts();
        let app = setup
            .configured(|config| {
                config.authoring.chunk_size = 200;
                config.notifier.text_group = GROUP;
                config.notifier.mail_group = GROUP;
                config.notifier.parallel_chunks = usize::try_from(PARALLEL).unwrap();
            })
            .start()
            .await;
        let half = half_of_each(kills);
        for first in (0..half).step_by(PORTION) {
            let count = PORTION.min(half - first);
            for (first, language) in [(first, Language::Cy), (half + first, Language::En)] {
                app.subscribe(People::phones(first, count).reading(language)).await;
                app.subscribe(People::inboxes(first, count).reading(language)).await;
            }
        }
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms, ChannelKind::Email])).await;
        Self { app, published, kills }
    }

    /// As many notifiers as the database takes, each with a listener and a folder of its own.
    fn programs(&self) -> Vec<OneOfThem> {
        let count = if self.app.store().is_sqlite() { 1 } else { SEVERAL };
        let one = |_| {
            let mut config = self.app.other_process();
            config.notifier.listen = free_address();
            let folder = tempfile::tempdir().unwrap();
            OneOfThem { program: Program::new("notifier", &config, folder.path()), _folder: folder }
        };
        (0..count).map(one).collect()
    }

    /// Phones, and as many inboxes.
    fn people(&self) -> u64 {
        2 * half_of_each(self.kills) as u64
    }

    /// How many messages have been accepted at the moment of each kill: random, but the same in every run.
    fn moments(&self) -> Vec<u64> {
        let random = Env::fixed(scenarios::databases::noon(), 2018);
        let mut moments: Vec<u64> = (0..self.kills).map(|_| 50 + random.below(2 * self.people() - 600)).collect();
        moments.sort_unstable();
        moments
    }

    fn accepted(&self) -> u64 {
        accepted_by(&self.app.world.simulator)
    }

    /// Waits until so many messages were accepted.
    async fn sent(&self, moment: u64) {
        let reached = self.app.world.simulator.wait_until(|world| accepted_by(world) >= moment);
        tokio::time::timeout(Duration::from_secs(60), reached).await.expect("it goes on sending");
    }

    async fn everybody_is_told(&self) {
        until_within(Duration::from_secs(120), "everyone has an outcome", async || {
            let progress = self.app.store().progress(self.published.broadcast).await.unwrap();
            progress.values().all(|one| one.remaining == 0)
        })
        .await;
    }

    /// What the phones and inboxes have, against what may be.
    async fn assert_counts(&self, what: &str) {
        let Self { app, published, kills } = self;
        let (people, bound) = (self.people(), *kills as u64 * BOUND);
        let (texts, mails) = (app.world.simulator.totals(Channel::Sms), app.world.simulator.totals(Channel::Email));
        println!(
            "{}: {kills} kills of {what}; {} messages, missed {}, repeated {} texts and {} mails, at most {bound} allowed",
            if app.store().is_sqlite() { "SQLite" } else { "PostgreSQL" },
            texts.accepted + mails.accepted,
            2 * people - texts.distinct - mails.distinct,
            texts.repeats,
            mails.repeats,
        );
        assert_eq!((texts.distinct, mails.distinct), (people, people), "nobody is missed");
        assert!(texts.repeats + mails.repeats <= bound);
        // The provider is asked for a text before it is sent again.
        assert!(texts.repeats * 100 <= bound, "{} texts are repeated", texts.repeats);
        for kind in [ChannelKind::Sms, ChannelKind::Email] {
            let progress = app.progress(published.broadcast, kind).await;
            assert_eq!((progress.sent, progress.failed, progress.unknown), (people.cast_signed(), 0, 0), "{kind:?}");
        }
    }

    /// Whoever got a message twice was in doubt when the process that had sent it was killed: no kill leaves more in
    /// doubt than the bound. Of what left since the kill before, each process that worked then may have that many.
    fn assert_bound_of_each(&self, kills: &[DateTime<Utc>], processes: u64) {
        let mut repeated = vec![0; kills.len()];
        for entry in self.app.world.simulator.ledger().entries.iter().filter(|entry| entry.count > 1) {
            let next = kills.partition_point(|kill| *kill < entry.first_at);
            repeated[next.min(kills.len() - 1)] += 1;
        }
        let most = repeated.iter().copied().max().unwrap_or_default();
        println!("between two kills at most {most} left that were repeated, at most {} allowed", processes * BOUND);
        assert!(most <= processes * BOUND);
    }
}

/// People are brought in by so many.
const PORTION: usize = 5_000;

/// Half of the phones, and of the inboxes: the more kills, the more is sent meanwhile.
fn half_of_each(kills: usize) -> usize {
    kills * 100
}

fn accepted_by(world: &Simulator) -> u64 {
    world.totals(Channel::Sms).accepted + world.totals(Channel::Email).accepted
}

/// Somebody who looks at the page and at the screens of the program that is killed.
struct Watcher<'a> {
    config: &'a Config,
    token: &'a str,
    published: &'a Publication,
}

impl Watcher<'_> {
    /// The page shows the incident; the staff can sign in, and are told how far the broadcast is.
    async fn everything_answers(&self) {
        let (page, staff) = (self.config.page.listen, self.config.authoring.listen);
        let broadcast = format!("http://{staff}/api/v1/broadcasts/{}", self.published.broadcast);
        let wanted = [
            (format!("http://{page}/en/"), "2018-01-24-"),
            (format!("http://{page}/cy/feed.atom"), "2018-01-24"),
            (format!("http://{staff}/sign-in"), "name=\"password\""),
            (broadcast, "\"sms\""),
        ];
        let client = client();
        for (address, words) in wanted {
            until(&address, async || {
                let answer = client.get(&address).bearer_auth(self.token).send().await;
                let Ok(answer) = answer else { return false };
                answer.status().is_success() && answer.text().await.is_ok_and(|text| text.contains(words))
            })
            .await;
        }
    }
}

async fn token_of_an_author(app: &Installation<'_>) -> String {
    let author = app.staff("carys", Role::Author).await;
    let operator = Actor { id: 0, name: "operator".to_owned(), role: Role::Admin, organisation: None };
    let email = format!("carys-{}@hysbys.example", author.actor.id);
    app.parts.authoring.add_token(&Caller::from(operator), &email, "watcher").await.unwrap()
}
