//! Mails that come back: what a report means for a subscription, and subscriptions that rest.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0007_bounces",
    both: &[
        // 0 nothing, 1 gone, 2 opted out, 3 complained, 4 failed for now.
        "ALTER TABLE receipt ADD COLUMN consequence smallint NOT NULL DEFAULT 0",
        "UPDATE receipt SET consequence = CASE WHEN gone THEN 1 WHEN opted_out THEN 2 ELSE 0 END WHERE state = 1",
        "ALTER TABLE receipt DROP COLUMN gone",
        "ALTER TABLE receipt DROP COLUMN opted_out",
        // Days on which a mail came back because the mailbox failed for now, and the last of them.
        "ALTER TABLE subscriber ADD COLUMN soft_bounces smallint NOT NULL DEFAULT 0",
        "ALTER TABLE subscriber ADD COLUMN soft_bounced_at bigint NOT NULL DEFAULT 0",
        // Until then, in machine time, nothing is sent.
        "ALTER TABLE subscriber ADD COLUMN rests_until bigint NOT NULL DEFAULT 0",
    ],
    sqlite: &[],
    postgres: &[],
};
