//! How far each broadcast had come so many minutes after it was published. Counted then, because outcomes are not kept
//! for ever, and because a late proof of delivery changes what a count made later would say.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0014_reach",
    both: &["CREATE TABLE reach (
            broadcast bigint NOT NULL REFERENCES broadcast (id),
            minute smallint NOT NULL,
            channel smallint NOT NULL,
            language smallint NOT NULL,
            audience bigint NOT NULL,
            sent bigint NOT NULL,
            delivered bigint NOT NULL,
            failed bigint NOT NULL,
            PRIMARY KEY (broadcast, minute, channel, language)
        ) {clustered}"],
    sqlite: &[],
    postgres: &[],
};
