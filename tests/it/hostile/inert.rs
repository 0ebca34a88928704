//! Looks at everything that left the house - pages, feeds, JSON, mails, texts, posts - for anything but words.

use std::collections::{BTreeMap, BTreeSet};

use page::{Document, Edition, MediaClass};
use scenarios::installation::Installation;
use serde_json::Value;
use simulator::Mail;

use super::markup;

/// What documents may be made of: the elements with their attributes that harmless words give, for each kind.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    shapes: BTreeMap<String, BTreeSet<String>>,
    headers: BTreeSet<String>,
    is_set: bool,
}

impl Baseline {
    /// What stands on every page, feed and mail now is what may stand there.
    pub(super) fn of(app: &Installation<'_>) -> Self {
        let mut baseline = Self::default();
        baseline.look(app).expect("harmless words");
        let kinds: Vec<&String> = baseline.shapes.keys().collect();
        assert!(
            ["page", "mail", "the HTML of a feed"].iter().all(|kind| kinds.iter().any(|one| *one == kind)),
            "{kinds:?}"
        );
        baseline.is_set = true;
        baseline
    }

    /// Everything that is out, looked at; the words of all pages and feeds.
    pub(super) fn look(&mut self, app: &Installation<'_>) -> Result<String, String> {
        let mut words = self.edition(&app.parts.page.edition())?;
        for mail in app.world.simulator.mails() {
            words.push_str(&self.mail(&mail).map_err(|error| format!("mail {:?}: {error}", mail.subject))?);
        }
        let phones = app.world.simulator.phones();
        let texts = phones.iter().flat_map(|phone| &phone.texts).map(|text| text.text.to_string());
        let posts = app.world.simulator.posts();
        for text in texts.chain(posts.iter().map(|post| post.text.to_string())) {
            check_letters(&text).map_err(|error| format!("{text:?}: {error}"))?;
        }
        Ok(words)
    }

    /// What stands on these pages is what may stand on pages like them.
    pub(super) fn of_pages(pages: &[String]) -> Self {
        let mut baseline = Self::default();
        pages.iter().for_each(|page| _ = baseline.page(page).expect("harmless words"));
        baseline.is_set = true;
        baseline
    }

    /// A page that is not part of the edition, looked at; its words.
    pub(super) fn page(&mut self, page: &str) -> Result<String, String> {
        self.markup("page", page, true)
    }

    fn edition(&mut self, edition: &Edition) -> Result<String, String> {
        let mut words = String::new();
        for (path, document) in edition.documents() {
            let seen = self.document(document).map_err(|error| format!("{path}: {error}"))?;
            words.push_str(&seen);
        }
        Ok(words)
    }

    fn document(&mut self, document: &Document) -> Result<String, String> {
        let bytes = document.bytes();
        let text = match document.class() {
            // A picture of ours, without words.
            MediaClass::Icon | MediaClass::Picture => "",
            _ => std::str::from_utf8(&bytes).map_err(|error| error.to_string())?,
        };
        match document.class() {
            MediaClass::Page | MediaClass::Missing | MediaClass::Frame => self.markup("page", text, true),
            MediaClass::Atom | MediaClass::Rss | MediaClass::Cap | MediaClass::Sitemap | MediaClass::Svg => {
                check_letters(text)?;
                self.markup(document.class().media_type().unwrap_or_default(), text, false)
            }
            MediaClass::Json | MediaClass::JsonFeed | MediaClass::Problem => {
                let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
                check_statuspage(&value)?;
                Ok(value.to_string())
            }
            MediaClass::Calendar
            | MediaClass::Script
            | MediaClass::Text
            | MediaClass::Redirect
            | MediaClass::Icon
            | MediaClass::Picture => check_letters(text).map(|()| String::new()),
        }
    }

    fn mail(&mut self, mail: &Mail) -> Result<String, String> {
        let content = mail.content.as_ref().ok_or("its content is gone")?;
        let names: BTreeSet<String> = content.headers.keys().map(|name| name.to_ascii_lowercase()).collect();
        if !self.is_set {
            self.headers.extend(names.clone());
        }
        if let Some(more) = names.difference(&self.headers).next() {
            return Err(format!("a header of its own: {more}"));
        }
        if mail.to.len() != 1 || mail.subject.contains(['\r', '\n']) {
            return Err(format!("to {:?}", mail.to));
        }
        check_letters(&content.text)?;
        let html = content.html.as_deref().ok_or("it has no HTML")?;
        if content.text.matches("/alerts/leave/").count() + content.text.matches("/hysbysiadau/gadael/").count() > 1 {
            return Err("the personal link stands in it more than once".to_owned());
        }
        self.markup("mail", html, true)
    }

    fn markup(&mut self, kind: &str, text: &str, is_html: bool) -> Result<String, String> {
        check_letters(text)?;
        let found = markup::read(text, is_html)?;
        let known = self.shapes.entry(kind.to_owned()).or_default();
        if !self.is_set {
            known.extend(found.shapes.clone());
        }
        if let Some(more) = found.shapes.difference(known).next() {
            return Err(format!("an element that harmless words do not give: {more}"));
        }
        for (name, value) in &found.attributes {
            check_attribute(name, value)?;
        }
        for inner in &found.inner {
            self.markup("the HTML of a feed", inner, true)?;
        }
        Ok(found.words)
    }
}

/// No scripts, and links lead by known ways only.
fn check_attribute(name: &str, value: &str) -> Result<(), String> {
    if name.starts_with("on") || name == "srcdoc" {
        return Err(format!("{name}={value:?}"));
    }
    if !matches!(name, "href" | "src" | "action" | "formaction") {
        return Ok(());
    }
    // The icon stands in every page; nothing else may carry what it shows within its address.
    let frame = include_str!("../../../web/templates/_base_public.html");
    if value.starts_with("data:image/svg+xml,") && frame.contains(&format!("rel=\"icon\" href=\"{value}\"")) {
        return Ok(());
    }
    let known = ["http://", "https://", "mailto:", "tel:", "sms:", "#", "/"];
    let fine = known.iter().any(|start| value.starts_with(start)) && !value.starts_with("//");
    if fine { Ok(()) } else { Err(format!("{name}={value:?}")) }
}

/// Composed letters, and nothing that no reader can see.
fn check_letters(text: &str) -> Result<(), String> {
    match domain::text::normalise(text) {
        Ok(clean) if clean == text.replace("\r\n", "\n") => Ok(()),
        Ok(_) => Err("letters that are not composed, or turn the line round".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Programs that read Statuspage know these words and no other.
fn check_statuspage(value: &Value) -> Result<(), String> {
    let statuses = ["investigating", "identified", "monitoring", "resolved", "postmortem"];
    for incident in value["incidents"].as_array().into_iter().flatten() {
        let status = incident["status"].as_str().unwrap_or_default();
        let updates = incident["incident_updates"].as_array().map_or(0, Vec::len);
        if !statuses.contains(&status) || updates == 0 || !incident["name"].is_string() {
            return Err(format!("no incident of Statuspage: {incident}"));
        }
    }
    Ok(())
}
