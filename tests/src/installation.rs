//! A whole Hysbys with its outside world, on either database: real listeners, real workers, simulated providers.

use std::net::{Ipv4Addr, SocketAddr};

use authoring::{Caller, OpenIncident, Publication};
use chrono::{DateTime, Utc};
use domain::staff::{Actor, Role};
use domain::{ChannelKind, Contact, Env, IncidentKind, Language, Severity};
use edge::Lifecycle;
use hysbys::config::Config;
use hysbys::wiring::{self, Exercise, Listeners, Parts, Roles};
use serde_json::json;
use store::{Store, Subscriptions};

use crate::databases::Database;
use crate::people::People;
use crate::update::{Update, samples};
use crate::waiting::{PATIENCE, until};
use crate::world::{QUICK, World};

/// How many people are brought in at once.
const PORTION: usize = 20_000;

/// One installation that runs until it is dropped.
pub struct Installation<'d> {
    /// Its database.
    pub database: &'d Database,
    /// Phones, inboxes and accounts.
    pub world: World,
    /// Its parts, as the program joins them.
    pub parts: Parts,
    lifecycle: Lifecycle,
}

type Change = Box<dyn FnOnce(&mut Config) + Send>;

/// How an installation is set up.
pub struct Setup<'d> {
    database: &'d Database,
    roles: Roles,
    rate: u32,
    is_silent: bool,
    changes: Vec<Change>,
}

impl<'d> Installation<'d> {
    /// All roles in this process, with the sample catalogue, at 3.05pm of the story.
    pub async fn start(database: &'d Database) -> Self {
        Self::with(database).start().await
    }

    /// The same with other settings.
    #[must_use]
    pub fn with(database: &'d Database) -> Setup<'d> {
        Setup { database, roles: Roles::ALL, rate: QUICK, is_silent: false, changes: Vec::new() }
    }

    /// The database as the installation sees it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// What a visitor may change.
    #[must_use]
    pub fn subscriptions(&self) -> Subscriptions {
        self.parts.store.subscriptions()
    }

    /// The address of a listener, such as `http://127.0.0.1:4711`.
    #[must_use]
    pub fn url_of_hooks(&self) -> String {
        format!("http://{}", self.parts.config.notifier.listen)
    }

    /// The configuration of another process of this installation. Its notifier is the one that providers call back.
    #[must_use]
    pub fn other_process(&self) -> Config {
        let mut config = self.parts.config.clone();
        config.ops.listen = free_address();
        // It reads the true clock, by which the updates of this story are years old.
        let for_ever = 50 * 365 * 24 * 3_600;
        config.notifier.text_lasts_seconds = for_ever;
        config.notifier.mail_lasts_seconds = for_ever;
        config.notifier.post_lasts_seconds = for_ever;
        config
    }

    /// The configuration of a whole other program on the same database, with listeners and an edition of its own.
    #[must_use]
    pub fn other_program(&self) -> Config {
        let mut config = self.other_process();
        config.page.listen = free_address();
        config.authoring.listen = free_address();
        config.page.data_dir = self.database.folder.path().join("edition-of-the-process");
        config.authoring.url = format!("http://{}", config.authoring.listen);
        for language in Language::ALL {
            config.site.url.insert(language, format!("http://{}/{language}", config.page.listen));
        }
        config
    }

    /// A member of staff.
    ///
    /// # Panics
    /// When the database does not take them.
    pub async fn staff(&self, name: &str, role: Role) -> Caller {
        let id = self.parts.env.id();
        let account = store::StaffAccount {
            id,
            email: format!("{name}-{id}@hysbys.example"),
            name: name.to_owned(),
            role,
            organisation: None,
            password_hash: None,
            totp_secret: None,
            totp_last_step: 0,
            setup_hash: None,
            setup_expires: None,
            active: true,
        };
        let tx = self.store().begin().await.expect("a transaction");
        tx.save_staff(&account).await.expect("an account");
        tx.commit().await.expect("a commit");
        Caller::from(Actor { id, name: name.to_owned(), role, organisation: None })
    }

    /// Brings people in.
    ///
    /// # Panics
    /// When one of them was there already.
    pub async fn subscribe(&self, people: People) {
        let catalogue = self.store().catalogue().await.expect("a catalogue");
        let people = people.subscribers(&catalogue);
        let added = self.store().import_subscribers(&people).await.expect("an import");
        assert_eq!(added, people.len(), "all of them are new");
    }

    /// Brings many people in, a portion at a time: `people` makes so many, beginning with the first.
    ///
    /// # Panics
    /// When one of them was there already.
    pub async fn subscribe_many(&self, people: fn(usize, usize) -> People, count: usize) {
        for first in (0..count).step_by(PORTION) {
            self.subscribe(people(first, PORTION.min(count - first))).await;
        }
    }

    /// Alice writes an update about a new incident, Bob approves it, and it is public.
    ///
    /// # Panics
    /// When one of them is refused.
    pub async fn publish(&self, update: &Update) -> Publication {
        let alice = self.staff("alice", Role::Author).await;
        let order = OpenIncident {
            kind: IncidentKind::Incident,
            starts_at: None,
            ends_at: None,
            place: None,
            content: update.content(),
        };
        let opened = self.parts.authoring.open_incident(&alice, order).await.expect("an incident");
        self.approve_and_publish(&alice, opened.revision.id).await
    }

    /// The same about an incident that is known.
    ///
    /// # Panics
    /// When one of them is refused.
    pub async fn publish_next(&self, incident: i64, update: &Update) -> Publication {
        let alice = self.staff("alice", Role::Author).await;
        let revision = self.parts.authoring.add_revision(&alice, incident, update.content()).await.expect("a revision");
        self.approve_and_publish(&alice, revision.id).await
    }

    /// Publishes planned work on the NHS Wales App.
    pub async fn plan_work(&self, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Publication {
        let alice = self.staff("alice", Role::Author).await;
        let content = Update::first()
            .phase("scheduled")
            .severity(Severity::Minor)
            .with("next_update_by", json!(null))
            .with("services", json!([{ "key": "app", "system": "maintenance", "care": "operational" }]))
            .with("title", json!({ "en": "NHS Wales App: new version", "cy": "Ap GIG Cymru: fersiwn newydd" }));
        let order = OpenIncident {
            kind: IncidentKind::Planned,
            starts_at: Some(starts_at),
            ends_at: Some(ends_at),
            place: None,
            content: content.content(),
        };
        let opened = self.parts.authoring.open_incident(&alice, order).await.expect("planned work");
        self.approve_and_publish(&alice, opened.revision.id).await
    }

    /// Bob approves what was drafted, and it is public.
    ///
    /// # Panics
    /// When one of them is refused.
    pub async fn approve_and_publish(&self, author: &Caller, revision: i64) -> Publication {
        let bob = self.staff("bob", Role::Approver).await;
        let staff = &self.parts.authoring;
        staff.submit(author, revision).await.expect("it is sent for approval");
        let hash = staff.hash(&bob, revision).await.expect("a hash");
        staff.approve(&bob, revision, &hash).await.expect("it is approved");
        staff.publish(&bob, revision).await.expect("it is published")
    }

    /// Ends it as a signal would: what is under way is finished, the rest stays in the database.
    ///
    /// # Panics
    /// When it does not end in time, or a part of it failed.
    pub async fn stop(self) {
        self.lifecycle.stop.cancel();
        assert!(self.lifecycle.drain(PATIENCE).await && !self.lifecycle.has_failed(), "it ends well");
    }

    /// The counts of one channel of a broadcast.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn progress(&self, broadcast: i64, channel: ChannelKind) -> domain::delivery::Progress {
        self.store().progress(broadcast).await.expect("progress").remove(&channel).unwrap_or_default()
    }

    /// Waits until nobody of a broadcast is left to be sent to.
    pub async fn until_done(&self, broadcast: i64) {
        until("everyone has an outcome", async || {
            self.store().progress(broadcast).await.is_ok_and(|all| all.values().all(|one| one.remaining == 0))
        })
        .await;
    }

    /// The language in which an active subscriber is written to; none for somebody who is not one.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn listens_in(&self, contact: &Contact) -> Option<Language> {
        let found = self.subscriptions().find(contact).await.expect("an answer");
        found.filter(|one| one.state == domain::subscriber::SubscriberState::Active).map(|one| one.wishes.language)
    }
}

impl Drop for Installation<'_> {
    fn drop(&mut self) {
        self.lifecycle.stop.cancel();
    }
}

impl<'d> Setup<'d> {
    /// Changes the configuration before anything reads it.
    #[must_use]
    pub fn configured(mut self, change: impl FnOnce(&mut Config) + Send + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// At another pace: text segments and mails per second.
    #[must_use]
    pub fn rate(self, rate: u32) -> Self {
        Self { rate, ..self }
    }

    /// With an SMS provider that reports nothing by itself.
    #[must_use]
    pub fn without_receipts(self) -> Self {
        Self { is_silent: true, ..self }
    }

    /// Without workers and hooks: a process of its own sends.
    #[must_use]
    pub fn without_notifier(self) -> Self {
        Self { roles: Roles { notifier: false, ..Roles::ALL }, ..self }
    }

    /// The staff side alone: the page and the sending are processes of their own.
    #[must_use]
    pub fn writing_only(self) -> Self {
        Self { roles: Roles::AUTHORING, ..self }
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(self) -> Installation<'d> {
        let world = if self.is_silent { World::silent().await } else { World::open().await };
        let mut config = base_config(self.database);
        let listeners = Listeners::bind(&config, self.roles).await.expect("free ports");
        adopt(&mut config, &listeners);
        if !self.roles.notifier {
            config.notifier.listen = free_address();
        }
        world.set_up(&mut config, self.rate);
        self.changes.into_iter().for_each(|change| change(&mut config));
        let env = Env::real();
        env.set_clock("2018-01-24T15:05:00Z".parse().expect("a time"), 1.0);
        let parts = Parts::join(config, env, self.roles, Some(Exercise::default())).expect("the parts fit");
        load_samples(&parts).await;
        let lifecycle = Lifecycle::new();
        wiring::start(&parts, listeners, &lifecycle).expect("it starts");
        Installation { database: self.database, world, parts, lifecycle }
    }
}

/// Every listener on a port of its own, everything else as it is by default.
fn base_config(database: &Database) -> Config {
    let folder = database.folder.path();
    let key_file = folder.join("hysbys.key");
    std::fs::write(&key_file, [42; 32]).expect("the key of all scenarios");
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut config = Config::default();
    config.database.url.clone_from(&database.settings.url);
    config.secrets.key_file = Some(key_file);
    config.page.listen = anywhere;
    config.page.data_dir = folder.join("edition");
    config.authoring.listen = anywhere;
    config.notifier.listen = anywhere;
    config.ops.listen = anywhere;
    // The outside world's provider has a second for a request, so that a lease can be this short.
    config.notifier.lease_seconds = 8;
    config.notifier.retry_seconds = vec![1, 1, 2, 4, 8];
    config
}

/// Writes the ports that the operating system chose into the configuration.
fn adopt(config: &mut Config, listeners: &Listeners) {
    let address = |listener: &Option<tokio::net::TcpListener>| listener.as_ref().and_then(|one| one.local_addr().ok());
    config.page.listen = address(&listeners.page).unwrap_or(config.page.listen);
    config.authoring.listen = address(&listeners.authoring).unwrap_or(config.authoring.listen);
    config.notifier.listen = address(&listeners.hooks).unwrap_or(config.notifier.listen);
    config.ops.listen = address(&listeners.ops).unwrap_or(config.ops.listen);
    for language in Language::ALL {
        config.site.url.insert(language, format!("http://{}/{language}", config.page.listen));
    }
    config.authoring.url = format!("http://{}", config.authoring.listen);
}

async fn load_samples(parts: &Parts) {
    for folder in ["nhs-wales", "2018-01-24"] {
        hysbys::commands::load::load(&parts.store, &samples().join(folder)).await.expect("the sample data");
    }
}

/// An address that nobody listens on now.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address")
}
