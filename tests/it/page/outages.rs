//! The page outlives its database, and says so when that takes long.

use std::path::Path;

use chrono::Duration;
use domain::{Localized, Site};
use page::{Page, Parts, Records};
use render::{RenderSettings, Renderer};
use scenarios::databases::{Database, key};
use scenarios::waiting::until;
use store::Store;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(super) fn page_of(db: &Database, store: &Store, folder: &Path) -> Page {
    let urls = domain::Language::ALL.map(|language| (language, "https://status.example".to_owned())).into();
    let name = Localized::both("Service status", "Statws gwasanaethau");
    Page::new(Parts {
        settings: page::Settings { data_dir: folder.to_owned(), ..page::Settings::default() },
        site: Site::new(name, domain::Language::ALL.to_vec(), &urls).expect("a site"),
        renderer: Renderer::new(RenderSettings::default()).expect("templates"),
        env: db.env.clone(),
        records: Some(Records {
            published: store.published(),
            briefings: store.briefings(),
            subscriptions: store.subscriptions(),
            key: key(),
        }),
        proxies: edge::TrustedProxies::default(),
    })
    .expect("a page")
}

fn home(page: &Page) -> String {
    let edition = page.edition();
    let document = edition.document("/en/").expect("a home page");
    String::from_utf8(document.bytes().to_vec()).expect("text")
}

const DOUBT: &str = "We have not been able to make sure";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_its_database_stays_and_after_a_minute_says_so() {
    let db = Database::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let page = page_of(&db, &db.store, folder.path());
    let stop = CancellationToken::new();
    let following = TaskTracker::new().spawn(page.clone().follow(stop.clone()));
    until("the first edition is there", async || page.is_ready()).await;
    let (file, aside) = (db.folder.path().join("test.db"), db.folder.path().join("aside.db"));
    std::fs::rename(&file, &aside).unwrap();
    db.env.advance(Duration::seconds(59));
    assert!(!home(&page).contains(DOUBT));
    db.env.advance(Duration::seconds(2));
    until("readers are told", async || home(&page).contains(DOUBT)).await;
    assert!(home(&page).contains("midday, Wednesday 24 January 2018"));
    std::fs::rename(&aside, &file).unwrap();
    until("the doubt is over", async || !home(&page).contains(DOUBT)).await;
    stop.cancel();
    following.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_the_page_is_there_before_the_database() {
    let db = Database::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let before = page_of(&db, &db.store, folder.path());
    let stop = CancellationToken::new();
    let following = TaskTracker::new().spawn(before.clone().follow(stop.clone()));
    until("the first edition is there", async || before.is_ready()).await;
    stop.cancel();
    following.await.unwrap();
    std::fs::remove_file(db.folder.path().join("test.db")).unwrap();
    let after = page_of(&db, &db.other_process(), folder.path());
    assert!(after.load_from_disk());
    assert_eq!(before.edition().id(), after.edition().id());
    assert!(after.is_ready());
}
