//! The page for people who watch.

use crate::world::{NEL, PATIENCE, world};
use futures_util::StreamExt;
use http::StatusCode;
use simulator::samples;

#[tokio::test]
async fn the_page_shows_what_arrived_and_runs_nothing_that_was_sent() {
    let world = world().await;
    world.send(NEL, "<script>alert(1)</script> https://a.example/i/5", &[]).await.unwrap();
    let answer = world.get("/").await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"));
    let html = answer.text().await.unwrap().replace("&#x2f;", "/");
    assert!(html.contains(NEL) && html.contains("<a href=\"https://a.example/i/5\""), "{html}");
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
    assert!(html.contains("action=\"/phones/+447700900123/reply\""));
    for path in ["/live", "/live.js", "/simulator.css"] {
        assert_eq!(world.get(path).await.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_language_that_goes_out_last_does_not_hide_the_other() {
    let world = world().await;
    for number in 100..110 {
        world.send(&format!("+447700900{number}"), "GIG Cymru: mae problem.", &[]).await.unwrap();
    }
    for number in 200..230 {
        world.send(&format!("+447700900{number}"), "NHS Wales: there is a problem.", &[]).await.unwrap();
    }
    let html = world.get("/").await.text().await.unwrap();
    for language in ["Welsh", "English"] {
        assert_eq!(
            html.matches(&format!("<span class=\"dim small\">{language}</span>")).count(),
            6,
            "{language}: {html}"
        );
    }
    assert!(html.contains("+447700900109") && html.contains("+447700900229"), "the newest of each");
    for part in ["phones", "mails", "posts"] {
        assert!(html.contains(&format!("href=\"#{part}-title\"")) && html.contains(&format!("id=\"{part}-title\"")));
    }
}

#[tokio::test]
async fn the_reply_form_works_without_script() {
    let world = world().await;
    let form = world.client.post(format!("{}/phones/{NEL}/reply", world.url)).form(&[("text", "Helo")]);
    let answer = form.send().await.unwrap();
    assert_eq!((answer.status(), &answer.headers()["location"]), (StatusCode::SEE_OTHER, &"/".parse().unwrap()));
    assert_eq!(&*world.simulator.phone(NEL).unwrap().texts[0].text, "Helo");
    let bad = world.client.post(format!("{}/phones/12/reply", world.url)).form(&[("text", "Helo")]);
    assert_eq!(bad.send().await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn another_site_can_not_write_on_a_phone() {
    let world = world().await;
    let form = world.client.post(format!("{}/phones/{NEL}/reply", world.url)).header("Sec-Fetch-Site", "cross-site");
    assert_eq!(form.form(&[("text", "STOP")]).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    assert!(world.simulator.phone(NEL).is_none());
}

#[tokio::test]
async fn unknown_mails_and_posts_are_not_found() {
    let world = world().await;
    for path in ["/mails/7", "/mails/7/html", "/posts/7", "/posts/x", "/nothing"] {
        assert_eq!(world.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_stream_tells_of_news_and_ends_with_the_simulator() {
    let world = world().await;
    let mut stream = world.get("/events").await.bytes_stream();
    world.simulator.reply(NEL, "Helo").unwrap();
    let event = tokio::time::timeout(PATIENCE, stream.next()).await.unwrap().unwrap().unwrap();
    assert!(event.starts_with(b"data:"));
    world.stop.cancel();
    let rest = tokio::time::timeout(PATIENCE, stream.collect::<Vec<_>>()).await;
    assert!(rest.is_ok(), "the stream is still open");
}

#[test]
fn every_template_has_a_sample_that_renders() {
    let renderer = render::Renderer::new(render::RenderSettings::default()).unwrap();
    let samples = samples();
    for name in renderer.template_names().iter().filter(|name| name.starts_with("simulator/") && !name.contains("/_")) {
        let sample = samples.iter().find(|sample| sample.template == name).expect(name);
        sample.render(&renderer, domain::Language::En).expect(name);
    }
}
