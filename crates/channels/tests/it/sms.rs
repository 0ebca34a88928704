//! Texts through a provider on a real socket: what is sent, and what each way of failing means.

use std::net::TcpListener;
use std::time::Duration;

use crate::support::provider::{Act, Provider};
use channels::settings::SmsProvider;
use channels::{Channel, ChannelProblem, Doubt, Outgoing, Sms, Text, TextBody};
use chrono::{DateTime, Utc};
use domain::Env;
use domain::delivery::SendResult;

fn now() -> DateTime<Utc> {
    "2026-11-22T09:14:00Z".parse().unwrap()
}

fn settings(base_url: &str) -> SmsProvider {
    let account = format!("AC{}", "a".repeat(32));
    let service = format!("MG{}", "c".repeat(32));
    toml::from_str(&format!(
        "name = 'primary'\nbase_url = '{base_url}'\naccount_sid = '{account}'\nmessaging_service_sid = '{service}'\n\
         auth_token = '0123456789abcdef0123456789abcdef'\ntimeout_seconds = 1\n\
         callback_url = 'https://status.example.wales/hooks/twilio'"
    ))
    .unwrap()
}

fn sms(base_url: &str) -> Sms {
    Sms::new(&settings(base_url), Env::fixed(now(), 1)).unwrap()
}

fn text() -> Outgoing {
    Outgoing::Text(Text {
        to: "+447700900123".parse().unwrap(),
        body: TextBody::new("Diweddariad: mae’r tŷ yn ôl & 50% {ok}").into(),
        valid_for: Duration::from_hours(4),
        delivery: "42".to_owned(),
    })
}

async fn answered(status: u16, headers: &'static str, body: &str) -> SendResult {
    let provider = Provider::start(vec![Act::Answer(status, headers, body.to_owned())]);
    sms(&provider.url()).send(&text()).await
}

#[tokio::test]
async fn the_request_is_the_documented_one_letter_for_letter() {
    let created = r#"{"sid":"SM1","status":"accepted","from":null,"num_segments":"0","new_field":{}}"#;
    let provider = Provider::start(vec![Act::Answer(201, "", created.to_owned())]);
    let result = sms(&provider.url()).send(&text()).await;
    assert_eq!(result, SendResult::Accepted { reference: Some("SM1".to_owned()) });
    let request = provider.request();
    assert_eq!(request.line, format!("POST /2010-04-01/Accounts/AC{}/Messages.json HTTP/1.1", "a".repeat(32)));
    assert_eq!(
        request.header("authorization"),
        Some("Basic QUNhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==")
    );
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(
        request.body,
        "To=%2B447700900123&MessagingServiceSid=MGcccccccccccccccccccccccccccccccc&Body=Diweddariad%3A+mae%E2%80%99r+t%C5%B7+yn+%C3%B4l+%26+50%25+%7Bok%7D&StatusCallback=https%3A%2F%2Fstatus.example.wales%2Fhooks%2Ftwilio%2Fstatus%3Fd%3D42&ValidityPeriod=14400&SmartEncoded=false"
    );
}

#[tokio::test]
async fn a_base_with_a_path_and_an_api_key_suit_compatible_providers() {
    let provider = Provider::start(vec![Act::Answer(201, "", String::new())]);
    let mut settings = settings(&format!("{}/api/laml/", provider.url()));
    settings.api_key = Some("SK1".to_owned());
    settings.api_secret = Some(channels::Secret::new("s"));
    let result = Sms::new(&settings, Env::fixed(now(), 1)).unwrap().send(&text()).await;
    assert_eq!(result, SendResult::Accepted { reference: None });
    let request = provider.request();
    assert!(request.line.starts_with("POST /api/laml/2010-04-01/Accounts/AC"), "{}", request.line);
    assert_eq!(request.header("authorization"), Some("Basic U0sxOnM="));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let throttled = |seconds| SendResult::Throttled { after: Some(Duration::from_secs(seconds)), code: 20429 };
    for (name, status, headers, body, expected) in [
        ("STOP", 400, "", r#"{"code":21610,"message":"x","status":400}"#, SendResult::OptedOut { code: 21610 }),
        ("no number", 400, "", r#"{"code":21211}"#, SendResult::RecipientGone { code: 21211 }),
        ("a new code", 400, "", r#"{"code":29999}"#, SendResult::BadMessage { code: 29999 }),
        ("credentials", 401, "", r#"{"code":20003}"#, SendResult::BadConfig { code: 20003 }),
        ("a proxy's page", 403, "", "<html>no</html>", SendResult::BadConfig { code: 403 }),
        ("too fast", 429, "Retry-After: 7\r\n", r#"{"code":20429}"#, throttled(7)),
        ("too fast until", 429, "Retry-After: Sun, 22 Nov 2026 09:14:30 GMT\r\n", r#"{"code":20429}"#, throttled(30)),
        ("too fast for days", 429, "Retry-After: 999999\r\n", r#"{"code":20429}"#, throttled(21_600)),
        ("a gateway's page", 502, "", "<html>bad gateway</html>", SendResult::Ambiguous { code: 502 }),
        ("moved", 302, "Location: http://127.0.0.1:1/\r\n", "", SendResult::BadConfig { code: 302 }),
    ] {
        assert_eq!(answered(status, headers, body).await, expected, "{name}");
    }
}

#[tokio::test]
async fn an_endless_page_is_not_read_to_its_end() {
    assert_eq!(answered(500, "", &"x".repeat(3_000_000)).await, SendResult::Ambiguous { code: 500 });
}

#[tokio::test]
async fn an_answer_that_never_comes_leaves_doubt() {
    for act in [Act::HangUp, Act::Silence] {
        let provider = Provider::start(vec![act]);
        assert_eq!(sms(&provider.url()).send(&text()).await, SendResult::Ambiguous { code: 0 });
    }
}

#[tokio::test]
async fn a_provider_that_is_down_has_seen_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let sms = sms(&url);
    assert_eq!(sms.send(&text()).await, SendResult::Unreachable { code: 0 });
    assert!(matches!(sms.check().await, Err(ChannelProblem::Unreachable(_))));
}

fn listed(body: &str, created: &str) -> String {
    format!(r#"{{"messages":[{{"sid":"SM9","body":"{body}","date_created":"{created}","date_sent":null}}]}}"#)
}

#[tokio::test]
async fn doubt_is_settled_by_asking_the_provider() {
    let words = "Diweddariad: mae’r tŷ yn ôl & 50% {ok}";
    let sent = Doubt::Sent { reference: "SM9".to_owned() };
    for (name, status, body, expected) in [
        ("it is there", 200, listed(words, "Sun, 22 Nov 2026 09:14:03 +0000"), sent),
        ("other words", 200, listed("older", "Sun, 22 Nov 2026 09:14:03 +0000"), Doubt::NotSent),
        ("an earlier attempt", 200, listed(words, "Sun, 22 Nov 2026 08:00:00 +0000"), Doubt::NotSent),
        (
            "given up",
            200,
            listed(words, "Sun, 22 Nov 2026 09:14:03 +0000").replace("\"sid\"", "\"status\":\"undelivered\",\"sid\""),
            Doubt::NotSent,
        ),
        ("nothing", 200, r#"{"messages":[]}"#.to_owned(), Doubt::NotSent),
        ("a fault", 500, String::new(), Doubt::CannotTell),
        ("a page", 200, "<html>".to_owned(), Doubt::CannotTell),
    ] {
        let provider = Provider::start(vec![Act::Answer(status, "", body)]);
        assert_eq!(sms(&provider.url()).settle_doubt(&text(), now()).await, expected, "{name}");
        assert!(provider.request().line.contains("Messages.json?To=%2B447700900123&PageSize=50"));
    }
}

#[tokio::test]
async fn a_check_sends_nothing_and_tells_bad_credentials() {
    for (status, is_fine) in [(200, true), (404, true), (301, false), (401, false), (503, false)] {
        let provider = Provider::start(vec![Act::Answer(status, "", "{}".to_owned())]);
        assert_eq!(sms(&provider.url()).check().await.is_ok(), is_fine, "{status}");
        assert!(provider.request().line.starts_with("GET /2010-04-01/Accounts/AC"));
    }
}

#[test]
fn a_text_weighs_as_many_parts_as_are_billed() {
    let weight = |body: &str| {
        let Outgoing::Text(text) = text() else { unreachable!("it is a text") };
        sms("http://127.0.0.1:1").weight_of(&Outgoing::Text(Text { body: TextBody::new(body).into(), ..text }))
    };
    assert_eq!((weight("Update"), weight(&"a".repeat(161)), weight(&"ŵ".repeat(71))), (1, 2, 2));
}
