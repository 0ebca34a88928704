//! What processes share about providers: the rate that is paid for, how it was eased, what happened to them and why. And
//! when a person last told a provider to stop.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0011_providers",
    both: &[
        // Times are seconds since 1970 by the clock of the database, which all processes share.
        "CREATE TABLE provider_rate (
            provider text PRIMARY KEY,
            paid_until double precision NOT NULL,
            reserve_paid_until double precision NOT NULL,
            granted double precision NOT NULL,
            factor double precision NOT NULL,
            changed_at double precision NOT NULL
        )",
        "CREATE TABLE provider_event (
            id {id} PRIMARY KEY,
            at bigint NOT NULL,
            provider text NOT NULL,
            what text NOT NULL,
            reason text NOT NULL,
            code integer NOT NULL
        )",
        "CREATE INDEX provider_event_at ON provider_event (at)",
        // A provider that remembers a stop from before somebody joined again must not end the new subscription.
        "ALTER TABLE subscriber ADD COLUMN stopped_at bigint NOT NULL DEFAULT 0",
        "UPDATE subscriber SET stopped_at = changed_at WHERE reason IN ('text', 'provider-stop')",
    ],
    sqlite: &[],
    postgres: &["ALTER TABLE provider_rate SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01)"],
};
