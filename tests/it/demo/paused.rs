//! A demo that waits: everything is loaded, and nothing happens until somebody does something.

use std::time::Duration;

use scenarios::waiting::stays_so_for;

use super::child::Demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_demo_has_its_people_and_tells_nothing() {
    let demo = Demo::start(&["--paused", "--speed", "10000"]).await;
    let people = demo.installed().does(&["subscribers", "export"]).await;
    assert_eq!(people.lines().count(), 1 + 1_000, "a heading and everybody of the story");
    let home = format!("{}/en/", demo.sheet.page);
    stays_so_for(Duration::from_secs(2), "nothing is said", async || {
        demo.text(&home).await.contains("All services are working normally")
            && demo.outside("phones.json").await["count"] == 0
    })
    .await;
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_demo_says_that_it_is_one() {
    let demo = Demo::start(&["--paused"]).await;
    let cases = [
        (format!("{}/en/", demo.sheet.page), "This is a demonstration with sample data"),
        (format!("{}/cy/hysbysiadau", demo.sheet.page), "Arddangosiad gyda data enghreifftiol"),
        (format!("{}/en/nothing-here", demo.sheet.page), "This is a demonstration with sample data"),
        (format!("{}/sign-in", demo.sheet.authoring), "nid gwefan y GIG. Mae ei gloc yn dangos <time datetime=\"2018-"),
        (demo.sheet.simulator.clone(), "The clock here says"),
    ];
    // Pages of the present tell the hour of that clock, and confirm themselves by the same one.
    let home = demo.text(&format!("{}/en/", demo.sheet.page)).await;
    let told = home.split("The clock reads ").nth(1).and_then(|rest| rest.split('.').next()).expect("the clock");
    assert!(told.starts_with("2:5") && told.ends_with("pm, Wednesday 24 January 2018"), "{told}");
    assert_eq!(home.matches(told).count(), 2, "one clock in the banner and at the foot");
    for (url, words) in cases {
        let page = demo.text(&url).await;
        assert!(page.contains(words), "{url} says {words:?}");
    }
}
