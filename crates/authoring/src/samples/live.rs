//! The page of a broadcast with sample data.

use domain::delivery::Progress;
use domain::{ChannelKind, Language};

use super::data::moment;
use crate::ui::views::{BroadcastPage, FailureRow, ReachRow, Report, ShareRow};

pub(super) fn broadcast_page(state: &'static str) -> BroadcastPage {
    let progress = Progress { audience: 8_310, sent: 12, failed: 1, remaining: 8_297, ..Progress::default() };
    let row = |channel, language, per_second: Option<i64>| ShareRow {
        channel,
        language,
        progress: progress.clone(),
        done: 13,
        per_second,
        last_at: per_second.map(|_| moment()),
    };
    BroadcastPage {
        number_key: "au-number",
        number: 7,
        incident_url: "/incidents/1".to_owned(),
        update: 2,
        url: "/broadcasts/1".to_owned(),
        state,
        outcome: state,
        is_over: false,
        published_at: moment(),
        may_stop: true,
        has_failed: true,
        rows: vec![
            row(ChannelKind::Sms, Some(Language::Cy), Some(350)),
            row(ChannelKind::Email, Some(Language::En), Some(0)),
            row(ChannelKind::Mastodon, None, None),
        ],
        report: Report {
            minutes: [1, 5, 15, 60],
            reach: vec![ReachRow {
                channel: ChannelKind::Sms,
                language: Language::Cy,
                cells: [Some((12, 3)), None, None, None],
            }],
            failures: vec![FailureRow { channel: ChannelKind::Sms, reason: "au-reason-gone", code: 30_005, people: 1 }],
        },
    }
}
