//! Lets each crate show its templates with sample data, so that a test can render every one in every language.

use domain::Language;

use crate::frame::Frame;
use crate::renderer::{RenderError, Renderer, View};

type Draw = dyn Fn(&Renderer, Language) -> Result<String, RenderError> + Send + Sync;

/// One template with data to render it.
pub struct Sample {
    /// The template's path under `web/templates`.
    pub template: &'static str,
    draw: Box<Draw>,
}

impl Sample {
    /// A view that needs no frame.
    pub fn of<V: View + Send + Sync + 'static>(view: V) -> Self {
        Self { template: V::TEMPLATE, draw: Box::new(move |renderer, language| renderer.render(&view, language)) }
    }

    /// A page inside a frame.
    pub fn framed<F, V>(frame: F, view: V) -> Self
    where
        F: Frame + Send + Sync + 'static,
        V: View + Send + Sync + 'static,
    {
        let draw = move |renderer: &Renderer, language| renderer.render_in(&frame, &view, language);
        Self { template: V::TEMPLATE, draw: Box::new(draw) }
    }

    /// Renders the sample.
    ///
    /// # Errors
    /// When the template asks for something that the view, the frame or the locales do not have.
    pub fn render(&self, renderer: &Renderer, language: Language) -> Result<String, RenderError> {
        (self.draw)(renderer, language)
    }
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sample").field("template", &self.template).finish_non_exhaustive()
    }
}
