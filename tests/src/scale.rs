//! How large the long scenarios are: small with every change, and at their full size every night. The same tests run both.

use std::time::Duration;

/// The variable that says how large: `nightly`, a share of the nightly size such as `0.2`, or nothing for the size that
/// every change is tested with.
pub const SCALE: &str = "HYSBYS_TEST_SCALE";

/// The sizes of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Moments at which a process is killed.
    pub kills: usize,
    /// The same, where the page and the screens are looked at after each.
    pub kills_of_everything: usize,
    /// Pauses, each followed by a resumption.
    pub pauses: usize,
    /// People who are told that something has begun while somebody writes that it is over.
    pub overtaken: usize,
    /// People of the broadcast that nobody gets.
    pub synthetic: usize,
    /// Mails of which the relay refuses every second.
    pub refused_mails: usize,
    /// How long a provider refuses connections.
    pub refusal: Duration,
    /// How long one step of a long scenario may take.
    pub patience: Duration,
}

/// With every change.
const SMALL: Scale = Scale {
    kills: 50,
    kills_of_everything: 20,
    pauses: 40,
    overtaken: 4_000,
    synthetic: 20_000,
    refused_mails: 1_000,
    refusal: Duration::from_secs(4),
    patience: Duration::from_mins(3),
};

/// Every night.
const FULL: Scale = Scale {
    kills: 1_000,
    kills_of_everything: 200,
    pauses: 1_000,
    overtaken: 1_000_000,
    synthetic: 3_000_000,
    refused_mails: 100_000,
    refusal: Duration::from_mins(1),
    patience: Duration::from_hours(3),
};

impl Scale {
    /// What the variable asks for.
    ///
    /// # Panics
    /// When it says something else.
    #[must_use]
    pub fn of_this_run() -> Self {
        let asked = std::env::var(SCALE).ok();
        Self::asked(asked.as_deref()).unwrap_or_else(|| panic!("{SCALE} is `nightly` or a share of it, such as 0.2"))
    }

    fn asked(words: Option<&str>) -> Option<Self> {
        match words {
            None | Some("") => Some(SMALL),
            Some("nightly") => Some(FULL),
            Some(share) => share.parse().ok().filter(|share| (0.0..=1.0).contains(share)).map(Self::share),
        }
    }

    /// A share of the full size, and never less than the small one.
    fn share(share: f64) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "counts"
        )]
        let part = |small: usize, full: usize| small.max((full as f64 * share) as usize);
        Self {
            kills: part(SMALL.kills, FULL.kills),
            kills_of_everything: part(SMALL.kills_of_everything, FULL.kills_of_everything),
            pauses: part(SMALL.pauses, FULL.pauses),
            overtaken: part(SMALL.overtaken, FULL.overtaken),
            synthetic: part(SMALL.synthetic, FULL.synthetic),
            refused_mails: part(SMALL.refused_mails, FULL.refused_mails),
            refusal: SMALL.refusal.max(FULL.refusal.mul_f64(share)),
            patience: FULL.patience,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_lies_between_every_change_and_every_night() {
        assert_eq!(Scale::asked(None), Some(SMALL));
        assert_eq!(Scale::asked(Some("nightly")), Some(FULL));
        assert_eq!(Scale::asked(Some("0.2")).map(|scale| (scale.kills, scale.pauses)), Some((200, 200)));
        assert_eq!(Scale::asked(Some("0")).map(|scale| scale.kills), Some(SMALL.kills));
        assert_eq!(Scale::asked(Some("huge")), None);
    }
}
