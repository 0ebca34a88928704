//! Personal data at rest: found by whoever knows the contact, readable for nobody without the key.

use domain::Language;
use domain::subscriber::{ConsentSource, SubscriberState};
use scenarios::databases::Database;
use scenarios::on_both;
use store::DirectMessage;

use super::fixtures::*;

on_both! {
    async fn a_contact_is_found_however_it_is_typed(db: Database) {
        db.store.import_subscribers(&[person(mailbox("Carys.Jones"), Language::Cy)]).await.unwrap();
        let subscriptions = db.store.subscriptions();
        let found = subscriptions.find(&mailbox("carys.jones")).await.unwrap().unwrap();
        assert_eq!(found.wishes, wishes(Language::Cy, 1));
        assert_eq!(subscriptions.by_id(found.id).await.unwrap().unwrap().contact, mailbox("Carys.Jones"));
        assert!(subscriptions.find(&mailbox("dafydd")).await.unwrap().is_none());
    }
}

on_both! {
    async fn an_import_can_say_who_asked_not_to_be_contacted(db: Database) {
        let people = [person(phone(900_123), Language::En), person(mailbox("carys"), Language::Cy), person(mailbox("dafydd"), Language::Cy)];
        assert_eq!(db.store.stopped_among(&people).await.unwrap(), 0);
        assert_eq!(db.store.import_subscribers(&people).await.unwrap(), 3);
        assert_eq!(db.store.stopped_among(&people).await.unwrap(), 0, "to be known is no refusal");
        assert!(db.store.erase(&mailbox("carys")).await.unwrap());
        assert_eq!(db.store.stopped_among(&people).await.unwrap(), 1);
        assert_eq!(db.store.stopped_among(&people[..1]).await.unwrap(), 0, "of these people alone");
        assert_eq!(db.store.stopped_among(&[]).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn no_number_address_code_or_secret_is_in_the_file() {
    let db = Database::sqlite().await;
    let new = [person(phone(900_123), Language::En), person(mailbox("carys.jones"), Language::Cy)];
    db.store.import_subscribers(&new).await.unwrap();
    let tx = db.store.begin().await.unwrap();
    tx.save_staff(&account(&db, "alice@staff.example")).await.unwrap();
    tx.count("sign-up carys.jones@example.org", MINUTE).await.unwrap();
    let message = DirectMessage {
        id: db.env.id(),
        contact: phone(900_123),
        language: Language::En,
        subject: None,
        text: "Your code is 867530".to_owned(),
        html: None,
        dedupe_key: "1".to_owned(),
        expires_at: in_minutes(10),
    };
    tx.enqueue_message(&message).await.unwrap();
    tx.commit().await.unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(db.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        files += 1;
        for secret in ["900123", "carys", "867530", "TOTP-SECRET"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
    assert!(files >= 2, "the file and its log were looked at");
    assert!(db.store.staff_by_email("Alice@Staff.Example").await.unwrap().unwrap().totp_secret.is_some());
}

on_both! {
    async fn leaving_keeps_the_stop_mark_alone_and_coming_back_restores_all(db: Database) {
        let subscriptions = db.store.subscriptions();
        let tx = subscriptions.begin().await.unwrap();
        let id = tx.subscribe(&phone(1), wishes(Language::Cy, 1), ConsentSource::Web, "2").await.unwrap();
        tx.commit().await.unwrap();

        let tx = subscriptions.begin().await.unwrap();
        assert!(tx.leave(id, "link").await.unwrap());
        assert!(!tx.leave(id, "link").await.unwrap());
        assert!(tx.leave_contact(&phone(1), "stop").await.unwrap().is_none());
        tx.commit().await.unwrap();
        assert_eq!(db.number("SELECT count(*) FROM subscriber WHERE contact IS NULL").await, 1);
        assert_eq!(subscriptions.find(&phone(1)).await.unwrap().unwrap().state, SubscriberState::Left);
        // A list from elsewhere does not bring back who left.
        assert_eq!(db.store.import_subscribers(&[person(phone(1), Language::En)]).await.unwrap(), 0);
        assert_eq!(subscriptions.find(&phone(1)).await.unwrap().unwrap().state, SubscriberState::Left);

        let tx = subscriptions.begin().await.unwrap();
        let again = tx.subscribe(&phone(1), wishes(Language::En, 2), ConsentSource::Text, "3").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(again, id);
        let back = subscriptions.by_id(id).await.unwrap().unwrap();
        assert_eq!((back.contact, back.wishes), (phone(1), wishes(Language::En, 2)));
    }
}

on_both! {
    async fn people_are_brought_in_and_out_in_order_and_once(db: Database) {
        people(db, 1_200).await;
        let again: Vec<_> = (1_150..1_250).map(|number| person(phone(number), Language::En)).collect();
        assert_eq!(db.store.import_subscribers(&again).await.unwrap(), 50);
        let mut all = Vec::new();
        loop {
            let after = all.last().map_or(0, |one: &domain::Subscriber| one.id);
            let some = db.store.export_subscribers(after, 400).await.unwrap();
            if some.is_empty() {
                break;
            }
            all.extend(some);
        }
        assert_eq!(all.len(), 1_250);
        assert_eq!(all[700].contact, phone(700));
    }
}

on_both! {
    async fn two_sign_ups_of_one_person_at_once_are_one_subscription(db: Database) {
        let (one, two) = (db.store.subscriptions(), db.other_process().subscriptions());
        let sign_up = async |subscriptions: &store::Subscriptions, language| {
            let tx = subscriptions.begin().await.unwrap();
            let id = tx.subscribe(&phone(1), wishes(language, 1), ConsentSource::Web, "1").await.unwrap();
            tx.commit().await.unwrap();
            id
        };
        let (first, second) = tokio::join!(sign_up(&one, Language::Cy), sign_up(&two, Language::En));
        assert_eq!(first, second);
        assert_eq!(one.by_id(first).await.unwrap().unwrap().contact, phone(1));
    }
}

on_both! {
    async fn of_an_erased_person_only_a_stop_mark_is_left(db: Database) {
        people(db, 2).await;
        let id = db.store.subscriptions().find(&phone(1)).await.unwrap().unwrap().id;
        assert!(db.store.erase(&phone(1)).await.unwrap());
        assert!(!db.store.erase(&phone(1)).await.unwrap(), "nothing more is known");
        assert!(!db.store.erase(&phone(9)).await.unwrap(), "nor of a stranger");
        assert!(db.store.subscriptions().by_id(id).await.unwrap().is_none());
        let nothing = "contact IS NULL AND areas = 0 AND consented_at = 0 AND wording = ''";
        assert_eq!(db.number(&format!("SELECT count(*) FROM subscriber WHERE id = {id} AND {nothing}")).await, 1);
        let list = [person(phone(1), Language::En)];
        assert_eq!(db.store.import_subscribers(&list).await.unwrap(), 0, "no list brings them back");
    }
}

on_both! {
    async fn one_damaged_contact_does_not_stop_the_others(db: Database) {
        people(db, 5).await;
        let one = db.store.subscriptions().find(&phone(1)).await.unwrap().unwrap().id;
        let other = db.store.subscriptions().find(&phone(2)).await.unwrap().unwrap().id;
        // A ciphertext moved to another row must not open there, or a number could be swapped.
        let swap = "UPDATE subscriber SET contact = (SELECT contact FROM subscriber WHERE id = ";
        db.sql(&format!("{swap}{other}) WHERE id = {one}")).await;
        assert_eq!(db.store.export_subscribers(0, 10).await.unwrap().len(), 4);
        assert!(db.store.subscriptions().by_id(one).await.is_err());
        // But when nothing can be read, that is no empty list.
        db.sql(&format!("UPDATE subscriber SET contact = (SELECT contact FROM subscriber WHERE id = {one})")).await;
        db.sql(&format!("DELETE FROM subscriber WHERE id = {other}")).await;
        assert!(db.store.export_subscribers(0, 10).await.is_err());
    }
}
