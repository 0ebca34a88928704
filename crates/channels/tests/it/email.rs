//! Mail to a relay on a real socket: reused connections, refusals, doubts, and TLS that is not negotiable.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::support::relay::{Manners, Relay, tls_folder};
use channels::settings::EmailSettings;
use channels::{Channel, ChannelProblem, Doubt, Email, Letter, Mail, MailIdentity, MailTemplate, Outgoing, Verp};
use domain::announcement::LEAVE_LINK;
use domain::delivery::SendResult;
use domain::{EmailAddress, Language};

const PIPELINING: Manners = Manners {
    pipelining: true,
    chunking: false,
    withholds: false,
    starttls: false,
    tls: false,
    auth: false,
    injects: false,
    hangs_up_after: None,
};
const CHUNKING: Manners = Manners { chunking: true, ..PIPELINING };

fn settings(relay: &Relay, scheme: &str, extra: &str) -> EmailSettings {
    let ca = tls_folder().join("ca.pem");
    toml::from_str(&format!(
        "relay = '{scheme}://localhost:{}'\nfrom = 'Alerts <alerts@status.example>'\ntimeout_seconds = 1\nca_file = '{}'\n{extra}",
        relay.port(),
        ca.display(),
    ))
    .unwrap()
}

fn email(relay: &Relay) -> Email {
    Email::new(&settings(relay, "smtp", ""), None).unwrap()
}

fn template(settings: &EmailSettings) -> Arc<MailTemplate> {
    let letter = Letter {
        language: Language::En,
        subject: "NHS Wales systems".to_owned(),
        text: format!("Update.\n.\nLeave: {LEAVE_LINK}\n"),
        html: format!("<p>Update. <a href=\"{LEAVE_LINK}\">Leave</a></p>"),
        thread: "inc-42@status.example".to_owned(),
        feedback_id: "inc42:update:status:example".to_owned(),
    };
    Arc::new(MailTemplate::new(&MailIdentity::new(settings).unwrap(), &letter).unwrap())
}

fn mail_to(settings: &EmailSettings, name: &str) -> Outgoing {
    Outgoing::Mail(Mail {
        to: EmailAddress::parse(&format!("{name}@example.wales")).unwrap(),
        template: template(settings),
        delivery: "7.981".to_owned(),
        message_id: "inc-42.u3.d-981@status.example".to_owned(),
        leave_url: "https://status.example/u/TOKEN".to_owned(),
        date: "2018-01-24T09:05:00Z".parse().unwrap(),
    })
}

async fn send(email: &Email, relay: &Relay, name: &str) -> SendResult {
    email.send(&mail_to(&settings(relay, "smtp", ""), name)).await
}

fn accepted() -> SendResult {
    SendResult::Accepted { reference: Some("4F1C2".to_owned()) }
}

#[tokio::test]
async fn one_connection_carries_mail_after_mail_with_or_without_pipelining() {
    for manners in [CHUNKING, PIPELINING, Manners::default()] {
        let relay = Relay::start(manners);
        let email = email(&relay);
        for name in ["nel", "gareth", "sian"] {
            assert_eq!(send(&email, &relay, name).await, accepted());
        }
        assert_eq!(relay.connections(), 1);
        let mails = relay.seen.mails.lock().unwrap();
        assert_eq!(mails.len(), 3);
        assert!(mails[1].1.contains("\r\nTo: <gareth@example.wales>\r\n"));
        assert!(relay.has_heard("EHLO status.example") && relay.has_heard("MAIL FROM:<alerts@status.example>"));
    }
}

#[tokio::test]
async fn a_refused_recipient_costs_no_connection() {
    for manners in [CHUNKING, PIPELINING, Manners::default()] {
        let relay = Relay::start(manners);
        let email = email(&relay);
        assert_eq!(send(&email, &relay, "gone").await, SendResult::RecipientGone { code: 550 });
        let greylisted = SendResult::Retry { after: Some(std::time::Duration::from_mins(5)), code: 450 };
        assert_eq!(send(&email, &relay, "grey").await, greylisted);
        assert_eq!(send(&email, &relay, "spam").await, SendResult::BadMessage { code: 554 });
        assert_eq!(send(&email, &relay, "nel").await, accepted());
        assert_eq!(relay.connections(), 1);
        assert!(relay.has_heard("RSET"));
        assert_eq!(relay.seen.mails.lock().unwrap().len(), 1, "nobody gets the mail of a refused recipient");
    }
}

#[tokio::test]
async fn only_a_lost_last_answer_is_in_doubt() {
    for manners in [CHUNKING, PIPELINING] {
        let relay = Relay::start(manners);
        let email = email(&relay);
        for name in ["lost", "mute"] {
            assert_eq!(send(&email, &relay, name).await, SendResult::Ambiguous { code: 0 }, "{name}");
        }
        assert_eq!(send(&email, &relay, "closing").await, SendResult::Retry { after: None, code: 421 });
        assert_eq!(send(&email, &relay, "nel").await, accepted());
        let message = mail_to(&settings(&relay, "smtp", ""), "lost");
        assert_eq!(email.settle_doubt(&message, "2018-01-24T09:05:00Z".parse().unwrap()).await, Doubt::SafeToRepeat);
    }
}

/// The relay answers only when a client that sends all it may send has nothing more to say. One that waited for an
/// answer before would get none, and one that needs another round trip would be seen to.
#[tokio::test]
async fn a_mail_takes_no_more_round_trips_than_the_relay_needs() {
    const MAILS: usize = 5;
    for (manners, per_mail) in [(CHUNKING, 1), (PIPELINING, 2)] {
        let relay = Relay::start(Manners { withholds: true, ..manners });
        let email = email(&relay);
        for _ in 0..MAILS {
            assert_eq!(send(&email, &relay, "nel").await, accepted());
        }
        let greeting_and_hello = 2;
        assert_eq!(relay.seen.answers.load(Ordering::SeqCst), greeting_and_hello + per_mail * MAILS);
        assert_eq!(relay.connections(), 1);
    }
}

/// A list with many dead mailboxes is the day on which a relay that is called again for each of them closes its door.
#[tokio::test]
async fn half_of_the_recipients_refused_under_load_cost_no_connection() {
    for manners in [CHUNKING, PIPELINING, Manners::default()] {
        let relay = Relay::start(manners);
        let settings = settings(&relay, "smtp", "connections = 4");
        let email = Arc::new(Email::new(&settings, None).unwrap());
        let mut senders = tokio::task::JoinSet::new();
        for number in 0..200 {
            let name = if number % 2 == 0 { "gone" } else { "nel" };
            let (email, mail) = (Arc::clone(&email), mail_to(&settings, &format!("{name}{number}")));
            senders.spawn(async move { (number, email.send(&mail).await) });
        }
        while let Some(result) = senders.join_next().await {
            let (number, result) = result.unwrap();
            let expected = if number % 2 == 0 { SendResult::RecipientGone { code: 550 } } else { accepted() };
            assert_eq!(result, expected);
        }
        assert!(relay.connections() <= 4, "{} connections", relay.connections());
        assert_eq!(relay.seen.mails.lock().unwrap().len(), 100);
    }
}

#[tokio::test]
async fn a_relay_that_hung_up_on_a_resting_connection_is_called_again() {
    let relay = Relay::start(Manners { hangs_up_after: Some(1), ..PIPELINING });
    let email = email(&relay);
    for _ in 0..3 {
        assert_eq!(send(&email, &relay, "nel").await, accepted());
    }
    assert_eq!(relay.connections(), 3);
    assert_eq!(relay.seen.mails.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn many_senders_share_the_allowed_connections() {
    let relay = Relay::start(PIPELINING);
    let settings = settings(&relay, "smtp", "connections = 3");
    let email = Arc::new(Email::new(&settings, None).unwrap());
    let mut senders = tokio::task::JoinSet::new();
    for number in 0..60 {
        let (email, mail) = (Arc::clone(&email), mail_to(&settings, &format!("nel{number}")));
        senders.spawn(async move { email.send(&mail).await });
    }
    while let Some(result) = senders.join_next().await {
        assert_eq!(result.unwrap(), accepted());
    }
    assert!(relay.seen.most_open.load(Ordering::SeqCst) <= 3 && relay.connections() <= 3);
    assert_eq!(relay.seen.mails.lock().unwrap().len(), 60);
}

#[tokio::test]
async fn each_mail_has_its_own_bounce_address() {
    let relay = Relay::start(PIPELINING);
    let verp = Verp::new(&[7; 32], "bounce.status.example");
    let email = Email::new(&settings(&relay, "smtp", ""), Some(verp.clone())).unwrap();
    assert_eq!(send(&email, &relay, "nel").await, accepted());
    assert!(relay.has_heard(&format!("MAIL FROM:<{}>", verp.address("7.981"))));
}

#[tokio::test]
async fn passwords_and_mail_travel_under_tls_only() {
    for (scheme, manners) in [
        ("smtps", Manners { tls: true, auth: true, ..PIPELINING }),
        ("smtp+starttls", Manners { starttls: true, auth: true, ..PIPELINING }),
    ] {
        let relay = Relay::start(manners);
        let settings = settings(&relay, scheme, "user = 'u'\npassword = 'p'");
        let email = Email::new(&settings, None).unwrap();
        email.check().await.unwrap();
        for name in ["nel", "gareth"] {
            assert_eq!(email.send(&mail_to(&settings, name)).await, accepted(), "{scheme}");
        }
        assert_eq!(relay.connections(), 2, "one for the check, one for the mails");
    }
}

#[tokio::test]
async fn a_relay_without_starttls_gets_no_mail() {
    let relay = Relay::start(PIPELINING);
    let settings = settings(&relay, "smtp+starttls", "");
    let email = Email::new(&settings, None).unwrap();
    assert_eq!(email.send(&mail_to(&settings, "nel")).await, SendResult::BadConfig { code: 0 });
    assert!(matches!(email.check().await, Err(ChannelProblem::Settings { .. })));
    assert!(relay.seen.mails.lock().unwrap().is_empty());
}

#[tokio::test]
async fn words_said_before_tls_are_not_taken_for_the_relays() {
    let relay = Relay::start(Manners { starttls: true, injects: true, ..PIPELINING });
    let settings = settings(&relay, "smtp+starttls", "");
    let email = Email::new(&settings, None).unwrap();
    assert_eq!(email.send(&mail_to(&settings, "nel")).await, SendResult::Unreachable { code: 0 });
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let relay = Relay::start(Manners { tls: true, ..PIPELINING });
    let trusting_nobody = EmailSettings { ca_file: None, ..settings(&relay, "smtps", "") };
    let email = Email::new(&trusting_nobody, None).unwrap();
    assert!(matches!(email.check().await, Err(ChannelProblem::Tls(_))));
}

#[tokio::test]
async fn a_wrong_password_pauses_the_channel_and_harms_nobody() {
    let relay = Relay::start(Manners { auth: true, ..PIPELINING });
    let settings = settings(&relay, "smtp", "user = 'u'\npassword = 'wrong'");
    let email = Email::new(&settings, None).unwrap();
    assert_eq!(email.send(&mail_to(&settings, "nel")).await, SendResult::BadConfig { code: 535 });
    assert!(matches!(email.check().await, Err(ChannelProblem::Refused(535))));
}

#[tokio::test]
async fn a_server_that_does_not_speak_smtp_is_no_relay() {
    use crate::support::provider::{Act, Provider};
    let provider = Provider::start(vec![Act::HangUp]);
    let port: u16 = provider.url().rsplit(':').next().unwrap().parse().unwrap();
    let text = format!("relay = 'smtp://127.0.0.1:{port}'\nfrom = 'alerts@status.example'\ntimeout_seconds = 1");
    let settings: EmailSettings = toml::from_str(&text).unwrap();
    let email = Email::new(&settings, None).unwrap();
    assert_eq!(email.send(&mail_to(&settings, "nel")).await, SendResult::Unreachable { code: 0 });
}
