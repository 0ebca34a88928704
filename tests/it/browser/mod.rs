//! What people do with a real browser: staff write and approve, a patient signs up, reads and leaves. Everything is
//! clicked and typed, with scripts and without.

mod checked;
mod desk;
mod driver;
mod errors;
mod eyes;
mod hosts;
mod keyboard;
mod live;
mod pages;
mod paper;
mod pictures;
mod screens;
mod stage;
mod walk;
mod window;
