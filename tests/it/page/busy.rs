//! A day on which much goes on at once: forty services, seven boards, three open incidents and planned work.

use chrono::Duration;
use domain::Severity;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::update::Update;
use scenarios::waiting::until;
use serde_json::json;

use super::reader::Reader;

/// How many services the catalogue has on that day.
pub(super) const SERVICES: usize = 40;

/// An installation on that day, once readers see all of it.
pub(super) async fn busy(db: &Database) -> Installation<'_> {
    let app = Installation::with(db).without_notifier().start().await;
    more_services(&app).await;
    app.publish(&Update::first()).await;
    let titles = [
        (
            "pthb",
            Severity::Serious,
            "Phones at Brecon hospital are not working",
            "Nid yw ffonau ysbyty Aberhonddu yn gweithio",
        ),
        (
            "bcuhb",
            Severity::Moderate,
            "Test results in north Wales are late",
            "Mae canlyniadau profion yng ngogledd Cymru yn hwyr",
        ),
    ];
    for (board, severity, english, welsh) in titles {
        let update = Update::first().about(&[board]).severity(severity);
        app.publish(&update.with("title", json!({ "en": english, "cy": welsh }))).await;
    }
    let starts_at = app.parts.env.now() + Duration::days(3);
    app.plan_work(starts_at, starts_at + Duration::hours(4)).await;
    let reader = Reader::of(&app);
    until("all of it is on the page", async || {
        let home = reader.open("/en/").await.body;
        home.contains("Brecon") && home.contains("late") && home.contains("NHS Wales App: new version")
    })
    .await;
    app
}

/// Fills the catalogue up, with names as long as the others.
async fn more_services(app: &Installation<'_>) {
    let known = app.store().catalogue().await.expect("a catalogue").services.len();
    let folder = tempfile::tempdir().expect("a folder");
    let service = |n: usize| {
        format!(
            "[[service]]\nkey = \"clinic_{n}\"\ngroup = \"community\"\nname = {{ en = \"Clinics for people in town {n}\", cy = \"Clinigau i bobl yn nhref {n}\" }}\n"
        )
    };
    let services: String = (known..SERVICES).map(service).collect();
    std::fs::write(folder.path().join("services.toml"), services).expect("a file");
    hysbys::commands::load::load(app.store(), folder.path()).await.expect("more services");
}
