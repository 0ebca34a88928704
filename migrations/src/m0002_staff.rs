//! Staff, what lets them in, answers kept for repeated requests, and the append-only audit log.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0002_staff",
    both: &[
        "CREATE TABLE staff (
            id {id} PRIMARY KEY,
            email text NOT NULL UNIQUE,
            name text NOT NULL,
            role text NOT NULL,
            organisation text,
            password_hash text,
            totp_secret {bytes},
            totp_last_step bigint NOT NULL,
            setup_hash text,
            setup_expires bigint,
            active boolean NOT NULL
        )",
        "CREATE TABLE recovery_code (
            staff bigint NOT NULL REFERENCES staff (id),
            hash text NOT NULL,
            PRIMARY KEY (staff, hash)
        )",
        "CREATE TABLE session (
            token_hash text PRIMARY KEY,
            staff bigint NOT NULL REFERENCES staff (id),
            created_at bigint NOT NULL,
            expires_at bigint NOT NULL
        )",
        "CREATE INDEX session_of_staff ON session (staff)",
        "CREATE TABLE api_token (
            hash text PRIMARY KEY,
            staff bigint NOT NULL REFERENCES staff (id),
            label text NOT NULL,
            scopes text NOT NULL,
            created_at bigint NOT NULL
        )",
        "CREATE INDEX api_token_of_staff ON api_token (staff)",
        "CREATE TABLE idempotency (
            key text NOT NULL,
            staff bigint NOT NULL,
            request_hash text NOT NULL,
            status integer,
            body text NOT NULL,
            created_at bigint NOT NULL,
            PRIMARY KEY (key, staff)
        )",
        // Names instead of references: a line stays as it was when a person is renamed or removed.
        "CREATE TABLE audit_entry (
            number {id} PRIMARY KEY,
            at bigint NOT NULL,
            actor bigint NOT NULL,
            actor_name text NOT NULL,
            action text NOT NULL,
            subject text NOT NULL,
            details text NOT NULL,
            previous text NOT NULL,
            hash text NOT NULL
        )",
        "CREATE TABLE limit_count (
            name {bytes} PRIMARY KEY,
            window_start bigint NOT NULL,
            ends_at bigint NOT NULL,
            n bigint NOT NULL
        )",
    ],
    sqlite: &[
        "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
         BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER audit_entry_undeleted BEFORE DELETE ON audit_entry
         BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ],
    postgres: &[
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
         FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
    ],
};
