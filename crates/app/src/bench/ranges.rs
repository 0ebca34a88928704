//! A broadcast that nobody sends, for benchmarks of the database alone: people, an incident, and an update cut into
//! ranges.

use domain::audience::Areas;
use domain::delivery::{Broadcast, BroadcastState};
use domain::{Announcement, Audience, ChannelKind, Incident, IncidentKind, Language, Localized, Severity};
use store::Store;

use super::people;
use super::site::Site;

/// Signs up so many people, and cuts an update to all of them into ranges of `size`.
///
/// # Errors
/// When the database does not answer, or the update does not reach everybody.
pub(super) async fn plan(site: &Site, people: u64, size: u64) -> anyhow::Result<Broadcast> {
    let store = &site.parts.store;
    people::sign_up(store, people).await?;
    let incident = incident(site);
    let areas = Areas::chosen(&store.catalogue().await?, ["nhs-wales"]);
    let broadcast = Broadcast {
        id: site.parts.env.id(),
        incident: incident.id,
        update: 1,
        audience: Audience { areas, severity: Severity::Critical },
        state: BroadcastState::Sending,
        created_at: site.parts.env.now(),
    };
    save(store, &incident, &broadcast, size).await?;
    let reached = store.progress(broadcast.id).await?.get(&ChannelKind::Sms).map_or(0, |progress| progress.audience);
    anyhow::ensure!(u64::try_from(reached)? == people, "the update reaches {reached} people instead of {people}");
    Ok(broadcast)
}

async fn save(store: &Store, incident: &Incident, broadcast: &Broadcast, size: u64) -> anyhow::Result<()> {
    let texts = Language::ALL.map(|language| (language, "Benchmark".to_owned()));
    let announcement = Announcement { sms: texts.into(), ..Announcement::default() };
    let tx = store.begin().await?;
    tx.insert_incident(incident).await?;
    tx.save_announcement(broadcast, &announcement).await?;
    tx.plan_chunks(broadcast, &[ChannelKind::Sms], size).await?;
    Ok(tx.commit().await?)
}

fn incident(site: &Site) -> Incident {
    let now = site.parts.env.now();
    Incident {
        id: site.parts.env.id(),
        number: 9_000,
        kind: IncidentKind::Incident,
        organisation: "nhs-wales".to_owned(),
        languages: vec![Language::Cy, Language::En],
        slug: Localized::both("benchmark", "meincnod"),
        opened_at: now,
        starts_at: now,
        ends_at: None,
        published_at: None,
        resolved_at: None,
    }
}
