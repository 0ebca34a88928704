//! The ways out: text messages, mail and posts. Each turns one message into one [`domain::delivery::SendResult`],
//! and knows nothing of queues or databases.

pub mod channel;
pub mod download;
pub mod email;
pub mod http;
pub mod mastodon;
mod metered;
pub mod null;
pub mod outgoing;
pub mod retry_after;
pub mod settings;
pub mod signature;
pub mod sms;

pub use channel::{Channel, ChannelProblem, Doubt};
pub use domain::Secret;
pub use email::{About, Email, Letter, MailIdentity, MailProblem, MailReport, MailTemplate, News, Unread, Verp};
pub use mastodon::Mastodon;
pub use metered::{Meter, Metered};
pub use null::Null;
pub use outgoing::{Mail, Outgoing, Post, Reach, Text, TextBody};
pub use sms::Sms;
