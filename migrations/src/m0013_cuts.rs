//! The sending order cut into ranges beforehand, so that a publication need not walk past everybody whom it concerns.

use crate::statements::Statements;

pub(crate) const MIGRATION: Statements = Statements {
    name: "m0013_cuts",
    both: &[
        // The ranges of a channel and a language follow one another without a gap. Whoever came after the last one is
        // in none yet. `people` is how many there were when they were last counted.
        "CREATE TABLE cut (
            channel smallint NOT NULL,
            language smallint NOT NULL,
            low bigint NOT NULL,
            high bigint NOT NULL,
            people bigint NOT NULL,
            PRIMARY KEY (channel, language, low)
        ) {clustered}",
        // The people of all these ranges together, by what they chose.
        "CREATE TABLE cut_reach (
            channel smallint NOT NULL,
            language smallint NOT NULL,
            areas bigint NOT NULL,
            min_severity smallint NOT NULL,
            people bigint NOT NULL,
            PRIMARY KEY (channel, language, areas, min_severity)
        ) {clustered}",
        // estimated: 1 while `audience` is a share of what was counted long before the publication.
        "ALTER TABLE chunk ADD COLUMN estimated smallint NOT NULL DEFAULT 0",
        "CREATE INDEX chunk_estimated ON chunk (id) WHERE estimated = 1",
        // Where the cursor stood when the chunk was last leased, and how often it stood there while the lease was lost.
        "ALTER TABLE chunk ADD COLUMN tried_at bigint NOT NULL DEFAULT -1",
        "ALTER TABLE chunk ADD COLUMN tries smallint NOT NULL DEFAULT 0",
    ],
    sqlite: &[],
    postgres: &[],
};
