//! Which language something is in, so that the page can show both. Mails and posts say it of themselves; nobody tells a
//! provider of texts, so there it is read off the words.

use std::collections::VecDeque;

use domain::Language;

/// Short words that stand in nearly every sentence of one language and in none of the other.
const WELSH: [&str; 14] =
    ["yn", "yr", "mae", "eich", "ar", "gyfer", "wedi", "chi", "neu", "cod", "gig", "cymru", "stopio", "nid"];
const ENGLISH: [&str; 14] =
    ["the", "is", "are", "your", "you", "to", "and", "of", "for", "not", "code", "nhs", "stop", "will"];

/// The language of a text, as far as its words tell.
pub(crate) fn of_words(text: &str) -> Option<Language> {
    let (mut welsh, mut english) = (0, 0);
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        welsh += u32::from(WELSH.contains(&word.as_str()));
        english += u32::from(ENGLISH.contains(&word.as_str()));
    }
    match welsh.cmp(&english) {
        std::cmp::Ordering::Greater => Some(Language::Cy),
        std::cmp::Ordering::Less => Some(Language::En),
        std::cmp::Ordering::Equal => None,
    }
}

/// The language of a header or field: `cy`, `en`, `en-GB`.
pub(crate) fn of_tag(tag: &str) -> Option<Language> {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase().parse().ok()
}

/// The name of a language, in English as the whole page is.
pub(crate) fn name(language: Language) -> &'static str {
    match language {
        Language::Cy => "Welsh",
        Language::En => "English",
    }
}

/// At most `room` of what is newest first, each language in its turn: one broadcast goes out language by language, and
/// whatever goes last would hide all others.
pub(crate) fn in_turn<T>(newest: impl Iterator<Item = (Option<Language>, T)>, room: usize) -> Vec<T> {
    let mut piles: Vec<(Option<Language>, VecDeque<T>)> = Vec::new();
    for (language, item) in newest {
        let place = piles.iter().position(|(one, _)| *one == language).unwrap_or_else(|| {
            piles.push((language, VecDeque::new()));
            piles.len() - 1
        });
        if piles[place].1.len() < room {
            piles[place].1.push_back(item);
        } else if Language::ALL
            .into_iter()
            .all(|one| piles.iter().any(|(language, pile)| *language == Some(one) && pile.len() >= room))
        {
            break;
        }
    }
    let mut shown = Vec::new();
    while shown.len() < room && piles.iter().any(|(_, pile)| !pile.is_empty()) {
        shown.extend(piles.iter_mut().filter_map(|(_, pile)| pile.pop_front()));
    }
    shown.truncate(room);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_texts_are_told_apart() {
        for (text, language) in [
            ("GIG Cymru: mae problem gyda systemau meddygon teulu. https://status.example/d/1", Some(Language::Cy)),
            ("NHS Wales: GP systems are not working. https://status.example/i/1", Some(Language::En)),
            ("123456: eich cod yw hwn", Some(Language::Cy)),
            ("123456 is your code", Some(Language::En)),
            ("https://status.example/d/1", None),
            ("", None),
        ] {
            assert_eq!(of_words(text), language, "{text}");
        }
        assert_eq!(of_tag("en-GB"), Some(Language::En));
        assert_eq!(of_tag("fr"), None);
    }

    #[test]
    fn each_language_has_its_turn_however_late_the_other_came() {
        let (cy, en) = (Some(Language::Cy), Some(Language::En));
        let newest = (0..500).map(|place| (en, place)).chain((500..503).map(|place| (cy, place)));
        assert_eq!(in_turn(newest, 8), [0, 500, 1, 501, 2, 502, 3, 4]);
        assert_eq!(in_turn((0..3).map(|place| (en, place)), 8), [0, 1, 2]);
        assert!(in_turn(std::iter::empty::<(Option<Language>, u8)>(), 8).is_empty());
    }
}
