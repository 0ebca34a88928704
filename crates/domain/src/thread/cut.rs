//! Where one post ends: at the best pause that leaves it well filled.

use std::ops::Range;

use super::atoms::Measured;
use super::{Room, ThreadProblem};
use crate::text::sentence::{gaps, is_sentence_end};

/// How good a place is to part a text at, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Pause {
    BlankLine,
    LineEnd,
    Sentence,
    Clause,
    Space,
}

impl Pause {
    /// A part that ends here must be this full, in per cent of its room, or a worse pause further on is taken.
    const fn least_fill(self) -> usize {
        match self {
            Self::BlankLine | Self::LineEnd | Self::Sentence => 40,
            Self::Clause => 60,
            Self::Space => 0,
        }
    }
}

/// Parts the text into at most `most` parts; `None` if more would be needed.
///
/// # Errors
/// [`ThreadProblem::PieceTooLong`] if a piece that must stay whole has no room in a part of its own.
pub(super) fn greedily<'a>(
    measured: &Measured<'a>,
    first: Room,
    room: Room,
    most: usize,
) -> Result<Option<Vec<&'a str>>, ThreadProblem> {
    let text = measured.text;
    let mut parts = Vec::new();
    let mut start = 0;
    while parts.len() < most {
        let room = if parts.is_empty() { first } else { room };
        if room.holds(measured.weight(start, text.len()), text.len() - start) {
            parts.push(&text[start..]);
            return Ok(Some(parts));
        }
        let cut = best_cut(measured, start, room).ok_or(ThreadProblem::PieceTooLong)?;
        parts.push(&text[start..cut.start]);
        start = cut.end;
    }
    Ok(None)
}

/// The white space (or the empty range) to part at, which is dropped.
fn best_cut(measured: &Measured<'_>, start: usize, room: Room) -> Option<Range<usize>> {
    let text = measured.text;
    let mut best: Option<(Pause, Range<usize>)> = None;
    for gap in gaps(&text[start..]) {
        let gap = start + gap.start..start + gap.end;
        let weight = measured.weight(start, gap.start);
        if !room.holds(weight, gap.start - start) {
            break;
        }
        // White space at the very start would make an empty part; a mark upon a space makes it unpartable.
        if gap.start == start || !measured.is_boundary(gap.start) || !measured.is_boundary(gap.end) {
            continue;
        }
        let fills = |pause: &Pause| weight * 100 >= room.weight * pause.least_fill();
        let pause = pauses(text, &gap).find(fills).unwrap_or(Pause::Space);
        if best.as_ref().is_none_or(|(so_far, _)| pause <= *so_far) {
            best = Some((pause, gap));
        }
    }
    best.map(|(_, gap)| gap).or_else(|| inside_a_word(measured, start, room))
}

/// What the gap is good for, best first.
fn pauses(text: &str, gap: &Range<usize>) -> impl Iterator<Item = Pause> {
    let line_ends = text[gap.clone()].matches('\n').count();
    let candidates = [
        (line_ends >= 2, Pause::BlankLine),
        (line_ends == 1, Pause::LineEnd),
        (is_sentence_end(text, gap), Pause::Sentence),
        (is_clause_end(text, gap), Pause::Clause),
    ];
    candidates.into_iter().filter_map(|(holds, pause)| holds.then_some(pause))
}

fn is_clause_end(text: &str, gap: &Range<usize>) -> bool {
    let after = &text[gap.end..];
    let dash = after.strip_prefix(['–', '—']).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    dash || text[..gap.start].ends_with([';', ':', ','])
}

/// The last boundary that still has room, for a word longer than a post.
fn inside_a_word(measured: &Measured<'_>, start: usize, room: Room) -> Option<Range<usize>> {
    measured
        .boundaries_after(start)
        .take_while(|end| room.holds(measured.weight(start, *end), end - start))
        .last()
        .map(|end| end..end)
}
