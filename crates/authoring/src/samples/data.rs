//! The incident, the site and the lists that the samples tell of.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::organisation::{Organisation, OrganisationKind};
use domain::revision::AdviceChoice;
use domain::service::{Service, ServiceGroup};
use domain::status::ServiceState;
use domain::{Catalogue, Content, Incident, IncidentKind, Language, Localized, Severity, Site, Status};

use crate::content::ContentInput;

pub(super) fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_516_806_300, 0).unwrap_or_default()
}

pub(super) fn site() -> Site {
    let urls = Language::ALL.map(|language| (language, format!("https://status.example/{language}")));
    let name = Localized::both("Service status", "Statws gwasanaethau");
    Site::new(name, Language::ALL.to_vec(), &BTreeMap::from(urls)).expect("the sample addresses are plain")
}

pub(super) fn catalogue() -> Catalogue {
    let name = || Localized::both("NHS Wales", "GIG Cymru");
    let nation = Organisation {
        key: "nhs-wales".to_owned(),
        kind: OrganisationKind::Nation,
        parent: None,
        name: name(),
        short: name(),
        sms_name: name(),
        area: name(),
        in_area: name(),
        languages: Language::ALL.to_vec(),
        valid_from: None,
        valid_until: None,
        subscribable: true,
        match_words: Vec::new(),
    };
    let appointments = Service {
        key: "gp_appt".to_owned(),
        group: "gp".to_owned(),
        name: Localized::both("GP appointments", "Apwyntiadau meddyg teulu"),
        staff_name: None,
    };
    let call = domain::advice::Advice {
        key: "call_999".to_owned(),
        text: Localized::both("Call 999 if life is at risk.", "Ffoniwch 999 os yw bywyd mewn perygl."),
        sms: Localized::both("Emergency: 999.", "Argyfwng: 999."),
        emergency: true,
        needs: Vec::new(),
        version: 1,
        owner: "clinical".to_owned(),
        review_by: NaiveDate::default(),
    };
    Catalogue {
        organisations: vec![nation],
        groups: vec![ServiceGroup { key: "gp".to_owned(), name: Localized::both("GP surgeries", "Meddygfeydd") }],
        services: vec![appointments],
        advice: vec![call],
        ..Catalogue::default()
    }
}

pub(super) fn content() -> Content {
    let input = ContentInput {
        severity: Some(Severity::Serious),
        organisations: Some(vec!["nhs-wales".to_owned()]),
        services: Some(vec![ServiceState {
            key: "gp_appt".to_owned(),
            system: Status::Outage,
            care: Status::Degraded,
        }]),
        advice: Some(AdviceChoice::Shared(vec!["call_999".to_owned()])),
        next_update_by: Some(Some(moment())),
        words: BTreeMap::from([
            ("title", Localized::both("Some systems are not working", "Nid yw rhai systemau'n gweithio")),
            (
                "know",
                Localized::both("Some <b>systems</b> are not working.\nSorry.", "Nid yw rhai systemau'n gweithio."),
            ),
        ]),
        ..ContentInput::default()
    };
    input.into_first(IncidentKind::Incident)
}

pub(super) fn incident() -> Incident {
    Incident {
        id: 1,
        number: 7,
        kind: IncidentKind::Incident,
        organisation: "nhs-wales".to_owned(),
        languages: Language::ALL.to_vec(),
        slug: Localized::both("systems", "systemau"),
        opened_at: moment(),
        starts_at: moment(),
        ends_at: None,
        published_at: Some(moment()),
        resolved_at: None,
    }
}
