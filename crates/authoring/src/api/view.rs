//! Incidents, revisions and broadcasts as JSON. Ids are texts: JavaScript cannot hold 64 bits in a number.

use domain::revision::ContentProblem;
use domain::{Incident, Language, Revision};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::Authoring;
use crate::actions::{BroadcastReport, Publication};

/// An incident without its revisions.
pub(crate) fn incident(authoring: &Authoring, incident: &Incident) -> Map<String, Value> {
    let urls: Map<String, Value> = incident
        .languages
        .iter()
        .map(|language| (language.code().to_owned(), authoring.site().incident(*language, &incident.slug).into()))
        .collect();
    let mut view = object(incident);
    view.insert("id".to_owned(), id(incident.id));
    view.insert("urls".to_owned(), urls.into());
    view
}

/// A revision with the hash that an approval of it would bind to, and what keeps it from being published.
pub(crate) fn revision(revision: &Revision, hash: &str, problems: &[ContentProblem]) -> Map<String, Value> {
    let mut view = object(&revision.content);
    let problems: Vec<Value> = problems.iter().map(problem).collect();
    let own = json!({
        "id": id(revision.id),
        "incident": id(revision.incident),
        "number": revision.number,
        "purpose": revision.purpose,
        "state": revision.state,
        "version": revision.version,
        "hash": hash,
        "author": id(revision.author),
        "writers": revision.writers.iter().copied().map(id).collect::<Vec<_>>(),
        "submitted_by": revision.submitted_by.map(id),
        "approved_by": revision.approved_by.map(id),
        "rejection": revision.rejection,
        "break_glass": revision.break_glass,
        "created_at": revision.created_at,
        "updated_at": revision.updated_at,
        "published_at": revision.published_at,
        "problems": problems,
    });
    view.extend(object(&own));
    view
}

/// What keeps a revision from being published.
pub(crate) fn problem(problem: &ContentProblem) -> Value {
    let pointer = match problem.language {
        Some(language) => format!("/{}/{language}", problem.field),
        None => format!("/{}", problem.field),
    };
    json!({"pointer": pointer, "code": problem.code})
}

/// A broadcast with its counts per channel.
pub(crate) fn broadcast(report: &BroadcastReport) -> Value {
    let broadcast = &report.broadcast;
    json!({
        "id": id(broadcast.id),
        "revision": id(broadcast.id),
        "incident": id(broadcast.incident),
        "update": broadcast.update,
        "state": broadcast.state,
        "severity": broadcast.audience.severity,
        "created_at": broadcast.created_at,
        "channels": report.channels,
    })
}

/// A publication, with where people read it.
pub(crate) fn publication(authoring: &Authoring, publication: Publication, incident: &Incident) -> Value {
    let link = |language: Language| {
        let page = authoring.site().incident(language, &incident.slug);
        (language.code().to_owned(), Value::from(format!("{page}#update-{}", publication.update)))
    };
    let urls: Map<String, Value> = incident.languages.iter().copied().map(link).collect();
    json!({
        "broadcast": id(publication.broadcast),
        "revision": id(publication.broadcast),
        "incident": id(publication.incident),
        "update": publication.update,
        "urls": urls,
    })
}

fn id(number: i64) -> Value {
    number.to_string().into()
}

/// Plain data is always an object here.
fn object(data: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(data) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
