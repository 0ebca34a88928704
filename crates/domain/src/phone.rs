//! A mobile number that a text can be sent to: everything that costs money or reaches nobody is refused first.

mod cleaning;
mod plan;
#[cfg(test)]
mod vectors;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::kind::{HasKind, Kind};

/// A phone number as `+` and digits (E.164).
///
/// It has no `Display` and its `Debug` is masked, so that it cannot reach a log by accident. It serialises in full,
/// for the numbers in the configuration; personal numbers are encrypted by the store and never serialised.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// Where a number belongs. The Crown Dependencies share +44 with the United Kingdom, at a foreign tariff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// The United Kingdom.
    Gb,
    /// The Isle of Man.
    Im,
    /// Jersey.
    Je,
    /// Guernsey.
    Gg,
    /// Ireland, the only one of these outside +44.
    Ie,
}

impl Region {
    /// What is accepted unless the configuration says otherwise: the United Kingdom, and the Crown Dependencies,
    /// for the people of Wales who work there.
    pub const USUAL: [Self; 4] = [Self::Gb, Self::Im, Self::Je, Self::Gg];
}

/// Whether the numbers that Ofcom keeps free for drama (07700 900000 to 900999) may sign up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DramaNumbers {
    /// In live use: nobody has such a number.
    Refuse,
    /// In the demo, in exercises and in tests.
    Accept,
}

/// Why a text is no number that we send to. Each has its own sentence in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PhoneProblem {
    /// Nothing was given.
    #[error("no phone number was given")]
    Empty,
    /// It has letters; perhaps an O for a 0, or an extension.
    #[error("the phone number has letters in it")]
    Letters,
    /// It has a character that belongs in no phone number, or two numbers in one.
    #[error("the phone number has a character that does not belong in it")]
    Characters,
    /// Digits are missing.
    #[error("the phone number has too few digits")]
    TooShort,
    /// There are too many digits.
    #[error("the phone number has too many digits")]
    TooLong,
    /// Nobody can have such a number.
    #[error("there is no such phone number")]
    NotInUse,
    /// A number with an area code; it cannot show a text.
    #[error("this is a landline")]
    Landline,
    /// 070: looks like a mobile, costs like a premium line.
    #[error("070 numbers are personal numbers and not mobiles")]
    Personal070,
    /// 076: a pager.
    #[error("076 numbers are pagers")]
    Pager076,
    /// 084, 087, 09: the caller pays more.
    #[error("this is a premium-rate number")]
    Premium,
    /// 080: the callee pays.
    #[error("this is a freephone number")]
    TollFree,
    /// 03: an organisation's number.
    #[error("03 numbers belong to organisations")]
    Organisation,
    /// 056: internet telephony.
    #[error("this is an internet telephone")]
    Voip,
    /// Such as 999, 111 or a five-digit service.
    #[error("this is a short code")]
    ShortCode,
    /// A number of another country.
    #[error("numbers of this country are not accepted")]
    Foreign,
    /// A number of Jersey, Guernsey or the Isle of Man, where these are not accepted.
    #[error("numbers of the Crown Dependencies are not accepted")]
    CrownDependency,
    /// A drama number, outside of demo and exercise.
    #[error("this number is reserved for drama")]
    DramaInLive,
}

impl HasKind for PhoneProblem {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "phone-empty",
            Self::Letters => "phone-letters",
            Self::Characters => "phone-characters",
            Self::TooShort => "phone-too-short",
            Self::TooLong => "phone-too-long",
            Self::NotInUse => "phone-not-in-use",
            Self::Landline => "phone-landline",
            Self::Personal070 => "phone-personal-070",
            Self::Pager076 => "phone-pager-076",
            Self::Premium => "phone-premium",
            Self::TollFree => "phone-toll-free",
            Self::Organisation => "phone-organisation",
            Self::Voip => "phone-voip",
            Self::ShortCode => "phone-short-code",
            Self::Foreign => "phone-foreign",
            Self::CrownDependency => "phone-crown-dependency",
            Self::DramaInLive => "phone-drama-in-live",
        }
    }
}

/// Reads a mobile number of the [usual regions](Region::USUAL) that a person typed, in any form people use.
///
/// # Errors
/// [`PhoneProblem`].
pub fn parse(input: &str, drama: DramaNumbers) -> Result<PhoneNumber, PhoneProblem> {
    parse_in(input, drama, &Region::USUAL)
}

/// As [`parse`], for the regions that the configuration accepts.
///
/// # Errors
/// [`PhoneProblem`].
pub fn parse_in(input: &str, drama: DramaNumbers, accepted: &[Region]) -> Result<PhoneNumber, PhoneProblem> {
    let clean = cleaning::clean(input)?;
    // The numbering plan has no drama numbers, so they are looked for before it is asked.
    if let Some(number) = plan::drama_number(&clean) {
        return match drama {
            DramaNumbers::Accept => Ok(PhoneNumber(number)),
            DramaNumbers::Refuse => Err(PhoneProblem::DramaInLive),
        };
    }
    plan::mobile(&clean, accepted).map(PhoneNumber)
}

impl PhoneNumber {
    /// The number as providers take it: `+447400123456`.
    #[must_use]
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// The number with its middle hidden, for people and logs: `+44740***3456`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (head, tail) = if self.0.len() >= 12 { (6, 4) } else { (3, 2) };
        format!("{}***{}", &self.0[..head], &self.0[self.0.len() - tail..])
    }

    /// All but the last four digits. Fraud uses whole blocks of numbers, so limits count by block too.
    #[must_use]
    pub fn block(&self) -> &str {
        &self.0[..self.0.len() - 4]
    }

    /// As people in the country write it, `07400 123456`, to show it to its owner.
    #[must_use]
    pub fn national(&self) -> String {
        match self.0.strip_prefix("+44") {
            Some(national) if national.len() == 10 => {
                format!("0{} {}", &national[..4], &national[4..])
            }
            _ => self.0.clone(),
        }
    }

    /// The region, if it is one of those that can be accepted; the tariff depends on it.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        if plan::drama_number(&self.0).is_some() { Some(Region::Gb) } else { plan::region_of(&self.0) }
    }

    /// Whether this is one of the numbers kept free for drama; nobody can be reached by it.
    #[must_use]
    pub fn is_drama(&self) -> bool {
        plan::drama_number(&self.0).is_some()
    }
}

/// Takes back a number in its E.164 form, from our store or from a provider, without asking whether it would be
/// accepted today: somebody with a foreign number can still tell us to stop.
impl FromStr for PhoneNumber {
    type Err = PhoneProblem;

    fn from_str(e164: &str) -> Result<Self, Self::Err> {
        let digits = e164.strip_prefix('+').ok_or(PhoneProblem::Characters)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.starts_with('0') {
            return Err(PhoneProblem::Characters);
        }
        match digits.len() {
            0..=6 => Err(PhoneProblem::TooShort),
            7..=15 => Ok(Self(e164.to_owned())),
            _ => Err(PhoneProblem::TooLong),
        }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneProblem;

    fn try_from(e164: String) -> Result<Self, Self::Error> {
        e164.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({})", self.masked())
    }
}
