//! Reads a JSON object field by field, so that every wrong field is named and not only the first.

use edge::Problem;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The fields of a JSON object that have not been read yet, and what was wrong with those that have.
pub(crate) struct Fields {
    prefix: String,
    rest: Map<String, Value>,
    problems: Vec<Problem>,
}

impl Fields {
    /// The fields of a body; anything but an object is a problem.
    pub(crate) fn new(body: Value) -> Self {
        Self::within(String::new(), body)
    }

    /// The fields of an object inside a body; `prefix` ends in a dot or is empty.
    pub(crate) fn within(prefix: String, body: Value) -> Self {
        match body {
            Value::Object(rest) => Self { prefix, rest, problems: Vec::new() },
            Value::Null => Self { prefix, rest: Map::new(), problems: Vec::new() },
            _ => {
                let problems = vec![Problem::new(prefix.trim_end_matches('.'), "unusable")];
                Self { prefix, rest: Map::new(), problems }
            }
        }
    }

    /// A field, if it is there and not null.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.take_nullable(name).flatten()
    }

    /// A field that may be null: null clears what was there.
    pub(crate) fn take_nullable<T: DeserializeOwned>(&mut self, name: &str) -> Option<Option<T>> {
        let value = self.rest.remove(name)?;
        if value.is_null() {
            return Some(None);
        }
        match serde_json::from_value(value) {
            Ok(value) => Some(Some(value)),
            Err(_) => {
                self.problems.push(Problem::new(format!("{}{name}", self.prefix), "unusable"));
                None
            }
        }
    }

    /// A field that must be there.
    pub(crate) fn require<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let known = self.rest.get(name).is_some_and(|value| !value.is_null());
        let value = self.take(name);
        if !known {
            self.problems.push(Problem::new(format!("{}{name}", self.prefix), "blank"));
        }
        value
    }

    /// Adds what was found elsewhere.
    pub(crate) fn also(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }

    /// What was wrong; a field that nobody asked for is a misspelt one.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        for name in self.rest.keys() {
            self.problems.push(Problem::new(format!("{}{name}", self.prefix), "unknown-field"));
        }
        self.problems
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let mut fields = Fields::new(json!({"number": "x", "text": "fine", "txet": 1, "gone": null}));
        assert_eq!(fields.take::<i64>("number"), None);
        assert_eq!(fields.take::<String>("text").as_deref(), Some("fine"));
        assert_eq!(fields.take_nullable::<i64>("gone"), Some(None));
        assert_eq!(fields.require::<i64>("needed"), None);
        let found: Vec<_> = fields.finish().into_iter().map(|one| (one.field, one.code)).collect();
        let wanted = [("number", "unusable"), ("needed", "blank"), ("txet", "unknown-field")];
        assert_eq!(found, wanted.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }
}
