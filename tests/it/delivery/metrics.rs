//! What operators are told in numbers while messages leave, and that no number names anybody.

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::process::client;
use scenarios::update::Update;

async fn metrics(app: &Installation<'_>) -> String {
    let url = format!("http://{}/metrics", app.parts.config.ops.listen);
    client().get(url).send().await.unwrap().text().await.unwrap()
}

/// The value of a sample.
fn value(metrics: &str, sample: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{sample} is not told:\n{metrics}")).parse().unwrap()
}

on_both! {
    async fn operators_see_what_each_provider_took_and_what_waits(db: Database) {
        let app = Installation::with(db).start().await;
        app.subscribe(People::phones(0, 5)).await;
        app.subscribe(People::inboxes(0, 4)).await;
        let before = metrics(&app).await;
        let texts = |answer: &str| {
            format!("hysbys_channel_answers_total{{channel=\"sms\",provider=\"primary\",answer=\"{answer}\"}}")
        };
        assert!(value(&before, &texts("accepted")).abs() < 0.1, "counters begin at zero");

        let published = app.publish(&Update::first().on(&[ChannelKind::Sms, ChannelKind::Email])).await;
        app.until_done(published.broadcast).await;
        let after = metrics(&app).await;
        assert!((value(&after, &texts("accepted")) - 5.0).abs() < 0.1);
        let units = value(&after, "hysbys_channel_units_total{channel=\"sms\",provider=\"primary\"}");
        assert!(units >= 5.0, "each text has at least one segment: {units}");
        assert!(value(&after, "hysbys_channel_answer_seconds_total{channel=\"sms\",provider=\"primary\"}") > 0.0);
        let mails = after.lines().find(|line| line.contains("channel=\"email\"") && line.contains("\"accepted\""));
        assert!(mails.is_some_and(|line| line.ends_with(" 4")), "{mails:?}");
        assert!(value(&after, "hysbys_queue_waiting{queue=\"direct\"}").abs() < 0.1, "nothing is left over");
        assert!(!after.contains("queue=\"urgent\"") && !after.contains("queue=\"ordinary\""));
        assert!(!after.contains('@') && !after.contains("+44") && !after.contains("07700"), "nobody is named");
        app.stop().await;
    }
}
