//! The phones as a reader sees them: each with its texts in order, the most recently used first.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::pages::tongue;
use crate::texts::{Handset, Text, Texts};
use crate::{Direction, Filter, Simulator};

/// One phone and the texts on it.
#[derive(Clone, Debug, Serialize)]
pub struct Phone {
    /// Its number, E.164.
    pub number: Arc<str>,
    /// Whether it has texted STOP and not START since: the provider then refuses texts to it.
    pub opted_out: bool,
    /// Oldest first.
    pub texts: Vec<Text>,
}

impl Simulator {
    /// All phones, the most recently used first.
    #[must_use]
    pub fn phones(&self) -> Vec<Phone> {
        self.phones_where(&Filter::default())
    }

    /// The phone with this number, once a text has gone to or from it.
    #[must_use]
    pub fn phone(&self, number: &str) -> Option<Phone> {
        let world = self.world();
        let (number, handset) = world.texts.phones.get_key_value(number)?;
        Some(view(&world.texts, number, handset))
    }

    /// The phones that `filter` asks for, the most recently used first.
    pub(crate) fn phones_where(&self, filter: &Filter) -> Vec<Phone> {
        let world = self.world();
        let wanted = world.texts.phones.iter().filter(|(number, _)| filter.is_to(number));
        let mut phones: Vec<(&Arc<str>, &Handset)> = wanted.collect();
        phones.sort_unstable_by_key(|(_, handset)| std::cmp::Reverse(handset.texts.back().copied()));
        phones.truncate(filter.limit());
        phones.into_iter().map(|(number, handset)| view(&world.texts, number, handset)).collect()
    }

    /// At most `room` phones, the most recently used first, each language in its turn.
    pub(crate) fn phones_in_turn(&self, room: usize) -> Vec<Phone> {
        let world = self.world();
        let texts = &world.texts;
        let mut phones: Vec<(&Arc<str>, &Handset)> = texts.phones.iter().collect();
        phones.sort_unstable_by_key(|(_, handset)| std::cmp::Reverse(handset.texts.back().copied()));
        // A broadcast says the same to everybody, so its words are read once.
        let mut known = HashMap::new();
        let mut language = |handset: &Handset| {
            let newest = handset.texts.iter().rev().filter_map(|number| texts.shelf.get(*number));
            let body = &newest.into_iter().find(|text| text.direction != Direction::Inbound)?.body;
            *known.entry(body.hash).or_insert_with(|| tongue::of_words(&body.text))
        };
        let newest = phones.into_iter().map(|phone| (language(phone.1), phone));
        let shown = tongue::in_turn(newest, room);
        shown.into_iter().map(|(number, handset)| view(texts, number, handset)).collect()
    }

    pub(crate) fn phone_count(&self) -> usize {
        self.world().texts.phones.len()
    }
}

fn view(texts: &Texts, number: &Arc<str>, handset: &Handset) -> Phone {
    let on_phone = handset.texts.iter().filter_map(|number| Some(texts.view(*number, texts.shelf.get(*number)?)));
    Phone { number: number.clone(), opted_out: handset.opted_out, texts: on_phone.collect() }
}
