//! The disk has no room for old pages: they stay in memory and are answered from there, until it has.

use super::archive::{OLD, put_away, remembering};
use super::fixture::{keep, page};
use crate::edition::archive::filing::Filing;

#[tokio::test]
async fn old_pages_that_find_no_room_on_disk_stay_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (page, now) = remembering(page(folder.path()));
    let before = page.edition();
    let words = before.document(OLD).expect("an old page in memory").bytes().to_vec();
    // A file where a folder should be: nothing can be written below it, whoever we are.
    let archive = folder.path().join("archive");
    let _ = std::fs::remove_dir_all(&archive);
    std::fs::write(&archive, "in the way").unwrap();
    for _ in 0..2 {
        let filing = Filing::due(&page.edition(), true).expect("enough is old");
        assert!(filing.write(page.shared.shelf.archive(), &now.model, &|| {}).is_err());
        let after = page.edition();
        assert_eq!((after.id(), after.size()), (before.id(), before.size()), "nothing was given up");
        assert_eq!(after.document(OLD).expect("still there").bytes().to_vec(), words);
    }
    // What is kept without packs has all of it, and is what a restart begins with.
    keep(&page, &now.model);
    let again = super::fixture::page(folder.path());
    assert!(again.load_from_disk());
    assert_eq!(again.edition().document(OLD).expect("from disk").bytes().to_vec(), words);

    std::fs::remove_file(&archive).unwrap();
    put_away(&page, &now);
    let after = page.edition();
    assert!(after.document(OLD).is_none() && after.held(OLD).is_some(), "with room again it is put away");
    assert_eq!(after.id(), before.id(), "which changes nothing for readers");
    let files = std::fs::read_dir(&archive).unwrap().map(|file| file.unwrap().path());
    assert!(files.into_iter().all(|path| path.extension().is_none_or(|end| end != "part")), "nothing half-written");
}
