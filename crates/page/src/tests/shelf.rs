//! The edition on disk: it comes back whole or not at all.

use super::fixture::{keep, model, now, page, page_with};
use crate::export::ExportError;

#[tokio::test]
async fn the_last_edition_comes_back_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let before = page_with(folder.path(), model());
    keep(&before, &model());
    let after = page(folder.path());
    assert!(!after.is_ready() && after.load_from_disk() && after.is_ready());
    let (one, other) = (before.edition(), after.edition());
    assert_eq!((one.id(), one.next_moment()), (other.id(), other.next_moment()));
    for (path, document) in one.documents() {
        let back = other.document(path).unwrap();
        assert_eq!(document.bytes(), back.bytes(), "{path}");
        assert_eq!(document.identity.headers, back.identity.headers, "{path}");
        assert_eq!(document.smallest(), back.smallest(), "{path}");
    }
    assert_eq!(after.shared.model.load_full().unwrap().stories.len(), 2);
    // Nothing has to be made again, because nothing has changed.
    let next = after.shared.press.print(&now(model()), &other, &[]).unwrap();
    assert!(next.documents().all(|(path, document)| std::sync::Arc::ptr_eq(document, other.document(path).unwrap())));
}

#[tokio::test]
async fn a_torn_or_changed_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let before = page_with(folder.path(), model());
    keep(&before, &model());
    let file = folder.path().join("edition.hysbys");
    let whole = std::fs::read(&file).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    let torn = [&whole[..whole.len() - 1], &whole[..100], &whole[..3], b"", &changed];
    for bytes in torn {
        std::fs::write(&file, bytes).unwrap();
        let after = page(folder.path());
        assert!(!after.load_from_disk() && !after.is_ready(), "{} bytes", bytes.len());
    }
    std::fs::write(&file, &whole).unwrap();
    assert!(page(folder.path()).load_from_disk());
}

#[tokio::test]
async fn the_edition_can_be_written_out_as_files() {
    let (data, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(matches!(page(data.path()).export(out.path()), Err(ExportError::NoEdition)));
    let page = page_with(data.path(), model());
    let written = page.export(out.path()).unwrap();
    assert_eq!(page.export(out.path()).unwrap(), written, "it can be repeated");
    let read = |name: &str| std::fs::read(out.path().join(name)).unwrap();
    assert_eq!(read("cy/index.html"), page.edition().document("/cy/").unwrap().bytes().to_vec());
    assert_eq!(read("api/v2/summary.json"), page.edition().document("/api/v2/summary.json").unwrap().bytes().to_vec());
    assert!(String::from_utf8(read("i/1/index.html")).unwrap().contains("/en/incidents/2018-01-24-some"));
    assert!(out.path().join("404.html").exists() && out.path().join("en/index.html.br").exists());
}
