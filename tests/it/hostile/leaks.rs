//! What is for staff alone is in no byte that the public can get.

use domain::Localized;
use domain::advice::CauseName;
use domain::service::Component;
use page::MediaClass;
use reqwest::{Client, redirect};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::waiting::until;
use serde_json::{Value, json};

use super::newsroom::{Newsroom, every_field, incident};

/// Stands in everything internal, in one form or another, and nowhere else.
const MARK: &str = "zzleak";

/// Marks what the lists hold for staff alone.
async fn mark_the_lists(app: &Installation<'_>) {
    let mut catalogue = app.store().catalogue().await.unwrap();
    for service in &mut catalogue.services {
        service.staff_name = Some(format!("Zzleak {}", service.key));
    }
    for component in &mut catalogue.components {
        component.name = Localized::both("Zzleak part", "Rhan Zzleak");
    }
    let feeds = vec!["gp_appt".to_owned()];
    let name = Localized::both("Zzleak server", "Gweinydd Zzleak");
    catalogue.components.push(Component { key: "zzleak_server".to_owned(), name: name.clone(), feeds });
    catalogue.causes.push(CauseName { key: "zzleak_cause".to_owned(), name, staff_only: true });
    let tx = app.store().begin().await.unwrap();
    tx.save_catalogue(&catalogue).await.unwrap();
    tx.touch_publication().await.unwrap();
    tx.commit().await.unwrap();
}

/// An incident that is public, marked wherever the public has no business.
fn marked(title: &str) -> Value {
    let mut words = every_field(title);
    for name in ["staff_works", "staff_workaround", "staff_line", "staff_note"] {
        words.insert(name.to_owned(), json!({"en": "Zzleak note", "cy": "Nodyn zzleak"}));
    }
    let mut body = incident(&words);
    body["components"] = json!(["datacentre", "zzleak_server"]);
    body
}

/// Everything that happens in a house on a bad day, most of it not for the public.
async fn a_bad_day(newsroom: &Newsroom<'_>) {
    let post = async |name: &str, path: &str, body: Value| {
        let answer = newsroom.post(name, path, &body).await;
        assert!(answer.status < 300, "{path}: {answer:?}");
        answer.body
    };
    let id = |body: &Value| body["revision"]["id"].as_str().or(body["id"].as_str()).unwrap().to_owned();
    // Sent back once, then approved.
    let opened = post("mari", "/incidents", marked("Public words.")).await;
    let path = format!("/revisions/{}", id(&opened));
    post("mari", &format!("{path}/submit"), json!({})).await;
    post("huw", &format!("{path}/reject"), json!({"reason": "Zzleak: too early"})).await;
    post("mari", &format!("{path}/submit"), json!({})).await;
    newsroom.approve(&path).await;
    post("mari", &format!("{path}/publish"), json!({})).await;
    let public = opened["id"].as_str().unwrap().to_owned();
    // Published alone.
    let alone = post("huw", "/incidents", marked("Other public words.")).await;
    let glass = json!({"break_glass": "Zzleak: nobody answers"});
    post("huw", &format!("/revisions/{}/publish", id(&alone)), glass).await;
    // A next update that waits, one that is written, a withdrawal that waits, and a whole incident that waits.
    let hidden = every_field("Zzleak words");
    let waiting = post("mari", &format!("/incidents/{public}/revisions"), hidden.clone().into()).await;
    post("mari", &format!("/revisions/{}/submit", id(&waiting)), json!({})).await;
    post("mari", &format!("/incidents/{public}/revisions"), hidden.clone().into()).await;
    post("mari", &format!("/incidents/{public}/withdraw"), json!({"reason": "Zzleak: false alarm"})).await;
    post("mari", "/incidents", incident(&hidden)).await;
    let alert = json!({
        "groupKey": "zzleak", "status": "firing", "commonAnnotations": {"summary": "zzleak1.internal is down"},
        "alerts": [{"status": "firing"}],
    });
    post("mari", "/alerts/alertmanager", alert).await;
}

/// Whether a text holds the mark, in any case.
fn leaks(text: &str) -> bool {
    text.to_lowercase().contains(MARK)
}

on_both! {
    async fn what_is_for_staff_is_in_no_public_byte(db: Database) {
        let newsroom = Newsroom::open(db).await;
        let app = &newsroom.app;
        mark_the_lists(app).await;
        a_bad_day(&newsroom).await;
        let version = app.store().published().version().await.unwrap();
        until("the page shows it", async || app.parts.page.edition().published_version() >= version).await;
        until("the messages are out", async || {
            app.world.simulator.phones().iter().map(|phone| phone.texts.len()).sum::<usize>() >= 4
                && app.world.simulator.mails().len() >= 4
                && app.world.simulator.posts().len() >= 4
        })
        .await;

        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        let address = app.parts.config.page.listen;
        let edition = app.parts.page.edition();
        let pages = edition.documents().filter(|(_, document)| document.class() != MediaClass::Missing);
        let mut paths: Vec<String> = pages.map(|(path, _)| path.to_owned()).collect();
        assert!(paths.len() > 50, "the whole site: {}", paths.len());
        let forms = ["/en/alerts", "/cy/hysbysiadau", "/en/alerts/manage/x", "/en/alerts/leave/x", "/en/nowhere"];
        paths.extend(forms.map(str::to_owned));
        let mut seen_public = false;
        for path in &paths {
            let answer = client.get(format!("http://{address}{path}")).send().await.unwrap();
            let head = format!("{} {:?}", answer.status(), answer.headers());
            let body = answer.text().await.unwrap();
            assert!(!leaks(&head) && !leaks(&body), "{path} leaks: {head} {body}");
            seen_public |= body.contains("Other public words");
        }
        assert!(seen_public, "what is public is there");
        for (path, document) in edition.documents() {
            assert!(!leaks(&String::from_utf8_lossy(&document.bytes())), "{path} leaks");
        }
        let refused = client.post(format!("http://{address}/en/alerts")).form(&[("channel", "sms")]).send().await.unwrap();
        assert!(!leaks(&refused.text().await.unwrap()), "the refused form leaks");

        for mail in app.world.simulator.mails() {
            let content = mail.content.as_ref().unwrap();
            let html = content.html.as_deref().unwrap_or_default();
            assert!(!leaks(&format!("{:?} {} {html}", content.headers, content.text)), "{mail:?}");
        }
        for phone in app.world.simulator.phones() {
            assert!(phone.texts.iter().all(|text| !leaks(&text.text)), "{phone:?}");
        }
        assert!(app.world.simulator.posts().iter().all(|post| !leaks(&post.text)));
    }
}
