//! What the scenarios share: databases, whole installations with their outside world, and the people in their stories.

pub mod bucket_server;
pub mod cookies;
pub mod databases;
pub mod hook_calls;
pub mod installation;
pub mod people;
pub mod process;
pub mod update;
pub mod waiting;
pub mod world;
