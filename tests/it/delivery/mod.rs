//! Updates on their way: from the moment of publishing to phones, inboxes and accounts, through every trouble.

mod audience;
mod bounces;
mod early;
mod faults;
mod first_people;
mod frozen;
mod keywords;
mod killed;
mod latency;
mod list;
mod mails;
mod metrics;
mod outages;
mod overtaken;
mod pause;
mod pauses;
mod posts;
mod rate;
mod receipts;
mod refused;
mod relays;
mod report_storm;
mod synthetic;
mod truth;
mod two_providers;
mod words;
