//! An edition on its way to another page process: what the file on disk holds. Only what has a seal
//! that is believed is read at all; even so nothing in it can take more room than it may.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;

use super::Edition;
use super::shelf::{Content, Lacking, ShelfError, read_content, write_content};
use crate::model::Model;

/// An edition as it came.
pub(crate) struct Taken {
    pub(crate) edition: Edition,
    pub(crate) model: Arc<Model>,
    /// The packs that it needs, the newest last; those that are not in the folder are not in the edition either.
    pub(crate) packs: Vec<String>,
    /// The headers that its documents were finished with.
    pub(crate) common: HeaderMap,
}

/// Packs an edition up.
pub(crate) fn parcel(edition: &Edition, common: &HeaderMap) -> Result<Bytes, ShelfError> {
    let mut bytes = Vec::new();
    let packs: Vec<String> = edition.archive().pack_names().map(str::to_owned).collect();
    let content = Content { edition, model: &edition.model, common, packs: &packs };
    write_content(content, &mut |piece| {
        bytes.extend_from_slice(piece);
        Ok(())
    })?;
    Ok(bytes.into())
}

/// Unpacks an edition, with the packs of this folder.
pub(crate) fn taken(parcel: &Bytes, folder: &Path) -> Result<Taken, ShelfError> {
    read_content(parcel.clone(), folder, Lacking::IsOnItsWay)
}
