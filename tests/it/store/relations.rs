//! What incidents say of each other, as the database keeps it: read from both sides, and only by those whom it concerns.

use domain::{Phase, Relation, RelationKind};
use scenarios::databases::{Database, noon};
use scenarios::on_both;

use super::fixtures::*;

fn said(number: i64, kind: RelationKind, by: &str) -> Relation {
    Relation { number, kind, stated_by: Some(by.to_owned()), stated_at: Some(noon()) }
}

/// Publishes one more update of an incident that says this of others.
async fn tell(db: &Database, incident: &mut domain::Incident, relations: &[Relation]) {
    publish(db, incident, content(Phase::Fixing)).await;
    let tx = db.store.begin().await.unwrap();
    tx.mark_published(incident).await.unwrap();
    tx.relate(incident, relations).await.unwrap();
    tx.commit().await.unwrap();
}

async fn told(db: &Database, incident: &domain::Incident) -> Vec<(i64, &'static str, String)> {
    let found = db.store.published().incident(incident.id).await.unwrap().unwrap();
    found
        .relations
        .into_iter()
        .chain(found.told_by_others)
        .map(|one| (one.number, one.kind.key(), one.stated_by.unwrap_or_default()))
        .collect()
}

on_both! {
    async fn each_side_tells_what_either_says_and_its_own_word_first(db: Database) {
        let (mut one, mut two, mut three) = (incident(db, 1), incident(db, 2), incident(db, 3));
        for incident in [&mut one, &mut two, &mut three] {
            publish(db, incident, content(Phase::Investigating)).await;
        }
        tell(db, &mut one, &[said(2, RelationKind::NotRelated, "A"), said(3, RelationKind::Related, "A")]).await;
        let owned = |rows: &[(i64, &'static str, &str)]| {
            rows.iter().map(|(number, kind, by)| (*number, *kind, (*by).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(told(db, &one).await, owned(&[(2, "not_related", "A"), (3, "related", "A")]));
        assert_eq!(told(db, &two).await, owned(&[(1, "not_related", "A")]));
        // Of two who say the same each is heard on its own page; of two who do not, both are.
        tell(db, &mut two, &[said(1, RelationKind::NotRelated, "B")]).await;
        tell(db, &mut three, &[said(1, RelationKind::NotRelated, "C")]).await;
        assert_eq!(told(db, &two).await, owned(&[(1, "not_related", "B")]));
        assert_eq!(told(db, &three).await, owned(&[(1, "not_related", "C"), (1, "related", "A")]));
        let first = owned(&[(2, "not_related", "A"), (3, "related", "A"), (3, "not_related", "C")]);
        assert_eq!(told(db, &one).await, first);
        tell(db, &mut one, &[]).await;
        assert_eq!(told(db, &three).await, owned(&[(1, "not_related", "C")]));
        let all = db.store.published().incidents(&[one.id, two.id, three.id]).await.unwrap();
        assert_eq!(all.iter().map(|one| one.relations.len() + one.told_by_others.len()).sum::<usize>(), 4, "{all:?}");
    }
}

on_both! {
    async fn a_publication_touches_those_it_speaks_of_and_nobody_else(db: Database) {
        let (mut one, mut two, mut three) = (incident(db, 1), incident(db, 2), incident(db, 3));
        for incident in [&mut one, &mut two, &mut three] {
            publish(db, incident, content(Phase::Investigating)).await;
        }
        let touched = async |before: i64| {
            let after = db.store.published().versions_after(before).await.unwrap();
            after.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
        };
        let version = async || db.store.published().version().await.unwrap();
        let before = version().await;
        tell(db, &mut one, &[said(2, RelationKind::NotRelated, "A")]).await;
        assert_eq!(touched(before).await, [one.id, two.id]);
        // The page of the other one names the headline of this one, so that each further word of it counts.
        let before = version().await;
        tell(db, &mut two, &[]).await;
        assert_eq!(touched(before).await, [one.id, two.id]);
        let before = version().await;
        tell(db, &mut one, &[]).await;
        assert_eq!(touched(before).await, [one.id, two.id], "what is said no more goes from both");
        let before = version().await;
        tell(db, &mut one, &[]).await;
        assert_eq!(touched(before).await, [one.id]);
    }
}

on_both! {
    async fn nothing_is_said_of_what_is_not_public_or_of_itself(db: Database) {
        let mut one = incident(db, 1);
        publish(db, &mut one, content(Phase::Investigating)).await;
        let tx = db.store.begin().await.unwrap();
        tx.insert_incident(&incident(db, 2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.public_numbers(&[1, 2, 3]).await.unwrap(), [1]);
        assert_eq!(db.store.public_numbers(&[]).await.unwrap(), [0; 0]);
        let claims = [1, 2, 3].map(|number| said(number, RelationKind::Related, "A"));
        tell(db, &mut one, &claims).await;
        assert_eq!(told(db, &one).await, []);
    }
}

on_both! {
    async fn a_database_from_before_learns_to_relate(db: Database) {
        let (mut one, mut two) = (incident(db, 1), incident(db, 2));
        publish(db, &mut one, content(Phase::Investigating)).await;
        publish(db, &mut two, content(Phase::Investigating)).await;
        db.sql("DROP TABLE incident_relation; DELETE FROM seaql_migrations WHERE version = 'm0008_relations'").await;
        let newer = db.other_process();
        assert_eq!(newer.migrate().await.unwrap(), ["m0008_relations"]);
        assert_eq!(told(db, &one).await, []);
        tell(db, &mut one, &[said(2, RelationKind::NotRelated, "A")]).await;
        assert_eq!(told(db, &two).await.len(), 1);
    }
}
