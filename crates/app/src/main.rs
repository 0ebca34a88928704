//! The program `hysbys`: reads the command line, runs the command, and ends with 0, 1 or 2.

use std::process::ExitCode;

use clap::Parser;
use hysbys::cli::Cli;

fn main() -> ExitCode {
    // Two libraries ask for a process-wide default and panic without one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    hysbys::start(Cli::parse())
}
