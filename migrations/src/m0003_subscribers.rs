//! Subscribers, and sign-ups that are not proved yet. Contacts are encrypted; a keyed hash finds them.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0003_subscribers",
    both: &[
        // Whoever left keeps a row without a contact: the keyed hash is the stop list.
        "CREATE TABLE subscriber (
            id {id} PRIMARY KEY,
            channel smallint NOT NULL,
            blind {bytes} NOT NULL,
            contact {bytes},
            language smallint NOT NULL,
            areas bigint NOT NULL,
            min_severity smallint NOT NULL,
            state smallint NOT NULL,
            source text NOT NULL,
            wording text NOT NULL,
            consented_at bigint NOT NULL,
            changed_at bigint NOT NULL,
            reason text,
            UNIQUE (channel, blind)
        )",
        // The order of sending. It holds all that choosing an audience needs, so that planning reads no row.
        "CREATE INDEX subscriber_order ON subscriber (channel, language, id, areas, min_severity) WHERE state = 1",
        "CREATE TABLE verification (
            token_hash text PRIMARY KEY,
            channel smallint NOT NULL,
            blind {bytes} NOT NULL,
            contact {bytes} NOT NULL,
            language smallint NOT NULL,
            areas bigint NOT NULL,
            min_severity smallint NOT NULL,
            code_hash {bytes} NOT NULL,
            tries_left integer NOT NULL,
            expires_at bigint NOT NULL
        )",
    ],
    sqlite: &[],
    postgres: &[],
};
