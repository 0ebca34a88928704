//! The `[page]` section of the configuration.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

mod follow;
mod push;

pub use follow::{FollowSettings, LeadSettings};
pub use push::PushSettings;

/// How the public page listens, where it keeps its last edition, and how much sign-up it bears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder in which the last edition is kept.
    pub data_dir: PathBuf,
    /// Limits of the sign-up form.
    pub signup: SignupLimits,
    /// Where each edition is written too.
    pub push: Vec<PushSettings>,
    /// Lets others follow this page.
    pub lead: Option<LeadSettings>,
    /// The page that is followed, in place of a database.
    pub follow: Option<FollowSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        let (signup, data_dir) = (SignupLimits::default(), PathBuf::from("edition"));
        Self { listen, data_dir, signup, push: Vec::new(), lead: None, follow: None }
    }
}

/// How often the sign-up form may be used, per hour of machine time, and by how many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignupLimits {
    /// Codes or links for one number or address.
    pub per_contact: i64,
    /// Codes for numbers that differ in their last digits only: fraud walks through such ranges.
    pub per_number_block: i64,
    /// Sign-ups from one block of client addresses. Generous, because a whole hospital may leave by one address.
    pub per_client_block: i64,
    /// Text messages with codes, over all. An attack must not eat what incidents need.
    pub texts: i64,
    /// Mails with links, over all.
    pub mails: i64,
    /// Sign-ups worked on at the same time.
    pub at_once: usize,
    /// How many more may wait for their turn; who comes after them is asked to try again.
    pub waiting: usize,
    /// Turns that are kept for leaving, and as many for changing what was chosen.
    pub leaving_at_once: usize,
    /// Whether the numbers kept free for drama may sign up: demo and exercises only.
    pub accept_drama_numbers: bool,
}

impl Default for SignupLimits {
    fn default() -> Self {
        Self {
            per_contact: 3,
            per_number_block: 30,
            per_client_block: 500,
            texts: 5_000,
            mails: 20_000,
            at_once: 64,
            waiting: 256,
            leaving_at_once: 16,
            accept_drama_numbers: false,
        }
    }
}
