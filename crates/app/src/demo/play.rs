//! Plays the story: waits, sets the clock, and lets the story's staff write, approve and publish as anyone would.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use authoring::{ContentInput, OpenIncident};
use tokio_util::sync::CancellationToken;

use super::ready::Ready;
use super::story::{Happening, Story, Update};
use crate::wiring::Parts;

/// Plays every update, then lets the clock run on. Ends when the demo is stopped.
pub(crate) async fn play(parts: Parts, ready: Ready, story: Story, (speed, stop): (f64, CancellationToken)) {
    let played = async {
        if let Err(error) = tell(&parts, &ready, &story, speed).await {
            let error = format!("{error:#}");
            tracing::error!(error, "the story cannot go on");
        }
    };
    tokio::select! {
        () = stop.cancelled() => return,
        () = played => {}
    }
    parts.env.set_clock(parts.env.now(), 1.0);
    tracing::info!("the story has ended; everything stays as it is, and the clock runs on");
    stop.cancelled().await;
}

async fn tell(parts: &Parts, ready: &Ready, story: &Story, speed: f64) -> anyhow::Result<()> {
    let mut opened = BTreeMap::new();
    for (update, pause) in story.updates.iter().zip(story.pauses()) {
        let pause = pause.to_std().unwrap_or_default();
        tokio::time::sleep(Duration::from_secs_f64(pause.as_secs_f64() / speed)).await;
        // After a long pause the clock leaps; after a short one it has nearly arrived here by itself. It stands while
        // the staff act, so that every time on the page is the one that the words speak of.
        parts.env.set_clock(update.at, 0.0);
        let happening = story.incidents.iter().find(|one| one.key == update.incident).context("no such incident")?;
        let incident = publish(parts, ready, (happening, update), opened.get(&update.incident).copied()).await?;
        opened.insert(update.incident.clone(), incident);
        parts.env.set_clock(update.at, speed);
        tracing::info!(at = %update.at, incident = update.incident, "published");
    }
    Ok(())
}

async fn publish(
    parts: &Parts,
    ready: &Ready,
    (happening, update): (&Happening, &Update),
    incident: Option<i64>,
) -> anyhow::Result<i64> {
    let (author, approver) = (ready.caller(&update.author)?, ready.caller(&update.approver)?);
    let content = ContentInput::from_json(serde_json::Value::Object(update.revision.clone()))
        .map_err(|problems| anyhow::anyhow!("the update of {} is refused: {problems:?}", update.at))?;
    let staff = &parts.authoring;
    let revision = match incident {
        Some(incident) => staff.add_revision(&author, incident, content).await?,
        None => staff.open_incident(&author, opening(happening, content)).await?.revision,
    };
    staff.submit(&author, revision.id).await?;
    let hash = staff.hash(&approver, revision.id).await?;
    staff.approve(&approver, revision.id, &hash).await?;
    staff.publish(&approver, revision.id).await?;
    Ok(revision.incident)
}

fn opening(happening: &Happening, content: ContentInput) -> OpenIncident {
    OpenIncident {
        kind: happening.kind,
        starts_at: happening.starts_at,
        ends_at: happening.ends_at,
        place: Some((happening.number, happening.slug.clone())),
        content,
    }
}
