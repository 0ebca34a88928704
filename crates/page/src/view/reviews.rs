//! What happened and why: the incidents that were looked into afterwards.

use render::View;
use serde::Serialize;

use super::Voice;
use super::history::PastRow;

/// How many the page names; older ones are found through their months.
const SHOWN: usize = 100;

/// The page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Reviews {
    pub(crate) rows: Vec<PastRow>,
}

impl View for Reviews {
    const TEMPLATE: &'static str = "page/reviews.html";
}

impl Reviews {
    pub(crate) fn of(voice: Voice<'_>) -> Self {
        Self { rows: voice.now.model.entries.reviewed().take(SHOWN).map(|entry| PastRow::of(entry, voice)).collect() }
    }
}
