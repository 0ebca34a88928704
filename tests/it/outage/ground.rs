//! Where the scenes play: the real program as a process of its own, with the sample lists, two people who write, and
//! one incident that the public knows.

use authoring::{Caller, NewAccount, ReadyAccount, totp_code};
use domain::staff::{Actor, Role};
use hysbys::config::Config;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::process::{Process, Program, client};
use scenarios::update::Update;
use scenarios::waiting::until;

use super::browser::Browser;
use super::wire::{Switch, Wire};

/// The password of everybody here.
const PASSWORD: &str = "correct horse battery";

/// A piece of the address of the incident: where it is, the public reads about it.
pub(super) const INCIDENT: &str = "2018-01-24-";

/// The program under test, beside an installation that stands for the rest of the world.
pub(super) struct Ground<'d> {
    /// Publishes the first incident, and holds phones and inboxes.
    pub(super) app: Installation<'d>,
    /// What the program is told.
    pub(super) config: Config,
    program: Program,
    process: Option<Process>,
    /// Between the program and its PostgreSQL.
    wire: Option<Wire>,
}

impl<'d> Ground<'d> {
    pub(super) async fn prepare(database: &'d Database) -> Self {
        let app = Installation::with(database).without_notifier().start().await;
        for (name, role) in [("mari", Role::Author), ("huw", Role::Approver)] {
            let who = NewAccount { email: email(name), name: name.to_owned(), role, organisation: None };
            let ready = ReadyAccount { who, password: PASSWORD.to_owned(), totp_secret: secret(name) };
            app.parts.authoring.create_ready_account(&operator(), ready).await.unwrap();
        }
        app.publish(&Update::first()).await;
        let mut config = config_of_the_process(&app);
        let mut wire = None;
        if !database.store.is_sqlite() {
            let server = url::Url::parse(&database.settings.url).unwrap();
            config.database.url = wire.insert(Wire::to(&server).await).leads(&server);
        }
        let program = Program::new("serve", &config, database.folder.path());
        let mut ground = Self { app, config, program, process: None, wire };
        ground.start().await;
        until("the page shows the incident", async || ground.get("/en/").await.1.contains(INCIDENT)).await;
        until("its edition is on disk", async || ground.config.page.data_dir.join("edition.hysbys").exists()).await;
        ground
    }

    /// What can make the wire to the server dead.
    pub(super) fn switch(&self) -> Option<Switch> {
        self.wire.as_ref().map(Wire::switch)
    }

    /// Starts the program.
    pub(super) async fn start(&mut self) {
        let process = self.program.start();
        process.until_ready().await;
        self.process = Some(process);
    }

    /// Ends the program as a power cut would.
    pub(super) fn kill(&mut self) {
        self.process.take().expect("it runs").kill();
    }

    /// Opens a page: its status and its words.
    pub(super) async fn get(&self, path: &str) -> (u16, String) {
        let answer = client().get(format!("{}{path}", self.page())).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What `/readyz` or `/metrics` says.
    pub(super) async fn ops(&self, path: &str) -> (u16, String) {
        let answer = client().get(format!("http://{}{path}", self.config.ops.listen)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(super) fn page(&self) -> String {
        format!("http://{}", self.config.page.listen)
    }

    /// A visitor of the public page.
    pub(super) fn visitor(&self, language: &'static str) -> Browser {
        Browser::at(&self.page(), language)
    }

    /// Somebody of the staff, at their screen.
    pub(super) async fn signed_in(&self, name: &str, language: &'static str) -> Browser {
        let browser = Browser::at(&self.config.authoring.url, language);
        browser.open("/sign-in").await;
        let code = totp_code(&secret(name), self.app.parts.env.machine_now()).unwrap();
        let fields = [("email", email(name)), ("password", PASSWORD.to_owned()), ("code", code)];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let seen = browser.fill_in("/sign-in", &fields).await;
        assert_eq!(seen.status, 303, "{}", seen.body);
        browser
    }
}

/// Whoever waits for a lost database waits a second.
fn config_of_the_process(app: &Installation<'_>) -> Config {
    let mut config = app.other_program();
    config.database.acquire_timeout_ms = 1_000;
    config
}

fn operator() -> Caller {
    Caller::from(Actor { id: 0, name: "operator".to_owned(), role: Role::Admin, organisation: None })
}

fn email(name: &str) -> String {
    format!("{name}@staff.example")
}

fn secret(name: &str) -> Vec<u8> {
    name.bytes().cycle().take(20).collect()
}
