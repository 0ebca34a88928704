//! When a problem began is a claim like any other: nobody is told a time that nobody has said.

use chrono::Duration;

use super::fixture::{at, edition, model, now, page, text};
use crate::model::{Model, Story};

fn shown(model: Model, path: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let page = page(folder.path());
    let edition = edition(&page, &now(model), &page.edition());
    let path = edition.documents().map(|(path, _)| path.to_owned()).find(|one| one.starts_with(path));
    text(&edition, &path.expect("the page of the incident"))
}

#[tokio::test]
async fn the_start_is_a_time_only_when_somebody_has_said_it() {
    let row = |body: &str, name: &str| {
        let rest = body.split_once(&format!(">{name}</dt>")).map(|(_, rest)| rest.split("</dd>").next().unwrap());
        rest.map(str::to_owned)
    };
    for (path, name, unknown) in [
        ("/en/incidents/2018-01-24-some", "Started", "Not known yet"),
        ("/en/press/2018-01-24-some", "Started", "Not known yet"),
        ("/cy/digwyddiadau/2018-01-24-nid", "Dechreuodd", "Ddim yn hysbys eto"),
    ] {
        let before = row(&shown(model(), path), name).expect("a row");
        assert!(before.contains(unknown), "{path}: {before}");
        let mut said = model();
        let mut wales: Story = (*said.stories[&1000]).clone();
        wales.incident.starts_at = at("15:05") - Duration::minutes(65);
        said.put(wales);
        let after = row(&shown(said, path), name).expect("a row");
        assert!(after.contains("2pm") && !after.contains(unknown), "{path}: {after}");
    }
}
