//! `hysbys export` writes what the page serves, byte for byte, so that any web server can stand in.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use reqwest::header::ACCEPT_ENCODING;
use scenarios::process::client;
use scenarios::waiting::until;

use super::child::{Demo, data_in};
use super::command::Installed;
use super::crawl::{StaticServer, crawl};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exported_files_are_what_readers_get() {
    let demo = Demo::start(&["--speed", "10000"]).await;
    let (page, ops) = (demo.sheet.page.clone(), demo.sheet.ops.clone());
    let feed = format!("{page}/en/feed.json");
    until("two incidents are public", async || demo.text(&feed).await.contains("manchester-network")).await;
    let folder = demo.stop().await;

    let installed = Installed::at(&data_in(folder.path()), &page, &ops);
    let _serving = Serving::start(&installed, &ops).await;
    let export = folder.path().join("export");
    // What is "late" on a page changes with the minute; then the export is made again.
    until("the export is what is served", async || {
        installed.does(&["export", &export.display().to_string()]).await;
        differences(&export, &page).await.is_empty()
    })
    .await;
    // The other way round: whatever a reader can get to is in the folder, too, for any web server.
    let elsewhere = StaticServer::of(&export).await;
    let visited = std::sync::Mutex::new(0);
    until("whoever serves the folder serves the page", async || {
        installed.does(&["export", &export.display().to_string()]).await;
        let crawled = crawl(&page, &elsewhere.url()).await;
        *visited.lock().expect("no panic") = crawled.visited;
        crawled.different.is_empty()
    })
    .await;
    let visited = *visited.lock().expect("no panic");
    println!("{visited} addresses were the same in the folder");
    assert!(visited > 150, "{visited} addresses");
    let files = files_below(&export);
    assert!(files.len() > 100, "{} files", files.len());
    let is_half = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "part");
    assert!(!files.iter().any(is_half), "no half-written file is left");
}

/// `hysbys serve`, until dropped.
struct Serving(std::process::Child);

impl Serving {
    async fn start(installed: &Installed, ops: &str) -> Self {
        let child = installed.command("serve").stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let serving = Self(child.expect("it starts"));
        let (client, url) = (client(), format!("{ops}/readyz"));
        until("it serves", async || client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()))
            .await;
        serving
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The files that are not what the page serves. Redirects, which a file cannot be, are left out.
async fn differences(export: &Path, page: &str) -> Vec<PathBuf> {
    let client = client();
    let mut different = Vec::new();
    for file in files_below(export) {
        let (path, encoding) = address_of(file.strip_prefix(export).expect("below"));
        let answer = client.get(format!("{page}{path}")).header(ACCEPT_ENCODING, encoding).send().await;
        let answer = answer.expect("an answer");
        if answer.status().is_redirection() {
            continue;
        }
        assert!(answer.status().is_success() || path == "/404.html", "{path} is served");
        if answer.bytes().await.expect("a body") != std::fs::read(&file).expect("the file") {
            different.push(file);
        }
    }
    different
}

/// Where a file of the export is served, and in which encoding.
fn address_of(file: &Path) -> (String, &'static str) {
    let name = file.to_str().expect("UTF-8");
    let endings = [(".gz", "gzip"), (".br", "br")];
    let (name, encoding) = endings
        .iter()
        .find_map(|(ending, encoding)| Some((name.strip_suffix(ending)?, *encoding)))
        .unwrap_or((name, "identity"));
    let Some(folder) = name.strip_suffix("index.html") else { return (format!("/{name}"), encoding) };
    let is_home = folder.matches('/').count() < 2;
    (if is_home { format!("/{folder}") } else { format!("/{}", folder.trim_end_matches('/')) }, encoding)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}
