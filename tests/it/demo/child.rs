//! `hysbys demo` as a process of its own, on addresses and in a folder that nobody else uses.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::Env;
use reqwest::Client;
use scenarios::process::{binary, client};
use scenarios::waiting::until;
use serde::Deserialize;
use serde_json::Value;

use super::command::{Installed, without_settings};

/// What the demo writes about itself.
#[derive(Debug, Deserialize)]
pub(crate) struct Sheet {
    pub(crate) page: String,
    pub(crate) authoring: String,
    pub(crate) api: String,
    pub(crate) simulator: String,
    pub(crate) ops: String,
    pub(crate) staff: Vec<SignIn>,
    pub(crate) tokens: BTreeMap<String, String>,
}

/// How one member of staff signs in.
#[derive(Debug, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) organisation: Option<String>,
    pub(crate) password: String,
    pub(crate) totp_secret: String,
}

/// A running demo. It is killed when dropped.
pub(crate) struct Demo {
    child: Child,
    folder: tempfile::TempDir,
    pub(crate) sheet: Sheet,
    pub(crate) client: Client,
}

/// The sections whose `listen` key moves a listener.
const LISTENERS: [&str; 5] = ["PAGE", "AUTHORING", "SIMULATOR", "NOTIFIER", "OPS"];
/// Long enough for a debug build on a machine that runs all other tests at the same time.
const START: Duration = Duration::from_secs(90);

impl Demo {
    /// Starts it and waits until it is ready.
    pub(crate) async fn start(args: &[&str]) -> Self {
        // A port that was free a moment ago may be taken by now; then others are tried.
        for _ in 0..3 {
            if let Some(demo) = Self::try_start(args).await {
                return demo;
            }
        }
        panic!("the demo found its addresses taken three times");
    }

    async fn try_start(args: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut child = spawn(args, folder.path());
        let deadline = Instant::now() + START;
        loop {
            if let Some(sheet) = sheet_in(folder.path()) {
                let demo = Self { child, folder, sheet, client: client() };
                demo.until_ready().await;
                return Some(demo);
            }
            if child.try_wait().expect("a status").is_some() {
                let log = log_in(folder.path());
                assert!(log.contains("in use"), "the demo ended at once:\n{log}");
                return None;
            }
            if Instant::now() > deadline {
                let _ = child.kill();
                panic!("the demo is not there after {} s:\n{}", START.as_secs(), log_in(folder.path()));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn until_ready(&self) {
        until("the demo is ready", async || self.status(&format!("{}/readyz", self.sheet.ops)).await == 200).await;
    }

    /// The status that an address answers with; 0 when nobody answers.
    pub(crate) async fn status(&self, url: &str) -> u16 {
        self.client.get(url).send().await.map_or(0, |answer| answer.status().as_u16())
    }

    /// What it has written to its log.
    pub(crate) fn log(&self) -> String {
        log_in(self.folder.path())
    }

    /// The words at an address.
    pub(crate) async fn text(&self, url: &str) -> String {
        self.client.get(url).send().await.expect("an answer").text().await.expect("its text")
    }

    /// What the simulated world says, such as `phones.json`.
    pub(crate) async fn outside(&self, name: &str) -> Value {
        let text = self.text(&format!("{}/{name}", self.sheet.simulator)).await;
        serde_json::from_str(&text).expect("JSON")
    }

    /// A phone texts us.
    pub(crate) async fn phone_texts(&self, number: &str, text: &str) {
        let url = format!("{}/phones/{number}/reply", self.sheet.simulator);
        let answer = self.client.post(url).json(&serde_json::json!({ "text": text })).send().await;
        assert!(answer.expect("an answer").status().is_success(), "the phone sends its text");
    }

    /// The member of staff with this role at this organisation.
    pub(crate) fn staff(&self, role: &str, organisation: &str) -> &SignIn {
        let fits = |one: &&SignIn| one.role == role && one.organisation.as_deref() == Some(organisation);
        self.sheet.staff.iter().find(fits).expect("such a member of staff")
    }

    /// The installation that the demo made, for the operator's commands.
    pub(crate) fn installed(&self) -> Installed {
        Installed::at(&data_in(self.folder.path()), &self.sheet.page, &self.sheet.ops)
    }

    /// Ends it as Ctrl-C would, and keeps its data.
    pub(crate) async fn stop(mut self) -> tempfile::TempDir {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
        until("the demo has ended", async || {
            // A process that has ended and was not waited for is still there, as a zombie.
            std::fs::read_to_string(format!("/proc/{id}/stat")).map_or(true, |stat| stat.contains(") Z "))
        })
        .await;
        let status = self.child.wait().expect("a status");
        assert!(status.success(), "it ends well: {status}\n{}", log_in(self.folder.path()));
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a temporary folder"))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl SignIn {
    /// The one-time code of this moment.
    pub(crate) fn code(&self) -> String {
        let alphabet = base32::Alphabet::Rfc4648 { padding: false };
        let secret = base32::decode(alphabet, &self.totp_secret).expect("base 32");
        authoring::totp_code(&secret, Env::real().machine_now()).expect("a code")
    }
}

/// Where a demo in this folder keeps its data.
pub(crate) fn data_in(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn spawn(args: &[&str], folder: &Path) -> Child {
    let log = std::fs::File::create(folder.join("log")).expect("a file for the log");
    let mut command = Command::new(binary());
    without_settings(&mut command);
    for (section, port) in LISTENERS.iter().zip(free_ports()) {
        command.env(format!("HYSBYS__{section}__LISTEN"), format!("127.0.0.1:{port}"));
    }
    command.arg("demo").arg("--data").arg(data_in(folder)).args(args);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("the program starts")
}

/// All are open at the same time, so that they differ.
fn free_ports() -> [u16; LISTENERS.len()] {
    let open = LISTENERS.map(|_| TcpListener::bind(("127.0.0.1", 0)).expect("a free port"));
    open.map(|listener| listener.local_addr().expect("an address").port())
}

fn sheet_in(folder: &Path) -> Option<Sheet> {
    let text = std::fs::read(data_in(folder).join("demo.json")).ok()?;
    serde_json::from_slice(&text).ok()
}

fn log_in(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}
