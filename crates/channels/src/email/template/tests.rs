//! The built mail, read back by another mail library, and what hostile words cannot do to it.

use std::sync::Arc;

use chrono::DateTime;
use domain::EmailAddress;
use mail_parser::{HeaderValue, MessageParser};

use super::*;

fn identity() -> MailIdentity {
    let text = "relay = 'smtp://127.0.0.1'\nfrom = 'Rhybuddion GIG Cymru – tŷ <alerts@status.example>'\nreply_to = 'help@status.example'";
    MailIdentity::new(&toml::from_str(text).unwrap()).unwrap()
}

fn letter() -> Letter {
    Letter {
        language: Language::Cy,
        subject: "Systemau’r GIG yng Nghymru: tŷ ŵyn".to_owned(),
        text: format!("Diweddariad ŵ ŷ.\n.\nGadael: {LEAVE_LINK}\n"),
        html: format!("<html lang=\"cy\"><p>Tŷ <a href=\"{LEAVE_LINK}\">Gadael</a> a {LEAVE_LINK}</p></html>"),
        thread: "inc-42@status.example".to_owned(),
        feedback_id: "inc42:update:status:example".to_owned(),
    }
}

fn mail(letter: &Letter) -> Mail {
    Mail {
        to: EmailAddress::parse("nel+alerts@example.wales").unwrap(),
        template: Arc::new(MailTemplate::new(&identity(), letter).unwrap()),
        delivery: "7.981".to_owned(),
        message_id: "inc-42.u3.d-981@status.example".to_owned(),
        leave_url: format!("https://status.example/cy/rhybuddion/gadael/{}?a=1&b==", "x".repeat(60)),
        date: DateTime::parse_from_rfc3339("2018-01-24T09:05:00Z").unwrap().to_utc(),
    }
}

fn built(mail: &Mail) -> String {
    String::from_utf8(mail.template.address(mail).unwrap()).expect("a mail is ASCII on the wire")
}

#[test]
fn the_reader_sees_the_words_and_their_own_link() {
    let mail = mail(&letter());
    let wire = built(&mail);
    let message = MessageParser::default().parse(wire.as_bytes()).unwrap();
    assert_eq!(message.subject(), Some("Systemau’r GIG yng Nghymru: tŷ ŵyn"));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("Rhybuddion GIG Cymru – tŷ"));
    let text = message.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(text, format!("Diweddariad ŵ ŷ.\n.\nGadael: {}\n", mail.leave_url));
    let escaped = mail.leave_url.replace('&', "&amp;");
    let html = message.body_html(0).unwrap();
    assert_eq!(
        html.trim_end(),
        format!("<html lang=\"cy\"><p>Tŷ <a href=\"{escaped}\">Gadael</a> a {escaped}</p></html>")
    );
}

#[test]
fn every_header_that_mailbox_providers_ask_for_is_there_once() {
    let mail = mail(&letter());
    let wire = built(&mail);
    let (head, _) = wire.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ");
    for line in [
        "Date: Wed, 24 Jan 2018 09:05:00 +0000",
        "Message-ID: <inc-42.u3.d-981@status.example>",
        "To: <nel+alerts@example.wales>",
        "In-Reply-To: <inc-42@status.example>",
        "References: <inc-42@status.example>",
        "Reply-To: help@status.example",
        "List-Id: <incidents.status.example>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: All",
        "Feedback-ID: inc42:update:status:example",
        "Content-Language: cy",
        "MIME-Version: 1.0",
    ] {
        assert_eq!(unfolded.lines().filter(|found| *found == line).count(), 1, "{line}\n{unfolded}");
    }
    let leave = format!("List-Unsubscribe: <{}>", mail.leave_url);
    assert!(unfolded.lines().any(|line| line == leave), "{unfolded}");
}

#[test]
fn lines_are_short_and_ascii() {
    let long = Letter { subject: "Ŵ".repeat(300), text: "ŷ".repeat(3000), ..letter() };
    let wire = built(&mail(&long));
    assert!(wire.is_ascii());
    let (_, body) = wire.split_once("\r\n\r\n").unwrap();
    assert!(body.split("\r\n").all(|line| line.len() <= 76));
    assert!(wire.split("\r\n").all(|line| line.len() < 998 && !line.contains(['\r', '\n'])));
}

#[test]
fn words_cannot_add_a_header_or_a_part() {
    let hostile = Letter {
        subject: "Storm\r\nBcc: everyone@example.wales\r\n\r\nbody".to_owned(),
        text: format!("--{BOUNDARY}--\r\n\0tBcc: x\r\n.\r\n"),
        feedback_id: "a\r\nBcc: y@example.wales".to_owned(),
        ..letter()
    };
    let wire = built(&mail(&hostile));
    let message = MessageParser::default().parse(wire.as_bytes()).unwrap();
    assert!(message.bcc().is_none());
    assert_eq!(message.text_body_count(), 1);
    assert_eq!(message.html_body_count(), 1);
    assert!(message.body_text(0).unwrap().contains(&format!("--{BOUNDARY}--")));
    assert!(!matches!(message.header("Bcc"), Some(HeaderValue::Address(_))));
}

#[test]
fn ids_and_links_that_could_break_a_header_are_refused() {
    let template = |mail: &Mail| mail.template.address(mail).map(drop);
    for id in ["", "no-at", "a@b@c", "a b@c", "a@b>\r\nBcc: x", "ŵ@c", "@c"] {
        assert_eq!(template(&Mail { message_id: id.to_owned(), ..mail(&letter()) }), Err(MailProblem::Id), "{id:?}");
    }
    for url in ["", "javascript:alert(1)", "https://a/ b", "https://a/>\r\nBcc: x", "https://a/ŵ", "https://a/\"><b>"]
    {
        assert_eq!(template(&Mail { leave_url: url.to_owned(), ..mail(&letter()) }), Err(MailProblem::Link), "{url:?}");
    }
}

#[test]
fn a_dot_never_ends_a_mail_early() {
    for (lines, doubled) in [("a\r\n", "a\r\n"), (".\r\n.b\r\nc.", "..\r\n..b\r\nc."), ("", "")] {
        assert_eq!(with_dots_doubled(lines.as_bytes()), doubled.as_bytes(), "{lines:?}");
    }
    let hostile = Letter {
        subject: ".".to_owned(),
        text: format!(".\n{LEAVE_LINK}.\n.\n\r\n.\r\nRSET"),
        html: format!(".{LEAVE_LINK}.\r\n."),
        feedback_id: "x\r\n.\r\ny".to_owned(),
        ..letter()
    };
    let mail = mail(&hostile);
    assert!(!mail.template.has_dots() && !built(&mail).lines().any(|line| line.starts_with('.')));
    assert!(built(&mail).ends_with("\r\n"), "the final dot stands on a line of its own");
}
