//! Reads what a page says: its headings, its links, and the words that a reader sees or hears.

/// What stands within each element of this name, with its markup.
pub(super) fn texts<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let begins = html.split(open.as_str()).skip(1);
    let whole = begins.filter(|rest| rest.starts_with(|letter: char| letter == '>' || letter.is_whitespace()));
    let inner = whole.filter_map(|rest| rest.split_once('>')).filter_map(|(_, rest)| rest.split_once(close.as_str()));
    inner.map(|(inner, _)| inner).collect()
}

/// Level and words of every heading, in the order of the page.
pub(super) fn headings(html: &str) -> Vec<(u8, String)> {
    let mut headings = Vec::new();
    for rest in html.split("<h").skip(1) {
        let Some(level) = rest.chars().next().and_then(|digit| digit.to_digit(10)) else { continue };
        let close = format!("</h{level}>");
        let inner = rest.split_once('>').and_then(|(_, rest)| rest.split_once(close.as_str()));
        headings
            .push((u8::try_from(level).expect("a digit"), inner.map(|(inner, _)| visible(inner)).unwrap_or_default()));
    }
    headings
}

/// Address and words of every link.
pub(super) fn links(html: &str) -> Vec<(&str, String)> {
    let mut links = Vec::new();
    for rest in html.split("<a ").skip(1) {
        let address = rest.split_once("href=\"").and_then(|(_, rest)| rest.split_once('"'));
        let inner = rest.split_once('>').and_then(|(_, rest)| rest.split_once("</a>"));
        if let (Some((address, _)), Some((inner, _))) = (address, inner) {
            links.push((address, visible(inner)));
        }
    }
    links
}

/// The words without markup and style, with single spaces.
pub(super) fn visible(html: &str) -> String {
    let mut words = String::new();
    let body = html.split_once("<body>").map_or(html, |(_, body)| body);
    for part in body.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        words.push_str(text);
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
