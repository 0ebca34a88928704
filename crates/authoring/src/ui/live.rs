//! How a broadcast goes, while it goes, and what it came to: one page that fills itself where scripts run, and that a
//! link refreshes where they do not.

mod report;
mod stream;

use axum::extract::{Path, State};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ChannelKind;
use domain::delivery::{BroadcastState, Progress};
use domain::staff::Act;
use edge::Failure;
use store::Share;

use super::incident::{outcome_key, state_key};
use super::person::Person;
use super::views::{BroadcastPage, ShareRow};
use crate::Authoring;
use crate::error::Result;
use crate::wording::number_key;

pub(super) use self::report::download;
pub(super) use self::stream::{script, stream};

pub(super) async fn show(State(authoring): State<Authoring>, person: Person, Path(id): Path<String>) -> edge::Result {
    let id: i64 = id.parse().map_err(|_| Failure::not_found())?;
    let told = authoring.broadcast(&person.caller, id).await?;
    let incident = authoring.incident_of(authoring.store(), &person.caller, told.broadcast.incident).await?;
    let channels: Vec<_> = told.channels.into_iter().collect();
    let state = told.broadcast.state;
    let view = BroadcastPage {
        number_key: number_key(incident.kind),
        number: incident.number,
        incident_url: format!("/incidents/{}", incident.id),
        update: told.broadcast.update,
        url: format!("/broadcasts/{id}"),
        state: state_key(state),
        outcome: outcome_key(state, &channels),
        is_over: matches!(state, BroadcastState::Done | BroadcastState::Cancelled),
        published_at: told.broadcast.created_at,
        may_stop: person.may(Act::StopBroadcast),
        has_failed: channels.iter().any(|(_, progress)| progress.failed > 0),
        report: authoring.report(id, state).await?,
        rows: authoring.share_rows(id, state, &channels).await?,
    };
    authoring.screen(&person, &view).await
}

impl Authoring {
    /// A row for each channel and language; posts are written in all languages, and count in parts.
    async fn share_rows(
        &self,
        id: i64,
        state: BroadcastState,
        channels: &[(ChannelKind, Progress)],
    ) -> Result<Vec<ShareRow>> {
        let now = self.env().now();
        let shares = self.store().shares(id).await?;
        let row = |Share { channel, language, progress }| ShareRow {
            language: Some(language),
            ..row(channel, progress, state, now)
        };
        let mut rows: Vec<ShareRow> = shares.into_iter().map(row).collect();
        let posts = channels.iter().filter(|(channel, _)| *channel == ChannelKind::Mastodon);
        rows.extend(posts.map(|(channel, progress)| self::row(*channel, progress.clone(), state, now)));
        Ok(rows)
    }
}

fn row(channel: ChannelKind, progress: Progress, state: BroadcastState, now: DateTime<Utc>) -> ShareRow {
    let pace = Pace::of(&progress, state, now);
    ShareRow {
        channel,
        language: None,
        done: progress.audience - progress.remaining,
        per_second: pace.as_ref().map(|pace| pace.per_second),
        last_at: pace.map(|pace| pace.last_at),
        progress,
    }
}

/// How quickly messages have left so far, and when that brings the last one.
#[derive(Debug, PartialEq)]
struct Pace {
    /// Whole messages a second; 0 for fewer than one.
    per_second: i64,
    last_at: DateTime<Utc>,
}

impl Pace {
    /// None while nothing can be said: before the first message, while held, and after the last.
    fn of(progress: &Progress, state: BroadcastState, now: DateTime<Utc>) -> Option<Self> {
        let since = progress.first_sent_at.filter(|_| state == BroadcastState::Sending && progress.remaining > 0)?;
        let took = (now - since).num_milliseconds().max(1_000);
        let left = progress.audience - progress.remaining;
        if left <= 0 {
            return None;
        }
        // More than a century is no time to tell anybody.
        let wait = i128::from(progress.remaining) * i128::from(took) / i128::from(left);
        let wait = i64::try_from(wait).ok().filter(|wait| *wait < 3_000_000_000_000)?;
        Some(Self { per_second: left.saturating_mul(1_000) / took, last_at: now + TimeDelta::milliseconds(wait) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_516_802_700 + seconds, 0).unwrap()
    }

    #[test]
    fn the_time_of_the_last_person_follows_from_how_quickly_the_others_were_told() {
        let progress = Progress { audience: 3_000, sent: 1_000, remaining: 2_000, ..Progress::default() };
        let begun = Progress { first_sent_at: Some(at(0)), ..progress.clone() };
        let pace = Pace::of(&begun, BroadcastState::Sending, at(10)).unwrap();
        assert_eq!(pace, Pace { per_second: 100, last_at: at(30) });
        assert_eq!(Pace::of(&begun, BroadcastState::Paused, at(10)), None, "nothing leaves");
        assert_eq!(Pace::of(&progress, BroadcastState::Sending, at(10)), None, "nothing has left");
        let over = Progress { remaining: 0, ..begun };
        assert_eq!(Pace::of(&over, BroadcastState::Sending, at(10)), None, "everybody is told");
    }

    #[test]
    fn no_number_is_too_large_or_too_small() {
        let slow =
            Progress { audience: i64::MAX, remaining: i64::MAX - 1, first_sent_at: Some(at(0)), ..Progress::default() };
        assert_eq!(Pace::of(&slow, BroadcastState::Sending, at(10)), None);
        let sudden = Progress { audience: 9, remaining: 1, first_sent_at: Some(at(10)), ..Progress::default() };
        assert_eq!(Pace::of(&sudden, BroadcastState::Sending, at(9)).unwrap().per_second, 8);
    }
}
