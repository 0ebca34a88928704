//! An order to send one text: the form fields of `POST …/Messages.json`, checked as Twilio checks them.

use crate::twilio::refusal::Refusal;

/// The form fields we understand, still unchecked.
#[derive(Default)]
pub(crate) struct Order {
    pub(crate) to: String,
    pub(crate) from: Option<String>,
    pub(crate) service: Option<String>,
    pub(crate) body: String,
    pub(crate) callback: Option<String>,
}

impl Order {
    /// The longest body, in characters.
    const MAX_BODY: usize = 1600;

    /// Reads a form; fields we do not know are let pass, as Twilio does.
    pub(crate) fn read(form: &[u8]) -> Result<Self, Refusal> {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(form).map_err(|_| Refusal::BAD_FORM)?;
        let mut order = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "To" => order.to = value,
                "From" => order.from = Some(value).filter(|from| !from.is_empty()),
                "MessagingServiceSid" => order.service = Some(value).filter(|service| !service.is_empty()),
                "Body" => order.body = value,
                "StatusCallback" => order.callback = Some(value).filter(|url| !url.is_empty()),
                "ValidityPeriod" if !is_validity(&value) => return Err(Refusal::BAD_FORM),
                _ => {}
            }
        }
        order.check()?;
        Ok(order)
    }

    fn check(&self) -> Result<(), Refusal> {
        self.check_to()?;
        self.check_sender()?;
        if self.body.trim().is_empty() {
            return Err(Refusal::BODY_MISSING);
        }
        if self.body.chars().count() > Self::MAX_BODY {
            return Err(Refusal::BODY_TOO_LONG);
        }
        if self.callback.as_deref().is_some_and(|url| !is_callback(url)) {
            return Err(Refusal::CALLBACK_INVALID);
        }
        Ok(())
    }

    /// The numbers beginning `+1500555000` are Twilio's documented ones for tests.
    fn check_to(&self) -> Result<(), Refusal> {
        match self.to.as_str() {
            "" => Err(Refusal::TO_MISSING),
            "+15005550001" => Err(Refusal::TO_INVALID),
            "+15005550002" => Err(Refusal::NO_ROUTE),
            "+15005550003" => Err(Refusal::COUNTRY),
            "+15005550004" => Err(Refusal::OPTED_OUT),
            "+15005550009" => Err(Refusal::NOT_MOBILE),
            to if is_e164(to) => Ok(()),
            _ => Err(Refusal::TO_INVALID),
        }
    }

    fn check_sender(&self) -> Result<(), Refusal> {
        if self.service.as_deref().is_some_and(|service| !is_service(service)) {
            return Err(Refusal::SERVICE_INVALID);
        }
        match self.from.as_deref() {
            None if self.service.is_none() => Err(Refusal::FROM_MISSING),
            None => Ok(()),
            Some("+15005550001") => Err(Refusal::FROM_INVALID),
            Some("+15005550007") => Err(Refusal::FROM_NOT_OURS),
            Some("+15005550008") => Err(Refusal::QUEUE_FULL),
            Some(from) if from == self.to => Err(Refusal::TO_IS_FROM),
            Some(from) if is_e164(from) || is_sender_name(from) || is_short_code(from) => Ok(()),
            Some(_) => Err(Refusal::FROM_INVALID),
        }
    }
}

/// `+`, then 8 to 15 digits of which the first is not 0.
pub(crate) fn is_e164(number: &str) -> bool {
    let Some(digits) = number.strip_prefix('+') else { return false };
    (8..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn is_short_code(from: &str) -> bool {
    (3..=6).contains(&from.len()) && from.bytes().all(|digit| digit.is_ascii_digit())
}

/// Up to eleven letters, digits and spaces, with at least one letter.
fn is_sender_name(from: &str) -> bool {
    let allowed = from.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
    allowed && from.len() <= 11 && from.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_service(service: &str) -> bool {
    let digits = service.strip_prefix("MG").unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn is_validity(seconds: &str) -> bool {
    seconds.parse().is_ok_and(|seconds: u32| (1..=36_000).contains(&seconds))
}

/// An absolute web address whose host name has no underscore, which Twilio refuses.
fn is_callback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.contains('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 3] = [("To", "+447700900123"), ("From", "NHS Wales"), ("Body", "Helo")];

    fn refusal_with(name: &str, value: &str) -> Option<u32> {
        let mut fields: Vec<(&str, &str)> = GOOD.into_iter().filter(|(key, _)| *key != name).collect();
        fields.push((name, value));
        let form = serde_urlencoded::to_string(fields).unwrap();
        Order::read(form.as_bytes()).err().map(|refusal| refusal.code)
    }

    #[test]
    fn each_bad_field_has_its_own_code() {
        let long = "ŵ".repeat(1601);
        let cases = [
            ("To", "", Some(21604)),
            ("To", "07700900123", Some(21211)),
            ("To", "+4477009001234567", Some(21211)),
            ("To", "+44770090012a", Some(21211)),
            ("To", "+15005550001", Some(21211)),
            ("To", "+15005550002", Some(21612)),
            ("To", "+15005550003", Some(21408)),
            ("To", "+15005550004", Some(21610)),
            ("To", "+15005550009", Some(21614)),
            ("From", "", Some(21603)),
            ("From", "+15005550001", Some(21212)),
            ("From", "+15005550007", Some(21606)),
            ("From", "+15005550008", Some(21611)),
            ("From", "GIG Cymru Cymraeg", Some(21212)),
            ("From", "+447700900123", Some(21266)),
            ("From", "+15005550006", None),
            ("Body", "", Some(21602)),
            ("Body", &long, Some(21617)),
            ("Body", &long[2..], None),
            ("MessagingServiceSid", "MG1", Some(21705)),
            ("StatusCallback", "/hooks", Some(21609)),
            ("StatusCallback", "https://status_page.example/hooks", Some(21609)),
            ("StatusCallback", "http://127.0.0.1:8083/hooks?d=42", None),
            ("ValidityPeriod", "36001", Some(20001)),
            ("ValidityPeriod", "14400", None),
            ("SmartEncoded", "false", None),
        ];
        for (name, value, code) in cases {
            assert_eq!(refusal_with(name, value), code, "{name}={value}");
        }
    }

    #[test]
    fn a_messaging_service_needs_no_sender() {
        let service = format!("MG{}", "c".repeat(32));
        let fields = [("To", "+447700900123"), ("MessagingServiceSid", &service), ("Body", "Helo")];
        let order = Order::read(serde_urlencoded::to_string(fields).unwrap().as_bytes()).unwrap();
        assert_eq!((order.from, order.service), (None, Some(service)));
    }
}
