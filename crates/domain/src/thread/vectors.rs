//! The vectors of the splitter, made with a reference implementation in another language.

use super::*;

const PLAIN: Limit = Limit::plain(60);

fn assert_parts(name: &str, text: &str, limit: &Limit, wanted: &[&str]) {
    let parts = split(text, limit).unwrap();
    assert_eq!(parts, wanted, "{name}");
    assert!(parts.iter().all(|part| limit.fits(part)), "{name}: over the limit");
}

#[test]
fn prose_is_parted_where_a_reader_pauses() {
    let cases: [(&str, &str, &[&str]); 10] = [
        ("V1", "Short update.", &["Short update."]),
        (
            "V4",
            "GP records are slow. Staff should use paper forms. We are fixing this now.",
            &["GP records are slow. Staff should use paper forms. 1/2", "We are fixing this now. 2/2"],
        ),
        (
            "V5",
            "GP records are slow today. More soon.\n\nUse paper forms. Ring 111 if urgent.",
            &["GP records are slow today. More soon. 1/2", "Use paper forms. Ring 111 if urgent. 2/2"],
        ),
        (
            "V6",
            "Some sites, e.g. Bangor and St. Asaph, are affected today. Dr. Hughes leads the work on it.",
            &["Some sites, e.g. Bangor and St. Asaph, 1/2", "are affected today. Dr. Hughes leads the work on it. 2/2"],
        ),
        (
            "V7",
            "The fix is going in now and full details are on https://status.example.wales/incidents/42 for all.",
            &[
                "The fix is going in now and full details are on 1/2",
                "https://status.example.wales/incidents/42 for all. 2/2",
            ],
        ),
        (
            "V9",
            "Read https://status.example.wales/i/42. Then wait for the next update from the team at noon.",
            &[
                "Read https://status.example.wales/i/42. 1/2",
                "Then wait for the next update from the team at noon. 2/2",
            ],
        ),
        (
            "V10",
            "Mae cofnodion meddygon teulu’n araf. Defnyddiwch ffurflenni papur, e.e. y ffurflen ŵyl. \
             Byddwn yn diweddaru am 10.30 y.b.",
            &[
                "Mae cofnodion meddygon teulu’n araf. 1/3",
                "Defnyddiwch ffurflenni papur, e.e. y ffurflen ŵyl. 2/3",
                "Byddwn yn diweddaru am 10.30 y.b. 3/3",
            ],
        ),
        (
            "V14",
            "The service that supports referrals between hospitals, clinics and community teams is slow",
            &["The service that supports referrals between hospitals, 1/2", "clinics and community teams is slow 2/2"],
        ),
        (
            "V15",
            "Line one is here   \r\nLine two is here\r\n\r\n\r\nLine three is also here and is longer than most.",
            &["Line one is here\nLine two is here 1/2", "Line three is also here and is longer than most. 2/2"],
        ),
        (
            "V16",
            "Version 2.1 goes live at 10.30 today. Users on 2.0 must sign out! Then they sign in again.",
            &["Version 2.1 goes live at 10.30 today. 1/2", "Users on 2.0 must sign out! Then they sign in again. 2/2"],
        ),
    ];
    for (name, text, wanted) in cases {
        assert_parts(name, text, &PLAIN, wanted);
    }
}

#[test]
fn a_word_longer_than_a_post_is_parted_between_visible_characters() {
    let health_worker = "👩‍⚕️";
    let cases = [
        ("V3", "a".repeat(61), "a"),
        ("V11", "w\u{302}".repeat(61), "ŵ"),
        ("V12", health_worker.repeat(61), health_worker),
    ];
    for (name, text, letter) in cases {
        let wanted = [format!("{} 1/2", letter.repeat(56)), format!("{} 2/2", letter.repeat(5))];
        assert_eq!(split(&text, &PLAIN).unwrap(), wanted, "{name}");
    }
    let exact = "a".repeat(60);
    assert_parts("V2", &exact, &PLAIN, &[&exact]);
}

#[test]
fn an_address_weighs_what_the_server_says() {
    let text = "The fix is going in now and full details are on \
                https://status.example.wales/incidents/2026/11/22/gp-records-slow for all.";
    let limit = Limit::mastodon(80, 23);
    assert_eq!(limit.weight(text), 80, "V8");
    assert_parts("V8", text, &limit, &[text]);
}

#[test]
fn the_counter_grows_to_two_digits() {
    let text = vec!["word"; 60].join(" ");
    let parts = split(&text, &Limit::plain(34)).unwrap();
    let five = "word word word word word";
    let wanted: Vec<_> = (1..=12).map(|number| format!("{five} {number}/12")).collect();
    assert_eq!(parts, wanted, "V13");
    let weights: Vec<_> = parts.iter().map(|part| part.len()).collect();
    assert_eq!(weights, [[29; 9].as_slice(), &[30; 3]].concat(), "V13");
}

#[test]
fn networks_count_differently() {
    let mastodon = Limit::mastodon(500, 23);
    let cases = [
        ("See https://status.example.wales/incidents/42.", 28),
        ("@nel@social.example hi", 7),
        ("w\u{302}", 1),
        ("nhs.wales", 9),
        ("nel@social.example", 18),
        ("(https://a.example/b_(c)) and https://a.example/x).", 1 + 23 + 1 + 5 + 23 + 2),
        ("HTTPS://A.EXAMPLE/B?", 24),
        ("http:// https://. @ @@ @a@", 26),
    ];
    for (text, wanted) in cases {
        assert_eq!(mastodon.weight(text), wanted, "{text}");
    }
    assert_eq!(Limit::bluesky().weight("See https://status.example.wales/incidents/42."), 46);
    assert!(!Limit::bluesky().fits(&"👩‍⚕️".repeat(300)), "3,900 bytes are too many for Bluesky");
    assert!(Limit::mastodon(500, 23).fits(&"👩‍⚕️".repeat(300)));
}

#[test]
fn the_link_is_in_the_first_post() {
    let link = "https://status.example.wales/i/42";
    let limit = Limit::mastodon(80, 23);
    assert_eq!(split_with_link("Short.", link, &limit).unwrap(), [format!("Short.\n\n{link}")]);
    let text = "GP records are slow across Wales. Staff should use paper forms. We are fixing this now.";
    let parts = split_with_link(text, link, &limit).unwrap();
    assert_eq!(
        parts,
        [
            format!("GP records are slow across Wales.\n\n{link} 1/2"),
            "Staff should use paper forms. We are fixing this now. 2/2".to_owned(),
        ]
    );
    let with_link = format!("Read {link} now.");
    assert_eq!(split_with_link(&with_link, link, &limit).unwrap(), [with_link]);
}

#[test]
fn what_cannot_be_a_thread_is_said() {
    let long_address = format!("See https://a.example/{}", "x".repeat(60));
    let piled_up = format!("a{}", "\u{302}\u{301}".repeat(2_000));
    let cases = [
        ("", PLAIN, ThreadProblem::Empty),
        (" \r\n\t ", PLAIN, ThreadProblem::Empty),
        (&long_address, PLAIN, ThreadProblem::PieceTooLong),
        (&piled_up, Limit::bluesky(), ThreadProblem::PieceTooLong),
        (&"word ".repeat(500), PLAIN, ThreadProblem::TooManyParts),
        ("words", Limit::plain(3), ThreadProblem::PieceTooLong),
    ];
    for (text, limit, wanted) in cases {
        assert_eq!(split(text, &limit), Err(wanted));
    }
}
