//! What the update will do: counts, reach, cost, and what still keeps it from going out.

use axum::response::Response;
use chrono::Duration;
use domain::announcement::LEAVE_LINK;
use domain::revision::{ContentProblem, Purpose};
use domain::{ChannelKind, Content, Incident, Language, Phase};
use edge::Problem;
use render::{Args, RenderError, Renderer};

use super::super::person::Person;
use super::super::sheet::Sheet;
use super::super::views::{Check, Editor, InDoubt, Side, WordField};
use super::Shown;
use super::desk::{Desk, Job};
use crate::Authoring;
use crate::actions::named_and_public;
use crate::content::words_of;
use crate::error::Result;
use crate::judge::{Judged, as_problem};
use crate::preview::Preview;

/// The parts of the words: field, key of the label, rows.
pub(crate) const PARTS: [(&str, &str, u8); 12] = [
    ("title", "au-field-title", 2),
    ("know", "au-field-know", 5),
    ("unknown", "au-field-unknown", 3),
    ("doing", "au-field-doing", 3),
    ("should", "au-field-should", 3),
    ("more", "au-field-more", 2),
    ("sms", "au-field-sms", 5),
    ("post", "au-field-post", 5),
    ("staff_works", "au-field-staff_works", 3),
    ("staff_workaround", "au-field-staff_workaround", 3),
    ("staff_line", "au-field-staff_line", 3),
    ("staff_note", "au-field-staff_note", 3),
];

/// What is known for and against a content when its checks are written down.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Standing<'a> {
    /// Whether it goes out as the next update or as something else.
    pub(in crate::ui) purpose: Purpose,
    /// Every reason why it may not be published.
    pub(in crate::ui) problems: &'a [ContentProblem],
    /// Another person has approved it as it is.
    pub(in crate::ui) approved: bool,
}

impl Authoring {
    /// The form with everything around it.
    pub(super) async fn draw(
        &self,
        person: &Person,
        desk: &Desk,
        sheet: &Sheet,
        shown: Shown,
    ) -> edge::Result<Response> {
        let language = person.visit.language;
        let (input, _) = sheet.input(self.renderer().settings().time_zone);
        let welsh_only = desk.welsh_only(person);
        let content = desk.content(if welsh_only { sheet.welsh(&desk.base_words()) } else { input });
        // Without the database there is nothing to count; the form matters more.
        let side = match person.offline {
            true => None,
            false => self.side_of(desk, &content, language).await.ok(),
        };
        let words = PARTS.map(|(name, label, rows)| WordField {
            name,
            label,
            rows,
            last: desk
                .last
                .as_ref()
                .and_then(|last| words_of(&last.words, name))
                .filter(|one| !one.is_empty())
                .cloned(),
            sms: side.iter().filter(|_| name == "sms").flat_map(sms_counts).collect(),
        });
        let choices = match welsh_only {
            true => None,
            false => Some(self.choices((desk, &content), sheet, person).map_err(crate::ActionError::from)?),
        };
        let view = Editor {
            form: sheet.form(shown.problems.into_iter().map(at_its_field).collect()),
            heading: desk.heading(),
            welsh_only,
            speaker_fixed: !matches!(desk.job, Job::New(_)),
            planned: matches!(desk.job, Job::New(domain::IncidentKind::Planned)),
            asks_reason: matches!(desk.job, Job::Withdraw(_)),
            asks_start: desk.kind() == domain::IncidentKind::Incident,
            asks_early_reason: desk.past.ends_early(Phase::Resolved, self.env().now()),
            languages: desk.languages(&content, &self.site().languages),
            words: words.into(),
            choices,
            side,
            rejection: desk
                .revision
                .as_ref()
                .filter(|_| matches!(desk.job, Job::Edit(_)))
                .and_then(|one| one.rejection.clone()),
        };
        self.screen_with(person, &view, (shown.status, shown.notice.as_deref())).await
    }

    async fn side_of(&self, desk: &Desk, content: &Content, language: Language) -> Result<Side> {
        let incident = self.incident_at(desk, content).await?;
        let problems = self.judged(desk, content).await?;
        let standing = Standing { purpose: desk.purpose(), problems: &problems, approved: false };
        self.side((&incident, content, standing), &desk.catalogue, language).await
    }

    /// The incident that the preview is about; for a new one, with the number that it would get now.
    async fn incident_at(&self, desk: &Desk, content: &Content) -> Result<Incident> {
        let number = match &desk.incident {
            Some(incident) => incident.number,
            None => self.store().incidents(None, 1).await?.first().map_or(0, |one| one.number) + 1,
        };
        Ok(desk.incident_for(content, number, self.env().now(), &self.site().languages))
    }

    /// Every reason why this content could not be published.
    pub(super) async fn judged(&self, desk: &Desk, content: &Content) -> Result<Vec<ContentProblem>> {
        let incident = self.incident_at(desk, content).await?;
        let announcement = self.composer(&desk.catalogue).announcement(&incident, (desk.purpose(), content))?;
        let public = named_and_public(self.store(), content, incident.number).await?;
        let judged = Judged {
            incident: &incident,
            purpose: desk.purpose(),
            content,
            past: desk.past,
            public: &public,
            now: self.env().now(),
            catalogue: &desk.catalogue,
            announcement: &announcement,
        };
        Ok(judged.problems())
    }

    /// What a content will do, for the form and for the page of approval.
    pub(in crate::ui) async fn side(
        &self,
        (incident, content, standing): (&Incident, &Content, Standing<'_>),
        catalogue: &domain::Catalogue,
        language: Language,
    ) -> Result<Side> {
        let composer = self.composer(catalogue);
        let preview = self.preview(composer, incident, (standing.purpose, content)).await?;
        let holding = self.not_alone(self.store(), catalogue, (incident, content)).await?.is_none();
        let sends = preview.texts.parts > 0;
        let speaker = content.organisations.first().and_then(|key| catalogue.organisation(key));
        let name = |language: &Language| {
            (*language, speaker.map_or_else(String::new, |one| one.sms_name(*language).to_owned()))
        };
        Ok(Side {
            cost: pounds(preview.texts.pence),
            last_text_at: sends.then(|| self.env().now() + Duration::seconds(preview.texts.seconds)),
            checks: checks(self.renderer(), language, (content, standing, holding))?,
            in_doubt: in_doubt(catalogue, content, language),
            names: incident.languages.iter().map(name).collect(),
            preview: self.without_leave_link(preview)?,
        })
    }
}

/// The advice that sends people to a service which, as the same update says, does not work.
pub(super) fn in_doubt(catalogue: &domain::Catalogue, content: &Content, language: Language) -> Vec<InDoubt> {
    let found = content.advice_in_doubt(catalogue).into_iter().map(|(advice, service)| InDoubt {
        key: advice.key.clone(),
        advice: advice.text.text(language).to_owned(),
        service: service.name.text(language).to_owned(),
        stands: content.advice_stands.contains(&advice.key),
    });
    found.collect()
}

/// The time of the next update is chosen in a field that is called otherwise than in the API.
fn at_its_field(problem: Problem) -> Problem {
    if problem.field == "next_update_by" { Problem { field: "next".to_owned(), ..problem } } else { problem }
}

impl Authoring {
    /// What stands for each reader's own link is said in words: only a program needs the mark.
    fn without_leave_link(&self, mut preview: Preview) -> Result<Preview> {
        for (language, one) in &mut preview.languages {
            let words = self.renderer().text(*language, "au-leave-link", &Args::new())?;
            one.mail.text = one.mail.text.replace(LEAVE_LINK, &words);
        }
        Ok(preview)
    }
}

fn sms_counts(side: &Side) -> Vec<(Language, crate::preview::SmsPreview)> {
    let languages = side.preview.languages.iter();
    languages.filter_map(|(language, one)| one.sms.clone().map(|sms| (*language, sms))).collect()
}

/// Whole pounds with thousands parted; below ten pounds also pence.
fn pounds(pence: i64) -> String {
    if pence < 1_000 {
        return format!("£{}.{:02}", pence / 100, pence % 100);
    }
    let digits = (pence / 100).to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("£{out}")
}

/// The checks that always stand there, then whatever else is wrong.
fn checks(
    renderer: &Renderer,
    language: Language,
    (content, Standing { problems, approved, .. }, holding): (&Content, Standing<'_>, bool),
) -> std::result::Result<Vec<Check>, RenderError> {
    let has = |codes: &[&str]| problems.iter().any(|problem| codes.contains(&problem.code));
    let say = |key: &str| renderer.text(language, key, &Args::new());
    let promised = content.next_update_by.is_some() || content.phase.is_over();
    let parity = ["language-missing", "advice-differs", "numbers-differ"];
    let mut list = vec![
        Check { fine: !has(&parity), words: say("au-check-languages")? },
        Check { fine: promised && !has(&["next-update-passed"]), words: say("au-check-next")? },
        Check { fine: !content.services.is_empty(), words: say("au-check-services")? },
    ];
    if content.channels.contains(&ChannelKind::Sms) {
        list.push(Check { fine: !has(&["too-many-parts"]), words: say("au-check-texts")? });
    }
    for problem in problems {
        list.push(Check { fine: false, words: said(renderer, language, &as_problem(problem))? });
    }
    let second = match (approved, holding) {
        (true, _) => "au-check-approved",
        (false, true) => "au-check-holding",
        (false, false) => "au-check-second",
    };
    list.push(Check { fine: approved || holding, words: say(second)? });
    Ok(list)
}

/// "Field (language): what is wrong".
fn said(renderer: &Renderer, reader: Language, problem: &Problem) -> std::result::Result<String, RenderError> {
    let (field, language) = problem.field.split_once('.').unwrap_or((&problem.field, ""));
    let label = renderer.first_text(reader, &[&format!("au-field-{field}"), "au-field-other"], &Args::new())?;
    let wrong = renderer.first_text(reader, &[&format!("invalid-{}", problem.code), "invalid-other"], &problem.args)?;
    if language.is_empty() {
        return Ok(format!("{label}: {wrong}"));
    }
    let language = renderer.text(reader, &format!("nav-lang-{language}"), &Args::new())?;
    Ok(format!("{label} ({language}): {wrong}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_people_write_it() {
        for (pence, words) in [(0, "£0.00"), (312, "£3.12"), (141_700, "£1,417"), (123_456_789, "£1,234,567")] {
            assert_eq!(pounds(pence), words);
        }
    }
}
