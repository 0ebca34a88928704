//! Without a mouse: the first key leads past the navigation, and mistakes in a form are where the eye and the reader
//! are taken.

use fantoccini::key::Key;

use super::driver::{Driver, Scripts};
use crate::demo::child::Demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_key_leads_past_the_navigation() {
    let (demo, driver) = (Demo::start(&["--paused"]).await, Driver::start());
    let window = driver.open(Scripts::Allowed).await;
    for url in [format!("{}/en/", demo.sheet.page), format!("{}/sign-in", demo.sheet.authoring)] {
        window.open(&url).await;
        window.press(Key::Tab).await;
        let link = window.focus().await;
        assert_eq!(link.attr("href").await.expect("an answer").as_deref(), Some("#main"), "{url}");
        let (left, _, width, height) = link.rectangle().await.expect("a place");
        assert!(left >= 0.0 && width > 40.0 && height > 20.0, "it can be seen while it has the focus");
        window.press(Key::Enter).await;
        assert!(window.address().await.ends_with("#main"), "{url}");
        window.press(Key::Tab).await;
        let next = window.focus().await.html(false).await.expect("its markup");
        let main = window.run("return document.querySelector('main').contains(document.activeElement)").await;
        assert_eq!(main, true, "{url}: the next key lands in the content, not on {next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_form_takes_the_reader_to_its_mistakes() {
    let (demo, driver) = (Demo::start(&["--paused"]).await, Driver::start());
    let window = driver.open(Scripts::Allowed).await;
    window.open(&format!("{}/en/alerts", demo.sheet.page)).await;
    window.tick("channel", "sms").await;
    window.fill("#mobile", "12").await;
    window.click("main form button").await;
    window.until_it_says("There is a problem").await;
    let focus = window.focus().await;
    assert_eq!(focus.attr("class").await.expect("an answer").as_deref(), Some("nhsuk-error-summary"));
    window.click(".nhsuk-error-summary a[href='#mobile']").await;
    let field = window.focus().await;
    assert_eq!(field.attr("id").await.expect("an answer").as_deref(), Some("mobile"));
    assert_eq!(field.prop("value").await.expect("an answer").as_deref(), Some("12"), "what was typed is kept");
}
