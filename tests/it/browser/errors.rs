//! The pages that say what went wrong before the two checkers: whoever meets one has trouble enough already.

use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::process::{Program, client};
use scenarios::waiting::until;

use super::checked::Check;
use super::driver::{Driver, Scripts};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checkers_find_nothing_on_pages_that_say_what_went_wrong() {
    let db = Database::sqlite().await;
    let app = Installation::with(&db).writing_only().start().await;
    let elsewhere = tempfile::tempdir().unwrap();
    // A page that has never had its database, and no edition from before.
    let mut config = app.other_program();
    config.database.url = "postgres://nobody@127.0.0.1:1/away".to_owned();
    config.page.data_dir = elsewhere.path().join("edition");
    // It says so for as long as it waits for one.
    config.database.acquire_timeout_ms = 600_000;
    let _page = Program::new("page", &config, elsewhere.path()).start();
    let url = |path: &str| format!("http://{}{path}", config.page.listen);
    until("it answers", async || client().get(url("/en/")).send().await.is_ok()).await;

    let driver = Driver::start();
    let mut check = Check::new(driver.open(Scripts::Allowed).await);
    for (path, status) in [
        // What the edition says of itself, and what a form says of a link that nobody was sent.
        ("/en/", 503),
        ("/cy/", 503),
        ("/en/alerts/manage/forged", 404),
        ("/cy/hysbysiadau/rheoli/ffug", 404),
    ] {
        let answer = client().get(url(path)).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        let html = answer.text().await.unwrap();
        assert!(status == 404 || html.contains("999"), "{path} says what to do in an emergency: {html}");
        check.window.open(&url(path)).await;
        check.one(path, &html).await;
    }
    check.finds_nothing();
}
