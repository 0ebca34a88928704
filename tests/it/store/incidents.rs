//! Incidents, revisions and the catalogue as staff see them.

use domain::organisation::{Organisation, OrganisationKind};
use domain::{Catalogue, HasKind, Kind, Language, Localized, Phase, RevisionState};
use scenarios::databases::Database;
use scenarios::on_both;

use super::fixtures::*;

on_both! {
    async fn an_incident_comes_back_as_it_was_kept(db: Database) {
        let mut one = incident(db, 1);
        one.ends_at = Some(in_minutes(90));
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.next_incident_number().await.unwrap(), 1);
        tx.insert_incident(&one).await.unwrap();
        assert_eq!(tx.next_incident_number().await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(db.store.incident(one.id).await.unwrap(), Some(one.clone()));
        assert_eq!(db.store.incident_by_number(1).await.unwrap(), Some(one.clone()));
        assert_eq!(db.store.incident(5).await.unwrap(), None);
    }
}

on_both! {
    async fn incidents_are_paged_newest_first(db: Database) {
        let tx = db.store.begin().await.unwrap();
        for number in 1..=5 {
            tx.insert_incident(&incident(db, number)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let first = db.store.incidents(None, 2).await.unwrap();
        let second = db.store.incidents(Some(first[1].id), 10).await.unwrap();
        let numbers: Vec<i64> = first.iter().chain(&second).map(|one| one.number).collect();
        assert_eq!(numbers, [5, 4, 3, 2, 1]);
    }
}

on_both! {
    async fn one_number_belongs_to_one_incident(db: Database) {
        let tx = db.store.begin().await.unwrap();
        tx.insert_incident(&incident(db, 1)).await.unwrap();
        let error = tx.insert_incident(&incident(db, 1)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict);
    }
}

on_both! {
    async fn of_two_edits_of_one_version_the_second_is_refused(db: Database) {
        let one = incident(db, 1);
        let mut revision = draft(db, one.id, content(Phase::Investigating));
        let tx = db.store.begin().await.unwrap();
        tx.insert_incident(&one).await.unwrap();
        tx.insert_revision(&revision).await.unwrap();
        tx.commit().await.unwrap();

        revision.version = 2;
        revision.state = RevisionState::Submitted;
        revision.submitted_by = Some(7);
        let tx = db.store.begin().await.unwrap();
        assert!(tx.update_revision(&revision, 1).await.unwrap());
        assert!(!tx.update_revision(&revision, 1).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(db.store.revision(revision.id).await.unwrap(), Some(revision.clone()));
        assert_eq!(db.store.revisions(one.id).await.unwrap(), [revision.clone()]);
        assert_eq!(db.store.revisions_waiting().await.unwrap(), [revision]);
    }
}

on_both! {
    async fn what_is_published_never_changes(db: Database) {
        let mut one = incident(db, 1);
        let mut revision = publish(db, &mut one, content(Phase::Investigating)).await;
        revision.content.words.title = Localized::both("Nothing happened", "Dim byd");
        let tx = db.store.begin().await.unwrap();
        assert!(!tx.update_revision(&revision, 1).await.unwrap());
    }
}

on_both! {
    async fn the_past_knows_work_on_paper_and_its_backlog(db: Database) {
        let mut one = incident(db, 1);
        publish(db, &mut one, domain::Content { on_paper: true, ..content(Phase::Investigating) }).await;
        publish(db, &mut one, content(Phase::Monitoring)).await;
        let past = db.store.past(one.id).await.unwrap();
        assert_eq!((past.phase, past.on_paper, past.recovered), (Some(Phase::Monitoring), true, false));
        publish(db, &mut one, content(Phase::Recovering)).await;
        assert!(db.store.past(one.id).await.unwrap().recovered);
        assert_eq!(db.store.past(5).await.unwrap().phase, None);
    }
}

on_both! {
    async fn an_organisation_keeps_its_bit_for_ever(db: Database) {
        save(db, &["wales", "powys", "gwent"]).await;
        save(db, &["velindre", "gwent", "wales"]).await;
        let catalogue = db.store.catalogue().await.unwrap();
        let bits = ["wales", "powys", "gwent", "velindre"].map(|key| catalogue.area_bit(key));
        assert_eq!(bits, [Some(0), Some(1), Some(2), Some(3)]);
    }
}

on_both! {
    async fn lists_take_their_new_order_and_lose_nothing(db: Database) {
        let group = |key: &str| domain::service::ServiceGroup { key: key.to_owned(), name: Localized::both(key, key) };
        let save_groups = async |keys: &[&str]| {
            let groups = keys.iter().map(|key| group(key)).collect();
            let tx = db.store.begin().await.unwrap();
            tx.save_catalogue(&Catalogue { groups, ..Catalogue::default() }).await.unwrap();
            tx.commit().await.unwrap();
        };
        save_groups(&["a", "b", "c"]).await;
        save_groups(&["c", "a"]).await;
        let keys: Vec<_> = db.store.catalogue().await.unwrap().groups.into_iter().map(|one| one.key).collect();
        assert_eq!(keys, ["c", "a", "b"]);
    }
}

async fn save(db: &Database, keys: &[&str]) {
    let organisations = keys.iter().map(|key| organisation(key)).collect();
    let tx = db.store.begin().await.unwrap();
    tx.save_catalogue(&Catalogue { organisations, ..Catalogue::default() }).await.unwrap();
    tx.commit().await.unwrap();
}

fn organisation(key: &str) -> Organisation {
    Organisation {
        key: key.to_owned(),
        kind: OrganisationKind::Board,
        parent: None,
        name: Localized::both(key, key),
        short: Localized::both(key, key),
        sms_name: Localized::default(),
        area: Localized::default(),
        in_area: Localized::default(),
        languages: vec![Language::Cy, Language::En],
        valid_from: None,
        valid_until: None,
        subscribable: true,
        match_words: Vec::new(),
    }
}
