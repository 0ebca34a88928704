//! What staff are warned of, why a broadcast stopped itself, and the texts to our own phones that prove its arrival.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0012_truth",
    both: &[
        // One row for each process that sees the trouble; one that is dead sees nothing any more.
        "CREATE TABLE alarm (
            kind text NOT NULL,
            subject text NOT NULL,
            process bigint NOT NULL,
            since bigint NOT NULL,
            seen_at bigint NOT NULL,
            PRIMARY KEY (kind, subject, process)
        )",
        // watched: 0 until its first people were told without trouble, or a person let it go on.
        "ALTER TABLE broadcast ADD COLUMN watched smallint NOT NULL DEFAULT 0",
        "ALTER TABLE broadcast ADD COLUMN held_for text",
        "UPDATE broadcast SET watched = 1",
        "CREATE TABLE seed (
            message {id} PRIMARY KEY,
            broadcast bigint NOT NULL,
            at bigint NOT NULL,
            arrived_at bigint
        )",
        "CREATE INDEX seed_at ON seed (at)",
    ],
    sqlite: &[],
    postgres: &[],
};
