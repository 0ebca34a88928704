//! The counter of publications: by it every page process learns that something public changed, and what.

use domain::Incident;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::column::{get, ms, to_json};
use crate::entities::incident::{Column, Entity};
use crate::watch::Wake;
use crate::{Reads, StoreError, Tx};

impl Reads {
    pub(crate) async fn publication_counter(&self) -> Result<i64, StoreError> {
        let row = self.row("SELECT counter FROM publication WHERE id = 1", []).await?;
        row.map_or(Ok(0), |row| get(&row, "counter"))
    }
}

impl Tx {
    /// Bumps the publication counter and, at the commit, wakes the pages.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn touch_publication(&self) -> Result<(), StoreError> {
        self.bump_publication().await.map(|_| ())
    }

    /// Keeps the address of an incident, when it began, became public and was over, and marks it as changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_published(&self, incident: &Incident) -> Result<(), StoreError> {
        // The counter's row is locked until the commit, so no two publications can carry the same number.
        let counter = self.bump_publication().await?;
        Entity::update_many()
            .col_expr(Column::Slug, Expr::value(to_json(&incident.slug)?))
            .col_expr(Column::PublishedAt, Expr::value(incident.published_at.map(ms)))
            .col_expr(Column::ResolvedAt, Expr::value(incident.resolved_at.map(ms)))
            .col_expr(Column::StartsAt, Expr::value(ms(incident.starts_at)))
            .col_expr(Column::EndsAt, Expr::value(incident.ends_at.map(ms)))
            .col_expr(Column::Changed, Expr::value(counter))
            .filter(Column::Id.eq(incident.id))
            .exec(&self.db())
            .await?;
        Ok(())
    }

    /// Marks public incidents as changed with the newest publication, because their pages tell something new.
    pub(crate) async fn mark_changed(&self, incidents: &[i64]) -> Result<(), StoreError> {
        if incidents.is_empty() {
            return Ok(());
        }
        let counter = self.publication_counter().await?;
        Entity::update_many()
            .col_expr(Column::Changed, Expr::value(counter))
            .filter(Column::Id.is_in(incidents.iter().copied()))
            .exec(&self.db())
            .await?;
        Ok(())
    }

    async fn bump_publication(&self) -> Result<i64, StoreError> {
        let sql = "UPDATE publication SET counter = counter + 1 WHERE id = 1 RETURNING counter";
        let row = self.row(sql, []).await?.ok_or_else(|| StoreError::broken("the publication counter is missing"))?;
        self.announce(Wake::Publication);
        get(&row, "counter")
    }
}
