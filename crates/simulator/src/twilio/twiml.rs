//! Reads the texts out of a TwiML answer: `<Response><Message>…</Message></Response>`.

/// The words of each `<Message>`, in order; what is not TwiML has none.
pub(crate) fn messages(xml: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = xml;
    while let Some((_, after)) = rest.split_once("<Message") {
        let Some((attributes, inside)) = after.split_once('>') else { break };
        rest = inside;
        if attributes.ends_with('/') {
            continue;
        }
        let Some((message, after)) = inside.split_once("</Message>") else { break };
        rest = after;
        let words = inner(message, "Body").unwrap_or(message);
        found.push(unescape(words.trim()));
    }
    found.retain(|words| !words.is_empty());
    found
}

fn inner<'a>(xml: &'a str, tag: &str) -> Option<&'a str> {
    let (_, after) = xml.split_once(&format!("<{tag}>"))?;
    Some(after.split_once(&format!("</{tag}>"))?.0)
}

fn unescape(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        words.push_str(before);
        let entity = after.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        let (letter, tail) = entity.unwrap_or(('&', after));
        words.push(letter);
        rest = tail;
    }
    words + rest
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        number => {
            let number = number.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16)).ok()?;
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_silence_is_silence() {
        let cases: [(&str, &[&str]); 6] = [
            ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>", &[]),
            ("<Response/>", &[]),
            ("<Response><Message>Diolch &amp; hwyl &#x1F600;</Message></Response>", &["Diolch & hwyl 😀"]),
            (
                "<Response><Message to=\"+44\"><Body>a &lt; b</Body></Message><Message>2</Message></Response>",
                &["a < b", "2"],
            ),
            ("<Response><Message/><Message> </Message></Response>", &[]),
            ("<Response><Message>never ends &nope; &", &[]),
        ];
        for (xml, words) in cases {
            assert_eq!(messages(xml), words, "{xml}");
        }
    }
}
