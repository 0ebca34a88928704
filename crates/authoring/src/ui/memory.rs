//! What is remembered for the time when the database cannot be asked: who has a form open, and the lists that the form
//! shows. It lets a form be shown again with everything that was typed; nothing can be saved with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use domain::Catalogue;
use store::StaffAccount;

use crate::Authoring;
use crate::error::Result;

/// More people than this do not write at the same time.
const MOST: usize = 2_000;

/// See the module.
#[derive(Default)]
pub(crate) struct Memory {
    people: Mutex<HashMap<String, (StaffAccount, DateTime<Utc>)>>,
    catalogue: Mutex<Option<Arc<Catalogue>>>,
}

impl Memory {
    /// Somebody was seen with a session.
    pub(crate) fn remember(&self, token_hash: &str, account: &StaffAccount, until: DateTime<Utc>) {
        let mut people = lock(&self.people);
        if people.len() >= MOST {
            people.clear();
        }
        people.insert(token_hash.to_owned(), (account.clone(), until));
    }

    /// Who was seen with this session, if that was not too long ago.
    pub(crate) fn recall(&self, token_hash: &str, now: DateTime<Utc>) -> Option<StaffAccount> {
        let people = lock(&self.people);
        people.get(token_hash).filter(|(_, until)| *until > now).map(|(account, _)| account.clone())
    }

    /// The lists as they were last seen.
    pub(crate) fn lists(&self) -> Option<Arc<Catalogue>> {
        lock(&self.catalogue).clone()
    }

    /// Somebody signed out.
    pub(crate) fn forget(&self, token_hash: &str) {
        lock(&self.people).remove(token_hash);
    }
}

impl Authoring {
    /// The lists; those last seen when the database cannot be asked.
    pub(crate) async fn lists(&self) -> Result<Arc<Catalogue>> {
        match self.store().catalogue().await {
            Ok(catalogue) => {
                let catalogue = Arc::new(catalogue);
                *lock(&self.memory().catalogue) = Some(Arc::clone(&catalogue));
                Ok(catalogue)
            }
            Err(error) => self.memory().lists().ok_or_else(|| error.into()),
        }
    }
}

/// A panic elsewhere leaves a map behind that is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
