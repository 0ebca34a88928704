//! Stories about editions: what they hold, what a reader gets of them, and what survives.

mod answers;
mod archive;
mod days;
mod fixture;
mod formats;
mod found;
mod full;
mod history;
mod hostile;
mod orders;
mod pages;
mod shelf;
mod shortcut;
mod starts;
mod trail;
