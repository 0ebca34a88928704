//! The afternoon of 24 January 2018 with the real lists of the sample data, and a page that shows it.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::advice::{Advice, CauseName};
use domain::fact::{Answer, Fact};
use domain::organisation::{Organisation, OrganisationKind};
use domain::revision::{AdviceChoice, PublicWords, Purpose};
use domain::service::{Service, ServiceGroup};
use domain::status::ServiceState;
use domain::{
    Catalogue, Env, Incident, IncidentKind, Language, Localized, Phase, PublicContent, Secret, Severity, Site, Status,
};
use render::{RenderSettings, Renderer};
use serde::Deserialize;
use store::{Key, Store};

use crate::edition::Edition;
use crate::edition::shelf::Content;
use crate::model::now::Now;
use crate::model::{Model, Story, Update};
use crate::{FollowSettings, LeadSettings, Page, Parts, Records, Settings};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lists {
    organisation: Vec<Organisation>,
    group: Vec<ServiceGroup>,
    service: Vec<Service>,
    cause: Vec<CauseName>,
    advice: Vec<Advice>,
}

/// The lists of `samples/nhs-wales`, and a trust in Manchester that publishes in English only.
pub(crate) fn catalogue() -> Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/nhs-wales");
    let read = |name: &str| -> Lists { toml::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap() };
    let mut organisations = read("organisations.toml").organisation;
    if !organisations.iter().any(|one| one.key == "mft") {
        let mut mft = organisations[0].clone();
        mft.key = "mft".to_owned();
        mft.kind = OrganisationKind::Trust;
        mft.name = english("Manchester University NHS Foundation Trust");
        mft.short = english("Manchester hospitals");
        mft.languages = vec![Language::En];
        organisations.push(mft);
    }
    let services = read("services.toml");
    Catalogue {
        organisations,
        groups: services.group,
        services: services.service,
        causes: read("causes.toml").cause,
        advice: read("advice.toml").advice,
        ..Catalogue::default()
    }
}

pub(crate) fn english(text: &str) -> Localized {
    let mut english = Localized::default();
    english.set(Language::En, text);
    english
}

pub(crate) fn at(clock: &str) -> DateTime<Utc> {
    format!("2018-01-24T{clock}:00Z").parse().unwrap()
}

/// An update that says this headline.
pub(crate) fn content(title: Localized, phase: Phase, organisation: &str) -> PublicContent {
    PublicContent {
        phase,
        severity: Severity::Serious,
        organisations: vec![organisation.to_owned()],
        services: vec![
            ServiceState { key: "ed".to_owned(), system: Status::Degraded, care: Status::Operational },
            ServiceState { key: "gp_appt".to_owned(), system: Status::Outage, care: Status::Partial },
        ],
        cause: Default::default(),
        cyber: Fact {
            answer: Answer::No,
            stated_by: Some("National Cyber Security Centre".to_owned()),
            stated_at: Some(at("15:30")),
        },
        data: Fact::default(),
        advice: AdviceChoice::Shared(vec!["use_111".to_owned(), "call_999".to_owned()]),
        on_paper: true,
        next_update_by: Some(at("16:30")),
        words: PublicWords {
            title,
            know: Localized::both(
                "The problem is in the network at two data centres. Staff may not see your notes, results or phone number.",
                "Mae'r broblem yn y rhwydwaith mewn dwy ganolfan ddata. Efallai na all staff weld eich nodiadau.",
            ),
            unknown: Localized::both(
                "We do not know yet when all services will be back to normal.",
                "Nid ydym yn gwybod eto pryd y bydd pob gwasanaeth yn gweithio fel arfer.",
            ),
            doing: Localized::both(
                "Engineers are working on it. Staff use paper.",
                "Mae peirianwyr yn gweithio arni. Mae staff yn defnyddio papur.",
            ),
            should: Localized::both(
                "Keep your appointment unless we contact you.",
                "Cadwch eich apwyntiad oni bai ein bod yn cysylltu â chi.",
            ),
            more: Localized::both("By 4:30pm, on this page.", "Erbyn 4:30pm, ar y dudalen hon."),
            ..PublicWords::default()
        },
        channels: Vec::new(),
    }
}

/// An incident of an organisation with these updates, twenty minutes apart, the first at `from`.
pub(crate) fn story(number: i64, organisation: &str, from: DateTime<Utc>, updates: Vec<PublicContent>) -> Story {
    let title = updates[0].words.title.clone();
    let languages = if organisation == "mft" { vec![Language::En] } else { Language::ALL.to_vec() };
    let updates = updates.into_iter().zip(1..).map(|(content, number)| Update {
        number,
        purpose: Purpose::Update,
        content,
        published_at: from + Duration::minutes(20 * (number - 1)),
        missing: Vec::new(),
    });
    Story {
        incident: Incident {
            id: number * 1000,
            number,
            kind: IncidentKind::Incident,
            organisation: organisation.to_owned(),
            languages,
            slug: title.map(|_, text| domain::incident::slugify("2018-01-24-", text)),
            opened_at: from,
            starts_at: from,
            ends_at: None,
            published_at: Some(from),
            resolved_at: None,
        },
        updates: updates.collect(),
        relations: Vec::new(),
        told_by_others: Vec::new(),
        changed: number,
    }
}

pub(crate) const WALES: &str = "Some computer systems in GP surgeries and hospitals are not working";

/// Wales and Manchester in the middle of the afternoon.
pub(crate) fn model() -> Model {
    let mut model =
        Model { version: 7, catalogue: Arc::new(catalogue()), confirmed_at: at("15:50"), ..Model::default() };
    let wales = Localized::both(WALES, "Nid yw rhai systemau TG mewn meddygfeydd ac ysbytai yn gweithio");
    let first = content(wales.clone(), Phase::Investigating, "nhs-wales");
    let second = content(wales, Phase::Identified, "nhs-wales");
    model.put(story(1, "nhs-wales", at("15:05"), vec![first, second]));
    let mut manchester = content(english("A&E in Manchester: only if serious"), Phase::Identified, "mft");
    manchester.severity = Severity::Critical;
    manchester.words.know = english("Our network is down.");
    model.put(story(2, "mft", at("14:00"), vec![manchester]));
    model
}

pub(crate) fn now(model: Model) -> Now {
    Now { model: Arc::new(model), at: at("15:52"), unconfirmed_since: None }
}

/// A page whose database nobody has ever seen.
pub(crate) fn page(folder: &Path) -> Page {
    page_of(folder, site())
}

/// The same of another site.
pub(crate) fn page_of(folder: &Path, site: Site) -> Page {
    made(Settings { data_dir: folder.to_owned(), ..Settings::default() }, site, true)
}

/// A page that may be followed.
pub(crate) fn leader(folder: &Path, secret: &str) -> Page {
    let lead = Some(LeadSettings { secret: Some(Secret::new(secret)), secret_file: None });
    made(Settings { data_dir: folder.to_owned(), lead, ..Settings::default() }, site(), true)
}

/// A page that follows another.
pub(crate) fn follower(folder: &Path, follow: FollowSettings) -> Page {
    made(Settings { data_dir: folder.to_owned(), follow: Some(follow), ..Settings::default() }, site(), false)
}

fn made(settings: Settings, site: Site, has_database: bool) -> Page {
    let env = Env::fixed(at("15:52"), 1);
    let key = Key::from_bytes([7; 32]);
    let url = format!("sqlite://{}/none.db", settings.data_dir.display());
    let store = store::Settings { url, ..store::Settings::default() };
    let store = Store::connect_lazy(&store, &key, env.clone()).unwrap();
    let records = Records {
        published: store.published(),
        briefings: store.briefings(),
        subscriptions: store.subscriptions(),
        key,
    };
    let render = RenderSettings { site_name: site.name.clone(), sample_data: true, ..RenderSettings::default() };
    Page::new(Parts {
        settings,
        site,
        renderer: Renderer::new(render).unwrap(),
        env,
        records: has_database.then_some(records),
        proxies: edge::TrustedProxies::default(),
    })
    .unwrap()
}

pub(crate) fn site() -> Site {
    let urls = Language::ALL.map(|language| (language, "https://status.example".to_owned())).into();
    let name = Localized::both("NHS Wales service status", "Statws gwasanaethau GIG Cymru");
    let mut site = Site::new(name, Language::ALL.to_vec(), &urls).unwrap();
    site.contact = Some("status@status.example".to_owned());
    site
}

/// The next edition after `previous`, as the page would make it.
pub(crate) fn edition(page: &Page, now: &Now, previous: &Edition) -> Edition {
    page.shared.press.print(now, previous, &[]).unwrap()
}

/// A page that shows the afternoon.
pub(crate) fn page_with(folder: &Path, model: Model) -> Page {
    let page = page(folder);
    let now = now(model);
    let made = edition(&page, &now, &page.edition());
    page.shared.edition.store(Arc::new(made));
    page.shared.model.store(Some(now.model));
    page
}

/// Keeps what the page shows on disk.
pub(crate) fn keep(page: &Page, model: &Model) {
    let (shared, edition) = (&page.shared, page.edition());
    let packs: Vec<String> = edition.archive().pack_names().map(str::to_owned).collect();
    let content = Content { edition: &edition, model, common: &shared.press.common, packs: &packs };
    shared.shelf.put(content).unwrap();
}

/// The text of a document.
pub(crate) fn text(edition: &Edition, path: &str) -> String {
    let document = edition.document(path).unwrap_or_else(|| panic!("no document {path}"));
    String::from_utf8(document.bytes().to_vec()).unwrap()
}
