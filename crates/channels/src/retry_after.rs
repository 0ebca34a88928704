//! How long a provider asks us to wait, in the three ways in which providers say it.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Nobody is asked again sooner than this.
const SHORTEST: Duration = Duration::from_secs(1);
/// A health message waits no longer than this for a provider's wish.
const LONGEST: Duration = Duration::from_hours(6);

/// `Retry-After` (RFC 9110, 10.2.3): seconds or an HTTP date. Cut to 1 s to 6 h; a date in the past means 1 s.
#[must_use]
pub fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(clamped(Duration::from_secs(value.parse().unwrap_or(u64::MAX))));
    }
    DateTime::parse_from_rfc2822(value).ok().map(|at| until(at.to_utc(), now))
}

/// Mastodon's `X-RateLimit-Reset`: the time at which the limit is lifted, as ISO 8601.
#[must_use]
pub fn rate_limit_reset(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    DateTime::parse_from_rfc3339(value.trim()).ok().map(|at| until(at.to_utc(), now))
}

fn until(at: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    clamped((at - now).to_std().unwrap_or(SHORTEST))
}

fn clamped(wait: Duration) -> Duration {
    wait.clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_understood_and_cut_to_sense() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for (value, seconds) in [
            ("30", Some(30)),
            (" 0 ", Some(1)),
            ("99999999999999999999999", Some(21_600)),
            ("Sun, 22 Nov 2026 12:02:00 GMT", Some(120)),
            ("Sun, 22 Nov 2026 11:00:00 GMT", Some(1)),
            ("Sun, 22 Nov 2099 11:00:00 GMT", Some(21_600)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
        assert_eq!(rate_limit_reset("2026-11-22T12:05:00.000Z", now), Some(Duration::from_secs(300)));
        assert_eq!(rate_limit_reset("300", now), None);
    }
}
