//! What the page of a broadcast shows.

use chrono::{DateTime, Utc};
use domain::delivery::Progress;
use domain::{ChannelKind, Language};
use render::View;
use serde::Serialize;

/// How a broadcast goes, and what it came to.
#[derive(Debug, Serialize)]
pub(crate) struct BroadcastPage {
    /// The key of "Incident 7".
    pub(crate) number_key: &'static str,
    pub(crate) number: i64,
    pub(crate) incident_url: String,
    pub(crate) update: i64,
    pub(crate) url: String,
    pub(crate) state: &'static str,
    /// The word for how it went, as on the page of the incident.
    pub(crate) outcome: &'static str,
    pub(crate) is_over: bool,
    pub(crate) published_at: DateTime<Utc>,
    pub(crate) may_stop: bool,
    pub(crate) has_failed: bool,
    pub(crate) rows: Vec<ShareRow>,
    pub(crate) report: Report,
}
impl View for BroadcastPage {
    const TEMPLATE: &'static str = "authoring/broadcast.html";
}

/// One channel in one language; posts are not parted by language.
#[derive(Debug, Serialize)]
pub(crate) struct ShareRow {
    pub(crate) channel: ChannelKind,
    pub(crate) language: Option<Language>,
    pub(crate) progress: Progress,
    /// Who needs nothing more: sent to, failed, or spared.
    pub(crate) done: i64,
    /// While messages leave: how many a second, on average since the first.
    pub(crate) per_second: Option<i64>,
    /// While messages leave: when that brings the last one.
    pub(crate) last_at: Option<DateTime<Utc>>,
}

/// What it came to.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) minutes: [i16; 4],
    pub(crate) reach: Vec<ReachRow>,
    pub(crate) failures: Vec<FailureRow>,
}

/// One channel in one language at each of the minutes: sent, and of these delivered.
#[derive(Debug, Serialize)]
pub(crate) struct ReachRow {
    pub(crate) channel: ChannelKind,
    pub(crate) language: Language,
    pub(crate) cells: [Option<(i64, i64)>; 4],
}

/// Failures of one kind.
#[derive(Debug, Serialize)]
pub(crate) struct FailureRow {
    pub(crate) channel: ChannelKind,
    /// The key of the reason.
    pub(crate) reason: &'static str,
    pub(crate) code: i32,
    pub(crate) people: i64,
}
