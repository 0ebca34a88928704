//! The rate of a provider, shared by every process on a PostgreSQL database: each takes a little ahead of what it sends.
//!
//! The row says up to when everything granted so far is paid for, by the clock of the database, so that clocks of
//! processes may run apart. A killed process loses at most what it had taken ahead. Losing a grant at a crash of the
//! database costs a moment of the rate, so these commits do not wait for the disk.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Row};

use crate::handles::Store;
use crate::{RateGrant, RateRequest, StoreError};

/// An idle moment up to this long is caught up with, in seconds.
const CREDIT: f64 = 0.1;
/// The share of the rate that codes and replies have at any moment.
const RESERVED: f64 = 0.1;
/// What remains of the rate after a complaint, and the least that ever remains.
const EASED: f64 = 0.7;
const LEAST: f64 = 0.1;
/// Complaints within this time are one; after each such time without one this much of the agreed rate comes back.
const ONE_COMPLAINT: f64 = 5.0;
const RECOVERY: f64 = 10.0;
const RECOVERED: f64 = 0.02;

/// Grants `$2` units at `$3` a second; `$4` whether ahead of broadcasts, `$5` whether the provider complained.
fn grant() -> String {
    let now = "EXTRACT(EPOCH FROM statement_timestamp())::double precision";
    let complained = format!("($5 AND (factor >= 1 OR {now} - changed_at >= {ONE_COMPLAINT}))");
    let steps = format!("FLOOR(GREATEST({now} - changed_at, 0) / {RECOVERY})");
    let factor = format!(
        "CASE WHEN {complained} THEN GREATEST(factor * {EASED}, {LEAST})
              ELSE LEAST(factor + {RECOVERED} * {steps}, 1) END"
    );
    let goes = format!("($2 = 0 OR paid_until <= {now} OR ($4 AND reserve_paid_until <= {now}))");
    format!(
        "UPDATE provider_rate SET
             granted = CASE WHEN {goes} THEN $2 ELSE 0 END,
             paid_until = CASE WHEN {goes} AND $2 > 0
                 THEN GREATEST(paid_until, {now} - {CREDIT}) + $2 / ($3 * ({factor})) ELSE paid_until END,
             reserve_paid_until = CASE WHEN $4 AND $2 > 0 AND paid_until > {now} AND reserve_paid_until <= {now}
                 THEN GREATEST(reserve_paid_until, {now} - {CREDIT}) + $2 / ($3 * ({factor}) * {RESERVED})
                 ELSE reserve_paid_until END,
             changed_at = CASE WHEN {complained} THEN {now}
                 WHEN factor >= 1 THEN changed_at ELSE changed_at + {RECOVERY} * {steps} END,
             factor = {factor}
         WHERE provider = $1
         RETURNING granted, factor,
             GREATEST(CASE WHEN $4 THEN LEAST(paid_until, reserve_paid_until) ELSE paid_until END - {now}, 0) AS wait"
    )
}

/// A provider that nobody sent by yet.
const BEGIN: &str = "INSERT INTO provider_rate
        (provider, paid_until, reserve_paid_until, granted, factor, changed_at)
    SELECT $1, now, now, 0, 1, 0
    FROM (SELECT EXTRACT(EPOCH FROM statement_timestamp())::double precision AS now) AS clock
    ON CONFLICT (provider) DO NOTHING";

impl Store {
    /// Takes units of a provider's rate for this process, on PostgreSQL, or says how long to wait before asking again.
    ///
    /// # Errors
    /// When the database does not answer; then nothing may be sent.
    pub async fn take_rate(&self, request: RateRequest<'_>) -> Result<RateGrant, StoreError> {
        let pool = self.rate_pool()?;
        loop {
            let query = sqlx::query(AssertSqlSafe(grant()))
                .bind(request.provider)
                .bind(request.units)
                .bind(request.per_second)
                .bind(request.is_direct)
                .bind(request.is_eased);
            if let Some(row) = query.fetch_optional(pool).await? {
                let (granted, factor, wait): (f64, f64, f64) =
                    (row.try_get("granted")?, row.try_get("factor")?, row.try_get("wait")?);
                let is_granted = granted > 0.0 || request.units <= 0.0;
                let wait = Duration::try_from_secs_f64(wait).unwrap_or_default();
                return Ok(RateGrant { factor, wait: (!is_granted).then_some(wait) });
            }
            sqlx::query(BEGIN).bind(request.provider).execute(pool).await?;
        }
    }

    /// Gives units back that this process took and did not use.
    ///
    /// # Errors
    /// When the database does not answer; then a moment of the rate is lost.
    pub async fn return_rate(&self, provider: &str, units: f64, per_second: f64) -> Result<(), StoreError> {
        let sql = "UPDATE provider_rate SET paid_until = paid_until - $2 / ($3 * factor) WHERE provider = $1";
        let query = sqlx::query(sql).bind(provider).bind(units).bind(per_second);
        query.execute(self.rate_pool()?).await?;
        Ok(())
    }

    fn rate_pool(&self) -> Result<&sqlx::PgPool, StoreError> {
        self.core.rates.as_ref().ok_or_else(|| StoreError::broken("on SQLite a rate is of one process alone"))
    }
}
