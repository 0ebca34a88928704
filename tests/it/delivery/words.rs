//! Letters and numbers on their way to a phone: what is paid for is what was counted, and nobody pays for a number that
//! only looks like a mobile.

use domain::ChannelKind;
use domain::Language;
use domain::phone::{self, DramaNumbers, PhoneProblem, Region};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::people::{People, phone_number};
use scenarios::update::Update;
use simulator::Text;

const TEXTS: [ChannelKind; 1] = [ChannelKind::Sms];

/// What the first phone got last.
fn latest(app: &Installation<'_>) -> Text {
    app.world.simulator.phone(&phone_number(0)).and_then(|phone| phone.texts.last().cloned()).expect("a text")
}

/// "ŵ" typed as a letter and a roof arrives as one letter, and is paid for as one.
pub(super) async fn decomposed(db: &Database) {
    let app = Installation::with(db).without_receipts().start().await;
    app.subscribe(People::phones(0, 1).reading(Language::Cy)).await;
    let update =
        Update::first().on(&TEXTS).texts("NHS Wales: water. {link}", "GIG Cymru: dw\u{302}r i'r ty\u{302}. {link}");
    app.until_done(app.publish(&update).await.broadcast).await;
    let text = latest(&app);
    assert!(text.text.starts_with("GIG Cymru: dŵr i'r tŷ. "), "{}", text.text);
    assert_eq!((text.encoding, text.units), ("UCS-2", text.text.chars().count()));
}

/// A letter that is repeated so often, one sign, so many more letters up to the end; the units and the parts that this is.
type Case = (&'static str, &'static str, usize, &'static str, usize, (usize, usize));

const CASES: [Case; 8] = [
    ("160 letters", "a", 0, "", 160, (160, 1)),
    ("161 letters", "a", 0, "", 161, (161, 2)),
    ("70 letters of which one has a roof", "a", 0, "ŵ", 69, (70, 1)),
    ("71 letters of which one has a roof", "a", 0, "ŵ", 70, (71, 2)),
    ("€ on the last place of the first part, and room at the end", "a", 152, "€", 151, (305, 2)),
    ("€ on the last place of the first part", "a", 152, "€", 152, (306, 3)),
    ("an emoji on the last place of the first part, and room at the end", "a", 66, "😀", 65, (133, 2)),
    ("an emoji on the last place of the first part", "a", 66, "😀", 66, (134, 3)),
];

/// Each case as a text that ends with the link, as every text does.
pub(super) async fn at_the_edge_of_a_part(db: &Database) {
    let app = Installation::with(db).without_receipts().start().await;
    app.subscribe(People::phones(0, 1)).await;
    let first = app.publish(&Update::first().on(&TEXTS).texts("{link}", "{link}")).await;
    app.until_done(first.broadcast).await;
    let link = latest(&app).units;
    for (name, letter, before, sign, after, expected) in CASES {
        let words = format!("{}{sign}{} {{link}}", letter.repeat(before), letter.repeat(after - link - 1));
        let next = app.publish_next(first.incident, &Update::next().on(&TEXTS).texts(&words, &words)).await;
        app.until_done(next.broadcast).await;
        let text = latest(&app);
        assert_eq!((text.units, text.parts), expected, "{name}: {}", text.text);
    }
}

/// 070 costs like a premium line, 076 is a pager, Guernsey is abroad for some contracts, and television has its own.
pub(super) fn numbers_that_look_like_mobiles() {
    use PhoneProblem::{CrownDependency, DramaInLive, Pager076, Personal070};
    for (number, regions, problem) in [
        ("070 1234 5678", Region::USUAL.as_slice(), Personal070),
        ("+44 70 1234 5678", &Region::USUAL, Personal070),
        ("07623 456 789", &Region::USUAL, Pager076),
        ("07781 123456", &[Region::Gb], CrownDependency),
        ("07700 900123", &Region::USUAL, DramaInLive),
    ] {
        assert_eq!(phone::parse_in(number, DramaNumbers::Refuse, regions).err(), Some(problem), "{number}");
    }
    let guernsey = phone::parse("07781 123456", DramaNumbers::Refuse).expect("a mobile of Guernsey");
    assert_eq!(guernsey.region(), Some(Region::Gg), "is texted, and known for what it is");
}
