//! Gives templates their words: `t("key", name=value)` finds a message in the language of the page.

use std::sync::Arc;

use domain::Language;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use crate::escape;
use crate::locales::{Args, Argument, Locales};

/// Adds `t`, `t_in`, `problem_text` and `has_text`.
pub(crate) fn install(environment: &mut Environment<'static>, locales: &Arc<Locales>) {
    let words = Arc::clone(locales);
    environment.add_function("t", move |state: &State, key: String, kwargs: Kwargs| {
        let language = language_of(state)?;
        message(&words, (language, &key), &kwargs)
    });
    let words = Arc::clone(locales);
    environment.add_function("t_in", move |language: String, key: String, kwargs: Kwargs| {
        let language = parse_language(&language)?;
        message(&words, (language, &key), &kwargs)
    });
    let words = Arc::clone(locales);
    environment.add_function("problem_text", move |state: &State, problem: Value| {
        let (key, args) = problem_key(&problem)?;
        let language = language_of(state)?;
        let key = if words.has(language, &key) { key } else { "invalid-other".to_owned() };
        words.text(language, &key, &args).map_err(failed)
    });
    let words = Arc::clone(locales);
    environment.add_function("has_text", move |state: &State, key: String| {
        Ok::<_, Error>(words.has(language_of(state)?, &key))
    });
}

/// The language of the page that is being rendered.
pub(crate) fn language_of(state: &State) -> Result<Language, Error> {
    let code = state.lookup("lang").ok_or_else(|| Error::new(ErrorKind::UndefinedError, "`lang` is not set"))?;
    parse_language(code.as_str().unwrap_or_default())
}

fn parse_language(code: &str) -> Result<Language, Error> {
    code.parse().map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("no language {code:?}")))
}

/// A message whose placeholders may hold markup (a link, a `time` element): then the words around it are escaped here,
/// and the whole is safe. A message of plain values is plain text, and escaped when it is printed.
fn message(locales: &Locales, (language, key): (Language, &str), kwargs: &Kwargs) -> Result<Value, Error> {
    let mut args = Args::new();
    let mut markup = Vec::new();
    for name in kwargs.args() {
        let value: Value = kwargs.get(name)?;
        let argument = match value.kind() {
            ValueKind::Number => number(&value)?,
            ValueKind::String if value.is_safe() => {
                markup.push(value.as_str().unwrap_or_default().to_owned());
                Argument::Text(stand_in(markup.len() - 1)?)
            }
            ValueKind::String => Argument::Text(value.as_str().unwrap_or_default().to_owned()),
            other => {
                let detail = format!("text {key:?}: {name} is {other}, neither text nor number");
                return Err(Error::new(ErrorKind::InvalidOperation, detail));
            }
        };
        args.insert(name.to_owned(), argument);
    }
    let text = locales.text(language, key, &args).map_err(failed)?;
    if markup.is_empty() {
        return Ok(Value::from(text));
    }
    let mut html = escape::escaped(&text);
    for (index, part) in markup.iter().enumerate() {
        html = html.replace(&stand_in(index)?, part);
    }
    Ok(Value::from_safe_string(html))
}

fn failed(error: crate::RenderError) -> Error {
    Error::new(ErrorKind::InvalidOperation, error.to_string())
}

/// The key and the placeholders of a [`crate::Problem`].
fn problem_key(problem: &Value) -> Result<(String, Args), Error> {
    let code = problem.get_attr("code")?;
    let mut args = Args::new();
    let given = problem.get_attr("args")?;
    for name in given.try_iter()? {
        let value = given.get_item(&name)?;
        let argument = match value.as_str() {
            Some(text) => Argument::Text(text.to_owned()),
            None => number(&value)?,
        };
        args.insert(name.to_string(), argument);
    }
    Ok((format!("invalid-{code}"), args))
}

fn number(value: &Value) -> Result<Argument, Error> {
    f64::try_from(value.clone()).map(Argument::Number)
}

/// A letter of the private use area that no text contains, in the place of the markup until the words are escaped.
fn stand_in(index: usize) -> Result<String, Error> {
    u32::try_from(index)
        .ok()
        .and_then(|index| char::from_u32(0xF0000 + index))
        .map(String::from)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "too many placeholders"))
}
