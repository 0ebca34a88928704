//! Reads HTML and XML strictly, as our templates write them: quoted attributes, known references, tags that close. What a
//! browser would mend is an error here, because an injection lives on what browsers mend.

use std::collections::BTreeSet;

/// Elements of HTML that have no end.
const VOID: [&str; 8] = ["area", "br", "hr", "img", "input", "link", "meta", "source"];

/// A document, taken apart.
#[derive(Debug, Default)]
pub(super) struct Markup {
    /// Each element with the names of its attributes: `a[class,href]`.
    pub(super) shapes: BTreeSet<String>,
    /// Every attribute with its value, decoded.
    pub(super) attributes: Vec<(String, String)>,
    /// Everything between the tags, decoded.
    pub(super) words: String,
    /// Words that are HTML themselves, as feeds carry it.
    pub(super) inner: Vec<String>,
}

/// Takes HTML or XML apart.
pub(super) fn read(text: &str, is_html: bool) -> Result<Markup, String> {
    let mut reader = Reader { rest: text, is_html, open: Vec::new(), found: Markup::default() };
    while !reader.rest.is_empty() {
        reader.step().map_err(|error| format!("{error}, before {:?}", reader.ahead()))?;
    }
    match reader.open.pop() {
        Some(name) => Err(format!("<{name}> is never closed")),
        None => Ok(reader.found),
    }
}

struct Reader<'a> {
    rest: &'a str,
    is_html: bool,
    open: Vec<&'a str>,
    found: Markup,
}

impl<'a> Reader<'a> {
    fn step(&mut self) -> Result<(), String> {
        if let Some(rest) = self.rest.strip_prefix("</") {
            let (name, rest) = rest.split_once('>').ok_or("a closing tag without an end")?;
            let open = self.open.pop();
            self.rest = rest;
            return if open == Some(name) { Ok(()) } else { Err(format!("</{name}> closes {open:?}")) };
        }
        for (start, end) in [("<!doctype", ">"), ("<!--", "-->"), ("<?xml", "?>")] {
            if let Some(rest) = self.rest.strip_prefix(start) {
                self.rest = rest.split_once(end).ok_or("a declaration without an end")?.1;
                return Ok(());
            }
        }
        if self.rest.starts_with('<') {
            return self.tag();
        }
        let (words, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
        self.rest = rest;
        let words = decoded(words)?;
        let carries_html = matches!(self.open.last(), Some(&"description" | &"content"));
        if carries_html && words.starts_with("<p>") {
            self.found.inner.push(words.clone());
        }
        self.found.words.push_str(&words);
        Ok(())
    }

    fn tag(&mut self) -> Result<(), String> {
        let name = self.name(1)?;
        let mut names = BTreeSet::new();
        loop {
            let spaced = self.rest.len();
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                break;
            }
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                if !(self.is_html && VOID.contains(&name)) {
                    self.open.push(name);
                }
                break;
            }
            if spaced == self.rest.len() {
                return Err(format!("<{name}> has something that is no attribute"));
            }
            let attribute = self.attribute()?;
            if !names.insert(attribute) {
                return Err(format!("<{name}> has {attribute} twice"));
            }
        }
        self.found.shapes.insert(format!("{name}[{}]", names.into_iter().collect::<Vec<_>>().join(",")));
        if self.is_html && name == "style" {
            let (_, rest) = self.rest.split_once("</style>").ok_or("a style sheet without an end")?;
            (self.rest, self.open) = (rest, self.open[..self.open.len() - 1].to_vec());
        }
        Ok(())
    }

    fn attribute(&mut self) -> Result<&'a str, String> {
        let name = self.name(0)?;
        let Some(value) = self.rest.strip_prefix('=') else {
            return if self.is_html { Ok(name) } else { Err(format!("{name} has no value")) };
        };
        let value = value.strip_prefix('"').ok_or(format!("{name} is not quoted"))?;
        let (value, rest) = value.split_once('"').ok_or(format!("{name} does not end"))?;
        if value.contains('<') {
            return Err(format!("{name} holds a tag"));
        }
        self.rest = rest;
        self.found.attributes.push((name.to_owned(), decoded(value)?));
        Ok(name)
    }

    /// A name of an element or attribute, after this many signs.
    fn name(&mut self, skip: usize) -> Result<&'a str, String> {
        let rest = &self.rest[skip..];
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ':' | '.');
        let (name, rest) = rest.split_at(rest.find(|letter| !is_part(letter)).unwrap_or(rest.len()));
        if !name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
            return Err("no name".to_owned());
        }
        self.rest = rest;
        Ok(name)
    }

    fn ahead(&self) -> String {
        self.rest.chars().take(80).collect()
    }
}

/// The letters behind references. A `&` that begins none is an error.
fn decoded(text: &str) -> Result<String, String> {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once(';').ok_or(format!("a bare & before {part:?}"))?;
        let number = reference.strip_prefix('#');
        let code = number.map(|number| match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        });
        let letter = match (reference, code) {
            ("amp", _) => '&',
            ("lt", _) => '<',
            ("gt", _) => '>',
            ("quot", _) => '"',
            ("apos", _) => '\'',
            ("nbsp", _) => '\u{a0}',
            (_, Some(Some(code))) => char::from_u32(code).ok_or(format!("no letter &{reference};"))?,
            _ => return Err(format!("no reference &{reference};")),
        };
        out.push(letter);
        out.push_str(rest);
    }
    Ok(out)
}

#[test]
fn what_a_browser_would_mend_is_an_error() {
    let fine = "<!doctype html><p class=\"a\">1 &lt; 2<br><input required name=\"x\"></p><style>a>b{}</style>";
    let markup = read(fine, true).unwrap();
    assert_eq!(markup.words, "1 < 2");
    assert_eq!(markup.shapes.into_iter().collect::<Vec<_>>(), ["br[]", "input[name,required]", "p[class]", "style[]"]);
    for (name, broken) in [
        ("a bare sign", "<p>a & b</p>"),
        ("no quotes", "<p class=a></p>"),
        ("a tag in a value", "<p title=\"<b>\"></p>"),
        ("not closed", "<p>"),
        ("crossed", "<p><b></p></b>"),
        ("closed twice", "<p></p></p>"),
        ("joined attributes", "<p a=\"1\"b=\"2\"></p>"),
        ("an attribute twice", "<p a=\"1\" a=\"2\"></p>"),
        ("no element", "<3</p>"),
    ] {
        assert!(read(broken, true).is_err(), "{name}");
    }
}
