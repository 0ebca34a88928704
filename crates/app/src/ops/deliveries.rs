//! What is told of sending: by provider since the program started, and what waits in the database. Labels name channels
//! and providers, never people.

use std::sync::Arc;

use channels::Meter;
use domain::delivery::Progress;
use notifier::Way;
use store::Standing;

use super::exposition::Exposition;

/// What each way out has done, and whether it rests.
pub(super) fn ways(ways: &[Arc<Way>], text: &mut Exposition) {
    let meters: Vec<(Arc<Meter>, &Way)> = ways.iter().filter_map(|way| Some((way.channel.meter()?, &**way))).collect();
    let labels = |meter: &Meter| (meter.kind().key(), meter.name().to_owned());
    let answers = "Messages handed to a provider, by what it answered.";
    let mut family = text.counter("hysbys_channel_answers_total", answers);
    for (meter, _) in &meters {
        let (channel, provider) = labels(meter);
        for (answer, count) in meter.answers() {
            family.of(&[("channel", channel), ("provider", &provider), ("answer", answer)], count);
        }
    }
    let units = "Units that a provider accepted: segments of texts, messages elsewhere.";
    let mut each = |name, help, value: fn(&Meter, &Way) -> f64, counts: bool| {
        let mut family = if counts { text.counter(name, help) } else { text.gauge(name, help) };
        for (meter, way) in &meters {
            let (channel, provider) = labels(meter);
            family.of(&[("channel", channel), ("provider", &provider)], value(meter, way));
        }
    };
    each("hysbys_channel_units_total", units, |meter, _| count(meter.units()), true);
    let waited = "Seconds that the answers of a provider took together.";
    each("hysbys_channel_answer_seconds_total", waited, |meter, _| meter.waited().as_secs_f64(), true);
    let under_way = "Messages whose answer is awaited.";
    each("hysbys_channel_under_way", under_way, |meter, _| count(meter.under_way()), false);
    let agreed = "Units per second that the contract allows.";
    each("hysbys_channel_agreed_rate", agreed, |meter, _| f64::from(meter.agreed()), false);
    let rests =
        "Seconds for which a provider is not used, because it fails, refuses us or asked for it; 0 when it is used.";
    let rest = |_: &Meter, way: &Way| way.rests_for().unwrap_or_default().as_secs_f64();
    each("hysbys_channel_rests_seconds", rests, rest, false);
}

/// What waits, and how far the broadcasts under way have come.
pub(super) fn standing(standing: &Standing, text: &mut Exposition) {
    let waited =
        "How long the oldest of what waits could have left, in seconds; since it was published, for broadcasts.";
    let mut family = text.gauge("hysbys_queue_oldest_seconds", waited);
    for queue in &standing.queues {
        family.of(&[("queue", queue.name)], queue.waited.as_secs_f64());
    }
    let mut family =
        text.gauge("hysbys_queue_waiting", "What is due: ranges of people for broadcasts, single ones elsewhere.");
    for queue in &standing.queues {
        family.of(&[("queue", queue.name)], queue.waiting);
    }
    let people = "People of the broadcasts that are being sent or held, by what became of their message.";
    let mut family = text.gauge("hysbys_broadcast_people", people);
    for (channel, progress) in &standing.people {
        for (state, count) in states(progress) {
            family.of(&[("channel", channel.key()), ("state", state)], count);
        }
    }
    let lost = "Ranges whose holder let the lease run out, and that nobody has taken over yet.";
    text.gauge("hysbys_leases_run_out", lost).is(standing.leases_run_out);
}

const fn states(progress: &Progress) -> [(&'static str, i64); 8] {
    [
        ("sent", progress.sent),
        ("delivered", progress.delivered),
        ("failed", progress.failed),
        ("skipped", progress.skipped),
        ("expired", progress.expired),
        ("superseded", progress.superseded),
        ("unknown", progress.unknown),
        ("remaining", progress.remaining),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "a count of messages is far below 2^53")]
fn count(things: u64) -> f64 {
    things as f64
}
