//! Makes up subscribers: numbers that are kept free for drama, mailboxes that lead nowhere, and a seed, so that every
//! demo has the same people.

use std::collections::BTreeMap;

use domain::audience::Areas;
use domain::phone::DramaNumbers;
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Catalogue, Contact, EmailAddress, Language, Severity, phone};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;
use store::NewSubscriber;

/// The numbers 07700 900000 to 900999 are kept free for drama.
const DRAMA_NUMBERS: usize = 1_000;

/// How many people listen, and what they chose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Crowd {
    /// How many.
    pub(crate) count: usize,
    /// Decides every choice.
    pub(crate) seed: u64,
    /// The share who read Welsh.
    pub(crate) share_welsh: f64,
    /// The share who get mail; the others get texts.
    pub(crate) share_email: f64,
    /// How many of a hundred chose each area.
    pub(crate) areas: BTreeMap<String, u32>,
    /// How many of a hundred chose each minimum.
    pub(crate) min_severity: BTreeMap<String, u32>,
}

impl Crowd {
    /// The people, with phones first, so that the first drama numbers are taken and the last ones are free.
    #[must_use]
    pub(crate) fn people(&self, catalogue: &Catalogue) -> Vec<NewSubscriber> {
        let mut random = StdRng::seed_from_u64(self.seed);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a small count"
        )]
        let mails = (self.count as f64 * self.share_email).round() as usize;
        let phones = (self.count - mails.min(self.count)).min(DRAMA_NUMBERS);
        let contacts = (0..phones).filter_map(drama_phone).chain((0..mails).filter_map(mailbox));
        contacts.map(|contact| self.person(contact, &mut random, catalogue)).collect()
    }

    fn person(&self, contact: Contact, random: &mut StdRng, catalogue: &Catalogue) -> NewSubscriber {
        let language = if random.random_bool(self.share_welsh) { Language::Cy } else { Language::En };
        let area = drawn(&self.areas, random);
        let min_severity = Severity::from_key(drawn(&self.min_severity, random)).unwrap_or_default();
        // Manchester publishes in English only, so nobody there asked for Welsh.
        let bilingual = catalogue.organisation(area).is_some_and(|one| one.languages.contains(&Language::Cy));
        let language = if bilingual { language } else { Language::En };
        let wishes = Wishes { language, areas: Areas::chosen(catalogue, [area]), min_severity };
        NewSubscriber { contact, wishes, source: ConsentSource::Sample, wording_version: "sample-1".to_owned() }
    }
}

fn drawn<'a>(weights: &'a BTreeMap<String, u32>, random: &mut StdRng) -> &'a str {
    let total: u32 = weights.values().sum();
    let mut place = random.random_range(0..total.max(1));
    for (key, weight) in weights {
        match place.checked_sub(*weight) {
            Some(rest) => place = rest,
            None => return key,
        }
    }
    ""
}

fn drama_phone(place: usize) -> Option<Contact> {
    phone::parse(&format!("07700900{place:03}"), DramaNumbers::Accept).ok().map(Contact::Phone)
}

fn mailbox(place: usize) -> Option<Contact> {
    EmailAddress::parse(&format!("person{place}@inbox.example")).ok().map(Contact::Email)
}
