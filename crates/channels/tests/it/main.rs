//! The channels against small servers on real sockets.

#![expect(clippy::unwrap_used, reason = "a test may stop where its own server does")]

mod email;
mod mastodon;
mod sms;
mod support;
