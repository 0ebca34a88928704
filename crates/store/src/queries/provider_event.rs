//! What happened to providers, and why: kept for operators, and for whoever asks after an incident.

use std::time::Duration;

use sea_orm::{QueryResult, Value};

use crate::column::{ROWS_AT_ONCE, get, ms, time};
use crate::handles::Store;
use crate::{ProviderEvent, Reads, StoreError};

/// How long events are kept.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);

impl Store {
    /// Writes down what happened.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_provider_events(&self, events: &[ProviderEvent]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let tx = self.begin().await?;
        for some in events.chunks(ROWS_AT_ONCE) {
            let values = some.iter().flat_map(|event| -> [Value; 6] {
                [
                    self.core.env.id().into(),
                    ms(event.at).into(),
                    event.provider.clone().into(),
                    event.what.clone().into(),
                    event.reason.clone().into(),
                    event.code.into(),
                ]
            });
            let rows = tx.tuples(some.len(), 6);
            tx.run(format!("INSERT INTO provider_event (id, at, provider, what, reason, code) VALUES {rows}"), values)
                .await?;
        }
        let (now, _) = self.lease_times(Duration::ZERO);
        let before = now - i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
        tx.run("DELETE FROM provider_event WHERE at < $1", [before.into()]).await?;
        tx.commit().await
    }
}

impl Reads {
    /// The newest events of all providers, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn provider_events(&self, limit: u64) -> Result<Vec<ProviderEvent>, StoreError> {
        let sql = "SELECT at, provider, what, reason, code FROM provider_event ORDER BY at DESC, id DESC LIMIT $1";
        let rows = self.rows(sql, [limit.cast_signed().into()]).await?;
        rows.iter().map(event_of).collect()
    }
}

fn event_of(row: &QueryResult) -> Result<ProviderEvent, StoreError> {
    Ok(ProviderEvent {
        at: time(get(row, "at")?)?,
        provider: get(row, "provider")?,
        what: get(row, "what")?,
        reason: get(row, "reason")?,
        code: get(row, "code")?,
    })
}
