//! `hysbys demo`: everything in one process, with sample data, a simulated outside world and the story of a bad day.

pub(crate) mod outside;
mod people;
mod play;
pub(crate) mod ready;
pub(crate) mod story;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use domain::Env;
use edge::Lifecycle;

use crate::cli::DemoArgs;
use crate::commands::say;
use crate::config::Config;
use crate::wiring::{self, Exercise, Listeners, Parts, Roles};
use outside::Outside;
use ready::{Ready, SignIn};
use story::Story;

/// Where an image keeps its samples.
const INSTALLED: &str = "/usr/share/hysbys/samples";

/// Runs the demo until it is stopped.
///
/// # Errors
/// When an address is taken, the folder is not empty, or the sample data cannot be read.
pub async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let (folder, _gone_at_the_end) = folder(args.data.as_deref())?;
    let samples = samples()?;
    let story = Story::read(&samples.join("2018-01-24/story.toml"))?;
    let env = Env::real();
    // A clock that runs fast while nothing is told would only make every promised update late.
    env.set_clock(story.opening.starts_at, if args.paused { 1.0 } else { args.speed });

    let mut config = Config::for_demo(&folder)?;
    crate::logging::start(&config.log);
    let listeners = Listeners::bind(&config, Roles::ALL).await?;
    let outside = Outside::open(&mut config, &env).await?;
    let exercise = Exercise { notice: Some(story.opening.clock_note.clone()) };
    let parts = Parts::join(config, env, Roles::ALL, Some(exercise))?;
    let ready = Ready::make(&parts, &samples, &story).await?;

    let lifecycle = Lifecycle::new();
    outside.start(&lifecycle);
    wiring::start(&parts, listeners, &lifecycle)?;
    let ready = ready.with_staff_address(&parts).await?;
    ready.write(&folder.join("demo.json"), &parts.config)?;
    welcome(&parts.config, &ready, &folder)?;
    if !args.paused {
        lifecycle.spawn("story", play::play(parts, ready, story, (args.speed, lifecycle.stop.clone())));
    }
    wiring::until_stopped(&lifecycle).await
}

/// The folder for the data, and what removes it again if it is a temporary one.
fn folder(wanted: Option<&Path>) -> anyhow::Result<(PathBuf, Option<tempfile::TempDir>)> {
    let Some(wanted) = wanted else {
        let temporary = tempfile::Builder::new().prefix("hysbys-demo-").tempdir()?;
        return Ok((temporary.path().to_owned(), Some(temporary)));
    };
    std::fs::create_dir_all(wanted).with_context(|| format!("cannot make {}", wanted.display()))?;
    let empty = std::fs::read_dir(wanted)?.next().is_none();
    ensure!(empty, "{} is not empty; the demo always begins anew", wanted.display());
    Ok((wanted.to_owned(), None))
}

/// The folder of the samples, where the program is run from, installed, or built.
pub(crate) fn samples() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let places = [PathBuf::from("samples"), PathBuf::from(INSTALLED), here];
    let found = places.into_iter().find(|place| place.join("2018-01-24/story.toml").exists());
    found.context("the folder `samples` is not here; run the demo where the repository is")
}

fn welcome(config: &Config, ready: &Ready, folder: &Path) -> std::io::Result<()> {
    say(format_args!(
        "{}. Sample data, not an NHS site.\n\n  \
         Public page          http://{}/\n  \
         Staff                http://{}/\n  \
         Phones, mail, posts  http://{}/\n  \
         Health, metrics      http://{}/metrics\n\n\
         Staff sign-ins (password and one-time code; `oathtool --totp -b SECRET` makes one):",
        ready.title, config.page.listen, config.authoring.listen, config.simulator.listen, config.ops.listen,
    ))?;
    let widest = |text: fn(&SignIn) -> &str| ready.staff.iter().map(|one| text(one).len()).max().unwrap_or_default();
    let (role, email) = (widest(|one| one.role.key()), widest(|one| &one.email));
    for person in &ready.staff {
        say(format_args!(
            "  {:role$}  {:email$}  {}  {}",
            person.role.key(),
            person.email,
            person.password,
            person.totp_secret
        ))?;
    }
    say("\nUnlisted page for GPs and health staff:")?;
    for address in ready.staff_address.values() {
        say(format_args!("  {address}"))?;
    }
    say(format_args!("\nAll of this, with API tokens: {}\nStop with Ctrl-C.", folder.join("demo.json").display()))
}
