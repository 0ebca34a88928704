//! Answers with old documents, which have to be read first: with the same headers as if they were in memory, and
//! without reading anything where the client has the document already.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::HeaderMap;

use super::{negotiate, prepared};
use crate::Page;
use crate::edition::Document;
use crate::edition::archive::Cold;
use crate::edition::document::headers_of;

/// The answer; `None` when the document cannot be read.
pub(super) async fn send_old(page: &Page, (path, cold): (&str, &Arc<Cold>), headers: &HeaderMap) -> Option<Response> {
    let record = &cold.record;
    let coding = negotiate::chosen(|coding| record.has(coding), negotiate::accepts(headers));
    let head = headers_of(record.nature, record.tag(coding), coding, &page.shared.press.common);
    let bytes = match negotiate::is_known(&head, negotiate::has(headers)) {
        true => axum::body::Bytes::new(),
        false => page.shared.recall.bytes(path, cold, coding).await?,
    };
    let document = Document::chosen((record.nature, record.print), bytes, head);
    Some(prepared(&document, document.status(), headers).map(Body::from))
}
