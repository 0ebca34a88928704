//! Posts to a server on a real socket.

use std::time::Duration;

use crate::support::provider::{Act, Provider};
use channels::{Channel, Doubt, Mastodon, Outgoing, Post, Reach};
use domain::delivery::SendResult;
use domain::{Env, Language};

fn mastodon(url: &str) -> Mastodon {
    let settings =
        toml::from_str(&format!("base_url = '{url}'\ntoken = 't0ken'\nlanguage = 'cy'\ntimeout_seconds = 1"));
    Mastodon::new(&settings.unwrap(), Env::fixed("2026-11-22T12:00:00Z".parse().unwrap(), 1)).unwrap()
}

fn post(reply_to: Option<&str>, reach: Reach) -> Outgoing {
    Outgoing::Post(Post {
        text: "Mae’r systemau yn ôl 🏴󠁧󠁢󠁷󠁬󠁳󠁿".into(),
        language: Language::Cy,
        reply_to: reply_to.map(str::to_owned),
        reach,
        idempotency_key: "inc42-u3-cy-1of2".to_owned(),
    })
}

#[tokio::test]
async fn a_post_is_in_its_language_and_has_a_key() {
    let provider = Provider::start(vec![Act::Answer(200, "", r#"{"id":"103","uri":"x"}"#.to_owned())]);
    let mastodon = mastodon(&provider.url());
    let result = mastodon.send(&post(None, Reach::Public)).await;
    assert_eq!(result, SendResult::Accepted { reference: Some("103".to_owned()) });
    let request = provider.request();
    assert_eq!(request.line, "POST /api/v1/statuses HTTP/1.1");
    assert_eq!(request.header("authorization"), Some("Bearer t0ken"));
    assert_eq!(request.header("idempotency-key"), Some("inc42-u3-cy-1of2"));
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    let expected = serde_json::json!({"status": "Mae’r systemau yn ôl 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "language": "cy", "visibility": "public"});
    assert_eq!(body, expected);
    assert_eq!(mastodon.name(), "mastodon-cy");
}

#[tokio::test]
async fn a_later_part_whose_parent_is_gone_stands_alone() {
    let script = vec![
        Act::Answer(404, "", r#"{"error":"Record not found"}"#.to_owned()),
        Act::Answer(200, "", r#"{"id":"104"}"#.to_owned()),
    ];
    let provider = Provider::start(script);
    let result = mastodon(&provider.url()).send(&post(Some("103"), Reach::Unlisted)).await;
    assert_eq!(result, SendResult::Accepted { reference: Some("104".to_owned()) });
    let (first, second) = (provider.request(), provider.request());
    assert!(first.body.contains(r#""in_reply_to_id":"103""#) && first.body.contains(r#""visibility":"unlisted""#));
    assert!(!second.body.contains("in_reply_to_id"));
    assert_ne!(first.header("idempotency-key"), second.header("idempotency-key"));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let reset = "X-RateLimit-Reset: 2026-11-22T12:05:00.000000Z\r\n";
    let throttled = SendResult::Throttled { after: Some(Duration::from_mins(5)), code: 429 };
    for (status, headers, expected) in [
        (401, "", SendResult::BadConfig { code: 401 }),
        (403, "", SendResult::BadConfig { code: 403 }),
        (404, "", SendResult::BadMessage { code: 404 }),
        (422, "", SendResult::BadMessage { code: 422 }),
        (429, reset, throttled),
        (429, "", SendResult::Throttled { after: None, code: 429 }),
        (503, "", SendResult::Retry { after: None, code: 503 }),
    ] {
        let provider = Provider::start(vec![Act::Answer(status, headers, "{}".to_owned())]);
        assert_eq!(mastodon(&provider.url()).send(&post(None, Reach::Public)).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_simply_asked_for_again() {
    let provider = Provider::start(vec![Act::Silence]);
    let mastodon = mastodon(&provider.url());
    let message = post(None, Reach::Public);
    assert_eq!(mastodon.send(&message).await, SendResult::Retry { after: None, code: 0 });
    assert_eq!(mastodon.settle_doubt(&message, "2026-11-22T12:00:00Z".parse().unwrap()).await, Doubt::SafeToRepeat);
}

#[tokio::test]
async fn a_check_asks_who_we_are() {
    for (status, is_fine) in [(200, true), (401, false)] {
        let provider = Provider::start(vec![Act::Answer(status, "", "{}".to_owned())]);
        assert_eq!(mastodon(&provider.url()).check().await.is_ok(), is_fine);
        assert_eq!(provider.request().line, "GET /api/v1/accounts/verify_credentials HTTP/1.1");
    }
}
