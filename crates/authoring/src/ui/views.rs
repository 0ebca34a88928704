//! What each page shows, as its template sees it.

use chrono::{DateTime, Utc};
use domain::delivery::Progress;
use domain::{ChannelKind, Language};
use render::{Form, View};
use serde::Serialize;

mod audit;
mod live;

pub(crate) use self::audit::{Audit, AuditFact, AuditLine};
pub(crate) use self::live::{BroadcastPage, FailureRow, ReachRow, Report, ShareRow};
pub(crate) use super::diff::Piece;
use crate::accounts::AppSecret;
use crate::preview::{Preview, SmsPreview};

macro_rules! page {
    ($view:ident, $template:literal) => {
        impl View for $view {
            const TEMPLATE: &'static str = $template;
        }
    };
}

/// The sign-in page.
#[derive(Debug, Serialize)]
pub(crate) struct SignIn {
    pub(crate) form: Form,
}
page!(SignIn, "authoring/sign_in.html");

/// A form that could not be looked at, to be sent again.
#[derive(Debug, Serialize)]
pub(crate) struct Kept {
    pub(crate) form: Form,
    /// The button that was pressed.
    pub(crate) action: String,
    /// The words that were typed, to be seen.
    pub(crate) words: Vec<KeptWords>,
    /// Everything else.
    pub(crate) hidden: Vec<KeptField>,
}
page!(Kept, "authoring/kept.html");

/// A part of the words in one language.
#[derive(Debug, Serialize)]
pub(crate) struct KeptWords {
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) rows: u8,
    pub(crate) language: Language,
}

/// A field of the form.
#[derive(Debug, Serialize)]
pub(crate) struct KeptField {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The first step of a set-up: code and password.
#[derive(Debug, Serialize)]
pub(crate) struct SetUp {
    pub(crate) form: Form,
}
page!(SetUp, "authoring/set_up.html");

/// The second step: the app.
#[derive(Serialize)]
pub(crate) struct SetUpApp {
    pub(crate) form: Form,
    pub(crate) app: AppSecret,
}
page!(SetUpApp, "authoring/set_up_app.html");

/// The end of a set-up: the recovery codes, once.
#[derive(Serialize)]
pub(crate) struct SetUpDone {
    pub(crate) recovery_codes: Vec<String>,
}
page!(SetUpDone, "authoring/set_up_done.html");

/// One choice of a list.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
}

/// The list of incidents.
#[derive(Debug, Serialize)]
pub(crate) struct Incidents {
    pub(crate) open: Vec<IncidentRow>,
    pub(crate) drafts: Vec<IncidentRow>,
    pub(crate) over: Vec<IncidentRow>,
    pub(crate) may_write: bool,
    /// Where older ones are.
    pub(crate) older_url: Option<String>,
    pub(crate) now: DateTime<Utc>,
}
page!(Incidents, "authoring/incidents.html");

/// One incident of a list.
#[derive(Debug, Serialize)]
pub(crate) struct IncidentRow {
    pub(crate) url: String,
    pub(crate) number: i64,
    /// The key of what staff call it by its number.
    pub(crate) number_key: &'static str,
    pub(crate) title: domain::Localized,
    pub(crate) phase: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) organisation: domain::Localized,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) next_update_by: Option<DateTime<Utc>>,
    /// The promised time has passed.
    pub(crate) late: bool,
    /// The state of a revision that is not public, if one waits.
    pub(crate) pending: Option<&'static str>,
}

/// What waits for approval or publication.
#[derive(Debug, Serialize)]
pub(crate) struct Approvals {
    pub(crate) waiting: Vec<WaitingRow>,
    pub(crate) now: DateTime<Utc>,
}
page!(Approvals, "authoring/approvals.html");

/// One revision that waits.
#[derive(Debug, Serialize)]
pub(crate) struct WaitingRow {
    pub(crate) url: String,
    pub(crate) title: domain::Localized,
    pub(crate) state: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) author: String,
    pub(crate) updated_at: DateTime<Utc>,
    /// Written or sent by whoever looks: somebody else must approve it.
    pub(crate) own: bool,
}

/// One incident with everything that was written for it.
#[derive(Debug, Serialize)]
pub(crate) struct IncidentPage {
    pub(crate) incident: IncidentRow,
    pub(crate) planned: bool,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) public_urls: Vec<(Language, String)>,
    pub(crate) revisions: Vec<RevisionRow>,
    pub(crate) base_url: String,
    pub(crate) may_write: bool,
    pub(crate) may_stop: bool,
    pub(crate) may_withdraw: bool,
    /// Planned work that is public and not over.
    pub(crate) may_call_off: bool,
    pub(crate) correct_url: Option<String>,
}
page!(IncidentPage, "authoring/incident.html");

/// One revision of an incident.
#[derive(Debug, Serialize)]
pub(crate) struct RevisionRow {
    pub(crate) url: String,
    pub(crate) number: Option<i64>,
    pub(crate) purpose: &'static str,
    pub(crate) state: &'static str,
    pub(crate) phase: &'static str,
    pub(crate) title: domain::Localized,
    pub(crate) author: String,
    pub(crate) approver: Option<String>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) published_at: Option<DateTime<Utc>>,
    pub(crate) break_glass: Option<String>,
    pub(crate) rejection: Option<String>,
    pub(crate) broadcast: Option<BroadcastBox>,
}

/// The numbers of a broadcast.
#[derive(Debug, Serialize)]
pub(crate) struct BroadcastBox {
    pub(crate) url: String,
    pub(crate) state: &'static str,
    /// The word for how it went: the state, or that it ended without reaching everybody.
    pub(crate) outcome: &'static str,
    /// The counts that are shown; all but `delivered`, which are among the sent, add up to the audience.
    pub(crate) columns: Vec<&'static str>,
    pub(crate) channels: Vec<(ChannelKind, Progress)>,
    pub(crate) has_failed: bool,
}

/// The form in which updates are written.
#[derive(Debug, Serialize)]
pub(crate) struct Editor {
    pub(crate) form: Form,
    /// The key of the heading.
    pub(crate) heading: &'static str,
    /// Only Welsh words may be changed.
    pub(crate) welsh_only: bool,
    /// The organisation that speaks is fixed.
    pub(crate) speaker_fixed: bool,
    pub(crate) planned: bool,
    pub(crate) asks_reason: bool,
    /// When it began can be said: of a problem, not of planned work.
    pub(crate) asks_start: bool,
    /// To say now that it is over needs a reason.
    pub(crate) asks_early_reason: bool,
    pub(crate) languages: Vec<Language>,
    pub(crate) words: Vec<WordField>,
    pub(crate) choices: Option<Choices>,
    pub(crate) side: Option<Side>,
    pub(crate) rejection: Option<String>,
}
page!(Editor, "authoring/editor.html");

/// One part of the words.
#[derive(Debug, Serialize)]
pub(crate) struct WordField {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) rows: u8,
    /// The same part of the last public update, for reference.
    pub(crate) last: Option<domain::Localized>,
    /// How it counts as a text message.
    pub(crate) sms: Vec<(Language, SmsPreview)>,
}

/// The lists of the form.
#[derive(Debug, Serialize)]
pub(crate) struct Choices {
    pub(crate) components: Vec<Choice>,
    pub(crate) speakers: Vec<Choice>,
    pub(crate) organisations: Vec<Choice>,
    pub(crate) groups: Vec<ServiceGroup>,
    pub(crate) picked: Vec<Choice>,
    pub(crate) statuses: Vec<Choice>,
    pub(crate) own_statuses: Vec<Choice>,
    pub(crate) severities: Vec<Choice>,
    pub(crate) phases: Vec<Choice>,
    pub(crate) causes: Vec<Choice>,
    pub(crate) certainties: Vec<Choice>,
    pub(crate) cyber: Vec<Choice>,
    pub(crate) data: Vec<Choice>,
    /// One for each incident that it is or is not related to, and one more.
    pub(crate) relation_rows: Vec<usize>,
    pub(crate) others: Vec<Choice>,
    pub(crate) relations: Vec<Choice>,
    pub(crate) advice: Vec<Choice>,
    /// Advice in doubt, to be confirmed; the hint is the service that does not work.
    pub(crate) stands: Vec<Choice>,
    pub(crate) next: Vec<Choice>,
    pub(crate) channels: Vec<Choice>,
}

/// The services of one heading.
#[derive(Debug, Serialize)]
pub(crate) struct ServiceGroup {
    pub(crate) name: String,
    pub(crate) open: bool,
    pub(crate) services: Vec<Choice>,
}

/// What the update will do, beside the form and on the page of approval.
#[derive(Debug, Serialize)]
pub(crate) struct Side {
    pub(crate) preview: Preview,
    pub(crate) cost: String,
    /// When the last text is handed to a provider, if it were published now.
    pub(crate) last_text_at: Option<DateTime<Utc>>,
    pub(crate) checks: Vec<Check>,
    /// Advice that sends people to what does not work.
    pub(crate) in_doubt: Vec<InDoubt>,
    /// Both names as a phone shows them.
    pub(crate) names: Vec<(Language, String)>,
}

/// Advice that sends people to a service which does not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct InDoubt {
    pub(crate) key: String,
    pub(crate) advice: String,
    pub(crate) service: String,
    /// Somebody looked at it and said that it stands.
    pub(crate) stands: bool,
}

/// One thing that must be right before an update can go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    pub(crate) fine: bool,
    pub(crate) words: String,
}

/// A revision to be read by whoever decides about it.
#[derive(Debug, Serialize)]
pub(crate) struct Review {
    pub(crate) form: Form,
    pub(crate) revision: RevisionRow,
    pub(crate) incident_url: String,
    pub(crate) organisations: Vec<String>,
    pub(crate) severity: &'static str,
    pub(crate) submitter: Option<String>,
    pub(crate) staff_note: domain::Localized,
    /// Why it is over already.
    pub(crate) early_reason: Option<String>,
    pub(crate) hash: String,
    pub(crate) side: Side,
    pub(crate) differences: Vec<Difference>,
    pub(crate) has_last: bool,
    pub(crate) can: Can,
    /// New times for the next update, when the promised one has passed.
    pub(crate) times: Vec<Choice>,
    pub(crate) public_urls: Vec<(Language, String)>,
}
page!(Review, "authoring/review.html");

/// What whoever looks may do now.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Can {
    pub(crate) edit: bool,
    pub(crate) submit: bool,
    /// The time promised for the next update has passed.
    pub(crate) late: bool,
    /// May choose a new one.
    pub(crate) set_time: bool,
    pub(crate) approve: bool,
    pub(crate) reject: bool,
    pub(crate) publish: bool,
    /// Approved, but what would go out has changed since.
    pub(crate) stale: bool,
    pub(crate) publish_holding: bool,
    /// The key of the reason why whoever wrote it may not publish it alone.
    pub(crate) not_alone: Option<&'static str>,
    pub(crate) publish_alone: bool,
    /// Not even an emergency would let it out.
    pub(crate) blocked: bool,
    /// Not even an emergency lets out what was sent back.
    pub(crate) sent_back: bool,
    /// Waits, but whoever looks wrote or sent it.
    pub(crate) own: bool,
}

/// A part that reads otherwise than in the last public update.
#[derive(Debug, Serialize)]
pub(crate) struct Difference {
    pub(crate) label: &'static str,
    pub(crate) language: Option<Language>,
    /// One for a text; one for each changed item of a list.
    pub(crate) lines: Vec<Vec<Piece>>,
}

/// One's own account.
#[derive(Debug, Serialize)]
pub(crate) struct Account {
    pub(crate) form: Form,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    pub(crate) organisation: Option<domain::Localized>,
    /// New recovery codes, shown once.
    pub(crate) recovery_codes: Vec<String>,
}
page!(Account, "authoring/account.html");

/// The accounts of staff.
#[derive(Serialize)]
pub(crate) struct Staff {
    pub(crate) form: Form,
    pub(crate) people: Vec<StaffRow>,
    pub(crate) roles: Vec<Choice>,
    pub(crate) organisations: Vec<Choice>,
    /// Shown once, after an invitation.
    pub(crate) invitation: Option<(String, String)>,
}
page!(Staff, "authoring/staff.html");

/// The unlisted address for staff, in every language.
#[derive(Serialize)]
pub(crate) struct StaffAddress {
    pub(crate) addresses: Vec<(Language, String)>,
    pub(crate) may_change: bool,
}
page!(StaffAddress, "authoring/staff_address.html");

/// One member of staff.
#[derive(Debug, Serialize)]
pub(crate) struct StaffRow {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    pub(crate) organisation: Option<domain::Localized>,
    pub(crate) active: bool,
    pub(crate) waiting: bool,
    pub(crate) own: bool,
}
