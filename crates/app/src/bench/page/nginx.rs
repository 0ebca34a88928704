//! nginx as the bare limit: one worker that serves the finished brotli bytes from an open file with the same headers,
//! and says with the same headers that nothing changed.

use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::super::http::{Answer, Client};
use super::server::{Paths, Server, free_address};

/// Headers that nginx makes itself.
const ITS_OWN: [&str; 6] = ["content-length", "content-type", "date", "etag", "connection", "server"];

/// Where the page is; nginx gives no file for an address that ends in a slash. A 304 has fewer headers than the page,
/// so it has a place of its own.
const PATHS: Paths = Paths { whole: "/en", unchanged: "/en-unchanged" };

/// Starts it with the answer to each question.
///
/// # Errors
/// When it is not installed, or does not answer with the same page.
pub(super) async fn start(whole: &Answer, unchanged: &Answer, folder: &Path) -> anyhow::Result<Server> {
    let address = free_address().await?;
    let (page, file) = (folder.join("home.br"), folder.join("nginx.conf"));
    tokio::fs::write(&page, &whole.body).await?;
    tokio::fs::write(&file, configuration((whole, unchanged), &address.to_string(), folder)?).await?;
    let file = file.to_str().context("the path of the configuration is text")?;
    let server = Server::run(&["nginx", "-e", "stderr", "-c", file], address, PATHS)?;
    for _ in 0..250 {
        let asked = async { Client::connect(address).await?.get(PATHS.whole, &["Accept-Encoding: br"]).await };
        if let Ok(given) = asked.await {
            ensure!(given.status == 200 && given.body == whole.body, "nginx does not give the same page");
            return Ok(server);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    bail!("nginx does not answer; scripts/bench installs it")
}

fn configuration((whole, unchanged): (&Answer, &Answer), listen: &str, folder: &Path) -> anyhow::Result<String> {
    let folder = folder.to_str().context("the path of the folder is text")?;
    let media_type = quoted(whole.header("content-type").context("a page without a type")?)?;
    let (whole, unchanged) = (location(PATHS.whole, whole, folder)?, location(PATHS.unchanged, unchanged, folder)?);
    Ok(format!(
        "daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server_tokens off;
  default_type {media_type};
  sendfile off;
  output_buffers 1 64k;
  tcp_nodelay on;
  keepalive_timeout 75;
  keepalive_requests 1000000000;
  open_file_cache max=16 inactive=1h;
  open_file_cache_valid 1h;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen {listen};
{whole}{unchanged}  }}
}}
"
    ))
}

fn location(path: &str, answer: &Answer, folder: &str) -> anyhow::Result<String> {
    let headers = answer.headers.iter().filter(|(name, _)| !ITS_OWN.contains(&name.as_str()));
    let lines = headers.map(|(name, value)| Ok(format!("      add_header {name} {};\n", quoted(value)?)));
    let lines: String = lines.collect::<anyhow::Result<_>>()?;
    // We send no Last-Modified, so nginx need not either.
    let without = "      add_header Last-Modified \"\";\n";
    Ok(format!("    location = {path} {{\n      alias {folder}/home.br;\n{lines}{without}    }}\n"))
}

/// A value as nginx reads it.
fn quoted(value: &str) -> anyhow::Result<String> {
    ensure!(!value.contains(['"', '\\', '$']), "nginx cannot be given the header {value}");
    Ok(format!("\"{value}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_headers_are_given_but_those_that_it_makes_itself() {
        let headers = [("content-type", "text/html"), ("etag", "\"x\""), ("content-encoding", "br"), ("vary", "a b")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let whole = Answer { status: 200, headers: headers.clone(), ..Answer::default() };
        let unchanged = Answer { status: 304, headers: headers[3..].to_vec(), ..Answer::default() };
        let text = configuration((&whole, &unchanged), "127.0.0.1:1", Path::new("/x")).unwrap();
        assert_eq!(text.matches("add_header vary \"a b\";").count(), 2);
        assert_eq!(text.matches("add_header content-encoding \"br\";").count(), 1);
        assert!(!text.contains("etag") && text.contains("default_type \"text/html\";"));
    }

    #[test]
    fn a_value_that_would_be_read_as_a_variable_is_refused() {
        assert!(quoted("a $b").is_err());
    }
}
