//! Passwords: hashed with argon2id, off the threads that serve requests.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use tokio::sync::Semaphore;

use crate::Authoring;
use crate::error::{ActionError, Result};

/// The shortest password that is taken, in letters: the NCSC asks for length, not for odd signs.
pub(crate) const SHORTEST: usize = 12;
/// The longest, in letters: hashing must not become a way to keep us busy.
pub(crate) const LONGEST: usize = 200;

/// What is checked when an account does not exist, so that the answer takes as long. Nobody knows its password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZS1vdGhlci1zYWx0$wW2fYtXlDKoGqj4v0kc2qWYVdSJhDqSpFb8tNNKDt4Q";

/// Each hash takes 19 MiB and a processor for a while. A flood of strangers at the door waits in line; without a limit
/// it would take all the memory of the machine, and the page and the notifier with it.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(AT_ONCE));
/// Hashes at the same time.
const AT_ONCE: usize = 4;

impl Authoring {
    /// The hash of a new password.
    pub(crate) async fn hash_password(&self, field: &str, password: &str) -> Result<String> {
        let length = password.chars().count();
        if length < SHORTEST {
            return Err(ActionError::field(field, "password-short"));
        }
        if length > LONGEST {
            return Err(ActionError::field(field, "too-long"));
        }
        let (salt, password) = (self.env().bytes::<16>(), password.to_owned());
        let turn = TURNS.acquire().await;
        let hash = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string())
        });
        match hash.await {
            Ok(Ok(hash)) => Ok(hash),
            _ => Err(ActionError::Broken("a password could not be hashed")),
        }
    }
}

/// Whether the password fits; takes as long when there is no account.
pub(crate) async fn fits(hash: Option<String>, password: &str) -> bool {
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let password: String = password.chars().take(LONGEST).collect();
    // The turn ends with the work, also when whoever asked has hung up by then.
    let turn = TURNS.acquire().await;
    let checked = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    checked.await.unwrap_or(false) && known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_one_that_takes_as_long() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let own = Argon2::default().hash_password_with_salt(b"correct horse battery", &[7; 16]).unwrap();
        assert_eq!(nobody.algorithm, own.algorithm);
        assert_eq!(nobody.params.to_string(), own.params.to_string());
        assert_eq!(nobody.hash.map(|hash| hash.as_bytes().len()), own.hash.map(|hash| hash.as_bytes().len()));
    }
}
