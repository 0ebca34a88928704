//! Setting up an account from a one-time link and a code that came another way: password, then app, then recovery codes.

use std::time::Duration;

use store::{StaffAccount, Tx};

use super::{actor, hashed, note, totp};
use crate::Authoring;
use crate::error::{ActionError, Result};

/// Wrong codes are counted over this time, in machine time.
const WINDOW: Duration = Duration::from_secs(60 * 60);
/// Tries in that time.
const TRIES: i64 = 10;
/// How many recovery codes an account has.
const RECOVERY_CODES: usize = 8;

/// The password is set; the app's first code is awaited.
pub(crate) struct Prepared {
    pub(crate) secret: Vec<u8>,
    pub(crate) email: String,
}

/// The account can be used.
pub(crate) struct Confirmed {
    /// Shown once; only their hashes are kept.
    pub(crate) recovery_codes: Vec<String>,
}

/// What link and code hash to: one alone is worth nothing.
pub(crate) fn set_up_hash(token: &str, code: &str) -> String {
    hashed(&format!("set-up:{token}:{}", plain_code(code)))
}

fn plain_code(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// A recovery code as it is hashed, however it was typed.
pub(crate) fn plain_recovery_code(code: &str) -> String {
    let plain = plain_code(code);
    if plain.len() == 16 { format!("recovery:{plain}") } else { String::new() }
}

impl Authoring {
    /// Checks link and code, sets the password and gives the account a new secret for the app.
    ///
    /// # Errors
    /// `Unauthenticated` when link or code are wrong or too old; a field problem for a short password.
    pub(crate) async fn prepare_account(&self, link: &str, code: &str, password: &str) -> Result<Prepared> {
        let invited = self.invited(link, code).await?;
        let hash = self.hash_password("password", password).await?;
        let secret = self.env().bytes::<{ totp::SECRET }>().to_vec();
        let tx = self.store().begin().await?;
        let mut account = still_invited(&tx, &invited).await?;
        account.password_hash = Some(hash);
        account.totp_secret = Some(secret.clone());
        account.totp_last_step = 0;
        tx.save_staff(&account).await?;
        tx.commit().await?;
        Ok(Prepared { secret, email: account.email })
    }

    /// Checks the first code of the app, ends the set-up and gives recovery codes.
    ///
    /// # Errors
    /// `Unauthenticated` when link or set-up code are wrong or too old; a field problem for a wrong app code.
    pub(crate) async fn confirm_account(&self, link: &str, code: &str, app_code: &str) -> Result<Confirmed> {
        let invited = self.invited(link, code).await?;
        let tx = self.store().begin().await?;
        let mut account = still_invited(&tx, &invited).await?;
        let secret = account.totp_secret.clone().ok_or(ActionError::Unauthenticated("set-up-wrong"))?;
        let step = totp::step_of(&secret, app_code, self.env().machine_now());
        let step = step.ok_or_else(|| ActionError::field("app_code", "code-wrong"))?;
        account.setup_hash = None;
        account.setup_expires = None;
        account.totp_last_step = step;
        let recovery_codes = self.new_recovery_codes();
        tx.save_staff(&account).await?;
        let hashes: Vec<String> = recovery_codes.iter().map(|code| hashed(&plain_recovery_code(code))).collect();
        tx.set_recovery_codes(account.id, &hashes).await?;
        tx.record(&actor(&account), note(account.id, "staff.set-up")).await?;
        tx.commit().await?;
        Ok(Confirmed { recovery_codes })
    }

    /// New recovery codes in place of the old ones, after the password and a code of the app.
    ///
    /// # Errors
    /// A field problem when password or code are wrong; `TooMany` after too many tries.
    pub(crate) async fn renew_recovery_codes(&self, staff: i64, code: &str) -> Result<Vec<String>> {
        self.count_set_up_try(&format!("account:{staff}")).await?;
        let account = self.store().staff(staff).await?.ok_or(ActionError::NotFound)?;
        let tx = self.store().begin().await?;
        if !self.takes_code(&tx, &account, code).await? {
            return Err(ActionError::field("code", "code-wrong"));
        }
        let codes = self.new_recovery_codes();
        let hashes: Vec<String> = codes.iter().map(|code| hashed(&plain_recovery_code(code))).collect();
        tx.set_recovery_codes(staff, &hashes).await?;
        tx.record(&actor(&account), note(staff, "staff.recovery-codes-renewed")).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// The account of a link `{id}-{token}` whose code is right.
    ///
    /// # Errors
    /// `Unauthenticated` when link or code are wrong or too old; `TooMany` after too many tries.
    pub(crate) async fn invited(&self, link: &str, code: &str) -> Result<StaffAccount> {
        let wrong = || ActionError::Unauthenticated("set-up-wrong");
        let (id, token) = link.split_once('-').ok_or_else(wrong)?;
        let id: i64 = id.parse().map_err(|_| wrong())?;
        self.count_set_up_try(&format!("set-up:{id}")).await?;
        let account = self.store().staff(id).await?.filter(|one| one.active).ok_or_else(wrong)?;
        let fresh = account.setup_expires.is_some_and(|end| end > self.env().machine_now());
        let given = set_up_hash(token, code);
        let right = account.setup_hash.as_deref().is_some_and(|hash| same(hash, &given));
        if fresh && right { Ok(account) } else { Err(wrong()) }
    }

    async fn count_set_up_try(&self, key: &str) -> Result<()> {
        let tx = self.store().begin().await?;
        let tries = tx.count(key, WINDOW).await?;
        tx.commit().await?;
        if tries > TRIES { Err(ActionError::TooMany(WINDOW)) } else { Ok(()) }
    }

    /// 80 random bits each, in four groups that can be read aloud.
    fn new_recovery_codes(&self) -> Vec<String> {
        let one = || totp::readable(&self.env().bytes::<10>()).replace(' ', "-");
        (0..RECOVERY_CODES).map(|_| one()).collect()
    }
}

/// The account as it is now. What was changed while a password was hashed, such as access that an administrator ended,
/// must not be undone; and of two who use one link at once the second comes too late.
async fn still_invited(tx: &Tx, invited: &StaffAccount) -> Result<StaffAccount> {
    let now = tx.staff(invited.id).await?;
    let same_link = now.filter(|one| one.active && one.setup_hash.is_some() && one.setup_hash == invited.setup_hash);
    same_link.ok_or(ActionError::Unauthenticated("set-up-wrong"))
}

/// In constant time.
fn same(one: &str, other: &str) -> bool {
    use subtle::ConstantTimeEq;
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_may_be_typed_in_any_manner() {
        assert_eq!(set_up_hash("t", "ab12-CD34"), set_up_hash("t", " AB12 cd34"));
        assert_ne!(set_up_hash("t", "AB12CD34"), set_up_hash("u", "AB12CD34"));
        assert_eq!(plain_recovery_code("abcd-efgh-ijkl-mnop"), "recovery:ABCDEFGHIJKLMNOP");
        assert_eq!(plain_recovery_code("123456"), "");
    }
}
