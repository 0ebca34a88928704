//! The tests of the simulator from outside, over real sockets: one binary, so that everything is linked once.
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail the test")]

mod mail;
mod page;
mod sms;
mod social;
mod world;
