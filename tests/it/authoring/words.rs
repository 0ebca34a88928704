//! What authors type: cleaned once, shown as text everywhere, and counted before it is sent.

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

const HOSTILE: &str =
    "<script>alert(1)</script> [x](javascript:alert(1)) ]]> <img src=x onerror=alert(1)> & \"quoted\" {{ 7*7 }}";

on_both! {
    async fn markup_stays_text_in_every_channel(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        for part in ["title", "know", "unknown", "doing", "should", "more", "staff_note"] {
            body["revision"][part] = json!({"en": HOSTILE, "cy": HOSTILE});
        }
        for part in ["sms", "post"] {
            body["revision"][part] = json!({"en": format!("{HOSTILE} {{link}}"), "cy": format!("{HOSTILE} {{link}}")});
        }
        body["revision"]["cyber"] = json!({"answer": "no", "stated_by": HOSTILE});
        let revision = desk.draft("mari", body).await;
        let preview = desk.get("mari", &format!("/revisions/{revision}/preview")).await;
        assert_eq!(preview.status, 200, "{preview:?}");
        for language in ["en", "cy"] {
            let shown = &preview.body["languages"][language];
            for html in [&shown["page"], &shown["mail"]["html"]] {
                let html = html.as_str().unwrap();
                assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
                assert!(html.contains("&lt;script&gt;"));
            }
            assert!(shown["mail"]["text"].as_str().unwrap().contains("<script>"), "plain text is plain");
            assert!(shown["mail"]["subject"].as_str().unwrap().lines().count() == 1);
            assert!(shown["sms"]["text"].as_str().unwrap().starts_with("<script>"));
        }
        let huw = desk.signed_in("huw").await;
        for path in [format!("/revisions/{revision}"), format!("/revisions/{revision}/edit"), "/incidents".to_owned()] {
            let page = huw.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.body.contains("<script") && !page.body.contains("<img"), "{path}");
        }
    }
}

on_both! {
    async fn decomposed_welsh_is_kept_composed(db: Database) {
        let desk = Desk::open(db).await;
        let mut body = serious();
        body["revision"]["title"] = json!({"en": "Water", "cy": "Dw\u{302}r i'r ty\u{302}"});
        body["revision"]["sms"] = json!({"en": "Water {link}", "cy": "Dw\u{302}r {link}"});
        let revision = desk.draft("mari", body).await;
        let kept = desk.get("mari", &format!("/revisions/{revision}")).await.body;
        assert_eq!(kept["title"]["cy"], "Dŵr i'r tŷ");
        let preview = desk.get("mari", &format!("/revisions/{revision}/preview")).await.body;
        let sms = &preview["languages"]["cy"]["sms"];
        assert_eq!(sms["text"], "Dŵr status.example/d/1");
        assert_eq!((sms["encoding"].as_str(), sms["offenders"][0].as_str()), (Some("UCS-2"), Some("ŵ")));
        assert_eq!(preview["languages"]["en"]["sms"]["text"], "Water status.example/i/1");
    }
}

on_both! {
    async fn every_wrong_field_is_named(db: Database) {
        let desk = Desk::open(db).await;
        let body = json!({
            "severity": "loud",
            "organisations": ["atlantis"],
            "services": [{"key": "gp_appt", "system": "broken", "care": "outage"}],
            "revision": {"phase": "finished", "titel": {"en": "x"}, "know": {"fr": "x"}},
        });
        let refused = desk.post("mari", "/incidents", body).await;
        assert_eq!(refused.status, 422);
        let mut found = codes(&refused);
        found.sort();
        let wanted = [
            ("/revision/know", "unusable"),
            ("/revision/phase", "unusable"),
            ("/revision/titel", "unknown-field"),
            ("/services", "unusable"),
            ("/severity", "unusable"),
        ];
        assert_eq!(found, wanted.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let mut unseen = serious();
        unseen["revision"]["know"] = json!({"en": "bell \u{7}", "cy": "cloch"});
        unseen["revision"]["advice"] = json!(["eat_apples"]);
        let refused = desk.post("mari", "/incidents", unseen).await;
        let wanted = [("/know/en", "letters-refused"), ("/advice", "unknown-key")];
        assert_eq!(codes(&refused), wanted.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
    }
}

on_both! {
    async fn bodies_that_are_none_are_refused(db: Database) {
        let desk = Desk::open(db).await;
        let client = reqwest::Client::builder().build().unwrap();
        let send = async |body: Vec<u8>| {
            let request = client.post(format!("{}/api/v1/incidents", desk.url)).bearer_auth(desk.token("mari"));
            request.header("content-type", "application/json").body(body).send().await.unwrap().status().as_u16()
        };
        assert_eq!(send(b"{\"severity\":\"\xff\"}".to_vec()).await, 400);
        assert_eq!(send(b"{".to_vec()).await, 400);
        assert_eq!(send(b"[]".to_vec()).await, 422);
        assert_eq!(send(vec![b'x'; 1_000_000]).await, 413);
    }
}

on_both! {
    async fn absent_words_come_from_the_template_and_the_promise_from_the_phase(db: Database) {
        let desk = Desk::open(db).await;
        let answer = desk.post("mari", "/incidents", json!({"severity": "serious", "organisations": ["nhs-wales"]})).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let revision = &answer.body["revision"];
        assert_eq!(revision["next_update_by"], "2018-01-24T12:30:00Z");
        for part in ["title", "know", "sms", "post"] {
            for language in ["en", "cy"] {
                assert!(!revision[part][language].as_str().unwrap().is_empty(), "{part} {language}");
            }
        }
        assert!(revision["more"]["en"].as_str().unwrap().contains("12:30pm"));
    }
}

on_both! {
    async fn the_preview_counts_people_parts_and_pence(db: Database) {
        let desk = Desk::open(db).await;
        let revision = desk.draft("mari", serious()).await;
        let preview = desk.get("mari", &format!("/revisions/{revision}/preview")).await.body;
        let people = |channel: &str, language: &str| {
            let lines = preview["reach"].as_array().unwrap();
            let line = lines.iter().find(|line| line["channel"] == channel && line["language"] == language).unwrap();
            line["people"].as_i64().unwrap()
        };
        assert_eq!((people("email", "en"), people("email", "cy"), people("mastodon", "cy")), (2, 1, 1));
        let mail = preview["languages"]["en"]["mail"]["text"].as_str().unwrap();
        assert!(mail.contains("%LEAVE-LINK%") && mail.contains("https://status.example/d/1"), "{mail}");
        assert_eq!(preview["problems"], json!([]));
    }
}
