//! Pages that hardly change: the legal ones, and what is shown instead of a page.

use chrono::NaiveDate;
use render::View;
use serde::Serialize;

use super::Voice;
use crate::routes::Place;

/// The accessibility statement.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Accessibility {
    pub(crate) contact: Option<String>,
    /// When the statement was written; the law wants its date.
    pub(crate) prepared: NaiveDate,
}

impl View for Accessibility {
    const TEMPLATE: &'static str = "page/accessibility.html";
}

impl Accessibility {
    pub(crate) fn of(contact: Option<String>) -> Self {
        Self { contact, prepared: PREPARED }
    }
}

/// Changes with the words of the statement and with each test that they speak of.
const PREPARED: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day of the calendar");

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
