//! The program: command line, configuration, wiring, lifecycle, and the operator's commands.

pub mod bench;
pub mod catalogue_folder;
pub mod cli;
pub mod commands;
pub mod config;
pub mod copy;
pub mod demo;
pub mod listening;
mod logging;
pub mod ops;
mod prepare;
pub mod seen;
pub mod wiring;

use std::path::Path;
use std::process::ExitCode;

use authoring::{AddressChange, Authoring};
use cli::{AuditCommand, Cli, Command, ConfigArg, StaffCommand, SubscribersCommand};
use commands::{audit, check, healthcheck, load, say, staff, subscribers};
use config::Config;
use domain::Env;
use wiring::{Parts, Roles};

/// Runs a command; 0 when it did what it should, 1 when it failed.
#[must_use]
pub fn start(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(dispatch(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if commands::was_read_enough(&error) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

#[expect(clippy::print_stderr, reason = "the last word of a failed command goes to the person who gave it")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("hysbys: {error:#}");
    ExitCode::FAILURE
}

async fn dispatch(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(args) => demo::run(args).await,
        Command::Bench(args) => bench::run(&args.name).await,
        Command::Serve(arg) => wiring::run(read(&arg)?, Roles::ALL).await,
        Command::Page(arg) => wiring::run(read(&arg)?, Roles::PAGE).await,
        Command::Authoring(arg) => wiring::run(read(&arg)?, Roles::AUTHORING).await,
        Command::Notifier(arg) => wiring::run(read(&arg)?, Roles::NOTIFIER).await,
        Command::Migrate(arg) => migrate(&read(&arg)?).await,
        Command::Check(arg) => check::run(&read(&arg)?).await,
        Command::Config(arg) => Ok(say(toml::to_string_pretty(&read(&arg)?)?)?),
        Command::Healthcheck(arg) => healthcheck::run(&read(&arg)?),
        Command::Load(args) => load::run(&commands::open(&read(&args.config)?).await?, &args.folder).await,
        Command::Export(args) => export(read(&args.config)?, &args.folder).await,
        Command::Staff(command) => on_staff(command).await,
        Command::Subscribers(command) => on_subscribers(command).await,
        Command::Audit(command) => on_audit(command).await,
    }
}

/// Reads the configuration, and starts the log as it says.
fn read(arg: &ConfigArg) -> anyhow::Result<Config> {
    let config = Config::read(arg.config.as_deref())?;
    logging::start(&config.log);
    Ok(config)
}

async fn migrate(config: &Config) -> anyhow::Result<()> {
    let applied = commands::store_of(config, &Env::real())?.migrate().await?;
    say(if applied.is_empty() { "nothing to do".to_owned() } else { format!("applied: {}", applied.join(", ")) })?;
    Ok(())
}

async fn export(config: Config, folder: &Path) -> anyhow::Result<()> {
    let parts = Parts::join(config, Env::real(), Roles::PAGE, None)?;
    parts.page.load_from_disk();
    parts.page.refresh().await;
    let count = parts.page.export(folder)?;
    say(format_args!("wrote {count} files to {}", folder.display()))?;
    Ok(())
}

async fn on_staff(command: StaffCommand) -> anyhow::Result<()> {
    match command {
        StaffCommand::Add { email, name, role, organisation, config } => {
            staff::add(&authoring(&config)?, &email, &name, &role, organisation).await
        }
        StaffCommand::Token { email, name, config } => staff::token(&authoring(&config)?, &email, &name).await,
        StaffCommand::Address { new_key, close, config } => {
            let change = new_key.then_some(AddressChange::NewKey).or(close.then_some(AddressChange::Close));
            staff::address(&authoring(&config)?, change).await
        }
        StaffCommand::RevokeTokens { email, config } => staff::revoke_tokens(&authoring(&config)?, &email).await,
    }
}

fn authoring(config: &ConfigArg) -> anyhow::Result<Authoring> {
    Ok(Parts::join(read(config)?, Env::real(), Roles::AUTHORING, None)?.authoring)
}

async fn on_subscribers(command: SubscribersCommand) -> anyhow::Result<()> {
    match command {
        SubscribersCommand::Import { file, dry_run, config } => {
            subscribers::import(&commands::open(&read(&config)?).await?, &file, dry_run).await
        }
        SubscribersCommand::Export(config) => subscribers::export(&commands::open(&read(&config)?).await?).await,
        SubscribersCommand::Erase { contact, config } => {
            subscribers::erase(&commands::open(&read(&config)?).await?, &contact).await
        }
    }
}

async fn on_audit(command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify(config) => audit::verify(&commands::open(&read(&config)?).await?).await,
        AuditCommand::Export { incident, folder, config } => {
            audit::export(&commands::open(&read(&config)?).await?, incident, &folder).await
        }
    }
}
