//! The stories of mails: real senders, raw conversations, and senders with bad manners.

use std::time::Duration;

use crate::world::{PATIENCE, World, settings, world, world_with};
use lettre::message::{MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use simulator::{Channel, Fault, FaultKind, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn transport(world: &World) -> Transport {
    Transport::builder_dangerous("127.0.0.1").port(world.smtp.port()).timeout(Some(PATIENCE)).build()
}

fn welsh_mail() -> Message {
    Message::builder()
        .from("GIG Cymru <alerts@status.example>".parse().unwrap())
        .to("nel@example.org".parse().unwrap())
        .subject("Mae’r gwasanaeth yn ôl")
        .multipart(MultiPart::alternative_plain_html(
            ".Mae’r tŷ yn iawn.\r\n.\r\nDiolch".to_owned(),
            "<p>Mae’r tŷ yn iawn</p>".to_owned(),
        ))
        .unwrap()
}

/// Says `lines` all at once and returns everything that was answered.
async fn talk(world: &World, lines: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.smtp).await.unwrap();
    stream.write_all(lines).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an end in time");
    String::from_utf8(answer).unwrap()
}

fn codes(answer: &str) -> Vec<&str> {
    answer.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| &line[..3]).collect()
}

#[tokio::test]
async fn lettre_delivers_a_welsh_mail_whole() {
    let world = world().await;
    transport(&world).send(welsh_mail()).await.unwrap();
    let mail = world.simulator.mails_to("nel@example.org").remove(0);
    assert_eq!(&*mail.subject, "Mae’r gwasanaeth yn ôl");
    assert_eq!(mail.text().trim_end(), ".Mae’r tŷ yn iawn.\n.\nDiolch");
    assert_eq!(mail.content.as_ref().unwrap().html.as_deref().map(str::trim), Some("<p>Mae’r tŷ yn iawn</p>"));
    let json = world.json("/mails.json?to=nel@example.org&limit=1").await;
    assert_eq!((&json["count"], &json["mails"][0]["from"]), (&1.into(), &"alerts@status.example".into()));
}

#[tokio::test]
async fn one_connection_carries_many_mails() {
    let world = world().await;
    let transport = transport(&world);
    for _ in 0..3 {
        transport.send(welsh_mail()).await.unwrap();
    }
    let totals = world.simulator.totals(Channel::Email);
    assert_eq!((totals.accepted, totals.distinct, totals.max), (3, 1, 3));
}

#[tokio::test]
async fn a_pipelined_conversation_is_answered_line_by_line() {
    let world = world().await;
    let answer = talk(
        &world,
        b"EHLO me\r\nNOOP\r\nRSET\r\nAUTH PLAIN AGEAYg==\r\nAUTH LOGIN\r\nYQ==\r\nYg==\r\nMAIL FROM:<>\r\n\
          RCPT TO:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nSubject: x\r\n\r\n..hidden\r\n.\r\nQUIT\r\n",
    )
    .await;
    let expected = ["220", "250", "250", "250", "235", "334", "334", "235", "250", "250", "250", "354", "250", "221"];
    assert_eq!(codes(&answer), expected, "{answer}");
    assert_eq!(world.simulator.mails()[0].text().trim_end(), ".hidden");
    assert_eq!(world.simulator.totals(Channel::Email).accepted, 2);
}

#[tokio::test]
async fn bad_manners_are_told_off_and_do_no_harm() {
    let world = world_with(Settings { max_mail_size: 5000, ..settings() }).await;
    let order = talk(&world, b"DATA\r\nRCPT TO:<a@b.example>\r\nMAIL nonsense\r\nGET / HTTP/1.1\r\nQUIT\r\n").await;
    assert_eq!(codes(&order), ["220", "503", "503", "501", "502", "221"]);
    let long = [b"NOOP ".as_slice(), &[b'A'; 100_000], b"\r\nNOOP\r\nQUIT\r\n"].concat();
    assert_eq!(codes(&talk(&world, &long).await), ["220", "500", "250", "221"]);
    let announced = talk(&world, b"MAIL FROM:<a@b.example> SIZE=999999\r\nQUIT\r\n").await;
    assert_eq!(codes(&announced), ["220", "552", "221"]);
    let start = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n".as_slice();
    let large = [start, &b"0123456789\r\n".repeat(1000), b".\r\nNOOP\r\nQUIT\r\n"].concat();
    assert_eq!(codes(&talk(&world, &large).await), ["220", "250", "250", "354", "552", "250", "221"]);
    assert!(world.simulator.mails().is_empty());
}

#[tokio::test]
async fn a_second_mail_can_not_be_smuggled_behind_a_bare_line_feed() {
    let world = world().await;
    let answer = talk(
        &world,
        b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: x\r\n\r\none\n.\nMAIL FROM:<e@f.example>\
          \n.\r\nstill the first\r\n.\r\nQUIT\r\n",
    )
    .await;
    assert_eq!(codes(&answer), ["220", "250", "250", "354", "250", "221"]);
    assert_eq!(world.simulator.mails().len(), 1);
    assert!(world.simulator.mails()[0].text().contains("still the first"));
}

#[tokio::test]
async fn faults_are_temporary_or_permanent_as_they_say() {
    let world = world().await;
    for (kind, transient) in [(FaultKind::TooMany, true), (FaultKind::Broken, true), (FaultKind::Undelivered, false)] {
        world.simulator.set_fault(Fault::new(Channel::Email, kind));
        let error = transport(&world).send(welsh_mail()).await.unwrap_err();
        assert_eq!((error.is_transient(), error.is_permanent()), (transient, !transient), "{kind:?}");
    }
    world.simulator.set_fault(Fault::new(Channel::Email, FaultKind::Refused));
    assert_eq!(talk(&world, b"").await, "");
    assert!(world.simulator.mails().is_empty());
    assert_eq!(world.simulator.totals(Channel::Email).rejected, 4);
}

#[tokio::test]
async fn a_mail_with_a_lost_answer_is_in_the_inbox() {
    let world = world().await;
    let delay = Duration::from_millis(1);
    world.simulator.set_fault(Fault { delay, ..Fault::new(Channel::Email, FaultKind::AcceptThenTimeout) });
    transport(&world).send(welsh_mail()).await.unwrap_err();
    let totals = world.simulator.totals(Channel::Email);
    assert_eq!((totals.accepted, totals.unanswered), (1, 1));
}

#[tokio::test]
async fn old_mails_keep_a_summary() {
    let world = world_with(Settings { keep_mail_contents: 1, ..settings() }).await;
    let transport = transport(&world);
    for _ in 0..2 {
        transport.send(welsh_mail()).await.unwrap();
    }
    let mails = world.simulator.mails();
    assert!(mails[0].content.is_some() && mails[1].content.is_none());
    assert_eq!(mails[0].subject, mails[1].subject);
}

#[tokio::test]
async fn stopping_ends_open_conversations() {
    let world = world().await;
    let mut stream = TcpStream::connect(world.smtp).await.unwrap();
    let mut greeting = [0; 3];
    stream.read_exact(&mut greeting).await.unwrap();
    world.stop.cancel();
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the server hangs up");
}

#[tokio::test]
async fn html_alone_is_read_as_text_too() {
    let world = world().await;
    let html = SinglePart::html("<p>Helo</p>".to_owned());
    let mail = Message::builder()
        .from("a@status.example".parse().unwrap())
        .to("nel@example.org".parse().unwrap())
        .subject("x")
        .singlepart(html)
        .unwrap();
    transport(&world).send(mail).await.unwrap();
    assert!(world.simulator.mails()[0].text().contains("Helo"));
}
