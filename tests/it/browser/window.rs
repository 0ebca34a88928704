//! A browser window, as the person before it uses it: looks, clicks, types, and waits until it says something.

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use scenarios::waiting::{PATIENCE, until};
use serde_json::{Value, json};

/// One window of a browser of its own.
pub(super) struct Window {
    client: Client,
}

impl Window {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Goes to an address.
    pub(super) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url} opens: {error}"));
    }

    /// Clicks what stands at this place of the page.
    pub(super) async fn click(&self, css: &str) {
        let element = self.find(css).await;
        if let Err(error) = element.click().await {
            panic!("{css} can be clicked: {error}\n{}", self.page().await);
        }
    }

    /// Ticks a box or a choice, unless it is ticked.
    pub(super) async fn tick(&self, name: &str, value: &str) {
        let css = format!("input[name='{name}'][value='{value}']");
        if !self.find(&css).await.is_selected().await.expect("a box") {
            self.click(&css).await;
        }
    }

    /// Types into a field, in place of what is there.
    pub(super) async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("it can be emptied");
        field.send_keys(text).await.expect("it takes keys");
    }

    /// Picks from a list, by value.
    pub(super) async fn pick(&self, css: &str, value: &str) {
        let list = self.find(css).await;
        list.select_by_value(value).await.unwrap_or_else(|error| panic!("{css} offers {value}: {error}"));
    }

    /// Waits until the page says these words.
    pub(super) async fn until_it_says(&self, words: &str) {
        let mut said = String::new();
        let deadline = std::time::Instant::now() + PATIENCE;
        while std::time::Instant::now() < deadline {
            said = self.page().await;
            if said.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page does not say {words:?}; {} says:\n{said}", self.address().await);
    }

    /// The words that a reader sees; none while the page changes.
    pub(super) async fn page(&self) -> String {
        let Ok(body) = self.client.find(Locator::Css("body")).await else { return String::new() };
        body.text().await.unwrap_or_default()
    }

    /// Whether something stands at this place.
    pub(super) async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.expect("an answer").is_empty()
    }

    /// Where the window is.
    pub(super) async fn address(&self) -> String {
        self.client.current_url().await.expect("an address").to_string()
    }

    /// Where a link leads.
    pub(super) async fn link(&self, css: &str) -> String {
        self.find(css).await.prop("href").await.expect("an answer").expect("a link")
    }

    /// Presses a key on whatever has the focus.
    pub(super) async fn press(&self, key: Key) {
        let value = char::from(key);
        let stroke =
            KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value }).then(KeyAction::Up { value });
        self.client.perform_actions(stroke).await.expect("the key is pressed");
    }

    /// What has the focus.
    pub(super) async fn focus(&self) -> Element {
        self.client.active_element().await.expect("something has the focus")
    }

    /// Makes the window this wide, as a phone or a desk has it, narrower than a real window can be.
    pub(super) async fn resize(&self, width: u32) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// The cookies of the page, as the header of a request has them.
    pub(super) async fn cookies(&self) -> String {
        let kept = self.client.get_all_cookies().await.expect("an answer");
        kept.iter().map(|one| format!("{}={}", one.name(), one.value())).collect::<Vec<_>>().join("; ")
    }

    /// How far the page reaches beyond the right edge of the window, in pixels, with what reaches furthest.
    pub(super) async fn overflow(&self) -> (i64, String) {
        let script = "const over = document.documentElement.scrollWidth - innerWidth;
            const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
            return [over, wide.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join('\\n')];";
        let found = self.run(script).await;
        (found[0].as_i64().expect("pixels"), found[1].as_str().expect("words").to_owned())
    }

    /// What a script answers.
    pub(super) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// What a script gives to its last argument, a function, when it has come to its end.
    pub(super) async fn run_to_its_end(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.expect("the script runs")
    }

    /// Sends a command of the developer tools.
    pub(super) async fn devtools(&self, command: &'static str, params: Value) -> Value {
        let answer = self.client.issue_cmd(Devtools { command, params }).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Waits until this stands on the page.
    async fn find(&self, css: &str) -> Element {
        until(&format!("{css} is on the page"), async || self.has(css).await).await;
        self.client.find(Locator::Css(css)).await.expect("it is still there")
    }
}

/// Chromedriver's own command: passes one on to the developer tools.
#[derive(Debug)]
struct Devtools {
    command: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.expect("a session")))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.command, "params": self.params }).to_string()))
    }
}
