//! `hysbys load`: brings the lists of a folder into the database; safe to repeat.

use std::path::Path;

use domain::audit::AuditNote;
use store::Store;

use super::{operator, say};
use crate::catalogue_folder;

/// Loads a folder and says what is now known.
///
/// # Errors
/// When a file of the folder is not as expected, or the database does not answer.
pub async fn run(store: &Store, folder: &Path) -> anyhow::Result<()> {
    let counts = load(store, folder).await?;
    say(counts)?;
    Ok(())
}

/// Loads a folder on top of what is known; answers in one line.
///
/// # Errors
/// As [`run`].
pub async fn load(store: &Store, folder: &Path) -> anyhow::Result<String> {
    let catalogue = catalogue_folder::read(folder, store.catalogue().await?)?;
    let counts = format!(
        "{} organisations, {} services, {} components, {} causes, {} lines of advice, {} templates",
        catalogue.organisations.len(),
        catalogue.services.len(),
        catalogue.components.len(),
        catalogue.causes.len(),
        catalogue.advice.len(),
        catalogue.templates.len(),
    );
    let tx = store.begin().await?;
    tx.save_catalogue(&catalogue).await?;
    let details = serde_json::json!({ "now": counts });
    tx.record(&operator(), AuditNote { action: "catalogue.loaded", subject: "catalogue".to_owned(), details }).await?;
    tx.touch_publication().await?;
    tx.commit().await?;
    Ok(counts)
}
