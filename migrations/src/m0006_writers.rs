//! Everybody who wrote any word of a revision: none of them may approve it.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0006_writers",
    both: &[
        // Ids as a JSON list. Of a revision from before, only the last author is known.
        "ALTER TABLE revision ADD COLUMN writers text NOT NULL DEFAULT '[]'",
        "UPDATE revision SET writers = '[' || author || ']' WHERE state <> 'published'",
    ],
    sqlite: &[],
    postgres: &[],
};
