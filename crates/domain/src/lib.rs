//! What Hysbys is about, without any input or output: incidents and their revisions, the catalogue of
//! organisations and services, audiences and deliveries, and the rules that join them.

pub mod advice;
pub mod announcement;
pub mod audience;
pub mod audit;
pub mod catalogue;
pub mod delivery;
pub mod email_address;
pub mod env;
pub mod fact;
pub mod incident;
pub mod keyword;
pub mod kind;
pub mod language;
pub mod link;
pub mod localized;
pub mod organisation;
pub mod phase;
pub mod phone;
pub mod revision;
pub mod service;
pub mod severity;
pub mod site;
pub mod sms;
pub mod staff;
pub mod status;
pub mod subscriber;
pub mod template;
pub mod text;
pub mod thread;

pub use announcement::{Announcement, MailText, PostText};
pub use audience::Audience;
pub use catalogue::Catalogue;
pub use email_address::EmailAddress;
pub use env::Env;
pub use incident::{Incident, IncidentKind};
pub use kind::{HasKind, Kind, WithCauses};
pub use language::Language;
pub use localized::Localized;
pub use phase::Phase;
pub use phone::PhoneNumber;
pub use revision::{Content, Revision, RevisionState};
pub use severity::Severity;
pub use site::Site;
pub use status::Status;
pub use subscriber::{ChannelKind, Contact, Subscriber};
