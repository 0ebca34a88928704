//! How many calls of the last ten seconds failed.

use std::time::Duration;

use tokio::time::Instant;

/// Parts of the window, of a second each.
const PARTS: usize = 10;
const PART: Duration = Duration::from_secs(1);
/// Fewer calls say nothing about a provider.
const ENOUGH: u32 = 50;
/// Fewer calls say nothing about which of two providers is better.
const SOME: u32 = 10;

/// Calls and failures, second by second.
#[derive(Debug, Default)]
pub(crate) struct Window {
    parts: [Part; PARTS],
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    began: Option<Instant>,
    calls: u32,
    failures: u32,
}

impl Window {
    pub(crate) fn note(&mut self, now: Instant, has_failed: bool) {
        let part = match self.parts.iter().position(|part| part.is_within(now, PART)) {
            Some(place) => &mut self.parts[place],
            None => {
                let oldest = self.parts.iter_mut().min_by_key(|part| part.began).expect("there are ten");
                *oldest = Part { began: Some(now), ..Part::default() };
                oldest
            }
        };
        part.calls += 1;
        part.failures += u32::from(has_failed);
    }

    /// Whether more than half of at least fifty calls failed.
    pub(crate) fn is_mostly_failing(&self, now: Instant) -> bool {
        let (calls, failures) = self.sums(now);
        calls >= ENOUGH && failures * 2 > calls
    }

    /// The share that failed; 0 when there were too few calls to say.
    pub(crate) fn failing(&self, now: Instant) -> f64 {
        let (calls, failures) = self.sums(now);
        if calls < SOME { 0.0 } else { f64::from(failures) / f64::from(calls) }
    }

    fn sums(&self, now: Instant) -> (u32, u32) {
        let whole = PART * u32::try_from(PARTS).unwrap_or(u32::MAX);
        let recent = self.parts.iter().filter(|part| part.is_within(now, whole));
        recent.fold((0, 0), |(calls, failures), part| (calls + part.calls, failures + part.failures))
    }
}

impl Part {
    fn is_within(&self, now: Instant, span: Duration) -> bool {
        self.began.is_some_and(|began| now.saturating_duration_since(began) < span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_long_ago_does_not_count() {
        let mut window = Window::default();
        for _ in 0..60 {
            window.note(Instant::now(), true);
        }
        assert!(window.is_mostly_failing(Instant::now()));
        tokio::time::advance(PART * 10).await;
        assert!(!window.is_mostly_failing(Instant::now()));
        for _ in 0..40 {
            window.note(Instant::now(), false);
            tokio::time::advance(PART / 4).await;
        }
        assert!(window.failing(Instant::now()).abs() < f64::EPSILON);
    }
}
