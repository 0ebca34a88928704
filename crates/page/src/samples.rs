//! Every template of the page with sample data, for the test that renders all templates in all languages.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::advice::{Advice, CauseName};
use domain::fact::{Answer, Cause, Certainty, Fact};
use domain::organisation::{Organisation, OrganisationKind};
use domain::revision::{AdviceChoice, PublicWords, Purpose};
use domain::service::{Service, ServiceGroup};
use domain::status::ServiceState;
use domain::{Catalogue, Incident, IncidentKind, Language, Localized, Phase, PublicContent, Severity, Status};
use render::{Form, Problem, PublicFrame, Sample};

use crate::model::now::{Now, Scope};
use crate::model::{Model, Story, Update};
use crate::press::view::{PressIndex, PressPage};
use crate::signup::{self, views};
use crate::view::Voice;
use crate::view::area::{Area, Areas};
use crate::view::days::Days;
use crate::view::history::months::months;
use crate::view::history::{History, Month};
use crate::view::home::Home;
use crate::view::incident::IncidentPage;
use crate::view::plain::{Accessibility, Missing, Privacy};
use crate::view::planned::Planned;
use crate::view::reviews::Reviews;
use crate::view::service::ServicePage;
use crate::view::services::Services;

/// The samples.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let now = moment();
    let voice = Voice { now: &now, language: Language::En };
    let catalogue = now.model.catalogue.clone();
    let months = months(&now, |at| at.date_naive());
    let mut all = vec![
        framed(Home::of(voice, &site())),
        framed(Services::of(voice)),
        framed(Reviews::of(voice)),
        framed(Areas::of(voice)),
        framed(Area::of(&catalogue.organisations[0], voice)),
        framed(Planned::of(voice)),
        framed(History::of(&months, voice)),
        framed(Month::of(&months, 0, voice)),
        framed(Accessibility::of(Some("help@status.example".to_owned()))),
        framed(Privacy::of(None, voice)),
    ];
    let days = Days::of(&now, |at| at.date_naive());
    all.extend(now.services(Scope::Home).iter().filter_map(|one| ServicePage::of(one, &days, voice)).map(framed));
    all.extend(now.model.stories.values().map(|story| framed(IncidentPage::of(story, voice, &site()))));
    all.extend(["not-found", "method", "starting"].map(|what| framed(Missing { what, home_url: "/en/".to_owned() })));
    all.push(crate::embed::sample(now.at));
    all.push(framed(PressIndex::of(voice, &site())));
    all.extend(now.model.stories.values().map(|story| framed(PressPage::of(story, voice, &site()))));
    all.extend(crate::staff::view::samples(voice, &site()));
    all.extend(forms(&catalogue));
    all
}

fn framed<V: render::View + Send + Sync + 'static>(view: V) -> Sample {
    Sample::framed(PublicFrame::bare(Language::En), view)
}

fn forms(catalogue: &Catalogue) -> Vec<Sample> {
    let url = || "/en/alerts".to_owned();
    let areas = || views::Choice::areas(catalogue, Language::En);
    let refused = |field| Form::new().value("mobile", "07700 900 982").refused(vec![Problem::new(field, "blank")]);
    let mut all = vec![
        framed(views::Ask {
            form: refused("area"),
            action: url(),
            areas: areas(),
            sms_number: Some("01632 960 111".to_owned()),
            privacy_url: url(),
        }),
        framed(views::Code { form: refused("code"), action: url(), token: "x".to_owned(), alerts_url: url() }),
        framed(views::Mailed { alerts_url: url() }),
        framed(views::ConfirmLink { form: Form::new(), action: url() }),
        framed(views::Manage {
            form: Form::new(),
            action: url(),
            contact: Some("07*** ***982".to_owned()),
            areas: areas(),
            leave_url: url(),
        }),
        framed(views::Leave { form: Form::new(), action: url(), home_url: url() }),
    ];
    for what in ["subscribed", "changed", "left", "old"] {
        all.push(framed(views::Done { manage_url: Some(url()), ..views::Done::new(what, Language::En) }));
    }
    all.extend(signup::mail_samples());
    all
}

fn site() -> domain::Site {
    let urls = Language::ALL.map(|language| (language, "https://status.example".to_owned())).into();
    let name = Localized::both("Service status", "Statws gwasanaethau");
    let mut site = domain::Site::new(name, Language::ALL.to_vec(), &urls).expect("the address of the sample is sound");
    site.sms_number = Some("01632 960 111".to_owned());
    site
}

/// An afternoon with a problem in its second update, one that is over, one that was withdrawn, and planned work.
fn moment() -> Now {
    let at = DateTime::from_timestamp(1_516_808_700, 0).unwrap_or_default();
    let mut model = Model { version: 4, confirmed_at: at, catalogue: Arc::new(catalogue()), ..Model::default() };
    let updates = [(1, Phase::Investigating, Purpose::Update), (2, Phase::Identified, Purpose::Correction)];
    model.put(story(1, IncidentKind::Incident, at - Duration::hours(1), &updates));
    model.put(story(2, IncidentKind::Incident, at - Duration::hours(9), &[(1, Phase::Resolved, Purpose::Update)]));
    model.put(story(3, IncidentKind::Incident, at - Duration::hours(8), &[(1, Phase::Withdrawn, Purpose::Withdrawal)]));
    model.put(story(4, IncidentKind::Planned, at + Duration::hours(9), &[(1, Phase::Scheduled, Purpose::Update)]));
    model.put(story(
        6,
        IncidentKind::Incident,
        at - Duration::days(9),
        &[(1, Phase::Identified, Purpose::Update), (2, Phase::Reviewed, Purpose::Update)],
    ));
    model.put(story(5, IncidentKind::Planned, at - Duration::hours(1), &[(1, Phase::InProgress, Purpose::Update)]));
    Now { model: Arc::new(model), at, unconfirmed_since: None }
}

fn story(id: i64, kind: IncidentKind, starts_at: DateTime<Utc>, updates: &[(i64, Phase, Purpose)]) -> Story {
    let slug = Localized::both(format!("2018-01-24-{id}"), format!("2018-01-24-{id}-cy"));
    let update = |&(number, phase, purpose): &(i64, Phase, Purpose)| Update {
        number,
        purpose,
        content: content(phase, starts_at),
        published_at: starts_at + Duration::minutes(number),
        missing: if number == 1 { vec![Language::Cy] } else { Vec::new() },
    };
    Story {
        incident: Incident {
            id,
            number: id,
            kind,
            organisation: "board".to_owned(),
            languages: Language::ALL.to_vec(),
            slug,
            opened_at: starts_at + Duration::minutes(5),
            starts_at,
            ends_at: (kind == IncidentKind::Planned).then(|| starts_at + Duration::hours(4)),
            published_at: Some(starts_at),
            resolved_at: None,
        },
        updates: updates.iter().map(update).collect(),
        relations: Vec::new(),
        told_by_others: Vec::new(),
        changed: id,
    }
}

fn content(phase: Phase, at: DateTime<Utc>) -> PublicContent {
    let text = |en: &str| Localized::both(en, format!("{en} (cy)"));
    PublicContent {
        phase,
        severity: Severity::Serious,
        organisations: vec!["board".to_owned()],
        services: vec![ServiceState { key: "gp".to_owned(), system: Status::Operational, care: Status::Recovering }],
        cause: Cause {
            key: "network".to_owned(),
            certainty: Certainty::Suspected,
            stated_by: Some("Engineers".to_owned()),
        },
        cyber: Fact { answer: Answer::No, stated_by: Some("NCSC".to_owned()), stated_at: Some(at) },
        data: Fact { answer: Answer::NotKnown, stated_by: None, stated_at: None },
        advice: AdviceChoice::Shared(vec!["keep".to_owned()]),
        on_paper: true,
        next_update_by: Some(at + Duration::minutes(30)),
        words: PublicWords {
            title: text("Some systems are not working"),
            know: text("Staff may not see your notes."),
            unknown: text("We do not know the cause."),
            doing: text("Engineers are working on it."),
            should: text("Bring your letter."),
            more: text("On this page."),
            ..PublicWords::default()
        },
        channels: Vec::new(),
    }
}

fn catalogue() -> Catalogue {
    let text = |en: &str| Localized::both(en, format!("{en} (cy)"));
    let organisation = |key: &str, kind, parent: Option<&str>| Organisation {
        key: key.to_owned(),
        kind,
        parent: parent.map(str::to_owned),
        name: text(key),
        short: text(key),
        sms_name: Localized::default(),
        area: text("Here and there"),
        in_area: text("in here"),
        languages: Language::ALL.to_vec(),
        valid_from: None,
        valid_until: None,
        subscribable: true,
        match_words: Vec::new(),
    };
    let nation = organisation("nation", OrganisationKind::Nation, None);
    Catalogue {
        organisations: vec![nation, organisation("board", OrganisationKind::Board, Some("nation"))],
        groups: vec![ServiceGroup { key: "gp".to_owned(), name: text("GP surgeries") }],
        services: vec![Service {
            key: "gp".to_owned(),
            group: "gp".to_owned(),
            name: text("GP appointments"),
            staff_name: None,
        }],
        causes: vec![CauseName { key: "network".to_owned(), name: text("Network problem"), staff_only: false }],
        advice: vec![Advice {
            key: "keep".to_owned(),
            text: text("Keep your appointment."),
            sms: text("Keep it."),
            emergency: false,
            needs: Vec::new(),
            version: 1,
            owner: "clinical".to_owned(),
            review_by: chrono::NaiveDate::default(),
        }],
        ..Catalogue::default()
    }
}

#[cfg(test)]
mod tests {
    use render::{RenderSettings, Renderer};

    use super::*;

    #[test]
    fn every_template_can_be_drawn_in_every_language() {
        let renderer = Renderer::new(RenderSettings::default()).unwrap();
        for sample in samples() {
            for language in Language::ALL {
                let drawn =
                    sample.render(&renderer, language).unwrap_or_else(|error| panic!("{}: {error:#}", sample.template));
                assert!(!drawn.trim().is_empty());
            }
        }
        let own = |name: &&String| {
            ["page/", "signup/", "staff/", "press/"].iter().any(|folder| name.starts_with(folder))
                && !name.contains("/_")
        };
        let drawn: Vec<&str> = samples().iter().map(|sample| sample.template).collect();
        let missing: Vec<String> = renderer
            .template_names()
            .iter()
            .filter(own)
            .filter(|name| !drawn.contains(&name.as_str()))
            .cloned()
            .collect();
        assert!(missing.is_empty(), "without a sample: {missing:?}");
    }
}
