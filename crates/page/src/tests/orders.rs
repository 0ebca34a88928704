//! The lists of incidents stay in order, whatever is published, corrected or taken away.

use std::sync::Arc;

use chrono::Duration;
use domain::Phase;

use super::fixture::{at, content, english, story};
use crate::model::{Entry, Model};

fn entry(id: i64, number: i64, day: i64) -> Arc<Entry> {
    let said = content(english("Over"), Phase::Resolved, "mft");
    let mut story = story(number, "mft", at("12:00") + Duration::days(day), vec![said]);
    story.incident.id = id;
    Arc::new(Entry::of(&story))
}

#[test]
fn the_orders_are_the_same_whether_kept_or_made_anew() {
    let mut kept = Model::default();
    assert!(kept.newest_first().is_empty());
    for (id, number, day) in [(1, 9, 5), (2, 3, 7), (3, 4, 5), (2, 3, 1), (4, 1, 9), (1, 8, 6)] {
        kept.list(entry(id, number, day));
    }
    kept.remove(4);
    kept.remove(99);
    let ids = |model: &Model| model.newest_first().iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(&kept), [1, 3, 2]);
    let anew = Model { entries: kept.entries.clone(), ..Model::default() };
    assert_eq!(ids(&anew), ids(&kept));
    for (number, id) in [(8, Some(1)), (9, None), (3, Some(2)), (4, Some(3)), (1, None), (0, None)] {
        assert_eq!(kept.numbered(number).map(|one| one.id), id, "{number}");
    }
}
