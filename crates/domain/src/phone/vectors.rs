//! The numbers that people type, and what becomes of each.

use super::DramaNumbers::{Accept, Refuse};
use super::*;

#[test]
fn every_way_to_write_a_mobile_number_is_one_number() {
    let cases = [
        "07400 123456",
        "(07400) 123-456",
        "7400123456",
        "447400123456",
        "00447400123456",
        "+44 (0)7400 123456",
        "+44(0)7400123456",
        "+4407400123456",
        "004407400123456",
        "0+447400123456",
        "+07400123456",
        "٠٧٤٠٠١٢٣٤٥٦",
        "０７４００１２３４５６",
        "＋44 7400.123.456",
        "०७४००१२३४५६",
        "07400–123–456",
        "\u{202a}+44 7400 123456\u{202c}",
        "\u{2068}07400\u{a0}123456\u{2069}\u{200b}",
        "\t07400\u{2003}123456\n",
    ];
    for input in cases {
        let number = parse(input, Refuse);
        assert_eq!(number.as_ref().map(PhoneNumber::as_e164), Ok("+447400123456"), "{input}");
    }
}

#[test]
fn what_is_no_phone_number_is_refused_with_its_reason() {
    use PhoneProblem::{Characters, Empty, Letters, NotInUse, ShortCode, TooLong, TooShort};
    let cases = [
        ("", Empty),
        (" \u{200b}\t", Empty),
        ("()-", Characters),
        ("+", Characters),
        ("tel:+44-7400-123456", Letters),
        ("07400123456 ext 5", Letters),
        ("07400x23456", Letters),
        ("0740O123456", Letters),
        ("ŵ", Letters),
        ("+447400123456;07400123457", Characters),
        ("07400123456#5", Characters),
        ("07400123456,5", Characters),
        ("07400 12345½", Characters),
        ("07400\u{0}123456", Characters),
        ("07400 123456 / 07400 123457", Characters),
        ("07400 123456 07400 123457", TooLong),
        ("07400 12345", TooShort),
        ("+44 7400 12345", TooShort),
        ("07400", TooShort),
        ("+44 7400 1234567", TooLong),
        ("+44 7400 123456 +44 7400 123457", NotInUse),
        ("999", ShortCode),
        ("111", ShortCode),
        ("112", ShortCode),
        ("60777", ShortCode),
        ("0000000000", NotInUse),
        ("+999 123 456 789", NotInUse),
    ];
    for (input, wanted) in cases {
        assert_eq!(parse(input, Refuse), Err(wanted), "{input:?}");
    }
    assert_eq!(parse(&"7".repeat(1_000_000), Refuse), Err(TooLong));
}

#[test]
fn what_is_no_mobile_is_refused_with_its_reason() {
    use PhoneProblem::{Foreign, Landline, NotInUse, Organisation, Pager076, Personal070, Premium, TollFree, Voip};
    let cases = [
        ("07012345678", Personal070),
        ("+44 70 1234 5678", Personal070),
        ("07612345678", Pager076),
        ("07600 123456", Pager076),
        ("0300 123 4567", Organisation),
        ("0306 999 0123", Organisation),
        ("020 7946 0991", Landline),
        ("029 2018 0123", Landline),
        ("01632 960123", NotInUse),
        ("0900 1234567", Premium),
        ("0909 879 0123", Premium),
        ("0845 4647", Premium),
        ("0844 123 4567", Premium),
        ("0870 123 4567", Premium),
        ("0808 157 0123", TollFree),
        ("080 8157 0123", TollFree),
        ("056 1234 5678", Voip),
        ("+1 202 555 0123", Foreign),
        ("+91 74001 23456", Foreign),
        ("+1 740 012 3456", Foreign),
        ("+33 6 12 34 56 78", Foreign),
        ("0033 6 12 34 56 78", Foreign),
        ("+353 85 123 4567", Foreign),
        ("+353 1 234 5678", Foreign),
        ("+882 16 1234 5678", Foreign),
    ];
    for (input, wanted) in cases {
        assert_eq!(parse(input, Refuse), Err(wanted), "{input}");
    }
}

#[test]
fn the_crown_dependencies_share_the_country_code_only() {
    let cases = [
        ("07624 123456", Region::Im),
        ("07524 123456", Region::Im),
        ("07924 123456", Region::Im),
        ("07457 612345", Region::Im),
        ("07797 712345", Region::Je),
        ("07937 712345", Region::Je),
        ("07829 712345", Region::Je),
        ("07509 712345", Region::Je),
        ("07700 312345", Region::Je),
        ("07781 123456", Region::Gg),
        ("07839 123456", Region::Gg),
        ("07911 123456", Region::Gg),
        ("07911 723456", Region::Gg),
        ("07911 223456", Region::Gb),
        ("07400 123456", Region::Gb),
    ];
    for (input, region) in cases {
        let number = parse(input, Refuse);
        assert_eq!(number.as_ref().map(PhoneNumber::region), Ok(Some(region)), "{input}");
        let wanted = if region == Region::Gb { Ok(()) } else { Err(PhoneProblem::CrownDependency) };
        assert_eq!(parse_in(input, Refuse, &[Region::Gb]).map(|_| ()), wanted, "{input}, United Kingdom only");
    }
}

#[test]
fn ireland_can_be_accepted() {
    let accepted = [Region::Gb, Region::Ie];
    let number = parse_in("+353 85 123 4567", Refuse, &accepted).unwrap();
    assert_eq!(number.as_e164(), "+353851234567");
    assert_eq!(number.region(), Some(Region::Ie));
    assert_eq!(number.national(), "+353851234567");
    assert_eq!(parse_in("+353 1 234 5678", Refuse, &accepted), Err(PhoneProblem::Landline));
    assert_eq!(parse_in("07400 123456", Refuse, &[Region::Ie]), Err(PhoneProblem::Foreign));
}

#[test]
fn drama_numbers_sign_up_in_demo_and_exercise_only() {
    for input in
        ["07700 900123", "+447700900123", "00447700900123", "+44 (0)7700 900 123", "7700900123", "0+447700900123"]
    {
        let number = parse(input, Accept).unwrap();
        assert_eq!(number.as_e164(), "+447700900123", "{input}");
        assert!(number.is_drama());
        assert_eq!(number.region(), Some(Region::Gb));
        assert_eq!(parse(input, Refuse), Err(PhoneProblem::DramaInLive), "{input}");
    }
    for input in ["07700 901123", "07700 90012", "07700 9001234", "07700 910123"] {
        assert!(parse(input, Accept).is_err(), "{input}");
    }
    assert!(!parse("07400 123456", Accept).unwrap().is_drama());
}

#[test]
fn a_number_is_shown_to_its_owner_and_hidden_from_logs() {
    let number = parse("07400 123456", Refuse).unwrap();
    assert_eq!(number.national(), "07400 123456");
    assert_eq!(number.masked(), "+44740***3456");
    assert_eq!(format!("{:?}", Some(&number)), "Some(PhoneNumber(+44740***3456))");
    assert_eq!(number.block(), "+44740012");
    let short: PhoneNumber = "+3211234".parse().unwrap();
    assert_eq!(short.masked(), "+32***34");
}

#[test]
fn a_stored_number_comes_back_without_asking_the_plan() {
    for e164 in ["+447400123456", "+447700900123", "+12025550123", "+353851234567"] {
        assert_eq!(e164.parse::<PhoneNumber>().unwrap().as_e164(), e164);
    }
    let cases = [
        ("447400123456", PhoneProblem::Characters),
        ("+44 7400 123456", PhoneProblem::Characters),
        ("+0447400123456", PhoneProblem::Characters),
        ("+٤٤٧٤٠٠١٢٣٤٥٦", PhoneProblem::Characters),
        ("+44", PhoneProblem::TooShort),
        ("+4474001234567890", PhoneProblem::TooLong),
        ("", PhoneProblem::Characters),
    ];
    for (given, wanted) in cases {
        assert_eq!(given.parse::<PhoneNumber>(), Err(wanted), "{given}");
    }
}

#[test]
fn every_problem_has_its_own_code() {
    use std::collections::BTreeSet;
    let problems = [
        PhoneProblem::Empty,
        PhoneProblem::Letters,
        PhoneProblem::Characters,
        PhoneProblem::TooShort,
        PhoneProblem::TooLong,
        PhoneProblem::NotInUse,
        PhoneProblem::Landline,
        PhoneProblem::Personal070,
        PhoneProblem::Pager076,
        PhoneProblem::Premium,
        PhoneProblem::TollFree,
        PhoneProblem::Organisation,
        PhoneProblem::Voip,
        PhoneProblem::ShortCode,
        PhoneProblem::Foreign,
        PhoneProblem::CrownDependency,
        PhoneProblem::DramaInLive,
    ];
    let codes: BTreeSet<_> = problems.iter().map(HasKind::code).collect();
    assert_eq!(codes.len(), problems.len());
}
