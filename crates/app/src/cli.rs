//! The command line: every command of the program, with its words of help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Incident status page and notification broadcaster for public health services.
#[derive(Debug, Parser)]
#[command(name = "hysbys", version, about, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plays 24 January 2018 with sample data, a simulated outside world and no configuration.
    Demo(DemoArgs),
    /// Runs every role in one process; migrates its database first.
    Serve(ConfigArg),
    /// Runs the public status page.
    Page(ConfigArg),
    /// Runs the staff interface and its API.
    Authoring(ConfigArg),
    /// Runs the notifier: sends, retries, and hears what providers call back.
    Notifier(ConfigArg),
    /// Applies pending changes of the database.
    Migrate(ConfigArg),
    /// Tries the configuration, database, templates and each channel; fails if one does not work.
    Check(ConfigArg),
    /// Prints the effective configuration, secrets masked.
    Config(ConfigArg),
    /// Asks the local process whether it is ready; for containers.
    Healthcheck(ConfigArg),
    /// Loads or updates organisations, services, advice and templates from a folder of TOML files.
    Load(LoadArgs),
    /// Writes the current edition of the page as static files.
    Export(ExportArgs),
    /// Adds staff, and tokens for the API.
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Imports, exports or erases subscribers.
    #[command(subcommand)]
    Subscribers(SubscribersCommand),
    /// Checks or exports the audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Runs one of the project's own benchmarks; `list` names them.
    Bench(BenchArgs),
}

/// Where the configuration is.
#[derive(Args, Clone, Debug, Default)]
pub struct ConfigArg {
    /// The configuration file; `hysbys.toml` in the current folder if it is there.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How the demo runs.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// Keeps everything in this folder, which must be empty or new; else a fresh temporary one.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Loads the data and waits, without playing the story.
    #[arg(long)]
    pub paused: bool,
    /// Plays the story this many times faster than it happened.
    #[arg(long, default_value_t = 60.0, value_name = "N", value_parser = speed)]
    pub speed: f64,
}

/// The folder to load.
#[derive(Args, Clone, Debug)]
pub struct LoadArgs {
    /// A folder such as `samples/nhs-wales`.
    pub folder: PathBuf,
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigArg,
}

/// The folder to write.
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// Where to write.
    pub folder: PathBuf,
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigArg,
}

/// What to do with staff.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Adds a person; prints a one-time set-up link and code.
    Add {
        /// The address they sign in with.
        #[arg(long)]
        email: String,
        /// Their name, as the audit log shows it.
        #[arg(long)]
        name: String,
        /// author, translator, approver or admin.
        #[arg(long)]
        role: String,
        /// The organisation they speak for; without it, all.
        #[arg(long)]
        organisation: Option<String>,
        /// The configuration.
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Prints an API token once; only its hash is kept.
    Token {
        /// The person it acts for.
        #[arg(long)]
        email: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// The configuration.
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Prints the unlisted address at which GPs and health staff read what they are told.
    Address {
        /// Changes its key first, or makes the first one; the old address stops at once.
        #[arg(long, conflicts_with = "close")]
        new_key: bool,
        /// Closes the address: nobody can read there any more.
        #[arg(long)]
        close: bool,
        /// The configuration.
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Takes away all API tokens of a person, such as one that got into wrong hands.
    RevokeTokens {
        /// The person they act for.
        #[arg(long)]
        email: String,
        /// The configuration.
        #[command(flatten)]
        config: ConfigArg,
    },
}

/// What to do with subscribers.
#[derive(Debug, Subcommand)]
pub enum SubscribersCommand {
    /// Adds the people of a CSV file; see `samples/subscribers.csv`.
    Import {
        /// The file.
        file: PathBuf,
        /// Checks every line and changes nothing.
        #[arg(long)]
        dry_run: bool,
        /// The configuration.
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Writes every active subscriber as CSV to standard output.
    Export(ConfigArg),
    /// Erases one person at their request, but keeps that they asked not to be contacted.
    Erase {
        /// The phone number or e-mail address.
        #[arg(long)]
        contact: String,
        /// The configuration.
        #[command(flatten)]
        config: ConfigArg,
    },
}

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Checks the hash chain from the first line to the last.
    Verify(ConfigArg),
    /// Writes everything about one incident to a folder.
    Export {
        /// The number of the incident, as in its short link.
        #[arg(long)]
        incident: i64,
        /// Where to write.
        folder: PathBuf,
        /// The configuration.
        #[command(flatten)]
        config: ConfigArg,
    },
}

/// Which benchmark.
#[derive(Args, Clone, Debug)]
pub struct BenchArgs {
    /// The name; `list` names them all.
    pub name: String,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.1..=10_000.0).contains(&speed) => Ok(speed),
        _ => Err("give a number from 0.1 to 10000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_fits_together() {
        Cli::command().debug_assert();
    }
}
