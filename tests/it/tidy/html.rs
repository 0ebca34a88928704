//! Reads just enough HTML to see whether a page is whole: its tags with their attributes, in order.

/// An opening tag.
pub(crate) struct Tag<'a> {
    /// Its name in lower case, as our templates write it.
    pub(crate) name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Tag<'a> {
    /// The value of an attribute; empty where it has none.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// Every opening tag of a document.
pub(crate) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if rest.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            let (tag, after) = tag(rest);
            rest = after;
            tags.push(tag);
        }
    }
    tags
}

fn tag(text: &str) -> (Tag<'_>, &str) {
    let end = text.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return (Tag { name, attributes }, rest.strip_prefix('>').unwrap_or(rest));
        }
        let (attribute, after) = attribute(rest);
        attributes.push(attribute);
        rest = after;
    }
}

fn attribute(text: &str) -> ((&str, &str), &str) {
    let ends = |letter: char| letter.is_whitespace() || matches!(letter, '=' | '>' | '/');
    // At least one letter is taken, or a stray sign would be looked at for ever.
    let end = text.char_indices().skip(1).find(|(_, letter)| ends(*letter)).map_or(text.len(), |(end, _)| end);
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
        return ((name, ""), rest);
    };
    if let Some(quote) = value.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
        let (value, after) = value[1..].split_once(quote).unwrap_or((&value[1..], ""));
        return ((name, value), after);
    }
    let end = value.find(|letter: char| letter.is_whitespace() || letter == '>').unwrap_or(value.len());
    let (value, after) = value.split_at(end);
    ((name, value), after)
}

#[test]
fn tags_and_attributes_are_told_apart() {
    let html = "<!-- <p> --><p id=a>1 < 2</p><input name='x>y' required><br/><a href=\"/b c\">";
    let found: Vec<_> = tags(html).iter().map(|tag| (tag.name, tag.attributes.clone())).collect();
    assert_eq!(
        found,
        [
            ("p", vec![("id", "a")]),
            ("input", vec![("name", "x>y"), ("required", "")]),
            ("br", vec![]),
            ("a", vec![("href", "/b c")]),
        ]
    );
}
