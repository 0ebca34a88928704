//! A long past: the present is shown first, old pages follow, and all of them outlive the database.

use std::path::Path;

use domain::{Localized, Phase};
use page::Page;
use scenarios::databases::Database;
use scenarios::waiting::{until, until_within};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::outages::page_of;
use crate::store::fixtures::{content, incident, publish};

/// More than an edition waits for.
const PAST: i64 = 130;

/// The page of the oldest incident as the exported folder has it.
fn oldest(page: &Page, folder: &Path) -> String {
    page.export(folder).expect("an exported edition");
    let plain = std::fs::read_to_string(folder.join("en/incidents/outage-1/index.html")).expect("an old page");
    assert!(folder.join("cy/digwyddiadau/toriad-1/index.html.br").exists());
    assert!(std::fs::read_to_string(folder.join("i/1/index.html")).expect("a link").contains("/en/incidents/outage-1"));
    plain
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_pages_are_made_beside_the_present_and_outlive_the_database() {
    let (db, folder, out) = (Database::sqlite().await, tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for number in 1..=PAST {
        let mut over = content(Phase::Resolved);
        over.words.title = Localized::both(format!("Outage {number}"), format!("Toriad {number}"));
        publish(&db, &mut incident(&db, number), over).await;
    }
    let before = page_of(&db, &db.store, folder.path());
    let stop = CancellationToken::new();
    let following = TaskTracker::new().spawn(before.clone().follow(stop.clone()));
    until("the first edition is there", async || before.is_ready()).await;
    let pages = usize::try_from(3 * PAST).unwrap();
    let patience = std::time::Duration::from_secs(120);
    until_within(patience, "all old pages are made", async || before.edition().size() >= pages).await;
    let seen = oldest(&before, out.path());
    assert!(seen.contains("Outage 1"));

    // One more publication leaves what is old as it is.
    let packs = || std::fs::read_dir(folder.path().join("archive")).map_or(0, Iterator::count);
    let (before_it, version) = (packs(), db.store.published().version().await.unwrap());
    publish(&db, &mut incident(&db, PAST + 1), content(Phase::Investigating)).await;
    before.shows(version + 1).await;
    assert!(before_it > 0 && packs() == before_it);

    stop.cancel();
    following.await.unwrap();
    std::fs::remove_file(db.folder.path().join("test.db")).unwrap();
    let after = page_of(&db, &db.other_process(), folder.path());
    assert!(after.load_from_disk());
    assert_eq!((after.edition().id(), after.edition().size()), (before.edition().id(), before.edition().size()));
    assert_eq!(oldest(&after, tempfile::tempdir().unwrap().path()), seen);
}
