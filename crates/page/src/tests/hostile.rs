//! Whatever an author pastes in, it stays words: in pages, feeds and JSON alike.

use std::sync::Arc;

use domain::{Localized, Phase};

use super::fixture::{at, catalogue, content, page_with, story, text};
use crate::MediaClass;
use crate::model::Model;

const HOSTILE: &str =
    "</title><script>alert(1)</script>]]><b onmouseover=x>'\"& javascript:alert(1) \u{202e}evil\u{0}\u{8}\u{ffff}";

#[tokio::test]
async fn hostile_words_stay_words_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let title = Localized::both(HOSTILE, HOSTILE);
    let mut said = content(title.clone(), Phase::Investigating, "nhs-wales");
    said.words.know = title.clone();
    said.words.should = title;
    said.cyber.stated_by = Some(HOSTILE.to_owned());
    said.cause.stated_by = Some(HOSTILE.to_owned());
    let mut model = Model { catalogue: Arc::new(catalogue()), ..Model::default() };
    model.put(story(1, "nhs-wales", at("15:00"), vec![said]));
    let edition = page_with(folder.path(), model).edition();
    let written =
        edition.documents().filter(|(_, document)| !matches!(document.class(), MediaClass::Icon | MediaClass::Picture));
    for (path, document) in written {
        let written = String::from_utf8(document.bytes().to_vec()).unwrap();
        let media = document.class().media_type().unwrap_or_default();
        if media.contains("html") || media.contains("xml") {
            assert!(!written.contains("<script") && !written.contains("<b onmouse"), "{path}: {written}");
            assert!(!written.contains("href=\"javascript"), "{path}");
        }
        if media.contains("xml") {
            assert_well_formed(path, &written);
        }
        if media.contains("json") {
            serde_json::from_str::<serde_json::Value>(&written).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
        if media.contains("calendar") {
            assert!(written.split("\r\n").all(|line| line.len() <= 75), "{path}");
        }
    }
    assert!(text(&edition, "/en/feed.atom").contains("]]&gt;"));
}

fn assert_well_formed(path: &str, written: &str) {
    assert!(
        written.chars().all(|one| one >= ' ' && one != '\u{ffff}' || one == '\n'),
        "{path} holds a character that XML cannot"
    );
    let mut reader = quick_xml::Reader::from_str(written);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(quick_xml::events::Event::CData(_)) => panic!("{path} holds CDATA"),
            Ok(_) => {}
            Err(error) => panic!("{path}: {error}"),
        }
    }
}
