//! Every kind of public page before the two checkers that the field trusts: axe-core for accessibility (WCAG 2.2 AA and
//! best practices) and the Nu HTML checker. Neither may have anything to say.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::driver::{Driver, Scripts};
use super::stage::Stage;
use super::window::Window;
use crate::demo::child::Demo;

/// How many pages of one kind are looked at: an area with something wrong and one without, say.
const OF_A_KIND: usize = 2;
/// Where readers come in, and what no page leads to: errors, the pages for the press, and pieces for other sites.
const STARTS: [&str; 10] = [
    "/en/",
    "/cy/",
    "/en/alerts",
    "/cy/hysbysiadau",
    "/en/press",
    "/cy/y-wasg",
    "/embed/en/nhs-wales.html",
    "/embed/cy/nhs-wales.html",
    "/en/no-such-page",
    "/cy/dim-tudalen",
];
/// Colour schemes, each with its own contrasts.
const SCHEMES: [&str; 2] = ["light", "dark"];
/// The rules that count.
const RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checkers_find_nothing_with_no_incident_one_and_many() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let mut check = Check::new(driver.open(Scripts::Allowed).await);
    check.everything("no incident", &demo).await;
    let first = Stage::open_one(&demo).await;
    check.everything("one incident", &demo).await;
    Stage::set_after(first, &demo).await;
    check.everything("many incidents", &demo).await;
    check.finds_nothing();
}

/// Both checkers at work.
pub(super) struct Check {
    pub(super) window: Window,
    axe: String,
    found: Vec<String>,
    /// The pages as they came, for the other checker.
    pages: tempfile::TempDir,
    names: BTreeMap<String, String>,
}

impl Check {
    pub(super) fn new(window: Window) -> Self {
        let axe = std::fs::read_to_string(tool("axe-core/axe.min.js")).expect("scripts/test installs axe-core");
        let pages = tempfile::tempdir().expect("a folder for pages");
        Self { window, axe, found: Vec::new(), pages, names: BTreeMap::new() }
    }

    /// Looks at some pages of every kind.
    async fn everything(&mut self, state: &str, demo: &Demo) {
        let pages = walk(demo).await;
        assert!(pages.len() >= 20, "{state}: only {} pages were found", pages.len());
        for (path, html) in pages {
            self.window.open(&format!("{}{path}", demo.sheet.page)).await;
            self.one(&format!("{path} with {state}"), &html).await;
        }
    }

    /// Looks at the page in the window, which came as this text.
    pub(super) async fn one(&mut self, name: &str, html: &str) {
        let file = format!("{:04}.html", self.names.len());
        std::fs::write(self.pages.path().join(&file), html).expect("the page is kept");
        self.names.insert(file, name.to_owned());
        // A frame that has nothing to say is empty, and no reader notices it.
        if html.split_once("<body>").is_some_and(|(_, body)| body.trim_start().starts_with("</body>")) {
            return;
        }
        self.window.run(&self.axe).await;
        for scheme in SCHEMES {
            let wanted = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            self.window.devtools("Emulation.setEmulatedMedia", json!({ "media": "", "features": wanted })).await;
            let said = self.window.run_to_its_end(&question()).await;
            self.found.extend(violations(&said).into_iter().map(|one| format!("{name}, {scheme}: {one}")));
        }
    }

    /// Ends the test where either checker found something.
    pub(super) fn finds_nothing(&self) {
        let said = self.nu_html_checker();
        assert!(self.found.is_empty(), "axe-core:\n{}", self.found.join("\n"));
        assert!(said.is_empty(), "Nu HTML checker:\n{}", said.join("\n"));
    }

    /// What the Nu HTML checker says of all pages.
    fn nu_html_checker(&self) -> Vec<String> {
        let mut command = Command::new("java");
        command.arg("-jar").arg(tool("vnu-jar/build/dist/vnu.jar"));
        command.args(["--format", "json", "--stdout", "--exit-zero-always"]).arg(self.pages.path());
        let output = command.output().expect("java is installed; scripts/test installs it");
        let said: Value = serde_json::from_slice(&output.stdout).expect("the checker answers with JSON");
        let messages = said["messages"].as_array().expect("messages").iter();
        let told = |one: &Value| {
            let file = one["url"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
            let name = self.names.get(file).map_or(file, String::as_str);
            format!("{name}, line {}: {} {}", one["lastLine"], one["message"], one["extract"])
        };
        messages.map(told).collect()
    }
}

/// The question that axe-core answers with what is wrong.
fn question() -> String {
    format!(
        "const done = arguments[arguments.length - 1];
         axe.run(document, {{ runOnly: {{ type: 'tag', values: {RULES} }}, resultTypes: ['violations'] }})
            .then(answer => done(answer.violations), error => done(String(error)));"
    )
}

fn violations(said: &Value) -> Vec<String> {
    let Some(list) = said.as_array() else { return vec![said.to_string()] };
    let nodes = |one: &Value| {
        let nodes = one["nodes"].as_array().expect("nodes").iter().take(3);
        nodes.map(|node| format!("\n    {}", node["html"])).collect::<String>()
    };
    list.iter().map(|one| format!("{} ({}){}", one["id"], one["help"], nodes(one))).collect()
}

/// Pages by path, some of every kind in both languages, found as a reader finds them: by following links.
async fn walk(demo: &Demo) -> Vec<(String, String)> {
    let mut ahead: VecDeque<String> = STARTS.map(str::to_owned).into();
    let mut known: BTreeSet<String> = ahead.iter().cloned().collect();
    let mut of_kind: BTreeMap<String, usize> = BTreeMap::new();
    let mut pages = Vec::new();
    while let Some(path) = ahead.pop_front() {
        let seen = of_kind.entry(kind(&path)).or_default();
        if *seen == OF_A_KIND {
            continue;
        }
        *seen += 1;
        let answer = demo.client.get(format!("{}{path}", demo.sheet.page)).send().await.expect("an answer");
        let media = answer.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !media.starts_with("text/html") {
            continue;
        }
        let html = answer.text().await.expect("its text");
        for link in links(&html, &demo.sheet.page) {
            if known.insert(link.clone()) {
                ahead.push_back(link);
            }
        }
        pages.push((path, html));
    }
    pages
}

/// What a page is called but for its own name: `/en/areas/cavuhb` and `/en/areas/bcuhb` are of one kind.
fn kind(path: &str) -> String {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    if parts.len() > 2 { format!("{}/*{}", parts[..2].join("/"), parts.len()) } else { path.to_owned() }
}

/// The paths that a page leads to on its own site.
fn links(html: &str, site: &str) -> Vec<String> {
    let targets = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = targets.map(|target| target.replace("&#x2f;", "/").replace("&amp;", "&"));
    let own = own.map(|target| target.strip_prefix(site).map(str::to_owned).unwrap_or(target));
    let own = own.filter(|target| target.starts_with('/') && !target.starts_with("//"));
    own.map(|target| target.split('#').next().unwrap_or_default().to_owned()).collect()
}

/// A file of the checkers that `scripts/test` installs.
fn tool(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/node_modules").join(file)
}
