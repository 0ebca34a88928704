//! Numbers that we cannot text: each is told apart, in the reader's language, and stays in the field.

use std::collections::BTreeSet;

use domain::Language;
use render::Args;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;

/// What is typed, and which words it is refused with.
const NUMBERS: [(&str, &str); 15] = [
    ("", "phone-empty"),
    ("my phone", "phone-letters"),
    ("07700*900", "phone-characters"),
    ("07400 12345", "phone-too-short"),
    ("07400 123 456 789", "phone-too-long"),
    ("029 2018 0000", "phone-landline"),
    ("070 1234 5678", "phone-personal-070"),
    ("+44 70 1234 5678", "phone-personal-070"),
    ("07623 456 789", "phone-pager-076"),
    ("0909 879 0000", "phone-premium"),
    ("0800 123 4567", "phone-toll-free"),
    ("0300 123 4567", "phone-organisation"),
    ("+33 6 12 34 56 78", "phone-foreign"),
    ("0000 000 0000", "phone-not-in-use"),
    ("999", "phone-short-code"),
];

on_both! {
    async fn each_number_that_cannot_be_texted_has_its_own_words(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let address = app.parts.config.page.listen;
        for (language, path) in [(Language::En, "/en/alerts"), (Language::Cy, "/cy/hysbysiadau")] {
            let mut said = BTreeSet::new();
            for (number, code) in NUMBERS {
                let fields = [("channel", "sms"), ("mobile", number), ("language", "cy"), ("area", "pthb")];
                let answer = client.post(format!("http://{address}{path}")).form(&fields).send().await.unwrap();
                assert_eq!(answer.status(), 422, "{number}");
                let body = answer.text().await.unwrap().replace("&#x2f;", "/").replace("&#x27;", "'").replace("&#x2b;", "+");
                let words = app.parts.renderer.text(language, &format!("invalid-{code}"), &Args::new()).unwrap();
                assert!(body.contains(&words), "{number} in {language}: {words:?} is not in {body}");
                assert!(body.contains(&format!("name=\"mobile\" type=\"tel\" value=\"{number}\"")), "{number} is kept");
                assert!(body.contains("id=\"mobile-error\"") && body.contains("href=\"#mobile\""), "{number}");
                said.insert(words);
            }
            let codes: BTreeSet<&str> = NUMBERS.iter().map(|(_, code)| *code).collect();
            assert_eq!(said.len(), codes.len(), "no two reasons are said alike in {language}");
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM verification").await, 0, "and nothing was sent");
    }
}
