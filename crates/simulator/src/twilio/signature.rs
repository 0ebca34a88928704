//! `X-Twilio-Signature`: proves to the receiver of a callback that it comes from the account's provider.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Signs a request to `url` (exactly as it was given, query included) with form fields `fields`, as Twilio does:
/// HMAC-SHA1 over the address and the sorted fields, each value of a repeated field once.
///
/// For GET and for JSON bodies `fields` is empty.
#[must_use]
pub fn sign(token: &str, url: &str, fields: &[(&str, &str)]) -> String {
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    fields.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(url.as_bytes());
    for (key, value) in fields {
        mac.update(key.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    const BASE: &str = "https://status.example.wales";

    fn long(prefix: &str, letter: &str) -> String {
        format!("{prefix}{}", letter.repeat(32))
    }

    fn assert_signed(url: &str, fields: &[(&str, &str)], signature: &str) {
        assert_eq!(sign(TOKEN, &url.replace("{base}", BASE), fields), signature, "{url}");
    }

    /// Made with Twilio's own SDK for Node 6.2.0, confirmed by the one for Python 9.13.0.
    #[test]
    fn status_callbacks_are_signed_as_the_official_sdk_signs_them() {
        let (account, message, service) = (long("AC", "a"), long("SM", "b"), long("MG", "c"));
        let fields = [
            ("AccountSid", account.as_str()),
            ("ApiVersion", "2010-04-01"),
            ("From", "+447700900001"),
            ("MessageSid", &message),
            ("MessageStatus", "delivered"),
            ("MessagingServiceSid", &service),
            ("SmsSid", &message),
            ("SmsStatus", "delivered"),
            ("To", "+447700900123"),
            ("RawDlrDoneDate", "2611220914"),
        ];
        assert_signed("{base}/hooks/twilio/status", &fields, "A6ec1ESw5J3fVQa4QZeZ6Bk/kKI=");
        assert_signed("{base}:443/hooks/twilio/status", &fields, "G/Z7LOBcrKak7RNLBOYljz4AoCY=");
        assert_signed("{base}/hooks/twilio/status?t=nhs%20wales&d=42", &fields, "Abp9J2Pw0Ih3pVF8iIV2RoavB78=");
    }

    #[test]
    fn texts_from_phones_are_signed_without_trimming_and_repeats_once() {
        let (account, message) = (long("AC", "a"), long("SM", "d"));
        let url = "{base}/hooks/twilio/inbound";
        let fields = [
            ("AccountSid", account.as_str()),
            ("Body", "Diolch, mae’r tŷ yn oer â ŵ 😀"),
            ("From", "+447700900123"),
            ("MessageSid", &message),
            ("NumMedia", "0"),
            ("NumSegments", "1"),
            ("To", "+447700900001"),
        ];
        assert_signed(url, &fields, "be+eoP1BqP5l8dJwonaTiCJ0Uj8=");
        let spaces = [
            ("Body", "  STOP + a&b=c  "),
            ("From", "+447700900123"),
            ("FromCity", ""),
            ("To", "+447700900001"),
            ("OptOutType", "STOP"),
        ];
        assert_signed(url, &spaces, "opOBQ9bT39xQ///9xa0LObyOToU=");
        let repeated = [("Media", "b"), ("Media", "a"), ("Media", "b"), ("From", "+447700900123")];
        assert_signed(url, &repeated, "Av+4+7TpZFmCkbUQbEJQGroyT1w=");
    }

    #[test]
    fn addresses_are_signed_byte_for_byte() {
        let keys = [("b", "2"), ("B", "1"), ("a", "4"), ("A", "3"), ("_x", "5")];
        assert_signed("{base}/h", &keys, "6WI/tGAF+Y15bH7TYF8dtlPjWiM=");
        assert_signed("{base}/h?MessageSid=SM1&MessageStatus=sent", &[], "6AJqpaYTys4CNfLjijrfhsH9Dmk=");
        let one = [("A", "1")];
        assert_signed("https://tw:s3cret@status.example.wales/h", &one, "H29ffXbK6Q/ejn5Mr7Nglbb8qrE=");
        assert_signed("http://status.example.wales:8080/h", &one, "NzXfMFVyHkdqCmQLLDxKj7q/nVQ=");
        assert_signed("{base}/h?q=it's", &one, "s0TaDZLGCZJ/5pKT0VFREN5rxJs=");
        let json =
            "{base}/hooks/twilio/json?bodySHA256=36de0551713392c4e0936f89ad556c3c150f8048e91e950a0dae7b3e72902e54";
        assert_signed(json, &[], "Buq4wEaQud9wH12OcoZ4tsHNDDs=");
    }
}
