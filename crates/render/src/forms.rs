//! What a form shows again after it was refused: the values that were typed, and what is wrong with them.

use std::collections::BTreeMap;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, State, Value};
use serde::Serialize;

use crate::locales::{Args, Argument};

/// What is wrong with one field. The text `invalid-{code}` of the locales says it to the person.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Problem {
    /// The name of the field in the form or in the JSON body.
    pub field: String,
    /// Lower case with hyphens, such as `blank` or `phone-not-mobile`.
    pub code: String,
    /// The placeholders of that text.
    pub args: Args,
}

impl Problem {
    /// A problem without placeholders.
    #[must_use]
    pub fn new(field: impl Into<String>, code: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), args: Args::new() }
    }

    /// The same problem with a placeholder.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Argument>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

/// A form as templates see it: pass it to the macros of `_forms.html` as their first argument.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Form {
    /// What each field holds; a list because check boxes repeat their name.
    pub values: BTreeMap<String, Vec<String>>,
    /// What is wrong, in the order of the fields.
    pub problems: Vec<Problem>,
}

impl Form {
    /// An empty form.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A form that was posted, from its decoded name-value pairs.
    #[must_use]
    pub fn posted<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::new();
        for (name, value) in pairs {
            form.values.entry(name.to_owned()).or_default().push(value.to_owned());
        }
        form
    }

    /// The same form with a field filled in.
    #[must_use]
    pub fn value(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// The same form with what was found wrong.
    #[must_use]
    pub fn refused(mut self, problems: Vec<Problem>) -> Self {
        self.problems = problems;
        self
    }
}

/// Adds `kept(form, name)`, `kept_all(form, name)` and `problem(form, name)`.
pub(crate) fn install(environment: &mut Environment<'static>) {
    environment.add_function("kept", |form: Value, name: String| {
        let first = all_values(&form, &name)?.into_iter().next();
        Ok::<_, Error>(first.unwrap_or_else(|| Value::from("")))
    });
    environment.add_function("kept_all", |form: Value, name: String| all_values(&form, &name).map(Value::from));
    environment.add_function("problem", |_: &State, form: Value, name: String| first_problem(&form, &name));
}

fn all_values(form: &Value, name: &str) -> Result<Vec<Value>, Error> {
    let values = form.get_attr("values")?.get_attr(name)?;
    match values.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(Vec::new()),
        _ => Ok(values.try_iter()?.collect()),
    }
}

fn first_problem(form: &Value, name: &str) -> Result<Value, Error> {
    for problem in form.get_attr("problems")?.try_iter()? {
        if problem.get_attr("field")?.as_str() == Some(name) {
            return Ok(problem);
        }
    }
    Ok(Value::from(()))
}
