//! Counts sign-ups on every key that fraud walks along: the contact, its range of numbers, the block of client
//! addresses, and all together. Counters live in the database, so that several processes count as one.

use std::time::Duration;

use domain::Contact;
use edge::ClientAddress;
use store::{StoreError, SubTx};

use crate::settings::SignupLimits;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Counts one request for a message to this contact; true when every limit still allows it. Commit in any case.
pub(super) async fn allows(
    tx: &SubTx,
    contact: &Contact,
    client: ClientAddress,
    limits: &SignupLimits,
) -> Result<bool, StoreError> {
    let mut counts = vec![
        (format!("signup/contact/{}", contact.comparable()), limits.per_contact),
        (format!("signup/client/{}", client.block()), limits.per_client_block),
    ];
    counts.push(match contact {
        Contact::Phone(_) => ("signup/texts".to_owned(), limits.texts),
        Contact::Email(_) => ("signup/mails".to_owned(), limits.mails),
    });
    if let Contact::Phone(number) = contact {
        counts.push((format!("signup/block/{}", number.block()), limits.per_number_block));
    }
    let mut allowed = true;
    for (key, limit) in counts {
        // What one limit has refused must not use up the others, or one visitor could spend everybody's.
        allowed = allowed && tx.count(&key, HOUR).await? <= limit;
    }
    Ok(allowed)
}
