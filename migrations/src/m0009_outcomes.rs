//! Outcomes in the least room, because there are millions of them: providers by number, their ids of messages as bytes,
//! times in seconds, and no index but the primary key, so that a proof of delivery rewrites a row in its place.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0009_outcomes",
    both: &[
        "CREATE TABLE provider (
            id smallint PRIMARY KEY,
            name text NOT NULL UNIQUE
        )",
        "INSERT INTO provider (id, name)
            SELECT row_number() OVER (ORDER BY provider), provider
            FROM (SELECT DISTINCT provider FROM outcome WHERE provider <> '') AS named",
        "DROP INDEX outcome_failed",
        // Whether a range was the last of its broadcast must not cost more the more ranges there were.
        "CREATE INDEX chunk_open ON chunk (broadcast) WHERE state = 1",
        // `at` counts seconds from the first of January 2020. `reference` begins with its form: 0 for letters as they
        // are, 1 for what followed SM in hexadecimal digits, 2 for two letters and such digits.
        "CREATE TABLE compact_outcome (
            broadcast bigint NOT NULL,
            subscriber bigint NOT NULL,
            chunk bigint NOT NULL,
            at integer NOT NULL,
            code integer NOT NULL,
            state smallint NOT NULL,
            attempt smallint NOT NULL,
            provider smallint,
            reference {bytes},
            PRIMARY KEY (broadcast, subscriber)
        ) {clustered}",
    ],
    sqlite: &[
        "INSERT INTO compact_outcome (broadcast, subscriber, chunk, at, code, state, attempt, provider, reference)
            SELECT broadcast, subscriber, chunk, at / 1000 - 1577836800, code, state, attempt,
                (SELECT id FROM provider WHERE name = outcome.provider),
                CASE WHEN reference IS NULL THEN NULL
                    WHEN length(reference) = 34 AND substr(reference, 1, 2) = 'SM'
                        AND substr(reference, 3) NOT GLOB '*[^0-9a-f]*'
                    THEN unhex('01' || substr(reference, 3))
                    ELSE unhex('00' || hex(reference)) END
            FROM outcome",
        "DROP TABLE outcome",
        "ALTER TABLE compact_outcome RENAME TO outcome",
    ],
    postgres: &[
        "INSERT INTO compact_outcome (broadcast, subscriber, chunk, at, code, state, attempt, provider, reference)
            SELECT broadcast, subscriber, chunk, at / 1000 - 1577836800, code, state, attempt,
                (SELECT id FROM provider WHERE name = outcome.provider),
                CASE WHEN reference ~ '^SM[0-9a-f]{32}$'
                    THEN '\\x01'::bytea || decode(substr(reference, 3), 'hex')
                    ELSE '\\x00'::bytea || convert_to(reference, 'UTF8') END
            FROM outcome",
        "DROP TABLE outcome",
        "ALTER TABLE compact_outcome RENAME TO outcome",
        "ALTER INDEX compact_outcome_pkey RENAME TO outcome_pkey",
        "ALTER TABLE outcome SET (fillfactor = 85)",
    ],
};
