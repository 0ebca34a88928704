//! What the public handle shows, and what it can never show.

use domain::advice::CauseName;
use domain::service::{Component, Service};
use domain::{Catalogue, Language, Localized, Phase};
use scenarios::databases::Database;
use scenarios::on_both;

use super::fixtures::*;

on_both! {
    async fn nothing_for_staff_leaves_through_the_public_handle(db: Database) {
        let mut one = incident(db, 1);
        let revision = publish(db, &mut one, content(Phase::Investigating)).await;
        let tx = db.store.begin().await.unwrap();
        let mut hidden = draft(db, one.id, content(Phase::Fixing));
        hidden.content.words.title = Localized::both("SECRET-DRAFT", "SECRET-DRAFT");
        tx.insert_revision(&hidden).await.unwrap();
        tx.insert_incident(&incident(db, 2)).await.unwrap();
        tx.commit().await.unwrap();

        let published = db.store.published();
        let seen = published.incident(one.id).await.unwrap().unwrap();
        assert_eq!(seen.updates.len(), 1);
        assert_eq!(seen.updates[0].content.words.title, revision.content.words.title);
        let all = format!("{:?}{:?}", seen, published.recent(10).await.unwrap());
        assert!(!all.contains("SECRET"), "{all}");
        assert_eq!(published.incident_versions().await.unwrap().len(), 1);
        assert!(published.incident(hidden.id).await.unwrap().is_none());
    }
}

on_both! {
    async fn the_public_catalogue_has_no_word_of_staff(db: Database) {
        let name = || Localized::both("SECRET", "SECRET");
        let public = || Localized::both("GP appointments", "Apwyntiadau meddyg teulu");
        let catalogue = Catalogue {
            services: vec![Service {
                key: "gp".to_owned(),
                group: "care".to_owned(),
                name: public(),
                staff_name: Some("SECRET".to_owned()),
            }],
            components: vec![Component { key: "dc".to_owned(), name: name(), feeds: Vec::new() }],
            causes: vec![CauseName { key: "x".to_owned(), name: name(), staff_only: true }],
            ..Catalogue::default()
        };
        let tx = db.store.begin().await.unwrap();
        tx.save_catalogue(&catalogue).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.catalogue().await.unwrap(), catalogue);
        for seen in [db.store.published().catalogue().await.unwrap(), db.store.subscriptions().catalogue().await.unwrap()] {
            assert!(!format!("{seen:?}").contains("SECRET"));
            assert_eq!(seen.services[0].name, public());
        }
    }
}

on_both! {
    async fn only_what_a_publication_touched_has_changed(db: Database) {
        let (mut one, mut two) = (incident(db, 1), incident(db, 2));
        publish(db, &mut one, content(Phase::Investigating)).await;
        publish(db, &mut two, content(Phase::Investigating)).await;
        let published = db.store.published();
        let (version, before) = (published.version().await.unwrap(), published.incident_versions().await.unwrap());
        publish(db, &mut two, content(Phase::Fixing)).await;
        let after = published.incident_versions().await.unwrap();
        assert!(published.version().await.unwrap() > version);
        assert_eq!(before[0], after[0]);
        assert!(before[1].1 < after[1].1 && after[1].1 > version);
        assert_eq!(published.versions_after(version).await.unwrap(), after[1..]);
        assert_eq!(published.versions_after(after[1].1).await.unwrap(), []);
        let both = published.incidents(&[one.id, two.id, 987]).await.unwrap();
        assert_eq!(both.iter().map(|one| one.updates.len()).sum::<usize>(), 3, "{both:?}");
    }
}

on_both! {
    async fn an_incident_is_open_until_it_is_over_and_again_when_it_comes_back(db: Database) {
        let mut one = incident(db, 1);
        let open = async || db.store.published().open().await.unwrap().len();
        publish(db, &mut one, content(Phase::Monitoring)).await;
        assert_eq!(open().await, 1);
        publish(db, &mut one, content(Phase::Resolved)).await;
        assert_eq!(open().await, 0);
        publish(db, &mut one, content(Phase::Reopened)).await;
        assert_eq!(open().await, 1);
        let updates = db.store.published().recent(1).await.unwrap().remove(0).updates;
        let phases: Vec<Phase> = updates.iter().map(|update| update.content.phase).collect();
        assert_eq!(phases, [Phase::Monitoring, Phase::Resolved, Phase::Reopened]);
        assert_eq!(updates.iter().map(|update| update.number).collect::<Vec<_>>(), [1, 2, 3]);
    }
}

on_both! {
    async fn an_update_in_one_language_says_which_is_to_follow(db: Database) {
        let mut english = content(Phase::Investigating);
        english.words.title = Localized::default();
        english.words.title.set(Language::En, "GP systems are down");
        let mut one = incident(db, 1);
        publish(db, &mut one, english).await;
        let seen = db.store.published().incident(one.id).await.unwrap().unwrap();
        assert_eq!(seen.updates[0].missing, [Language::Cy]);
    }
}

on_both! {
    async fn every_incident_of_a_long_history_comes_with_its_updates(db: Database) {
        for number in 1..=520 {
            publish(db, &mut incident(db, number), content(Phase::Investigating)).await;
        }
        let all = db.store.published().recent(10_000).await.unwrap();
        assert_eq!(all.len(), 520);
        assert!(all.iter().all(|one| one.updates.len() == 1));
    }
}
