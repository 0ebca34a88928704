//! Thousands of reports at once, as a provider sends them after a large broadcast: in no order, repeated, faster than
//! our own commit, and some of them forged.

use domain::ChannelKind;
use futures_util::future::join_all;
use http::StatusCode;
use scenarios::databases::Database;
use scenarios::hook_calls::HookCalls;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::until_within;
use std::time::Duration;

const PEOPLE: usize = 1_000;
/// Connections of the provider.
const AT_ONCE: usize = 32;

/// One report: about whom, what, the code, and whether it is forged.
#[derive(Clone, Copy)]
struct Report(i64, &'static str, &'static str, bool);

/// Three reports on every text, the last of every third once more, and one in a hundred forged, in no order.
fn reports(people: &[i64]) -> Vec<Report> {
    let mut reports = Vec::new();
    for (place, person) in people.iter().enumerate() {
        let last = match place % 20 {
            0 => Report(*person, "undelivered", "30003", false),
            _ => Report(*person, "delivered", "", false),
        };
        reports.extend([Report(*person, "queued", "", false), Report(*person, "sent", "", false), last]);
        if place % 3 == 0 {
            reports.push(last);
        }
        if place % 30 == 0 {
            reports.push(Report(*person, "failed", "30005", true));
        }
    }
    let mut numbered: Vec<(u32, Report)> = (0_u32..).map(|one| one.wrapping_mul(2_654_435_761)).zip(reports).collect();
    numbered.sort_by_key(|(number, _)| *number);
    numbered.into_iter().map(|(_, report)| report).collect()
}

async fn post(hooks: &HookCalls, broadcast: i64, Report(person, status, code, is_forged): Report) {
    let path = format!("/hooks/sms/primary/status?d={broadcast}.{person}");
    let body = format!("MessageSid=SM{person:032x}&MessageStatus={status}&ErrorCode={code}");
    let (answer, expected) = if is_forged {
        (hooks.signed_with("another token", &path, body.as_bytes()).await, StatusCode::FORBIDDEN)
    } else {
        (hooks.signed_with(scenarios::world::TOKEN, &path, body.as_bytes()).await, StatusCode::NO_CONTENT)
    };
    assert_eq!(answer, expected, "{status}");
}

on_both! {
    async fn a_storm_of_reports_leaves_every_text_in_the_state_that_it_reached(db: Database) {
        // At this rate the texts leave for seconds, so that many reports come before theirs is written down.
        let app = Installation::with(db).without_receipts().rate(400).start().await;
        app.subscribe(People::phones(0, PEOPLE)).await;
        let mut people = Vec::with_capacity(PEOPLE);
        for place in 0..PEOPLE {
            people.push(db.number(&format!("SELECT id FROM subscriber ORDER BY id LIMIT 1 OFFSET {place}")).await);
        }
        let broadcast = app.publish(&Update::first().on(&[ChannelKind::Sms])).await.broadcast;
        let hooks = HookCalls::to(&app);
        for some in reports(&people).chunks(AT_ONCE) {
            join_all(some.iter().map(|report| post(&hooks, broadcast, *report))).await;
        }
        // A report that was faster than its text is looked at again every five seconds.
        until_within(Duration::from_secs(120), "every text has the state that it reached", async || {
            let now = app.progress(broadcast, ChannelKind::Sms).await;
            (now.delivered, now.failed, now.remaining) == (950, 50, 0)
        })
        .await;
        assert_eq!(db.number("SELECT COUNT(*) FROM receipt").await, 3 * 1_000, "each report once, and none forged");
        let known: i64 = app.store().subscriber_counts().await.unwrap().values().sum();
        assert_eq!(known, 1_000, "a forged report ends no subscription");
    }
}
