//! Writing, approving and publishing, as staff and their programs do it: by the screens and by the API.

mod accounts;
mod agreement;
mod alerts;
mod audit;
mod bodies;
pub(crate) mod desk;
mod forms;
mod four_eyes;
mod idempotency;
mod live;
mod numbers;
mod offers;
mod promises;
mod quiet;
mod relations;
mod rights;
mod starts;
mod words;
mod writers;
