//! The smallest pieces of a post, with what they weigh: visible characters, whole addresses, whole mentions.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Counting;

/// A text with the weight of everything before each of its boundaries.
pub(super) struct Measured<'a> {
    pub(super) text: &'a str,
    /// Where the text may be parted at all, with the weight up to there; the ends are among them.
    boundaries: Vec<(usize, usize)>,
}

impl<'a> Measured<'a> {
    pub(super) fn new(text: &'a str, counting: Counting) -> Self {
        let mut boundaries = vec![(0, 0)];
        let mut total = 0;
        let mut from = 0;
        for piece in pieces(text) {
            let plain = from..piece.range.start;
            push_graphemes(text, plain, &mut total, &mut boundaries);
            total += piece.weight(text, counting);
            boundaries.push((piece.range.end, total));
            from = piece.range.end;
        }
        push_graphemes(text, from..text.len(), &mut total, &mut boundaries);
        Self { text, boundaries }
    }

    /// The weight between two boundaries.
    pub(super) fn weight(&self, start: usize, end: usize) -> usize {
        self.up_to(end) - self.up_to(start)
    }

    /// Whether the text may be parted here.
    pub(super) fn is_boundary(&self, position: usize) -> bool {
        self.find(position).is_ok()
    }

    /// The boundaries after `position`, in order.
    pub(super) fn boundaries_after(&self, position: usize) -> impl Iterator<Item = usize> {
        let next = self.find(position).map_or_else(|next| next, |index| index + 1);
        self.boundaries[next..].iter().map(|(position, _)| *position)
    }

    fn up_to(&self, position: usize) -> usize {
        let index = self.find(position).unwrap_or_else(|next| next.saturating_sub(1));
        self.boundaries[index].1
    }

    fn find(&self, position: usize) -> Result<usize, usize> {
        self.boundaries.binary_search_by_key(&position, |(position, _)| *position)
    }
}

fn push_graphemes(text: &str, plain: Range<usize>, total: &mut usize, boundaries: &mut Vec<(usize, usize)>) {
    for (index, cluster) in text[plain.clone()].grapheme_indices(true) {
        *total += 1;
        boundaries.push((plain.start + index + cluster.len(), *total));
    }
}

/// What must stay whole.
struct Piece {
    range: Range<usize>,
    kind: PieceKind,
}

enum PieceKind {
    Url,
    /// `@user@host`; holds where `@host` begins.
    Mention(usize),
}

impl Piece {
    fn weight(&self, text: &str, counting: Counting) -> usize {
        let graphemes = |range: Range<usize>| text[range].graphemes(true).count();
        match (&self.kind, counting) {
            (PieceKind::Url, Counting::Mastodon { url_weight }) => url_weight,
            (PieceKind::Mention(host), Counting::Mastodon { .. }) => graphemes(self.range.start..*host),
            _ => graphemes(self.range.clone()),
        }
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(['h', 'H', '@']).map(|index| from + index) {
        let piece = url_at(text, start).or_else(|| mention_at(text, start));
        // `h`, `H` and `@` are one byte long, so the next search begins at a character.
        from = piece.as_ref().map_or(start + 1, |piece| piece.range.end);
        found.extend(piece);
    }
    found
}

fn url_at(text: &str, start: usize) -> Option<Piece> {
    let rest = &text[start..];
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))?;
    let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(rest.len());
    let url = without_trailing_punctuation(&rest[..length]);
    (url.len() > scheme.len()).then(|| Piece { range: start..start + url.len(), kind: PieceKind::Url })
}

/// Punctuation after an address belongs to the sentence, and a bracket too unless it was opened in the address.
fn without_trailing_punctuation(url: &str) -> &str {
    let mut unpaired = url.matches(')').count().saturating_sub(url.matches('(').count());
    url.trim_end_matches(|last: char| {
        let is_unpaired = last == ')' && unpaired > 0;
        unpaired -= usize::from(is_unpaired);
        is_unpaired || matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '”')
    })
}

fn mention_at(text: &str, start: usize) -> Option<Piece> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let after_word = text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '/'));
    let rest = text[start..].strip_prefix('@').filter(|_| !after_word)?;
    let user = rest.find(|c| !is_name(c)).filter(|length| *length > 0)?;
    let host = rest[user..].strip_prefix('@')?;
    let length = host.find(|c| !is_name(c)).unwrap_or(host.len());
    let host = host[..length].trim_end_matches(['.', '-', '_']);
    let host_start = start + 1 + user;
    (!host.is_empty())
        .then(|| Piece { range: start..host_start + 1 + host.len(), kind: PieceKind::Mention(host_start) })
}
