//! A chromedriver of its own for each story, which ends with every browser that it has opened.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::window::Window;

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scripts {
    Allowed,
    Forbidden,
}

/// A running chromedriver.
pub(super) struct Driver {
    process: Child,
    /// Held open, so that the driver may go on talking.
    _stdout: BufReader<ChildStdout>,
    port: u16,
    /// Where browsers keep their profiles, until the end.
    folder: tempfile::TempDir,
}

/// Headless, as any user, and silent: nothing is fetched but what the story opens.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];
/// The value of Chrome's setting for scripts that forbids them.
const FORBIDDEN: u8 = 2;

impl Driver {
    /// Starts it on a free port.
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", folder.path()).stdin(Stdio::null());
        let started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut process = started.expect("chromedriver is installed; scripts/test installs it with chromium");
        let mut stdout = BufReader::new(process.stdout.take().expect("its words"));
        let port = port_in(&mut stdout);
        Self { process, _stdout: stdout, port, folder }
    }

    /// Opens a browser that nobody has used before.
    pub(super) async fn open(&self, scripts: Scripts) -> Window {
        let profile = tempfile::tempdir_in(self.folder.path()).expect("a folder for the profile").keep();
        let mut args: Vec<String> = FLAGS.map(str::to_owned).to_vec();
        args.push(format!("--user-data-dir={}", profile.display()));
        args.push("--window-size=1280,1000".to_owned());
        let mut options = json!({ "args": args });
        if scripts == Scripts::Forbidden {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": FORBIDDEN });
        }
        let Value::Object(wanted) = json!({ "goog:chromeOptions": options }) else { unreachable!() };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wanted).connect(&format!("http://127.0.0.1:{}", self.port)).await;
        Window::new(client.expect("chromium is installed and starts"))
    }

    /// Asks for the end, so that no browser outlives the story.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        std::io::copy(&mut stream, &mut std::io::sink()).map(|_| ())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let asked = self.shut_down();
        let deadline = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && Instant::now() < deadline {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// "ChromeDriver was started successfully on port 40123."
fn port_in(stdout: &mut BufReader<ChildStdout>) -> u16 {
    for line in stdout.lines() {
        let line = line.expect("chromedriver goes on talking");
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim_end_matches('.').parse().expect("a port");
        }
    }
    panic!("chromedriver has ended at once");
}
