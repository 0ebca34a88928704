//! The project's own benchmarks: each measures what it promises against a bare limit of the same run, and prints one
//! JSON line per figure.

mod broadcast;
mod core;
mod databases;
mod email;
mod fanout;
mod figure;
mod first_text;
mod http;
mod page;
mod people;
mod processor;
mod publish_visible;
mod ranges;
mod receipts;
mod series;
mod site;
mod sms;
mod statistics;
mod store;
mod updates;

use anyhow::bail;

use crate::commands::say;

/// The benchmarks by name, with what each shows.
const NAMES: [(&str, &str); 11] = [
    ("publish-visible", "from the call that publishes until a reader's browser gets the update"),
    ("first-text", "from the call that publishes until the provider has the first of 100,000 texts"),
    ("page", "the home page: its size, and how many readers one core serves, beside nginx with the same bytes"),
    ("broadcast", "20,000 texts from first to last, at an agreed rate and as quickly as it goes"),
    (
        "fanout",
        "10,000 to 1,000,000 people (HYSBYS_BENCH_PEOPLE) and a provider that takes all at once: rate, memory, room",
    ),
    ("sms", "texts through our channel to a sink, beside bare sockets with the same bytes on the same core"),
    ("email", "mails through our channel to smtp-sink, beside smtp-source with the same mail on the same core"),
    ("store", "outcomes a second through the checkpoints of four ranges, beside bare SQL that writes the same rows"),
    ("claim", "ranges leased one by one in a second, beside the least transaction on as many of them"),
    (
        "recover",
        "how soon four ranges go on whose notifier died in the middle of a group, beside as many least transactions",
    ),
    (
        "receipts",
        "a million reports on texts over HTTP (HYSBYS_BENCH_RECEIPTS), in random order, some twice, some forged",
    ),
];

/// Runs one benchmark, or lists them.
///
/// # Errors
/// When there is none of that name, or it could not be run.
pub async fn run(name: &str) -> anyhow::Result<()> {
    // Only what goes wrong may be written beside what is measured.
    let quiet = crate::config::Log { filter: "error".to_owned(), ..crate::config::Log::default() };
    crate::logging::start(&quiet);
    match name {
        "list" => list(),
        "publish-visible" => publish_visible::run().await,
        "first-text" => first_text::run().await,
        "page" => page::run().await,
        "broadcast" => broadcast::run().await,
        "fanout" => fanout::run().await,
        "sms" => sms::run().await,
        "email" => email::run().await,
        "store" => store::run().await,
        "claim" => store::claim().await,
        "recover" => store::recover().await,
        "receipts" => receipts::run().await,
        _ => bail!("there is no benchmark called {name}; `hysbys bench list` names them"),
    }
}

fn list() -> anyhow::Result<()> {
    for (name, shows) in NAMES {
        say(format_args!("{name:16} {shows}"))?;
    }
    Ok(())
}
