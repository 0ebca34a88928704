//! Two incidents on one day: everybody asks whether they are one, and both pages answer.

use domain::Language;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::json;

use super::reader::Reader;

const TRUST: &str = "Manchester University NHS Foundation Trust";

/// The answer on a page, without markup; none where nobody has said anything.
fn answer(body: &str, question: &str) -> Option<String> {
    let rest = body.split_once(question)?.1.split_once("</dt>")?.1;
    let text = rest.split_once("</dd>")?.0.split(['<', '>']).skip(2).step_by(2).collect::<String>();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

on_both! {
    async fn both_pages_say_that_wales_and_manchester_are_not_one(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let reader = Reader::of(&app);
        let wales = app.publish(&Update::first()).await;
        let number = app.store().incident(wales.incident).await.unwrap().unwrap().number;
        let title = json!({"en": "Network problem at our hospitals", "cy": "Problem rhwydwaith yn ein hysbytai"});
        let at = "2018-01-24T15:05:00Z";
        let said = json!([{"number": number, "kind": "not_related", "stated_by": TRUST, "stated_at": at}]);
        let update = Update::first().about(&["mft"]).with("title", title).with("relations", said);
        let manchester = app.publish(&update).await;
        let other = app.store().incident(manchester.incident).await.unwrap().unwrap();
        let home = app.store().incident(wales.incident).await.unwrap().unwrap();

        let question = "Is it related to another incident?";
        let place = |incident: &domain::Incident, words: &str, language| format!("{words}/{}", incident.slug.text(language));
        let path = place(&home, "/en/incidents", Language::En);
        until("the page of Wales answers", async || reader.open(&path).await.body.contains(question)).await;
        for (from, to, headline) in [
            (&home, &other, "Network problem at our hospitals"),
            (&other, &home, "Computer problem affecting GP and hospital services"),
        ] {
            let page = reader.open(&place(from, "/en/incidents", Language::En)).await.body;
            let said = answer(&page, question).expect("an answer");
            assert_eq!(said, format!("Not related: {headline}, says {TRUST} (3:05pm)"));
            let link = format!("/en/incidents/{}", to.slug.text(Language::En));
            assert!(page.replace("&#x2f;", "/").contains(&format!("<dd class=\"nhsuk-summary-list__value\">Not related: <a href=\"{link}\"")));
            // The press may quote it.
            let press = reader.open(&place(from, "/en/press", Language::En)).await.body;
            assert_eq!(answer(&press, question), Some(said));
            let welsh = reader.open(&place(from, "/cy/digwyddiadau", Language::Cy)).await.body;
            let said = answer(&welsh, "A yw&#x27;n gysylltiedig â digwyddiad arall?").expect("an answer in Welsh");
            assert!(said.starts_with("Nid yw&#x27;n gysylltiedig: ") && said.contains(TRUST), "{said}");
        }
        let page = reader.open(&path).await.body;
        assert!(!page.contains("Nobody has said that these have to do"), "somebody has: {page}");

        // The other one gets a new headline: this page, of which nothing was published, names it.
        let title = json!({"en": "All systems are back", "cy": "Mae popeth yn ôl"});
        app.publish_next(manchester.incident, &Update::next().about(&["mft"]).with("title", title)).await;
        until("the new headline", async || {
            answer(&reader.open(&path).await.body, question).is_some_and(|said| said.contains("All systems are back"))
        })
        .await;
        // What is said no more stands on neither.
        let silent = Update::next().about(&["mft"]).with("relations", json!([]));
        app.publish_next(manchester.incident, &silent).await;
        until("it is gone", async || answer(&reader.open(&path).await.body, question).is_none()).await;
    }
}
