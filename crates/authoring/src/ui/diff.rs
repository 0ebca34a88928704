//! What changed between two texts, word by word, for the person who must approve it.

use serde::Serialize;

/// More words than this are not compared one by one: the table would grow with their square.
const MOST_WORDS: usize = 600;

/// A stretch of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Piece {
    /// `same`, `new` or `gone`.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

/// The way from one text to the other.
pub(crate) fn words(before: &str, after: &str) -> Vec<Piece> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), after.split_whitespace().collect());
    if old.len() > MOST_WORDS || new.len() > MOST_WORDS {
        return joined(
            [("gone", before.trim()), ("new", after.trim())].into_iter().filter(|(_, text)| !text.is_empty()),
        );
    }
    let lengths = common_lengths(&old, &new);
    let (mut i, mut j) = (0, 0);
    let mut steps = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            steps.push(("same", old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && lengths[i + 1][j] >= lengths[i][j + 1]) {
            steps.push(("gone", old[i]));
            i += 1;
        } else {
            steps.push(("new", new[j]));
            j += 1;
        }
    }
    joined(steps.into_iter())
}

/// The items of a list, by what tells them apart, that went, came or read otherwise; nothing about what stays.
pub(crate) fn items(before: &[(String, String)], after: &[(String, String)]) -> Vec<Vec<Piece>> {
    let text_in = |list: &[(String, String)], key: &str| {
        list.iter().find(|(known, _)| known == key).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let came = after.iter().filter(|(key, _)| !before.iter().any(|(known, _)| known == key));
    let keys = before.iter().chain(came).map(|(key, _)| (text_in(before, key), text_in(after, key)));
    keys.filter(|(old, new)| old != new).map(|(old, new)| words(&old, &new)).collect()
}

/// The length of the longest common run of words from each pair of places to the ends.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut lengths = vec![vec![0_u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] =
                if old[i] == new[j] { lengths[i + 1][j + 1] + 1 } else { lengths[i + 1][j].max(lengths[i][j + 1]) };
        }
    }
    lengths
}

fn joined<'a>(steps: impl Iterator<Item = (&'static str, &'a str)>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (kind, word) in steps {
        match pieces.last_mut().filter(|piece| piece.kind == kind) {
            Some(piece) => {
                piece.text.push(' ');
                piece.text.push_str(word);
            }
            None => pieces.push(Piece { kind, text: word.to_owned() }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        marked(words(before, after))
    }

    fn marked(pieces: Vec<Piece>) -> String {
        let mark = |piece: Piece| match piece.kind {
            "new" => format!("+{}+", piece.text),
            "gone" => format!("-{}-", piece.text),
            _ => piece.text,
        };
        pieces.into_iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_what_came_went_or_changed_is_said_of_a_list() {
        let list = |items: &[(&str, &str)]| -> Vec<(String, String)> {
            items.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
        };
        let before = list(&[("a", "stays"), ("b", "goes"), ("c", "it is slow")]);
        let after = list(&[("d", "comes"), ("c", "it is fast"), ("a", "stays")]);
        let told: Vec<String> = items(&before, &after).into_iter().map(marked).collect();
        assert_eq!(told, ["-goes-", "it is -slow- +fast+", "+comes+"]);
    }

    #[test]
    fn changed_words_stand_out() {
        assert_eq!(told("Keep your appointment.", "Keep your new appointment."), "Keep your +new+ appointment.");
        assert_eq!(told("by 3:45pm today", "by 4:30pm today"), "by -3:45pm- +4:30pm+ today");
        assert_eq!(told("", "all new"), "+all new+");
        assert_eq!(told("same", "same"), "same");
        assert_eq!(told("", ""), "");
    }
}
