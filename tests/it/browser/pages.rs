//! Every page in both languages: none may need scrolling to the side on the narrowest phone, and each has its picture
//! taken where pictures are wanted.

use super::desk::Desk;
use super::driver::{Driver, Scripts};
use super::pictures::Camera;
use super::stage::Stage;
use super::window::Window;
use crate::demo::child::Demo;

/// The narrowest window that must do, in pixels: WCAG 2.2, 1.4.10 Reflow.
const NARROWEST: u32 = 320;
/// The public pages that are always there: what they are called, and the path in each language.
pub(super) const PUBLIC: [(&str, &str, &str); 13] = [
    ("home", "/en/", "/cy/"),
    ("services", "/en/services", "/cy/gwasanaethau"),
    ("service", "/en/services/gp-appt", "/cy/gwasanaethau/gp-appt"),
    ("reviews", "/en/reviews", "/cy/adolygiadau"),
    ("areas", "/en/areas", "/cy/ardaloedd"),
    ("area", "/en/areas/cavuhb", "/cy/ardaloedd/cavuhb"),
    ("history", "/en/history", "/cy/hanes"),
    ("month", "/en/history/2018-01", "/cy/hanes/2018-01"),
    ("planned", "/en/planned", "/cy/gwaith-arfaethedig"),
    ("alerts", "/en/alerts", "/cy/hysbysiadau"),
    ("accessibility", "/en/accessibility", "/cy/hygyrchedd"),
    ("privacy", "/en/privacy", "/cy/preifatrwydd"),
    ("missing", "/en/nothing-is-here", "/cy/nid-oes-dim-yma"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_scrolls_to_the_side_on_a_narrow_phone() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let stage = Stage::set(&demo).await;
    let look = Look { window: driver.open(Scripts::Allowed).await, camera: Camera::new(), wide: Vec::new() };
    let look = look.at_public_pages(&demo, &stage).await.at_sign_in(&demo).await;
    let alys = Desk::of("author", &demo, &driver, Scripts::Allowed).await;
    let nia = Desk::of("approver", &demo, &driver, Scripts::Allowed).await;
    let look = look.at_screens(alys, &["/incidents", &stage.desk, "/account", "/planned/new"], &stage).await;
    let look = look.at_screens(nia, &["/approvals", "/audit"], &stage).await;
    assert!(look.wide.is_empty(), "wider than {NARROWEST} pixels:\n{}", look.wide.join("\n"));
}

/// Somebody who looks at every page, and what they found.
struct Look {
    window: Window,
    camera: Camera,
    wide: Vec<String>,
}

impl Look {
    async fn at_public_pages(mut self, demo: &Demo, stage: &Stage) -> Self {
        for (name, english, welsh) in PUBLIC {
            for (language, path) in [("en", english), ("cy", welsh)] {
                self.window.open(&format!("{}{path}", demo.sheet.page)).await;
                assert!(self.window.has(&format!("html[lang^={language}]")).await, "{path} is in its language");
                self.look(&format!("{language}-{name}")).await;
            }
        }
        for language in ["en", "cy"] {
            self.window.open(stage.incident[language].as_str().expect("an address")).await;
            self.look(&format!("{language}-incident")).await;
        }
        self.window.open(&format!("{}/en/", demo.sheet.page)).await;
        self.camera.takes_the_top(&self.window, "page", 960).await;
        self
    }

    async fn at_sign_in(mut self, demo: &Demo) -> Self {
        for language in ["en", "cy"] {
            self.window.open(&format!("{}/language/{language}", demo.sheet.authoring)).await;
            self.window.open(&format!("{}/sign-in", demo.sheet.authoring)).await;
            self.look(&format!("{language}-staff-sign-in")).await;
        }
        self.window.open(&demo.sheet.simulator).await;
        self.look("simulator").await;
        self
    }

    /// The screens of one person; the author's empty and filled editor, the approver's decision.
    async fn at_screens(mut self, desk: Desk, paths: &[&str], stage: &Stage) -> Self {
        let writes = paths.contains(&"/planned/new");
        if writes {
            desk.picks_a_new_incident().await;
            self.camera.takes_the_top(&desk.window, "authoring", 960).await;
        }
        let mut own = std::mem::replace(&mut self.window, desk.window);
        if writes {
            self.look("en-staff-filled").await;
        }
        let site = url::Url::parse(&self.window.address().await).expect("an address");
        for language in ["en", "cy"] {
            self.window.open(site.join(&format!("/language/{language}")).expect("a path").as_str()).await;
            let more = if writes {
                ["/incidents/new".to_owned(), format!("{}/update", stage.desk)]
            } else {
                [stage.review.clone(), stage.desk.clone()]
            };
            for path in paths.iter().map(|path| (*path).to_owned()).chain(more) {
                self.window.open(site.join(&path).expect("a path").as_str()).await;
                self.look(&format!("{language}-staff{}", name_of(&path, stage))).await;
            }
        }
        std::mem::swap(&mut self.window, &mut own);
        self
    }

    async fn look(&mut self, name: &str) {
        self.camera.takes(&self.window, name).await;
        self.window.resize(NARROWEST).await;
        let (pixels, what) = self.window.overflow().await;
        if pixels > 0 {
            self.wide.push(format!("{name} by {pixels} pixels: {what}"));
        }
    }
}

/// A path as a part of a file's name.
fn name_of(path: &str, stage: &Stage) -> String {
    path.replace(&stage.desk, "/incident").replace(&stage.review, "/review").replace('/', "-")
}
