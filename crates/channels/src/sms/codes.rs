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
/// refused there, and the number is kept. `docs/decisions/0017-error-codes-of-texts.md` has what else we decided.
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
mod tests;
