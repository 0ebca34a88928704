//! An edition as the files that any web server can serve: their names, and the bytes that the page itself would send.

use std::sync::Arc;

use bytes::Bytes;
use domain::{Language, Site};

use crate::cap;
use crate::edition::Edition;
use crate::edition::archive::Cold;
use crate::edition::archive::pack::PackError;
use crate::edition::body::Body;
use crate::edition::document::{Coding, Document, MediaClass, Tag};
use crate::edition::press::missing_path;
use crate::routes::{Place, short_path};

/// What refers to what: who writes files in this order never leads a reader to one that is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Tells of one incident or of the past, and is led to by others.
    Leaf,
    /// Lists, feeds and everything else.
    List,
    /// Where readers begin.
    Front,
}

/// One file of an edition.
#[derive(Clone, Debug)]
pub struct EditionFile {
    /// Its name below the folder, with `/` between the parts.
    pub name: String,
    /// When it is to be written.
    pub rank: Rank,
    /// The media type of its content.
    pub media_type: &'static str,
    /// Whether it is a compressed twin, which some web servers send in place of the plain file.
    pub is_compressed: bool,
    /// Changes with its content.
    pub tag: FileTag,
    content: Content,
}

/// Equal for equal contents, and for nothing else that ever happens.
pub type FileTag = u128;

#[derive(Clone, Debug)]
enum Content {
    Ready(Body),
    Old(Arc<str>, Arc<Cold>, Coding),
}

/// An old page is not what was written.
#[derive(Debug, thiserror::Error)]
#[error("{page} is damaged; start the page with its database once")]
pub struct DamagedFile {
    /// The path of the page.
    pub page: Arc<str>,
    #[source]
    source: PackError,
}

impl EditionFile {
    /// Its bytes. What is old is read from disk.
    ///
    /// # Errors
    /// When it is old, and damaged.
    pub fn read(&self) -> Result<Bytes, DamagedFile> {
        match &self.content {
            Content::Ready(body) => Ok(body.bytes()),
            Content::Old(page, cold, coding) => {
                let read = cold.pack.read(&cold.record, *coding);
                read.map_err(|source| DamagedFile { page: Arc::clone(page), source })
            }
        }
    }

    /// A file whose content is at hand.
    fn made(name: String, (rank, class): (Rank, MediaClass), content: Vec<u8>) -> Self {
        let content = Body::from(Bytes::from(content));
        Self {
            name,
            rank,
            media_type: media_type(class),
            is_compressed: false,
            tag: number_of(content.tag()),
            content: Content::Ready(content),
        }
    }
}

/// Every file of an edition, in no order.
pub(crate) fn files(edition: &Edition, site: &Site) -> Vec<EditionFile> {
    let mut files = Vec::new();
    for (path, document) in edition.documents().filter(|(_, document)| document.class() != MediaClass::Missing) {
        of_document(path, document, site, &mut files);
    }
    for (path, cold) in edition.archive().iter().filter(|(path, _)| edition.document(path).is_none()) {
        of_old(path, cold, &mut files);
    }
    for entry in edition.entries() {
        for language in &site.languages {
            let target = Place::Incident(&entry.slug).path(*language);
            files.push(redirect(&short_path(*language, entry.number), target.as_bytes()));
        }
    }
    let copies: Vec<EditionFile> = files.iter().filter_map(|file| newest_message(edition, file)).collect();
    files.extend(copies);
    files.push(front_page(site));
    if let Some(document) = edition.document(&missing_path("not-found", site.default_language())) {
        // It stands where web servers look for it.
        files.push(EditionFile::made("404.html".to_owned(), (Rank::List, MediaClass::Page), document.bytes().to_vec()));
    }
    files
}

fn of_document(path: &str, document: &Document, site: &Site, files: &mut Vec<EditionFile>) {
    let class = document.class();
    if class == MediaClass::Redirect {
        files.push(redirect(path, &document.bytes()));
        return;
    }
    let is_front = site.languages.iter().any(|language| Place::Home.path(*language) == path);
    let is_leaf = document.incident.is_some();
    let rank = if is_front {
        Rank::Front
    } else if is_leaf {
        Rank::Leaf
    } else {
        Rank::List
    };
    for coding in Coding::ALL {
        let Some(encoded) = document.encoded(coding) else { continue };
        files.push(EditionFile {
            name: with_ending(file_name(path, class), coding),
            rank,
            media_type: media_type(class),
            is_compressed: coding != Coding::Identity,
            tag: number_of(encoded.body.tag()),
            content: Content::Ready(encoded.body.clone()),
        });
    }
}

fn of_old(path: &Arc<str>, cold: &Arc<Cold>, files: &mut Vec<EditionFile>) {
    let class = cold.record.nature.class;
    for coding in Coding::ALL.into_iter().filter(|coding| cold.record.has(*coding)) {
        files.push(EditionFile {
            name: with_ending(file_name(path, class), coding),
            rank: Rank::Leaf,
            media_type: media_type(class),
            is_compressed: coding != Coding::Identity,
            tag: number_of(cold.record.tag(coding)),
            content: Content::Old(Arc::clone(path), Arc::clone(cold), coding),
        });
    }
}

/// The newest CAP message of an incident once more, under the address of the incident, where the page itself leads on:
/// what reads CAP does not follow a page that redirects. `None` for every other file.
fn newest_message(edition: &Edition, file: &EditionFile) -> Option<EditionFile> {
    let (stem, ending) = file.name.split_once(".xml")?;
    let path = format!("/{stem}.xml");
    let incident = cap::incident_of(&path)?;
    let is_newest = edition.newest_message(incident)? == path;
    let name = format!("{}{ending}", cap::newest_path(incident).trim_start_matches('/'));
    is_newest.then(|| EditionFile { name, rank: Rank::List, ..file.clone() })
}

fn media_type(class: MediaClass) -> &'static str {
    // What has none is a redirect, and a file that redirects is a page.
    class.media_type().unwrap_or("text/html; charset=utf-8")
}

fn number_of(tag: Tag) -> FileTag {
    tag.iter().fold(0, |number, byte| number << 8 | FileTag::from(*byte))
}

/// A page is a folder with an index, so that its address needs no ending on any server.
fn file_name(path: &str, class: MediaClass) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty() && !matches!(*part, "." | ".."));
    let mut parts: Vec<&str> = parts.collect();
    if matches!(class, MediaClass::Page | MediaClass::Redirect) {
        parts.push("index.html");
    }
    parts.join("/")
}

fn with_ending(mut name: String, coding: Coding) -> String {
    match coding {
        Coding::Identity => {}
        Coding::Gzip => name.push_str(".gz"),
        Coding::Brotli => name.push_str(".br"),
    }
    name
}

/// Where a plain web server cannot redirect, the page does.
fn redirect(path: &str, target: &[u8]) -> EditionFile {
    let target = String::from_utf8_lossy(target);
    let target = crate::feed::rss::escape(&target);
    let language = edge::path_language(&target).map_or("en", Language::tag);
    let page = format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0; url={target}\"><title>{target}</title><a href=\"{target}\">{target}</a>\n"
    );
    EditionFile::made(file_name(path, MediaClass::Redirect), (Rank::List, MediaClass::Redirect), page.into_bytes())
}

/// The bare host cannot ask the browser here, so it offers both languages, the default one first.
fn front_page(site: &Site) -> EditionFile {
    let mut page = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{}</title><ul>",
        site.default_language().tag(),
        crate::feed::rss::escape(site.name.text(site.default_language())),
    );
    for language in &site.languages {
        let (path, tag) = (Place::Home.path(*language), language.tag());
        let name = crate::feed::rss::escape(site.name.text(*language));
        page.push_str(&format!("<li><a href=\"{path}\" lang=\"{tag}\" hreflang=\"{tag}\">{name}</a></li>"));
    }
    page.push_str("</ul></html>\n");
    EditionFile::made("index.html".to_owned(), (Rank::Front, MediaClass::Page), page.into_bytes())
}
