//! Signed-in browsers.

use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use crate::column::{ms, time};
use crate::entities::{session, staff};
use crate::{Reads, Session, StaffAccount, StoreError, Tx};

impl Reads {
    /// A session that has not ended, with the account if that may still sign in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session(&self, token_hash: &str) -> Result<Option<(Session, StaffAccount)>, StoreError> {
        let now = ms(self.core.env.machine_now());
        let found = session::Entity::find_by_id(token_hash.to_owned()).one(&self.db()).await?;
        let Some(model) = found.filter(|model| model.expires_at > now) else { return Ok(None) };
        let Some(account) = self.active_staff(model.staff).await? else { return Ok(None) };
        let session = Session {
            token_hash: model.token_hash,
            staff: model.staff,
            created_at: time(model.created_at)?,
            expires_at: time(model.expires_at)?,
        };
        Ok(Some((session, account)))
    }

    /// An account that may sign in.
    pub(crate) async fn active_staff(&self, id: i64) -> Result<Option<StaffAccount>, StoreError> {
        let found = staff::Entity::find_by_id(id).one(&self.db()).await?;
        found.filter(|model| model.active).map(|model| self.staff_of(model)).transpose()
    }
}

impl Tx {
    /// Adds a session.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the token is taken.
    pub async fn insert_session(&self, one: &Session) -> Result<(), StoreError> {
        let model = session::Model {
            token_hash: one.token_hash.clone(),
            staff: one.staff,
            created_at: ms(one.created_at),
            expires_at: ms(one.expires_at),
        };
        session::Entity::insert(model.into_active_model().reset_all()).exec_without_returning(&self.db()).await?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_session(&self, token_hash: &str) -> Result<(), StoreError> {
        self.run("DELETE FROM session WHERE token_hash = $1", [token_hash.into()]).await?;
        Ok(())
    }

    /// Ends every session of an account: its password or rights changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_sessions_of(&self, staff: i64) -> Result<(), StoreError> {
        self.run("DELETE FROM session WHERE staff = $1", [staff.into()]).await?;
        Ok(())
    }
}
