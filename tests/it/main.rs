//! The integration tests: one binary, so that everything is linked once.

#![expect(clippy::print_stdout, reason = "the figures of a run are for whoever reads its output")]

#[cfg(test)]
mod authoring;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod page;
#[cfg(test)]
mod store;
mod tidy;
