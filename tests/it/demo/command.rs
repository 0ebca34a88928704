//! A command of the program, run to its end: exit code and words.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scenarios::process::binary;

/// An installation in a folder, with the configuration file that an operator would have there.
#[derive(Clone)]
pub(crate) struct Installed {
    folder: PathBuf,
    config: PathBuf,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) said: String,
    pub(crate) complained: String,
}

impl Installed {
    /// The installation whose data is in `folder`, as it would be served at `page`.
    pub(crate) fn at(folder: &Path, page: &str, ops: &str) -> Self {
        let text = format!(
            "[database]\nurl = \"sqlite://hysbys.db\"\n\
             [secrets]\nkey_file = \"hysbys.key\"\n\
             [site.url]\nen = \"{page}/en\"\ncy = \"{page}/cy\"\n\
             [page]\nlisten = \"{}\"\ndata_dir = \"edition\"\n\
             [authoring]\nlisten = \"127.0.0.1:0\"\n\
             [notifier]\nlisten = \"127.0.0.1:0\"\n\
             [ops]\nlisten = \"{}\"\n",
            address(page),
            address(ops)
        );
        Self::with(folder, &text)
    }

    /// An empty installation that serves nothing.
    pub(crate) fn new(folder: &Path) -> Self {
        std::fs::write(folder.join("hysbys.key"), [7; 32]).expect("a key file");
        Self::with(folder, "[database]\nurl = \"sqlite://hysbys.db\"\n[secrets]\nkey_file = \"hysbys.key\"\n")
    }

    /// The same installation with more lines in its configuration.
    pub(crate) fn and(&self, lines: &str) -> Self {
        let text = std::fs::read_to_string(&self.config).expect("the configuration");
        let config = self.folder.join("more.toml");
        std::fs::write(&config, text + lines).expect("a configuration file");
        Self { config, ..self.clone() }
    }

    fn with(folder: &Path, text: &str) -> Self {
        let config = folder.join("hysbys.toml");
        std::fs::write(&config, text).expect("a configuration file");
        Self { folder: folder.to_owned(), config }
    }

    /// Where a file of the installation is.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs a command with the configuration of this installation.
    pub(crate) async fn run(&self, args: &[&str]) -> Ended {
        let config = self.config.display().to_string();
        run(&[args, &["--config", &config]].concat()).await
    }

    /// Runs a command that must succeed; what it said.
    pub(crate) async fn does(&self, args: &[&str]) -> String {
        let ended = self.run(args).await;
        assert_eq!(ended.code, 0, "`hysbys {}` succeeds: {ended:#?}", args.join(" "));
        ended.said
    }

    /// The command, not yet started.
    pub(crate) fn command(&self, role: &str) -> Command {
        let mut command = Command::new(binary());
        without_settings(&mut command);
        command.arg(role).arg("--config").arg(&self.config).stdin(Stdio::null());
        command
    }
}

/// Runs the program with these arguments.
pub(crate) async fn run(args: &[&str]) -> Ended {
    let mut command = tokio::process::Command::new(binary());
    without_settings(command.as_std_mut());
    let output = command.args(args).stdin(Stdio::null()).output().await.expect("the program starts");
    Ended {
        code: output.status.code().expect("it was not killed"),
        said: String::from_utf8(output.stdout).expect("UTF-8"),
        complained: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Settings of whoever runs the tests must not reach the program.
pub(crate) fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HYSBYS__") {
            command.env_remove(name);
        }
    }
}

fn address(url: &str) -> &str {
    url.trim_start_matches("http://")
}
