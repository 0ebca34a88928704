//! The numbering plan: what kind of line a number is, as far as its digits tell.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region as Country,
    ValidationError,
};

use super::{PhoneProblem, Region};

const UNITED_KINGDOM: i32 = 44;
const IRELAND: i32 = 353;

/// The drama number that was typed, in E.164, in any of the usual ways to write a prefix.
///
/// Exactly `+447700900` and three digits: a widespread check has a character class where a range was meant.
pub(super) fn drama_number(clean: &str) -> Option<String> {
    let digits = clean.trim_start_matches(['+', '0']);
    let national = digits.strip_prefix("44").unwrap_or(digits).trim_start_matches('0');
    let last = national.strip_prefix("7700900")?;
    (last.len() == 3 && last.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("+44{national}"))
}

/// The E.164 form of a mobile number of an accepted region.
pub(super) fn mobile(clean: &str, accepted: &[Region]) -> Result<String, PhoneProblem> {
    if clean.len() <= 6 && !clean.starts_with(['0', '+']) {
        return Err(PhoneProblem::ShortCode);
    }
    let number = read(clean)?;
    check(&number, accepted)?;
    Ok(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

/// The region of a number in E.164, if it is one of ours.
pub(super) fn region_of(e164: &str) -> Option<Region> {
    let number = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
    our_region(&number)
}

/// Reads the number as dialled from the United Kingdom. About three people in a hundred type a prefix twice or a
/// `+` too many, so what cannot be a number is read once more without either.
fn read(clean: &str) -> Result<PhoneNumber, PhoneProblem> {
    let first = read_once(clean);
    if first.is_ok() {
        return first;
    }
    let bare = clean.trim_start_matches(['+', '0']);
    if bare == clean { first } else { read_once(bare).or(first) }
}

fn read_once(text: &str) -> Result<PhoneNumber, PhoneProblem> {
    use rlibphonenumber::ParseError::{InvalidCountryCode, NotANumber, TooLongNsn, TooShortAfterIdd, TooShortNsn};
    let number = PHONE_NUMBER_UTIL.parse(text, Some(Country::GB)).map_err(|problem| match problem {
        InvalidCountryCode | NotANumber(_) => PhoneProblem::NotInUse,
        TooShortAfterIdd | TooShortNsn => PhoneProblem::TooShort,
        TooLongNsn => PhoneProblem::TooLong,
    })?;
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number) {
        Ok(NumberLengthType::IsPossible) => Ok(number),
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => Err(PhoneProblem::TooShort),
        Err(ValidationError::TooLong) => Err(PhoneProblem::TooLong),
        Err(ValidationError::InvalidCountryCode | ValidationError::InvalidLength) => Err(PhoneProblem::NotInUse),
    }
}

fn check(number: &PhoneNumber, accepted: &[Region]) -> Result<(), PhoneProblem> {
    let region = our_region(number);
    let is_accepted = region.is_some_and(|region| accepted.contains(&region));
    if number.country_code != UNITED_KINGDOM && !is_accepted {
        return Err(PhoneProblem::Foreign);
    }
    let problem = match PHONE_NUMBER_UTIL.get_number_type(number) {
        PhoneNumberType::Mobile if is_accepted => return Ok(()),
        PhoneNumberType::Mobile if region == Some(Region::Gb) => PhoneProblem::Foreign,
        PhoneNumberType::Mobile => PhoneProblem::CrownDependency,
        PhoneNumberType::FixedLine | PhoneNumberType::FixedLineOrMobile => PhoneProblem::Landline,
        PhoneNumberType::PersonalNumber => PhoneProblem::Personal070,
        PhoneNumberType::Pager => PhoneProblem::Pager076,
        PhoneNumberType::PremiumRate | PhoneNumberType::SharedCost => PhoneProblem::Premium,
        PhoneNumberType::TollFree => PhoneProblem::TollFree,
        PhoneNumberType::UAN => PhoneProblem::Organisation,
        PhoneNumberType::VoIP => PhoneProblem::Voip,
        PhoneNumberType::VoiceMail | PhoneNumberType::Unknown => unassigned(number),
    };
    Err(problem)
}

/// What to say of a number that the plan has not given out: most often a digit is missing.
fn unassigned(number: &PhoneNumber) -> PhoneProblem {
    let national = PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164);
    let national = national.strip_prefix("+44").unwrap_or_default();
    match (national.get(..2), national.len()) {
        (Some("70"), 10) => PhoneProblem::Personal070,
        (Some("76"), 10) => PhoneProblem::Pager076,
        (Some(prefix), 0..=9) if prefix.starts_with('7') => PhoneProblem::TooShort,
        _ => PhoneProblem::NotInUse,
    }
}

/// The region whose pattern the number follows.
///
/// The Crown Dependencies are asked first: the library asks the United Kingdom first, whose pattern also covers
/// 07924 of the Isle of Man. The calling code is compared here because the library (2.2.15) does not do so, and
/// would take `+91 74001 23456` for a British mobile.
fn our_region(number: &PhoneNumber) -> Option<Region> {
    const REGIONS: [(i32, Country, Region); 5] = [
        (UNITED_KINGDOM, Country::IM, Region::Im),
        (UNITED_KINGDOM, Country::JE, Region::Je),
        (UNITED_KINGDOM, Country::GG, Region::Gg),
        (UNITED_KINGDOM, Country::GB, Region::Gb),
        (IRELAND, Country::IE, Region::Ie),
    ];
    REGIONS
        .into_iter()
        .filter(|(calling_code, ..)| *calling_code == number.country_code)
        .find(|(_, country, _)| PHONE_NUMBER_UTIL.is_valid_number_for_region(number, *country))
        .map(|(.., region)| region)
}
