//! Writes an edition as plain files, the same bytes, for a second host that needs nothing but a web server.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use domain::Site;

use crate::edition::Edition;
use crate::edition::document::{Coding, Document, MediaClass};
use crate::edition::press::missing_path;
use crate::routes::{Place, short_path};

/// Why an edition could not be written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nothing was ever read from the database, and nothing was kept on disk.
    #[error("there is no edition yet")]
    NoEdition,
    /// An old page is not what was written.
    #[error("{page} is damaged; start the page with its database once: {error}")]
    Damaged {
        /// Its path.
        page: String,
        /// What is wrong.
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file could not be written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// Writes every document into `folder` and gives their number. Each file is written beside and renamed, so that a
/// reader of the folder never meets half a page. Files of earlier editions stay: their addresses are stable.
pub(crate) fn export(edition: &Edition, site: &Site, folder: &Path) -> Result<usize, ExportError> {
    if edition.published_version() < 0 {
        return Err(ExportError::NoEdition);
    }
    let mut written = 0;
    for (path, document) in edition.documents().filter(|(_, document)| document.class() != MediaClass::Missing) {
        let forms = Coding::ALL.map(|coding| document.encoded(coding).map(|one| one.bytes.clone()));
        write(folder, (path, document.class()), forms)?;
        written += 1;
    }
    for (path, cold) in edition.archive().iter().filter(|(path, _)| edition.document(path).is_none()) {
        let read = |coding| cold.record.has(coding).then(|| cold.pack.read(&cold.record, coding)).transpose();
        let [plain, gzip, brotli] = Coding::ALL.map(read);
        let damaged = |error| ExportError::Damaged { page: path.to_string(), error: Box::new(error) };
        let forms = [plain.map_err(damaged)?, gzip.map_err(damaged)?, brotli.map_err(damaged)?];
        write(folder, (path, cold.record.nature.class), forms)?;
        written += 1;
    }
    for entry in edition.entries() {
        for language in &site.languages {
            let target = Place::Incident(&entry.slug).path(*language).into_bytes();
            let path = short_path(*language, entry.number);
            write(folder, (&path, MediaClass::Redirect), [Some(target.into()), None, None])?;
            written += 1;
        }
    }
    front_page(edition, site, folder)?;
    Ok(written + 1)
}

/// Writes one document: plain, and compressed beside it.
fn write(folder: &Path, (path, class): (&str, MediaClass), forms: [Option<Bytes>; 3]) -> Result<(), ExportError> {
    let file = folder.join(file_name(path, class));
    let [plain, gzip, brotli] = forms;
    let plain = plain.unwrap_or_default();
    match class {
        MediaClass::Redirect => put(&file, &redirect_page(&plain))?,
        _ => put(&file, &plain)?,
    }
    for (form, ending) in [(gzip, "gz"), (brotli, "br")] {
        if let Some(form) = form {
            put(&with_ending(&file, ending), &form)?;
        }
    }
    Ok(())
}

/// A page is a folder with an index, so that its address needs no ending on any server.
fn file_name(path: &str, class: MediaClass) -> PathBuf {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != "..");
    let mut file: PathBuf = parts.collect();
    if matches!(class, MediaClass::Page | MediaClass::Redirect) {
        file.push("index.html");
    }
    file
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Where a plain web server cannot redirect, the page does.
fn redirect_page(target: &[u8]) -> Vec<u8> {
    let target = String::from_utf8_lossy(target);
    let target = crate::feed::rss::escape(&target);
    format!("<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={target}\"><title>{target}</title><a href=\"{target}\">{target}</a>\n").into_bytes()
}

/// The bare host cannot ask the browser here, so it offers both languages, the default one first; and the page for what
/// is not found stands where web servers look for it.
fn front_page(edition: &Edition, site: &Site, folder: &Path) -> Result<(), ExportError> {
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
    put(&folder.join("index.html"), page.as_bytes())?;
    match edition.document(&missing_path("not-found", site.default_language())) {
        Some(document) => put(&folder.join("404.html"), Document::bytes(document)),
        None => Ok(()),
    }
}

fn put(file: &Path, content: &[u8]) -> Result<(), ExportError> {
    let io = |error| ExportError::Io { path: file.to_owned(), error };
    if fs::read(file).is_ok_and(|there| there == content) {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(io)?;
    let beside = with_ending(file, "part");
    let write = || {
        let mut out = File::create(&beside)?;
        out.write_all(content)?;
        out.sync_data()?;
        fs::rename(&beside, file)
    };
    write().map_err(io)
}
