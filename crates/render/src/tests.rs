//! Tells the stories of rendering end to end: escaping, plurals, languages, forms.

use chrono::{DateTime, Utc};
use domain::Language::{Cy, En};
use domain::Localized;
use serde_json::json;

use crate::renderer::{render_json, renderer_with};
use crate::{Form, Problem, RenderSettings, Renderer};

fn one(source: &'static str, view: serde_json::Value) -> [String; 2] {
    let renderer = renderer_with(&[("t.html", source)]);
    [En, Cy].map(|language| render_json(&renderer, "t.html", view.clone(), language).unwrap())
}

fn fails(name: &'static str, source: &'static str) -> bool {
    let renderer = renderer_with(&[(name, source)]);
    render_json(&renderer, name, json!({"yes": true}), En).is_err()
}

#[test]
fn every_template_and_locale_loads() {
    let renderer = Renderer::new(RenderSettings::default()).unwrap();
    assert!(renderer.template_names().contains("_base_public.html"));
    assert!(renderer.locale_keys(Cy).contains("site-title"));
}

#[test]
fn no_time_takes_a_page_down() {
    let words = "{{ at | time }} {{ at | date_time }} {{ at | ago(now) }} {{ at | until(now) }} {{ at | local_input }}\
                 {{ at | date }} {{ now | lasted_to(at) }} {{ at | lasted_to(now) }}";
    for at in ["+262000-01-01T00:00:00Z", "+12345-06-07T08:09:10.123456789Z", "-0001-01-01T00:00:00Z"] {
        assert!(one(words, json!({"at": at, "now": "2018-01-24T15:05:00Z"})).iter().all(|said| !said.is_empty()));
    }
    for at in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
        one(words, json!({"at": at, "now": at}));
    }
}

#[test]
fn everything_is_escaped_but_plain_text() {
    for (name, escaped) in [("a.html", true), ("a.atom", true), ("a.svg", true), ("a.ics", true), ("a.txt", false)] {
        let renderer = renderer_with(&[(name, "{{ x }}")]);
        let said = render_json(&renderer, name, json!({"x": "<b>&"}), En).unwrap();
        assert_eq!(said == "&lt;b&gt;&amp;", escaped, "{name}: {said}");
    }
}

#[test]
fn what_could_end_a_text_or_an_attribute_is_escaped_and_a_slash_stays() {
    let cases = [
        (json!("https://status.example/en/?a=1&b=2"), "https://status.example/en/?a=1&amp;b=2"),
        (json!("\"><script>'"), "&quot;&gt;&lt;script&gt;&#x27;"),
        (json!("Tŷ 'r <b>"), "Tŷ &#x27;r &lt;b&gt;"),
        (json!("a\u{0}\u{8}\u{202e}b\u{2066}\u{ffff}\u{1fffe}\u{fdd0}\u{7f}\u{85}c"), "ab\nc"),
        (json!("\u{1f3f4}\u{e0067}\u{e0062}\u{200d}\t\n"), "\u{1f3f4}\u{e0067}\u{e0062}\u{200d}\t\n"),
        (json!("plain"), "plain"),
        (json!(-12), "-12"),
        (json!(["<"]), "[&#x27;&lt;&#x27;]"),
    ];
    for (value, escaped) in cases {
        let said = one(r#"<a href="{{ x }}">{{ x }}</a>{{ x | safe }}"#, json!({ "x": value }));
        assert!(said[0].starts_with(&format!(r#"<a href="{escaped}">{escaped}</a>"#)), "{}", said[0]);
    }
    let macros = r#"{% macro link(to) %}<a href="{{ to }}"></a>{% endmacro %}{{ link(x) }}{{ link(x) ~ x }}"#;
    let said = one(macros, json!({"x": "/<"}));
    assert!(said[0].starts_with(r#"<a href="/&lt;"></a>"#), "{}", said[0]);
    assert!(!said[0].contains("/<\"") && !said[0].ends_with("/<"), "what is joined is no safer: {}", said[0]);
}

#[test]
fn none_prints_nothing_and_a_boolean_is_a_mistake() {
    assert_eq!(one("[{{ x }}]", json!({"x": null}))[0], "[]");
    assert!(fails("t.html", "{{ yes }}") && fails("t.html", "{{ missing }}"));
}

#[test]
fn a_missing_text_or_placeholder_is_a_mistake() {
    assert!(fails("t.html", "{{ t('no-such-key') }}"));
    assert!(fails("t.html", "{{ t('count-updates') }}"));
    assert!(fails("t.html", "{{ t('count-updates', n=yes) }}"));
}

#[test]
fn welsh_counts_with_the_singular_and_mutates_it() {
    let cases = [
        (0, "no patients", "dim cleifion"),
        (1, "1 patient", "1 claf"),
        (2, "2 patients", "2 glaf"),
        (3, "3 patients", "3 chlaf"),
        (4, "4 patients", "4 claf"),
        (5, "5 patients", "5 claf"),
        (6, "6 patients", "6 chlaf"),
        (26, "26 patients", "26 o gleifion"),
        (12_418, "12,418 patients", "12,418 o gleifion"),
    ];
    for (n, english, welsh) in cases {
        assert_eq!(one("{{ t('count-patients', n=n) }}", json!({ "n": n })), [english, welsh]);
    }
    assert_eq!(one("{{ t('err-too-many', n=2) }}", json!({}))[1], "Gormod o geisiadau. Arhoswch 2 funud");
}

#[test]
fn markup_in_a_placeholder_stays_and_words_around_it_are_escaped() {
    let source = r#"{% import "_parts.html" as parts %}{{ t("frame-demo-clock", at=parts.time_tag(at, at | time)) }}"#;
    let said = one(source, json!({"at": "2018-01-24T15:05:00Z"}));
    assert_eq!(
        said[0],
        r#"This is a demonstration with sample data, not an NHS site. Its clock reads <time datetime="2018-01-24T15:05:00Z">3:05pm</time>."#
    );
    let hostile = one("{{ t('error-request', id=id) }}", json!({"id": "<script>"}));
    assert!(hostile[0].ends_with("&lt;script&gt;"), "{}", hostile[0]);
}

#[test]
fn a_text_without_translation_is_marked_with_its_language() {
    let source = r#"{% import "_parts.html" as parts %}{{ parts.localized(x) }}"#;
    let both = one(source, json!({"x": Localized::both("Powys & more", "Powys")}));
    assert_eq!(both, ["Powys &amp; more", "Powys"]);
    let mut english = Localized::default();
    english.set(En, "Only English");
    assert_eq!(one(source, json!({ "x": english }))[1], r#"<span lang="en-GB">Only English</span>"#);
}

#[test]
fn dates_speak_the_language_of_the_page() {
    let said =
        one("{{ at | on_day }} {{ day | day_date }}", json!({"at": "2018-01-24T15:05:00Z", "day": "2018-07-01"}));
    assert_eq!(said[0], "on Wednesday 24 January 2018 Sunday 1 July 2018");
    assert_eq!(said[1], "ddydd Mercher 24 Ionawr 2018 Dydd Sul 1 Gorffennaf 2018");
}

#[test]
fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let form = Form::new()
        .value("title", "\"><b>")
        .value("area", "pthb")
        .refused(vec![Problem::new("title", "longer-than").with("n", 80), Problem::new("area", "no-such-code")]);
    let source = r#"{% import "_forms.html" as forms %}{{ forms.error_summary(form) }}
{{ forms.text(form, "title", "Title", lang="cy") }}{{ forms.checkboxes(form, "area", "Areas", options) }}
{{ forms.password(form, "password", "Password") }}{{ forms.textarea(form, "know", "Know") }}
{{ forms.select(form, "area", "Area", options) }}{{ forms.radios(form, "kind", "Kind", options, "hint") }}
{{ forms.code(form, "code", "Code") }}{{ forms.button("Go") }}"#;
    let options = json!([{"value": "abuhb", "label": "Aneurin Bevan", "hint": null}, {"value": "pthb", "label": "Powys", "hint": "x"}]);
    let said = one(source, json!({"form": form, "options": options}));
    assert!(said[0].contains(r##"<a href="#title">Shorten this to 80 characters or fewer</a>"##), "{}", said[0]);
    assert!(
        said[0].contains("value=\"&#34;&gt;&lt;b&gt;\"") || said[0].contains("value=\"&quot;&gt;&lt;b&gt;\""),
        "{}",
        said[0]
    );
    assert!(said[0].contains(r#"lang="cy" spellcheck="false" autocapitalize="off" autocorrect="off""#));
    assert!(said[0].contains(r#"value="pthb" checked"#) && said[0].contains(r#"value="pthb" selected"#));
    assert!(said[1].contains("Gwiriwch yr ateb hwn"));
}

#[test]
fn the_configured_name_stands_before_that_of_the_locales() {
    let site_name = Localized::both("Status", "Statws");
    let renderer = Renderer::new(RenderSettings { site_name, ..RenderSettings::default() }).unwrap();
    assert_eq!(renderer.site_name(Cy).unwrap(), "Statws");
}

#[test]
fn the_style_sheets_are_small() {
    let sheet = one("{{ css('public') }}", json!({}))[0].len();
    assert!(sheet <= 14 * 1024, "{sheet} bytes");
    assert_eq!(Renderer::new(RenderSettings::default()).unwrap().style_sources().len(), 2);
}
