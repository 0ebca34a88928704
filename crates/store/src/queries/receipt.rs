//! Reports of providers as they come in: kept at once, and each only once.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::delivery::OutcomeState;
use sea_orm::Value;

use super::state::RECEIPT_WAITING;
use crate::batch::{Entry, Place};
use crate::column::{ROWS_AT_ONCE, get};
use crate::handles::Store;
use crate::{ReceiptIn, StoreError, Tx};

impl Store {
    /// Keeps a report. False when the same one was kept before. Reports that come at once share a commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn append_receipt(&self, receipt: &ReceiptIn) -> Result<bool, StoreError> {
        let mut answer = self.core.receipts.add(receipt.clone());
        loop {
            let _turn = match self.core.receipts.wait(&mut answer).await? {
                Place::Written(is_new) => return Ok(is_new),
                Place::First(turn) => turn,
            };
            let tx = self.begin().await?;
            let batch = self.core.receipts.take(ROWS_AT_ONCE);
            let new = tx.insert_receipts(&batch).await?;
            tx.commit().await?;
            for (entry, is_new) in batch.into_iter().zip(new) {
                entry.tell(is_new);
            }
        }
    }
}

impl Tx {
    async fn insert_receipts(&self, batch: &[Entry<ReceiptIn, bool>]) -> Result<Vec<bool>, StoreError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let (now, _) = self.lease_times(Duration::ZERO);
        let ids: Vec<i64> = batch.iter().map(|_| self.core.env.id()).collect();
        let row = |(id, entry): (&i64, &Entry<ReceiptIn, bool>)| receipt_values(*id, &entry.item, now);
        let sql = format!(
            "INSERT INTO receipt (id, provider, broadcast, subscriber, provider_ref, status, code, becomes,
                 consequence, received_at, next_at, state)
             VALUES {} ON CONFLICT (provider_ref, status, code) DO NOTHING RETURNING id",
            self.tuples(batch.len(), 12)
        );
        let rows = self.rows(sql, ids.iter().zip(batch).flat_map(row)).await?;
        let new = rows.iter().map(|row| get::<i64>(row, "id")).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(ids.iter().map(|id| new.contains(id)).collect())
    }
}

fn receipt_values(id: i64, receipt: &ReceiptIn, now: i64) -> [Value; 12] {
    [
        id.into(),
        receipt.provider.clone().into(),
        receipt.delivery.map(|one| one.broadcast).into(),
        receipt.delivery.map(|one| one.subscriber).into(),
        without_nul(&receipt.provider_ref).into(),
        without_nul(&receipt.status).into(),
        receipt.code.into(),
        receipt.becomes.map(OutcomeState::number).into(),
        receipt.consequence.number().into(),
        now.into(),
        now.into(),
        RECEIPT_WAITING.into(),
    ]
}

/// PostgreSQL takes no NUL in a text; one report with it would fail all that share its commit.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
