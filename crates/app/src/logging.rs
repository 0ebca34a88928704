//! Sets up the log: to standard error, as text or JSON, filtered.

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging. A filter that cannot be read is replaced by `info`, since a log must never stop a start.
pub(crate) fn start(settings: &Log) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _already_started = if settings.format == "json" { log.json().try_init() } else { log.try_init() };
}
