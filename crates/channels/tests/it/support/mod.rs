//! Small servers on free ports that do what a test tells them, so that channels meet real sockets.

pub(crate) mod provider;
pub(crate) mod relay;
