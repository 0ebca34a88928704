//! The lists of the writing form, in the words of whoever writes.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use domain::fact::{Answer, Certainty};
use domain::organisation::Organisation;
use domain::{Catalogue, ChannelKind, Content, IncidentKind, Language, Phase, RelationKind, Severity, Status};
use render::dates::Dates;
use render::{Args, RenderError};

use super::super::person::Person;
use super::super::sheet::{Sheet, stamp};
use super::super::views::{Choice, Choices, ServiceGroup};
use super::desk::{Desk, Job};
use super::side::in_doubt;
use crate::Authoring;
use crate::compose::certainty;
use crate::content::soon;
use crate::wording::{number_key, phase_key, relation_key};

type Made<T> = Result<T, RenderError>;

impl Authoring {
    pub(super) fn choices(&self, (desk, content): (&Desk, &Content), sheet: &Sheet, person: &Person) -> Made<Choices> {
        let language = person.visit.language;
        let say = |key: &str| self.renderer().text(language, key, &Args::new());
        let catalogue = desk.catalogue.as_ref();
        let own = person.caller.actor.organisation.as_deref();
        let organisations = organisations((catalogue, self.today()), sheet, own, language);
        let statuses = Status::ALL.iter().map(|one| plain(one.key(), say(&format!("st-{}", one.key()))));
        let statuses = statuses.collect::<Made<Vec<_>>>()?;
        let same = plain("", say("au-status-same"))?;
        let answers = |answers: &[Answer]| -> Made<Vec<Choice>> {
            answers.iter().map(|one| plain(one.key(), say(&format!("upd-answer-{}", one.key())))).collect()
        };
        let advice = catalogue.advice.iter().map(|one| choice(&one.key, one.text.text(language), None));
        let causes = catalogue.causes.iter().map(|one| choice(&one.key, one.name.text(language), None));
        Ok(Choices {
            components: catalogue
                .components
                .iter()
                .map(|one| choice(&one.key, one.name.text(language), None))
                .collect(),
            speakers: speakers(desk, &organisations, own),
            organisations,
            groups: groups(catalogue, sheet, language),
            picked: picked(catalogue, sheet, language),
            own_statuses: std::iter::once(same).chain(statuses.iter().cloned()).collect(),
            statuses,
            severities: self.severities(language)?,
            phases: phases(desk, sheet)
                .into_iter()
                .map(|one| plain(one.key(), say(phase_key(one))))
                .collect::<Made<_>>()?,
            causes: causes.collect(),
            certainties: [Certainty::Unknown, Certainty::Suspected, Certainty::Confirmed]
                .into_iter()
                .map(|one| plain(certainty(one), say(&format!("upd-certainty-{}", certainty(one)))))
                .collect::<Made<_>>()?,
            cyber: answers(&[Answer::NotKnown, Answer::No, Answer::Yes])?,
            data: answers(&[Answer::NotKnown, Answer::NoEvidence, Answer::No, Answer::Yes])?,
            relation_rows: (0..sheet.relation_rows()).collect(),
            others: self.others_to_pick(desk, sheet, language)?,
            relations: std::iter::once(plain("", say("au-relation-choose")))
                .chain(RelationKind::ALL.into_iter().map(|one| plain(one.key(), say(relation_key(one)))))
                .collect::<Made<_>>()?,
            advice: advice.collect(),
            stands: in_doubt(catalogue, content, language)
                .into_iter()
                .map(|one| {
                    let args = Args::from([("service".to_owned(), one.service.into())]);
                    let hint = self.renderer().text(language, "au-stands-service", &args)?;
                    Ok(choice(&one.key, &one.advice, Some(hint)))
                })
                .collect::<Made<_>>()?,
            next: self.next_times(sheet, language)?,
            channels: std::iter::once("page")
                .chain(ChannelKind::ALL.into_iter().map(ChannelKind::key))
                .map(|key| plain(key, say(&format!("au-channel-{key}"))))
                .collect::<Made<_>>()?,
        })
    }

    /// Other incidents by number and headline. One that was picked stays, also when it is not offered any more.
    fn others_to_pick(&self, desk: &Desk, sheet: &Sheet, language: Language) -> Made<Vec<Choice>> {
        let numbered = |kind, number: &str| {
            self.renderer().text(language, number_key(kind), &Args::from([("n".to_owned(), number.into())]))
        };
        let mut choices = vec![plain("", self.renderer().text(language, "au-relation-none", &Args::new()))?];
        for one in &desk.others {
            let number = one.number.to_string();
            let label = format!("{}: {}", numbered(one.kind, &number)?, one.title.text(language));
            choices.push(choice(&number, &label, None));
        }
        for row in 0..sheet.relation_rows() {
            let picked = sheet.get(&format!("relation.{row}.number"));
            if !choices.iter().any(|one| one.value == picked) {
                choices.push(choice(picked, &numbered(IncidentKind::Incident, picked)?, None));
            }
        }
        Ok(choices)
    }

    fn severities(&self, language: Language) -> Made<Vec<Choice>> {
        let say = |key: String| self.renderer().text(language, &key, &Args::new());
        let one = |severity: Severity| {
            let key = severity.key();
            Ok(choice(key, &say(format!("sev-{key}"))?, Some(say(format!("au-sev-{key}"))?)))
        };
        Severity::ALL.into_iter().map(one).collect()
    }

    /// Round times soon, tomorrow morning, what was chosen before, and any other.
    fn next_times(&self, sheet: &Sheet, language: Language) -> Made<Vec<Choice>> {
        let say = |key: &str| self.renderer().text(language, key, &Args::new());
        let mut choices = self.times_ahead(language)?;
        if let Ok(kept) = sheet.get("next").parse()
            && !choices.iter().any(|one| one.value == stamp(kept))
        {
            choices.insert(0, self.next_time(kept, language)?);
        }
        choices.push(plain("at", say("au-next-at"))?);
        choices.push(plain("", say("au-next-none"))?);
        Ok(choices)
    }

    /// Round times soon, and tomorrow morning.
    pub(in crate::ui) fn times_ahead(&self, language: Language) -> Made<Vec<Choice>> {
        let zone = self.renderer().settings().time_zone;
        let now = self.env().now();
        let mut times: Vec<_> = [30, 45, 60, 90, 120, 240].map(|minutes| soon(now, minutes)).into();
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
        let today = Dates::new(zone, language).day(now);
        let tomorrow = today.checked_add_days(Days::new(1)).map(|day| day.and_time(nine));
        times.extend(
            tomorrow.and_then(|local| zone.from_local_datetime(&local).earliest()).map(|at| at.with_timezone(&Utc)),
        );
        times.into_iter().map(|at| self.next_time(at, language)).collect()
    }

    /// A time with how long people wait for it, or that it has passed.
    fn next_time(&self, at: DateTime<Utc>, language: Language) -> Made<Choice> {
        let dates = Dates::new(self.renderer().settings().time_zone, language);
        let now = self.env().now();
        let time = dates.until(at, now);
        let mut args = Args::from([("time".to_owned(), time.clone().into())]);
        let label = if at <= now {
            self.renderer().text(language, "au-next-passed", &args)?
        } else if dates.day(at) == dates.day(now) {
            args.insert("wait".to_owned(), dates.duration(at - now).into());
            self.renderer().text(language, "au-next-in", &args)?
        } else {
            time
        };
        Ok(choice(&stamp(at), &label, None))
    }
}

fn choice(value: &str, label: &str, hint: Option<String>) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), hint }
}

fn plain(value: &str, label: Made<String>) -> Made<Choice> {
    Ok(Choice { value: value.to_owned(), label: label?, hint: None })
}

/// Those that the person may speak for or affect, as far as they exist today. What was picked while it existed stays.
fn organisations(
    (catalogue, today): (&Catalogue, NaiveDate),
    sheet: &Sheet,
    own: Option<&str>,
    language: Language,
) -> Vec<Choice> {
    let within = |key: &str| own.is_none_or(|own| catalogue.line_up(key).contains(&own));
    let picked = |key: &str| sheet.all("speaker").chain(sheet.all("organisations")).any(|one| one == key);
    let offered = |one: &&Organisation| within(&one.key) && (one.exists_on(today) || picked(&one.key));
    let open = catalogue.organisations.iter().filter(offered);
    open.map(|one| choice(&one.key, one.short.text(language), None)).collect()
}

/// Who speaks is settled when an incident is opened.
fn speakers(desk: &Desk, organisations: &[Choice], own: Option<&str>) -> Vec<Choice> {
    let fixed = desk.incident.as_ref().map(|one| one.organisation.as_str()).or(own);
    let fits = organisations.iter().filter(|one| fixed.is_none_or(|fixed| one.value == fixed));
    fits.cloned().collect()
}

fn groups(catalogue: &Catalogue, sheet: &Sheet, language: Language) -> Vec<ServiceGroup> {
    let group = |group: &domain::service::ServiceGroup| {
        let services = catalogue.services.iter().filter(|one| one.group == group.key);
        let services: Vec<Choice> = services.map(|one| choice(&one.key, one.name.text(language), None)).collect();
        let open = sheet.all("services").any(|key| services.iter().any(|one| one.value == key));
        ServiceGroup { name: group.name.text(language).to_owned(), open, services }
    };
    catalogue.groups.iter().map(group).collect()
}

fn picked(catalogue: &Catalogue, sheet: &Sheet, language: Language) -> Vec<Choice> {
    let services = sheet.all("services").filter_map(|key| catalogue.service(key));
    services.map(|one| choice(&one.key, one.name.text(language), None)).collect()
}

/// The phases that may come now, and the one that is chosen already.
fn phases(desk: &Desk, sheet: &Sheet) -> Vec<Phase> {
    let all: &[Phase] = match desk.kind() {
        IncidentKind::Incident => &Phase::INCIDENT,
        IncidentKind::Planned => &Phase::PLANNED,
    };
    if matches!(desk.job, Job::Withdraw(_)) {
        return vec![Phase::Withdrawn];
    }
    let chosen = Phase::from_key(sheet.get("phase"));
    let fits = |phase: &Phase| desk.past.allows(*phase).is_ok() || chosen == Some(*phase);
    all.iter().copied().filter(fits).collect()
}
