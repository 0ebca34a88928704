//! How long Mastodon finds a post: visible characters, every link the same, mentions without their server.

use unicode_segmentation::UnicodeSegmentation;

/// What every web address counts, however long it is.
pub(crate) const URL: usize = 23;

/// The length of `text` by Mastodon's counting.
pub(crate) fn of(text: &str) -> usize {
    text.split_inclusive(char::is_whitespace).map(word).sum()
}

fn word(word: &str) -> usize {
    let Some(start) = word.find("https://").or_else(|| word.find("http://")) else { return mention(word) };
    let (before, rest) = word.split_at(start);
    let url = rest.trim_end_matches(|letter: char| letter.is_whitespace() || ".,:;!?)]}'\"…»”’".contains(letter));
    graphemes(before) + URL + graphemes(&rest[url.len()..])
}

/// `@user@host` counts as `@user`.
fn mention(word: &str) -> usize {
    let Some(start) = word.find('@') else { return graphemes(word) };
    let user = &word[start + 1..];
    let Some((name, host)) = user.split_once('@') else { return graphemes(word) };
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    let after_host = host.trim_start_matches(|letter: char| letter.is_alphanumeric() || ".-:".contains(letter));
    let host_length = graphemes(host) - graphemes(after_host);
    if !is_name || host_length == 0 {
        return graphemes(word);
    }
    graphemes(word) - host_length - 1
}

fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_mentions_and_accents_count_as_at_mastodon() {
        let cases = [
            ("See https://status.example.wales/incidents/42.", 28),
            ("@nel@social.example hi", 7),
            ("w\u{302}", 1),
            ("nhs.wales", 9),
            ("", 0),
            ("help@example.wales", 18),
            ("👩‍⚕️ iawn", 6),
        ];
        for (text, length) in cases {
            assert_eq!(of(text), length, "{text}");
        }
    }
}
