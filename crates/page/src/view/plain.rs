//! Pages that hardly change: the legal ones, and what is shown instead of a page.

use render::View;
use serde::Serialize;

use super::Voice;
use crate::routes::Place;

/// The accessibility statement.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Accessibility {
    pub(crate) contact: Option<String>,
}

impl View for Accessibility {
    const TEMPLATE: &'static str = "page/accessibility.html";
}

/// The privacy notice.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Privacy {
    pub(crate) contact: Option<String>,
    pub(crate) alerts_url: String,
}

impl View for Privacy {
    const TEMPLATE: &'static str = "page/privacy.html";
}

impl Privacy {
    pub(crate) fn of(contact: Option<String>, voice: Voice<'_>) -> Self {
        Self { contact, alerts_url: Place::Alerts.path(voice.language) }
    }
}

/// What is shown where no page is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Missing {
    /// `not-found`, `method` or `starting`.
    pub(crate) what: &'static str,
    pub(crate) home_url: String,
}

impl View for Missing {
    const TEMPLATE: &'static str = "page/missing.html";
}
