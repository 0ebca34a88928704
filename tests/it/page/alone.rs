//! In an emergency an update goes out in one language. The pages of both say so, until the other one is there.

use authoring::OpenIncident;
use domain::site::PathWords;
use domain::staff::Role;
use domain::{IncidentKind, Language};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::json;

use super::reader::Reader;

/// Every part that people read.
const PARTS: [&str; 8] = ["title", "know", "unknown", "doing", "should", "more", "sms", "post"];

/// What the pages say, in English and in Welsh, when the language of the page is missing.
const MISSING: [(Language, &str); 2] = [
    (Language::En, "The English text of this update will follow."),
    (Language::Cy, "fersiwn Gymraeg yn cael ei pharatoi"),
];
/// And when the other one is.
const OTHER_MISSING: [(Language, &str); 2] = [
    (Language::En, "The Welsh text of this update will follow."),
    (Language::Cy, "Bydd testun Saesneg y diweddariad hwn yn dilyn."),
];

/// The first update with words in one language only.
fn only_in(language: Language) -> Update {
    let words = |part: &str| json!({ language.code(): format!("Only one language in {part}.") });
    PARTS.into_iter().fold(Update::first(), |update, part| update.with(part, words(part)))
}

/// Huw, alone at night, breaks the glass; the incident.
async fn break_the_glass(app: &Installation<'_>, update: &Update) -> i64 {
    let huw = app.staff("huw", Role::Approver).await;
    let kind = IncidentKind::Incident;
    let order = OpenIncident { kind, starts_at: None, ends_at: None, place: None, content: update.content() };
    let opened = app.parts.authoring.open_incident(&huw, order).await.expect("an incident");
    let published =
        app.parts.authoring.publish_alone(&huw, opened.revision.id, "Nobody else can be reached: zzwhy").await;
    published.expect("the glass is broken").incident
}

/// The pages of a language that tell of an incident: all news, the incident itself, and that for the press.
async fn pages(app: &Installation<'_>, incident: i64, language: Language) -> [String; 3] {
    let slug = app.store().incident(incident).await.unwrap().expect("the incident").slug;
    let (words, code, slug) = (PathWords::of(language), language.code(), slug.text(language).to_owned());
    [format!("/{code}/"), format!("/{code}/{}/{slug}", words.incidents), format!("/{code}/{}/{slug}", words.press)]
}

fn words_of(list: [(Language, &'static str); 2], language: Language) -> &'static str {
    list.into_iter().find(|(one, _)| *one == language).expect("both languages").1
}

/// Breaks the glass with one language, looks at the pages, and lets the update in both languages follow.
async fn goes_out_only_in(db: &Database, only: Language) {
    let app = Installation::with(db).without_notifier().start().await;
    let reader = Reader::of(&app);
    let incident = break_the_glass(&app, &only_in(only)).await;
    for language in Language::ALL {
        let (said, unsaid) = if language == only { (OTHER_MISSING, MISSING) } else { (MISSING, OTHER_MISSING) };
        for path in pages(&app, incident, language).await {
            let known = "Only one language in know.";
            until("the page tells of it", async || reader.open(&path).await.body.contains(known)).await;
            let page = reader.open(&path).await.body;
            assert!(page.contains(words_of(said, language)), "{path} says what follows: {page}");
            assert!(!page.contains(words_of(unsaid, language)), "{path} says the opposite");
            assert!(
                page.contains(&format!("lang=\"{}\"", only.tag())),
                "{path}: the words are marked as what they are"
            );
            assert!(!page.contains("zzwhy"), "{path}: the reason is for staff");
        }
    }
    app.publish_next(incident, &Update::next()).await;
    for language in Language::ALL {
        let [home, page, _] = pages(&app, incident, language).await;
        let is_silent = async |path: &str| {
            let body = reader.open(path).await.body;
            [MISSING, OTHER_MISSING].into_iter().all(|list| !body.contains(words_of(list, language)))
        };
        until("the other language is there", async || is_silent(&home).await).await;
        assert!(!is_silent(&page).await, "the record still says how it was");
    }
}

on_both! {
    async fn english_that_went_out_alone_says_so_on_the_pages_of_both(db: Database) {
        goes_out_only_in(db, Language::En).await;
    }
}

on_both! {
    async fn welsh_that_went_out_alone_says_so_on_the_pages_of_both(db: Database) {
        goes_out_only_in(db, Language::Cy).await;
    }
}
