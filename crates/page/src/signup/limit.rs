//! Counts sign-ups on every key that fraud walks along: the contact, its range of numbers, the block of client
//! addresses, and all together. Counters live in the database, so that several processes count as one.

use std::time::Duration;

use domain::Contact;
use edge::ClientAddress;
use store::{StoreError, SubTx};

use crate::settings::SignupLimits;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Counts one request for a message to this contact; true when every limit still allows it. What is refused must not be
/// committed: it would use up the limits that allowed it, and one visitor could spend everybody's.
pub(super) async fn allows(
    tx: &SubTx,
    contact: &Contact,
    client: ClientAddress,
    limits: &SignupLimits,
) -> Result<bool, StoreError> {
    let mut counts = vec![
        (format!("signup/contact/{}", mailbox(contact)), limits.per_contact),
        (format!("signup/client/{}", client.block()), limits.per_client_block),
    ];
    counts.push(match contact {
        Contact::Phone(_) => ("signup/texts".to_owned(), limits.texts),
        Contact::Email(_) => ("signup/mails".to_owned(), limits.mails),
    });
    if let Contact::Phone(number) = contact {
        counts.push((format!("signup/block/{}", number.block()), limits.per_number_block));
    }
    for (key, limit) in counts {
        if tx.count(&key, HOUR).await? > limit {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who gets the message. Everything sent to `nel+anything@` is read by one person, so it counts as one contact.
fn mailbox(contact: &Contact) -> String {
    let whole = contact.comparable();
    let Some((local, domain)) = whole.split_once('@') else { return whole };
    format!("{}@{domain}", local.split_once('+').map_or(local, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use domain::EmailAddress;
    use domain::phone::{self, DramaNumbers};

    use super::*;

    #[test]
    fn tagged_addresses_of_one_mailbox_count_as_one() {
        let mail = |text: &str| mailbox(&Contact::Email(EmailAddress::parse(text).unwrap()));
        assert_eq!(mail("nel+1@example.wales"), mail("nel+alerts+2@example.wales"));
        assert_eq!(mail("nel+1@example.wales"), mail("nel@example.wales"));
        assert_ne!(mail("nel@example.wales"), mail("nan@example.wales"));
        assert_ne!(mail("nel@example.wales"), mail("nel@other.wales"));
        let phone = phone::parse("07700 900123", DramaNumbers::Accept).unwrap();
        assert_eq!(mailbox(&Contact::Phone(phone)), "+447700900123");
    }
}
