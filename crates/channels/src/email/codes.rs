//! What a relay's replies mean for the queue, as tables: the basic codes of RFC 5321 and the enhanced ones of RFC 3463.

use std::ops::RangeInclusive;
use std::time::Duration;

use domain::delivery::SendResult;

use super::smtp::{Failure, Reply, Stage};

/// What a reply means. Times are in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    BadConfig,
    BadMessage,
    Gone,
    Retry(u64),
    Soft,
    Throttled,
}

use Meaning::{BadConfig, BadMessage, Gone, Retry, Soft, Throttled};

/// Basic codes that say more than the enhanced code beside them.
const BASIC_FIRST: &[(u16, Meaning)] = &[(530, BadConfig), (534, BadConfig), (535, BadConfig)];

/// The first digit of the basic code, then subject and detail of the enhanced code. The first row that fits counts.
const ENHANCED: &[(u16, u16, RangeInclusive<u16>, Meaning)] = &[
    (4, 2, 0..=0, Retry(5)),
    (4, 2, 1..=2, Retry(15)),
    (4, 3, 0..=999, Retry(0)),
    (4, 4, 0..=999, Retry(0)),
    (4, 5, 3..=3, Retry(0)),
    (4, 7, 1..=1, Retry(5)),
    (4, 7, 0..=999, Throttled),
    (5, 1, 0..=3, Gone),
    (5, 1, 6..=6, Gone),
    (5, 1, 7..=8, BadConfig),
    (5, 1, 10..=10, Gone),
    (5, 2, 1..=1, Gone),
    (5, 2, 2..=2, Soft),
    (5, 2, 3..=3, BadMessage),
    (5, 3, 4..=4, BadMessage),
    (5, 4, 0..=999, Soft),
    (5, 6, 7..=7, Gone),
    (5, 6, 0..=999, BadMessage),
    (5, 7, 8..=27, BadConfig),
    (5, 7, 500..=599, BadConfig),
    (5, 7, 0..=999, BadMessage),
];

/// Basic codes without a listed enhanced code.
const BASIC: &[(u16, Meaning)] = &[(521, Gone), (556, Gone)];

/// What a failed conversation with the relay means.
pub(super) fn judge(failure: &Failure) -> SendResult {
    match failure {
        Failure::Refused { stage, reply } => meaning(*stage, reply).with(i32::from(reply.code)),
        Failure::Lost { stage: Stage::Content } => SendResult::Ambiguous { code: 0 },
        // What ends the conversation before the mail was spoken of is about everybody.
        Failure::Lost { stage: Stage::Connect | Stage::Session } | Failure::Tls => SendResult::Unreachable { code: 0 },
        Failure::Lost { .. } => SendResult::Retry { after: None, code: 0 },
        Failure::Unprotected | Failure::Unauthenticated => SendResult::BadConfig { code: 0 },
    }
}

/// What a report of a mail system means that gave a mail up (RFC 3464): the code that it quotes from the conversation,
/// or its own status where the quoted one says nothing or less.
pub(super) fn given_up(status: &str, diagnostic: &str) -> SendResult {
    let stated = status.split_whitespace().next().unwrap_or_default();
    let quoted = diagnostic
        .split_once(';')
        .filter(|(kind, _)| kind.trim().eq_ignore_ascii_case("smtp"))
        .and_then(|(_, text)| Reply::parse(text.trim()));
    let basic = quoted.as_ref().map_or_else(|| if stated.starts_with('4') { 450 } else { 550 }, |reply| reply.code);
    let is_telling = |reply: &Reply| reply.enhanced().is_some_and(|(_, subject, _)| subject != 0);
    let reply = quoted.filter(is_telling).or_else(|| Reply::parse(&format!("{basic} {stated}")));
    let Some(reply) = reply else { return Soft.with(i32::from(basic)) };
    match meaning(Stage::Recipient, &reply) {
        // It was tried for days, and will not be tried again.
        Retry(_) | Throttled => Soft.with(i32::from(reply.code)),
        lasting => lasting.with(i32::from(reply.code)),
    }
}

/// Before the recipient was named, a lasting refusal is about us, whatever its code says.
fn meaning(stage: Stage, reply: &Reply) -> Meaning {
    let about_us = matches!(stage, Stage::Connect | Stage::Session | Stage::Sender);
    if reply.code >= 500 && about_us {
        return BadConfig;
    }
    // The relay has lost its own sign-in service, or does not take ours for now.
    if reply.code == 454 && reply.enhanced().is_none_or(|(_, subject, _)| subject == 7) {
        return BadConfig;
    }
    // The service is closing; a rate that is named as the reason is the exception.
    if reply.code == 421 && !matches!(reply.enhanced(), Some((_, 7, _))) {
        return Retry(0);
    }
    listed(BASIC_FIRST, reply.code)
        .or_else(|| by_enhanced(reply))
        .or_else(|| listed(BASIC, reply.code))
        .unwrap_or(if reply.code >= 500 { Soft } else { Retry(0) })
}

/// The first digit is the basic code's: it decides when the two disagree on whether the refusal lasts.
fn by_enhanced(reply: &Reply) -> Option<Meaning> {
    let (_, subject, detail) = reply.enhanced()?;
    let class = reply.code / 100;
    let row = ENHANCED.iter().find(|(c, s, details, _)| *c == class && *s == subject && details.contains(&detail))?;
    Some(row.3)
}

fn listed(table: &[(u16, Meaning)], code: u16) -> Option<Meaning> {
    table.iter().find(|(listed, _)| *listed == code).map(|(_, meaning)| *meaning)
}

impl Meaning {
    fn with(self, code: i32) -> SendResult {
        match self {
            BadConfig => SendResult::BadConfig { code },
            BadMessage => SendResult::BadMessage { code },
            Gone => SendResult::RecipientGone { code },
            Retry(minutes) => SendResult::Retry { after: (minutes > 0).then(|| Duration::from_mins(minutes)), code },
            Soft => SendResult::RecipientSoft { code },
            Throttled => SendResult::Throttled { after: None, code },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> Reply {
        Reply::parse(&format!("{text}\r\n")).expect("the table holds whole replies")
    }

    #[test]
    fn refusals_of_a_recipient_are_judged() {
        for (text, expected) in [
            ("421", Retry(0)),
            ("421 4.3.2 shutting down", Retry(0)),
            ("421 4.7.28 too much mail", Throttled),
            ("450 4.2.0 greylisted", Retry(5)),
            ("451 4.7.1 greylisting in action", Retry(5)),
            ("450 4.2.1 mailbox disabled for now", Retry(15)),
            ("452 4.2.2 mailbox full", Retry(15)),
            ("451 4.7.650 slow down", Throttled),
            ("452 4.3.1 insufficient storage", Retry(0)),
            ("452 4.5.3 too many recipients", Retry(0)),
            ("454 4.7.0 temporary authentication failure", BadConfig),
            ("530 5.7.0 authentication required", BadConfig),
            ("534 5.7.9 stronger mechanism", BadConfig),
            ("535 5.7.8 bad credentials", BadConfig),
            ("550 5.1.1 <x>: user unknown", Gone),
            ("550 5.1.0 address rejected", Gone),
            ("551 5.1.6 moved", Gone),
            ("553 5.1.3 bad syntax", Gone),
            ("550 5.1.2 bad domain", Gone),
            ("550 5.1.10 null MX", Gone),
            ("556 5.1.10 null MX", Gone),
            ("521 host takes no mail", Gone),
            ("550 5.2.1 mailbox disabled", Gone),
            ("552 5.2.2 mailbox full", Soft),
            ("552 5.2.3 too large", BadMessage),
            ("552 5.3.4 too large", BadMessage),
            ("550 5.4.1 no answer", Soft),
            ("550 5.4.4 no route", Soft),
            ("550 5.4.6 loop", Soft),
            ("554 5.6.0 bad content", BadMessage),
            ("550 5.6.7 address needs SMTPUTF8", Gone),
            ("550 5.7.1 spam", BadMessage),
            ("554 5.7.1 policy", BadMessage),
            ("550-5.7.26 unauthenticated mail\r\n550 5.7.26 see our page", BadConfig),
            ("550 5.7.509 DMARC", BadConfig),
            ("550 5.1.8 bad sender", BadConfig),
            ("554 delivery error: dd This user doesn't have an account", Soft),
            ("550 4.2.2 mailbox full, and the codes disagree", Soft),
            ("450 5.1.1 unknown for now, and the codes disagree", Retry(0)),
            ("599 9.9.9 nonsense", Soft),
        ] {
            assert_eq!(meaning(Stage::Recipient, &reply(text)), expected, "{text}");
        }
    }

    #[test]
    fn reports_of_mail_systems_are_judged() {
        let gone = SendResult::RecipientGone { code: 550 };
        let soft = |code| SendResult::RecipientSoft { code };
        for (status, diagnostic, expected) in [
            ("5.1.1", "smtp; 550 5.1.1 <nel@x.example>: user unknown", gone.clone()),
            ("5.0.0", "smtp; 550-5.1.1 The account does not exist. 550 5.1.1 see", gone.clone()),
            ("5.1.1", "smtp;550 no such user here", gone.clone()),
            ("5.1.1 (bad destination mailbox address)", "", gone.clone()),
            ("5.1.1", "X-Postfix; unknown user", gone.clone()),
            ("5.2.2", "smtp; 552 5.2.2 mailbox full", soft(552)),
            ("4.4.1", "smtp; 451 4.4.1 no answer from host", soft(451)),
            ("4.4.7", "X-Postfix; delivery temporarily suspended", soft(450)),
            ("5.7.1", "smtp; 554 5.7.1 spam", SendResult::BadMessage { code: 554 }),
            ("5.7.26", "", SendResult::BadConfig { code: 550 }),
            ("5.0.0", "", soft(550)),
            ("", "", soft(550)),
            ("nonsense", "smtp; nonsense", soft(550)),
        ] {
            assert_eq!(given_up(status, diagnostic), expected, "{status}, {diagnostic}");
        }
    }

    #[test]
    fn nobody_is_struck_off_for_what_is_said_about_us() {
        for stage in [Stage::Connect, Stage::Session, Stage::Sender] {
            assert_eq!(meaning(stage, &reply("550 5.1.1 sender unknown")), BadConfig);
            assert_eq!(meaning(stage, &reply("451 4.3.0 later")), Retry(0));
        }
    }

    #[test]
    fn a_lost_answer_is_in_doubt_only_after_the_whole_mail_went_out() {
        assert_eq!(judge(&Failure::Lost { stage: Stage::Content }), SendResult::Ambiguous { code: 0 });
        for stage in [Stage::Sender, Stage::Recipient, Stage::Data] {
            assert_eq!(judge(&Failure::Lost { stage }), SendResult::Retry { after: None, code: 0 });
        }
        for stage in [Stage::Connect, Stage::Session] {
            assert_eq!(judge(&Failure::Lost { stage }), SendResult::Unreachable { code: 0 });
        }
    }
}
