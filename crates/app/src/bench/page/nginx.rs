//! nginx as the bare limit: one worker that serves the finished brotli bytes from an open file with the same headers.

use std::path::Path;

use anyhow::{Context, bail, ensure};

use super::super::http::{Answer, Client};
use super::server::{Server, free_address};

/// Headers that nginx makes itself.
const ITS_OWN: [&str; 6] = ["content-length", "content-type", "date", "etag", "connection", "server"];

/// Where the page is; nginx gives no file for an address that ends in a slash.
const PATH: &str = "/en";

/// Starts it with this answer as its only page.
///
/// # Errors
/// When it is not installed, or does not answer with the same page.
pub(super) async fn start(answer: &Answer, folder: &Path) -> anyhow::Result<Server> {
    let address = free_address().await?;
    let (page, file) = (folder.join("home.br"), folder.join("nginx.conf"));
    tokio::fs::write(&page, &answer.body).await?;
    tokio::fs::write(&file, configuration(answer, &address.to_string(), folder)?).await?;
    let file = file.to_str().context("the path of the configuration is text")?;
    let server = Server::run(&["nginx", "-e", "stderr", "-c", file], address, PATH)?;
    for _ in 0..250 {
        let asked = async { Client::connect(address).await?.get(PATH, &["Accept-Encoding: br"]).await };
        if let Ok(given) = asked.await {
            ensure!(given.status == 200 && given.body == answer.body, "nginx does not give the same page");
            return Ok(server);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    bail!("nginx does not answer; scripts/bench installs it")
}

fn configuration(answer: &Answer, listen: &str, folder: &Path) -> anyhow::Result<String> {
    let folder = folder.to_str().context("the path of the folder is text")?;
    let media_type = answer.header("content-type").context("a page without a type")?;
    let headers: String = answer
        .headers
        .iter()
        .filter(|(name, _)| !ITS_OWN.contains(&name.as_str()))
        .map(|(name, value)| Ok(format!("      add_header {name} {};\n", quoted(value)?)))
        .collect::<anyhow::Result<_>>()?;
    Ok(format!(
        "daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server_tokens off;
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
    location = {PATH} {{
      alias {folder}/home.br;
      default_type {};
{headers}    }}
  }}
}}
",
        quoted(media_type)?
    ))
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
        let answer = Answer { status: 200, headers, ..Answer::default() };
        let text = configuration(&answer, "127.0.0.1:1", Path::new("/x")).unwrap();
        assert!(text.contains("add_header content-encoding \"br\";") && text.contains("add_header vary \"a b\";"));
        assert!(!text.contains("etag") && text.contains("default_type \"text/html\";"));
    }

    #[test]
    fn a_value_that_would_be_read_as_a_variable_is_refused() {
        assert!(quoted("a $b").is_err());
    }
}
