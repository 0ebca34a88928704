//! Reading the public page, signing up on it and leaving, as a reader's browser does it.

mod alone;
mod bodies;
mod busy;
mod by_clock;
mod codes;
mod copies;
mod following;
mod formats;
mod html;
mod load;
mod load_forms;
mod load_tls;
mod outages;
mod past;
mod press;
mod reader;
mod reading;
mod related;
mod repaired;
mod sign_up_limits;
mod signing_up;
mod size;
mod staff;
mod torn;
