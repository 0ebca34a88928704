//! Old pages live in packs on disk: they are answered like all others, outlive database and restart, and what is
//! damaged is noticed and made again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use chrono::Duration;
use domain::{Localized, Phase};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::fixture::{at, content, keep, now, page};
use crate::Page;
use crate::edition::Edition;
use crate::edition::archive::filing::{Filed, Filing};
use crate::model::now::Now;
use crate::model::{Model, Story};

/// More than are kept in full, and enough to be worth a pack.
const INCIDENTS: i64 = 160;

/// The path of an incident that is old.
pub(super) const OLD: &str = "/en/incidents/2018-01-24-problem-3";

fn resolved(number: i64) -> Story {
    let title = Localized::both(format!("Problem {number}"), format!("Problem {number} yng Nghymru"));
    let from = at("12:00") - Duration::days(INCIDENTS + 10 - number);
    super::fixture::story(number, "nhs-wales", from, vec![content(title, Phase::Resolved, "nhs-wales")])
}

/// A long past, of which the model holds the newest in full.
fn past() -> (Model, Vec<Story>) {
    let mut model = super::fixture::model();
    (1..=INCIDENTS).map(|number| number + 10).for_each(|number| model.put(resolved(number)));
    (3..=4).for_each(|number| model.put(resolved(number)));
    model.forget_old();
    let old = model.entries.iter().filter(|entry| !model.stories.contains_key(&entry.id));
    let old = old.map(|entry| resolved(entry.number)).collect();
    (model, old)
}

/// A page that shows the past, all of it in memory.
pub(super) fn remembering(page: Page) -> (Page, Now) {
    let (model, old) = past();
    let now = now(model);
    show(&page, page.shared.press.print(&now, &page.edition(), &old).unwrap(), &now);
    (page, now)
}

/// The same after everything old was put away.
pub(super) fn archived(page: Page) -> (Page, Now) {
    let (page, now) = remembering(page);
    put_away(&page, &now);
    (page, now)
}

fn show(page: &Page, edition: Edition, now: &Now) {
    page.shared.edition.store(Arc::new(edition));
    page.shared.model.store(Some(Arc::clone(&now.model)));
}

/// Puts away what is due, and keeps the edition.
pub(super) fn put_away(page: &Page, now: &Now) {
    let filing = Filing::due(&page.edition(), true).expect("enough is old");
    let filed = filing.write(page.shared.shelf.archive(), &now.model, &|| {}).unwrap();
    show(page, page.edition().filed(filed), now);
    keep(page, &now.model);
}

/// Makes again what the edition lacks, as the follower does beside everything else.
fn catch_up(page: &Page, now: &Now) -> usize {
    let edition = page.edition();
    let lacking = page.shared.press.lacking(now, &edition, true);
    let stories: Vec<Story> = lacking.iter().map(|id| resolved(id / 1000)).collect();
    let made = page.shared.press.remake((now, &edition), &stories, &CancellationToken::new()).unwrap();
    let filed = Filing::of(made).write(page.shared.shelf.archive(), &now.model, &|| {}).unwrap();
    let filed = Filed { basis: Some(edition.basis()), remade: lacking.iter().copied().collect(), ..filed };
    show(page, edition.filed(filed), now);
    keep(page, &now.model);
    lacking.len()
}

async fn ask(page: &Page, method: Method, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = page.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

async fn get(page: &Page, path: &str) -> (StatusCode, Vec<u8>) {
    let (status, _, body) = ask(page, Method::GET, path, &[]).await;
    (status, body)
}

/// Another file under the same name: who has the first one open keeps it.
fn replace(file: &Path, bytes: &[u8]) {
    std::fs::remove_file(file).unwrap();
    std::fs::write(file, bytes).unwrap();
}

/// The packs of a folder with their bytes.
fn packs(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(folder.join("archive")).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[tokio::test]
async fn an_old_page_is_answered_like_one_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (page, now) = remembering(page(folder.path()));
    let paths =
        [OLD, "/cy/digwyddiadau/2018-01-24-problem-3-yng-nghymru", "/cap/3-1.xml", "/en/history/2017-09", "/i/3"];
    let mut before = Vec::new();
    for path in paths {
        for coding in ["br", "gzip", "identity", "br;q=0, gzip;q=0.5"] {
            before.push((path, coding, ask(&page, Method::GET, path, &[("accept-encoding", coding)]).await));
        }
    }
    let id = page.edition().id().to_owned();
    put_away(&page, &now);
    assert_eq!(page.edition().id(), id, "where a document is does not change the edition");
    for (path, coding, before) in before {
        assert!(path.starts_with("/i/") || page.edition().document(path).is_none(), "{path} is not in memory");
        let after = ask(&page, Method::GET, path, &[("accept-encoding", coding)]).await;
        assert!(before == after, "{path} as {coding}: {:?} and {:?}", before.1, after.1);
        let head = ask(&page, Method::HEAD, path, &[("accept-encoding", coding)]).await;
        assert_eq!((head.0, head.1.get("etag"), head.2.len()), (after.0, after.1.get("etag"), 0));
        if let Some(tag) = after.1.get("etag") {
            assert_eq!(head.1["content-length"], after.2.len().to_string().as_str());
            let known = [("accept-encoding", coding), ("if-none-match", tag.to_str().unwrap())];
            let (status, headers, body) = ask(&page, Method::GET, path, &known).await;
            assert_eq!((status, headers.get("etag"), body.len()), (StatusCode::NOT_MODIFIED, Some(tag), 0));
        }
    }
    for (path, target) in
        [("/en/incidents/2018-01-24-PROBLEM-3/", OLD), ("/en//history/2017-09", "/en/history/2017-09")]
    {
        let (status, headers, _) = ask(&page, Method::GET, path, &[]).await;
        assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::MOVED_PERMANENTLY, target));
    }
}

#[tokio::test]
async fn old_pages_are_there_after_a_restart_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let (before, _) = archived(page(folder.path()));
    let after = page(folder.path());
    assert!(after.load_from_disk());
    assert_eq!((after.edition().id(), after.edition().size()), (before.edition().id(), before.edition().size()));
    assert_eq!(get(&after, OLD).await, get(&before, OLD).await);
    assert_eq!(get(&after, "/d/3").await.0, StatusCode::FOUND);
    assert_eq!(after.shared.model.load_full().unwrap().entries, before.shared.model.load_full().unwrap().entries);
    let (now, edition) = (now(past().0), after.edition());
    assert!(after.shared.press.lacking(&now, &edition, true).is_empty(), "nothing has to be made again");
    let next = after.shared.press.print(&now, &edition, &[]).unwrap();
    assert!(Arc::ptr_eq(next.archive(), edition.archive()) && next.id() == edition.id());
}

#[tokio::test]
async fn a_publication_leaves_the_packs_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (page, now_before) = archived(page(folder.path()));
    let (files, size) = (packs(folder.path()), std::fs::metadata(folder.path().join("edition.hysbys")).unwrap().len());
    let archived: u64 = files.values().map(|bytes| bytes.len() as u64).sum();
    assert!(!files.is_empty() && archived > 0 && size > 0);
    let mut model = Model::clone(&now_before.model);
    model.put(super::fixture::story(
        999,
        "nhs-wales",
        at("15:45"),
        vec![content(Localized::both("Something new", "Rhywbeth newydd"), Phase::Investigating, "nhs-wales")],
    ));
    let now = now(model);
    let previous = page.edition();
    show(&page, page.shared.press.print(&now, &previous, &[]).unwrap(), &now);
    keep(&page, &now.model);
    assert_eq!(packs(folder.path()), files);
    assert!(Arc::ptr_eq(previous.archive(), page.edition().archive()) && previous.id() != page.edition().id());
    assert_eq!(get(&page, "/en/incidents/2018-01-24-something-new").await.0, StatusCode::OK);
    assert_eq!(get(&page, OLD).await.0, StatusCode::OK);
}

#[tokio::test]
async fn packs_that_waste_space_are_put_in_order_when_nobody_publishes() {
    let folder = tempfile::tempdir().unwrap();
    let (page, _) = archived(page(folder.path()));
    let edition = page.edition();
    assert!(Filing::due(&edition, true).is_none());
    let paths: Vec<_> = edition.archive().iter().map(|(path, _)| Arc::clone(path)).collect();
    let wasteful = edition.without(paths[1..].to_vec());
    assert!(Filing::due(&wasteful, false).is_none());
    assert!(Filing::due(&wasteful, true).is_some());
}

#[tokio::test]
async fn a_torn_pack_is_noticed_and_its_pages_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let (before, now) = archived(page(folder.path()));
    let whole = get(&before, OLD).await;
    let (file, bytes) = packs(folder.path()).into_iter().next().unwrap();
    let mut changed = bytes.clone();
    *changed.iter_mut().rev().nth(100).unwrap() ^= 1;
    for torn in [&bytes[..bytes.len() - 1], &bytes[..40], b"", &changed] {
        replace(&file, torn);
        let after = page(folder.path());
        assert!(after.load_from_disk(), "the rest is there");
        assert_eq!(get(&after, "/en/").await.0, StatusCode::OK);
        assert_eq!(get(&after, OLD).await.0, StatusCode::SERVICE_UNAVAILABLE, "it is not gone, only not here");
        assert!(!after.is_whole(), "copies elsewhere keep what this one lost");
    }
    let after = page(folder.path());
    assert!(after.load_from_disk());
    show(&after, after.shared.press.print(&now, &after.edition(), &[]).unwrap(), &now);
    assert_eq!(catch_up(&after, &now), now.model.entries.iter().count() - now.model.stories.len());
    assert!(get(&after, OLD).await == whole && after.edition().id() == before.edition().id());
    assert!(page(folder.path()).load_from_disk());
    std::fs::remove_dir_all(folder.path().join("archive")).unwrap();
    keep(&before, &now.model);
    assert_eq!(packs(folder.path())[&file], bytes, "who has it open puts it back");
}

#[tokio::test]
async fn a_damaged_page_is_not_shown_and_the_others_are() {
    let folder = tempfile::tempdir().unwrap();
    let (page, now) = archived(page(folder.path()));
    let (whole, other) = (get(&page, OLD).await, "/en/incidents/2018-01-24-problem-4");
    let after = super::fixture::page(folder.path());
    let (file, mut bytes) = packs(folder.path()).into_iter().next().unwrap();
    let encoded = ask(&page, Method::GET, OLD, &[("accept-encoding", "br")]).await.2;
    let place = bytes.windows(encoded.len()).position(|window| window == encoded).unwrap();
    bytes[place + encoded.len() / 2] ^= 1;
    replace(&file, &bytes);
    assert!(after.load_from_disk());
    let (status, headers, _) = ask(&after, Method::GET, OLD, &[("accept-encoding", "br")]).await;
    assert_eq!((status, headers.contains_key("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, true));
    assert_eq!(get(&after, other).await.0, StatusCode::OK);
    let damaged = after.shared.recall.take_damaged();
    assert_eq!(damaged, [OLD.into()]);
    show(&after, after.shared.press.print(&now, &after.edition().without(damaged), &[]).unwrap(), &now);
    assert_eq!(catch_up(&after, &now), 1);
    assert!(get(&after, OLD).await == whole && after.edition().id() == page.edition().id());
}

#[tokio::test]
async fn new_templates_make_old_pages_again_and_the_old_ones_stay_until_then() {
    let folder = tempfile::tempdir().unwrap();
    let (before, _) = archived(page(folder.path()));
    let (_, old) = get(&before, OLD).await;
    let mut site = super::fixture::site();
    site.notice = Some(Localized::both("Exercise", "Ymarfer"));
    let after = super::fixture::page_of(folder.path(), site);
    assert!(after.load_from_disk());
    let (now, edition) = (now(past().0), after.edition());
    show(&after, after.shared.press.print(&now, &edition, &[]).unwrap(), &now);
    assert!(String::from_utf8(get(&after, "/en/").await.1).unwrap().contains("Exercise"), "the present goes first");
    assert_eq!(get(&after, OLD).await.1, old);
    assert_eq!(catch_up(&after, &now), now.model.entries.iter().count() - now.model.stories.len());
    let made = String::from_utf8(get(&after, OLD).await.1).unwrap();
    assert!(made.contains("Exercise") && made.contains("Problem 3"));
    assert!(after.shared.press.lacking(&now, &after.edition(), true).is_empty());
    // The first pack is mostly waste now: what is left of it moves, and it goes.
    let named = packs(folder.path()).len();
    put_away(&after, &now);
    assert!(packs(folder.path()).len() <= named);
    assert!(String::from_utf8(get(&after, OLD).await.1).unwrap().contains("Exercise"));
    assert_eq!(get(&after, "/cap/3-1.xml").await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_is_public_no_more_leaves_the_archive_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (page, now_before) = archived(page(folder.path()));
    let mut model = Model::clone(&now_before.model);
    model.remove(3_000);
    let now = now(model);
    show(&page, page.shared.press.print(&now, &page.edition(), &[]).unwrap(), &now);
    keep(&page, &now.model);
    let after = super::fixture::page(folder.path());
    assert!(after.load_from_disk());
    for page in [&page, &after] {
        for path in [OLD, "/i/3", "/cap/3-1.xml"] {
            assert_eq!(get(page, path).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(get(page, "/en/incidents/2018-01-24-problem-4").await.0, StatusCode::OK);
    }
    assert_eq!(page.edition().id(), after.edition().id());
}

/// The wiring runs it as a task.
#[test]
fn the_follower_can_run_on_any_thread() {
    fn is_send<T: Send>(_: impl FnOnce(Page, CancellationToken) -> T) {}
    is_send(Page::follow);
}
