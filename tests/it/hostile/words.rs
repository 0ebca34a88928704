//! Hostile words in every field of an author, all the way out: refused field by field, or published and inert.

use std::collections::BTreeSet;

use authoring::AddressChange;
use domain::staff::Role;
use domain::text;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::process::client;
use scenarios::waiting::until;
use serde_json::json;

use super::inert::Baseline;
use super::newsroom::{Newsroom, every_field, relations, staff_fields};

/// Every field that goes out, but for the link that ends texts and posts.
const ALL: [&str; 15] = [
    "cause",
    "cyber",
    "data",
    "doing",
    "know",
    "more",
    "post",
    "relations",
    "should",
    "sms",
    "staff_line",
    "staff_note",
    "subject",
    "title",
    "unknown",
];
/// Every field but these.
fn all_but(spared: &[&str]) -> Vec<&'static str> {
    ALL.into_iter().filter(|field| !spared.contains(field)).collect()
}

/// Name, words, and the fields that they may not stand in.
fn cases() -> Vec<(&'static str, String, Vec<&'static str>)> {
    let long = "Llanfair".repeat(1_250);
    // What is one line drops what cannot stand in a line.
    let words = || all_but(&["cause", "cyber", "data", "relations"]);
    vec![
        ("a script", "<script>alert(1)</script>".to_owned(), Vec::new()),
        ("the end of a section", "]]> </title></style><![CDATA[".to_owned(), Vec::new()),
        ("an image out of a value", "\"><img src=x onerror=alert(1)>".to_owned(), Vec::new()),
        ("an attribute out of a value", "' onmouseover='alert(1)\" onfocus=\"alert(1)".to_owned(), Vec::new()),
        ("a link that runs", "javascript:alert(1)".to_owned(), Vec::new()),
        ("Markdown", "[x](javascript:alert(1)) ![y](https://evil.example/p.png) **b**".to_owned(), Vec::new()),
        ("a template", "{{7*7}} {% for x in y %} ${7*7} { $name }".to_owned(), Vec::new()),
        ("our own placeholder", "%LEAVE-LINK% and %LEAVE-LINK%".to_owned(), Vec::new()),
        ("references", "&lt;b&gt; &amp;amp; &#60;script&#62; &bogus; &".to_owned(), Vec::new()),
        ("a turned line", "no\u{202e}evil\u{2066}s".to_owned(), Vec::new()),
        ("Welsh in pieces", "Dw\u{302}r y ty\u{302}, w\u{302}yl".to_owned(), Vec::new()),
        ("a header", "a\r\nBcc: x@evil.example\r\n\r\nNew body".to_owned(), Vec::new()),
        ("formulas and tags", "=cmd|' /C calc'!A0 <!-- --> <?php ?> \\u003cscript\\u003e".to_owned(), Vec::new()),
        ("ends of comments", "words --> more --!> words <!--> and <!-- - --> again".to_owned(), Vec::new()),
        ("a folded line", "a;b,c\\,\\n\r\n X-FOLD:1\r\n\tX-TAB:2".to_owned(), Vec::new()),
        (
            "letters that nobody sees",
            "zero\u{200b}width \u{feff}mark\u{200f} \u{e0001}\u{e0041}tag".to_owned(),
            Vec::new(),
        ),
        ("other ends of lines", "one\u{2028}two\u{2029}three".to_owned(), Vec::new()),
        ("a bell", "bell \u{7} backspace \u{8} delete \u{7f} escape \u{1b}[31m".to_owned(), words()),
        ("no letters at all", "\u{fffe}\u{ffff}".to_owned(), ALL.to_vec()),
        ("a NUL", "before\u{0}after".to_owned(), words()),
        // Notes of the authors may be long; everything that anybody else reads may not.
        ("10,000 letters", long, all_but(&["staff_note"])),
    ]
}

/// Waits until the page shows everything that is public: a publication is answered after two seconds in any case.
async fn until_shown(app: &Installation<'_>) {
    let version = app.store().published().version().await.unwrap();
    until("the page shows it", async || app.parts.page.edition().published_version() >= version).await;
}

on_both! {
    async fn hostile_words_stay_words_or_stay_out(db: Database) {
        let newsroom = Newsroom::open(db).await;
        for number in 1..=3 {
            newsroom.put_out(every_field(&format!("Harmless words, number {number}."))).await;
        }
        until_shown(&newsroom.app).await;
        let mut baseline = Baseline::of(&newsroom.app);
        for (name, words, kept_out) in cases() {
            let mut fields = every_field(&words);
            fields.insert("relations".to_owned(), relations(&words));
            let out = newsroom.put_out(fields).await;
            let refused: Vec<&str> = out.refused.keys().map(String::as_str).collect();
            assert_eq!(refused, kept_out, "{name}: {:?}", out.refused);
            until_shown(&newsroom.app).await;
            let seen = baseline.look(&newsroom.app).unwrap_or_else(|error| panic!("{name}: {error}"));
            if kept_out.is_empty() {
                let shown = text::single_line(&text::normalise(&words).unwrap()).replace('%', "");
                assert!(text::single_line(&seen).replace('%', "").contains(&shown), "{name} is shown as it was typed");
            }
        }
    }
}

/// The address of the staff view, English and Welsh.
async fn staff_addresses(app: &Installation<'_>) -> Vec<String> {
    until("the page has an edition", async || app.parts.page.is_ready()).await;
    let admin = app.staff("gwen", Role::Admin).await;
    let addresses = app.parts.authoring.change_staff_address(&admin, AddressChange::NewKey).await.unwrap();
    addresses.into_iter().map(|(_, address)| address).collect()
}

/// The staff view in both languages, as soon as it tells of this incident.
async fn staff_pages(addresses: &[String], title: &str) -> Vec<String> {
    let (client, mut pages) = (client(), Vec::new());
    for address in addresses {
        let open = async || client.get(address).send().await.unwrap().text().await.unwrap();
        until("staff read of it", async || open().await.contains(title)).await;
        pages.push(open().await);
    }
    pages
}

on_both! {
    async fn hostile_words_for_staff_stay_words_on_the_staff_view(db: Database) {
        let newsroom = Newsroom::open(db).await;
        let addresses = staff_addresses(&newsroom.app).await;
        let tell = async |title: &str, words: &str| {
            let mut fields = every_field(title);
            fields.extend(staff_fields(words));
            let out = newsroom.put_out(fields).await;
            (out, staff_pages(&addresses, title).await)
        };
        let (_, harmless) = tell("Harmless words.", "Harmless words for staff.").await;
        let mut baseline = Baseline::of_pages(&harmless);
        for (number, (name, words, kept_out)) in cases().into_iter().enumerate() {
            let (out, pages) = tell(&format!("Title of case {number} end."), &words).await;
            // A note of the authors may be long; what is read aloud or at the desk may not.
            let refused: Vec<&str> = out.refused.keys().map(String::as_str).filter(|name| *name != "staff_note").collect();
            let expected: &[&str] = if kept_out.is_empty() { &[] } else { &["staff_line", "staff_workaround", "staff_works"] };
            assert_eq!(refused, expected, "{name}: {:?}", out.refused);
            for page in pages {
                let seen = baseline.page(&page).unwrap_or_else(|error| panic!("{name}: {error}"));
                if kept_out.is_empty() {
                    let shown = text::single_line(&text::normalise(&words).unwrap()).replace('%', "");
                    let times = text::single_line(&seen).replace('%', "").matches(&shown).count();
                    assert!(times >= 3, "{name} is shown as it was typed in each of its places, not in {times}");
                }
            }
        }
    }
}

/// Tries words as the reason of a lonely publication, of a refusal and of a withdrawal; the three statuses.
async fn reasons(newsroom: &Newsroom<'_>, incident: &str, words: &str) -> [u16; 3] {
    let draft = async || {
        let draft = newsroom.post("mari", &format!("/incidents/{incident}/revisions"), &json!({})).await;
        assert_eq!(draft.status, 201, "{draft:?}");
        format!("/revisions/{}", draft.body["id"].as_str().unwrap())
    };
    let path = draft().await;
    let submitted = newsroom.post("mari", &format!("{path}/submit"), &json!({})).await;
    assert_eq!(submitted.status, 200, "{submitted:?}");
    let rejected = newsroom.post("huw", &format!("{path}/reject"), &json!({"reason": words})).await;
    // What was sent back goes out by no emergency.
    let path = draft().await;
    let alone = newsroom.post("huw", &format!("{path}/publish"), &json!({"break_glass": words})).await;
    let withdrawn = newsroom.post("mari", &format!("/incidents/{incident}/withdraw"), &json!({"reason": words})).await;
    [rejected, alone, withdrawn].map(|answer| {
        assert!(answer.status < 500, "{words:?}: {answer:?}");
        answer.status
    })
}

on_both! {
    async fn hostile_reasons_are_refused_or_kept_in_the_house(db: Database) {
        let newsroom = Newsroom::open(db).await;
        let incident = newsroom.put_out(every_field("Harmless words.")).await.incident;
        assert_eq!(reasons(&newsroom, &incident, "A harmless reason").await, [200, 200, 201]);
        until_shown(&newsroom.app).await;
        let mut baseline = Baseline::of(&newsroom.app);
        for (name, words, kept_out) in cases() {
            let statuses = reasons(&newsroom, &incident, &words).await;
            until_shown(&newsroom.app).await;
            // A reason is one line; what cannot stand in a line is dropped, so that only these two are refused.
            let is_refused = kept_out.contains(&"cause");
            assert_eq!(statuses, if is_refused { [422; 3] } else { [200, 200, 201] }, "{name}");
            let seen = baseline.look(&newsroom.app).unwrap_or_else(|error| panic!("{name}: {error}"));
            let shown = text::single_line(&words);
            assert!(!seen.contains(&shown), "{name} is for staff alone");
        }
        let app = newsroom.app;
        let names = app.store().audit(0, 10_000).await.unwrap().into_iter().map(|line| line.action);
        let kinds: BTreeSet<String> = names.collect();
        for action in ["revision.rejected", "revision.published-alone", "revision.withdrawal-added"] {
            assert!(kinds.contains(action), "{kinds:?}");
        }
    }
}
