//! Posts: threads that stay in order.

use domain::delivery::BroadcastState;
use domain::{ChannelKind, Language, Phase};
use scenarios::databases::Database;
use scenarios::on_both;
use store::{PostJob, PostOutcome};

use super::fixtures::*;

async fn post(db: &Database, broadcast: &domain::delivery::Broadcast, parts: i32) {
    let job = |part| PostJob {
        id: db.env.id(),
        broadcast: broadcast.id,
        incident: broadcast.incident,
        account: "cy".to_owned(),
        language: Language::Cy,
        part,
        text: format!("part {part}"),
        reply_to: None,
        idempotency_key: format!("{}-{part}", broadcast.id),
        attempts: 0,
        lease: 0,
    };
    let tx = db.store.begin().await.unwrap();
    tx.insert_posts(&(1..=parts).map(job).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn due(db: &Database) -> Vec<PostJob> {
    db.store.due_posts(9, MINUTE).await.unwrap()
}

fn posted(id: &str) -> PostOutcome {
    PostOutcome::Posted { remote_id: id.to_owned() }
}

on_both! {
    async fn each_part_answers_the_one_before_it_across_updates(db: Database) {
        let mut one = incident(db, 1);
        publish(db, &mut one, content(Phase::Investigating)).await;
        let first = broadcast_of(db, &one, 10).await;
        post(db, &first, 2).await;
        let jobs = due(db).await;
        assert_eq!((jobs.len(), jobs[0].part, jobs[0].reply_to.as_deref()), (1, 1, None));
        assert!(due(db).await.is_empty());
        assert!(db.store.settle_post(&jobs[0], posted("a")).await.unwrap());
        assert!(!db.store.settle_post(&jobs[0], posted("a")).await.unwrap());
        let jobs = due(db).await;
        assert_eq!((jobs[0].part, jobs[0].reply_to.as_deref()), (2, Some("a")));
        assert!(db.store.settle_post(&jobs[0], posted("b")).await.unwrap());
        assert_eq!(db.store.broadcast(first.id).await.unwrap().unwrap().state, BroadcastState::Done);

        let second = broadcast_of(db, &one, 10).await;
        post(db, &second, 1).await;
        assert_eq!(due(db).await[0].reply_to.as_deref(), Some("b"));
        let progress = &db.store.progress(first.id).await.unwrap()[&ChannelKind::Mastodon];
        assert_eq!((progress.audience, progress.sent, progress.remaining), (2, 2, 0));
    }
}

on_both! {
    async fn a_failed_part_takes_the_later_ones_with_it_and_both_can_be_retried(db: Database) {
        let broadcast = broadcast(db, 10).await;
        post(db, &broadcast, 2).await;
        let job = due(db).await.remove(0);
        assert!(db.store.settle_post(&job, PostOutcome::Retry { at: in_minutes(5) }).await.unwrap());
        assert!(due(db).await.is_empty());
        db.env.advance(chrono::Duration::minutes(5));
        let job = due(db).await.remove(0);
        assert_eq!(job.attempts, 2);
        assert!(db.store.settle_post(&job, PostOutcome::Failed { code: 422 }).await.unwrap());
        assert!(due(db).await.is_empty());
        assert_eq!(db.store.progress(broadcast.id).await.unwrap()[&ChannelKind::Mastodon].failed, 2);
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.retry_failed(broadcast.id).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert_eq!(due(db).await.len(), 1);
    }
}

on_both! {
    async fn a_newer_update_drops_posts_that_have_not_begun(db: Database) {
        let mut one = incident(db, 1);
        publish(db, &mut one, content(Phase::Investigating)).await;
        let (old, new) = (broadcast_of(db, &one, 10).await, broadcast_of(db, &one, 10).await);
        post(db, &old, 2).await;
        post(db, &new, 1).await;
        let tx = db.store.begin().await.unwrap();
        tx.supersede_older(&new).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(db).await.iter().map(|job| job.broadcast).collect::<Vec<_>>(), [new.id]);
    }
}
