//! Updates on their way: from the moment of publishing to phones, inboxes and accounts, through every trouble.

mod audience;
mod bounces;
mod faults;
mod first_people;
mod frozen;
mod keywords;
mod killed;
mod latency;
mod mails;
mod metrics;
mod outages;
mod pause;
mod posts;
mod rate;
mod receipts;
mod truth;
mod two_providers;
