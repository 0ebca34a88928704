//! What staff are told is read at an unlisted address with a key, with or without the database, and nowhere else.

use std::os::unix::fs::PermissionsExt;

use authoring::{AddressChange, Caller};
use domain::staff::Role;
use domain::{Language, StaffKey};
use hysbys::wiring::{Parts, Roles};
use scenarios::databases::Database;
use scenarios::installation::{Installation, free_address};
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::reader::Reader;

/// Stand in the words for staff and nowhere else.
const WORKS: &str = "Telephones and paper: zzworks";
const AROUND: &str = "Use the green forms: zzaround";
const LINE: &str = "Please bring your letter: zzline";

fn told() -> Update {
    let both = |text: &str| json!({"en": text, "cy": format!("Cymraeg. {text}")});
    Update::first()
        .with("staff_works", both(WORKS))
        .with("staff_workaround", both(AROUND))
        .with("staff_line", both(LINE))
}

/// The paths of the address, English first.
async fn paths(app: &Installation<'_>, admin: &Caller, change: AddressChange) -> Vec<String> {
    let version = app.store().published().version().await.unwrap();
    app.parts.page.shows(version).await;
    let addresses = app.parts.authoring.change_staff_address(admin, change).await.unwrap();
    let mut paths: Vec<(Language, String)> = addresses
        .into_iter()
        .map(|(language, address)| {
            let (_, path) = address.split_once("://").unwrap().1.split_once('/').unwrap();
            (language, format!("/{path}"))
        })
        .collect();
    paths.sort_by_key(|(language, _)| *language != Language::En);
    paths.into_iter().map(|(_, path)| path).collect()
}

on_both! {
    async fn staff_read_what_works_and_what_to_say(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        let admin = app.staff("gwen", Role::Admin).await;
        let publication = app.publish(&told()).await;
        let number = app.store().incident(publication.incident).await.unwrap().unwrap().number;
        assert!(reader.open("/en/staff/0000-0000-0000-0000-0000").await.status.as_u16() == 404, "no address yet");
        let [english, welsh] = paths(&app, &admin, AddressChange::NewKey).await.try_into().unwrap();
        assert!(welsh.starts_with("/cy/staff/"), "{welsh}");

        until("it is there", async || reader.open(&english).await.body.contains(WORKS)).await;
        let page = reader.open(&english).await;
        assert_eq!(page.status, 200);
        for (name, value) in [
            ("cache-control", "private, no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-robots-tag", "noindex, nofollow"),
        ] {
            assert_eq!(page.headers[name], value, "{name}");
        }
        assert!(!page.headers.contains_key("etag"));
        for words in [WORKS, AROUND, LINE, "Cymraeg. Please bring your letter", "For GPs and health staff"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(page.body.contains(&format!("href=\"{welsh}\"")), "it has its twin");
        let page = reader.open(&welsh).await;
        assert!(page.body.contains("Cymraeg. Use the green forms") && page.body.contains("I feddygon teulu"));
        // However it was typed from the card.
        let shouted = english.replace("/en/staff/", "").to_uppercase().replace('-', "");
        assert_eq!(reader.open(&format!("/en/staff/{shouted}")).await.status, 200);

        let notice = reader.open(&format!("{english}/notice/{number}")).await;
        assert_eq!(notice.status, 200);
        for words in ["What you should do", "Beth dylech chi ei wneud", "lang=\"cy\"", "lang=\"en\""] {
            assert!(notice.body.contains(words), "{words}");
        }
        // The key in its links may hold any letters, so that the whole marks are looked for.
        let of_staff = ["zzworks", "zzaround", "zzline"].into_iter().find(|mark| notice.body.contains(mark));
        assert_eq!(of_staff, None, "a notice for a public door has no word for staff");
        for nowhere in [format!("{english}/notice/999"), format!("{english}/notice/x"), format!("{english}x")] {
            let answer = reader.open(&nowhere).await;
            assert_eq!(answer.status, 404);
            assert!(answer.headers["cache-control"].to_str().unwrap().contains("no-store"));
            assert_eq!(answer.headers["referrer-policy"], "no-referrer");
        }
    }
}

on_both! {
    async fn a_changed_key_stops_the_old_address_at_once(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        let admin = app.staff("gwen", Role::Admin).await;
        app.publish(&told()).await;
        let first = paths(&app, &admin, AddressChange::NewKey).await;
        assert_eq!(reader.open(&first[0]).await.status, 200);
        let second = paths(&app, &admin, AddressChange::NewKey).await;
        assert_eq!(reader.open(&first[0]).await.status, 404, "not one answer more");
        assert_eq!(reader.open(&second[0]).await.status, 200);
        assert!(paths(&app, &admin, AddressChange::Close).await.is_empty());
        assert_eq!(reader.open(&second[0]).await.status, 404);

        let author = app.staff("mari", Role::Author).await;
        assert!(app.parts.authoring.change_staff_address(&author, AddressChange::NewKey).await.is_err());
        let record = app.store().audit(0, 1_000).await.unwrap();
        let changes = record.iter().filter(|line| line.subject == "staff-address").count();
        assert_eq!(changes, 3, "each change is on record");
        let record = format!("{record:?}");
        for path in first.iter().chain(&second) {
            assert!(!record.contains(path.rsplit('/').next().unwrap()), "and no key");
        }
    }
}

on_both! {
    async fn words_for_staff_go_on_until_the_incident_is_over(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        let admin = app.staff("gwen", Role::Admin).await;
        let publication = app.publish(&told()).await;
        let path = paths(&app, &admin, AddressChange::NewKey).await.remove(0);
        let fields = ["staff_works", "staff_workaround", "staff_line"];
        let next = fields.into_iter().fold(Update::next(), Update::without);
        app.publish_next(publication.incident, &next).await;
        until("it is there", async || reader.open(&path).await.body.contains("We have found the problem")).await;
        let page = reader.open(&path).await.body;
        assert!(page.contains(AROUND) && page.contains(LINE), "nobody had to type it again: {page}");
        let words = json!({"en": "Type up the green forms.", "cy": "Teipiwch y ffurflenni gwyrdd."});
        app.publish_next(publication.incident, &next.clone().with("staff_workaround", words)).await;
        until("it is there", async || reader.open(&path).await.body.contains("Type up the green forms.")).await;
        let page = reader.open(&path).await.body;
        assert!(!page.contains(AROUND) && page.contains(LINE), "{page}");
        let over = next.without("next_update_by").phase("recovering");
        app.publish_next(publication.incident, &over.clone()).await;
        app.publish_next(publication.incident, &over.phase("resolved").with("next_update_by", json!(null))).await;
        let lately = app.parts.env.now() - chrono::Duration::hours(1);
        let board = app.store().briefings().board(lately).await.unwrap();
        assert!(board.briefings[0].words.is_empty(), "there is nothing left to work around: {board:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_staff_view_survives_a_restart_without_the_database() {
    let db = Database::sqlite().await;
    let app = Installation::with(&db).without_notifier().start().await;
    let admin = app.staff("gwen", Role::Admin).await;
    app.publish(&told()).await;
    let path = paths(&app, &admin, AddressChange::NewKey).await.remove(0);
    assert_eq!(Reader::of(&app).open(&path).await.status, 200);
    let mut config = app.other_process();
    app.stop().await;

    let file = config.page.data_dir.join("staff.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let kept = std::fs::read_to_string(&file).unwrap();
    let key = StaffKey::typed(path.rsplit('/').next().unwrap()).unwrap();
    assert!(kept.contains("zzaround") && !kept.contains(key.reveal()), "the words are kept, the key is not");

    // Nobody follows the database here, so nothing but the files can be what is read.
    std::fs::remove_file(db.folder.path().join("test.db")).unwrap();
    config.page.listen = free_address();
    let listener = edge::bind(config.page.listen).await.unwrap();
    let parts = Parts::join(config.clone(), db.env.clone(), Roles::PAGE, None).unwrap();
    assert!(parts.page.load_from_disk());
    let stop = CancellationToken::new();
    let serving = edge::serve(listener, parts.page.served(), stop.clone(), edge::Limits::default());
    let serving = TaskTracker::new().spawn(serving);
    let body = Reader::at(config.page.listen).open(&path).await.body;
    assert!(body.contains(AROUND) && body.contains("We have not been able to make sure"), "{body}");
    stop.cancel();
    serving.await.unwrap();
}
