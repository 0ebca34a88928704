//! Writing an update in one screen: pick from lists, let both languages fill themselves, see what it will do, send it.
//!
//! Every button posts the same form and the server answers with the same form, so nothing needs a script, and nothing
//! typed is lost when something goes wrong.

mod choices;
mod desk;
mod side;

use axum::extract::{Path, Query, State};
use chrono::{DateTime, Utc};
use domain::staff::Act;
use domain::{IncidentKind, Kind, Phase};
use edge::{Failure, Problem};
use http::StatusCode;
use serde::Deserialize;

use super::kept::Posted;
use super::person::Person;
use super::screen::see;
use super::sheet::Sheet;
use crate::Authoring;
use crate::actions::{Edit, Expected};
use crate::content::IncidentInput;
use crate::error::{ActionError, Result};
use desk::{Desk, Job};
pub(super) use side::{PARTS, Standing as Known};

type Id = Path<i64>;
type App = State<Authoring>;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The draft was just refused: show why.
    checks: Option<String>,
    /// The time that was promised before a new one was set: words may still name it.
    old: Option<DateTime<Utc>>,
    /// The phase to begin the next update with.
    phase: Option<String>,
}

pub(super) async fn new_incident(app: App, person: Person) -> edge::Result {
    open(app, person, Job::New(IncidentKind::Incident), Asked::default()).await
}

pub(super) async fn post_incident(app: App, posted: Posted) -> edge::Result {
    work(app, Job::New(IncidentKind::Incident), posted).await
}

pub(super) async fn new_planned(app: App, person: Person) -> edge::Result {
    open(app, person, Job::New(IncidentKind::Planned), Asked::default()).await
}

pub(super) async fn post_planned(app: App, posted: Posted) -> edge::Result {
    work(app, Job::New(IncidentKind::Planned), posted).await
}

pub(super) async fn next(app: App, person: Person, Path(id): Id, Query(asked): Query<Asked>) -> edge::Result {
    open(app, person, Job::Next(id), Asked { phase: asked.phase, ..Asked::default() }).await
}

pub(super) async fn post_next(app: App, Path(id): Id, posted: Posted) -> edge::Result {
    work(app, Job::Next(id), posted).await
}

pub(super) async fn withdrawal(app: App, person: Person, Path(id): Id) -> edge::Result {
    open(app, person, Job::Withdraw(id), Asked::default()).await
}

pub(super) async fn post_withdrawal(app: App, Path(id): Id, posted: Posted) -> edge::Result {
    work(app, Job::Withdraw(id), posted).await
}

pub(super) async fn edit(app: App, person: Person, Path(id): Id, Query(asked): Query<Asked>) -> edge::Result {
    open(app, person, Job::Edit(id), asked).await
}

pub(super) async fn post_edit(app: App, Path(id): Id, posted: Posted) -> edge::Result {
    work(app, Job::Edit(id), posted).await
}

pub(super) async fn correction(app: App, person: Person, Path(id): Id) -> edge::Result {
    open(app, person, Job::Correct(id), Asked::default()).await
}

pub(super) async fn post_correction(app: App, Path(id): Id, posted: Posted) -> edge::Result {
    work(app, Job::Correct(id), posted).await
}

/// Shows the form with what is known already.
async fn open(State(authoring): App, person: Person, job: Job, asked: Asked) -> edge::Result {
    allowed(&person, job)?;
    let desk = authoring.desk(&person, job).await?;
    let phase = asked.phase.as_deref().and_then(Phase::from_key);
    let mut sheet = authoring.first_sheet(&desk, &person, phase);
    sheet.set("form_id", &authoring.env().token());
    let mut problems = if asked.checks.is_some() { authoring.refusals(&desk, &sheet).await? } else { Vec::new() };
    if let (Some(revision), Some(old)) = (&desk.revision, asked.old) {
        problems.extend(authoring.naming(revision, old));
    }
    authoring.draw(&person, &desk, &sheet, Shown::fine(problems)).await
}

/// Does what the pressed button says.
async fn work(State(authoring): App, job: Job, Posted { person, form }: Posted) -> edge::Result {
    allowed(&person, job)?;
    let mut sheet = Sheet::posted(&form);
    let action = sheet.get("action").to_owned();
    sheet.set_all("action", []);
    // Every further question to a database that is away would wait as long again for no answer.
    let desk = if person.offline { authoring.blind_desk(job).await } else { authoring.desk(&person, job).await };
    let desk = match desk {
        Ok(desk) => desk,
        Err(error) if error.kind() == Kind::Unavailable => authoring.blind_desk(job).await?,
        Err(error) => return Err(error.into()),
    };
    match action.as_str() {
        "propose" => desk.propose(&mut sheet),
        "fill" => authoring.fill(&desk, &mut sheet, false),
        "refill" => authoring.fill(&desk, &mut sheet, true),
        "save" | "submit" if person.offline => {
            return authoring.draw(&person, &desk, &sheet, Shown::cannot_save()).await;
        }
        "save" | "submit" => {
            return match authoring.save_sheet(&person, &desk, &sheet, action == "submit").await {
                Ok(path) => see(&path),
                Err(error) => authoring.draw(&person, &desk, &sheet, Shown::refused(error)?).await,
            };
        }
        _ => {}
    }
    authoring.draw(&person, &desk, &sheet, Shown::fine(Vec::new())).await
}

fn allowed(person: &Person, job: Job) -> Result<()> {
    let act = if matches!(job, Job::Edit(_)) { Act::Translate } else { Act::Write };
    person.caller.permit(act)
}

/// How the form is shown: what is wrong with it, and with which status.
struct Shown {
    status: StatusCode,
    notice: Option<String>,
    problems: Vec<Problem>,
}

impl Shown {
    fn fine(problems: Vec<Problem>) -> Self {
        Self { status: StatusCode::OK, notice: None, problems }
    }

    /// The database is away.
    fn cannot_save() -> Self {
        let notice = Some("au-cannot-save".to_owned());
        Self { status: StatusCode::SERVICE_UNAVAILABLE, notice, problems: Vec::new() }
    }

    /// Whatever goes wrong while saving, the form comes back with everything in it; only a missing thing or a right
    /// that was taken away ends here.
    fn refused(error: ActionError) -> std::result::Result<Self, Failure> {
        if matches!(error, ActionError::NotFound | ActionError::Unauthenticated(_)) {
            return Err(error.into());
        }
        let (kind, code) = (error.kind(), error.code());
        let failure = Failure::from(error);
        let status = failure.status();
        if kind == Kind::Broken {
            return Err(failure);
        }
        failure.log();
        let notice = match kind {
            Kind::Invalid => None,
            Kind::Unavailable => Some("au-cannot-save".to_owned()),
            _ => Some(format!("error-{code}")),
        };
        Ok(Self { status, notice, problems: failure.into_problems() })
    }
}

impl Authoring {
    /// Saves what the form says, and sends it for approval if that was asked. Returns where to go.
    async fn save_sheet(&self, person: &Person, desk: &Desk, sheet: &Sheet, send: bool) -> Result<String> {
        let zone = self.renderer().settings().time_zone;
        let (input, mut problems) = sheet.input(zone);
        if input.severity.is_none() && !desk.welsh_only(person) {
            problems.push(Problem::new("severity", "choice"));
        }
        let caller = person.once(sheet.get("form_id"), &sheet.fingerprint());
        let revision = match desk.job {
            Job::New(kind) => {
                let mut time = |name: &str| {
                    sheet.local_time(name, zone).unwrap_or_else(|problem| {
                        problems.push(problem);
                        None
                    })
                };
                let (starts_at, ends_at) = (time("starts_at"), time("ends_at"));
                refuse(problems)?;
                let order = IncidentInput { kind, starts_at, ends_at, place: None, content: input };
                self.open_incident(&caller, order).await?.revision
            }
            Job::Next(incident) => {
                refuse(problems)?;
                self.add_revision(&caller, incident, input).await?
            }
            Job::Withdraw(incident) => {
                refuse(problems)?;
                self.withdraw(&caller, incident, sheet.get("reason"), input).await?
            }
            Job::Correct(revision) => {
                refuse(problems)?;
                self.correct(&caller, revision, input).await?
            }
            Job::Edit(revision) => {
                let input = if desk.welsh_only(person) { sheet.welsh(&desk.base_words()) } else { input };
                refuse(problems)?;
                let expected = Expected::Version(sheet.get("version").parse().unwrap_or_default());
                self.edit_revision(&caller, revision, Edit { expected, input }).await?
            }
        };
        if !send || !person.may(Act::Submit) {
            return Ok(format!("/revisions/{}?done=saved", revision.id));
        }
        match self.submit(&person.caller, revision.id).await {
            Ok(_) => Ok(format!("/revisions/{}?done=submitted", revision.id)),
            Err(ActionError::Invalid(_)) => Ok(format!("/revisions/{}/edit?checks=1", revision.id)),
            Err(error) => Err(error),
        }
    }
}

fn refuse(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(ActionError::Invalid(problems)) }
}
