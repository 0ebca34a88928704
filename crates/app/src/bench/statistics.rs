//! Median and percentiles of what was measured.

/// Measured values of one kind, in one unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples(Vec<f64>);

impl Samples {
    /// Adds a value.
    pub(super) fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The value in the middle.
    pub(super) fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// The smallest value that at least so many of a hundred values do not exceed (nearest rank); 0 of nothing.
    pub(super) fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "counts of samples are small")]
        let rank = (percent / 100.0 * sorted.len() as f64).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank is a small whole number")]
        let place = (rank as usize).saturating_sub(1);
        sorted.get(place).or(sorted.last()).copied().unwrap_or_default()
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// A number of things, to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are small")]
pub(super) fn count(things: usize) -> f64 {
    things as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let hundred: Samples = (1..=100).rev().map(f64::from).collect();
        assert_eq!((hundred.median(), hundred.percentile(99.0), hundred.percentile(100.0)), (50.0, 99.0, 100.0));
        let five: Samples = [5.0, 1.0, 4.0, 2.0, 3.0].into_iter().collect();
        assert_eq!((five.median(), five.percentile(99.0)), (3.0, 5.0));
    }

    #[test]
    fn one_value_is_every_percentile_and_none_is_nothing() {
        let one: Samples = [7.0].into_iter().collect();
        assert_eq!((one.median(), one.percentile(99.0)), (7.0, 7.0));
        assert_eq!(Samples::default().median(), 0.0);
    }
}
