//! Every page with sample data, for the test that renders every template in every language.

mod data;
mod live;

use domain::announcement::LEAVE_LINK;
use domain::audit::{AuditEntry, origin};
use domain::delivery::Progress;
use domain::revision::Purpose;
use domain::{ChannelKind, Language, Localized, MailText};
use render::{Form, LanguageLink, Link, Problem, Sample, StaffFrame};

use self::data::{catalogue, content, incident, moment, site};
use self::live::broadcast_page;
use crate::accounts::app_secret;
use crate::compose::{Fragment, MailHtml, MailPlain, Update};
use crate::preview::{LanguagePreview, Preview, Reach, SmsPreview, StaffPreview, TextCost};
use crate::ui::views::{
    Account, Approvals, Audit, AuditFact, AuditLine, BroadcastBox, BroadcastPage, Can, Check, Choice, Choices,
    Difference, Editor, InDoubt, IncidentPage, IncidentRow, Incidents, Kept, KeptField, KeptWords, Piece, Review,
    RevisionRow, ServiceGroup as Group, SetUp, SetUpApp, SetUpDone, Side, SignIn, Staff, StaffAddress, StaffRow,
    WaitingRow, WordField,
};

/// The samples.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let refused = Form::new().refused(vec![Problem::new("email", "sign-in-wrong")]);
    let purpose = Purpose::Correction;
    let updates = Language::ALL
        .map(|language| Update::new((&catalogue(), &site()), &incident(), (purpose, &content()), language));
    let [update, _] = updates;
    let codes = vec!["ABCD-EFGH-IJKL-MNOP".to_owned()];
    vec![
        Sample::of(Fragment { update: update.clone() }),
        Sample::of(MailPlain { update: update.clone(), leave_url: LEAVE_LINK }),
        Sample::of(MailHtml { update, leave_url: LEAVE_LINK }),
        Sample::framed(StaffFrame::default(), SignIn { form: refused }),
        Sample::framed(frame(), kept()),
        Sample::framed(StaffFrame::default(), SetUp { form: Form::new() }),
        Sample::framed(
            StaffFrame::default(),
            SetUpApp { form: Form::new(), app: app_secret(&[7; 20], "Hysbys", "a@b.example") },
        ),
        Sample::framed(StaffFrame::default(), SetUpDone { recovery_codes: codes.clone() }),
        Sample::framed(frame(), incidents()),
        Sample::framed(frame(), Approvals { waiting: vec![waiting()], now: moment() }),
        Sample::framed(frame(), incident_page()),
        Sample::framed(frame(), planned_page()),
        Sample::framed(frame(), broadcast_page("sending")),
        Sample::framed(frame(), broadcast_page("paused")),
        Sample::framed(frame(), BroadcastPage { outcome: "ended", is_over: true, ..broadcast_page("done") }),
        Sample::framed(frame(), editor()),
        Sample::framed(frame(), Editor { welsh_only: true, choices: None, side: None, asks_reason: true, ..editor() }),
        Sample::framed(frame(), review()),
        Sample::framed(
            frame(),
            Audit { entries: vec![line()], older_url: Some("/audit?before=1".to_owned()), narrowed: true },
        ),
        Sample::framed(frame(), account(codes)),
        Sample::framed(frame(), staff()),
        Sample::framed(frame(), staff_address()),
        Sample::framed(frame(), StaffAddress { addresses: Vec::new(), may_change: true }),
    ]
}

fn kept() -> Kept {
    Kept {
        form: Form::new().value("title.cy", "Teitl"),
        action: "save".to_owned(),
        words: vec![KeptWords {
            name: "title.cy".to_owned(),
            label: "au-field-title",
            rows: 2,
            language: Language::Cy,
        }],
        hidden: vec![KeptField { name: "severity".to_owned(), value: "serious".to_owned() }],
    }
}

fn frame() -> StaffFrame {
    let link = |language: Language| LanguageLink { language, url: format!("/language/{language}?back=/incidents") };
    StaffFrame {
        staff_name: Some("Mari Rees".to_owned()),
        nav: vec![
            Link::to("au-nav-incidents", "/incidents").current(true),
            Link::to("au-nav-approvals", "/approvals").count(1),
        ],
        csrf: Some("token".to_owned()),
        languages: Language::ALL.map(link).to_vec(),
        banners: Vec::new(),
    }
}

fn title() -> Localized {
    content().words.title
}

fn row() -> IncidentRow {
    IncidentRow {
        url: "/incidents/1".to_owned(),
        number: 7,
        number_key: "au-number",
        title: title(),
        phase: "ph-investigating",
        severity: "serious",
        organisation: Localized::both("All Wales", "Cymru gyfan"),
        updated_at: moment(),
        next_update_by: Some(moment()),
        late: true,
        pending: Some("draft"),
    }
}

fn incidents() -> Incidents {
    Incidents {
        open: vec![row()],
        drafts: vec![IncidentRow { title: Localized::default(), next_update_by: None, late: false, ..row() }],
        over: vec![row()],
        may_write: true,
        older_url: Some("/incidents?before=1".to_owned()),
        now: moment(),
    }
}

fn waiting() -> WaitingRow {
    WaitingRow {
        url: "/revisions/1".to_owned(),
        title: title(),
        state: "submitted",
        severity: "serious",
        author: "Mari Rees".to_owned(),
        updated_at: moment(),
        own: true,
    }
}

fn revision_row(state: &'static str) -> RevisionRow {
    RevisionRow {
        url: "/revisions/1".to_owned(),
        number: Some(1),
        purpose: "correction",
        state,
        phase: "ph-investigating",
        title: title(),
        author: "Mari Rees".to_owned(),
        approver: Some("Huw Prys".to_owned()),
        updated_at: moment(),
        published_at: Some(moment()),
        break_glass: Some("Nobody else could be reached".to_owned()),
        rejection: Some("Name the areas".to_owned()),
        broadcast: None,
    }
}

fn incident_page() -> IncidentPage {
    let channels = vec![(ChannelKind::Sms, Progress { audience: 8_310, sent: 12, failed: 1, ..Progress::default() })];
    let broadcast = |state| BroadcastBox {
        url: "/broadcasts/1".to_owned(),
        state,
        outcome: if state == "done" { "ended" } else { state },
        columns: vec!["audience", "sent", "delivered", "superseded", "remaining"],
        channels: channels.clone(),
        has_failed: true,
    };
    let with = |state| RevisionRow { broadcast: Some(broadcast(state)), ..revision_row("published") };
    IncidentPage {
        incident: row(),
        planned: false,
        starts_at: moment(),
        ends_at: None,
        public_urls: vec![(Language::Cy, "https://status.example/cy/digwyddiadau/x".to_owned())],
        revisions: vec![revision_row("rejected"), with("sending"), with("paused"), with("done"), with("cancelled")],
        base_url: "/incidents/1".to_owned(),
        may_write: true,
        may_stop: true,
        may_withdraw: true,
        may_call_off: false,
        correct_url: Some("/revisions/1/correct".to_owned()),
    }
}

/// Planned work is spoken of in words of its own.
fn planned_page() -> IncidentPage {
    let (starts_at, ends_at) = (moment(), Some(moment() + chrono::Duration::hours(4)));
    let incident = IncidentRow { number_key: "au-number-planned", ..row() };
    let (may_withdraw, may_call_off) = (false, true);
    IncidentPage { incident, planned: true, starts_at, ends_at, may_withdraw, may_call_off, ..incident_page() }
}

fn sms() -> SmsPreview {
    SmsPreview::new(&"Mae'r broblem ar ôl. ".repeat(15), Language::Cy)
}

fn side() -> Side {
    let one = LanguagePreview {
        page: "<h2>Title</h2>".to_owned(),
        sms: Some(sms()),
        mail: MailText { subject: "Title".to_owned(), text: "Text".to_owned(), html: "<p>Text</p>".to_owned() },
        posts: vec!["Post".to_owned()],
        staff: StaffPreview {
            works: "Results by telephone".to_owned(),
            workaround: "Green forms".to_owned(),
            line: "Please bring your letter.".to_owned(),
        },
    };
    let reach = |channel| Reach { channel, language: Language::Cy, people: 8_310, chosen: true };
    let preview = Preview {
        hash: "0".repeat(64),
        languages: Language::ALL.into_iter().map(|language| (language, one.clone())).collect(),
        reach: ChannelKind::ALL.map(reach).to_vec(),
        texts: TextCost { parts: 59_050, pence: 141_700, seconds: 591 },
    };
    let check = |fine| Check { fine, words: "Both languages".to_owned() };
    Side {
        preview,
        cost: "£1,417".to_owned(),
        last_text_at: Some(moment()),
        checks: vec![check(true), check(false)],
        in_doubt: vec![doubt(true), doubt(false)],
        names: vec![(Language::Cy, "GIG Cymru".to_owned()), (Language::En, "NHS Wales".to_owned())],
    }
}

fn doubt(stands: bool) -> InDoubt {
    let key = if stands { "call_999" } else { "use_111" };
    InDoubt { key: key.to_owned(), advice: "Call 111.".to_owned(), service: "111".to_owned(), stands }
}

fn list() -> Vec<Choice> {
    let choice = |value: &str, hint: Option<&str>| Choice {
        value: value.to_owned(),
        label: value.to_owned(),
        hint: hint.map(str::to_owned),
    };
    vec![choice("one", Some("hint")), choice("two", None)]
}

fn choices() -> Choices {
    Choices {
        components: list(),
        speakers: list(),
        organisations: list(),
        groups: vec![Group { name: "Hospitals".to_owned(), open: true, services: list() }],
        picked: list(),
        statuses: list(),
        own_statuses: list(),
        severities: list(),
        phases: list(),
        causes: list(),
        certainties: list(),
        cyber: list(),
        data: list(),
        relation_rows: vec![0, 1],
        others: list(),
        relations: list(),
        advice: list(),
        stands: list(),
        next: list(),
        channels: list(),
    }
}

fn editor() -> Editor {
    let word = |name, label| WordField { name, label, rows: 3, last: Some(title()), sms: vec![(Language::Cy, sms())] };
    Editor {
        form: Form::new().value("services", "one").refused(vec![Problem::new("title.cy", "language-missing")]),
        heading: "au-report",
        welsh_only: false,
        speaker_fixed: false,
        planned: true,
        asks_reason: false,
        asks_start: true,
        asks_early_reason: true,
        languages: Language::ALL.to_vec(),
        words: vec![word("title", "au-field-title"), word("sms", "au-field-sms")],
        choices: Some(choices()),
        side: Some(side()),
        rejection: Some("Name the areas".to_owned()),
    }
}

fn review() -> Review {
    let piece = |kind, text: &str| Piece { kind, text: text.to_owned() };
    let pieces = vec![piece("same", "Keep"), piece("gone", "your"), piece("new", "the")];
    Review {
        form: Form::new(),
        revision: revision_row("rejected"),
        incident_url: "/incidents/1".to_owned(),
        organisations: vec!["All Wales".to_owned()],
        severity: "serious",
        submitter: Some("Mari Rees".to_owned()),
        staff_note: Localized::both("From the service desk", "O'r ddesg wasanaeth"),
        early_reason: Some("A false alarm of one sensor".to_owned()),
        hash: "0".repeat(64),
        side: side(),
        differences: vec![Difference { label: "au-field-know", language: Some(Language::Cy), lines: vec![pieces] }],
        has_last: true,
        can: Can {
            edit: true,
            submit: true,
            late: true,
            set_time: true,
            approve: true,
            reject: true,
            publish: true,
            stale: true,
            publish_holding: true,
            not_alone: Some("au-not-alone-grave"),
            publish_alone: true,
            blocked: true,
            sent_back: true,
            own: true,
        },
        times: list(),
        public_urls: vec![(Language::En, "https://status.example/en/incidents/x".to_owned())],
    }
}

fn line() -> AuditLine {
    let fact = |label, name: &str| AuditFact { label, name: name.to_owned(), value: "Nobody answers".to_owned() };
    let facts = vec![fact(Some("au-reason"), "reason"), fact(None, "newer")];
    AuditLine { entry: entry(), link: Some("/revisions/1".to_owned()), facts }
}

fn entry() -> AuditEntry {
    AuditEntry {
        number: 1,
        at: moment(),
        actor: 1,
        actor_name: "Mari Rees".to_owned(),
        action: "revision.published".to_owned(),
        subject: "revision/1".to_owned(),
        details: "{}".to_owned(),
        previous: origin(),
        hash: origin(),
    }
}

fn account(recovery_codes: Vec<String>) -> Account {
    Account {
        form: Form::new(),
        name: "Mari Rees".to_owned(),
        email: "mari@status.example".to_owned(),
        role: "author",
        organisation: Some(Localized::both("All Wales", "Cymru gyfan")),
        recovery_codes,
    }
}

fn staff_address() -> StaffAddress {
    let address = |language: Language| (language, format!("https://status.example/{language}/staff/0000-x"));
    StaffAddress { addresses: Language::ALL.map(address).to_vec(), may_change: true }
}

fn staff() -> Staff {
    let person = |role, own| StaffRow {
        url: "/staff/1".to_owned(),
        name: "Mari Rees".to_owned(),
        email: "mari@status.example".to_owned(),
        role,
        organisation: None,
        active: true,
        waiting: true,
        own,
    };
    let gone = StaffRow { active: false, ..person("admin", false) };
    Staff {
        form: Form::new(),
        people: vec![person("author", false), person("approver", true), person("translator", false), gone],
        roles: list(),
        organisations: list(),
        invitation: Some(("https://staff.status.example/set-up/1-x".to_owned(), "ABCD-EFGH".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use render::{RenderSettings, Renderer};

    use super::*;

    #[test]
    fn every_page_can_be_drawn_in_both_languages() {
        let renderer = Renderer::new(RenderSettings::default()).unwrap();
        for sample in samples() {
            for language in Language::ALL {
                let drawn = sample.render(&renderer, language);
                assert!(drawn.is_ok(), "{} in {language}: {:?}", sample.template, drawn.err());
            }
        }
    }
}
