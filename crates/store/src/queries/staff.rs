//! Accounts of staff, with the codes that prove who signs in.

use domain::staff::Role;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::column::{maybe_time, meaningless, ms};
use crate::entities::recovery_code;
use crate::entities::staff::{Column, Entity, Model};
use crate::vault::Place;
use crate::{Reads, StaffAccount, StoreError, Tx};

impl Reads {
    /// The account of a mail address, in whatever case it was typed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn staff_by_email(&self, email: &str) -> Result<Option<StaffAccount>, StoreError> {
        let found = Entity::find().filter(Column::Email.eq(sign_in_name(email))).one(&self.db()).await?;
        found.map(|model| self.staff_of(model)).transpose()
    }

    /// One account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn staff(&self, id: i64) -> Result<Option<StaffAccount>, StoreError> {
        Entity::find_by_id(id).one(&self.db()).await?.map(|model| self.staff_of(model)).transpose()
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all_staff(&self) -> Result<Vec<StaffAccount>, StoreError> {
        let models = Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id).all(&self.db()).await?;
        models.into_iter().map(|model| self.staff_of(model)).collect()
    }

    pub(crate) fn staff_of(&self, model: Model) -> Result<StaffAccount, StoreError> {
        let row = model.id.to_be_bytes();
        let open = |sealed: Vec<u8>| self.core.vault.open(totp_place(&row), &sealed);
        Ok(StaffAccount {
            id: model.id,
            email: model.email,
            name: model.name,
            role: Role::from_key(&model.role).ok_or_else(|| meaningless("role"))?,
            organisation: model.organisation,
            password_hash: model.password_hash,
            totp_secret: model.totp_secret.map(open).transpose()?,
            totp_last_step: model.totp_last_step,
            setup_hash: model.setup_hash,
            setup_expires: maybe_time(model.setup_expires)?,
            active: model.active,
        })
    }
}

impl Tx {
    /// Adds an account, or changes the one of the same id.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another account has its mail address.
    pub async fn save_staff(&self, account: &StaffAccount) -> Result<(), StoreError> {
        let row = account.id.to_be_bytes();
        let seal = |secret: &Vec<u8>| self.core.vault.seal(totp_place(&row), secret);
        let model = Model {
            id: account.id,
            email: sign_in_name(&account.email),
            name: account.name.clone(),
            role: account.role.key().to_owned(),
            organisation: account.organisation.clone(),
            password_hash: account.password_hash.clone(),
            totp_secret: account.totp_secret.as_ref().map(seal),
            totp_last_step: account.totp_last_step,
            setup_hash: account.setup_hash.clone(),
            setup_expires: account.setup_expires.map(ms),
            active: account.active,
        };
        let all_but_id = [
            Column::Email,
            Column::Name,
            Column::Role,
            Column::Organisation,
            Column::PasswordHash,
            Column::TotpSecret,
            Column::TotpLastStep,
            Column::SetupHash,
            Column::SetupExpires,
            Column::Active,
        ];
        let conflict = OnConflict::column(Column::Id).update_columns(all_but_id).to_owned();
        let insert = Entity::insert(model.into_active_model().reset_all()).on_conflict(conflict);
        insert.exec_without_returning(&self.db()).await?;
        Ok(())
    }

    /// Replaces the recovery codes of an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_recovery_codes(&self, staff: i64, hashes: &[String]) -> Result<(), StoreError> {
        self.run("DELETE FROM recovery_code WHERE staff = $1", [staff.into()]).await?;
        if hashes.is_empty() {
            return Ok(());
        }
        let row = |hash: &String| recovery_code::Model { staff, hash: hash.clone() }.into_active_model().reset_all();
        let insert = recovery_code::Entity::insert_many(hashes.iter().map(row));
        insert.exec_without_returning(&self.db()).await?;
        Ok(())
    }

    /// Uses up a recovery code; false when there is none like it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_recovery_code(&self, staff: i64, hash: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM recovery_code WHERE staff = $1 AND hash = $2";
        Ok(self.run(sql, [staff.into(), hash.into()]).await? == 1)
    }

    /// Uses up the one-time code of a time step; false when that step or a later one was used before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_totp_step(&self, staff: i64, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE staff SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2";
        Ok(self.run(sql, [staff.into(), step.into()]).await? == 1)
    }
}

fn sign_in_name(email: &str) -> String {
    // PostgreSQL takes no NUL in a text, not even to say that there is no such name.
    email.trim().to_lowercase().replace('\0', "")
}

const fn totp_place(id: &[u8; 8]) -> Place<'_> {
    Place { table: "staff.totp_secret", row: id }
}
