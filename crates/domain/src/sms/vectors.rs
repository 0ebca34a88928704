//! The counts of the golden vectors, made with a provider's own calculator, so that a preview never promises less
//! than the bill.

use super::Encoding::{Gsm7, Ucs2};
use super::*;

/// Name, text, encoding, units, parts.
type Vector = (&'static str, String, Encoding, usize, usize);

const FLAG: &str = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}";
const FAMILY: &str = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";

fn repeat(text: &str, times: usize) -> String {
    text.repeat(times)
}

fn short() -> Vec<Vector> {
    let one = |name, text: &str, encoding, units| (name, text.to_owned(), encoding, units, 1);
    vec![
        one("G1", "", Gsm7, 0),
        one("G2", "Hello", Gsm7, 5),
        one("G3", "€", Gsm7, 2),
        one("G4", "^{}\\[~]|€", Gsm7, 18),
        one("G5", "a^b", Gsm7, 4),
        one("G6", "~", Gsm7, 2),
        one("G7", "a\nb", Gsm7, 3),
        one("G8", "a\r\nb", Gsm7, 4),
        one("G9", "a\tb", Ucs2, 3),
        one("G10", "a\u{a0}b", Ucs2, 3),
        one("G18", "àèéìòù", Gsm7, 6),
        one("G19", "äöüÄÖÜ", Gsm7, 6),
        one("G20 É", "É", Gsm7, 1),
        one("G20 Ç", "Ç", Gsm7, 1),
        one("G20 Greek", "ΔΦΓΛΩΠΨΣΘΞ", Gsm7, 10),
        one("G26", "w\u{302}", Ucs2, 2),
        one("G27", "“Hi” it’s", Ucs2, 9),
        one("G28 ellipsis", "…", Ucs2, 1),
        one("G28 dash", "a–b", Ucs2, 3),
        one("G28 bullet", "• a", Ucs2, 3),
        one("G29 backtick", "`", Ucs2, 1),
        one("G29 degrees", "37°C", Ucs2, 4),
        one("G29 half", "½", Ucs2, 1),
        one("G30", "😀", Ucs2, 2),
        one("G36", FAMILY, Ucs2, 11),
        one("G37 keycap", "1\u{fe0f}\u{20e3}", Ucs2, 3),
        one("G37 heart", "\u{2764}\u{fe0f}", Ucs2, 2),
        one("G38", "\u{c}", Gsm7, 2),
        one("G40", "[STATUS] ~5 min | 50% {ok}", Gsm7, 32),
        one("G42", "Mae’r gwasanaeth yn ôl.", Ucs2, 23),
    ]
}

fn long() -> Vec<Vector> {
    vec![
        ("G11", repeat("a", 160), Gsm7, 160, 1),
        ("G11 over", repeat("a", 161), Gsm7, 161, 2),
        ("G12", repeat("a", 306), Gsm7, 306, 2),
        ("G12 over", repeat("a", 307), Gsm7, 307, 3),
        ("G13", repeat("a", 459), Gsm7, 459, 3),
        ("G13 over", repeat("a", 460), Gsm7, 460, 4),
        ("G14", repeat("€", 80), Gsm7, 160, 1),
        ("G14 over", repeat("€", 81), Gsm7, 162, 2),
        ("G15", repeat("a", 158) + "€", Gsm7, 160, 1),
        ("G15 over", repeat("a", 159) + "€", Gsm7, 161, 2),
        ("G16", repeat("a", 152) + "€" + &repeat("a", 151), Gsm7, 305, 2),
        ("G17", repeat("a", 152) + "€" + &repeat("a", 152), Gsm7, 306, 3),
        ("G23", repeat("ŵ", 70), Ucs2, 70, 1),
        ("G23 over", repeat("ŵ", 71), Ucs2, 71, 2),
        ("G24", repeat("ŵ", 134), Ucs2, 134, 2),
        ("G24 over", repeat("ŵ", 135), Ucs2, 135, 3),
        ("G25", repeat("a", 69) + "ŵ", Ucs2, 70, 1),
        ("G25 over", repeat("a", 70) + "ŵ", Ucs2, 71, 2),
        ("G31", repeat("😀", 35), Ucs2, 70, 1),
        ("G31 over", repeat("😀", 36), Ucs2, 72, 2),
        ("G32", repeat("a", 69) + "😀", Ucs2, 71, 2),
        ("G33", repeat("a", 66) + "😀" + &repeat("a", 65), Ucs2, 133, 2),
        ("G34", repeat("a", 66) + "😀" + &repeat("a", 66), Ucs2, 134, 3),
        ("G35 one", repeat(FLAG, 1), Ucs2, 14, 1),
        ("G35 five", repeat(FLAG, 5), Ucs2, 70, 1),
        ("G35 ten", repeat(FLAG, 10), Ucs2, 140, 3),
        ("G39", repeat("a", 56) + FLAG, Ucs2, 70, 1),
        ("G39 over", repeat("a", 57) + FLAG, Ucs2, 71, 2),
        ("G41", repeat("a", 61) + FLAG + &repeat("a", 59), Ucs2, 134, 3),
    ]
}

fn messages() -> Vec<Vector> {
    vec![
        (
            "G43",
            "GP records: slow for some users. Next update 14:00. https://status.example.wales/i/42 Reply STOP to end"
                .to_owned(),
            Gsm7,
            103,
            1,
        ),
        (
            "G44",
            "Cofnodion meddyg teulu: araf i rai defnyddwyr. Diweddariad nesaf 14:00. \
             https://status.example.wales/cy/i/42 Atebwch STOP i orffen"
                .to_owned(),
            Gsm7,
            130,
            1,
        ),
        (
            "G45",
            "Cofnodion meddyg teulu: yn ôl i’r arfer. Diolch am eich amynedd. \
             https://status.example.wales/cy/i/42 Atebwch STOP i orffen"
                .to_owned(),
            Ucs2,
            123,
            2,
        ),
    ]
}

fn single_letters() -> Vec<Vector> {
    let welsh = "âêîôûŵŷïëÿŴ".chars().map(|letter| ("G22", letter));
    let look_alikes = ['À', 'á', 'ç', '\u{391}'].map(|letter| ("G21", letter));
    welsh.chain(look_alikes).map(|(name, letter)| (name, letter.to_string(), Ucs2, 1, 1)).collect()
}

#[test]
fn every_golden_vector_is_counted_as_the_provider_counts_it() {
    for (name, text, encoding, units, parts) in [short(), long(), messages(), single_letters()].concat() {
        let counted = count(&text);
        assert_eq!((counted.encoding, counted.units, counted.parts), (encoding, units, parts), "{name}: {text}");
        assert_eq!(counted.offenders.is_empty(), encoding == Gsm7, "{name}");
        assert!(counted.room <= counted.per_part, "{name}");
    }
}

#[test]
fn preparing_saves_what_punctuation_would_cost() {
    let cases = [
        ("G9", "a\tb", Gsm7, 3),
        ("G10", "a\u{a0}b", Gsm7, 3),
        ("G26", "w\u{302}", Ucs2, 1),
        ("G27", "“Hi” it’s", Gsm7, 9),
        ("G28 ellipsis", "…", Gsm7, 3),
        ("G28 dash", "a–b", Gsm7, 3),
        ("G28 bullet", "• a", Gsm7, 3),
        ("G42", "Mae’r gwasanaeth yn ôl.", Ucs2, 23),
    ];
    for (name, text, encoding, units) in cases {
        let counted = count(&prepare(text));
        assert_eq!((counted.encoding, counted.units), (encoding, units), "{name}");
    }
}

#[test]
fn the_author_sees_which_letters_make_the_text_long() {
    let counted = count("Mae’r dŵr yn oer yn y tŷ, dŵr oer – ’to");
    assert_eq!(counted.offenders, ['’', 'ŵ', 'ŷ', '–']);
    assert!(count("Plain € text").offenders.is_empty());
}

#[test]
fn the_room_is_what_is_left_before_the_next_part() {
    let cases = [("a", 160, 159), ("ŵ", 70, 69), (&"a".repeat(161), 153, 145), (&"ŵ".repeat(135), 67, 66)];
    for (text, per_part, room) in cases {
        let counted = count(text);
        assert_eq!((counted.per_part, counted.room), (per_part, room), "{text}");
    }
    // What fills the room exactly adds no part; one unit more does.
    let text = "a".repeat(161);
    let full = count(&(text.clone() + &"a".repeat(145)));
    assert_eq!((full.parts, full.room), (2, 0));
    assert_eq!(count(&(text + &"a".repeat(146))).parts, 3);
}
