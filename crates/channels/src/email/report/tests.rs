//! Reports as mail systems write them, and as nobody should.

use super::*;

fn verp() -> Verp {
    Verp::new(&(0..32).collect::<Vec<u8>>(), "bounce.example.wales")
}

fn address() -> String {
    verp().address("42.981")
}

/// A report as Postfix writes it.
fn postfix(to: &str, fields: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\nTo: {to}\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"4bXk1Z/mx.example\"\r\n\r\n\
         This is a MIME-encapsulated message.\r\n\r\n--4bXk1Z/mx.example\r\n\
         Content-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         Action: failed\r\nStatus: 5.1.1\r\nI'm sorry to have to inform you ...\r\n\r\n--4bXk1Z/mx.example\r\n\
         Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: 4bXk1Z\r\nArrival-Date: Wed, 24 Jan 2018 15:06:00 +0000\r\n\
         \r\nFinal-Recipient: rfc822; nel@practice.example\r\n{fields}\r\n\r\n--4bXk1Z/mx.example\r\n\
         Content-Type: message/rfc822\r\n\r\nSubject: our update\r\n\r\nwords\r\n\r\n--4bXk1Z/mx.example--\r\n"
    )
}

const UNKNOWN: &str =
    "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n    <nel@practice.example>: user unknown";

fn read(mail: &str) -> Result<MailReport, Unread> {
    MailReport::read(mail.as_bytes(), None, &verp())
}

fn bounced(result: SendResult) -> Result<MailReport, Unread> {
    Ok(MailReport { about: About::Delivery("42.981".to_owned()), news: News::Bounced(result) })
}

/// A complaint with these fields about a mail with these headers.
fn complaint(fields: &str, original: &str) -> String {
    format!(
        "From: <feedback@mailbox.example>\nTo: <abuse@status.example>\nSubject: FW: our update\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=part\n\n--part\n\
         Content-Type: text/plain\n\nThis is an email abuse report.\n\n--part\n\
         Content-Type: message/feedback-report\n\n{fields}User-Agent: SomeGenerator/1.0\nVersion: 1\n\n--part\n\
         Content-Type: message/rfc822\nContent-Disposition: inline\n\n{original}\n\nwords\n--part--\n"
    )
}

#[test]
fn a_bounce_is_known_by_the_address_that_it_comes_to() {
    assert_eq!(read(&postfix(&address(), UNKNOWN)), bounced(SendResult::RecipientGone { code: 550 }));
    let full = "Action: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full";
    assert_eq!(read(&postfix(&address(), full)), bounced(SendResult::RecipientSoft { code: 552 }));
    // Some systems write to another mailbox and deliver to ours.
    let elsewhere = postfix("alerts@status.example", UNKNOWN);
    assert_eq!(read(&elsewhere), Err(Unread::NoSeal));
    let known = MailReport::read(elsewhere.as_bytes(), Some(&address()), &verp());
    assert_eq!(known, bounced(SendResult::RecipientGone { code: 550 }));
    let delivered = format!("Delivered-To: {}\r\n{elsewhere}", address().to_uppercase());
    assert_eq!(read(&delivered), bounced(SendResult::RecipientGone { code: 550 }));
}

#[test]
fn what_is_not_final_changes_nothing() {
    for fields in [
        "Action: delayed\r\nStatus: 4.4.1\r\nWill-Retry-Until: Mon, 29 Jan 2018 15:06:00 +0000",
        "Action: delivered\r\nStatus: 2.0.0",
        "Action: relayed\r\nStatus: 2.0.0",
        "Action: expanded\r\nStatus: 2.0.0",
        "Status: 5.1.1",
        "",
    ] {
        assert_eq!(read(&postfix(&address(), fields)), Err(Unread::NothingFinal), "{fields}");
    }
}

#[test]
fn answers_of_people_and_machines_are_no_bounces() {
    let to = address();
    for mail in [
        format!(
            "To: {to}\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nBack on Monday.\r\nAction: failed\r\n"
        ),
        format!("To: {to}\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\r\nThanks\r\n--x--\r\n"),
        format!("To: {to}\r\nContent-Type: multipart/report; report-type=delivery-status\r\n\r\nno boundary"),
        format!("To: {to}\r\nContent-Type: multipart/report; boundary=x\r\n\r\nno parts"),
        String::new(),
        "\r\n\r\n".to_owned(),
    ] {
        assert_eq!(read(&mail), Err(Unread::NoReport), "{mail}");
    }
}

#[test]
fn a_made_up_bounce_is_nobodys() {
    for to in
        ["b+42.981.aaaaaaaaaaaaaaaa@bounce.example.wales", "b+42.981@bounce.example.wales", "nel@practice.example", ""]
    {
        assert_eq!(read(&postfix(to, UNKNOWN)), Err(Unread::NoSeal), "{to}");
    }
}

#[test]
fn an_encoded_status_is_read_too() {
    let plain = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: utf-8; nel@practice.example\nAction: failed\nStatus: 5.1.1\n";
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, plain);
    for (encoding, body) in
        [("base64", encoded), ("Quoted-Printable", plain.replace("5.1.1", "5=2E1.1")), ("8bit", plain.to_owned())]
    {
        let mail = format!(
            "To: {}\nContent-Type: MULTIPART/REPORT; boundary=x\n\n--x\n\
             Content-Type: Message/Global-Delivery-Status\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--x--\n",
            address()
        );
        assert_eq!(read(&mail), bounced(SendResult::RecipientGone { code: 550 }), "{encoding}");
    }
}

#[test]
fn a_complaint_is_known_by_what_only_the_recipient_has_seen() {
    let sealed = Ok(MailReport { about: About::Delivery("42.981".to_owned()), news: News::Complained });
    let from = format!("Feedback-Type: abuse\nOriginal-Mail-From: <{}>\n", address());
    assert_eq!(read(&complaint(&from, "Subject: our update")), sealed);
    let path = complaint("Feedback-Type: Abuse\n", &format!("Return-Path: <{}>\nSubject: our update", address()));
    assert_eq!(read(&path), sealed);
    let link =
        "List-Unsubscribe: <mailto:x@y.example>,\n <https://status.example/en/alerts/leave/TOKEN>\nSubject: our update";
    let token = About::LeaveToken("TOKEN".to_owned());
    assert_eq!(read(&complaint("Feedback-Type: abuse\n", link)).unwrap().about, token);
    assert_eq!(format!("{token:?}"), "LeaveToken(***)");
    let message_id = "Message-ID: <inc-42.u3.s981@status.example>\nFeedback-ID: inc42:update:status:status.example";
    assert_eq!(read(&complaint("Feedback-Type: abuse\n", message_id)), Err(Unread::NoSeal), "anybody can guess it");
    for kind in ["not-spam", "virus", "other", "auth-failure", ""] {
        let fields = from.replace("abuse", kind);
        assert_eq!(read(&complaint(&fields, "Subject: our update")), Err(Unread::NothingFinal), "{kind}");
    }
}

#[test]
fn hostile_mails_do_no_harm() {
    let to = address();
    let nested = "Content-Type: message/rfc822\n\n".repeat(30_000);
    let report = |body: &str| format!("To: {to}\nContent-Type: multipart/report; boundary=x\n\n--x\n{body}\n--x--\n");
    let boundaries =
        (0..20_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect::<String>();
    let groups = "Final-Recipient: rfc822; x\n\n".repeat(30_000);
    for mail in [
        nested.clone(),
        report(&nested),
        report(&format!("Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--x\n{nested}")),
        report(&boundaries),
        boundaries.clone(),
        report(&format!("Content-Type: message/delivery-status\n\n{groups}Action: failed\nStatus: 5.1.1\n")),
        report(&"\n--x\n".repeat(100_000)),
        format!("To: {}\n\n", "<".repeat(500_000)),
        "a:\n".repeat(300_000),
        "\n ".repeat(300_000),
        "\u{0}\u{feff}--x".repeat(50_000),
    ] {
        assert!(read(&mail).is_err());
    }
    let bytes: Vec<u8> = (0..=255).cycle().take(500_000).collect();
    assert!(MailReport::read(&bytes, Some("b+\u{fffd}@x"), &verp()).is_err());
}
