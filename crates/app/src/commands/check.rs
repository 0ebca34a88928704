//! `hysbys check`: tries everything that the configuration names, and says one line for each.

use domain::Env;

use super::{say, store_of};
use crate::config::Config;
use crate::wiring::ways;

/// Tries the database, its migrations, the templates and each channel.
///
/// # Errors
/// When any of them does not work.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let mut failures = 0;
    let mut line = |what: String, result: Result<(), String>| {
        failures += i32::from(result.is_err());
        say(match result {
            Ok(()) => format!("ok      {what}"),
            Err(reason) => format!("FAILED  {what}: {reason}"),
        })
    };
    let env = Env::real();
    line("configuration".to_owned(), Ok(()))?;
    let key = config.key();
    line("key".to_owned(), key.as_ref().map(|_| ()).map_err(|error| format!("{error:#}")))?;
    line("database".to_owned(), database(config, &env).await.map_err(|error| format!("{error:#}")))?;
    line("templates and locales".to_owned(), templates(config).map_err(|error| format!("{error:#}")))?;
    if let Ok(key) = key {
        for way in ways(config, &key, &env)?.all() {
            let what = format!("{} {}", way.channel.kind().key(), way.channel.name());
            line(what, way.channel.check().await.map_err(|problem| problem.to_string()))?;
        }
    }
    if failures == 0 { Ok(()) } else { anyhow::bail!("{failures} of these do not work") }
}

async fn database(config: &Config, env: &Env) -> anyhow::Result<()> {
    let store = store_of(config, env)?;
    store.ping().await?;
    let pending = store.pending_migrations().await?;
    anyhow::ensure!(pending.is_empty(), "run `hysbys migrate`; pending: {}", pending.join(", "));
    store.check_key().await?;
    Ok(())
}

fn templates(config: &Config) -> anyhow::Result<()> {
    let settings = render::RenderSettings {
        time_zone: config.time_zone()?,
        languages: config.site.languages.clone(),
        site_name: config.site.name.clone(),
        sample_data: false,
    };
    let renderer = render::Renderer::new(settings)?;
    for sample in edge::samples().into_iter().chain(authoring::samples()).chain(page::samples()) {
        for language in &config.site.languages {
            sample.render(&renderer, *language)?;
        }
    }
    Ok(())
}
