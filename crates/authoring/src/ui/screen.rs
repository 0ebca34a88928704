//! Draws a page inside the staff frame.

use axum::response::Response;
use domain::RevisionState;
use domain::staff::Act;
use http::{HeaderValue, StatusCode, header};
use render::{Banner, LanguageLink, Link, StaffFrame, View};

use super::person::{Person, Visit};
use crate::Authoring;
use crate::error::ActionError;

/// How far the demo's clock may differ from the machine's before every page says so.
const SAME_CLOCK: chrono::Duration = chrono::Duration::minutes(1);

impl Authoring {
    /// A page for somebody who has signed in.
    pub(crate) async fn screen<V: View>(&self, person: &Person, view: &V) -> edge::Result {
        self.screen_with(person, view, (StatusCode::OK, None)).await
    }

    /// A page with a status and a notice of its own.
    pub(crate) async fn screen_with<V: View>(
        &self,
        person: &Person,
        view: &V,
        (status, notice): (StatusCode, Option<&str>),
    ) -> edge::Result {
        let mut frame = self.frame(&person.visit, notice);
        frame.staff_name = Some(person.known.account.name.clone());
        frame.nav = self.navigation(person).await;
        self.drawn(&frame, view, &person.visit, status)
    }

    /// A page for anybody.
    pub(crate) fn open_screen<V: View>(&self, visit: &Visit, view: &V, status: StatusCode) -> edge::Result {
        self.drawn(&self.frame(visit, None), view, visit, status)
    }

    fn frame(&self, visit: &Visit, notice: Option<&str>) -> StaffFrame {
        let mut banners = Vec::new();
        let now = self.env().now();
        if (now - self.env().machine_now()).abs() > SAME_CLOCK {
            banners.push(Banner::DemoClock { now });
        }
        banners.extend(visit.done.map(|key| Banner::Success { key: key.to_owned() }));
        banners.extend(notice.map(|key| Banner::Notice { key: key.to_owned() }));
        let link = |language: &domain::Language| LanguageLink {
            language: *language,
            url: format!("/language/{language}?back={}", visit.path),
        };
        StaffFrame {
            csrf: Some(visit.csrf.clone()),
            languages: self.renderer().settings().languages.iter().map(link).collect(),
            banners,
            ..StaffFrame::default()
        }
    }

    async fn navigation(&self, person: &Person) -> Vec<Link> {
        let path = person.visit.path.as_str();
        let link = |key, url: &str| Link::to(key, url).current(path == url);
        let mut nav = vec![link("au-nav-incidents", "/incidents")];
        if person.may(Act::Write) {
            nav.push(link("au-nav-report", "/incidents/new"));
            nav.push(link("au-nav-plan", "/planned/new"));
        }
        if person.may(Act::Approve) {
            nav.push(link("au-nav-approvals", "/approvals").count(self.waiting(person).await));
        }
        nav.push(link("au-nav-audit", "/audit"));
        if person.may(Act::ManageStaff) {
            nav.push(link("au-nav-staff", "/staff"));
        }
        nav.push(link("au-nav-staff-address", "/staff-address"));
        nav.push(link("au-nav-account", "/account"));
        nav
    }

    /// How many revisions wait for this person's approval. A number in the navigation is no reason to fail.
    async fn waiting(&self, person: &Person) -> u64 {
        if person.offline {
            return 0;
        }
        let Ok(waiting) = self.store().revisions_waiting().await else { return 0 };
        let own = person.caller.actor.organisation.as_ref();
        let theirs = waiting.iter().filter(|one| own.is_none() || one.content.organisations.first() == own);
        theirs.filter(|one| one.state == RevisionState::Submitted).count() as u64
    }

    fn drawn<V: View>(&self, frame: &StaffFrame, view: &V, visit: &Visit, status: StatusCode) -> edge::Result {
        let html = self.renderer().render_in(frame, view, visit.language).map_err(ActionError::from)?;
        let mut response = Response::new(html.into());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(visit.language.tag()));
        Ok(response)
    }
}

/// Where a form leads after it did something: a page that can be reloaded harmlessly.
pub(crate) fn see(path: &str) -> edge::Result {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let path = HeaderValue::from_str(path)
        .map_err(|error| edge::Failure::new(domain::Kind::Broken, "broken").because(error))?;
    response.headers_mut().insert(header::LOCATION, path);
    Ok(response)
}
