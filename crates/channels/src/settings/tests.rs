//! The configuration as the documentation prints it, and the mistakes that must be found before anything connects.

use super::*;

fn provider(extra: &str) -> Result<SmsProvider, toml::de::Error> {
    let text = format!(
        "name = 'primary'\naccount_sid = 'AC0123'\nauth_token = 't0ken'\nfrom = '+447700900001'\nrate = 100\nweight = 50\n{extra}"
    );
    toml::from_str(&text)
}

fn email(extra: &str) -> EmailSettings {
    toml::from_str(&format!("from = 'NHS Wales alerts <alerts@status.example>'\n{extra}")).unwrap()
}

#[test]
fn the_documented_provider_is_complete() {
    let provider = provider("callback_url = 'https://status.example/hooks/sms/primary'").unwrap();
    assert_eq!(provider.problems(), []);
    assert_eq!(provider.base_url, "https://api.twilio.com");
}

#[test]
fn a_misspelt_key_is_an_error() {
    assert!(provider("callback = 'https://status.example/'").unwrap_err().to_string().contains("callback"));
}

#[test]
fn a_printed_configuration_shows_no_secret() {
    let shown =
        toml::to_string(&provider("shared_keys = { k1 = 's3cret' }\nformer_auth_tokens = ['0ld']").unwrap()).unwrap();
    for secret in ["t0ken", "s3cret", "0ld"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn unsafe_and_impossible_addresses_are_found() {
    for (extra, key) in [
        ("base_url = 'http://sms.example'", "base_url"),
        ("base_url = 'https://user:pass@sms.example'", "base_url"),
        ("callback_url = 'https://my_host.example/hooks/sms/primary'", "callback_url"),
        ("api_key = 'SK1'", "api_key"),
    ] {
        let problems = provider(extra).unwrap().problems();
        assert!(problems.iter().any(|problem| problem.key.ends_with(key)), "{extra}: {problems:?}");
    }
    assert_eq!(provider("base_url = 'http://127.0.0.1:8082/twilio'").unwrap().problems(), []);
}

#[test]
fn the_secrets_name_their_keys_so_that_files_can_be_read() {
    let mut settings = SmsSettings { providers: vec![provider("api_secret_file = 'key.txt'").unwrap()] };
    let keys: Vec<String> = settings.secrets().into_iter().map(|slot| slot.key).collect();
    assert_eq!(keys, ["sms.providers.primary.auth_token", "sms.providers.primary.api_secret"]);
}

#[test]
fn a_relay_is_read_from_its_url() {
    for (relay, host, port, security) in [
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Security::Plain),
        ("smtp://[::1]", "::1", 25, Security::Plain),
        ("smtp+starttls://relay.example", "relay.example", 587, Security::StartTls),
        ("smtps://relay.example", "relay.example", 465, Security::Tls),
    ] {
        let settings = email(&format!("relay = '{relay}'"));
        assert_eq!(settings.relay(), Some(Relay { host: host.to_owned(), port, security }), "{relay}");
        assert_eq!(settings.problems(), []);
    }
}

#[test]
fn a_password_never_travels_in_the_clear() {
    let with_password = |relay: &str| email(&format!("relay = '{relay}'\nuser = 'u'\npassword = 'p'")).problems();
    assert_eq!(with_password("smtp://relay.example").len(), 1);
    assert_eq!(with_password("smtp+starttls://relay.example"), []);
    assert_eq!(with_password("smtp://localhost:25"), []);
}
