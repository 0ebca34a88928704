//! Tokens with which programs act for a member of staff.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::column::{json, ms, time, to_json};
use crate::entities::api_token::{Column, Entity, Model};
use crate::{ApiToken, Reads, StaffAccount, StoreError, Tx};

impl Reads {
    /// A token, with the account if that may still sign in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token(&self, hash: &str) -> Result<Option<(ApiToken, StaffAccount)>, StoreError> {
        let Some(model) = Entity::find_by_id(hash.to_owned()).one(&self.db()).await? else { return Ok(None) };
        let Some(account) = self.active_staff(model.staff).await? else { return Ok(None) };
        Ok(Some((token_of(model)?, account)))
    }

    /// Every token of an account, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tokens_of(&self, staff: i64) -> Result<Vec<ApiToken>, StoreError> {
        let select = Entity::find().filter(Column::Staff.eq(staff)).order_by_asc(Column::CreatedAt);
        select.all(&self.db()).await?.into_iter().map(token_of).collect()
    }
}

impl Tx {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is taken.
    pub async fn insert_token(&self, token: &ApiToken) -> Result<(), StoreError> {
        let model = Model {
            hash: token.hash.clone(),
            staff: token.staff,
            label: token.label.clone(),
            scopes: to_json(&token.scopes)?,
            created_at: ms(token.created_at),
        };
        Entity::insert(model.into_active_model().reset_all()).exec_without_returning(&self.db()).await?;
        Ok(())
    }

    /// Takes a token away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_token(&self, hash: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM api_token WHERE hash = $1", [hash.into()]).await?;
        Ok(())
    }
}

fn token_of(model: Model) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        hash: model.hash,
        staff: model.staff,
        label: model.label,
        scopes: json(&model.scopes)?,
        created_at: time(model.created_at)?,
    })
}
