//! What the codes of Twilio's API and of its status callbacks mean for the queue, as a table.
//!
//! Twilio splits its codes now and then, so a code that is not listed falls back on the HTTP status, and in a
//! callback on a soft failure. See <https://www.twilio.com/docs/api/errors>.

use std::time::Duration;

use domain::delivery::SendResult;

/// What a code means. Times are in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Ambiguous,
    BadConfig,
    BadMessage,
    Gone,
    OptedOut,
    Retry(u64),
    Soft,
    Throttled(u64),
}

use Meaning::{Ambiguous, BadConfig, BadMessage, Gone, OptedOut, Retry, Soft, Throttled};

/// Codes in the answer to a request (below 30000, and 35xxx) and in later callbacks (30xxx).
///
/// A country that is not enabled, or whose own rules are not met (21408, 21703, 30022 to 30035), is not the fault of
/// the whole channel: a single number from abroad must not stop the texts of everyone, so it is the message that is
/// refused there, and the number is kept.
const TABLE: &[(&[i32], Meaning)] = &[
    (&[20003, 20005, 20006, 20010, 20404], BadConfig),
    (&[20001, 20422], BadMessage),
    (&[20429], Throttled(0)),
    (&[20500, 20503], Ambiguous),
    (&[14107, 14109], BadMessage),
    (&[21211, 21217, 21265, 21266, 21614, 21635], Gone),
    (&[21214, 21612], Soft),
    (&[21212, 21603, 21606, 21608, 21609, 21659, 21660, 21661, 21701, 21704, 21705], BadConfig),
    (&[21408, 21703], BadMessage),
    (&[21602, 21604, 21617, 21618, 21620], BadMessage),
    (&[21610], OptedOut),
    (&[21611], Throttled(5)),
    (&[30001], Throttled(5)),
    (&[30002, 30018, 30024], BadConfig),
    (&[30003, 30004], Soft),
    (&[30005, 30006], Gone),
    (&[30007, 30019], BadMessage),
    (&[30008], Retry(10)),
    (&[30017], Retry(15)),
    (&[30020, 30021, 30036], Retry(0)),
    (&[30022, 30023, 30027, 30032, 30033, 30034, 30035], BadMessage),
    (&[30410], Retry(10)),
    (&[30450], Retry(30)),
    (&[35111, 35114, 35115, 35117, 35118, 35125, 35126], BadMessage),
];

/// What an answer that is not a success means. A gateway may answer in the provider's place, without a code.
#[must_use]
pub fn answer(status: u16, code: Option<i32>) -> SendResult {
    let shown = code.unwrap_or(i32::from(status));
    let by_status = match status {
        401 | 403 => BadConfig,
        429 => Throttled(0),
        400..=499 => BadMessage,
        // Redirects are not followed, so one means that the address is wrong.
        300..=399 => BadConfig,
        _ => Ambiguous,
    };
    code.and_then(listed).unwrap_or(by_status).with(shown)
}

/// What the `ErrorCode` of a callback with the status `failed` or `undelivered` means.
#[must_use]
pub fn callback(code: i32) -> SendResult {
    listed(code).unwrap_or(Soft).with(code)
}

fn listed(code: i32) -> Option<Meaning> {
    TABLE.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, meaning)| *meaning)
}

impl Meaning {
    fn with(self, code: i32) -> SendResult {
        let wait = |minutes: u64| (minutes > 0).then(|| Duration::from_mins(minutes));
        match self {
            Ambiguous => SendResult::Ambiguous { code },
            BadConfig => SendResult::BadConfig { code },
            BadMessage => SendResult::BadMessage { code },
            Gone => SendResult::RecipientGone { code },
            OptedOut => SendResult::OptedOut { code },
            Retry(minutes) => SendResult::Retry { after: wait(minutes), code },
            Soft => SendResult::RecipientSoft { code },
            Throttled(minutes) => SendResult::Throttled { after: wait(minutes), code },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_in_one_row_only() {
        let mut codes: Vec<i32> = TABLE.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn answers_are_judged_by_code_and_then_by_status() {
        for (name, status, code, expected) in [
            ("bad credentials", 401, Some(20003), BadConfig),
            ("a proxy dropped the header", 403, None, BadConfig),
            ("wrong account", 404, Some(20404), BadConfig),
            ("an unknown parameter", 400, Some(20001), BadMessage),
            ("too many requests", 429, Some(20429), Throttled(0)),
            ("a gateway is full", 429, None, Throttled(0)),
            ("a fault at the provider", 500, Some(20500), Ambiguous),
            ("a gateway's page", 502, None, Ambiguous),
            ("not a number", 400, Some(21211), Gone),
            ("a blocked sender", 400, Some(21212), BadConfig),
            ("not reachable", 400, Some(21214), Soft),
            ("not valid", 400, Some(21217), Gone),
            ("a short code", 400, Some(21265), Gone),
            ("our own number", 400, Some(21266), Gone),
            ("a country that is not enabled", 400, Some(21408), BadMessage),
            ("too long", 400, Some(21617), BadMessage),
            ("no sender", 400, Some(21603), BadConfig),
            ("a trial account", 400, Some(21608), BadConfig),
            ("a bad callback", 400, Some(21609), BadConfig),
            ("the person sent STOP", 400, Some(21610), OptedOut),
            ("ten hours are queued", 429, Some(21611), Throttled(5)),
            ("no route", 400, Some(21612), Soft),
            ("a landline", 400, Some(21614), Gone),
            ("a landline abroad", 400, Some(21635), Gone),
            ("no such service", 404, Some(21701), BadConfig),
            ("no sender for the country", 400, Some(21703), BadMessage),
            ("out of the window", 400, Some(35114), BadMessage),
            ("a new code", 400, Some(29999), BadMessage),
            ("a new code of a fault", 503, Some(29999), Ambiguous),
            ("moved", 302, None, BadConfig),
        ] {
            assert_eq!(answer(status, code), expected.with(code.unwrap_or(i32::from(status))), "{name}");
        }
    }

    #[test]
    fn callbacks_are_judged_by_code() {
        for (name, code, expected) in [
            ("more than 15 replies", 14107, BadMessage),
            ("more than 10 replies to one", 14109, BadMessage),
            ("the person sent STOP", 21610, OptedOut),
            ("the queue is full", 30001, Throttled(5)),
            ("suspended", 30002, BadConfig),
            ("switched off", 30003, Soft),
            ("blocked for this number", 30004, Soft),
            ("unknown number", 30005, Gone),
            ("landline", 30006, Gone),
            ("filtered", 30007, BadMessage),
            ("unknown", 30008, Retry(10)),
            ("congestion", 30017, Retry(15)),
            ("sender not registered", 30018, BadConfig),
            ("sender not set up", 30024, BadConfig),
            ("too large", 30019, BadMessage),
            ("internal", 30020, Retry(0)),
            ("rules of the US", 30034, BadMessage),
            ("ran out of time in the queue", 30036, Retry(0)),
            ("timed out", 30410, Retry(10)),
            ("held back as pumping", 30450, Retry(30)),
            ("a new code", 39999, Soft),
        ] {
            assert_eq!(callback(code), expected.with(code), "{name}");
        }
    }
}
