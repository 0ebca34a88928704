//! What a broadcast came to: how far it had come at fixed minutes, and why messages failed. Numbers without contacts, on
//! the page and as a table to download.

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use domain::delivery::BroadcastState;
use domain::{ChannelKind, Language};
use edge::Failure;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use store::{Failures, Reach};

use crate::Authoring;
use crate::error::Result;
use crate::ui::person::Person;
use crate::ui::views::{FailureRow, ReachRow, Report};

/// The minutes that are told of.
const MINUTES: [i16; 4] = [1, 5, 15, 60];

impl Authoring {
    /// Why messages failed is looked for when it is over: with failures everywhere that reads every outcome, which
    /// nobody should do once a second while messages leave.
    pub(super) async fn report(&self, id: i64, state: BroadcastState) -> Result<Report> {
        let reach = self.store().reach_of(id).await?;
        let is_over = matches!(state, BroadcastState::Done | BroadcastState::Cancelled);
        let failures = if is_over { self.store().failures(id).await? } else { Vec::new() };
        Ok(Report { minutes: MINUTES, reach: rows(&reach), failures: failures.iter().map(failure).collect() })
    }
}

fn rows(reach: &[Reach]) -> Vec<ReachRow> {
    let mut rows: BTreeMap<(ChannelKind, Language), ReachRow> = BTreeMap::new();
    for one in reach {
        let empty = || ReachRow { channel: one.channel, language: one.language, cells: [None; MINUTES.len()] };
        let row = rows.entry((one.channel, one.language)).or_insert_with(empty);
        if let Some(place) = MINUTES.iter().position(|minute| *minute == one.minute) {
            row.cells[place] = Some((one.sent, one.delivered));
        }
    }
    rows.into_values().collect()
}

fn failure(failures: &Failures) -> FailureRow {
    let Failures { channel, code, people } = *failures;
    FailureRow { channel, reason: reason(channel, code), code, people }
}

/// What a code means for whoever reads a report; the tables of the channels say what follows from it.
const fn reason(channel: ChannelKind, code: i32) -> &'static str {
    match (channel, code) {
        (_, 0) => "au-reason-unanswered",
        (ChannelKind::Sms, 30_003) | (ChannelKind::Email, 450 | 452 | 552) => "au-reason-soft",
        (ChannelKind::Sms, 21_211 | 21_214 | 21_217 | 21_612 | 21_614 | 30_005 | 30_006)
        | (ChannelKind::Email, 550 | 551 | 553) => "au-reason-gone",
        (ChannelKind::Sms, 21_610) => "au-reason-left",
        (ChannelKind::Sms, 30_004 | 30_007) | (ChannelKind::Email, 554 | 571) => "au-reason-refused",
        _ => "au-reason-other",
    }
}

/// `GET /broadcasts/{id}/report.csv`: one number a line, so that any spreadsheet can turn it as it likes.
pub(in crate::ui) async fn download(
    State(authoring): State<Authoring>,
    person: Person,
    Path(id): Path<String>,
) -> edge::Result {
    let id: i64 = id.parse().map_err(|_| Failure::not_found())?;
    authoring.broadcast(&person.caller, id).await?;
    let mut table = Table::new();
    for share in authoring.store().shares(id).await.map_err(crate::ActionError::from)? {
        let (of, progress) = ((share.channel, Some(share.language)), share.progress);
        for (measure, value) in [
            ("audience", progress.audience),
            ("sent", progress.sent),
            ("delivered", progress.delivered),
            ("failed", progress.failed),
            ("unknown", progress.unknown),
            ("skipped", progress.skipped),
            ("expired", progress.expired),
            ("superseded", progress.superseded),
            ("remaining", progress.remaining),
        ] {
            table.line(of, measure, value);
        }
    }
    for reach in authoring.store().reach_of(id).await.map_err(crate::ActionError::from)? {
        let of = (reach.channel, Some(reach.language));
        table.line(of, &format!("sent_by_minute_{}", reach.minute), reach.sent);
        table.line(of, &format!("delivered_by_minute_{}", reach.minute), reach.delivered);
        table.line(of, &format!("failed_by_minute_{}", reach.minute), reach.failed);
    }
    for one in authoring.store().failures(id).await.map_err(crate::ActionError::from)? {
        table.line((one.channel, None), &format!("failed_with_code_{}", one.code), one.people);
    }
    let name = format!("attachment; filename=\"broadcast-{id}.csv\"");
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, table.0).into_response())
}

/// Comma-separated values (RFC 4180) of which none needs quotes: keys of ours, and numbers.
struct Table(String);

impl Table {
    fn new() -> Self {
        Self("channel,language,measure,value\r\n".to_owned())
    }

    fn line(&mut self, (channel, language): (ChannelKind, Option<Language>), measure: &str, value: i64) {
        let language = language.map_or("", Language::code);
        let _ = write!(self.0, "{},{language},{measure},{value}\r\n", channel.key());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_that_nobody_counted_stays_empty() {
        let at = |minute, sent| Reach {
            minute,
            channel: ChannelKind::Sms,
            language: Language::Cy,
            audience: 9,
            sent,
            delivered: sent - 1,
            failed: 0,
        };
        let rows = rows(&[at(1, 4), at(15, 9)]);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].cells, [Some((4, 3)), None, Some((9, 8)), None]);
    }

    #[test]
    fn every_code_has_words() {
        assert_eq!(reason(ChannelKind::Sms, 30_005), "au-reason-gone");
        assert_eq!(reason(ChannelKind::Email, 550), "au-reason-gone");
        assert_eq!(reason(ChannelKind::Email, 0), "au-reason-unanswered");
        assert_eq!(reason(ChannelKind::Mastodon, 422), "au-reason-other");
    }
}
