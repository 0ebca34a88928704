//! One measured figure, as the JSON line that scripts read.

use serde::Serialize;

use crate::commands::say;

/// A figure with what it was measured against.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figure {
    bench: &'static str,
    figure: String,
    store: &'static str,
    value: f64,
    unit: &'static str,
    /// The bare limit, measured in the same run.
    limit: Option<f64>,
    /// `value / limit`.
    ratio: Option<f64>,
}

/// Which benchmark measured, with which database under it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) bench: &'static str,
    pub(super) store: &'static str,
}

impl Source {
    /// A figure that has no bare limit.
    pub(super) fn figure(self, figure: impl Into<String>, (value, unit): (f64, &'static str)) -> Figure {
        let value = rounded(value);
        Figure { bench: self.bench, figure: figure.into(), store: self.store, value, unit, limit: None, ratio: None }
    }
}

impl Figure {
    /// The same with its bare limit.
    pub(super) fn against(mut self, limit: f64) -> Self {
        self.limit = Some(rounded(limit));
        self.ratio = (limit > 0.0).then(|| rounded(self.value / limit));
        self
    }

    /// Writes it as one line to standard output.
    ///
    /// # Errors
    /// When standard output is closed.
    pub(super) fn say(&self) -> anyhow::Result<()> {
        Ok(say(serde_json::to_string(self)?)?)
    }
}

/// More digits than this are noise.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: Source = Source { bench: "page", store: "sqlite" };

    #[test]
    fn a_figure_is_one_line_with_all_seven_fields() {
        let line = serde_json::to_string(&SOURCE.figure("size", (13.0, "bytes"))).unwrap();
        let expected = r#"{"bench":"page","figure":"size","store":"sqlite","value":13.0,"unit":"bytes","limit":null,"ratio":null}"#;
        assert_eq!(line, expected);
    }

    #[test]
    fn a_ratio_is_of_the_limit_of_the_same_run() {
        let figure = SOURCE.figure("throughput", (95.0, "requests/s")).against(100.0);
        assert_eq!((figure.limit, figure.ratio), (Some(100.0), Some(0.95)));
    }
}
