//! What the audit log hears of the door, and who may read which of its lines.

use authoring::ReadyAccount;
use domain::audit::AuditEntry;
use domain::staff::Role;
use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

/// The lines about sign-ins, oldest first.
async fn door(db: &Database) -> Vec<AuditEntry> {
    let mut lines = db.store.audit(0, 1_000).await.unwrap();
    lines.retain(|line| line.action.starts_with("staff.sign"));
    lines
}

on_both! {
    async fn whoever_comes_goes_or_fails_is_in_the_log(db: Database) {
        let desk = Desk::open(db).await;
        let id = |name: &str| { let email = email(name); async move { db.store.staff_by_email(&email).await.unwrap().unwrap().id } };
        let stranger = desk.browser();
        let tries = |who: String, password: &'static str| {
            let stranger = &stranger;
            async move {
                stranger.get("/sign-in").await;
                let fields = [("email", who.as_str()), ("password", password), ("code", "000000")];
                assert_eq!(stranger.post("/sign-in", &fields).await.status, 401);
            }
        };
        tries(email("mari"), "hunter2 hunter2").await;
        tries(email("mari"), PASSWORD).await;
        tries("nobody@elsewhere.example".to_owned(), "hunter2 hunter2").await;
        tries("NOBODY@elsewhere.example".to_owned(), "hunter2 hunter2").await;
        let huw = desk.signed_in("huw").await;
        huw.get("/incidents").await;
        assert_eq!(huw.post("/sign-out", &[]).await.status, 303);

        let lines = door(db).await;
        let told: Vec<(&str, &str)> = lines.iter().map(|one| (one.action.as_str(), one.subject.as_str())).collect();
        let (of_mari, of_huw) = (format!("staff/{}", id("mari").await), format!("staff/{}", id("huw").await));
        assert_eq!(told, [
            ("staff.sign-in-failed", of_mari.as_str()),
            ("staff.sign-in-failed", &of_mari),
            ("staff.sign-in-failed", "staff"),
            ("staff.sign-in-failed", "staff"),
            ("staff.signed-in", &of_huw),
            ("staff.signed-out", &of_huw),
        ]);
        assert!(lines[2].details.contains("name_hash") && lines[2].details == lines[3].details, "the same name");
        assert!(lines[..4].iter().all(|line| line.actor == -1), "nobody has proved who they are");
        let all = format!("{lines:?}");
        assert!(!all.contains("hunter2") && !all.to_lowercase().contains("nobody@"), "what was typed stays out: {all}");
    }
}

on_both! {
    async fn who_goes_on_guessing_does_not_fill_the_log(db: Database) {
        let desk = Desk::open(db).await;
        let stranger = desk.browser();
        stranger.get("/sign-in").await;
        for _ in 0..14 {
            stranger.post("/sign-in", &[("email", &email("mari")), ("password", "guess guess"), ("code", "1")]).await;
        }
        let lines = door(db).await;
        let count = |action: &str| lines.iter().filter(|line| line.action == action).count();
        assert_eq!((count("staff.sign-in-failed"), count("staff.sign-in-blocked")), (10, 1));
    }
}

on_both! {
    async fn everybody_reads_the_lines_of_their_own_organisation(db: Database) {
        let desk = Desk::open(db).await;
        let stranger = desk.browser();
        stranger.get("/sign-in").await;
        stranger.post("/sign-in", &[("email", "nobody@x.example"), ("password", "x"), ("code", "1")]).await;
        let national = desk.draft("national", serious()).await;
        let mut own = serious();
        own["organisations"] = json!(["pthb"]);
        let local = desk.draft("powys", own).await;
        let who = account("root", Role::Admin, Some("nhs-wales"));
        let root = ReadyAccount { who, password: PASSWORD.to_owned(), totp_secret: secret("root") };
        desk.authoring.create_ready_account(&operator(), root).await.unwrap();

        let (powys, wales) = (desk.signed_in("powys").await, desk.signed_in("national").await);
        let page = powys.get("/audit").await.body;
        assert!(page.contains(&local) && !page.contains(&national), "{page}");
        assert!(!page.contains("not signed in") && page.contains("You see the lines of your organisation"));
        let page = wales.get("/audit").await.body;
        assert!(page.contains(&local) && page.contains(&national), "those below are theirs too");
        assert!(!page.contains("not signed in"));
        for everything in ["mari", "root"] {
            let page = desk.signed_in(everything).await.get("/audit").await.body;
            assert!(page.contains(&local) && page.contains(&national) && page.contains("not signed in"), "{everything}");
            assert!(!page.contains("You see the lines of your organisation"));
        }
    }
}
