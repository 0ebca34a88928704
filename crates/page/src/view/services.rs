//! Every service under its heading.

use render::View;
use serde::Serialize;

use super::row::Row;
use super::{Line, Voice};
use crate::model::now::Scope;

/// A heading with its services.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) name: Line,
    pub(crate) rows: Vec<Row>,
}

/// The page of all services.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Services {
    pub(crate) groups: Vec<Group>,
    pub(crate) affected: usize,
}

impl View for Services {
    const TEMPLATE: &'static str = "page/services.html";
}

impl Services {
    pub(crate) fn of(voice: Voice<'_>) -> Self {
        let services = voice.now.services(Scope::Home);
        let mut groups = Vec::new();
        for group in &voice.catalogue().groups {
            let of_group = |key: &str| voice.catalogue().service(key).is_some_and(|one| one.group == group.key);
            let rows = services.iter().filter(|service| of_group(&service.key));
            let rows: Vec<Row> = rows.filter_map(|service| Row::of(service, voice)).collect();
            if !rows.is_empty() {
                groups.push(Group { name: voice.line(&group.name), rows });
            }
        }
        let affected = groups.iter().flat_map(|group| &group.rows).filter(|row| row.is_affected()).count();
        Self { groups, affected }
    }
}
