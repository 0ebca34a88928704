//! The text format of Prometheus, version 0.0.4: families of numbers, each with a name, a help and its samples.

use std::fmt::{Display, Write};

/// Families written so far.
#[derive(Default)]
pub(super) struct Exposition(String);

/// One family. Its head is written with its first sample, so that a family without samples is not there at all.
pub(super) struct Family<'a> {
    text: &'a mut String,
    head: Option<(&'static str, &'static str)>,
    name: &'static str,
}

impl Exposition {
    /// A number that goes up and down.
    pub(super) fn gauge(&mut self, name: &'static str, help: &'static str) -> Family<'_> {
        Family { text: &mut self.0, head: Some((help, "gauge")), name }
    }

    /// A number that only grows, from zero at the start of the program.
    pub(super) fn counter(&mut self, name: &'static str, help: &'static str) -> Family<'_> {
        Family { text: &mut self.0, head: Some((help, "counter")), name }
    }

    /// All of it.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

impl Family<'_> {
    /// The only sample of a family.
    pub(super) fn is(&mut self, value: impl Display) {
        self.of(&[], value);
    }

    /// One sample of several.
    pub(super) fn of(&mut self, labels: &[(&str, &str)], value: impl Display) {
        let name = self.name;
        if let Some((help, kind)) = self.head.take() {
            let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        }
        let labels: Vec<String> =
            labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.text, "{name}{labels} {value}");
    }
}

/// A label's value may hold anything; three letters are written otherwise.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_one_head_and_none_without_samples() {
        let mut text = Exposition::default();
        text.gauge("empty", "Nothing.");
        let mut family = text.counter("sent_total", "Sent.");
        family.of(&[("provider", "a\"b\\c\nd"), ("channel", "sms")], 3);
        family.of(&[("provider", "e"), ("channel", "sms")], 0.5);
        text.gauge("up", "Up.").is(1);
        let expected = "# HELP sent_total Sent.\n# TYPE sent_total counter\n\
            sent_total{provider=\"a\\\"b\\\\c\\nd\",channel=\"sms\"} 3\nsent_total{provider=\"e\",channel=\"sms\"} 0.5\n\
            # HELP up Up.\n# TYPE up gauge\nup 1\n";
        assert_eq!(text.finish(), expected);
    }
}
