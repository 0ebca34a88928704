//! The program as a process of its own, to be killed, frozen and started again.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use hysbys::config::Config;

use crate::waiting::until;

/// A running `hysbys`. It is killed when dropped.
pub struct Process {
    child: Child,
    config: Config,
}

/// A configuration as a file, and the command to be run with it.
pub struct Program {
    role: &'static str,
    file: PathBuf,
    config: Config,
}

impl Program {
    /// Writes `config` to a file in `folder`, for the command `role`.
    ///
    /// # Panics
    /// When the file cannot be written, or the program was not built.
    #[must_use]
    pub fn new(role: &'static str, config: &Config, folder: &Path) -> Self {
        let file = folder.join(format!("{role}.toml"));
        std::fs::write(&file, file_form(config.clone(), folder)).expect("the configuration file");
        Self { role, file, config: config.clone() }
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(&self) -> Process {
        let child = self.command().stdout(Stdio::null()).spawn().expect("the program starts");
        Process { child, config: self.config.clone() }
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn run(&self) -> Output {
        let mut command = self.command();
        tokio::task::spawn_blocking(move || command.stderr(Stdio::piped()).output())
            .await
            .expect("the thread ends")
            .expect("the program starts")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(binary());
        command.arg(self.role).arg("--config").arg(&self.file).stdin(Stdio::null());
        command
    }
}

impl Process {
    /// Ends it at once, as a power cut would.
    ///
    /// # Panics
    /// When it is gone already.
    pub fn kill(mut self) {
        assert!(self.child.try_wait().expect("a status").is_none(), "it ran until now");
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }

    /// Stops it in the middle of whatever it does; nothing in it moves until [`Process::thaw`].
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on where it stopped.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// Tells it that files have changed.
    pub fn hang_up(&self) {
        self.signal("-HUP");
    }

    /// How much memory it has in use, in bytes.
    ///
    /// # Panics
    /// When it is gone already.
    #[must_use]
    pub fn resident_bytes(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kilobytes = line.split_whitespace().next().and_then(|number| number.parse::<usize>().ok());
        kilobytes.expect("a number") * 1024
    }

    /// Waits until it says that it is ready.
    pub async fn until_ready(&self) {
        let url = format!("http://{}/readyz", self.config.ops.listen);
        let client = client();
        until("the process is ready", async || {
            client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().expect("kill runs");
        assert!(status.success(), "kill {signal} works");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client for plain HTTP on this machine.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn client() -> reqwest::Client {
    let limits = channels::http::Timeouts::total_seconds(20);
    channels::http::client(limits).expect("a client")
}

/// The program that `cargo build` left beside the folder of the tests.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.parent().and_then(|deps| deps.parent()).expect("tests are in target/<profile>/deps");
    let binary = profile.join("hysbys");
    assert!(binary.exists(), "{} is not there: run `cargo build --bin hysbys` first", binary.display());
    binary
}

/// The configuration as an operator would write it: secrets, which print as `***`, stand in files of their own.
fn file_form(mut config: Config, folder: &Path) -> String {
    for (number, slot) in config.secrets_with_files().into_iter().enumerate() {
        let Some(secret) = slot.value.take() else { continue };
        let file = folder.join(format!("secret-{number}"));
        std::fs::write(&file, secret.reveal()).expect("the file of a secret");
        *slot.file = Some(file);
    }
    let mut value = serde_json::to_value(config).expect("a configuration can be written");
    drop_empty(&mut value);
    toml::to_string(&value).expect("it fits into TOML")
}

/// TOML has no word for "none".
fn drop_empty(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_empty);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(drop_empty),
        _ => {}
    }
}
