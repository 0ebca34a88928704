//! Says what went wrong: to people as a page in their language, to programs as a problem document (RFC 9457).

use axum::body::Body;
use axum::response::Response;
use domain::{Kind, Language, WithCauses};
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use render::{Args, Problem, PublicFrame, RenderError, Renderer, StaffFrame, View};
use serde::Serialize;

use crate::dress::Surface;
use crate::failure::Answer;
use crate::request_id::RequestId;

/// Who reads the answer.
pub(crate) struct Reader {
    pub(crate) id: RequestId,
    pub(crate) language: Language,
    pub(crate) path: String,
    pub(crate) wants_json: bool,
}

/// The answer in words, with its own headers.
pub(crate) fn describe(
    answer: &Answer,
    status: StatusCode,
    (renderer, surface): (&Renderer, Surface),
    reader: &Reader,
    frame: impl FnOnce() -> PublicFrame,
) -> Response {
    let said = if reader.wants_json {
        let document = document(answer, status, renderer, (reader.language, Some(&reader.id)));
        document.map(|body| (body, "application/problem+json"))
    } else {
        page(answer, (renderer, surface), reader, frame).map(|body| (body, "text/html; charset=utf-8"))
    };
    let (body, media_type) = said.unwrap_or_else(|error| {
        tracing::error!(error = %WithCauses(&error), "the words of an error could not be rendered");
        (LAST_WORDS.to_owned(), "text/plain; charset=utf-8")
    });
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(reader.language.tag()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    if let Some(seconds) = retry_after(answer) {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if reader.wants_json && answer.kind == Kind::Unauthenticated {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if reader.wants_json && surface == Surface::Public && !is_personal(&reader.path) {
        headers.insert(HeaderName::from_static("access-control-allow-origin"), HeaderValue::from_static("*"));
    }
    response
}

/// When not even the error page can be rendered.
const LAST_WORDS: &str =
    "Mae'n ddrwg gennym, mae problem gyda'r dudalen hon.\nSorry, there is a problem with this page.\n";

/// What is short of something now may have it soon; in seconds.
fn retry_after(answer: &Answer) -> Option<u64> {
    match (answer.retry_after, answer.kind) {
        (Some(wait), _) => Some(wait.as_secs().max(1)),
        (None, Kind::Unavailable) => Some(10),
        _ => None,
    }
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: String,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    code: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError<'a>>,
}

#[derive(Serialize)]
struct FieldError<'a> {
    pointer: String,
    code: &'a str,
    detail: String,
}

/// Whether what is asked for under a path is for programs, which read problem documents.
#[must_use]
pub fn is_for_programs(path: &str) -> bool {
    const ENDINGS: [&str; 5] = [".json", ".xml", ".atom", ".rss", ".ics"];
    let is_api = path.split('/').take(3).any(|part| part.eq_ignore_ascii_case("api"));
    // Addresses in capitals lead to the right ones, so those that lead nowhere are as much for programs as they are.
    let ends = |ending: &&str| {
        let start = path.len().checked_sub(ending.len());
        start.and_then(|start| path.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    is_api || path.starts_with("/cap/") || ENDINGS.iter().any(ends)
}

/// Whether what is asked for is the sign-up of one person: programs may send it, scripts of other sites may not read
/// what is answered.
fn is_personal(path: &str) -> bool {
    path.split('/').any(|part| part.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("subscribers")))
}

/// The problem document of a bare status, for a server that is not dressed by [`crate::dress`].
///
/// # Errors
/// When a locale lacks its words.
pub fn problem_document(status: StatusCode, renderer: &Renderer, language: Language) -> Result<String, RenderError> {
    document(&Answer::of_status(status), status, renderer, (language, None))
}

fn document(
    answer: &Answer,
    status: StatusCode,
    renderer: &Renderer,
    (language, id): (Language, Option<&RequestId>),
) -> Result<String, RenderError> {
    let words = Words { renderer, language };
    let errors = answer.problems.iter().map(|problem| {
        let detail = words.of_problem(problem)?;
        Ok(FieldError { pointer: pointer(&problem.field), code: &problem.code, detail })
    });
    let document = Document {
        r#type: "about:blank",
        title: words.of_kind(answer.kind)?,
        status: status.as_u16(),
        detail: words.of_answer(answer)?,
        instance: id.map(|id| format!("urn:hysbys:request:{}", id.as_str())),
        code: answer.code,
        errors: errors.collect::<Result<_, RenderError>>()?,
    };
    Ok(serde_json::to_string(&document).unwrap_or_else(|_| "{}".to_owned()))
}

/// `title.cy` becomes the JSON pointer `/title/cy`.
fn pointer(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("/{}", field.replace('~', "~0").replace('/', "~1").replace('.', "/"))
    }
}

/// The page that a person reads when something went wrong.
#[derive(Serialize)]
pub(crate) struct ErrorPage {
    title: String,
    detail: String,
    problems: Vec<String>,
    kind: &'static str,
    request_id: String,
    home_url: String,
}

impl View for ErrorPage {
    const TEMPLATE: &'static str = "error/public.html";
}

/// The same for staff.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct StaffErrorPage(ErrorPage);

impl View for StaffErrorPage {
    const TEMPLATE: &'static str = "error/staff.html";
}

fn page(
    answer: &Answer,
    (renderer, surface): (&Renderer, Surface),
    reader: &Reader,
    frame: impl FnOnce() -> PublicFrame,
) -> Result<String, RenderError> {
    let words = Words { renderer, language: reader.language };
    let staff = surface == Surface::Staff;
    let page = ErrorPage {
        title: words.of_kind(answer.kind)?,
        detail: words.of_answer(answer)?,
        problems: answer.problems.iter().map(|problem| words.of_problem(problem)).collect::<Result<_, _>>()?,
        kind: kind_key(answer.kind),
        request_id: reader.id.as_str().to_owned(),
        home_url: if staff { "/".to_owned() } else { format!("/{}/", reader.language.code()) },
    };
    if staff {
        renderer.render_in(&StaffFrame::default(), &StaffErrorPage(page), reader.language)
    } else {
        renderer.render_in(&frame(), &page, reader.language)
    }
}

struct Words<'a> {
    renderer: &'a Renderer,
    language: Language,
}

impl Words<'_> {
    fn of_kind(&self, kind: Kind) -> Result<String, RenderError> {
        self.renderer.text(self.language, &format!("error-kind-{}", kind_key(kind)), &Args::new())
    }

    fn of_answer(&self, answer: &Answer) -> Result<String, RenderError> {
        let minutes = retry_after(answer).unwrap_or_default().div_ceil(60);
        let args = Args::from([("n".to_owned(), minutes.into())]);
        let (own, fallback) = (format!("error-{}", answer.code), format!("error-help-{}", kind_key(answer.kind)));
        self.renderer.first_text(self.language, &[&own, &fallback], &args)
    }

    fn of_problem(&self, problem: &Problem) -> Result<String, RenderError> {
        let key = format!("invalid-{}", problem.code);
        self.renderer.first_text(self.language, &[&key, "invalid-other"], &problem.args)
    }
}

/// The kind as locales name it.
fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Invalid => "invalid",
        Kind::Unauthenticated => "unauthenticated",
        Kind::Forbidden => "forbidden",
        Kind::NotFound => "not-found",
        Kind::Conflict => "conflict",
        Kind::TooMany => "too-many",
        Kind::Unavailable => "unavailable",
        Kind::Broken => "broken",
    }
}

/// The error pages with sample data, for the test that renders every template.
#[must_use]
pub fn samples() -> Vec<render::Sample> {
    let page = || ErrorPage {
        title: "Page not found".to_owned(),
        detail: "If you typed the web address, check it is correct".to_owned(),
        problems: vec!["Enter an answer".to_owned()],
        kind: "not-found",
        request_id: "0123456789abcdef".to_owned(),
        home_url: "/en/".to_owned(),
    };
    vec![
        render::Sample::framed(PublicFrame::bare(Language::En), page()),
        render::Sample::framed(StaffFrame::default(), StaffErrorPage(page())),
    ]
}
