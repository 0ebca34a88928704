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
        let mark = |piece: Piece| match piece.kind {
            "new" => format!("+{}+", piece.text),
            "gone" => format!("-{}-", piece.text),
            _ => piece.text,
        };
        words(before, after).into_iter().map(mark).collect::<Vec<_>>().join(" ")
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
