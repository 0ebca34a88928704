//! The hours in which only what is urgent may ring a phone: the rest waits until they are over, and is not late by that.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use domain::{ChannelKind, Severity};
use serde::{Deserialize, Serialize};

/// More than so much time is not counted by the hour: nobody means it.
const LONG: TimeDelta = TimeDelta::days(30);

/// `[notifier.quiet]`: by the clock of `site.time_zone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// When it begins, such as `"22:00"`.
    pub from: NaiveTime,
    /// When it ends.
    pub until: NaiveTime,
    /// Texts of milder updates than this wait.
    #[serde(default = "serious")]
    pub below: Severity,
}

const fn serious() -> Severity {
    Severity::Serious
}

/// Quiet hours where there are any.
#[derive(Clone, Copy, Debug)]
pub struct Hours {
    quiet: Option<Quiet>,
    zone: Tz,
}

impl Default for Hours {
    fn default() -> Self {
        Self { quiet: None, zone: Tz::UTC }
    }
}

impl Hours {
    /// These quiet hours by the clock of a zone.
    #[must_use]
    pub const fn new(quiet: Option<Quiet>, zone: Tz) -> Self {
        Self { quiet, zone }
    }

    /// Texts of milder updates than this wait now.
    pub(crate) fn quiet_below(&self, now: DateTime<Utc>) -> Option<Severity> {
        self.end_at(now).and(self.quiet).map(|quiet| quiet.below)
    }

    /// Until when an update must wait now; none when it may leave.
    pub(crate) fn waits(&self, severity: Severity, channel: ChannelKind, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.end_at(now).filter(|_| self.concern(severity, channel))
    }

    /// When an update that was published at `since` and lasts so long is too late: the hours in which it had to wait do
    /// not count.
    pub(crate) fn end_of(&self, since: DateTime<Utc>, lasts: TimeDelta) -> DateTime<Utc> {
        let (mut at, mut left) = (since, lasts);
        while left > TimeDelta::zero() && lasts < LONG {
            if let Some(end) = self.end_at(at) {
                at = end;
            }
            let Some(begins) = self.next_beginning(at).filter(|begins| *begins - at < left) else { return at + left };
            left -= begins - at;
            at = begins;
        }
        at + left
    }

    /// Published before this, an update that lasts so long is too late now.
    pub(crate) fn too_old(&self, now: DateTime<Utc>, lasts: TimeDelta) -> DateTime<Utc> {
        if self.quiet.is_none() || lasts >= LONG {
            return now - lasts;
        }
        // What is too late can only be older than without quiet hours: at most by one night for each day that it lasts.
        let nights = i32::try_from(lasts.num_days()).unwrap_or(i32::MAX).saturating_add(2);
        let (mut late, mut early) = (now - lasts - TimeDelta::days(1) * nights, now - lasts);
        while early - late > TimeDelta::seconds(1) {
            let middle = late + (early - late) / 2;
            if self.end_of(middle, lasts) <= now { late = middle } else { early = middle }
        }
        late
    }

    /// Whether quiet hours are about such an update.
    pub(crate) fn concern(&self, severity: Severity, channel: ChannelKind) -> bool {
        channel == ChannelKind::Sms && self.quiet.is_some_and(|quiet| severity < quiet.below)
    }

    /// Which updates quiet hours are about: those below this severity.
    pub(crate) fn limit(&self) -> Option<Severity> {
        self.quiet.map(|quiet| quiet.below)
    }

    fn end_at(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let quiet = self.quiet?;
        let time = at.with_timezone(&self.zone).time();
        let is_quiet = if quiet.from <= quiet.until {
            quiet.from <= time && time < quiet.until
        } else {
            quiet.from <= time || time < quiet.until
        };
        if is_quiet { self.next(at, quiet.until) } else { None }
    }

    fn next_beginning(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.next(at, self.quiet?.from)
    }

    /// The next moment at which the clock shows this; when the clock is put forward over it, an hour later.
    fn next(&self, at: DateTime<Utc>, time: NaiveTime) -> Option<DateTime<Utc>> {
        let today = at.with_timezone(&self.zone).date_naive();
        let days = (0..3).filter_map(|days| today.checked_add_days(Days::new(days)));
        let moments = days.filter_map(|day| {
            let shown = day.and_time(time);
            let local = self.zone.from_local_datetime(&shown).earliest();
            local.or_else(|| self.zone.from_local_datetime(&(shown + TimeDelta::hours(1))).earliest())
        });
        moments.map(|moment| moment.with_timezone(&Utc)).find(|moment| *moment > at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> Hours {
        let (from, until) = ("22:00".parse().unwrap(), "07:00".parse().unwrap());
        let quiet = Quiet { from, until, below: Severity::Serious };
        Hours::new(Some(quiet), Tz::Europe__London)
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn at_night_only_what_is_urgent_rings() {
        let (night, text) = (at("2026-01-10T23:30:00Z"), ChannelKind::Sms);
        assert_eq!(hours().waits(Severity::Moderate, text, night), Some(at("2026-01-11T07:00:00Z")));
        assert_eq!(hours().waits(Severity::Serious, text, night), None);
        assert_eq!(hours().waits(Severity::Critical, text, night), None);
        assert_eq!(hours().waits(Severity::Moderate, ChannelKind::Email, night), None);
        assert_eq!(hours().waits(Severity::Moderate, text, at("2026-01-11T07:00:00Z")), None);
        assert_eq!(Hours::default().waits(Severity::Info, text, night), None);
    }

    #[test]
    fn the_clock_on_the_wall_counts() {
        let (mild, text) = (Severity::Minor, ChannelKind::Sms);
        assert!(hours().waits(mild, text, at("2026-07-10T21:30:00Z")).is_some(), "half past ten in summer");
        assert_eq!(hours().waits(mild, text, at("2026-03-28T23:00:00Z")), Some(at("2026-03-29T06:00:00Z")));
    }

    #[test]
    fn a_night_makes_nothing_late() {
        let four = TimeDelta::hours(4);
        assert_eq!(hours().end_of(at("2026-01-10T12:00:00Z"), four), at("2026-01-10T16:00:00Z"));
        assert_eq!(hours().end_of(at("2026-01-10T21:00:00Z"), four), at("2026-01-11T10:00:00Z"));
        assert_eq!(hours().end_of(at("2026-01-10T23:00:00Z"), four), at("2026-01-11T11:00:00Z"));
    }

    #[test]
    fn what_is_too_old_is_what_has_ended_by_now() {
        let four = TimeDelta::hours(4);
        for (now, published) in
            [("2026-01-10T16:00:00Z", "2026-01-10T12:00:00Z"), ("2026-01-11T10:00:00Z", "2026-01-10T21:00:00Z")]
        {
            let too_old = hours().too_old(at(now), four);
            assert!((at(published) - too_old).abs() <= TimeDelta::seconds(2), "{now}: {too_old}");
        }
    }
}
