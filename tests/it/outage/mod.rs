//! The database goes away under the running program and comes back: the page stays, nothing typed is lost, and nobody
//! has to restart anything.

mod age;
mod blackout;
mod browser;
mod clocked;
mod crowd;
mod emptied;
mod full;
mod ground;
mod reading;
mod restart;
mod signing_up;
mod wire;
mod writing;
