//! What people do with a real browser: staff write and approve, a patient signs up, reads and leaves. Everything is
//! clicked and typed, with scripts and without.

mod checked;
mod desk;
mod driver;
mod keyboard;
mod pages;
mod pictures;
mod stage;
mod walk;
mod window;
