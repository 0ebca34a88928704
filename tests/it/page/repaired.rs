//! What the Government Digital Service had to repair on the pages of Atlassian Statuspage after an accessibility audit
//! (alphagov/statuspage-customisations): each point of their list is looked at on our pages as they are served.

use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;

use super::busy::busy;
use super::html::{headings, links, texts, visible};
use super::reader::Reader;
use crate::tidy::html::tags;

/// One of each kind of page, in both languages; the incident is found by its short link.
const PAGES: [&str; 22] = [
    "/en/",
    "/cy/",
    "/en/services",
    "/cy/gwasanaethau",
    "/en/services/gp-appt",
    "/cy/gwasanaethau/gp-appt",
    "/en/areas",
    "/cy/ardaloedd",
    "/en/areas/pthb",
    "/cy/ardaloedd/pthb",
    "/en/planned",
    "/cy/gwaith-arfaethedig",
    "/en/history",
    "/cy/hanes",
    "/en/reviews",
    "/cy/adolygiadau",
    "/en/alerts",
    "/cy/hysbysiadau",
    "/en/accessibility",
    "/cy/hygyrchedd",
    "/en/privacy",
    "/cy/preifatrwydd",
];

/// Every page with its path.
async fn pages(app: &Installation<'_>) -> Vec<(String, String)> {
    let reader = Reader::of(app);
    let mut pages = Vec::new();
    for path in PAGES {
        pages.push((path.to_owned(), reader.open(path).await.body));
    }
    for path in ["/i/1", "/d/1"] {
        let to = reader.open(path).await.headers["location"].to_str().expect("a path").to_owned();
        let body = reader.open(&to).await.body;
        pages.push((to, body));
    }
    pages.push(("/en/nothing".to_owned(), reader.open("/en/nothing").await.body));
    pages
}

on_both! {
    async fn nothing_that_was_repaired_elsewhere_is_broken_here(db: Database) {
        let app = busy(db).await;
        for (path, page) in pages(&app).await {
            has_one_first_heading_and_the_others_in_order(&path, &page);
            has_statuses_in_words_and_never_as_headings(&path, &page);
            begins_with_a_skip_link_that_leads_somewhere(&path, &page);
            says_the_day_before_the_month(&path, &page);
            has_links_and_buttons_that_speak_for_themselves(&path, &page);
            shouts_nowhere_and_pops_nothing_up(&path, &page);
        }
        let reader = Reader::of(&app);
        let home = reader.open("/en/").await.body;
        let place = |text: &str| home.find(text).unwrap_or_else(|| panic!("{text}: {home}"));
        assert!(place(">Current problems</h2>") < place(">Services</h2>"), "what goes on now stands before all else");
        let incident = reader.open("/i/1").await.headers["location"].to_str().expect("a path").to_owned();
        let incident = reader.open(&incident).await.body;
        assert!(incident.contains("<h2>Affected services</h2>"), "the heading of the services can be seen");
        fields_can_be_filled_in_by_the_browser(&reader.open("/en/alerts").await.body);
    }
}

/// "No h1", and levels that were left out.
fn has_one_first_heading_and_the_others_in_order(path: &str, page: &str) {
    let headings = headings(page);
    assert_eq!(headings.iter().filter(|(level, _)| *level == 1).count(), 1, "{path}: {headings:?}");
    let mut before = 0;
    for (level, text) in &headings {
        assert!(*level <= before + 1, "{path}: {text:?} leaves a level out: {headings:?}");
        assert!(!text.trim().is_empty(), "{path} has an empty heading");
        before = *level;
    }
}

/// "The status is marked up as a heading", "the list of components is no list", "the status has no text".
fn has_statuses_in_words_and_never_as_headings(path: &str, page: &str) {
    for level in ["h1", "h2", "h3", "h4"] {
        assert!(texts(page, level).iter().all(|inner| !inner.contains("nhsuk-tag")), "{path}: a status is a heading");
    }
    for list in texts(page, "ul").iter().filter(|list| list.contains("app-rows__what")) {
        let items = list.matches("<li>").count();
        assert_eq!(items, list.matches("app-rows__what").count(), "{path}: each service is an item of a list");
    }
    for tag in page.split("<strong class=\"nhsuk-tag").skip(1) {
        let inner = tag.split_once("</strong>").map_or("", |(inner, _)| inner);
        let words = visible(inner.split_once('>').map_or("", |(_, inner)| inner));
        assert!(!words.trim().is_empty(), "{path}: a status without a word");
    }
}

/// "No skip link".
fn begins_with_a_skip_link_that_leads_somewhere(path: &str, page: &str) {
    let first = tags(page).into_iter().find(|tag| tag.name == "a").expect("a link");
    assert_eq!(first.attribute("href"), Some("#main"), "{path}");
    let target = tags(page).into_iter().find(|tag| tag.attribute("id") == Some("main"));
    assert_eq!(target.expect("the target").name, "main", "{path}");
}

/// "Dates begin with the month."
fn says_the_day_before_the_month(path: &str, page: &str) {
    let words = visible(page);
    let words: Vec<&str> = words.split_whitespace().collect();
    for pair in words.windows(2) {
        let is_month = ["January", "February", "March", "Ionawr", "Chwefror", "Jan", "Ion"].contains(&pair[0]);
        let is_day = pair[1].trim_end_matches(',').parse::<u8>().is_ok();
        assert!(!is_month || !is_day, "{path}: {} {}", pair[0], pair[1]);
    }
}

/// "Buttons and links have no context": the same words always lead to the same place, and no words are "here".
fn has_links_and_buttons_that_speak_for_themselves(path: &str, page: &str) {
    let links = links(page);
    for (address, words) in &links {
        assert!(!words.trim().is_empty(), "{path}: a link to {address} says nothing");
        let empty = ["here", "more", "read more", "click here", "link", "yma", "mwy", "subscribe"];
        assert!(!empty.contains(&words.trim().to_lowercase().as_str()), "{path}: {words:?}");
        let other = links.iter().find(|(other, same)| same == words && other != address);
        assert!(other.is_none(), "{path}: {words:?} leads to {address} and to {other:?}");
    }
    let buttons = texts(page, "button");
    assert!(buttons.iter().all(|button| !visible(button).trim().is_empty()), "{path}: {buttons:?}");
}

/// "Headings in upper case", "aria-haspopup where nothing pops up".
fn shouts_nowhere_and_pops_nothing_up(path: &str, page: &str) {
    assert!(!page.contains("aria-haspopup"), "{path}");
    assert!(!page.contains("text-transform"), "{path}");
    for (_, text) in headings(page) {
        let letters: Vec<char> = text.chars().filter(|letter| letter.is_alphabetic()).collect();
        assert!(letters.iter().any(|letter| letter.is_lowercase()), "{path}: {text:?}");
    }
}

/// "No autocomplete on the fields for a contact."
fn fields_can_be_filled_in_by_the_browser(page: &str) {
    for (id, hint) in [("mobile", "tel"), ("email", "email")] {
        let field = tags(page).into_iter().find(|tag| tag.attribute("id") == Some(id)).expect("the field");
        assert_eq!(field.attribute("autocomplete"), Some(hint));
        assert!(tags(page).iter().any(|tag| tag.name == "label" && tag.attribute("for") == Some(id)));
    }
}
