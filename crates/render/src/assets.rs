//! Carries the files under `web/` inside the binary, so that one file is the whole installation.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::digest::hex;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../../web/templates"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "../../web/locales"]
struct Locales;

#[derive(RustEmbed)]
#[folder = "../../web/static"]
struct Static;

/// All templates as name and text; names are paths under `web/templates`.
pub(crate) fn templates() -> BTreeMap<String, String> {
    texts::<Templates>()
}

/// All locale files as name (`cy/page.ftl`) and text.
pub(crate) fn locales() -> BTreeMap<String, String> {
    texts::<Locales>()
}

/// A file under `web/static` by its name, or `None` when there is no such file.
pub fn static_file(name: &str) -> Option<Cow<'static, [u8]>> {
    Static::get(name).map(|file| file.data)
}

/// Where browsers look for the sign of a site when what they show names none, as a feed or a picture. The pages carry
/// theirs with them, so that a reader asks once.
pub const ICON_PATH: &str = "/favicon.ico";

/// The registered media type of the icon.
pub const ICON_TYPE: &str = "image/vnd.microsoft.icon";

/// The sign of the site.
#[must_use]
pub fn icon() -> Cow<'static, [u8]> {
    static_file("favicon.ico").expect("the icon is among the files of the web folder")
}

/// The picture that is shown beside a link to any page, for whoever follows `og:image`. No page shows it.
pub const CARD_PATH: &str = "/card.png";

/// That picture.
#[must_use]
pub fn card() -> Cow<'static, [u8]> {
    static_file("card.png").expect("the picture is among the files of the web folder")
}

/// A hash over every template and locale file, and `more`.
pub(crate) fn fingerprint(more: &str) -> String {
    let mut hash = Sha256::new_with_prefix(more);
    for (name, text) in templates().into_iter().chain(locales()) {
        hash.update(name);
        hash.update([0]);
        hash.update(text);
        hash.update([0]);
    }
    hex(&hash.finalize())
}

/// Editors leave hidden and backup files behind; they are no part of the product.
fn texts<E: RustEmbed>() -> BTreeMap<String, String> {
    E::iter()
        .filter(|name| !name.ends_with('~') && !name.split('/').any(|part| part.starts_with('.')))
        .filter_map(|name| {
            let file = E::get(&name)?;
            Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect()
}
