//! The lists of incidents stay in order, whatever is published, corrected or taken away.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Duration;
use domain::Phase;

use super::fixture::{at, content, english, now, story};
use crate::model::{Entries, Entry, Model};
use crate::view::history::months::{Months, months, months_after};

fn entry(id: i64, number: i64, day: i64) -> Arc<Entry> {
    let said = content(english("Over"), Phase::Resolved, "mft");
    let mut story = story(number, "mft", at("12:00") + Duration::days(day), vec![said]);
    story.incident.id = id;
    Arc::new(Entry::of(&story))
}

#[test]
fn the_orders_are_the_same_whether_kept_or_made_anew() {
    let mut kept = Model::default();
    assert!(kept.entries.newest_first().next().is_none());
    for (id, number, day) in [(1, 9, 5), (2, 3, 7), (3, 4, 5), (2, 3, 1), (4, 1, 9), (1, 8, 6)] {
        kept.entries.put(&entry(id, number, day));
    }
    kept.remove(4);
    kept.remove(99);
    let ids = |model: &Model| model.entries.newest_first().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(&kept), [1, 3, 2]);
    let anew = Model { entries: kept.entries.iter().cloned().collect(), ..Model::default() };
    assert_eq!(ids(&anew), ids(&kept));
    for (number, id) in [(8, Some(1)), (9, None), (3, Some(2)), (4, Some(3)), (1, None), (0, None)] {
        assert_eq!(kept.entries.numbered(number).map(|one| one.id), id, "{number}");
    }
}

/// Numbers without order that are the same in every run.
fn dice(sides: i64) -> impl FnMut() -> i64 {
    let mut state = 2_018_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap() % sides
    }
}

#[test]
fn many_lines_stand_in_order_and_copies_share_what_did_not_change() {
    let (mut kept, mut reference, mut dice) = (Entries::default(), BTreeMap::new(), dice(1_500));
    assert!(kept.newest_first().next().is_none());
    for step in 0..6_000 {
        let id = dice();
        if step % 5 == 4 {
            kept.take(id);
            reference.remove(&id);
            continue;
        }
        let entry = entry(id, dice() * 2, dice());
        kept.put(&entry);
        reference.insert(id, entry);
    }
    assert!(kept.iter().eq(reference.values()));
    let anew: Entries = reference.values().cloned().collect();
    assert!(kept.newest_first().eq(anew.newest_first()));
    assert!(kept.last_ended_first().eq(anew.last_ended_first()));
    for number in 0..3_000 {
        assert_eq!(kept.numbered(number), anew.numbered(number), "{number}");
    }
    let mut next = kept.clone();
    let (id, other) = (*reference.keys().next().unwrap(), entry(5_000, 1, 1));
    next.put(&other);
    next.take(id);
    assert_eq!(next.unlike(&kept).map(|entry| entry.id).collect::<Vec<_>>(), [5_000]);
    assert_eq!(kept.unlike(&next).map(|entry| entry.id).collect::<Vec<_>>(), [id]);
    assert_eq!(kept.clone().unlike(&kept).count(), 0);
}

#[test]
fn months_that_are_taken_over_say_the_same_as_months_made_anew() {
    let say = |months: &Months| {
        let month = |one: &Arc<crate::view::history::months::MonthOf>| (one.day, one.print, one.updated_at);
        months.iter().map(month).collect::<Vec<_>>()
    };
    let day_of = |at: chrono::DateTime<chrono::Utc>| at.date_naive();
    let (mut before, mut dice) = (now(Model::default()), dice(500));
    let mut known = months(&before, day_of);
    for step in 0..400 {
        let mut model = Model::clone(&before.model);
        for _ in 0..1 + step % 3 {
            match step % 7 {
                6 => model.remove(dice()),
                _ => model.entries.put(&entry(dice(), step, dice())),
            }
        }
        let after = now(model);
        let next = months_after((&known, &before.model), &after, day_of);
        assert_eq!(say(&next), say(&months(&after, day_of)), "{step}");
        let untouched = known.iter().filter(|one| next.iter().any(|other| Arc::ptr_eq(one, other))).count();
        assert!(untouched + 6 >= known.len(), "{untouched} of {}", known.len());
        (before, known) = (after, next);
    }
    assert!(known.len() > 10);
    let same = months_after((&known, &before.model), &before, day_of);
    assert!(Arc::ptr_eq(&same, &known));
}
