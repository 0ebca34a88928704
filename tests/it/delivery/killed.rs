//! A program that is killed in the middle of a broadcast, again and again: nobody is missed, the number of repeats has
//! a bound that is known beforehand, and whatever else the program does is there again after each start.

use std::time::{Duration, Instant};

use authoring::{Caller, Publication};
use domain::staff::{Actor, Role};
use domain::{ChannelKind, Env, Language};
use hysbys::config::Config;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::process::{Program, client};
use scenarios::update::Update;
use scenarios::waiting::{until, until_within};
use simulator::{Channel, Simulator};

const PHONES: u64 = 10_000;
const INBOXES: u64 = 10_000;
const KILLS: usize = 50;
/// People per group, and groups under way at once: what may be in doubt after one kill.
const GROUP: u64 = 20;
const PARALLEL: u64 = 4;

on_both! {
    async fn fifty_kills_of_the_notifier_miss_nobody_and_repeat_less_than_the_bound(db: Database) {
        let (app, published) = broadcast_begins(db).await;
        let program = Program::new("notifier", &app.other_process(), db.folder.path());
        let begun = Instant::now();
        for moment in moments() {
            let process = program.start();
            sent(&app, moment).await;
            process.kill();
        }
        let process = program.start();
        everybody_is_told(&app, &published).await;
        process.kill();
        assert_counts(&app, &published, &format!("the notifier in {:.0} s", begun.elapsed().as_secs_f64())).await;
    }
}

on_both! {
    async fn fifty_kills_of_everything_miss_nobody_and_page_and_screens_come_back(db: Database) {
        let (app, published) = broadcast_begins(db).await;
        let token = token_of_an_author(&app).await;
        let config = app.other_program();
        let watcher = Watcher { config: &config, token: &token, published: &published };
        let program = Program::new("serve", &config, db.folder.path());
        let begun = Instant::now();
        let (mut slowest, mut in_the_middle) = (Duration::ZERO, 0);
        for moment in moments() {
            let process = program.start();
            let started = Instant::now();
            watcher.everything_answers().await;
            slowest = slowest.max(started.elapsed());
            in_the_middle += usize::from(accepted_by(&app.world.simulator) < moment);
            sent(&app, moment).await;
            process.kill();
        }
        let process = program.start();
        watcher.everything_answers().await;
        everybody_is_told(&app, &published).await;
        process.kill();
        let what = format!(
            "everything in {:.0} s, {in_the_middle} moments after the page and the screens answered, which took {slowest:.1?} at most",
            begun.elapsed().as_secs_f64()
        );
        assert_counts(&app, &published, &what).await;
    }
}

/// Twenty thousand people, and an update to all of them that nobody sends yet.
async fn broadcast_begins(db: &Database) -> (Installation<'_>, Publication) {
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
    for (first, language) in [(0, Language::Cy), (5_000, Language::En)] {
        app.subscribe(People::phones(first, 5_000).reading(language)).await;
        app.subscribe(People::inboxes(first, 5_000).reading(language)).await;
    }
    let published = app.publish(&Update::first().on(&[ChannelKind::Sms, ChannelKind::Email])).await;
    (app, published)
}

/// Waits until so many messages were accepted.
async fn sent(app: &Installation<'_>, moment: u64) {
    let reached = app.world.simulator.wait_until(|world| accepted_by(world) >= moment);
    tokio::time::timeout(Duration::from_secs(60), reached).await.expect("it goes on sending");
}

async fn everybody_is_told(app: &Installation<'_>, published: &Publication) {
    until_within(Duration::from_secs(120), "everyone has an outcome", async || {
        let progress = app.store().progress(published.broadcast).await.unwrap();
        progress.values().all(|one| one.remaining == 0)
    })
    .await;
}

/// What the phones and inboxes have, against what may be.
async fn assert_counts(app: &Installation<'_>, published: &Publication, what: &str) {
    let (texts, mails) = (app.world.simulator.totals(Channel::Sms), app.world.simulator.totals(Channel::Email));
    let bound = KILLS as u64 * GROUP * PARALLEL;
    println!(
        "{}: {KILLS} kills of {what}; {} messages, missed {}, repeated {} texts and {} mails, at most {bound} allowed",
        if app.store().is_sqlite() { "SQLite" } else { "PostgreSQL" },
        texts.accepted + mails.accepted,
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
