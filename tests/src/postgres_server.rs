//! A PostgreSQL server of one scenario, with a data folder of its own: it may be killed and started again.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::databases::{Database, POSTGRES, SQLITE_ONLY};
use crate::waiting::until;

/// A running server. It is gone when dropped.
pub struct PostgresServer {
    programs: PathBuf,
    folder: tempfile::TempDir,
}

impl PostgresServer {
    /// A new one. None only where [`SQLITE_ONLY`] says so.
    ///
    /// # Panics
    /// When PostgreSQL is not installed on this machine, which is said in a way that tells what to do.
    pub async fn start() -> Option<Self> {
        if std::env::var(SQLITE_ONLY).is_ok_and(|value| value == "1") {
            return None;
        }
        let server = Self { programs: installed(), folder: tempfile::tempdir().expect("a temporary folder") };
        server.give_to_postgres();
        let made = server.run("initdb", &["--auth=trust", "--username=postgres", "--no-sync"]);
        assert!(made, "initdb makes a data folder");
        server.start_again().await;
        Some(server)
    }

    /// A migrated database on it.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn database(&self) -> Database {
        // By a socket in its folder: a port could be somebody else's before it is started again.
        let folder = self.folder.path().display().to_string().replace('/', "%2F");
        Database::at(format!("postgres://postgres@{folder}/postgres")).await
    }

    /// Ends every process of it at once, as a power cut would.
    ///
    /// # Panics
    /// When it did not run.
    pub fn kill(&self) {
        let id = self.postmaster().expect("it runs");
        // Its children notice that their parent is gone, and end without writing anything.
        let killed = Command::new("kill").args(["-9", &id]).status().expect("kill runs");
        assert!(killed.success(), "the server ran until now");
    }

    /// Starts it on what the last one left, and waits until it takes connections.
    pub async fn start_again(&self) {
        let folder = self.folder.path().display();
        let options = format!("-k {folder} -c listen_addresses= -c fsync=off");
        // The children of a killed server hold its memory for a moment, and until then a new one does not start.
        until("the server runs", async || {
            let log = self.folder.path().join("data").join("log.of.the.scenario").display().to_string();
            self.run("pg_ctl", &["-w", "-s", "-l", &log, "-o", &options, "start"])
        })
        .await;
    }

    /// The process that all others are children of.
    fn postmaster(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).ok()?;
        text.lines().next().map(str::to_owned)
    }

    /// Runs one of its programs with the data folder.
    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = self.as_postgres(program);
        command.arg("-D").arg(self.folder.path().join("data")).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// The server refuses to run as root.
    fn as_postgres(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        if !is_root() {
            return Command::new(path);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command
    }

    fn give_to_postgres(&self) {
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(self.folder.path()).status();
            assert!(given.is_ok_and(|status| status.success()), "the folder belongs to postgres");
        }
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let _ = self.run("pg_ctl", &["-m", "immediate", "-s", "stop"]);
    }
}

fn is_root() -> bool {
    let answer = Command::new("id").arg("-u").output().expect("id runs");
    answer.stdout.trim_ascii() == b"0"
}

/// The folder of the newest PostgreSQL on this machine, which [`POSTGRES`] alone may name elsewhere.
fn installed() -> PathBuf {
    let found = Command::new("sh").args(["-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"]).output();
    let found = String::from_utf8(found.expect("sh runs").stdout).expect("a path");
    assert!(!found.trim().is_empty(), "install PostgreSQL beside {POSTGRES}, or set {SQLITE_ONLY}=1");
    PathBuf::from(found.trim())
}
