//! Sign-ups that are not proved yet: a code was sent, and few wrong ones are forgiven.

use domain::audience::Areas;
use domain::subscriber::Wishes;
use sea_orm::{EntityTrait, Value};

use crate::column::{channel, get, language, ms, severity, time};
use crate::entities::verification::Entity;
use crate::{CodeResult, StoreError, SubTx, Verification};

impl SubTx {
    /// Begins the proof of a contact. An earlier one with the same token is replaced.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn start_verification(&self, one: &Verification) -> Result<(), StoreError> {
        let vault = &self.tx.core.vault;
        let blind = vault.blind(&one.contact);
        self.end_verification(&one.token_hash).await?;
        let sql = "INSERT INTO verification (token_hash, channel, blind, contact, language, areas, min_severity,
                code_hash, tries_left, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values: [Value; 10] = [
            one.token_hash.clone().into(),
            one.contact.channel().number().into(),
            blind.to_vec().into(),
            vault.seal_contact("verification", &one.contact, &blind).into(),
            one.wishes.language.number().into(),
            one.wishes.areas.0.into(),
            one.wishes.min_severity.level().into(),
            one.code_hash.clone().into(),
            i32::try_from(one.tries_left).unwrap_or(i32::MAX).into(),
            ms(one.expires_at).into(),
        ];
        self.tx.run(sql, values).await?;
        Ok(())
    }

    /// The sign-up of a token, if its time is not over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verification(&self, token_hash: &str) -> Result<Option<Verification>, StoreError> {
        let found = Entity::find_by_id(token_hash.to_owned()).one(&self.tx.db()).await?;
        let now = ms(self.tx.core.env.machine_now());
        let Some(model) = found.filter(|model| model.expires_at > now) else { return Ok(None) };
        let kind = channel(model.channel)?;
        Ok(Some(Verification {
            contact: self.tx.core.vault.open_contact("verification", kind, &model.blind, &model.contact)?,
            wishes: Wishes {
                language: language(model.language)?,
                areas: Areas(model.areas),
                min_severity: severity(model.min_severity)?,
            },
            token_hash: model.token_hash,
            code_hash: model.code_hash,
            tries_left: u32::try_from(model.tries_left).unwrap_or(0),
            expires_at: time(model.expires_at)?,
        }))
    }

    /// Tries a code. A try is used up even when many come at once. Commit also after a wrong one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn try_code(&self, token_hash: &str, code_hash: &[u8]) -> Result<CodeResult, StoreError> {
        let now = ms(self.tx.core.env.machine_now());
        let sql = "UPDATE verification SET tries_left = tries_left - 1
            WHERE token_hash = $1 AND expires_at > $2 AND tries_left > 0 RETURNING code_hash, tries_left";
        let Some(row) = self.tx.row(sql, [token_hash.into(), now.into()]).await? else {
            let known = self.verification(token_hash).await?.is_some();
            return Ok(if known { CodeResult::TooMany } else { CodeResult::Old });
        };
        if is_same(&get::<Vec<u8>>(&row, "code_hash")?, code_hash) {
            return Ok(CodeResult::Right);
        }
        let left: i32 = get(&row, "tries_left")?;
        Ok(CodeResult::Wrong { left: u32::try_from(left).unwrap_or(0) })
    }

    /// Forgets a sign-up: it was proved, or is not wanted any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end_verification(&self, token_hash: &str) -> Result<(), StoreError> {
        self.tx.run("DELETE FROM verification WHERE token_hash = $1", [token_hash.into()]).await?;
        Ok(())
    }
}

/// Compares without telling by its duration how much was right.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}
