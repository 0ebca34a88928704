//! Fills the database of the demo: lists, staff with sign-ins, API tokens, subscribers. What a script needs of it is
//! written to `demo.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use authoring::{AddressChange, Caller, NewAccount, ReadyAccount};
use domain::Language;
use domain::staff::{Actor, Role};
use serde::Serialize;

use super::story::{Person, Story};
use crate::commands::{load, operator};
use crate::config::{Config, write_private};
use crate::wiring::Parts;

/// What the demo made, as a script can use it.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// What the story is called.
    pub(crate) title: String,
    /// The staff of the story.
    pub(crate) staff: Vec<SignIn>,
    /// API tokens by role, of the first author and the first approver.
    pub(crate) tokens: BTreeMap<&'static str, String>,
    /// The unlisted address for health staff, in every language.
    pub(crate) staff_address: BTreeMap<Language, String>,
}

/// How one member of staff signs in, and acts in the story.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SignIn {
    /// The name.
    pub(crate) name: String,
    /// The address.
    pub(crate) email: String,
    /// What they may do.
    pub(crate) role: Role,
    /// Whom they speak for.
    pub(crate) organisation: Option<String>,
    /// The password.
    pub(crate) password: String,
    /// The secret of their one-time codes, in base 32 (RFC 6238: SHA-1, 30 seconds, 6 digits).
    pub(crate) totp_secret: String,
    /// As whom they act.
    #[serde(skip)]
    pub(crate) actor: Actor,
}

/// `demo.json`.
#[derive(Serialize)]
struct Sheet<'a> {
    page: String,
    authoring: String,
    api: String,
    simulator: String,
    notifier: String,
    ops: String,
    staff: &'a [SignIn],
    tokens: &'a BTreeMap<&'static str, String>,
    staff_address: &'a BTreeMap<Language, String>,
    sms_number: &'a Option<String>,
}

impl Ready {
    /// Fills an empty database.
    ///
    /// # Errors
    /// When the sample data is not as expected, or the database fails.
    pub(crate) async fn make(parts: &Parts, samples: &Path, story: &Story) -> anyhow::Result<Self> {
        let store = &parts.store;
        store.migrate().await?;
        load::load(store, &samples.join("nhs-wales")).await?;
        load::load(store, &samples.join("2018-01-24")).await?;
        let catalogue = store.catalogue().await?;
        store.import_subscribers(&story.subscribers.people(&catalogue)).await?;
        let mut staff = Vec::new();
        for person in &story.staff {
            staff.push(sign_in(parts, person).await?);
        }
        let mut tokens = BTreeMap::new();
        for role in [Role::Author, Role::Approver] {
            let person =
                staff.iter().find(|one| one.role == role).context("the story needs an author and an approver")?;
            let token = parts.authoring.add_token(&Caller::from(operator()), &person.email, "demo").await?;
            tokens.insert(role.key(), token);
        }
        Ok(Self { title: story.opening.title.clone(), staff, tokens, staff_address: BTreeMap::new() })
    }

    /// Gives health staff their unlisted address. The page has to run by now: whoever changes that address is answered
    /// when the page takes the new key.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn with_staff_address(mut self, parts: &Parts) -> anyhow::Result<Self> {
        let change = AddressChange::NewKey;
        let addresses = parts.authoring.change_staff_address(&Caller::from(operator()), change).await?;
        self.staff_address = addresses.into_iter().collect();
        Ok(self)
    }

    /// The member of staff with this address.
    ///
    /// # Errors
    /// When the story has none.
    pub(crate) fn caller(&self, email: &str) -> anyhow::Result<Caller> {
        let person = self.staff.iter().find(|one| one.email == email).context("the story names a stranger")?;
        Ok(Caller::from(person.actor.clone()))
    }

    /// Writes `demo.json`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, file: &Path, config: &Config) -> anyhow::Result<()> {
        let url = |address: std::net::SocketAddr| format!("http://{address}");
        let sheet = Sheet {
            page: url(config.page.listen),
            authoring: url(config.authoring.listen),
            api: format!("http://{}/api/v1", config.authoring.listen),
            simulator: url(config.simulator.listen),
            notifier: url(config.notifier.listen),
            ops: url(config.ops.listen),
            staff: &self.staff,
            tokens: &self.tokens,
            staff_address: &self.staff_address,
            sms_number: &config.site.sms_number,
        };
        let text = serde_json::to_vec_pretty(&sheet)?;
        write_private(file, &text).with_context(|| format!("cannot write {}", file.display()))
    }
}

async fn sign_in(parts: &Parts, person: &Person) -> anyhow::Result<SignIn> {
    let password = format!("demo-{}", &parts.env.token()[..16]);
    let secret = parts.env.bytes::<20>();
    let who = NewAccount {
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role,
        organisation: person.organisation.clone(),
    };
    let account = ReadyAccount { who, password: password.clone(), totp_secret: secret.to_vec() };
    let id = parts.authoring.create_ready_account(&Caller::from(operator()), account).await?;
    let (name, organisation) = (person.name.clone(), person.organisation.clone());
    Ok(SignIn {
        name: name.clone(),
        email: person.email.clone(),
        role: person.role,
        organisation: organisation.clone(),
        password,
        totp_secret: base32::encode(base32::Alphabet::Rfc4648 { padding: false }, &secret),
        actor: Actor { id, name, role: person.role, organisation },
    })
}
