//! The configuration: defaults, then the file, then the environment. Everything wrong with it is said at once, before
//! anything connects.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use channels::Secret;
use channels::settings::{EmailSettings, Rehearsal, SecretSlot, SmsSettings, SocialSettings};
use domain::phone::DramaNumbers;
use domain::site::Site;
use domain::{Language, Localized};
use figment::Figment;
use figment::providers::{Env as Environment, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::listening::{Connections, Tls};

/// The file that is read when no other is named and it is there.
const DEFAULT_FILE: &str = "hysbys.toml";

/// Everything that an operator can set. Unknown keys are errors.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the data is.
    pub database: Database,
    /// What the public site is called and where it lives.
    pub site: SiteSettings,
    /// The key that protects contacts.
    pub secrets: Secrets,
    /// The public page.
    pub page: page::Settings,
    /// The staff interface and its API.
    pub authoring: authoring::Settings,
    /// Sending.
    pub notifier: notifier::Settings,
    /// Text messages.
    pub sms: SmsSettings,
    /// E-mail.
    pub email: Option<EmailSettings>,
    /// Posts.
    pub social: SocialSettings,
    /// Whether anything reaches people at all.
    pub rehearsal: Rehearsal,
    /// The simulated outside world of demo and tests.
    pub simulator: Simulated,
    /// Health and metrics.
    pub ops: Ops,
    /// How many connections the listeners take, and for how long.
    pub connections: Connections,
    /// TLS without a proxy.
    pub tls: Option<Tls>,
    /// What is written to standard error.
    pub log: Log,
}

/// `[database]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://file.db` or `postgres://…`.
    pub url: String,
    /// The most connections of this process.
    pub max_connections: u32,
    /// How long a request waits for a connection, in milliseconds, before it says that the database is away.
    pub acquire_timeout_ms: u64,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "sqlite://hysbys.db".to_owned(), max_connections: 8, acquire_timeout_ms: 3_000 }
    }
}

/// `[site]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteSettings {
    /// The name on every page.
    pub name: Localized,
    /// The languages, the default first.
    pub languages: Vec<Language>,
    /// The zone in which times are shown.
    pub time_zone: String,
    /// The address of each language: one host with paths, or one host per language.
    pub url: BTreeMap<Language, String>,
    /// Our own number, for "text JOIN to …".
    pub sms_number: Option<String>,
    /// A mailbox for questions about the site.
    pub contact: Option<String>,
    /// How journalists reach the press office, on one line.
    pub press_office: Option<String>,
    /// The proxies that may say where a request comes from, such as `10.0.0.0/8`.
    pub trusted_proxies: Vec<String>,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            name: Localized::both("NHS service status", "Statws gwasanaethau'r GIG"),
            languages: vec![Language::Cy, Language::En],
            time_zone: "Europe/London".to_owned(),
            url: BTreeMap::from([
                (Language::Cy, "http://127.0.0.1:8080/cy".to_owned()),
                (Language::En, "http://127.0.0.1:8080/en".to_owned()),
            ]),
            sms_number: None,
            contact: None,
            press_office: None,
            trusted_proxies: vec!["127.0.0.1".to_owned(), "::1".to_owned()],
        }
    }
}

/// `[secrets]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Secrets {
    /// A file with 32 bytes, or 64 hexadecimal digits. It must not be kept with the database or its backups.
    pub key_file: Option<PathBuf>,
}

/// `[simulator]`: used by the demo only.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Simulated {
    /// The address of its web page and of the providers' interfaces.
    pub listen: SocketAddr,
}

impl Default for Simulated {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8082)) }
    }
}

/// `[ops]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ops {
    /// The address of `/healthz`, `/readyz` and `/metrics`; apart, so that they are never exposed by accident.
    pub listen: SocketAddr,
}

impl Default for Ops {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8084)) }
    }
}

/// `[log]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` or `json`.
    pub format: String,
    /// What to write, such as `info` or `info,notifier=debug`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: "text".to_owned(), filter: format!("info,{}", store::QUIETER_LOG) }
    }
}

impl Config {
    /// Reads the configuration. Relative paths in it become relative to its file.
    ///
    /// # Errors
    /// When the file cannot be read, has unknown keys, or values that cannot work: all of them in one message.
    pub fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let default = Path::new(DEFAULT_FILE);
        let file = file.or_else(|| default.exists().then_some(default));
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            figment = figment.merge(Toml::string(&text));
        }
        figment = figment.merge(Environment::prefixed("HYSBYS__").split("__"));
        let mut config: Self = figment.extract().map_err(all_problems)?;
        config.settle_paths(file.and_then(Path::parent).unwrap_or(Path::new("")));
        config.read_secrets()?;
        config.check()?;
        Ok(config)
    }

    /// The configuration of the demo: everything in one folder, every address on this machine. The environment may move
    /// the listeners.
    ///
    /// # Errors
    /// When the environment has unknown keys, or the key file cannot be written.
    pub fn for_demo(folder: &Path) -> anyhow::Result<Self> {
        let figment = Figment::from(Serialized::defaults(Self::default()));
        let mut config: Self =
            figment.merge(Environment::prefixed("HYSBYS__").split("__")).extract().map_err(all_problems)?;
        let key_file = folder.join("hysbys.key");
        write_private(&key_file, &domain::Env::real().bytes::<32>())?;
        config.secrets.key_file = Some(key_file);
        config.database.url = format!("sqlite://{}", folder.join("hysbys.db").display());
        config.page.data_dir = folder.join("edition");
        config.site.name = Localized::both("NHS Wales service status", "Statws gwasanaethau GIG Cymru");
        config.site.contact = Some("status@hysbys.example".to_owned());
        config.site.press_office = Some("01632 960 500, press@hysbys.example".to_owned());
        for language in Language::ALL {
            config.site.url.insert(language, format!("http://{}/{language}", config.page.listen));
        }
        config.authoring.url = format!("http://{}", config.authoring.listen);
        Ok(config)
    }

    fn settle_paths(&mut self, folder: &Path) {
        let settle = |path: &mut PathBuf| {
            if path.is_relative() {
                *path = folder.join(&*path);
            }
        };
        if let Some(path) = &mut self.secrets.key_file {
            settle(path);
        }
        settle(&mut self.page.data_dir);
        self.page.push.iter_mut().filter_map(|one| one.folder.as_mut()).for_each(settle);
        if let Some(tls) = &mut self.tls {
            settle(&mut tls.certificate);
            settle(&mut tls.key);
        }
        if let Some(file) = self.page.follow.as_mut().and_then(|follow| follow.ca_file.as_mut()) {
            settle(file);
        }
        for slot in self.secrets_with_files() {
            if let Some(file) = slot.file {
                settle(file);
            }
        }
        if let Some(path) = self.database.url.strip_prefix("sqlite://").filter(|path| !path.starts_with('/')) {
            self.database.url = format!("sqlite://{}", folder.join(path).display());
        }
    }

    /// Every secret that may stand in a file of its own.
    pub fn secrets_with_files(&mut self) -> Vec<SecretSlot<'_>> {
        let email = self.email.iter_mut().flat_map(|email| email.secrets());
        let lead = self.page.lead.iter_mut().map(|lead| ("page.lead", &mut lead.secret, &mut lead.secret_file));
        let follow = self.page.follow.iter_mut();
        let follow = follow.map(|follow| ("page.follow", &mut follow.secret, &mut follow.secret_file));
        let push = self.page.push.iter_mut();
        let push = push.map(|one| ("page.push", &mut one.secret_access_key, &mut one.secret_access_key_file));
        let page = lead.chain(follow).map(|(section, value, file)| (format!("{section}.secret"), value, file));
        let page = page.chain(push.map(|(section, value, file)| (format!("{section}.secret_access_key"), value, file)));
        let page = page.map(|(key, value, file)| SecretSlot { key, value, file });
        self.sms.secrets().into_iter().chain(email).chain(self.social.secrets()).chain(page).collect()
    }

    /// Reads every secret that is named as a file.
    fn read_secrets(&mut self) -> anyhow::Result<()> {
        for slot in self.secrets_with_files() {
            let Some(file) = slot.file else { continue };
            let text = std::fs::read_to_string(&*file)
                .with_context(|| format!("{}_file: cannot read {}", slot.key, file.display()))?;
            *slot.value = Some(Secret::from_file_content(&text));
        }
        Ok(())
    }

    fn check(&self) -> anyhow::Result<()> {
        let mut problems = Vec::new();
        if !self.database.url.starts_with("sqlite://") && !self.database.url.starts_with("postgres") {
            problems.push("database.url must begin with sqlite:// or postgres://".to_owned());
        }
        problems.extend(self.site().err().map(|problem| problem.to_string()));
        problems.extend(self.time_zone().err().map(|problem| problem.to_string()));
        problems.extend(self.sms.problems().into_iter().map(|problem| problem.to_string()));
        problems.extend(self.email.iter().flat_map(EmailSettings::problems).map(|problem| problem.to_string()));
        problems.extend(page::PushSettings::problems(&self.page.push));
        let endpoints = self.page.push.iter().filter_map(|one| one.endpoint.as_ref());
        problems.extend(
            endpoints
                .filter(|url| !channels::settings::is_safe_url(url))
                .map(|url| format!("page.push.endpoint: {url} must be an https URL (http only on this machine)")),
        );
        problems.extend(self.page.lead.iter().flat_map(page::LeadSettings::problems));
        problems.extend(self.page.follow.iter().flat_map(page::FollowSettings::problems));
        if self.page.follow.as_ref().is_some_and(|follow| !channels::settings::is_safe_url(&follow.url)) {
            problems.push("page.follow.url must be an https URL (http only on this machine)".to_owned());
        }
        if self.page.follow.is_some() && self.page.lead.is_some() {
            problems.push("page.lead: a page that follows another cannot be followed itself".to_owned());
        }
        problems.extend(self.tls.iter().flat_map(|tls| tls.problems(self)));
        problems.extend(self.social.problems().into_iter().map(|problem| problem.to_string()));
        problems.extend(self.rehearsal.problems().into_iter().map(|problem| problem.to_string()));
        problems.extend(self.notifier.check(self.sms.longest_request()).err().map(|problem| problem.to_string()));
        if problems.is_empty() { Ok(()) } else { bail!("the configuration cannot work:\n  {}", problems.join("\n  ")) }
    }

    /// The public site.
    ///
    /// # Errors
    /// When a language has no address, or one that cannot work.
    pub fn site(&self) -> anyhow::Result<Site> {
        let settings = &self.site;
        let mut site = Site::new(settings.name.clone(), settings.languages.clone(), &settings.url)?;
        site.sms_number = settings.sms_number.as_deref().map(own_number).transpose()?;
        site.contact.clone_from(&settings.contact);
        site.press_office = settings.press_office.clone().or_else(|| settings.contact.clone());
        Ok(site)
    }

    /// The zone in which times are shown.
    ///
    /// # Errors
    /// When there is no zone of that name.
    pub fn time_zone(&self) -> anyhow::Result<chrono_tz::Tz> {
        let name = &self.site.time_zone;
        name.parse().map_err(|_| anyhow::anyhow!("site.time_zone: there is no zone called {name}; try Europe/London"))
    }

    /// The 32 bytes that protect contacts.
    ///
    /// # Errors
    /// When no file is named, or it does not hold a key.
    pub fn key(&self) -> anyhow::Result<store::Key> {
        let file = self.secrets.key_file.as_deref().context(
            "secrets.key_file is not set; make a key with `head -c 32 /dev/urandom > hysbys.key` and keep it apart from backups",
        )?;
        let bytes = std::fs::read(file).with_context(|| format!("cannot read the key file {}", file.display()))?;
        let key = parse_key(&bytes)
            .with_context(|| format!("{} must hold 32 bytes or 64 hexadecimal digits", file.display()))?;
        Ok(store::Key::from_bytes(key))
    }
}

/// Our own number may be one that nobody could sign up with, such as one kept free for drama.
fn own_number(text: &str) -> anyhow::Result<String> {
    let number = domain::phone::parse(text, DramaNumbers::Accept);
    number.map(|number| number.national()).map_err(|problem| anyhow::anyhow!("site.sms_number: {problem}"))
}

fn all_problems(error: figment::Error) -> anyhow::Error {
    let problems: Vec<String> = error.into_iter().map(|problem| problem.to_string()).collect();
    anyhow::anyhow!("the configuration cannot be read:\n  {}", problems.join("\n  "))
}

fn parse_key(bytes: &[u8]) -> Option<[u8; 32]> {
    if let Ok(key) = bytes.try_into() {
        return Some(key);
    }
    let digits = std::str::from_utf8(bytes).ok()?.trim();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

/// Writes a file that nobody but its owner may read: it holds keys or passwords.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_private(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_bytes_or_digits() {
        assert_eq!(parse_key(&[7; 32]), Some([7; 32]));
        assert_eq!(parse_key(format!("{}\n", "07".repeat(32)).as_bytes()), Some([7; 32]));
        assert_eq!(parse_key(b"too short"), None);
        assert_eq!(parse_key("é".repeat(32).as_bytes()), None);
    }

    #[cfg(unix)]
    #[test]
    fn keys_and_passwords_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hysbys.key");
        write_private(&file, b"secret").unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read(&file).unwrap(), b"secret");
    }
}
