//! The simulator's templates with sample data, for the test that renders every template.

use domain::Env;
use render::Sample;

use crate::mails::Envelope;
use crate::pages::view::{Home, Live, MailPage, PostPage};
use crate::posts::Draft;
use crate::{Channel, Fault, FaultKind, Settings, Simulator};

/// One sample of each template.
///
/// # Panics
/// Never: the sample phone number is a number.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let simulator = Simulator::new(Settings::default(), Env::fixed(chrono::DateTime::UNIX_EPOCH, 1));
    simulator.reply("+447700900123", "Helo https://status.example/d/1").expect("a phone number");
    let envelope = Envelope { from: "a@status.example".into(), to: vec!["nel@example.org".into()] };
    let mail = simulator.take_mail(&envelope, b"Subject: Helo\r\nContent-Language: cy\r\n\r\nDiolch\r\n");
    let mail = simulator.mail(mail).expect("just taken");
    let moment = simulator.moment();
    let draft = Draft {
        channel: Channel::Mastodon,
        account: "statws",
        text: "Helo",
        language: Some("cy"),
        in_reply_to: None,
        visibility: "public",
    };
    let post = simulator.world().publish(draft, moment);
    simulator.set_fault(Fault::new(Channel::Sms, FaultKind::Slow));
    vec![
        Sample::of(Home::of(&simulator, "07700 900123")),
        Sample::of(Live::of(&simulator, "")),
        Sample::of(MailPage::of(&mail)),
        Sample::of(PostPage::of(&post)),
    ]
}
