//! Plays the story: waits, sets the clock, and lets the story's staff write, approve and publish as anyone would.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use authoring::{ContentInput, OpenIncident};
use tokio_util::sync::CancellationToken;

use super::ready::Ready;
use super::story::{Happening, Story, Update};
use crate::wiring::Parts;

/// How long the story waits for messages on their way, in real time; with a fault switched on they may never arrive.
const SENT_WITHIN: Duration = Duration::from_secs(60);

/// How often it looks whether they have arrived.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

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
        all_is_sent(parts).await?;
        // After a long pause the clock leaps; after a short one it has nearly arrived here by itself. It stands while
        // the staff act, so that every time on the page is the one that the words speak of.
        parts.env.set_clock(update.at, 0.0);
        let happening = story.incidents.iter().find(|one| one.key == update.incident).context("no such incident")?;
        let incident = publish(parts, ready, (happening, update), opened.get(&update.incident).copied()).await?;
        opened.insert(update.incident.clone(), incident);
        parts.env.set_clock(update.at, speed);
        tracing::info!(at = %update.at, incident = update.incident, "published");
    }
    for draft in &story.drafts {
        let incident = *opened.get(&draft.incident).context("a draft about nothing that was published")?;
        let author = ready.caller(&draft.author)?;
        parts.authoring.add_revision(&author, incident, content(draft)?).await?;
    }
    Ok(())
}

/// Holds the clock until everybody has what was published, also by whoever tries the screens: on a slow machine the
/// next update would overtake it, and after a leap over a night it would be too late to be sent.
async fn all_is_sent(parts: &Parts) -> anyhow::Result<()> {
    parts.env.set_clock(parts.env.now(), 0.0);
    for _ in 0..SENT_WITHIN.as_millis() / LOOK_AGAIN.as_millis() {
        if !parts.store.is_sending().await? {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(())
}

/// What an update says.
fn content(update: &Update) -> anyhow::Result<ContentInput> {
    ContentInput::from_json(serde_json::Value::Object(update.revision.clone()))
        .map_err(|problems| anyhow::anyhow!("the update of {} is refused: {problems:?}", update.at))
}

async fn publish(
    parts: &Parts,
    ready: &Ready,
    (happening, update): (&Happening, &Update),
    incident: Option<i64>,
) -> anyhow::Result<i64> {
    let (author, approver) = (ready.caller(&update.author)?, ready.caller(&update.approver)?);
    let content = content(update)?;
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
