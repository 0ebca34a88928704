//! A page that fills itself while messages leave.

use super::desk::Desk;
use super::driver::{Driver, Scripts};
use super::stage::Stage;
use crate::demo::child::Demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_page_of_a_broadcast_follows_it_to_its_end() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let desk = Desk::of("author", &demo, &driver, Scripts::Allowed).await;
    let first = Stage::open_one(&demo).await;
    first.order(&demo, "pause").await;
    desk.open(&format!("/broadcasts/{}", first.broadcast())).await;
    desk.window.until_it_says("paused").await;
    desk.window.run("window.opened = true").await;
    first.order(&demo, "resume").await;
    desk.window.until_it_says("all sent").await;
    assert_eq!(desk.window.run("return window.opened").await, true, "it was never loaded anew");
    assert!(!desk.window.page().await.contains("a second"), "nothing leaves any more");
}
