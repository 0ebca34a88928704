//! Tells what a reader gets when something goes wrong behind the outer layer.

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use chrono::Utc;
use domain::{Env, Kind};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use render::{Problem, RenderSettings, Renderer};
use serde::Deserialize;
use tower::ServiceExt;

use crate::{Cookies, Csrf, CsrfToken, Dressing, Failure, Form, Json, Surface, dress};

fn env() -> Env {
    Env::fixed(chrono::DateTime::<Utc>::UNIX_EPOCH + chrono::Duration::days(17_555), 1)
}

fn server(surface: Surface) -> Router {
    #[derive(Deserialize)]
    struct Areas {
        #[serde(default)]
        area: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Number {
        n: u8,
    }
    let router = Router::new()
        .route("/en/ok", get(|| async { "fine" }))
        .route(
            "/en/broken",
            get(|| async { Err::<(), _>(Failure::new(Kind::Broken, "broken").because("secret detail")) }),
        )
        .route("/cy/panic", get(|| async { panic!("a defect") as String }))
        .route("/slow", get(|| async { std::future::pending::<String>().await }))
        .route("/form", post(|Form(areas): Form<Areas>| async move { areas.area.join("+") }))
        .route("/api/v1/json", post(|Json(number): Json<Number>| async move { number.n.to_string() }))
        .route(
            "/api/v1/invalid",
            post(|| async {
                Err::<(), _>(Failure::invalid(vec![Problem::new("title.cy", "longer-than").with("n", 80)]))
            }),
        );
    let renderer = Renderer::new(RenderSettings::default()).unwrap();
    let dressing =
        Dressing::new(renderer, env(), surface).timeout(std::time::Duration::from_millis(50)).body_limit(100);
    dress(router, dressing)
}

async fn answer(router: Router, request: Request<Body>) -> (Response<()>, String) {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).unwrap())
}

async fn fetch(surface: Surface, path: &str) -> (Response<()>, String) {
    answer(server(surface), Request::get(path).body(Body::empty()).unwrap()).await
}

async fn send(path: &str, media_type: &str, body: &str) -> (StatusCode, String) {
    let request = Request::post(path).header("content-type", media_type).body(Body::from(body.to_owned())).unwrap();
    let (response, body) = answer(server(Surface::Public), request).await;
    (response.status(), body)
}

#[tokio::test]
async fn an_unknown_path_answers_in_the_language_of_the_path() {
    for (path, title, lang) in [("/cy/dim", "Heb ddod o hyd i", "cy"), ("/en/none", "Page not found", "en-GB")] {
        let (response, body) = fetch(Surface::Public, path).await;
        assert_eq!(response.status(), 404);
        assert!(body.contains(title) && body.contains(&format!("<html lang=\"{lang}\"")), "{body}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["content-language"], lang);
    }
}

#[tokio::test]
async fn a_program_gets_a_problem_document() {
    let (response, body) = fetch(Surface::Public, "/api/v2/nothing.json").await;
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!((problem["status"].as_u64(), problem["code"].as_str()), (Some(404), Some("not-found")));
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn a_program_is_answered_in_welsh_when_it_asks_for_it() {
    for surface in [Surface::Public, Surface::Staff] {
        for (wish, language) in [(Some("cy"), "cy"), (Some("fr"), "en-GB"), (None, "en-GB")] {
            let request = Request::get("/api/v2/nothing.json");
            let request = wish.into_iter().fold(request, |request, wish| request.header("accept-language", wish));
            let (response, _) = answer(server(surface), request.body(Body::empty()).unwrap()).await;
            assert_eq!(response.headers()["content-language"], language, "{surface:?} {wish:?}");
        }
    }
}

#[tokio::test]
async fn no_script_of_another_site_reads_what_is_said_of_a_sign_up() {
    for path in ["/api/v2/subscribers.json", "/cy/api/v2/subscribers/x.json", "/api/v2/Subscribers.JSON"] {
        for method in ["GET", "POST", "DELETE"] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let (response, body) = answer(server(Surface::Public), request).await;
            assert!(body.starts_with('{'), "{path}: {body}");
            assert!(!response.headers().contains_key("access-control-allow-origin"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn fields_are_named_as_json_pointers_with_words() {
    let request = Request::post("/api/v1/invalid").header("accept-language", "en").body(Body::empty()).unwrap();
    let (response, body) = answer(server(Surface::Staff), request).await;
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(response.status(), 422);
    assert_eq!(problem["errors"][0]["pointer"], "/title/cy");
    assert_eq!(problem["errors"][0]["detail"], "Shorten this to 80 characters or fewer");
}

#[tokio::test]
async fn a_defect_shows_a_reference_and_never_its_cause() {
    for path in ["/en/broken", "/cy/panic"] {
        let (response, body) = fetch(Surface::Public, path).await;
        let id = response.headers()["x-request-id"].to_str().unwrap();
        assert_eq!(response.status(), 500);
        assert!(body.contains(id) && body.contains("999") && !body.contains("secret detail"), "{body}");
    }
}

#[tokio::test]
async fn a_handler_that_hangs_is_answered_for() {
    let (response, _) = fetch(Surface::Public, "/slow").await;
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()), (503, "10"));
}

#[tokio::test]
async fn a_wrong_method_keeps_the_list_of_right_ones() {
    let (response, _) = fetch(Surface::Public, "/form").await;
    assert_eq!((response.status().as_u16(), response.headers()["allow"].to_str().unwrap()), (405, "POST"));
}

#[tokio::test]
async fn an_error_page_is_allowed_its_own_style_and_nothing_else() {
    let (response, body) = fetch(Surface::Public, "/en/none").await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let style = body.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(style);
    let source = format!("'sha256-{}'", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, digest));
    assert!(policy.contains(&source), "{policy} lacks {source}");
    assert!(response.headers().get("strict-transport-security").is_none());
}

#[tokio::test]
async fn forms_take_repeated_names_and_refuse_what_does_not_decode() {
    let form = "application/x-www-form-urlencoded";
    assert_eq!(send("/form", form, "area=a&area=b").await, (StatusCode::OK, "a+b".to_owned()));
    assert_eq!(send("/form", form, "area=%ff").await.0, 400);
    assert_eq!(send("/form", form, &"a".repeat(101)).await.0, 413);
    assert_eq!(send("/form", "text/plain", "area=a").await.0, 415);
}

#[tokio::test]
async fn json_is_read_or_explained() {
    assert_eq!(send("/api/v1/json", "application/json; charset=utf-8", r#"{"n":7}"#).await.1, "7");
    let (status, body) = send("/api/v1/json", "application/json", r#"{"n":700}"#).await;
    assert!(status == 422 && body.contains("700"), "{body}");
    assert_eq!(send("/api/v1/json", "application/json", &"[".repeat(90)).await.0, 422);
    assert_eq!(send("/api/v1/json", "text/plain", "{}").await.0, 415);
}

fn guarded() -> (Router, Csrf) {
    let csrf = Csrf::new([7; 32], env(), Cookies::local(), "session");
    let router = Router::new()
        .route("/", get(|CsrfToken(token): CsrfToken| async { token }).post(|| async { "done" }))
        .layer(axum::middleware::from_fn_with_state(csrf.clone(), crate::csrf::guard));
    (router, csrf)
}

async fn post_form(headers: &[(&str, &str)], body: String) -> u16 {
    let mut request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(guarded().0, request.body(Body::from(body)).unwrap()).await.0.status().as_u16()
}

#[tokio::test]
async fn a_form_before_sign_in_is_bound_to_a_cookie_of_its_own() {
    let (response, token) = answer(guarded().0, Request::get("/").body(Body::empty()).unwrap()).await;
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(post_form(&[("cookie", &cookie)], format!("csrf={token}")).await, 200);
    assert_eq!(post_form(&[("cookie", "form=another")], format!("csrf={token}")).await, 403);
    assert_eq!(post_form(&[], format!("csrf={token}")).await, 403);
}

#[tokio::test]
async fn a_form_without_token_or_from_elsewhere_is_refused() {
    let token = guarded().1.token("s1");
    let session = ("cookie", "session=s1");
    assert_eq!(post_form(&[session], format!("csrf={token}")).await, 200);
    assert_eq!(post_form(&[session], String::new()).await, 403);
    assert_eq!(post_form(&[session], "csrf=AAAA".to_owned()).await, 403);
    assert_eq!(post_form(&[("cookie", "session=s2")], format!("csrf={token}")).await, 403);
    for elsewhere in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")]
    {
        assert_eq!(post_form(&[session, elsewhere, ("host", "own.example")], format!("csrf={token}")).await, 403);
    }
    for here in [("sec-fetch-site", "same-origin"), ("origin", "https://own.example"), ("origin", "null")] {
        assert_eq!(post_form(&[session, here, ("host", "own.example")], format!("csrf={token}")).await, 200);
    }
}

#[tokio::test]
async fn samples_render_in_every_language() {
    let renderer = Renderer::new(RenderSettings::default()).unwrap();
    for sample in crate::samples() {
        for language in domain::Language::ALL {
            sample.render(&renderer, language).unwrap();
        }
    }
}
