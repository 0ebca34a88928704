//! Phones that do not exist, up to millions of them: their texts go to the simulator on this machine and nowhere else.

use domain::audience::Areas;
use domain::phone::DramaNumbers;
use domain::subscriber::{ConsentSource, Wishes};
use domain::{Catalogue, Contact, Language, Severity, phone};
use store::{NewSubscriber, Store};

/// How many are handed to the database at once.
const PORTION: usize = 10_000;

/// The numbers kept free for drama are only a thousand, so these are made from an ordinary range.
const FIRST: u64 = 7_400_000_000;

/// Signs up so many phones for the whole of the first organisation, one in five in Welsh.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn sign_up(store: &Store, count: u64) -> anyhow::Result<()> {
    let catalogue = store.catalogue().await?;
    for first in (0..count).step_by(PORTION) {
        let portion = first..count.min(first + PORTION as u64);
        let people: Vec<NewSubscriber> = portion.filter_map(|place| person(&catalogue, place)).collect();
        store.import_subscribers(&people).await?;
    }
    let known: i64 = store.subscriber_counts().await?.values().sum();
    anyhow::ensure!(u64::try_from(known)? == count, "{known} people are signed up instead of {count}");
    Ok(())
}

/// The number of the phone in this place.
///
/// # Errors
/// When the range is at its end.
pub(super) fn number(place: u64) -> Option<Contact> {
    phone::parse(&format!("0{}", FIRST + place), DramaNumbers::Refuse).ok().map(Contact::Phone)
}

fn person(catalogue: &Catalogue, place: u64) -> Option<NewSubscriber> {
    let language = if place.is_multiple_of(5) { Language::Cy } else { Language::En };
    let areas = Areas::chosen(catalogue, ["nhs-wales"]);
    let wishes = Wishes { language, areas, min_severity: Severity::Minor };
    let wording_version = "sample-1".to_owned();
    Some(NewSubscriber { contact: number(place)?, wishes, source: ConsentSource::Sample, wording_version })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_place_has_a_number_of_its_own() {
        let places = (0..100_000).step_by(997);
        let numbers: BTreeSet<String> =
            places.clone().filter_map(|place| Some(number(place)?.reveal().to_owned())).collect();
        assert_eq!(numbers.len(), places.count());
    }
}
