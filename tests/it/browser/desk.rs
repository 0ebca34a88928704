//! The desks of the author and the approver: what they click to bring an update out.

use super::driver::{Driver, Scripts};
use super::window::Window;
use crate::demo::child::Demo;

/// Somebody who has signed in.
pub(super) struct Desk {
    pub(super) window: Window,
    home: String,
}

impl Desk {
    /// Signs in with password and one-time code.
    pub(super) async fn of(role: &str, demo: &Demo, driver: &Driver, scripts: Scripts) -> Self {
        let who = demo.staff(role, "nhs-wales");
        let window = driver.open(scripts).await;
        window.open(&format!("{}/sign-in", demo.sheet.authoring)).await;
        window.fill("#email", &who.email).await;
        window.fill("#password", &who.password).await;
        window.fill("#code", &who.code()).await;
        window.click("main form button").await;
        let desk = Self { window, home: demo.sheet.authoring.clone() };
        desk.speak("en").await;
        desk.window.until_it_says("Sign out").await;
        desk
    }

    /// Reads the screens in this language.
    pub(super) async fn speak(&self, language: &str) {
        self.window.open(&format!("{}/language/{language}", self.home)).await;
    }

    /// Opens a screen.
    pub(super) async fn open(&self, path: &str) {
        self.window.open(&format!("{}{path}", self.home)).await;
    }

    /// Picks a new incident together, without a word of free text: what failed, which services, how bad, what to do.
    pub(super) async fn picks_a_new_incident(&self) {
        let window = &self.window;
        self.open("/incidents/new").await;
        window.tick("components", "datacentre").await;
        window.click("button[value=propose]").await;
        window.until_it_says("GP appointments").await;
        window.pick("#speaker", "nhs-wales").await;
        window.tick("severity", "serious").await;
        window.pick("#system", "outage").await;
        for advice in ["call_999", "use_111", "keep_appointment"] {
            window.tick("advice", advice).await;
        }
        for channel in ["sms", "email", "mastodon"] {
            window.tick("channels", channel).await;
        }
        window.click("button[value=fill]").await;
        window.until_it_says("Who this reaches").await;
    }

    /// Picks the next update of an incident: the same, in another phase.
    pub(super) async fn picks_the_next_update(&self, incident: &str, phase: &str) {
        self.window.open(&format!("{incident}/update")).await;
        self.window.pick("#phase", phase).await;
        // Nobody says that systems are back while they are marked as not working.
        for status in ["#system", "#care"].into_iter().filter(|_| phase == "monitoring") {
            self.window.pick(status, "operational").await;
        }
        for channel in ["sms", "email"] {
            self.window.tick("channels", channel).await;
        }
        self.window.click("button[value=refill]").await;
        self.window.until_it_says("Who this reaches").await;
    }

    /// Sends it to the approver; answers with the address of the review.
    pub(super) async fn submits(&self) -> String {
        self.window.click("button[value=submit]").await;
        self.window.until_it_says("Sent for approval").await;
        self.window.address().await
    }

    /// Reads what waits, approves it and publishes it; answers with the address of the incident.
    pub(super) async fn approves_and_publishes(&self, review: &str) -> String {
        let window = &self.window;
        self.open("/approvals").await;
        let path = url::Url::parse(review).expect("an address").path().to_owned();
        window.click(&format!("main a[href='{path}']")).await;
        window.until_it_says("Decide").await;
        window.click("form[action$='/approve'] button").await;
        window.click("form[action$='/publish'] button").await;
        window.until_it_says("Open the public page").await;
        window.link("main a[href^='/incidents/']").await
    }

    /// The public address of what is on the screen, in a language.
    pub(super) async fn public_page(&self, language: &str) -> String {
        self.window.link(&format!("main a[hreflang={language}]")).await
    }
}
