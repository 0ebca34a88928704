//! What a person means who texts us back, in Welsh or in English, however their phone wrote it.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::language::Language;

/// What a text to us asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// No more texts. Only the person can undo it.
    Stop,
    /// Texts again, after a stop.
    Start,
    /// Who we are and which words we know.
    Help,
    /// Sign me up, perhaps for one area. The area is what followed the keyword, as [`fold`] writes it.
    Join {
        /// Such as `powys` or `ynys mon`; unchecked, at most 60 characters.
        area: Option<String>,
    },
    /// Write to me in this language from now on.
    Speak(Language),
    /// None of these.
    Unknown,
}

/// A text that was understood, as far as it could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What is asked for.
    pub keyword: Keyword,
    /// The language of the keyword, to answer somebody in whom we do not know yet. Somebody whom we know is answered
    /// in the language they chose: Welsh texts end in "Atebwch STOP" too.
    pub language: Option<Language>,
}

const LONGEST_AREA: usize = 60;
/// No keyword is beyond this; the rest of a very long text is not looked at.
const LOOKED_AT: usize = 200;

/// Reads a text that a person sent. Case, accents, punctuation and spaces do not matter; the first word decides.
#[must_use]
pub fn parse(text: &str) -> Command {
    let folded = fold_marks(text.chars().take(LOOKED_AT));
    let words: Vec<&str> = words(&folded).collect();
    let Some((first, rest)) = words.split_first() else {
        return Command { keyword: Keyword::Unknown, language: None };
    };
    let area = area(rest);
    let readings = [
        (*first).to_owned(),
        // "S.T.O.P" and "opt-out" are one word to the person who wrote them.
        folded.split_whitespace().next().map(words_joined).unwrap_or_default(),
        // "Opt out", "Dad danysgrifio".
        words.iter().take(2).copied().collect(),
    ];
    let found = readings.iter().find_map(|word| known(word));
    let (keyword, language) = found.map_or((Keyword::Unknown, None), |(keyword, language)| (keyword, Some(language)));
    let keyword = match keyword {
        Keyword::Join { .. } => Keyword::Join { area },
        other => other,
    };
    Command { keyword, language }
}

/// Lower-case, without accents or punctuation, words parted by one space: `Ynys Môn` becomes `ynys mon`.
///
/// Area names are compared in this form.
#[must_use]
pub fn fold(text: &str) -> String {
    let folded = fold_marks(text.chars());
    words(&folded).collect::<Vec<_>>().join(" ")
}

fn known(word: &str) -> Option<(Keyword, Language)> {
    use Language::{Cy, En};
    Some(match word {
        // The words that providers act on themselves, so that we and they agree.
        "stop" | "stopall" | "unsubscribe" | "cancel" | "end" | "quit" | "revoke" | "optout" => (Keyword::Stop, En),
        // The standard spelling is *dad-danysgrifio*; *datdanysgrifio* is what people write.
        "stopio" | "diwedd" | "datdanysgrifio" | "daddanysgrifio" => (Keyword::Stop, Cy),
        "start" | "unstop" => (Keyword::Start, En),
        "dechrau" => (Keyword::Start, Cy),
        "help" | "info" => (Keyword::Help, En),
        "cymorth" => (Keyword::Help, Cy),
        "join" => (Keyword::Join { area: None }, En),
        "ymuno" => (Keyword::Join { area: None }, Cy),
        "cymraeg" => (Keyword::Speak(Cy), Cy),
        "english" => (Keyword::Speak(En), En),
        _ => return None,
    })
}

fn area(words: &[&str]) -> Option<String> {
    let area: String = words.join(" ").chars().take(LONGEST_AREA).collect();
    let area = area.trim_end();
    (!area.is_empty()).then(|| area.to_owned())
}

/// Compatibility forms (full-width letters) become plain, marks are dropped, letters become lower-case.
fn fold_marks(text: impl Iterator<Item = char>) -> String {
    text.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect()
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn words_joined(chunk: &str) -> String {
    words(chunk).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Cy, En};

    fn join(area: &str) -> Keyword {
        Keyword::Join { area: (!area.is_empty()).then(|| area.to_owned()) }
    }

    #[test]
    fn every_keyword_is_known_in_both_languages() {
        let families = [
            (Keyword::Stop, En, "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT"),
            (Keyword::Stop, Cy, "STOPIO DIWEDD DATDANYSGRIFIO DAD-DANYSGRIFIO"),
            (Keyword::Start, En, "START UNSTOP"),
            (Keyword::Start, Cy, "DECHRAU"),
            (Keyword::Help, En, "HELP INFO"),
            (Keyword::Help, Cy, "CYMORTH"),
            (join(""), En, "JOIN"),
            (join(""), Cy, "YMUNO"),
            (Keyword::Speak(Cy), Cy, "CYMRAEG"),
            (Keyword::Speak(En), En, "ENGLISH"),
        ];
        for (keyword, language, words) in families {
            for word in words.split(' ') {
                let wanted = Command { keyword: keyword.clone(), language: Some(language) };
                for written in [word.to_owned(), word.to_lowercase(), format!("  «{word}»!\r\n thanks")] {
                    let got = parse(&written);
                    match got.keyword {
                        Keyword::Join { .. } => {
                            assert_eq!(got.language, wanted.language, "{written}")
                        }
                        _ => assert_eq!(got, wanted, "{written}"),
                    }
                }
            }
        }
    }

    #[test]
    fn a_stop_is_understood_however_it_is_written() {
        let cases = [
            "Stop",
            "STOP.",
            "stop please",
            "“Stop”",
            "S.T.O.P.",
            "ＳＴＯＰ",
            "stóp",
            "STOP\u{fe0f}",
            "\u{200b}stop",
            "stop,now",
            "- stop",
            "opt out",
            "Opt-Out",
            "un-subscribe",
            "Un subscribe",
            "stop all",
            "Stopiô",
            "dad danysgrifio",
            "STOP 😡",
            "s\u{200b}top",
        ];
        for text in cases {
            assert_eq!(parse(text).keyword, Keyword::Stop, "{text:?}");
        }
    }

    #[test]
    fn joining_can_name_an_area() {
        let cases = [
            ("JOIN POWYS", "powys", En),
            ("YMUNO GWENT", "gwent", Cy),
            ("ymuno: Ynys Môn!", "ynys mon", Cy),
            ("Join Cardiff & Vale", "cardiff vale", En),
            ("join", "", En),
            ("YMUNO ...", "", Cy),
        ];
        for (text, area, language) in cases {
            assert_eq!(parse(text), Command { keyword: join(area), language: Some(language) }, "{text}");
        }
        assert_eq!(fold("Ynys Môn"), "ynys mon");
        let long = parse(&format!("JOIN {}", "w\u{302}".repeat(5_000)));
        assert!(matches!(long.keyword, Keyword::Join { area: Some(area) } if area.chars().count() <= LONGEST_AREA));
    }

    #[test]
    fn anything_else_is_unknown() {
        let cases = [
            "",
            "  ",
            "?!",
            "please stop",
            "stopped",
            "yes",
            "Diolch",
            "unstoppable",
            "\u{301}\u{302}",
            "joinpowys",
            "I want to stop",
        ];
        for text in cases {
            assert_eq!(parse(text), Command { keyword: Keyword::Unknown, language: None }, "{text:?}");
        }
    }
}
