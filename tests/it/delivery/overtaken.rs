//! "It is over", published in the middle of "it has begun": whoever hears both hears them in this order.

use std::collections::HashMap;

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::people::People;
use scenarios::scale::Scale;
use scenarios::update::Update;
use scenarios::waiting::until_within;
use serde_json::json;
use simulator::{Channel, LedgerEntry};

const TEXTS: [ChannelKind; 1] = [ChannelKind::Sms];

/// A quarter of all in each second, which is as fast as it goes where they are many.
pub(super) async fn over_in_the_middle_of_it_has_begun(db: &Database) {
    let scale = Scale::of_this_run();
    let people = scale.overtaken;
    let rate = u32::try_from(people / 4).expect("people");
    let app = Installation::with(db).rate(rate).without_receipts().start().await;
    app.subscribe_many(People::phones, people).await;
    let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
    let begun = Update::first().on(&TEXTS);
    let next = Update::next().without("next_update_by");
    let recovering = next.clone().on(&[ChannelKind::Mastodon]).phase("recovering");
    let over = next.on(&TEXTS).phase("resolved").with("next_update_by", json!(null));

    let older = app.publish(&begun).await;
    app.publish_next(older.incident, &recovering).await;
    until_within(scale.patience, "a tenth has heard of it", async || accepted() > people as u64 / 10).await;
    let newer = app.publish_next(older.incident, &over).await;
    until_within(scale.patience, "everyone has heard that it is over", async || {
        app.progress(newer.broadcast, ChannelKind::Sms).await.remaining == 0
            && app.progress(older.broadcast, ChannelKind::Sms).await.remaining == 0
    })
    .await;

    let (first, last) = (app.progress(older.broadcast, TEXTS[0]).await, app.progress(newer.broadcast, TEXTS[0]).await);
    println!("{people} phones: {} heard the older, {} were spared it", first.sent, first.superseded);
    assert!(first.superseded > 0, "it was in the middle");
    assert_eq!((first.sent + first.superseded, last.sent), (people as i64, people as i64));
    let entries = app.world.simulator.ledger().entries;
    assert_eq!(entries.iter().map(|one| u64::from(one.count)).sum::<u64>(), entries.len() as u64, "nothing twice");
    assert_eq!(heard_backwards(&entries), 0, "nobody hears the older after the newer");
}

/// How many got the message that began first after the other.
fn heard_backwards(entries: &[LedgerEntry]) -> usize {
    let older = entries.iter().min_by_key(|one| one.first_at).expect("something left").message.as_str();
    let (older, newer): (Vec<_>, Vec<_>) = entries.iter().partition(|one| one.message == older);
    let over: HashMap<&str, _> = newer.iter().map(|one| (&*one.recipient, one.first_at)).collect();
    older.iter().filter(|one| over.get(&*one.recipient).is_some_and(|heard| *heard < one.last_at)).count()
}
