//! Reading the public page, signing up on it and leaving, as a reader's browser does it.

mod bodies;
mod formats;
mod load;
mod load_forms;
mod load_tls;
mod outages;
mod press;
mod reader;
mod reading;
mod sign_up_limits;
mod signing_up;
mod staff;
mod torn;
