//! Publishing: one transaction moves the page, the feeds, the texts, the mails and the posts.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::delivery::{Broadcast, BroadcastState};
use domain::staff::Act;
use domain::{Announcement, ChannelKind, Kind, RevisionState};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{PostJob, Tx};

use super::review::is_own;
use super::{Case, about, reason};
use crate::Authoring;
use crate::caller::{Begun, Caller};
use crate::error::{ActionError, Result};
use crate::judge::as_problems;

/// How long `publish` waits for the page.
const PAGE_PATIENCE: Duration = Duration::from_secs(2);

/// An update that is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// The revision, which is also the id of its broadcast.
    pub broadcast: i64,
    /// The incident.
    pub incident: i64,
    /// The number of the update within the incident.
    pub update: i64,
}

/// What lets a revision out.
enum Leave {
    Approved,
    HoldingStatement,
    Emergency(String),
}

impl Authoring {
    /// Publishes an approved revision, or a holding statement that needs no second person. Publishing twice is
    /// harmless: the second answer is that of the first. Answers when the page shows it, or after two seconds.
    ///
    /// # Errors
    /// Conflict when it is not approved as it is now; the reasons when it may not be published.
    pub async fn publish(&self, caller: &Caller, id: i64) -> Result<Publication> {
        caller.permit(Act::Publish)?;
        match self.try_to_publish(caller, id, None).await {
            Err(error) if error.kind() == Kind::Conflict => self.try_to_publish(caller, id, None).await,
            done => done,
        }
    }

    /// Publishes alone in an emergency, with a reason. Only a missing or differing language is excused.
    ///
    /// # Errors
    /// When the caller may not break the glass, gives no reason, or the revision could not go out even so; conflict when
    /// somebody sent it back and it was not changed since.
    pub async fn publish_alone(&self, caller: &Caller, id: i64, why: &str) -> Result<Publication> {
        caller.permit(Act::BreakGlass)?;
        let why = reason("reason", why)?;
        match self.try_to_publish(caller, id, Some(&why)).await {
            Err(error) if error.kind() == Kind::Conflict => self.try_to_publish(caller, id, Some(&why)).await,
            done => done,
        }
    }

    /// Of two who publish at the same moment one comes second; looking again, it finds the first one's publication.
    async fn try_to_publish(&self, caller: &Caller, id: i64, alone: Option<&str>) -> Result<Publication> {
        let tx = match self.begin(caller).await? {
            Begun::Fresh(tx) => tx,
            Begun::Replayed(publication) => return Ok(publication),
        };
        let case = self.case(&tx, caller, id).await?;
        if let Some(done) = already_public(&case) {
            return Ok(done);
        }
        let (leave, problems) = match alone {
            // An emergency excuses that nobody was asked, not that somebody said no.
            Some(_) if case.revision.is_sent_back() => return Err(ActionError::Conflict("sent-back")),
            Some(why) => (Leave::Emergency(why.to_owned()), case.judged(&tx).await?.problems_in_emergency()),
            None => (self.leave(&tx, &case, caller).await?, case.problems(&tx).await?),
        };
        if !problems.is_empty() {
            return Err(ActionError::Invalid(as_problems(&problems)));
        }
        self.go(tx, caller, case, leave).await
    }

    /// Why this revision may go out now.
    async fn leave(&self, tx: &Tx, case: &Case, caller: &Caller) -> Result<Leave> {
        let revision = &case.revision;
        if revision.state == RevisionState::Approved {
            let fresh = revision.approved_hash.as_deref() == Some(case.hash.as_str());
            return if fresh { Ok(Leave::Approved) } else { Err(ActionError::Conflict("approval-stale")) };
        }
        match self.not_alone_of(tx, case).await? {
            None if is_own(revision, caller) => Ok(Leave::HoldingStatement),
            _ => Err(ActionError::Conflict("not-approved")),
        }
    }

    async fn go(&self, tx: Tx, caller: &Caller, case: Case, leave: Leave) -> Result<Publication> {
        let now = self.env().now();
        let Case { mut incident, mut revision, catalogue, announcement, hash, .. } = case;
        let update = tx.next_update_number(incident.id).await?;
        revision.state = RevisionState::Published;
        revision.number = Some(update);
        revision.published_at = Some(now);
        if let Leave::Emergency(why) = &leave {
            revision.break_glass = Some(why.clone());
        }
        self.save(&tx, &mut revision).await?;
        incident.starts_at = revision.content.started_at.unwrap_or(incident.starts_at);
        incident.published_at = incident.published_at.or(Some(now));
        incident.resolved_at = revision.content.phase.is_over().then(|| incident.resolved_at.unwrap_or(now));
        tx.mark_published(&incident).await?;
        tx.relate(&incident, &revision.content.relations).await?;

        let audience = self.composer(&catalogue).audience(&revision.content);
        let broadcast = Broadcast {
            id: revision.id,
            incident: incident.id,
            update,
            audience,
            state: BroadcastState::Sending,
            created_at: now,
        };
        let people = self.announce(&tx, &broadcast, &revision.content.channels, &announcement).await?;
        let (action, why) = match &leave {
            Leave::Approved => ("revision.published", Value::Null),
            Leave::HoldingStatement => ("revision.published-holding", Value::Null),
            Leave::Emergency(why) => ("revision.published-alone", Value::from(why.as_str())),
        };
        let early = &revision.content.early_reason;
        let details = json!({"hash": hash, "update": update, "people": people, "reason": why, "early_reason": early});
        tx.record(&caller.actor, about(&revision, action, details)).await?;
        tx.touch_publication().await?;
        let publication = Publication { broadcast: broadcast.id, incident: incident.id, update };
        self.commit(tx, caller, &publication).await?;
        self.wait_for_page().await;
        Ok(publication)
    }

    /// Writes down who is told and by which way, and ends what older updates have not said yet. Gives the number of
    /// people for each channel.
    async fn announce(
        &self,
        tx: &Tx,
        broadcast: &Broadcast,
        channels: &[ChannelKind],
        announcement: &Announcement,
    ) -> Result<BTreeMap<&'static str, i64>> {
        tx.save_announcement(broadcast, announcement).await?;
        let people = tx.plan_chunks(broadcast, channels, self.settings().chunk_size).await?;
        tx.insert_posts(&self.posts(broadcast, channels, announcement)).await?;
        tx.supersede_older(broadcast).await?;
        tx.close_if_complete(broadcast.id).await?;
        Ok(people.into_iter().map(|(channel, count)| (channel.key(), count)).collect())
    }

    /// One job per part and account of the update's languages.
    fn posts(&self, broadcast: &Broadcast, channels: &[ChannelKind], announcement: &Announcement) -> Vec<PostJob> {
        if !channels.contains(&ChannelKind::Mastodon) {
            return Vec::new();
        }
        let mut jobs = Vec::new();
        for account in self.social_accounts() {
            let Some(post) = announcement.posts.get(&account.language) else { continue };
            for (part, text) in (1_i32..).zip(&post.parts) {
                jobs.push(PostJob {
                    id: self.env().id(),
                    broadcast: broadcast.id,
                    incident: broadcast.incident,
                    account: account.name.clone(),
                    language: account.language,
                    part,
                    text: text.clone(),
                    reply_to: None,
                    idempotency_key: format!("{}-{}-{part}", broadcast.id, account.name),
                    attempts: 0,
                    lease: 0,
                });
            }
        }
        jobs
    }

    /// A page that is slow does not undo a publication, so neither failure nor lateness is passed on.
    async fn wait_for_page(&self) {
        let Some(seen) = self.page_seen() else { return };
        let Ok(version) = self.store().published().version().await else { return };
        if tokio::time::timeout(PAGE_PATIENCE, seen.shows(version)).await.is_err() {
            tracing::warn!(publication.version = version, "the page does not show the publication yet");
        }
    }
}

fn already_public(case: &Case) -> Option<Publication> {
    let update = case.revision.number?;
    let publication = Publication { broadcast: case.revision.id, incident: case.incident.id, update };
    (case.revision.state == RevisionState::Published).then_some(publication)
}
