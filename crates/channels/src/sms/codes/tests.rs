//! Holds the table to what the provider's documents say of each code, row by row.

use super::*;

/// How a code reaches us.
#[derive(Clone, Copy)]
enum When {
    /// In the answer to our request.
    Answer,
    /// In a callback, later.
    Callback,
}

use When::{Answer, Callback};

/// Every code of the provider's documents that can reach us: what it says, how it comes, and what is right for it.
const DOCUMENTED: &[(&str, When, &[i32], Meaning)] = &[
    ("bad credentials, a wrong region, a suspended account", Answer, &[20003], BadConfig),
    ("account inactive or denied, action disabled, wrong SID", Answer, &[20005, 20006, 20010, 20404], BadConfig),
    ("an unknown or invalid parameter", Answer, &[20001, 20422], BadMessage),
    ("too many requests at once; never processed", Answer, &[20429], Throttled(0)),
    ("a fault at the provider", Answer, &[20500, 20503], Ambiguous),
    ("more than 15 replies between two numbers", Callback, &[14107], BadMessage),
    ("more than 10 replies to one text", Callback, &[14109], BadMessage),
    ("not a valid number", Answer, &[21211], Gone),
    ("the sender is invalid, generic or blocked", Answer, &[21212], BadConfig),
    ("the number cannot be reached", Answer, &[21214], Soft),
    ("the number is not valid", Answer, &[21217], Gone),
    ("a short code, or our own number", Answer, &[21265, 21266], Gone),
    (
        "no words, no number, too long, refused words, bad media",
        Answer,
        &[21602, 21604, 21617, 21618, 21620],
        BadMessage,
    ),
    ("no sender, or one that is not ours or not usable", Answer, &[21603, 21606, 21659, 21660, 21661], BadConfig),
    ("a trial account, or a profile that is not approved", Answer, &[21608], BadConfig),
    ("a bad address for callbacks", Answer, &[21609], BadConfig),
    ("the person sent STOP, as an answer", Answer, &[21610], OptedOut),
    ("the person sent STOP, later", Callback, &[21610], OptedOut),
    ("ten hours are queued: at least five minutes", Answer, &[21611], Throttled(5)),
    ("no route between these two", Answer, &[21612], Soft),
    ("not a mobile number, or a landline", Answer, &[21614, 21635], Gone),
    ("messaging service missing, empty or invalid", Answer, &[21701, 21704, 21705], BadConfig),
    ("the queue is full: at least five minutes", Callback, &[30001], Throttled(5)),
    ("the account was suspended after queueing", Callback, &[30002], BadConfig),
    ("blocked for this number", Callback, &[30004], Soft),
    ("unknown or inactive number", Callback, &[30005], Gone),
    ("a landline, or a carrier out of reach", Callback, &[30006], Gone),
    ("filtered: the same text would be filtered again", Callback, &[30007], BadMessage),
    ("unknown: once more after ten minutes", Callback, &[30008], Retry(10)),
    ("congestion, and the provider has tried: at least a quarter of an hour", Callback, &[30017], Retry(15)),
    ("the sender is not registered or not set up", Callback, &[30018, 30024], BadConfig),
    ("too large for the carrier", Callback, &[30019], BadMessage),
    ("a failure inside the provider: once more", Callback, &[30020, 30021], Retry(0)),
    ("its time ran out in the queue: once more if it is still true", Callback, &[30036], Retry(0)),
    ("the provider timed out: once more after ten minutes", Callback, &[30410], Retry(10)),
    ("held back as pumping, for half an hour", Callback, &[30450], Retry(30)),
    (
        "scheduling: no time, out of the window, no service, too many, not supported",
        Answer,
        &[35111, 35114, 35115, 35117, 35118, 35125, 35126],
        BadMessage,
    ),
];

/// Where we do otherwise than the documents advise: how it comes, their advice, and what we do. The reasons are in
/// `docs/decisions/0017-error-codes-of-texts.md`.
const DECIDED: &[(&str, When, &[i32], &str, Meaning)] = &[
    ("a country that is not enabled", Answer, &[21408], "configuration, for that country only", BadMessage),
    ("no sender for the country", Answer, &[21703], "configuration, for that country only", BadMessage),
    (
        "rules of one country's carriers",
        Callback,
        &[30022, 30023, 30027, 30032, 30033, 30034, 30035],
        "configuration, for that country only",
        BadMessage,
    ),
    ("switched off or out of reach", Callback, &[30003], "once more after an hour if it is still true", Soft),
];

fn judged(when: When, code: i32) -> SendResult {
    match when {
        Answer => answer(400, Some(code)),
        Callback => callback(code),
    }
}

#[test]
fn every_documented_code_means_what_the_documents_say_or_what_we_decided() {
    let decided = DECIDED.iter().map(|(name, when, codes, _, meaning)| (name, when, codes, meaning));
    let rows = DOCUMENTED.iter().map(|(name, when, codes, meaning)| (name, when, codes, meaning)).chain(decided);
    for (name, when, codes, meaning) in rows {
        for code in *codes {
            assert_eq!(judged(*when, *code), meaning.with(*code), "{code}: {name}");
        }
    }
}

#[test]
fn every_row_of_ours_is_a_documented_code() {
    let documented = DOCUMENTED.iter().flat_map(|(_, _, codes, _)| codes.iter());
    let known: Vec<i32> =
        documented.chain(DECIDED.iter().flat_map(|(_, _, codes, ..)| codes.iter())).copied().collect();
    let mut ours: Vec<i32> = TABLE.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
    assert!(ours.iter().all(|code| known.contains(code)), "{ours:?}");
    let count = ours.len();
    ours.sort_unstable();
    ours.dedup();
    assert_eq!(ours.len(), count, "a code stands in one row only");
}

#[test]
fn an_answer_without_a_known_code_is_judged_by_its_status() {
    for (name, status, code, expected) in [
        ("bad credentials", 401, None, BadConfig),
        ("a proxy dropped the header", 403, None, BadConfig),
        ("a gateway is full", 429, None, Throttled(0)),
        ("the code says more than the status", 429, Some(21611), Throttled(5)),
        ("a gateway's page", 502, None, Ambiguous),
        ("a new code", 400, Some(29999), BadMessage),
        ("a new code of a fault", 503, Some(29999), Ambiguous),
        ("moved", 302, None, BadConfig),
    ] {
        assert_eq!(answer(status, code), expected.with(code.unwrap_or(i32::from(status))), "{name}");
    }
    assert_eq!(callback(39999), Soft.with(39999), "a new code of a callback");
}
