//! What the answers and reports of providers mean for subscriptions: they end, or rest for a while, each with a reason.

use std::time::Duration;

use domain::subscriber::SubscriberState;
use sea_orm::Value;

use super::state::SUBSCRIBER_ACTIVE;
use crate::column::{ROWS_AT_ONCE, get, ms, placeholders};
use crate::{Consequence, Reads, StoreError, Tx};

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// On so many days a mailbox may fail before its subscription rests.
const SOFT_BOUNCES: i16 = 3;
/// After so long without a failure the days are counted anew.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A mailbox that keeps failing is left alone for so long.
const REST: Duration = Duration::from_secs(7 * 24 * 3_600);

impl Tx {
    /// Ends the subscriptions of people, or notes that their mailboxes failed. Who is not active any more stays as they
    /// are, and who joined again after they had told a provider to stop stays with us: one that still remembers the stop
    /// says nothing new. Returns how many subscriptions ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn follow_up(&self, people: &[i64], consequence: Consequence) -> Result<u64, StoreError> {
        let mut ended = 0;
        for some in people.chunks(ROWS_AT_ONCE) {
            ended += match consequence {
                Consequence::None => 0,
                Consequence::Gone => self.end_subscriptions(some, SubscriberState::Gone, "gone").await?,
                Consequence::OptedOut => self.heed_stops(some).await?,
                Consequence::Complained => self.end_subscriptions(some, SubscriberState::Left, "complaint").await?,
                Consequence::Soft => self.note_soft_bounces(some).await?,
            };
        }
        Ok(ended)
    }

    async fn end_subscriptions(&self, people: &[i64], state: SubscriberState, reason: &str) -> Result<u64, StoreError> {
        let sql = format!(
            "UPDATE subscriber SET state = $1, contact = NULL, changed_at = $2, reason = $3
             WHERE state = {SUBSCRIBER_ACTIVE} AND id IN ({})",
            placeholders(people.len(), 4)
        );
        let values: [Value; 3] = [state.number().into(), ms(self.core.env.now()).into(), reason.into()];
        self.run(sql, with_ids(values, people)).await
    }

    async fn heed_stops(&self, people: &[i64]) -> Result<u64, StoreError> {
        let sql = format!(
            "UPDATE subscriber SET state = {}, contact = NULL, changed_at = $1, stopped_at = $1, reason = 'provider-stop'
             WHERE state = {SUBSCRIBER_ACTIVE} AND (stopped_at = 0 OR consented_at < stopped_at) AND id IN ({})",
            SubscriberState::Left.number(),
            placeholders(people.len(), 2)
        );
        self.run(sql, with_ids([ms(self.core.env.now()).into()], people)).await
    }

    /// Several mails of one day that come back are one failure: a mail system in trouble, perhaps in the very trouble
    /// that they were about, must not cost anybody their subscription.
    async fn note_soft_bounces(&self, people: &[i64]) -> Result<u64, StoreError> {
        let (now, rests_until) = self.lease_times(REST);
        let ago = |span: Duration| now - i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        let sql = format!(
            "UPDATE subscriber SET
                 soft_bounces = CASE WHEN soft_bounced_at > $2 THEN soft_bounces + 1 ELSE 1 END, soft_bounced_at = $1
             WHERE state = {SUBSCRIBER_ACTIVE} AND soft_bounced_at <= $3 AND id IN ({})",
            placeholders(people.len(), 4)
        );
        self.run(sql, with_ids([now.into(), ago(REMEMBERED).into(), ago(DAY).into()], people)).await?;
        let sql = format!(
            "UPDATE subscriber SET rests_until = $1, soft_bounces = 0, reason = 'soft-bounces'
             WHERE state = {SUBSCRIBER_ACTIVE} AND soft_bounces >= {SOFT_BOUNCES} AND id IN ({})",
            placeholders(people.len(), 2)
        );
        self.run(sql, with_ids([rests_until.into()], people)).await?;
        Ok(0)
    }
}

impl Reads {
    /// Whose subscription a direct message was about; none when its contact has none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_of_message(&self, message: i64) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT subscriber.id FROM message
            JOIN subscriber ON subscriber.channel = message.channel AND subscriber.blind = message.blind
            WHERE message.id = $1";
        self.row(sql, [message.into()]).await?.map(|row| get(&row, "id")).transpose()
    }
}

fn with_ids<const N: usize>(first: [Value; N], ids: &[i64]) -> impl Iterator<Item = Value> {
    first.into_iter().chain(ids.iter().map(|id| Value::from(*id)))
}
