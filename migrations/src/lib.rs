//! Every change of the database's schema, in order. Forward only: a mistake is mended by the next migration.

mod m0001_incidents;
mod m0002_staff;
mod m0003_subscribers;
mod m0004_broadcasts;
mod m0005_messages;
mod m0006_writers;
mod m0007_bounces;
mod m0008_relations;
mod m0009_outcomes;
mod m0011_providers;
mod m0012_truth;
mod m0013_cuts;
mod m0014_reach;
mod statements;

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseTransaction};
use sea_orm_migration::{DbErr, Migration, MigrationTrait, MigratorTrait, async_trait};

/// Applies what is missing, all of it or nothing, and returns its names in order.
///
/// # Errors
/// When the database does not take a statement.
pub async fn apply(transaction: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
    let names = pending(transaction).await?;
    Migrator::up(transaction, None).await?;
    Ok(names)
}

/// The names of what is missing, in order. Needs no right to change the schema.
///
/// # Errors
/// When the database does not answer.
pub async fn pending<C: ConnectionTrait>(db: &C) -> Result<Vec<String>, DbErr> {
    let missing = Migrator::get_pending_migrations_read_only(db).await?;
    Ok(missing.iter().map(Migration::name).map(str::to_owned).collect())
}

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_incidents::MIGRATION),
            Box::new(m0002_staff::MIGRATION),
            Box::new(m0003_subscribers::MIGRATION),
            Box::new(m0004_broadcasts::MIGRATION),
            Box::new(m0005_messages::MIGRATION),
            Box::new(m0006_writers::MIGRATION),
            Box::new(m0007_bounces::MIGRATION),
            Box::new(m0008_relations::MIGRATION),
            Box::new(m0009_outcomes::MIGRATION),
            Box::new(m0011_providers::MIGRATION),
            Box::new(m0012_truth::MIGRATION),
            Box::new(m0013_cuts::MIGRATION),
            Box::new(m0014_reach::MIGRATION),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_rise() {
        let migrations = Migrator::migrations();
        assert!(migrations.windows(2).all(|pair| pair[0].name() < pair[1].name()));
    }
}
