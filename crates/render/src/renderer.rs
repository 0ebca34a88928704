//! The handle that every server renders with: all templates, all languages, one time zone.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono_tz::Tz;
use domain::{HasKind, Kind, Language, Localized};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, merge_maps};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::frame::Frame;
use crate::locales::{Args, Locales};
use crate::styles::Styles;
use crate::{assets, escape, filters, forms, translate};

/// What the templates of one installation have in common.
#[derive(Clone, Debug)]
pub struct RenderSettings {
    /// The zone in which people read times, usually Europe/London.
    pub time_zone: Tz,
    /// The languages of the site; the first is the default.
    pub languages: Vec<Language>,
    /// The name of the service in each language; empty means `site-title` of the locales.
    pub site_name: Localized,
    /// True where organisations and incidents are samples: every page then says that it is no NHS site.
    pub sample_data: bool,
}

impl Default for RenderSettings {
    fn default() -> Self {
        Self {
            time_zone: Tz::Europe__London,
            languages: Language::ALL.to_vec(),
            site_name: Localized::default(),
            sample_data: false,
        }
    }
}

/// A typed page, mail or text: its fields are the variables of its template.
pub trait View: Serialize {
    /// The template's path under `web/templates`. Everything is escaped unless the name ends in `.txt`.
    const TEMPLATE: &'static str;
}

/// Why something could not be rendered. Each is a defect of a template, a locale or a view.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template does not parse, does not exist, or asks for what its view lacks.
    #[error(transparent)]
    Template(#[from] minijinja::Error),
    /// A locale file does not parse or repeats a key.
    #[error("locale file {file}: {detail}")]
    Locale {
        /// Path under `web/locales`.
        file: String,
        /// What the parser says.
        detail: String,
    },
    /// A language has no message of this key.
    #[error("no text {key:?} in {language}")]
    MissingText {
        /// The key asked for.
        key: String,
        /// The language without it.
        language: &'static str,
    },
    /// A message could not be put together, usually because a placeholder was not given.
    #[error("text {key:?} in {language}: {detail}")]
    Text {
        /// The key asked for.
        key: String,
        /// The language asked for.
        language: &'static str,
        /// What Fluent says.
        detail: String,
    },
}

impl HasKind for RenderError {
    fn kind(&self) -> Kind {
        Kind::Broken
    }

    fn code(&self) -> &'static str {
        "broken"
    }
}

/// Renders views in a language. Cheap to clone.
#[derive(Clone)]
pub struct Renderer {
    shared: Arc<Shared>,
}

struct Shared {
    templates: Environment<'static>,
    locales: Arc<Locales>,
    styles: Arc<Styles>,
    settings: RenderSettings,
    fingerprint: String,
}

impl Renderer {
    /// Loads and checks every template and locale file.
    ///
    /// # Errors
    /// When any of them does not parse, so that a broken file stops the start and not a reader.
    pub fn new(settings: RenderSettings) -> Result<Self, RenderError> {
        let locales = Arc::new(Locales::load(&assets::locales())?);
        let styles = Arc::new(Styles::load());
        let mut templates = empty_environment();
        filters::install(&mut templates, settings.time_zone);
        forms::install(&mut templates);
        translate::install(&mut templates, &locales);
        styles.install(&mut templates);
        for (name, source) in assets::templates() {
            templates.add_template_owned(name, source)?;
        }
        let fingerprint =
            assets::fingerprint(&format!("{settings:?} {:?} {}", styles.sources(), styles.source("embed")));
        Ok(Self { shared: Arc::new(Shared { templates, locales, styles, settings, fingerprint }) })
    }

    /// Renders a view that needs no frame: a feed, a mail, a text message, a fragment.
    ///
    /// # Errors
    /// When the template asks for something that the view or the locales do not have.
    pub fn render<V: View>(&self, view: &V, language: Language) -> Result<String, RenderError> {
        self.render_template(V::TEMPLATE, Value::from(Serde(view)), Value::from(()), language)
    }

    /// Renders a page inside a frame: the template sees the frame as `frame` beside the view's own fields.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub fn render_in<F: Frame, V: View>(&self, frame: &F, view: &V, language: Language) -> Result<String, RenderError> {
        self.render_template(V::TEMPLATE, Value::from(Serde(view)), Value::from(Serde(frame)), language)
    }

    fn render_template(
        &self,
        name: &str,
        view: Value,
        frame: Value,
        language: Language,
    ) -> Result<String, RenderError> {
        let common = context! {
            lang => language.code(),
            lang_tag => language.tag(),
            other_lang => language.other().code(),
            other_lang_tag => language.other().tag(),
            site_name => self.site_name(language)?,
            sample_data => self.shared.settings.sample_data,
            time_zone => self.shared.settings.time_zone.name(),
            frame => frame,
        };
        let template = self.shared.templates.get_template(name)?;
        Ok(template.render(merge_maps([view, common]))?)
    }

    /// A text of the locales for callers in Rust: mail subjects, feed titles, problem documents.
    ///
    /// # Errors
    /// When the key or one of its placeholders is missing.
    pub fn text(&self, language: Language, key: &str, args: &Args) -> Result<String, RenderError> {
        self.shared.locales.text(language, key, args)
    }

    /// The first of `keys` that this language has, as text.
    ///
    /// # Errors
    /// When it has none of them, or a placeholder is missing.
    pub fn first_text(&self, language: Language, keys: &[&str], args: &Args) -> Result<String, RenderError> {
        let known = keys.iter().find(|key| self.has_text(language, key));
        self.text(language, known.or(keys.last()).copied().unwrap_or_default(), args)
    }

    /// Whether this language has a text of this key.
    #[must_use]
    pub fn has_text(&self, language: Language, key: &str) -> bool {
        self.shared.locales.has(language, key)
    }

    /// The name of the service as configured, or as the locales have it.
    ///
    /// # Errors
    /// When neither has one.
    pub fn site_name(&self, language: Language) -> Result<String, RenderError> {
        match self.shared.settings.site_name.get(language) {
            Some(name) => Ok(name.to_owned()),
            None => self.text(language, "site-title", &Args::new()),
        }
    }

    /// The settings it was made with.
    #[must_use]
    pub fn settings(&self) -> &RenderSettings {
        &self.shared.settings
    }

    /// The `'sha256-…'` source for `style-src` of each style sheet that pages carry inline.
    #[must_use]
    pub fn style_sources(&self) -> Vec<String> {
        self.shared.styles.sources()
    }

    /// The source of a style sheet that only a few pages carry, for the policies of these pages.
    #[must_use]
    pub fn style_source(&self, name: &str) -> String {
        self.shared.styles.source(name)
    }

    /// Changes with any template, text, style sheet or setting: finished pages of another fingerprint are out of date.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.shared.fingerprint
    }

    /// The names of all templates; a name with a part that begins with `_` is a partial.
    #[must_use]
    pub fn template_names(&self) -> BTreeSet<String> {
        self.shared.templates.templates().map(|(name, _)| name.to_owned()).collect()
    }

    /// Every key of one language.
    #[must_use]
    pub fn locale_keys(&self, language: Language) -> BTreeSet<String> {
        crate::tidy::messages(&assets::locales(), language).into_keys().collect()
    }
}

fn empty_environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the standard delimiters are sound"),
    );
    // minijinja would escape `.html` and `.xml` alone, and leave feeds, pictures and calendars open.
    environment.set_auto_escape_callback(|name| match name.ends_with(".txt") {
        true => AutoEscape::None,
        false => AutoEscape::Html,
    });
    environment.set_formatter(|out, state, value| escape::print(out, state, value));
    environment
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").field("settings", &self.shared.settings).finish_non_exhaustive()
    }
}

/// Used by tests that need templates of their own.
#[cfg(test)]
pub(crate) fn renderer_with(extra: &[(&'static str, &'static str)]) -> Renderer {
    let mut renderer = Renderer::new(RenderSettings::default()).unwrap();
    let shared = Arc::get_mut(&mut renderer.shared).unwrap();
    for (name, source) in extra {
        shared.templates.add_template(name, source).unwrap();
    }
    renderer
}

/// Renders one of the templates of [`renderer_with`] with plain JSON.
#[cfg(test)]
pub(crate) fn render_json(
    renderer: &Renderer,
    name: &str,
    view: serde_json::Value,
    language: Language,
) -> Result<String, RenderError> {
    renderer.render_template(name, Value::from(Serde(view)), Value::from(()), language)
}
