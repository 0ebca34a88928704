//! One finished document: its bytes in every encoding, and every header of its answers, ready made.

use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use domain::Language;
use domain::digest::hex;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::body::Body;
use crate::model::Print;

/// How long readers and caches may keep a document: ten seconds, and a day when we are gone.
pub const CACHE_CONTROL: &str = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400";

const CACHED: HeaderValue = HeaderValue::from_static(CACHE_CONTROL);

/// Names the edition that an answer came from.
pub(crate) const EDITION: HeaderName = HeaderName::from_static("x-edition");

/// What sort of document it is: its media type, and who may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaClass {
    /// A page for people.
    Page,
    /// An Atom feed.
    Atom,
    /// An RSS feed.
    Rss,
    /// A JSON feed.
    JsonFeed,
    /// JSON for programs.
    Json,
    /// The list of pages for search engines.
    Sitemap,
    /// A calendar.
    Calendar,
    /// Plain text.
    Text,
    /// A picture.
    Svg,
    /// The sign of the site that browsers ask for unbidden.
    Icon,
    /// A page that is shown where there is none: it is no address itself.
    Missing,
    /// Leads to another path, which is its content.
    Redirect,
    /// A CAP alert.
    Cap,
    /// A script for other sites.
    Script,
    /// A small page for other sites to frame.
    Frame,
    /// The picture of links that are shared.
    Picture,
    /// What a program is told where there is nothing (RFC 9457): it is no address itself.
    Problem,
}

impl MediaClass {
    /// The media type; none for what has no content.
    #[must_use]
    pub const fn media_type(self) -> Option<&'static str> {
        match self {
            Self::Page | Self::Missing | Self::Frame => Some("text/html; charset=utf-8"),
            Self::Atom => Some("application/atom+xml; charset=utf-8"),
            Self::Rss => Some("application/rss+xml; charset=utf-8"),
            Self::JsonFeed => Some("application/feed+json; charset=utf-8"),
            Self::Json => Some("application/json; charset=utf-8"),
            Self::Sitemap => Some("application/xml; charset=utf-8"),
            Self::Calendar => Some("text/calendar; charset=utf-8"),
            Self::Text => Some("text/plain; charset=utf-8"),
            Self::Svg => Some("image/svg+xml"),
            Self::Icon => Some(render::ICON_TYPE),
            Self::Cap => Some("application/cap+xml; charset=utf-8"),
            Self::Script => Some("text/javascript; charset=utf-8"),
            Self::Picture => Some("image/png"),
            Self::Problem => Some("application/problem+json"),
            Self::Redirect => None,
        }
    }

    /// The status of its answers.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Redirect => StatusCode::FOUND,
            Self::Missing | Self::Problem => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        }
    }

    /// Whether pages of other sites may read it.
    const fn is_for_programs(self) -> bool {
        !matches!(
            self,
            Self::Page | Self::Missing | Self::Redirect | Self::Sitemap | Self::Text | Self::Icon | Self::Picture
        )
    }
}

/// What a document is beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nature {
    /// The sort.
    pub class: MediaClass,
    /// The language of its words; none for what has none.
    pub language: Option<Language>,
}

impl Nature {
    /// A page in this language.
    pub(crate) const fn page(language: Language) -> Self {
        Self { class: MediaClass::Page, language: Some(language) }
    }
}

/// A document of the edition.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) nature: Nature,
    /// Of everything that it was made from: equal means that it need not be made again.
    pub(crate) print: Print,
    /// The incident that it tells of, and of nothing else: it grows old with it.
    pub(crate) incident: Option<i64>,
    pub(crate) identity: Encoded,
    pub(crate) gzip: Option<Encoded>,
    pub(crate) brotli: Option<Encoded>,
}

/// The document in one encoding with all headers of its answer.
#[derive(Clone, Debug)]
pub struct Encoded {
    pub(crate) body: Body,
    /// With a place for the edition, so that answers need not grow what they copy.
    pub(crate) headers: HeaderMap,
    /// Those of the news that nothing changed, once somebody has asked for them.
    pub(crate) unchanged: OnceLock<Box<HeaderMap>>,
    pub(crate) lines: Lines,
}

/// The heads of its answers as they travel over HTTP/1.1, once somebody has asked for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    pub(crate) whole: OnceLock<Box<[u8]>>,
    pub(crate) unchanged: OnceLock<Box<[u8]>>,
}

impl Encoded {
    fn new(body: Body, headers: HeaderMap) -> Self {
        Self { body, headers, unchanged: OnceLock::new(), lines: Lines::default() }
    }
}

/// The encodings of one document, before headers are put on them.
#[derive(Clone, Debug)]
pub(crate) struct Encodings {
    pub(crate) identity: Body,
    pub(crate) gzip: Option<Body>,
    pub(crate) brotli: Option<Body>,
}

impl Encodings {
    /// Of what is not compressed.
    pub(crate) fn plain(bytes: impl Into<Bytes>) -> Self {
        Self { identity: Body::from(bytes.into()), gzip: None, brotli: None }
    }
}

impl Document {
    /// Finishes a document. `common` are the headers that every answer of the site carries.
    pub(crate) fn finish(nature: Nature, print: Print, bodies: Encodings, common: &HeaderMap) -> Self {
        let finish = |body: Body, coding: Coding| {
            let headers = headers(nature, &body, coding, common);
            Encoded::new(body, headers)
        };
        Self {
            nature,
            print,
            incident: None,
            identity: finish(bodies.identity, Coding::Identity),
            gzip: bodies.gzip.map(|body| finish(body, Coding::Gzip)),
            brotli: bodies.brotli.map(|body| finish(body, Coding::Brotli)),
        }
    }

    /// A document of which only the form that was chosen is at hand.
    pub(crate) fn chosen((nature, print): (Nature, Print), bytes: Bytes, headers: HeaderMap) -> Self {
        let identity = Encoded::new(Body::from(bytes), headers);
        Self { nature, print, incident: None, identity, gzip: None, brotli: None }
    }

    /// The same, told of one incident alone.
    pub(crate) fn about(mut self, incident: Option<i64>) -> Self {
        self.incident = incident;
        self
    }

    /// What travels, without the headers.
    pub(crate) fn encodings(&self) -> Encodings {
        let body = |encoded: &Option<Encoded>| encoded.as_ref().map(|one| one.body.clone());
        Encodings { identity: self.identity.body.clone(), gzip: body(&self.gzip), brotli: body(&self.brotli) }
    }

    /// One of its forms, if it has it.
    pub(crate) fn encoded(&self, coding: Coding) -> Option<&Encoded> {
        match coding {
            Coding::Identity => Some(&self.identity),
            Coding::Gzip => self.gzip.as_ref(),
            Coding::Brotli => self.brotli.as_ref(),
        }
    }

    /// What sort of document it is.
    #[must_use]
    pub fn class(&self) -> MediaClass {
        self.nature.class
    }

    /// The status of its answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.nature.class.status()
    }

    /// The bytes as they are.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.identity.body.bytes()
    }

    /// How many bytes travel in the best encoding.
    #[must_use]
    pub fn smallest(&self) -> usize {
        let encoded = [&self.brotli, &self.gzip].into_iter().flatten().map(|one| one.body.len());
        encoded.chain([self.identity.body.len()]).min().unwrap_or_default()
    }
}

/// A number that changes with a document and its path, for the id of the edition.
pub(crate) fn fold(path: &str, print: Print) -> u64 {
    let (first, second) = print.split_at(8);
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    // FNV-1a: two documents that are made from the same must not cancel each other out.
    let place = path
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (number(first) ^ number(second).rotate_left(1)).wrapping_add(place).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// In which form a document travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Brotli,
}

impl Coding {
    /// Every form, in the order in which they are kept.
    pub(crate) const ALL: [Self; 3] = [Self::Identity, Self::Gzip, Self::Brotli];

    /// What the header says of it.
    const fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// The beginning of the SHA-256 of bytes that travel: names them in validators, and shows when they are damaged.
pub(crate) type Tag = [u8; 12];

/// The tag of these bytes.
pub(crate) fn tag_of(bytes: &[u8]) -> Tag {
    let mut tag = Tag::default();
    tag.copy_from_slice(&Sha256::digest(bytes)[..12]);
    tag
}

fn headers(nature: Nature, body: &Body, coding: Coding, common: &HeaderMap) -> HeaderMap {
    if nature.class != MediaClass::Redirect {
        return headers_of(nature, body.tag(), coding, common);
    }
    let mut headers = common.clone();
    headers.insert(EDITION, HeaderValue::from_static(""));
    headers.insert(header::CACHE_CONTROL, CACHED);
    if let Ok(target) = HeaderValue::from_bytes(&body.bytes()) {
        headers.insert(header::LOCATION, target);
    }
    headers
}

/// The headers of a document's answer, from the tag of what travels: the bytes need not be there.
pub(crate) fn headers_of(nature: Nature, tag: Tag, coding: Coding, common: &HeaderMap) -> HeaderMap {
    let mut headers = common.clone();
    headers.insert(EDITION, HeaderValue::from_static(""));
    let is_missing = matches!(nature.class, MediaClass::Missing | MediaClass::Problem);
    headers.insert(header::CACHE_CONTROL, if is_missing { HeaderValue::from_static("no-store") } else { CACHED });
    if let Some(media_type) = nature.class.media_type() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    if let Some(language) = nature.language {
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    }
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(token) = coding.token() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    if !is_missing {
        headers.insert(header::ETAG, etag(tag));
    }
    if nature.class.is_for_programs() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers
            .insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    }
    if nature.class == MediaClass::Frame {
        open_to_frames(&mut headers);
    }
    headers
}

/// Every other page of the site refuses to be framed. This one may be, since it has nothing to press but links; it is
/// no page for search engines.
fn open_to_frames(headers: &mut HeaderMap) {
    static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
        let styles = render::framed_style_source();
        let rest = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *";
        HeaderValue::try_from(format!("{rest}; style-src {styles}")).expect("policies are ASCII")
    });
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
}

/// A strong validator: names exactly the bytes that travel, so that each encoding has its own.
fn etag(tag: Tag) -> HeaderValue {
    HeaderValue::try_from(format!("\"{}\"", hex(&tag))).expect("quoted hexadecimal makes a header")
}
