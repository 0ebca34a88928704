//! Made-up subscribers. Their numbers look ordinary because there are only a thousand drama numbers, and they never
//! leave this machine: every provider of a scenario is simulated.

use domain::audience::Areas;
use domain::phone::{self, DramaNumbers};
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Catalogue, Contact, EmailAddress, Language, Severity};
use store::NewSubscriber;

/// The number of the first phone; ten million after it are mobiles, too.
const FIRST_NUMBER: usize = 7_400_000_000;

/// Some people with the same wishes.
#[derive(Clone, Debug)]
pub struct People {
    contacts: Vec<Contact>,
    language: Language,
    areas: Vec<&'static str>,
    min_severity: Severity,
}

impl People {
    /// `count` phones, beginning with the phone `first`: English, all of Wales, from minor problems on.
    #[must_use]
    pub fn phones(first: usize, count: usize) -> Self {
        Self::with((first..first + count).map(|place| phone_contact(&phone_number(place))).collect())
    }

    /// `count` inboxes, beginning with the inbox `first`.
    #[must_use]
    pub fn inboxes(first: usize, count: usize) -> Self {
        Self::with((first..first + count).map(|place| mail_contact(&mail_address(place))).collect())
    }

    fn with(contacts: Vec<Contact>) -> Self {
        let areas = vec!["nhs-wales"];
        Self { contacts, language: Language::En, areas, min_severity: Severity::Minor }
    }

    /// They read this language.
    #[must_use]
    pub fn reading(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// They chose these areas.
    #[must_use]
    pub fn in_areas(self, areas: &[&'static str]) -> Self {
        Self { areas: areas.to_vec(), ..self }
    }

    /// They want to hear of nothing less.
    #[must_use]
    pub fn from_severity(self, min_severity: Severity) -> Self {
        Self { min_severity, ..self }
    }

    /// As they are brought into the database.
    #[must_use]
    pub fn subscribers(&self, catalogue: &Catalogue) -> Vec<NewSubscriber> {
        let areas = Areas::chosen(catalogue, self.areas.iter().copied());
        let wishes = Wishes { language: self.language, areas, min_severity: self.min_severity };
        let person = |contact: &Contact| NewSubscriber {
            contact: contact.clone(),
            wishes,
            source: ConsentSource::Import,
            wording_version: "scenario-1".to_owned(),
        };
        self.contacts.iter().map(person).collect()
    }
}

/// The number of a phone, in E.164.
#[must_use]
pub fn phone_number(place: usize) -> String {
    format!("+44{}", FIRST_NUMBER + place)
}

/// The address of an inbox.
#[must_use]
pub fn mail_address(place: usize) -> String {
    format!("person{place}@inbox.example")
}

/// A phone number as a contact.
///
/// # Panics
/// When it is no mobile number.
#[must_use]
pub fn phone_contact(number: &str) -> Contact {
    Contact::Phone(phone::parse(number, DramaNumbers::Accept).expect("a mobile number"))
}

/// A mail address as a contact.
///
/// # Panics
/// When it is no address.
#[must_use]
pub fn mail_contact(address: &str) -> Contact {
    Contact::Email(EmailAddress::parse(address).expect("a mail address"))
}
