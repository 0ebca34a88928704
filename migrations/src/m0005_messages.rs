//! Messages to one person, reports of providers, and texts that came in.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0005_messages",
    both: &[
        // state: 1 open, 2 sent, 3 failed, 4 expired, 5 unknown. Contact and body are wiped when it is not open.
        "CREATE TABLE message (
            id {id} PRIMARY KEY,
            channel smallint NOT NULL,
            blind {bytes} NOT NULL,
            contact {bytes},
            language smallint NOT NULL,
            body {bytes},
            dedupe_key text NOT NULL UNIQUE,
            state smallint NOT NULL,
            next_at bigint NOT NULL,
            expires_at bigint NOT NULL,
            lease bigint NOT NULL,
            lease_until bigint NOT NULL,
            attempts integer NOT NULL
        )",
        "CREATE INDEX message_due ON message (next_at) WHERE state = 1",
        // state: 1 waiting, 2 applied, 3 dropped. Kept for a while, so that a repeated report is known as such.
        "CREATE TABLE receipt (
            id {id} PRIMARY KEY,
            provider text NOT NULL,
            broadcast bigint,
            subscriber bigint,
            provider_ref text NOT NULL,
            status text NOT NULL,
            code integer NOT NULL,
            becomes smallint,
            gone boolean NOT NULL,
            opted_out boolean NOT NULL,
            received_at bigint NOT NULL,
            next_at bigint NOT NULL,
            state smallint NOT NULL,
            UNIQUE (provider_ref, status, code)
        )",
        "CREATE INDEX receipt_due ON receipt (next_at) WHERE state = 1",
        "CREATE TABLE inbound (
            provider_ref text PRIMARY KEY,
            received_at bigint NOT NULL
        )",
    ],
    sqlite: &[],
    postgres: &[],
};
