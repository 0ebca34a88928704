//! Broadcasts as ranges of subscribers (chunks), what became of each message, and posts.

use crate::statements::Statements;

// The tables that a broadcast fills by the million refer to others without foreign keys: each would cost a look-up
// per message, and their rows are only ever written from rows that were just read.
pub(crate) const MIGRATION: Statements = Statements {
    name: "m0004_broadcasts",
    both: &[
        "CREATE TABLE broadcast (
            id {id} PRIMARY KEY,
            incident bigint NOT NULL REFERENCES incident (id),
            update_number bigint NOT NULL,
            areas bigint NOT NULL,
            severity smallint NOT NULL,
            state smallint NOT NULL,
            created_at bigint NOT NULL
        )",
        "CREATE INDEX broadcast_of_incident ON broadcast (incident, id)",
        "CREATE INDEX broadcast_sending ON broadcast (id) WHERE state = 1",
        "CREATE TABLE announcement (
            broadcast {id} PRIMARY KEY REFERENCES broadcast (id),
            body text NOT NULL
        )",
        // state: 1 open, 2 done, 3 cancelled. An open chunk is free when its lease has run out.
        "CREATE TABLE chunk (
            id {id} PRIMARY KEY,
            broadcast bigint NOT NULL,
            channel smallint NOT NULL,
            language smallint NOT NULL,
            lane smallint NOT NULL,
            priority bigint NOT NULL,
            low bigint NOT NULL,
            high bigint NOT NULL,
            cursor_id bigint NOT NULL,
            group_start bigint NOT NULL,
            state smallint NOT NULL,
            lease bigint NOT NULL,
            lease_until bigint NOT NULL,
            attempts integer NOT NULL,
            audience bigint NOT NULL,
            n_sent bigint NOT NULL DEFAULT 0,
            n_delivered bigint NOT NULL DEFAULT 0,
            n_failed bigint NOT NULL DEFAULT 0,
            n_skipped bigint NOT NULL DEFAULT 0,
            n_expired bigint NOT NULL DEFAULT 0,
            n_superseded bigint NOT NULL DEFAULT 0,
            n_unknown bigint NOT NULL DEFAULT 0,
            n_waiting bigint NOT NULL DEFAULT 0,
            first_sent_at bigint,
            last_sent_at bigint
        )",
        "CREATE INDEX chunk_due ON chunk (lane, priority, id) WHERE state = 1",
        "CREATE INDEX chunk_of_broadcast ON chunk (broadcast)",
        "CREATE TABLE outcome (
            broadcast bigint NOT NULL,
            subscriber bigint NOT NULL,
            chunk bigint NOT NULL,
            state smallint NOT NULL,
            code integer NOT NULL,
            attempt smallint NOT NULL,
            at bigint NOT NULL,
            provider text,
            reference text,
            PRIMARY KEY (broadcast, subscriber)
        ) {clustered}",
        "CREATE INDEX outcome_failed ON outcome (broadcast, state) WHERE state = 3",
        "CREATE TABLE retry (
            broadcast bigint NOT NULL,
            subscriber bigint NOT NULL,
            chunk bigint NOT NULL,
            channel smallint NOT NULL,
            language smallint NOT NULL,
            attempt smallint NOT NULL,
            next_at bigint NOT NULL,
            lease bigint NOT NULL,
            lease_until bigint NOT NULL,
            PRIMARY KEY (broadcast, subscriber)
        )",
        "CREATE INDEX retry_due ON retry (next_at)",
        // state: 1 open, 2 posted, 3 failed, 4 dropped.
        "CREATE TABLE post (
            id {id} PRIMARY KEY,
            broadcast bigint NOT NULL REFERENCES broadcast (id),
            incident bigint NOT NULL,
            account text NOT NULL,
            language smallint NOT NULL,
            part integer NOT NULL,
            body text NOT NULL,
            idempotency_key text NOT NULL UNIQUE,
            state smallint NOT NULL,
            next_at bigint NOT NULL,
            lease bigint NOT NULL,
            lease_until bigint NOT NULL,
            attempts integer NOT NULL,
            remote_id text,
            code integer NOT NULL DEFAULT 0,
            done_at bigint,
            UNIQUE (broadcast, account, part)
        )",
        "CREATE INDEX post_thread ON post (incident, account, broadcast, part)",
        "CREATE INDEX post_due ON post (next_at) WHERE state = 1",
    ],
    sqlite: &[],
    postgres: &[
        // Counters and leases are rewritten in place: room in each page keeps the indexes untouched.
        "ALTER TABLE chunk SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01)",
        "ALTER TABLE outcome SET (fillfactor = 85)",
        "ALTER TABLE retry SET (autovacuum_vacuum_scale_factor = 0.01)",
    ],
};
