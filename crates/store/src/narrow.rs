//! The narrow handles: what the public page may see, and what a visitor may change.

use crate::StoreError;
use crate::handles::{Store, Tx};
use crate::watch::Watch;

/// Sees only what the public may see: no note for staff, no component, no author, no draft. Cheap to clone.
#[derive(Clone)]
pub struct Published {
    pub(crate) store: Store,
}

/// Sees only what staff at the unlisted address are told, and the lock of that address. Apart from [`Published`], so
/// that what public documents are made from cannot hold it. Cheap to clone.
#[derive(Clone)]
pub struct Briefings {
    pub(crate) store: Store,
}

/// Changes only what a visitor may change, and never tells whether a contact is known. Cheap to clone.
#[derive(Clone)]
pub struct Subscriptions {
    pub(crate) store: Store,
}

/// A short transaction on subscriptions. What is not committed is rolled back when it is dropped.
pub struct SubTx {
    pub(crate) tx: Tx,
}

impl Published {
    pub(crate) const fn new(store: Store) -> Self {
        Self { store }
    }

    /// Wakes up when something becomes public.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.store.watch()
    }
}

impl Briefings {
    pub(crate) const fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Subscriptions {
    pub(crate) const fn new(store: Store) -> Self {
        Self { store }
    }

    /// Begins a short transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database or its write lock cannot be had in time.
    pub async fn begin(&self) -> Result<SubTx, StoreError> {
        Ok(SubTx { tx: self.store.begin().await? })
    }
}

impl SubTx {
    /// Makes everything written last.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database went away.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}
