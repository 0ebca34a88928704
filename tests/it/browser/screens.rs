//! The screens of staff, the staff view and the notice for a door before the two checkers, in both languages.

use super::checked::Check;
use super::desk::Desk;
use super::driver::{Driver, Scripts};
use super::stage::Stage;
use crate::demo::child::Demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checkers_find_nothing_on_what_staff_see() {
    let (demo, driver) = (Demo::start(&["--paused", "--speed", "1"]).await, Driver::start());
    let stage = Stage::set(&demo).await;
    let incident = &stage.desk;
    let of_author = [
        "/incidents".to_owned(),
        incident.clone(),
        format!("{incident}/update"),
        format!("{incident}/withdraw"),
        format!("{}/edit?checks=1", stage.review),
        "/incidents/new".to_owned(),
        "/planned/new".to_owned(),
        "/account".to_owned(),
    ];
    let of_approver = ["/approvals".to_owned(), stage.review.clone(), "/audit".to_owned()];
    let of_admin = ["/staff".to_owned(), "/staff-address".to_owned()];
    for (role, paths) in [("author", &of_author[..]), ("approver", &of_approver[..]), ("admin", &of_admin[..])] {
        let desk = Desk::of(role, &demo, &driver, Scripts::Allowed).await;
        if role == "admin" {
            desk.open("/staff-address").await;
            desk.window.click("button[value=new-key]").await;
            desk.window.until_it_says("/en/staff/").await;
        }
        let mut check = Check::new(desk.window);
        for language in ["en", "cy"] {
            check.window.open(&format!("{}/language/{language}", demo.sheet.authoring)).await;
            for path in paths {
                look(&mut check, &demo, &format!("{}{path}", demo.sheet.authoring)).await;
            }
        }
        let broadcasts = match role {
            "author" => {
                check.window.open(&format!("{}{incident}", demo.sheet.authoring)).await;
                addresses(&check, "main a[href^='/broadcasts/']").await
            }
            _ => Vec::new(),
        };
        assert!(role != "author" || broadcasts.len() >= 2, "each update has its messages: {broadcasts:?}");
        for page in papers(&check, role).await.into_iter().chain(broadcasts) {
            look(&mut check, &demo, &page).await;
        }
        check.finds_nothing();
    }
}

/// The staff view and the notices that it leads to; only administrators are asked for their addresses.
async fn papers(check: &Check, role: &str) -> Vec<String> {
    if role != "admin" {
        return Vec::new();
    }
    let mut pages = Vec::new();
    for address in addresses(check, "main a[rel=noreferrer]").await {
        check.window.open(&address).await;
        pages.push(address);
        pages.extend(addresses(check, "a[href*='/notice/'], a[href*='/hysbysiad/']").await);
    }
    assert!(pages.len() >= 4, "two languages, each with a notice: {pages:?}");
    pages
}

async fn addresses(check: &Check, css: &str) -> Vec<String> {
    let found = check.window.run(&format!("return [...document.querySelectorAll(\"{css}\")].map(a => a.href)")).await;
    let found = found.as_array().expect("a list");
    found.iter().map(|one| one.as_str().expect("an address").to_owned()).collect()
}

async fn look(check: &mut Check, demo: &Demo, url: &str) {
    check.window.open(url).await;
    let request = demo.client.get(url).header("cookie", check.window.cookies().await);
    let language = check.window.run("return document.documentElement.lang").await;
    let answer = request.header("accept-language", language.as_str().expect("a language")).send().await;
    let answer = answer.expect("an answer");
    assert!(answer.status().is_success(), "{url}: {}", answer.status());
    check.one(url, &answer.text().await.expect("its text")).await;
}
