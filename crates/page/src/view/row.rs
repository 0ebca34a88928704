//! One service in a list: its name, its status in a word, and what is behind it.

use domain::Status;
use serde::Serialize;

use super::{Line, Voice};
use crate::model::now::ServiceNow;
use crate::routes::Place;

/// A row of the list of services.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: Line,
    pub(crate) status: Status,
    /// Both statuses, where the computer and the care differ.
    pub(crate) both: Option<Both>,
    /// The areas concerned, where it is not everywhere.
    pub(crate) places: Vec<Line>,
    /// The page of the service, where it tells the same.
    pub(crate) url: Option<String>,
}

/// The two statuses of one service.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Both {
    pub(crate) system: Status,
    pub(crate) care: Status,
}

impl Row {
    /// `None` for a service that the catalogue does not name.
    pub(crate) fn of(service: &ServiceNow, voice: Voice<'_>) -> Option<Self> {
        let name = voice.line(&voice.catalogue().service(&service.key)?.name);
        let both = (service.system != service.care).then_some(Both { system: service.system, care: service.care });
        let url = Place::Service(&service.key).path(voice.language);
        Some(Self { name, status: service.shown(), both, places: places(service, voice), url: Some(url) })
    }

    /// Whether there is anything to say beside "working normally".
    pub(crate) fn is_affected(&self) -> bool {
        self.status != Status::Operational
    }
}

fn places(service: &ServiceNow, voice: Voice<'_>) -> Vec<Line> {
    let root = voice.now.root().map(|root| root.key.as_str());
    if service.places.iter().any(|key| Some(key.as_str()) == root) {
        return Vec::new();
    }
    let mut places = Vec::new();
    for key in &service.places {
        let name = voice.short_name(key);
        if !places.contains(&name) {
            places.push(name);
        }
    }
    places
}
