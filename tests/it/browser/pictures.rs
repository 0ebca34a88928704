//! Pictures of what is on the screen, for `scripts/screenshots`: taken only where a folder for them is named.

use std::path::PathBuf;

use base64::Engine as _;
use serde_json::json;

use super::window::Window;

/// The variable that names the folder.
const FOLDER: &str = "HYSBYS_PICTURES";
/// A phone, and a desk.
const WIDTHS: [u32; 2] = [320, 1280];
/// How the page is shown: the name, the colour scheme and the medium.
const LOOKS: [(&str, &str, &str); 3] = [("light", "light", ""), ("dark", "dark", ""), ("print", "light", "print")];
/// What is taller is cut.
const TALLEST: u64 = 12_000;

/// Takes pictures, or nothing.
pub(super) struct Camera {
    folder: Option<PathBuf>,
}

impl Camera {
    /// A camera that keeps its pictures where the environment says.
    pub(super) fn new() -> Self {
        let folder = std::env::var_os(FOLDER).map(PathBuf::from);
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).expect("a folder for the pictures");
        }
        Self { folder }
    }

    /// The whole page, narrow and wide, in light, in dark and on paper.
    pub(super) async fn takes(&self, window: &Window, name: &str) {
        for width in WIDTHS.into_iter().filter(|_| self.folder.is_some()) {
            window.resize(width).await;
            for (look, scheme, medium) in LOOKS {
                let scheme = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
                window.devtools("Emulation.setEmulatedMedia", json!({ "media": medium, "features": scheme })).await;
                let height = window.run("return document.documentElement.scrollHeight").await;
                let height = height.as_u64().expect("pixels").min(TALLEST);
                self.keep(window, &format!("{name}-{width}-{look}"), (width, height)).await;
            }
            window.devtools("Emulation.setEmulatedMedia", json!({ "media": "", "features": [] })).await;
        }
    }

    /// The whole page as it is in the reader's own colours, which the window has already.
    pub(super) async fn takes_forced(&self, window: &Window, url: &str) {
        let name = url.split_once("//").map_or(url, |(_, rest)| rest).split_once('/').map_or("", |(_, path)| path);
        let name = name.replace(['/', '?', '='], "-");
        for width in WIDTHS.into_iter().filter(|_| self.folder.is_some()) {
            window.resize(width).await;
            let height = window.run("return document.documentElement.scrollHeight").await;
            let height = height.as_u64().expect("pixels").min(TALLEST);
            self.keep(window, &format!("forced-{name}-{width}"), (width, height)).await;
        }
    }

    /// The top of the page as a desk shows it, for the README.
    pub(super) async fn takes_the_top(&self, window: &Window, name: &str, height: u64) {
        if self.folder.is_some() {
            window.resize(1280).await;
            self.keep(window, name, (1280, height)).await;
        }
    }

    async fn keep(&self, window: &Window, name: &str, (width, height): (u32, u64)) {
        let Some(folder) = &self.folder else { return };
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = window.devtools("Page.captureScreenshot", wanted).await;
        let picture = picture["data"].as_str().expect("a picture");
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture).expect("base 64");
        std::fs::write(folder.join(format!("{name}.png")), bytes).expect("the picture is kept");
    }
}
