//! A text message too long for its cap is cut where a sentence ends, never inside one: half a sentence of health
//! advice can say the opposite.

use super::{Encoding, count, prepare};
use crate::kind::{HasKind, Kind};
use crate::text::sentence::{gaps, is_sentence_end};

/// A text message that keeps to its cap of parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// What is sent.
    pub text: String,
    /// Whether sentences were left out.
    pub shortened: bool,
}

/// Why no message within the cap could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitProblem {
    /// There is nothing to send.
    #[error("the text message is empty")]
    Empty,
    /// Not even the first sentence and the link fit.
    #[error("the first sentence and the link do not fit into {max_parts} parts")]
    FirstSentenceTooLong {
        /// The cap that was asked for.
        max_parts: usize,
    },
}

impl HasKind for FitProblem {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sms-empty",
            Self::FirstSentenceTooLong { .. } => "sms-too-long",
        }
    }
}

/// The prepared text followed by a space and the link (or whatever must come last, such as how to stop), with as
/// many whole sentences as `max_parts` parts hold.
///
/// # Errors
/// [`FitProblem::Empty`] for an empty text, [`FitProblem::FirstSentenceTooLong`] if nothing can be left out.
pub fn fit(text: &str, link: &str, max_parts: usize) -> Result<Fitted, FitProblem> {
    let text = prepare(text);
    let text = text.trim();
    if text.is_empty() {
        return Err(FitProblem::Empty);
    }
    let link = prepare(link);
    let whole = with_link(text, link.trim());
    if count(&whole).parts <= max_parts {
        return Ok(Fitted { text: whole, shortened: false });
    }
    endings(text, max_parts)
        .into_iter()
        .rev()
        .map(|end| with_link(&text[..end], link.trim()))
        .find(|shorter| count(shorter).parts <= max_parts)
        .map(|text| Fitted { text, shortened: true })
        .ok_or(FitProblem::FirstSentenceTooLong { max_parts })
}

/// Where the text may be cut, in order. Every character costs a unit, so nothing beyond the cap is looked at.
fn endings(text: &str, max_parts: usize) -> Vec<usize> {
    let most = max_parts.saturating_mul(Encoding::Gsm7.single());
    let reachable = text.char_indices().nth(most).map_or(text.len(), |(index, _)| index);
    gaps(text)
        .take_while(|gap| gap.start <= reachable)
        .filter(|gap| text[gap.clone()].contains('\n') || is_sentence_end(text, gap))
        .map(|gap| gap.start)
        .collect()
}

fn with_link(text: &str, link: &str) -> String {
    if link.is_empty() { text.to_owned() } else { format!("{text} {link}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://status.example.wales/d/42";

    #[test]
    fn a_text_within_its_cap_is_sent_whole() {
        let fitted = fit("Cofnodion: araf – i rai.", LINK, 1).unwrap();
        assert_eq!(fitted.text, "Cofnodion: araf - i rai. https://status.example.wales/d/42");
        assert!(!fitted.shortened);
        assert_eq!(fit("Byr.", "", 1).unwrap().text, "Byr.");
    }

    #[test]
    fn the_last_sentences_are_left_out_and_the_link_stays() {
        let text = "GP records are slow. Staff use paper forms, e.g. Form 7. We will text you again at 14:00. \
                    Thank you for waiting with us today while our teams restart each of the systems.";
        let fitted = fit(text, LINK, 1).unwrap();
        assert_eq!(
            fitted.text,
            "GP records are slow. Staff use paper forms, e.g. Form 7. We will text you again at 14:00. \
             https://status.example.wales/d/42"
        );
        assert!(fitted.shortened);
        assert_eq!(count(&fitted.text).parts, 1);
    }

    #[test]
    fn a_circumflex_further_on_does_not_cost_the_first_sentence_its_room() {
        let text = "Mae cofnodion meddyg teulu yn araf i rai defnyddwyr heddiw. Defnyddiwch bapur. Yn ôl am 14:00.";
        let fitted = fit(text, LINK, 1).unwrap();
        assert!(fitted.text.starts_with("Mae cofnodion") && fitted.text.ends_with(LINK));
        assert_eq!(count(&fitted.text).encoding, Encoding::Gsm7);
        assert!(fitted.text.contains("Defnyddiwch bapur. https"));
    }

    #[test]
    fn a_sentence_is_never_cut_through() {
        let cases = [
            ("Do not come to the hospital unless you ".to_owned() + &"really ".repeat(30) + "must.", 1),
            ("a".repeat(500), 2),
            ("Short.".to_owned(), 0),
        ];
        for (text, max_parts) in cases {
            assert_eq!(fit(&text, LINK, max_parts), Err(FitProblem::FirstSentenceTooLong { max_parts }));
        }
        assert_eq!(fit(" \n\u{200b}", LINK, 1), Err(FitProblem::Empty));
    }

    #[test]
    fn a_line_end_is_as_good_as_a_sentence_end() {
        let fitted = fit(&format!("Meddygon teulu yn ôl\n{}", "y ".repeat(100)), "x", 1).unwrap();
        assert_eq!(fitted.text, "Meddygon teulu yn ôl x");
    }

    #[test]
    fn a_very_long_text_is_cut_quickly() {
        let text = "Brawddeg fer. Un arall eto! ".repeat(20_000);
        assert!(count(&fit(&text, LINK, 4).unwrap().text).parts <= 4);
    }
}
