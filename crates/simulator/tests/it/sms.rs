//! The stories of texts: accepted, delivered, answered, refused, lost.

use std::time::Duration;

use crate::world::{NEL, PATIENCE, Receiver, TOKEN, settings, world, world_with};
use http::StatusCode;
use simulator::{Channel, Direction, Fault, FaultKind, Settings, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn a_text_is_accepted_shown_and_delivered() {
    let world = world().await;
    let answer = world.send(NEL, "Mae’r tŷ yn ôl", &[]).await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let message: serde_json::Value = answer.json().await.unwrap();
    assert_eq!((&message["status"], &message["num_segments"]), (&"queued".into(), &"1".into()));
    assert!(message["date_created"].as_str().unwrap().ends_with(" +0000"));
    let sid = message["sid"].as_str().unwrap();
    assert!(sid.len() == 34 && sid.starts_with("SM"));

    world.until(|simulator| simulator.phone(NEL).unwrap().texts[0].status == Status::Delivered).await;
    let path = format!("/2010-04-01/Accounts/{}/Messages/{sid}.json", world.account);
    assert_eq!(world.json(&path).await["status"], "delivered");
    let phones = world.json("/phones.json").await;
    let text = &phones["phones"][0]["texts"][0];
    assert_eq!((&text["encoding"], &text["units"], &text["parts"]), (&"UCS-2".into(), &14.into(), &1.into()));
    assert_eq!(text["direction"], "outbound-api");
}

#[tokio::test]
async fn a_messaging_service_does_not_know_its_sender_yet() {
    let world = world().await;
    let service = format!("MG{}", "c".repeat(32));
    let answer = world.send(NEL, "Helo", &[("MessagingServiceSid", &service)]).await.unwrap();
    let message: serde_json::Value = answer.json().await.unwrap();
    assert_eq!((&message["status"], &message["num_segments"]), (&"accepted".into(), &"0".into()));
    assert!(message["from"].is_null());
}

#[tokio::test]
async fn a_wrong_password_or_account_is_refused_in_twilios_words() {
    let world = world().await;
    let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", world.url, world.account);
    let answer = world.client.post(&url).basic_auth(&world.account, Some("wrong")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json::<serde_json::Value>().await.unwrap()["code"], 20003);
    assert_eq!(world.client.post(&url).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let other = format!("{}/2010-04-01/Accounts/ACother/Messages.json", world.url);
    let answer = world.client.post(other).basic_auth(&world.account, Some(TOKEN)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn callbacks_come_signed_and_in_order() {
    let (world, receiver) = (world().await, Receiver::answering(&[]).await);
    let callback = format!("{}/hooks/sms/primary/status?t=nhs%20wales&d=42", receiver.url);
    world.send(NEL, "Helo", &[("StatusCallback", &callback)]).await.unwrap();
    let calls = receiver.calls(2).await;
    assert_eq!(calls.iter().map(|call| call.field("MessageStatus")).collect::<Vec<_>>(), ["sent", "delivered"]);
    for call in &calls {
        assert_eq!(call.path, "/hooks/sms/primary/status?t=nhs%20wales&d=42");
        assert_eq!(call.signature, call.expected_signature(&receiver.url));
        assert_eq!((call.field("To"), call.field("AccountSid")), (NEL, world.account.as_str()));
    }
}

#[tokio::test]
async fn a_callback_that_fails_is_tried_again() {
    let down = (StatusCode::SERVICE_UNAVAILABLE, "");
    let (world, receiver) = (world().await, Receiver::answering(&[down, down, down]).await);
    world.send(NEL, "Helo", &[("StatusCallback", &receiver.url)]).await.unwrap();
    let calls = receiver.calls(5).await;
    let sent = calls.iter().filter(|call| call.field("MessageStatus") == "sent").count();
    assert!(sent >= 2 && calls.len() == 5, "{sent} of {}", calls.len());
}

#[tokio::test]
async fn an_undelivered_text_says_so() {
    let (world, receiver) = (world().await, Receiver::answering(&[]).await);
    world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Undelivered).share(0.5));
    for body in ["first", "second"] {
        world.send(NEL, body, &[("StatusCallback", &receiver.url)]).await.unwrap();
    }
    let calls = receiver.calls(4).await;
    let lost: Vec<_> = calls.iter().filter(|call| call.field("MessageStatus") == "undelivered").collect();
    assert_eq!(lost.iter().map(|call| call.field("ErrorCode")).collect::<Vec<_>>(), ["30003"]);
}

#[tokio::test]
async fn a_phone_answers_and_hears_back() {
    let twiml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>Diolch &amp; hwyl</Message></Response>";
    let (world, receiver) = (world().await, Receiver::answering(&[(StatusCode::OK, twiml)]).await);
    world.simulator.set_inbound_url(Some(format!("{}/hooks/sms/primary/inbound", receiver.url)));
    world.send(NEL, "Helo", &[]).await.unwrap();
    let reply = world.client.post(format!("{}/phones/{NEL}/reply", world.url));
    let answer = reply.json(&serde_json::json!({"text": "  Beth? ŵ "})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);

    let call = receiver.calls(1).await.remove(0);
    assert_eq!((call.field("From"), call.field("To"), call.field("Body")), (NEL, "+447700900001", "  Beth? ŵ "));
    assert_eq!(call.signature, call.expected_signature(&receiver.url));
    world.until(|simulator| simulator.phone(NEL).unwrap().texts.len() == 3).await;
    let last = world.simulator.phone(NEL).unwrap().texts.pop().unwrap();
    assert_eq!((&*last.text, last.direction), ("Diolch & hwyl", Direction::OutboundReply));
}

#[tokio::test]
async fn stop_is_obeyed_until_start() {
    let world = world().await;
    world.simulator.reply(NEL, " stop ").unwrap();
    let refused = world.send(NEL, "Helo", &[]).await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refused.json::<serde_json::Value>().await.unwrap()["code"], 21610);
    world.simulator.reply(NEL, "START").unwrap();
    assert_eq!(world.send(NEL, "Helo", &[]).await.unwrap().status(), StatusCode::CREATED);
    assert_eq!(world.simulator.totals(Channel::Sms).rejected, 1);
}

#[tokio::test]
async fn a_list_finds_what_was_sent_to_one_number() {
    let world = world().await;
    for number in 0..3 {
        world.send(&format!("+44770090010{number}"), "Helo", &[]).await.unwrap();
    }
    let today = domain::Env::real().machine_now().format("%Y-%m-%d");
    let path = format!("/2010-04-01/Accounts/{}/Messages.json", world.account);
    let found = world.json(&format!("{path}?To=%2B447700900101&DateSent={today}&PageSize=50")).await;
    assert_eq!(found["messages"].as_array().unwrap().len(), 1);
    assert_eq!(found["messages"][0]["to"], "+447700900101");
    let page = world.json(&format!("{path}?PageSize=2")).await;
    assert_eq!(page["messages"][0]["to"], "+447700900102");
    let next = world.json(page["next_page_uri"].as_str().unwrap()).await;
    assert_eq!((next["messages"].as_array().unwrap().len(), next["next_page_uri"].is_null()), (1, true));
    let none = world.json(&format!("{path}?DateSent=1999-01-01")).await;
    assert!(none["messages"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn faults_refuse_and_are_not_counted_as_accepted() {
    let world = world().await;
    let order = serde_json::json!({"channel": "sms", "kind": "429", "share": 0.5});
    world.client.post(format!("{}/faults", world.url)).json(&order).send().await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(world.send(NEL, "Helo", &[]).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [201, 429, 201, 429]);
    world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Broken));
    assert_eq!(world.send(NEL, "Helo", &[]).await.unwrap().status(), StatusCode::INTERNAL_SERVER_ERROR);
    let ledger = world.json("/ledger.json?to=+447700900123").await;
    let totals = &ledger["totals"];
    assert_eq!([&totals["accepted"], &totals["distinct"], &totals["repeats"], &totals["rejected"]], [2, 1, 1, 3]);
    assert_eq!(ledger["entries"][0]["count"], 2);
}

#[tokio::test]
async fn a_lost_answer_leaves_an_accepted_text() {
    let world = world().await;
    let delay = Duration::from_millis(1);
    world.simulator.set_fault(Fault { delay, ..Fault::new(Channel::Sms, FaultKind::AcceptThenTimeout) });
    world.send(NEL, "Helo", &[]).await.unwrap_err();
    let totals = world.simulator.totals(Channel::Sms);
    assert_eq!((totals.accepted, totals.unanswered), (1, 1));
}

#[tokio::test]
async fn a_refused_connection_ends_without_a_byte() {
    let world = world().await;
    world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Refused));
    let mut stream = tokio::net::TcpStream::connect(world.url.trim_start_matches("http://")).await.unwrap();
    let credentials = "QUNhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==";
    let request = format!(
        "POST /2010-04-01/Accounts/{}/Messages.json HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {credentials}\r\n\
         Content-Length: 0\r\n\r\n",
        world.account
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap();
    assert!(read.is_err() || answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(world.simulator.totals(Channel::Sms).accepted, 0);
}

#[tokio::test]
async fn a_held_answer_does_not_hold_up_the_end() {
    let world = world().await;
    world.simulator.set_fault(Fault::new(Channel::Sms, FaultKind::AcceptThenTimeout));
    let (lost, ()) = tokio::join!(world.send(NEL, "Helo", &[]), async {
        world.until(|simulator| simulator.totals(Channel::Sms).unanswered == 1).await;
        world.stop.cancel();
    });
    lost.unwrap_err();
}

#[tokio::test]
async fn old_texts_are_forgotten_but_not_the_ledger() {
    let world = world_with(Settings { keep: 2, ..settings() }).await;
    for number in 0..5 {
        world.send(&format!("+44770090010{number}"), "Helo", &[]).await.unwrap();
    }
    assert_eq!(world.simulator.phones().iter().map(|phone| phone.texts.len()).sum::<usize>(), 2);
    assert_eq!(world.simulator.ledger().entries.len(), 5);
}
