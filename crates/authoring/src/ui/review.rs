//! One screen to decide on: what, who, where, reach, both texts and what changed; made for a phone held in one hand.

use axum::extract::{Path, State};
use domain::staff::Act;
use domain::{Content, Kind, RevisionState};
use edge::{Failure, RawForm};
use http::StatusCode;
use render::Form;

use super::editor::Known;
use super::incident::revision_row;
use super::incidents::short_name;
use super::person::Person;
use super::screen::see;
use super::sheet::stamp;
use super::views::{Can, Review};
use crate::Authoring;
use crate::actions::{Case, Expected, NotAlone, Promised, is_own};
use crate::caller::Caller;
use crate::error::{ActionError, Result};

pub(super) async fn show(State(authoring): State<Authoring>, person: Person, Path(id): Path<i64>) -> edge::Result {
    draw(&authoring, &person, id, (StatusCode::OK, None, Form::new())).await
}

/// Carries out the pressed button; whatever speaks against it is said on the same screen.
pub(super) async fn act(
    State(authoring): State<Authoring>,
    person: Person,
    Path((id, verb)): Path<(i64, String)>,
    form: RawForm,
) -> edge::Result {
    let fields = [verb.as_str(), form.text("hash"), form.text("reason"), form.text("next")];
    let caller = person.once(form.text("form_id"), &fields.join(" "));
    let reason = form.text("reason");
    let done = match verb.as_str() {
        "submit" => authoring.submit(&caller, id).await.map(|_| "submitted"),
        "approve" => authoring.approve(&caller, id, form.text("hash")).await.map(|_| "approved"),
        "reject" => authoring.reject(&caller, id, reason).await.map(|_| "rejected"),
        "publish" => authoring.publish(&caller, id).await.map(|_| "published"),
        "time" => return set_time(&authoring, &person, (id, &caller), form).await,
        "publish-alone" => authoring.publish_alone(&caller, id, reason).await.map(|_| "published"),
        _ => return Err(Failure::not_found()),
    };
    match done {
        Ok(done) => see(&format!("/revisions/{id}?done={done}")),
        Err(error) => refuse(&authoring, &person, id, (error, form)).await,
    }
}

/// Sets a new time for the next update. What then has to be mended by hand is mended in the form, which says what.
async fn set_time(authoring: &Authoring, person: &Person, (id, caller): (i64, &Caller), form: RawForm) -> edge::Result {
    let old = authoring.case(authoring.store(), &person.caller, id).await?.revision.content.next_update_by;
    let expected = Expected::Hash(form.text("hash").to_owned());
    let done = match form.text("next").parse() {
        Ok(at) => authoring.promise_anew(caller, (id, expected), at).await,
        Err(_) => Err(ActionError::field("next", "time")),
    };
    match done {
        Ok(Promised::Sent) => see(&format!("/revisions/{id}?done=submitted")),
        Ok(Promised::Open) => {
            let old = old.map_or_else(String::new, |old| format!("&old={}", stamp(old)));
            see(&format!("/revisions/{id}/edit?checks=1{old}"))
        }
        Err(error) => refuse(authoring, person, id, (error, form)).await,
    }
}

/// The same screen, with what speaks against it.
async fn refuse(
    authoring: &Authoring,
    person: &Person,
    id: i64,
    (error, form): (ActionError, RawForm),
) -> edge::Result {
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden) {
        return Err(error.into());
    }
    let notice = (error.kind() != Kind::Invalid).then(|| format!("error-{}", error.code()));
    let failure = Failure::from(error);
    let status = failure.status();
    let shown = form.refused(failure.into_problems());
    draw(authoring, person, id, (status, notice, shown)).await
}

async fn draw(
    authoring: &Authoring,
    person: &Person,
    id: i64,
    (status, notice, form): (StatusCode, Option<String>, Form),
) -> edge::Result {
    let case = authoring.case(authoring.store(), &person.caller, id).await?;
    let names = authoring.staff_names().await?;
    let judged = case.judged(authoring.store()).await?;
    let problems = match case.revision.state {
        RevisionState::Published => Vec::new(),
        _ => judged.problems(),
    };
    let not_alone = authoring.not_alone_of(authoring.store(), &case).await?;
    let blocked = !judged.problems_in_emergency().is_empty();
    let language = person.visit.language;
    let approved = case.revision.state == RevisionState::Approved && is_fresh(&case);
    let known = Known { purpose: case.revision.purpose, problems: &problems, approved };
    let side = authoring.side((&case.incident, &case.revision.content, known), &case.catalogue, language).await?;
    let last = authoring.last_public(&case).await?;
    let revision = &case.revision;
    let changes = |last| authoring.changes(&case.catalogue, language, (last, &revision.content));
    let differences = last.as_ref().map(changes).transpose().map_err(ActionError::from)?.unwrap_or_default();
    let keys = &revision.content.organisations;
    let mut shown = form;
    shown.values.insert("form_id".to_owned(), vec![authoring.env().token()]);
    let late = problems.iter().any(|problem| problem.code == "next-update-passed");
    let times = if late { authoring.times_ahead(language).map_err(ActionError::from)? } else { Vec::new() };
    let view = Review {
        form: shown,
        revision: revision_row(revision, &names),
        incident_url: format!("/incidents/{}", case.incident.id),
        organisations: keys.iter().map(|key| short_name(&case.catalogue, key).text(language).to_owned()).collect(),
        severity: revision.content.severity.key(),
        submitter: revision.submitted_by.and_then(|id| names.get(&id).cloned()),
        staff_note: revision.content.words.staff_note.clone(),
        early_reason: revision.content.early_reason.clone(),
        hash: case.hash.clone(),
        side,
        differences,
        has_last: last.is_some(),
        can: can(person, &case, Standing { ready: problems.is_empty(), late, blocked, not_alone }),
        times,
        public_urls: authoring.public_urls(&case.incident),
    };
    authoring.screen_with(person, &view, (status, notice.as_deref())).await
}

impl Authoring {
    /// The newest public update of the incident, unless this is it.
    async fn last_public(&self, case: &Case) -> Result<Option<Content>> {
        let revisions = self.store().revisions(case.incident.id).await.map_err(ActionError::from)?;
        let before = case.revision.number.unwrap_or(i64::MAX);
        let earlier = revisions.into_iter().filter(|one| one.number.is_some_and(|number| number < before));
        Ok(earlier.max_by_key(|one| one.number).map(|one| one.content))
    }
}

/// What speaks for and against the publication of a revision.
#[derive(Clone, Copy)]
struct Standing {
    /// Nothing is open.
    ready: bool,
    /// The time promised for the next update has passed.
    late: bool,
    /// Something is open that even an emergency does not excuse.
    blocked: bool,
    not_alone: Option<NotAlone>,
}

/// Whether an approval is still for what would go out.
fn is_fresh(case: &Case) -> bool {
    case.revision.approved_hash.as_deref() == Some(case.hash.as_str())
}

/// Offers what would be accepted. Where a way is closed that somebody might look for, the reason stands in its place.
fn can(person: &Person, case: &Case, standing: Standing) -> Can {
    let revision = &case.revision;
    let own = is_own(revision, &person.caller);
    let (state, open) = (revision.state, revision.state != RevisionState::Published);
    let draft = matches!(state, RevisionState::Draft | RevisionState::Rejected);
    let fresh = is_fresh(case);
    let alone = open && state != RevisionState::Approved;
    // An approval that came too late is none; then an emergency must not have to wait for another one.
    let alone_in_need = (alone || (open && standing.late)) && person.may(Act::BreakGlass);
    let emergency = alone_in_need && !revision.is_sent_back();
    let holding = alone && own && person.may(Act::Publish);
    Can {
        edit: open && person.may(Act::Translate),
        submit: draft && standing.ready && person.may(Act::Submit),
        late: standing.late,
        set_time: standing.late && person.may(Act::Write) && person.may(Act::Submit),
        approve: state == RevisionState::Submitted && !own && standing.ready && person.may(Act::Approve),
        reject: matches!(state, RevisionState::Submitted | RevisionState::Approved) && person.may(Act::Approve),
        publish: state == RevisionState::Approved && fresh && standing.ready && person.may(Act::Publish),
        stale: state == RevisionState::Approved && !fresh,
        publish_holding: holding && standing.ready && standing.not_alone.is_none(),
        not_alone: standing.not_alone.filter(|_| holding).map(NotAlone::key),
        publish_alone: emergency && !standing.blocked,
        blocked: emergency && standing.blocked,
        sent_back: alone_in_need && revision.is_sent_back(),
        own: state == RevisionState::Submitted && own && person.may(Act::Approve),
    }
}
