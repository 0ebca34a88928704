//! Words with the links in them, so that a text's short link can be followed from its bubble.

use serde::Serialize;

/// A run of plain words, or one link.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Piece {
    pub(crate) words: String,
    pub(crate) is_link: bool,
}

/// Cuts `text` into plain words and web addresses.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let Some((before, url, after)) = link(word) else {
            plain.push_str(word);
            continue;
        };
        plain.push_str(before);
        if !plain.is_empty() {
            pieces.push(Piece { words: std::mem::take(&mut plain), is_link: false });
        }
        pieces.push(Piece { words: url.to_owned(), is_link: true });
        plain.push_str(after);
    }
    if !plain.is_empty() {
        pieces.push(Piece { words: plain, is_link: false });
    }
    pieces
}

fn link(word: &str) -> Option<(&str, &str, &str)> {
    let start = word.find("https://").or_else(|| word.find("http://"))?;
    let (before, rest) = word.split_at(start);
    let url = rest.trim_end_matches(|letter: char| letter.is_whitespace() || ".,:;!?)]>}'\"…»”’".contains(letter));
    (url.len() > "https://".len()).then(|| (before, url, &rest[url.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_cut_out_without_the_full_stop() {
        let joined: Vec<(String, bool)> = pieces("GIG: araf (https://a.example/d/5). Diolch\nhttp://b.example")
            .into_iter()
            .map(|piece| (piece.words, piece.is_link))
            .collect();
        let expected = [
            ("GIG: araf (", false),
            ("https://a.example/d/5", true),
            ("). Diolch\n", false),
            ("http://b.example", true),
        ];
        assert_eq!(joined, expected.map(|(words, is_link)| (words.to_owned(), is_link)));
        assert_eq!(pieces("javascript:alert(1) https://").len(), 1);
    }
}
