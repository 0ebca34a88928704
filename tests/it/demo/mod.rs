//! The demo and the operator's commands, run as a newcomer runs them: the real program, its exit codes and its words.

pub(crate) mod child;
pub(crate) mod command;
mod counted;
mod crawl;
mod export;
mod listeners;
mod operator;
mod paused;
mod story;
