//! The form of a text: written once for each provider, with room for what changes from one recipient to the next.

use std::fmt::Write;

use url::form_urlencoded::{Serializer, byte_serialize};

use crate::settings::SmsProvider;
use crate::{ChannelProblem, Text, http};

/// What the provider takes as `ValidityPeriod`, in seconds; it advises against 5 and less.
const VALIDITY: std::ops::RangeInclusive<u64> = 6..=36_000;

/// The parts of the form that are the same for every text of a provider, already encoded.
pub(super) struct Form {
    /// From the sender up to where the words stand.
    before_words: String,
    /// From behind the words up to where our reference stands; none without a callback.
    before_reference: Option<String>,
    /// From behind the validity to the end. `SmartEncoded` is always off: letters were replaced when the text was
    /// prepared, so that what was approved is what is sent.
    end: &'static str,
}

impl Form {
    /// # Errors
    /// When the callback's URL cannot be used.
    pub(super) fn new(settings: &SmsProvider) -> Result<Self, ChannelProblem> {
        let service = settings.messaging_service_sid.iter().map(|sid| ("MessagingServiceSid", sid));
        let sender = service.chain(settings.from.iter().map(|from| ("From", from)));
        let sender = Serializer::new(String::new()).extend_pairs(sender).finish();
        let callback = settings.callback_url.as_deref().map(|url| http::below(url, &["status"], "callback_url"));
        let before_reference = callback.transpose()?.map(|callback| {
            let with_name = format!("{callback}?d=");
            format!("&{}", Serializer::new(String::new()).append_pair("StatusCallback", &with_name).finish())
        });
        Ok(Self {
            before_words: format!("&{sender}&Body="),
            before_reference,
            end: if settings.skip_risk_check { "&SmartEncoded=false&RiskCheck=disable" } else { "&SmartEncoded=false" },
        })
    }

    /// The form for one text.
    pub(super) fn of(&self, text: &Text) -> String {
        let validity = text.valid_for.as_secs().clamp(*VALIDITY.start(), *VALIDITY.end());
        let words = text.body.encoded();
        let mut form = String::with_capacity(words.len() + self.before_words.len() + 256);
        form.push_str("To=");
        form.extend(byte_serialize(text.to.as_e164().as_bytes()));
        form.push_str(&self.before_words);
        form.push_str(words);
        if let Some(before) = &self.before_reference {
            form.push_str(before);
            push_reference(&mut form, &text.delivery);
        }
        let _ = write!(form, "&ValidityPeriod={validity}");
        form.push_str(self.end);
        form
    }
}

/// The reference is a value in a URL that is itself a value in the form, so it is encoded twice; ours need neither.
fn push_reference(form: &mut String, reference: &str) {
    let once: String = byte_serialize(reference.as_bytes()).collect();
    form.extend(byte_serialize(once.as_bytes()));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::TextBody;

    fn provider(extra: &str) -> SmsProvider {
        let text = format!("name = 'p'\naccount_sid = 'AC1'\nauth_token = 'x'\nfrom = 'GIG & NHS'\n{extra}");
        toml::from_str(&text).unwrap()
    }

    /// The form is put together from pieces; a serializer that knows nothing of pieces must write the same.
    #[test]
    fn the_pieces_make_the_form_that_a_serializer_writes() {
        for reference in ["7.981", "m.4", "a&b=c d%/?é+"] {
            let text = Text {
                to: "+447700900123".parse().unwrap(),
                body: TextBody::new("Tŷ ŵyn: 50 % {ok}\n& more+").into(),
                valid_for: Duration::from_secs(1),
                delivery: reference.to_owned(),
            };
            let mut callback = url::Url::parse("https://status.example/hooks/p/status").unwrap();
            callback.query_pairs_mut().append_pair("d", reference);
            let expected = Serializer::new(String::new())
                .append_pair("To", "+447700900123")
                .append_pair("From", "GIG & NHS")
                .append_pair("Body", text.body.words())
                .append_pair("StatusCallback", callback.as_str())
                .append_pair("ValidityPeriod", "6")
                .append_pair("SmartEncoded", "false")
                .append_pair("RiskCheck", "disable")
                .finish();
            let settings = provider("callback_url = 'https://status.example/hooks/p'\nskip_risk_check = true");
            assert_eq!(Form::new(&settings).unwrap().of(&text), expected);
        }
    }

    #[test]
    fn without_a_callback_none_is_asked_for() {
        let text = Text {
            to: "+447700900123".parse().unwrap(),
            body: TextBody::new("x").into(),
            valid_for: Duration::from_hours(99),
            delivery: "1.2".to_owned(),
        };
        let form = Form::new(&provider("")).unwrap().of(&text);
        assert_eq!(form, "To=%2B447700900123&From=GIG+%26+NHS&Body=x&ValidityPeriod=36000&SmartEncoded=false");
    }
}
