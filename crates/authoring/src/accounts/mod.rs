//! Who may come in: passwords, one-time codes, sessions, set-up links and API tokens.

mod password;
mod session;
mod set_up;
mod sign_in;
mod staff;
mod token;
mod totp;

use domain::audit::AuditNote;
use domain::digest::sha256;
use domain::staff::Actor;
use serde::Serialize;
use serde_json::json;
use store::StaffAccount;

pub(crate) use session::Known;
pub(crate) use sign_in::Credentials;
pub use sign_in::SignedIn;
pub(crate) use staff::within_reach;
pub use staff::{Invitation, NewAccount, ReadyAccount};
pub(crate) use token::Scope;
pub use totp::totp_code;

/// Tokens are long and random, so a plain hash is enough to keep them by.
pub(crate) fn hashed(token: &str) -> String {
    sha256(token)
}

/// How a mail address is compared: people type it with capitals on phones.
pub(crate) fn sign_in_name(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The account as somebody who acts.
pub(crate) fn actor(account: &StaffAccount) -> Actor {
    Actor { id: account.id, name: account.name.clone(), role: account.role, organisation: account.organisation.clone() }
}

/// A line of the audit log about an account. Mail addresses stay out of it; the id leads to the account.
fn note(staff: i64, action: &'static str) -> AuditNote {
    AuditNote { action, subject: format!("staff/{staff}"), details: json!({}) }
}

/// The secret of the one-time codes in the ways in which an app can take it.
#[derive(Clone, Serialize)]
pub(crate) struct AppSecret {
    /// To type.
    secret: String,
    /// To open on the same phone.
    uri: String,
    /// To scan: the dark squares as one SVG path.
    qr_path: String,
    /// The side of the code in squares.
    qr_side: i32,
}

/// The secret as it is shown once.
pub(crate) fn app_secret(secret: &[u8], issuer: &str, email: &str) -> AppSecret {
    let uri = totp::uri(secret, issuer, email);
    let (qr_path, qr_side) = totp::qr_path(&uri).unwrap_or_default();
    AppSecret { secret: totp::readable(secret), uri, qr_path, qr_side }
}
