//! Who gets an update, in which words, how often; and what the counts say.

use domain::{ChannelKind, Language, Severity};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::{People, mail_address, phone_number};
use scenarios::update::Update;
use scenarios::waiting::until;
use simulator::Channel;

on_both! {
    async fn everyone_concerned_gets_one_message_in_their_language(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(0, 30)).await;
        app.subscribe(People::phones(30, 30).reading(Language::Cy).in_areas(&["pthb"])).await;
        app.subscribe(People::inboxes(0, 30).reading(Language::Cy)).await;
        // These three groups did not ask for it.
        app.subscribe(People::phones(100, 10).in_areas(&["sbuhb"])).await;
        app.subscribe(People::phones(110, 10).from_severity(Severity::Critical)).await;
        app.subscribe(People::inboxes(100, 10).in_areas(&["mft"])).await;

        let update = Update::first().about(&["pthb"]).severity(Severity::Serious);
        let published = app.publish(&update).await;
        app.until_done(published.broadcast).await;

        let ledger = app.world.simulator.ledger();
        assert_eq!((ledger.totals.distinct, ledger.totals.repeats), (90 + 2, 0), "with one post on each account");
        let phone = app.world.simulator.phone(&phone_number(0)).expect("a phone");
        assert!(phone.texts[0].text.starts_with("NHS Wales: some computer systems"), "{}", phone.texts[0].text);
        let phone = app.world.simulator.phone(&phone_number(30)).expect("a phone");
        assert!(phone.texts[0].text.starts_with("GIG Cymru: nid yw rhai"), "{}", phone.texts[0].text);
        let mail = &app.world.simulator.mails_to(&mail_address(0))[0];
        assert!(mail.subject.starts_with("GIG Cymru: problem TG"), "{}", mail.subject);
    }
}

on_both! {
    async fn the_counts_are_those_of_the_outside_world(db: Database) {
        let app = Installation::start(db).await;
        app.subscribe(People::phones(0, 400)).await;
        app.subscribe(People::inboxes(0, 300)).await;
        let published = app.publish(&Update::first()).await;
        app.until_done(published.broadcast).await;
        until("every text has its receipt", async || {
            app.progress(published.broadcast, ChannelKind::Sms).await.delivered == 400
        })
        .await;
        let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
        assert_eq!((texts.audience, texts.sent, texts.failed, texts.remaining), (400, 400, 0, 0));
        assert_eq!(app.world.simulator.totals(Channel::Sms).accepted, 400);
        let mails = app.progress(published.broadcast, ChannelKind::Email).await;
        assert_eq!((mails.audience, mails.sent, mails.failed, mails.remaining), (300, 300, 0, 0));
        assert_eq!(app.world.simulator.totals(Channel::Email).accepted, 300);
        assert!(texts.first_sent_at.is_some() && texts.first_sent_at <= texts.last_sent_at);
    }
}

on_both! {
    async fn who_leaves_before_their_turn_gets_nothing(db: Database) {
        let app = Installation::with(db).rate(20).start().await;
        app.subscribe(People::phones(0, 200)).await;
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        until("the broadcast has begun", async || app.world.simulator.totals(Channel::Sms).accepted > 0).await;
        let subscriptions = app.subscriptions();
        let tx = subscriptions.begin().await.unwrap();
        for place in 150..200 {
            tx.leave_contact(&scenarios::people::phone_contact(&phone_number(place)), "page").await.unwrap();
        }
        tx.commit().await.unwrap();
        app.until_done(published.broadcast).await;
        let texts = app.progress(published.broadcast, ChannelKind::Sms).await;
        assert_eq!((texts.sent, texts.skipped), (150, 50));
        assert_eq!(app.world.simulator.totals(Channel::Sms).accepted, 150);
        assert!(app.world.simulator.phone(&phone_number(199)).is_none());
    }
}
