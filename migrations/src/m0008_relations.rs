//! What incidents say of each other in public: written with a publication, and shown on the pages of both.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0008_relations",
    both: &[
        // `incident` says it of `other`, with its newest published update.
        "CREATE TABLE incident_relation (
            incident bigint NOT NULL REFERENCES incident (id),
            other bigint NOT NULL REFERENCES incident (id),
            kind text NOT NULL,
            stated_by text,
            stated_at bigint,
            PRIMARY KEY (incident, other),
            CHECK (incident <> other)
        ) {clustered}",
        "CREATE INDEX incident_relation_other ON incident_relation (other)",
    ],
    sqlite: &[],
    postgres: &[],
};
