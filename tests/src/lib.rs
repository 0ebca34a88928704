//! What the scenarios share: databases, whole installations with their outside world, and the people in their stories.

pub mod bucket_server;
pub mod cookies;
pub mod databases;
pub mod door;
pub mod hook_calls;
pub mod installation;
pub mod late_door;
pub mod people;
pub mod postgres_server;
pub mod process;
pub mod scale;
pub mod update;
pub mod waiting;
pub mod world;
