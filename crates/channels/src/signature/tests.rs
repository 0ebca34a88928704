//! Signatures made with the provider's own libraries for Node (6.2.0) and Python (9.13.0), and forgeries.

use super::*;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const BASE: &str = "https://status.example.wales";

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    serde_urlencoded::to_string(fields).unwrap().into_bytes()
}

fn sid(prefix: &str, letter: &str) -> String {
    format!("{prefix}{}", letter.repeat(32))
}

fn status_fields(to: &str) -> Vec<u8> {
    form(&[
        ("AccountSid", &sid("AC", "a")),
        ("ApiVersion", "2010-04-01"),
        ("From", "+447700900001"),
        ("MessageSid", &sid("SM", "b")),
        ("MessageStatus", "delivered"),
        ("MessagingServiceSid", &sid("MG", "c")),
        ("SmsSid", &sid("SM", "b")),
        ("SmsStatus", "delivered"),
        ("To", to),
        ("RawDlrDoneDate", "2611220914"),
    ])
}

fn inbound_fields() -> Vec<u8> {
    form(&[
        ("AccountSid", &sid("AC", "a")),
        ("Body", "Diolch, mae’r tŷ yn oer â ŵ 😀"),
        ("From", "+447700900123"),
        ("MessageSid", &sid("SM", "d")),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("To", "+447700900001"),
    ])
}

fn stop_fields(body: &str) -> Vec<u8> {
    form(&[
        ("Body", body),
        ("From", "+447700900123"),
        ("FromCity", ""),
        ("To", "+447700900001"),
        ("OptOutType", "STOP"),
    ])
}

fn keys() -> Keys {
    Keys { tokens: vec![Secret::new(TOKEN)], shared: BTreeMap::from([("k1".to_owned(), Secret::new(TOKEN))]) }
}

fn is_genuine(url: &str, payload: Payload<'_>, signature: &str) -> bool {
    verify(&keys(), &Signed { url, payload, signature, settings: None })
}

#[test]
fn the_vectors_of_the_official_libraries_hold() {
    let status = status_fields("+447700900123");
    let inbound = inbound_fields();
    let stop = stop_fields("  STOP + a&b=c  ");
    let media = form(&[("Media", "b"), ("Media", "a"), ("Media", "b"), ("From", "+447700900123")]);
    let cases = form(&[("b", "2"), ("B", "1"), ("a", "4"), ("A", "3"), ("_x", "5")]);
    let one = form(&[("A", "1")]);
    let json = "/hooks/twilio/json?bodySHA256=36de0551713392c4e0936f89ad556c3c150f8048e91e950a0dae7b3e72902e54";
    let user = "https://tw:s3cret@status.example.wales/h";
    let vectors: [(&str, String, Payload<'_>, &str); 12] = [
        ("T1", format!("{BASE}/hooks/twilio/status"), Payload::Form(&status), "A6ec1ESw5J3fVQa4QZeZ6Bk/kKI="),
        ("T2", format!("{BASE}:443/hooks/twilio/status"), Payload::Form(&status), "G/Z7LOBcrKak7RNLBOYljz4AoCY="),
        (
            "T3",
            format!("{BASE}/hooks/twilio/status?t=nhs%20wales&d=42"),
            Payload::Form(&status),
            "Abp9J2Pw0Ih3pVF8iIV2RoavB78=",
        ),
        ("T4", format!("{BASE}/hooks/twilio/inbound"), Payload::Form(&inbound), "be+eoP1BqP5l8dJwonaTiCJ0Uj8="),
        ("T5", format!("{BASE}/hooks/twilio/inbound"), Payload::Form(&stop), "opOBQ9bT39xQ///9xa0LObyOToU="),
        ("T6", format!("{BASE}/hooks/twilio/inbound"), Payload::Form(&media), "Av+4+7TpZFmCkbUQbEJQGroyT1w="),
        ("T7", format!("{BASE}/h"), Payload::Form(&cases), "6WI/tGAF+Y15bH7TYF8dtlPjWiM="),
        ("T8", format!("{BASE}/h?MessageSid=SM1&MessageStatus=sent"), Payload::Nothing, "6AJqpaYTys4CNfLjijrfhsH9Dmk="),
        ("T9", user.to_owned(), Payload::Form(&one), "H29ffXbK6Q/ejn5Mr7Nglbb8qrE="),
        ("T10", "http://status.example.wales:8080/h".to_owned(), Payload::Form(&one), "NzXfMFVyHkdqCmQLLDxKj7q/nVQ="),
        ("T11", format!("{BASE}/h?q=it's"), Payload::Form(&one), "s0TaDZLGCZJ/5pKT0VFREN5rxJs="),
        (
            "T12",
            format!("{BASE}{json}"),
            Payload::Json(br#"{"MessageStatus":"delivered","n":1}"#),
            "Buq4wEaQud9wH12OcoZ4tsHNDDs=",
        ),
    ];
    for (name, url, payload, signature) in vectors {
        assert_eq!(sign(&Secret::new(TOKEN), &url, payload), signature, "{name}");
        assert!(is_genuine(&url, payload, signature), "{name}");
    }
}

#[test]
fn a_signature_of_the_other_port_form_is_taken() {
    let status = status_fields("+447700900123");
    let (plain, with_port) = (format!("{BASE}/hooks/twilio/status"), format!("{BASE}:443/hooks/twilio/status"));
    assert!(is_genuine(&with_port, Payload::Form(&status), "A6ec1ESw5J3fVQa4QZeZ6Bk/kKI="));
    assert!(is_genuine(&plain, Payload::Form(&status), "G/Z7LOBcrKak7RNLBOYljz4AoCY="));
}

#[test]
fn forgeries_are_refused() {
    let url = format!("{BASE}/hooks/twilio/status");
    let inbound = format!("{BASE}/hooks/twilio/inbound");
    let query = format!("{BASE}/hooks/twilio/status?t=nhs+wales&d=42");
    let json =
        format!("{BASE}/hooks/twilio/json?bodySHA256=36de0551713392c4e0936f89ad556c3c150f8048e91e950a0dae7b3e72902e54");
    let status = status_fields("+447700900123");
    let t1 = "A6ec1ESw5J3fVQa4QZeZ6Bk/kKI=";
    assert!(!is_genuine(&url, Payload::Form(&status_fields("+447700900124")), t1), "another recipient");
    assert!(
        !is_genuine(&inbound, Payload::Form(&stop_fields("STOP + a&b=c")), "opOBQ9bT39xQ///9xa0LObyOToU="),
        "trimmed"
    );
    assert!(!is_genuine(&query, Payload::Form(&status), "Abp9J2Pw0Ih3pVF8iIV2RoavB78="), "query rewritten");
    let body = br#"{"MessageStatus":"delivered","n":2}"#;
    assert!(!is_genuine(&json, Payload::Json(body), "Buq4wEaQud9wH12OcoZ4tsHNDDs="), "body changed");
    assert!(!is_genuine(&url, Payload::Form(&status), ""), "no signature");
}

#[test]
fn a_shared_key_signs_with_sha256_and_cannot_be_talked_down() {
    let status = status_fields("+447700900123");
    let inbound = inbound_fields();
    let (t13, t14) = ("KdFm+pCQGlLR0mJV7X3cd7qfNducdYEozbECx9yBwcs=", "jdxKKhlBsabOgrFQQKCPNNnWjXTgSITrVHhX6VsDq/I=");
    let claim = |keys: &Keys, path: &str, body: &[u8], signature: &str, settings: &str| {
        let url = format!("{BASE}{path}");
        verify(keys, &Signed { url: &url, payload: Payload::Form(body), signature, settings: Some(settings) })
    };
    assert!(claim(&keys(), "/hooks/twilio/status", &status, t13, "key=k1,algorithm=HMAC_SHA256"));
    assert!(claim(&keys(), "/hooks/twilio/inbound", &inbound, t14, "key=k1,algorithm=HMAC_SHA256"));
    assert!(!claim(&keys(), "/hooks/twilio/status", &status, t13, "key=k2,algorithm=HMAC_SHA256"));
    assert!(!claim(&keys(), "/hooks/twilio/status", &status, t13, "key=k1,algorithm=NONE"));
    let only_shared = Keys { tokens: Vec::new(), ..keys() };
    assert!(!claim(&only_shared, "/hooks/twilio/status", &status, "A6ec1ESw5J3fVQa4QZeZ6Bk/kKI=", ""));
}

#[test]
fn both_tokens_hold_while_one_replaces_the_other_and_an_empty_one_never_does() {
    let status = status_fields("+447700900123");
    let url = format!("{BASE}/hooks/twilio/status");
    let with = |tokens: &[&str], signature: &str| {
        let keys = Keys { tokens: tokens.iter().map(|token| Secret::new(*token)).collect(), ..Keys::default() };
        verify(&keys, &Signed { url: &url, payload: Payload::Form(&status), signature, settings: None })
    };
    assert!(with(&["new", TOKEN], "A6ec1ESw5J3fVQa4QZeZ6Bk/kKI="));
    let empty = sign(&Secret::default(), &url, Payload::Form(&status));
    assert!(!with(&["", TOKEN], &empty));
    assert!(!with(&[], &empty));
}
