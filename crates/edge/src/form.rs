//! Reads a posted form strictly: what does not decode is refused, never silently mended.

use axum::extract::{FromRequest, Request};
use domain::Kind;
use http::header::CONTENT_TYPE;
use render::Problem;

use crate::Failure;
use crate::extract::{body_of, has_type};

/// More fields than any form of ours has.
const MOST_FIELDS: usize = 2_000;

/// The fields of a form in the order of the page, names repeated as check boxes repeat them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawForm {
    pairs: Vec<(String, String)>,
}

impl RawForm {
    /// Decodes `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// `Kind::Invalid` with code `form` when a field is not UTF-8, holds a NUL, or when there are too many.
    pub fn parse(body: &[u8]) -> Result<Self, Failure> {
        let mut pairs = Vec::new();
        for part in body.split(|byte| *byte == b'&').filter(|part| !part.is_empty()) {
            let middle = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
            let (name, value) = (&part[..middle], part.get(middle + 1..).unwrap_or_default());
            pairs.push((decode(name)?, decode(value)?));
            if pairs.len() > MOST_FIELDS {
                return Err(malformed());
            }
        }
        Ok(Self { pairs })
    }

    /// The first value of a field, as it was typed but without white space around it; empty when it is missing.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).map(str::trim).unwrap_or_default()
    }

    /// The first value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a field: the ticked check boxes of one name.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> + 'f {
        self.pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a field is there at all: a ticked box, a pressed button.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All fields in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The form to show again, with what is wrong with it. Passwords, codes and tokens are not shown again.
    #[must_use]
    pub fn refused(&self, problems: Vec<Problem>) -> render::Form {
        let shown = self.pairs().filter(|(name, _)| !matches!(*name, "csrf" | "password" | "code" | "token"));
        render::Form::posted(shown).refused(problems)
    }
}

impl<S: Send + Sync> FromRequest<S> for RawForm {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !has_type(request.headers(), CONTENT_TYPE, "application/x-www-form-urlencoded") {
            return Err(Failure::new(Kind::Invalid, "content-type"));
        }
        Self::parse(&body_of(request, state).await?)
    }
}

/// What people typed stays out of every log.
impl std::fmt::Debug for RawForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawForm").field("fields", &self.pairs.len()).finish()
    }
}

fn malformed() -> Failure {
    Failure::new(Kind::Invalid, "form")
}

fn decode(text: &[u8]) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (high, low) = (hex(rest.next())?, hex(rest.next())?);
                bytes.push(high << 4 | low);
            }
            0 => return Err(malformed()),
            byte => bytes.push(byte),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| malformed())?;
    // PostgreSQL cannot store a NUL, and no person types one.
    if text.contains('\0') { Err(malformed()) } else { Ok(text) }
}

fn hex(digit: Option<u8>) -> Result<u8, Failure> {
    let digit = digit.and_then(|digit| char::from(digit).to_digit(16)).ok_or_else(malformed)?;
    u8::try_from(digit).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_names_and_welsh_letters_arrive_whole() {
        let form = RawForm::parse("area=abuhb&area=pthb&title=d%C5%B5r+a+th%C3%A2n&empty=".as_bytes()).unwrap();
        assert_eq!(form.all("area").collect::<Vec<_>>(), ["abuhb", "pthb"]);
        assert_eq!(form.text("title"), "dŵr a thân");
        assert!(form.has("empty") && !form.has("missing"));
    }

    #[test]
    fn what_does_not_decode_is_refused() {
        for body in ["a=%ff", "a=%", "a=%zz", "a=%4", "a=%00", "%c3=1"] {
            assert_eq!(RawForm::parse(body.as_bytes()).unwrap_err().code(), "form", "{body}");
        }
        assert!(RawForm::parse(b"a=\xc3(").is_err());
        assert!(RawForm::parse("a&".repeat(MOST_FIELDS + 1).as_bytes()).is_err());
    }

    #[test]
    fn secrets_are_not_shown_again() {
        let form = RawForm::parse(b"email=a&password=b&csrf=c&code=1").unwrap().refused(Vec::new());
        assert_eq!(form.values.keys().collect::<Vec<_>>(), ["email"]);
    }
}
