//! The catalogue, incidents with their revisions, and the counter of publications.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0001_incidents",
    both: &[
        "CREATE TABLE setting (
            name text PRIMARY KEY,
            value {bytes} NOT NULL
        )",
        "CREATE TABLE publication (
            id smallint PRIMARY KEY CHECK (id = 1),
            counter bigint NOT NULL
        )",
        "INSERT INTO publication (id, counter) VALUES (1, 0)",
        "CREATE TABLE catalogue_item (
            kind text NOT NULL,
            key text NOT NULL,
            position bigint NOT NULL,
            body text NOT NULL,
            PRIMARY KEY (kind, key)
        )",
        "CREATE TABLE incident (
            id {id} PRIMARY KEY,
            number bigint NOT NULL UNIQUE,
            kind text NOT NULL,
            organisation text NOT NULL,
            languages text NOT NULL,
            slug text NOT NULL,
            opened_at bigint NOT NULL,
            starts_at bigint NOT NULL,
            ends_at bigint,
            published_at bigint,
            resolved_at bigint,
            changed bigint NOT NULL
        )",
        "CREATE INDEX incident_published ON incident (published_at) WHERE published_at IS NOT NULL",
        "CREATE INDEX incident_open ON incident (id) WHERE published_at IS NOT NULL AND resolved_at IS NULL",
        "CREATE TABLE revision (
            id {id} PRIMARY KEY,
            incident bigint NOT NULL REFERENCES incident (id),
            number bigint,
            purpose text NOT NULL,
            state text NOT NULL,
            content text NOT NULL,
            version bigint NOT NULL,
            author bigint NOT NULL,
            submitted_by bigint,
            approved_by bigint,
            approved_hash text,
            rejection text,
            break_glass text,
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL,
            published_at bigint,
            UNIQUE (incident, number)
        )",
        "CREATE INDEX revision_of_incident ON revision (incident, id)",
        "CREATE INDEX revision_waiting ON revision (id) WHERE state IN ('submitted', 'approved')",
    ],
    sqlite: &[],
    postgres: &[],
};
