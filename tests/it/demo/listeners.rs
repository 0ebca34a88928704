//! What a newcomer sees first. The time it takes is said, not judged, since the machine of the test is busy; that nothing
//! is waited for in vain is judged by the log.

use std::time::Instant;

use super::child::Demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_the_staff_side_and_the_outside_world_answer() {
    let start = Instant::now();
    let demo = Demo::start(&["--speed", "60"]).await;
    let sheet = &demo.sheet;
    for (host, path) in [(&sheet.page, "/en/"), (&sheet.authoring, "/sign-in"), (&sheet.simulator, "/")] {
        assert_eq!(demo.status(&format!("{host}{path}")).await, 200, "{host}{path} answers");
    }
    say(&format!("page, staff side and outside world answered after {} ms", start.elapsed().as_millis()));
    let log = demo.log();
    assert!(!log.contains("WARN") && !log.contains("ERROR"), "nothing is amiss when a newcomer begins:\n{log}");
    demo.stop().await;
}

#[expect(clippy::print_stdout, reason = "a figure for whoever reads the log of the tests")]
fn say(line: &str) {
    println!("{line}");
}
