//! Coming in: set-up, passwords, one-time codes, recovery codes, sessions.

use authoring::{ActionError, Caller, Invitation, totp_code};
use chrono::Duration;
use domain::staff::{Actor, Role};
use scenarios::databases::Database;
use scenarios::on_both;

use super::desk::*;

on_both! {
    async fn a_code_works_once(db: Database) {
        let desk = Desk::open(db).await;
        let code = desk.code("mari");
        assert_eq!(desk.browser().sign_in("mari", &code).await.status, 303);
        let replayed = desk.browser().sign_in("mari", &code).await;
        assert_eq!(replayed.status, 401);
        db.env.advance(Duration::seconds(30));
        assert_eq!(desk.browser().sign_in("mari", &desk.code("mari")).await.status, 303);
    }
}

on_both! {
    async fn an_unknown_account_reads_like_a_wrong_password(db: Database) {
        let desk = Desk::open(db).await;
        let try_with = async |email: &str, password: &str, code: &str| {
            let browser = desk.browser();
            browser.get("/sign-in").await;
            let page = browser.post("/sign-in", &[("email", email), ("password", password), ("code", code)]).await;
            assert!(!page.body.contains(password) || password.is_empty(), "a password is never shown again");
            let message = page.body.split("nhsuk-error-summary__list").nth(1).unwrap_or_default();
            (page.status, message.split("</ul>").next().unwrap_or_default().to_owned())
        };
        let code = desk.code("mari");
        let wrong = try_with(&email("mari"), "wrong password here", &code).await;
        assert_eq!(wrong.0, 401);
        assert_eq!(try_with("nobody@staff.example", PASSWORD, &code).await, wrong);
        assert_eq!(try_with(&email("mari"), PASSWORD, "000000").await, wrong);
        assert_eq!(try_with("", "", "").await, wrong);
    }
}

on_both! {
    async fn guessing_ends_after_ten_tries(db: Database) {
        let desk = Desk::open(db).await;
        for _ in 0..10 {
            assert_eq!(desk.browser().sign_in("mari", "000000").await.status, 401);
        }
        let right = desk.browser().sign_in("mari", &desk.code("mari")).await;
        assert_eq!(right.status, 429, "also with the right code");
        assert_eq!(desk.browser().sign_in("huw", &desk.code("huw")).await.status, 303, "others are not locked out");
        db.env.advance(Duration::minutes(31));
        assert_eq!(desk.browser().sign_in("mari", &desk.code("mari")).await.status, 303);
    }
}

on_both! {
    async fn a_new_colleague_sets_up_their_account(db: Database) {
        let desk = Desk::open(db).await;
        let invited = desk.authoring.add_staff(&operator(), account("eira", Role::Author, None)).await.unwrap();
        let path = invited.link.trim_start_matches(&desk.url).to_owned();
        let browser = desk.browser();
        browser.get(&path).await;
        let wrong = browser.post(&path, &[("set_up_code", "AAAA-AAAA"), ("password", PASSWORD), ("password_again", PASSWORD)]).await;
        assert_eq!(wrong.status, 422);
        let short = [("set_up_code", invited.code.as_str()), ("password", "short"), ("password_again", "short")];
        assert!(browser.post(&path, &short).await.body.contains("at least 12"));
        let fields = [("set_up_code", invited.code.as_str()), ("password", PASSWORD), ("password_again", PASSWORD)];
        let app = browser.post(&path, &fields).await;
        assert_eq!(app.status, 200, "{}", app.body);
        assert!(app.body.contains("otpauth:") && app.body.contains("<path"));
        assert_eq!(desk.browser().sign_in("eira", "000000").await.status, 401, "not before the app is connected");
        let secret = db.store.staff_by_email(&email("eira")).await.unwrap().unwrap().totp_secret.unwrap();
        let code = totp_code(&secret, db.env.machine_now()).unwrap();
        let done = browser.post(&path, &[("step", "app"), ("set_up_code", &invited.code), ("app_code", &code)]).await;
        assert_eq!(done.status, 200, "{}", done.body);
        let recovery = done.body.split("<li><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert_eq!(browser.post(&path, &fields).await.status, 422, "the link works once");
        assert_eq!(desk.browser().sign_in("eira", &recovery).await.status, 303);
        assert_eq!(desk.browser().sign_in("eira", &recovery).await.status, 401, "a recovery code works once");
    }
}

on_both! {
    async fn a_set_up_link_ends(db: Database) {
        let desk = Desk::open(db).await;
        let invited = desk.authoring.add_staff(&operator(), account("eira", Role::Author, None)).await.unwrap();
        let path = invited.link.trim_start_matches(&desk.url).to_owned();
        db.env.advance(Duration::hours(73));
        let browser = desk.browser();
        browser.get(&path).await;
        let late = browser.post(&path, &[("set_up_code", &invited.code), ("password", PASSWORD), ("password_again", PASSWORD)]).await;
        assert_eq!(late.status, 422);
    }
}

on_both! {
    async fn a_session_ends_by_silence_by_age_and_by_leaving(db: Database) {
        let desk = Desk::open(db).await;
        let silent = desk.signed_in("mari").await;
        let busy = desk.signed_in("huw").await;
        let leaving = desk.signed_in("nia").await;
        leaving.get("/incidents").await;
        assert_eq!(leaving.post("/sign-out", &[]).await.status, 303);
        assert_eq!(leaving.get("/incidents").await.status, 303);
        for _ in 0..7 {
            db.env.advance(Duration::minutes(100));
            assert_eq!(busy.get("/incidents").await.status, 200, "who works stays signed in");
        }
        assert_eq!(silent.get("/incidents").await.status, 303, "two hours of silence end a session");
        db.env.advance(Duration::minutes(30));
        assert_eq!(busy.get("/incidents").await.status, 303, "twelve hours end every session");
    }
}

on_both! {
    async fn new_recovery_codes_replace_the_old_ones(db: Database) {
        let desk = Desk::open(db).await;
        let browser = desk.signed_in("mari").await;
        browser.get("/account").await;
        assert_eq!(browser.post("/account", &[("code", "000000")]).await.status, 422);
        db.env.advance(Duration::seconds(30));
        let first = browser.post("/account", &[("code", &desk.code("mari"))]).await;
        let code = |body: &str| body.split("<li><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let old = code(&first.body);
        db.env.advance(Duration::seconds(30));
        browser.post("/account", &[("code", &desk.code("mari"))]).await;
        assert_eq!(desk.browser().sign_in("mari", &old).await.status, 401);
    }
}

on_both! {
    async fn a_code_is_guessed_ten_times_from_wherever(db: Database) {
        let desk = Desk::open(db).await;
        for place in 0..10 {
            assert_eq!(desk.browser_at(place).sign_in("mari", "000000").await.status, 401);
        }
        let right = desk.browser_at(10).sign_in("mari", &desk.code("mari")).await;
        assert_eq!(right.status, 429, "whoever knows the password may not try every code");
    }
}

on_both! {
    async fn a_stranger_locks_nobody_out(db: Database) {
        let desk = Desk::open(db).await;
        let stranger = desk.browser_at(1);
        stranger.get("/sign-in").await;
        for _ in 0..12 {
            let fields = [("email", &*email("mari")), ("password", "wrong password here"), ("code", "000000")];
            stranger.post("/sign-in", &fields).await;
        }
        assert_eq!(desk.browser_at(1).sign_in("mari", &desk.code("mari")).await.status, 429);
        assert_eq!(desk.browser_at(2).sign_in("mari", &desk.code("mari")).await.status, 303);
    }
}

on_both! {
    async fn a_new_invitation_ends_every_old_way_in(db: Database) {
        let desk = Desk::open(db).await;
        let browser = desk.signed_in("mari").await;
        assert_eq!(desk.get("mari", "/incidents").await.status, 200);
        desk.authoring.add_staff(&operator(), account("mari", Role::Author, None)).await.unwrap();
        assert_eq!(desk.get("mari", "/incidents").await.status, 401, "the token of whoever got in");
        assert_eq!(browser.get("/incidents").await.status, 303);
        assert_eq!(desk.authoring.revoke_tokens(&operator(), &email("huw")).await.unwrap(), 1);
        assert_eq!(desk.get("huw", "/incidents").await.status, 401);
    }
}

on_both! {
    async fn who_manages_one_body_reaches_no_further(db: Database) {
        let desk = Desk::open(db).await;
        let actor = |name: &str, organisation: Option<&str>| Actor {
            id: 77,
            name: name.to_owned(),
            role: Role::Admin,
            organisation: organisation.map(str::to_owned),
        };
        let local = Caller::from(actor("local", Some("pthb")));
        let refusal = |result: Result<Invitation, ActionError>| result.unwrap_err().code();
        let add = |name, organisation| desk.authoring.add_staff(&local, account(name, Role::Approver, organisation));
        assert_eq!(refusal(add("eira", None).await), "other-organisation");
        assert_eq!(refusal(add("eira", Some("nhs-wales")).await), "other-organisation");
        assert_eq!(refusal(add("huw", Some("pthb")).await), "other-organisation", "somebody else's account");
        assert!(add("eira", Some("pthb")).await.is_ok());
        assert!(desk.authoring.add_token(&local, &email("huw"), "x").await.is_err());
        let ann = db.store.staff_by_email(&email("ann")).await.unwrap().unwrap();
        let ann = Caller::from(Actor { id: ann.id, ..actor("ann", None) });
        let own = desk.authoring.add_staff(&ann, account("ann", Role::Approver, None)).await;
        assert_eq!(refusal(own), "own-account");
    }
}
