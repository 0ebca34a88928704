//! The people and incidents that the tests tell their stories with.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::audience::Areas;
use domain::delivery::{Broadcast, BroadcastState, Chunk, Outcome, OutcomeState, ProviderName};
use domain::revision::{AdviceChoice, Purpose, Words};
use domain::staff::{Actor, Role};
use domain::subscriber::{ConsentSource, Wishes};
use domain::{
    Announcement, Audience, ChannelKind, Contact, Content, EmailAddress, Incident, IncidentKind, Language, Localized,
    Phase, Revision, RevisionState, Severity,
};
use scenarios::databases::{Database, noon};
use store::{Checkpoint, NewSubscriber, StaffAccount, Store};

pub(super) const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn phone(number: u32) -> Contact {
    Contact::Phone(format!("+4477{number:08}").parse().unwrap())
}

pub(super) fn mailbox(name: &str) -> Contact {
    Contact::Email(EmailAddress::parse(&format!("{name}@example.org")).unwrap())
}

pub(super) fn wishes(language: Language, areas: i64) -> Wishes {
    Wishes { language, areas: Areas(areas), min_severity: Severity::Info }
}

pub(super) fn person(contact: Contact, language: Language) -> NewSubscriber {
    NewSubscriber {
        contact,
        wishes: wishes(language, 1),
        source: ConsentSource::Sample,
        wording_version: "1".to_owned(),
    }
}

/// So many people with phones; every third one reads Welsh.
pub(super) async fn people(db: &Database, count: u32) {
    let language = |number: u32| if number.is_multiple_of(3) { Language::Cy } else { Language::En };
    let people: Vec<_> = (0..count).map(|number| person(phone(number), language(number))).collect();
    assert_eq!(db.store.import_subscribers(&people).await.unwrap(), count as usize);
}

pub(crate) fn incident(db: &Database, number: i64) -> Incident {
    Incident {
        id: db.env.id(),
        number,
        kind: IncidentKind::Incident,
        organisation: "nhs-wales".to_owned(),
        languages: vec![Language::Cy, Language::En],
        slug: Localized::both(format!("outage-{number}"), format!("toriad-{number}")),
        opened_at: noon(),
        starts_at: noon(),
        ends_at: None,
        published_at: None,
        resolved_at: None,
    }
}

pub(crate) fn content(phase: Phase) -> Content {
    Content {
        phase,
        severity: Severity::Serious,
        organisations: vec!["nhs-wales".to_owned()],
        components: vec!["SECRET-COMPONENT".to_owned()],
        services: Vec::new(),
        cause: domain::fact::Cause::default(),
        cyber: domain::fact::Fact::default(),
        data: domain::fact::Fact::default(),
        relations: Vec::new(),
        advice: AdviceChoice::default(),
        advice_stands: Vec::new(),
        on_paper: false,
        next_update_by: None,
        started_at: None,
        early_reason: None,
        words: Words {
            title: Localized::both("GP systems are down", "Mae systemau meddygon teulu i lawr"),
            staff_note: Localized::both("SECRET-NOTE", "SECRET-NOTE"),
            ..Words::default()
        },
        channels: vec![ChannelKind::Sms],
    }
}

pub(super) fn draft(db: &Database, incident: i64, content: Content) -> Revision {
    Revision {
        id: db.env.id(),
        incident,
        number: None,
        purpose: Purpose::Update,
        state: RevisionState::Draft,
        content,
        version: 1,
        author: 7,
        writers: vec![7],
        submitted_by: None,
        approved_by: None,
        approved_hash: None,
        rejection: None,
        break_glass: None,
        created_at: noon(),
        updated_at: noon(),
        published_at: None,
    }
}

/// Publishes one update, with no broadcast.
pub(crate) async fn publish(db: &Database, incident: &mut Incident, content: Content) -> Revision {
    let tx = db.store.begin().await.unwrap();
    if incident.published_at.is_none() {
        tx.insert_incident(incident).await.unwrap();
    }
    let over = content.phase.is_over();
    let mut revision = draft(db, incident.id, content);
    revision.state = RevisionState::Published;
    revision.number = Some(tx.next_update_number(incident.id).await.unwrap());
    revision.published_at = Some(db.env.now());
    tx.insert_revision(&revision).await.unwrap();
    incident.published_at = incident.published_at.or(Some(db.env.now()));
    incident.resolved_at = over.then(|| db.env.now());
    tx.mark_published(incident).await.unwrap();
    tx.touch_publication().await.unwrap();
    tx.commit().await.unwrap();
    revision
}

pub(super) fn everyone() -> Audience {
    Audience { areas: Areas(1), severity: Severity::Serious }
}

/// An update of a new incident on its way to everyone with a phone.
pub(super) async fn broadcast(db: &Database, chunk_size: u64) -> Broadcast {
    let mut incident = incident(db, db.env.id());
    publish(db, &mut incident, content(Phase::Investigating)).await;
    broadcast_of(db, &incident, chunk_size).await
}

pub(super) async fn broadcast_of(db: &Database, incident: &Incident, chunk_size: u64) -> Broadcast {
    let broadcast = Broadcast {
        id: db.env.id(),
        incident: incident.id,
        update: 1,
        audience: everyone(),
        state: BroadcastState::Sending,
        created_at: db.env.now(),
    };
    let tx = db.store.begin().await.unwrap();
    tx.save_announcement(&broadcast, &announcement()).await.unwrap();
    tx.plan_chunks(&broadcast, &[ChannelKind::Sms, ChannelKind::Mastodon], chunk_size).await.unwrap();
    tx.commit().await.unwrap();
    broadcast
}

pub(super) fn announcement() -> Announcement {
    let sms = [(Language::En, "GP systems are down.".to_owned()), (Language::Cy, "Mae systemau i lawr.".to_owned())];
    Announcement { sms: sms.into(), ..Announcement::default() }
}

pub(super) fn outcome(subscriber: i64, state: OutcomeState) -> Outcome {
    Outcome {
        subscriber,
        state,
        provider: Some(ProviderName::of("primary")),
        reference: Some(format!("SM{subscriber}")),
        code: 0,
        attempt: 1,
        retry_at: (state == OutcomeState::Waiting).then(|| noon() + MINUTE),
        at: noon(),
    }
}

pub(super) fn outcomes(subscribers: &[i64], state: OutcomeState) -> Vec<Outcome> {
    subscribers.iter().map(|id| outcome(*id, state)).collect()
}

/// Sends a whole chunk as a notifier does, and ends it. Returns who was sent to.
pub(super) async fn send_all(store: &Store, chunk: &Chunk, group: u64, state: OutcomeState) -> Vec<i64> {
    let mut sent: Vec<i64> = Vec::new();
    let mut last: Vec<Outcome> = Vec::new();
    let mut after = chunk.cursor;
    loop {
        let people = store.group(chunk, after, group).await.unwrap();
        let Some(cursor) = people.last().map(|one| one.id) else { break };
        let step = Checkpoint { outcomes: &last, cursor, group_start: after, lease_for: MINUTE };
        assert!(store.checkpoint(chunk, step).await.unwrap());
        let ids: Vec<i64> = people.iter().map(|one| one.id).collect();
        last = outcomes(&ids, state);
        sent.extend(ids);
        after = cursor;
    }
    assert!(store.finish_chunk(chunk, &last).await.unwrap());
    sent
}

pub(super) fn alice() -> Actor {
    Actor { id: 7, name: "Alice".to_owned(), role: Role::Author, organisation: None }
}

pub(super) fn account(db: &Database, email: &str) -> StaffAccount {
    StaffAccount {
        id: db.env.id(),
        email: email.to_owned(),
        name: "Alice".to_owned(),
        role: Role::Author,
        organisation: None,
        password_hash: Some("hash".to_owned()),
        totp_secret: Some(b"TOTP-SECRET".to_vec()),
        totp_last_step: 0,
        setup_hash: None,
        setup_expires: None,
        active: true,
    }
}

pub(super) fn in_minutes(minutes: i64) -> DateTime<Utc> {
    noon() + chrono::Duration::minutes(minutes)
}
