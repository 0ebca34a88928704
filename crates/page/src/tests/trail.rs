//! A page that follows another: it serves the same bytes, believes nothing that is not sealed for its own question, and
//! outlives its leader.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use chrono::Duration;
use domain::Secret;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::archive::{OLD, archived, put_away, remembering};
use super::fixture::{at, edition, follower, leader, model, now, text};
use crate::model::Model;
use crate::model::now::Now;
use crate::trail::Trail;
use crate::wire::{self, NAMED, PACKS, Reply, SEAL, WAIT, Wire, WireError};
use crate::{FollowSettings, Page};

const SECRET: &str = "a secret that two hosts share";
const HOME: &str = "/en/";

/// What happens to an answer on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Whole,
    Silent,
    /// One bit is another one.
    Changed,
    /// It is the answer to the first question, again.
    Replayed,
    /// It claims to be of another edition.
    Renamed,
    /// Its seal is missing.
    Bare,
    /// It says that nothing is new.
    Hidden,
    /// The leader has no pack of that name any more.
    WithoutPacks,
}

/// The way to a leader in this process.
#[derive(Clone)]
struct Direct {
    leader: Arc<Mutex<Page>>,
    way: Arc<Mutex<Way>>,
    first: Arc<Mutex<Option<(StatusCode, HeaderMap, Bytes)>>>,
    /// Whether the bodies of packs never end.
    stalls: Arc<AtomicBool>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Option<Bytes>,
    stalls: bool,
}

#[async_trait]
impl Reply for Answer {
    fn status(&self) -> StatusCode {
        self.status
    }

    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, WireError> {
        if self.stalls && self.body.is_none() {
            std::future::pending::<()>().await;
        }
        Ok(self.body.take())
    }
}

#[async_trait]
impl Wire for Direct {
    async fn get(&self, path: &str, mut headers: HeaderMap) -> Result<Box<dyn Reply>, WireError> {
        // Nobody waits in a test.
        headers.remove(WAIT);
        let (router, way) = (self.leader.lock().unwrap().router(), *self.way.lock().unwrap());
        if way == Way::Silent {
            return Err(WireError("no connection".to_owned()));
        }
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        *request.headers_mut() = headers;
        let response = router.oneshot(request).await.unwrap();
        let (status, mut headers) = (response.status(), response.headers().clone());
        let mut body = response.into_body().collect().await.unwrap().to_bytes();
        let first = self.first.lock().unwrap().get_or_insert((status, headers.clone(), body.clone())).clone();
        match way {
            Way::WithoutPacks if path.starts_with(PACKS) => {
                let status = StatusCode::NOT_FOUND;
                return Ok(Box::new(Answer { status, headers, body: None, stalls: false }));
            }
            Way::Whole | Way::Silent | Way::WithoutPacks => {}
            Way::Changed => {
                let mut bytes = body.to_vec();
                let middle = bytes.len() / 2;
                bytes.get_mut(middle).into_iter().for_each(|byte| *byte ^= 1);
                body = bytes.into();
            }
            Way::Replayed => {
                let (status, headers, body) = first;
                return Ok(Box::new(Answer { status, headers, body: Some(body), stalls: false }));
            }
            Way::Renamed => _ = headers.insert(NAMED, "99-0000000000000000".parse().unwrap()),
            Way::Bare => _ = headers.remove(SEAL),
            Way::Hidden => {
                let status = StatusCode::NOT_MODIFIED;
                return Ok(Box::new(Answer { status, headers, body: None, stalls: false }));
            }
        }
        let stalls = path.starts_with(PACKS) && self.stalls.load(Ordering::Relaxed);
        Ok(Box::new(Answer { status, headers, body: Some(body), stalls }))
    }
}

/// A follower and the way to its leader.
struct Scene {
    trail: Trail,
    page: Page,
    wire: Direct,
}

impl Scene {
    fn of(leader: Page, folder: &Path) -> Self {
        let wire = Direct {
            leader: Arc::new(Mutex::new(leader)),
            way: Arc::new(Mutex::new(Way::Whole)),
            first: Arc::default(),
            stalls: Arc::default(),
        };
        let page = follower(folder, FollowSettings::default());
        page.load_from_disk();
        Self { trail: Trail::new(page.clone(), Arc::new(wire.clone()), Secret::new(SECRET)), page, wire }
    }

    fn go(&self, way: Way) {
        *self.wire.way.lock().unwrap() = way;
    }

    fn leads(&self, leader: Page) {
        *self.wire.leader.lock().unwrap() = leader;
    }
}

/// A leader that shows this.
fn showing(folder: &Path, model: Model) -> Page {
    let page = leader(folder, SECRET);
    let now = now(model);
    let made = edition(&page, &now, &page.edition());
    page.shared.show(made);
    page.confirm_ms(now.at.timestamp_millis());
    page.shared.model.store(Some(now.model));
    page
}

/// The afternoon after another publication, whose number this is.
fn later(version: i64) -> Model {
    let mut model = model();
    model.version = version;
    model
}

async fn get(page: &Page, path: &str) -> (StatusCode, HeaderMap, String) {
    let (status, headers, body) = answer(page, path, "identity").await;
    (status, headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn answer(page: &Page, path: &str, encoding: &str) -> (StatusCode, HeaderMap, Bytes) {
    let request = Request::get(path).header("accept-encoding", encoding).body(Body::empty()).unwrap();
    let response = page.router().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, response.into_body().collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn a_follower_serves_what_its_leader_serves_and_keeps_it() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (leader, _) = archived(leader(there.path(), SECRET));
    let mut scene = Scene::of(leader.clone(), here.path());
    assert_eq!(get(&scene.page, HOME).await.0, StatusCode::SERVICE_UNAVAILABLE, "nothing was ever heard");
    scene.trail.look().await;
    assert_eq!(scene.page.edition().id(), leader.edition().id());
    for (path, document) in leader.edition().documents() {
        let edition = scene.page.edition();
        let copied = edition.document(path).unwrap();
        assert_eq!(document.bytes(), copied.bytes(), "{path}");
        assert_eq!(document.smallest(), copied.smallest(), "{path}");
        assert_eq!(document.identity.headers, copied.identity.headers, "{path}");
    }
    let (one, other) = (get(&leader, OLD).await, get(&scene.page, OLD).await);
    assert_eq!((one.0, &one.2), (StatusCode::OK, &other.2), "also what is old");

    scene.go(Way::Silent);
    let again = Scene::of(leader.clone(), here.path());
    assert_eq!(again.page.edition().id(), leader.edition().id(), "from disk, without the leader");
    assert_eq!(get(&again.page, OLD).await.2, one.2);
    // Another question is answered with the news that nothing is new.
    scene.go(Way::Whole);
    scene.trail.look().await;
    assert_eq!(scene.page.edition().id(), leader.edition().id());
}

#[tokio::test]
async fn what_is_not_sealed_for_this_very_question_is_refused_and_the_last_edition_stays() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut scene = Scene::of(showing(there.path(), later(7)), here.path());
    scene.trail.look().await;
    let held = scene.page.edition().id().to_owned();
    let mut model = later(8);
    model.confirmed_at = at("15:51");
    scene.leads(showing(there.path(), model));
    for way in [Way::Changed, Way::Replayed, Way::Renamed, Way::Bare, Way::Hidden, Way::Silent] {
        scene.go(way);
        scene.trail.look().await;
        assert_eq!(scene.page.edition().id(), held, "{way:?}");
    }
    scene.go(Way::Whole);
    scene.trail.look().await;
    assert_eq!(scene.page.edition().published_version(), 8);
}

#[tokio::test]
async fn an_edition_that_is_older_is_not_taken_even_from_the_leader_itself() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut scene = Scene::of(showing(there.path(), later(8)), here.path());
    scene.trail.look().await;
    scene.leads(showing(there.path(), later(7)));
    scene.trail.look().await;
    assert_eq!(scene.page.edition().published_version(), 8);
    let mut again = Scene::of(showing(there.path(), later(7)), here.path());
    again.trail.look().await;
    assert_eq!(again.page.edition().published_version(), 8, "nor after a restart");
}

#[tokio::test]
async fn a_pack_that_is_not_what_its_name_says_is_refused() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (leader, _) = archived(leader(there.path(), SECRET));
    let name = leader.edition().archive().pack_names().next().unwrap().to_owned();
    let file = there.path().join("archive").join(&name);
    let whole = std::fs::read(&file).unwrap();
    let mut changed = whole.clone();
    let index = changed.len() - 200;
    changed[index] ^= 1;
    // The leader reads what it has open, which is this very file.
    std::fs::write(&file, &changed).unwrap();
    let mut scene = Scene::of(leader, here.path());
    scene.trail.look().await;
    assert_eq!(get(&scene.page, HOME).await.0, StatusCode::OK, "what is new is there");
    let (status, headers, _) = get(&scene.page, OLD).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "and what is old is on its way");
    assert!(headers.contains_key("retry-after") && !here.path().join("archive").join(&name).exists());
    std::fs::write(&file, &whole).unwrap();
    scene.trail.look().await;
    assert_eq!(get(&scene.page, OLD).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_damaged_old_page_is_fetched_again() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (leader, _) = archived(leader(there.path(), SECRET));
    let name = leader.edition().archive().pack_names().next().unwrap().to_owned();
    let mut scene = Scene::of(leader, here.path());
    scene.trail.look().await;
    let file = here.path().join("archive").join(&name);
    let mut bytes = std::fs::read(&file).unwrap();
    let packed = answer(&scene.page, OLD, "gzip").await.2;
    let place = bytes.windows(packed.len()).position(|window| window == packed).unwrap();
    bytes[place + packed.len() / 2] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let mut scene = Scene::of(scene.wire.leader.lock().unwrap().clone(), here.path());
    assert_eq!(get(&scene.page, OLD).await.0, StatusCode::SERVICE_UNAVAILABLE);
    scene.trail.look().await;
    assert_eq!(get(&scene.page, OLD).await.0, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn news_come_while_a_pack_is_on_its_way() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (leader, now) = archived(leader(there.path(), SECRET));
    let mut scene = Scene::of(leader.clone(), here.path());
    scene.wire.stalls.store(true, Ordering::Relaxed);
    scene.trail.look().await;
    assert_eq!(get(&scene.page, OLD).await.0, StatusCode::SERVICE_UNAVAILABLE, "what is old is on its way");
    let mut model = Model::clone(&now.model);
    model.version += 1;
    let news = Now { model: Arc::new(model), ..now };
    leader.shared.show(edition(&leader, &news, &leader.edition()));
    scene.trail.look().await;
    assert_eq!(scene.page.edition().published_version(), news.model.version);
    assert_eq!(get(&scene.page, OLD).await.0, StatusCode::SERVICE_UNAVAILABLE);

    let again = Scene::of(leader.clone(), here.path());
    assert_eq!(get(&again.page, OLD).await.0, StatusCode::SERVICE_UNAVAILABLE, "a restart knows what is to come");
    drop(scene);
    let mut again = Scene::of(leader, here.path());
    again.trail.look().await;
    assert_eq!(get(&again.page, OLD).await.0, StatusCode::OK, "and fetches it");
}

#[tokio::test]
async fn a_pack_that_the_leader_has_no_more_is_not_asked_for_again() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (leader, now) = remembering(leader(there.path(), SECRET));
    let before = leader.edition();
    put_away(&leader, &now);
    let mut scene = Scene::of(leader.clone(), here.path());
    scene.go(Way::WithoutPacks);
    scene.trail.look().await;
    assert_eq!(get(&scene.page, OLD).await.0, StatusCode::SERVICE_UNAVAILABLE);
    // The same edition, whose old pages lie elsewhere now.
    leader.shared.edition.store(before);
    scene.go(Way::Whole);
    scene.trail.look().await;
    assert_eq!(get(&scene.page, OLD).await.0, StatusCode::OK);
}

#[tokio::test]
async fn when_the_leader_is_silent_readers_are_told_since_when() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut scene = Scene::of(showing(there.path(), later(7)), here.path());
    scene.trail.look().await;
    let (env, doubt) = (scene.page.shared.env.clone(), "We have not been able to make sure of this information since");
    scene.go(Way::Silent);
    env.advance(Duration::seconds(30));
    scene.trail.look().await;
    assert!(!text(&scene.page.edition(), HOME).contains(doubt), "half a minute is nothing yet");
    env.advance(Duration::seconds(31));
    scene.trail.look().await;
    let home = text(&scene.page.edition(), HOME);
    assert!(home.contains(doubt) && home.contains("3:52pm"), "{home}");
    assert!(scene.page.is_ready());
    scene.go(Way::Whole);
    scene.trail.look().await;
    assert!(!text(&scene.page.edition(), HOME).contains(doubt));
}

#[tokio::test]
async fn strangers_are_told_nothing() {
    let (there, plain) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let leader = showing(there.path(), later(7));
    assert_eq!(get(&leader, wire::EDITION).await.0, StatusCode::NOT_FOUND);
    let other = super::fixture::page_with(plain.path(), model());
    for (page, secret) in [(&leader, "another secret that is long"), (&other, SECRET)] {
        let pass = format!("Bearer {}", wire::pass(&Secret::new(secret)));
        let request = Request::get(wire::EDITION).header("authorization", pass).body(Body::empty()).unwrap();
        assert_eq!(page.router().oneshot(request).await.unwrap().status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn forms_are_where_the_database_is() {
    let folder = tempfile::tempdir().unwrap();
    let page = follower(folder.path(), FollowSettings::default());
    let (status, _, body) = get(&page, "/en/alerts").await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && body.contains("text STOP"), "{body}");
    let (status, _, body) = get(&page, "/cy/hysbysiadau/rheoli/token").await;
    assert!(status == StatusCode::SERVICE_UNAVAILABLE && body.contains("tecstiwch STOPIO"), "{body}");

    let forms = Some("https://status.example".to_owned());
    let page = follower(folder.path(), FollowSettings { forms_url: forms, ..FollowSettings::default() });
    let (status, headers, _) = get(&page, "/en/alerts/manage/token?x=1").await;
    assert_eq!(status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(headers["location"], "https://status.example/en/alerts/manage/token?x=1");
    assert!(headers["cache-control"].to_str().unwrap().contains("no-store"));
}
