//! Mails as inboxes get them: their headers, their words, and the way out of them.

use domain::{ChannelKind, Language};
use http::StatusCode;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::{People, mail_address, mail_contact};
use scenarios::process::client;
use scenarios::update::Update;
use simulator::{Mail, MailContent};

fn content(mail: &Mail) -> &MailContent {
    mail.content.as_ref().expect("the newest mails are kept whole")
}

fn header<'m>(mail: &'m Mail, name: &str) -> &'m str {
    mail.header(name).unwrap_or_else(|| panic!("the header {name}"))
}

/// The address in angle brackets that begins with `scheme`.
fn leave_address(mail: &Mail) -> String {
    let all = header(mail, "List-Unsubscribe").split(',').map(|one| one.trim().trim_matches(['<', '>']));
    all.filter(|one| one.starts_with("http")).map(str::to_owned).next().expect("an address to leave at")
}

on_both! {
    async fn a_mail_says_who_it_is_from_and_how_to_leave(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::inboxes(0, 1).reading(Language::Cy)).await;
        app.subscribe(People::inboxes(1, 1)).await;
        let first = app.publish(&Update::first().on(&[ChannelKind::Email])).await;
        app.until_done(first.broadcast).await;
        let next = app.publish_next(first.incident, &Update::next().on(&[ChannelKind::Email])).await;
        app.until_done(next.broadcast).await;

        let subscriber = db.number("SELECT MIN(id) FROM subscriber").await;
        let mails = app.world.simulator.mails_to(&mail_address(0));
        let find = |update: i64| {
            let id = format!("<inc-{}.u{update}.s{subscriber}@status.example>", first.incident);
            mails.iter().find(|mail| header(mail, "Message-ID") == id).unwrap_or_else(|| panic!("a mail with the id {id}"))
        };
        let (one, two) = (find(1), find(2));
        assert_eq!(&*one.subject, "GIG Cymru: problem TG yn effeithio ar feddygfeydd ac ysbytai – 24 Ionawr");
        assert_eq!(one.subject, two.subject, "mail programs thread by it");
        assert_eq!(header(one, "References"), header(two, "References"));
        assert_eq!(header(one, "Content-Language"), "cy");
        assert_eq!(header(one, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert!(header(one, "From").contains("alerts@status.example"));
        assert!(one.from.contains("@bounce.status.example"), "bounces name the person: {}", one.from);
        assert!(content(one).text.contains("systemau TG"), "{}", content(one).text);
        assert!(content(one).html.as_ref().is_some_and(|html| html.contains("lang=\"cy\"")));
        let english = &app.world.simulator.mails_to(&mail_address(1))[0];
        assert_eq!(header(english, "Content-Language"), "en");
    }
}

/// Scanners of mail follow every link; a mail program posts when somebody wants to leave.
pub(super) async fn one_click_leaves_and_looking_does_not(db: &Database) {
    let app = Installation::start(db).await;
    app.subscribe(People::inboxes(0, 2)).await;
    let first = app.publish(&Update::first().on(&[ChannelKind::Email])).await;
    app.until_done(first.broadcast).await;
    let leave = leave_address(&app.world.simulator.mails_to(&mail_address(0))[0]);
    assert!(!leave.contains("person0"), "no address in an address");

    let client = client();
    let looked = client.get(&leave).send().await.unwrap();
    assert_eq!(looked.status(), StatusCode::OK);
    assert!(app.listens_in(&mail_contact(&mail_address(0))).await.is_some(), "mail scanners look at every link");
    for _ in 0..2 {
        let click = client.post(&leave).header("content-type", "application/x-www-form-urlencoded");
        let answer = click.body("List-Unsubscribe=One-Click").send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }
    assert_eq!(app.listens_in(&mail_contact(&mail_address(0))).await, None);
    let next = app.publish_next(first.incident, &Update::next().on(&[ChannelKind::Email])).await;
    app.until_done(next.broadcast).await;
    assert_eq!(app.world.simulator.mails_to(&mail_address(0)).len(), 1, "nothing after leaving");
    assert_eq!(app.world.simulator.mails_to(&mail_address(1)).len(), 2);
}
