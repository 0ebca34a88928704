//! As much of an HTTP/1.1 client as a benchmark needs: one connection that is kept open, bodies of a known length. A
//! full client would be measured along with the server.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// One open connection.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    host: SocketAddr,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in small letters.
    pub(super) headers: Vec<(String, String)>,
    /// Bytes of the head as they travelled.
    pub(super) head_length: usize,
    pub(super) body: Vec<u8>,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub(super) async fn connect(host: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), host })
    }

    /// Gets a path; `headers` are whole lines.
    ///
    /// # Errors
    /// When the connection ends or the answer is no HTTP.
    pub(super) async fn get(&mut self, path: &str, headers: &[&str]) -> anyhow::Result<Answer> {
        let request = head(&format!("GET {path}"), self.host, headers);
        self.stream.write_all(format!("{request}\r\n").as_bytes()).await?;
        self.answer().await
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(super) async fn post(&mut self, path: &str, headers: &[&str], body: &str) -> anyhow::Result<Answer> {
        self.post_as(path, headers, ("application/json", body)).await
    }

    /// Posts a body of this type.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(super) async fn post_as(
        &mut self,
        path: &str,
        headers: &[&str],
        (sort, body): (&str, &str),
    ) -> anyhow::Result<Answer> {
        let request = head(&format!("POST {path}"), self.host, headers);
        let length = body.len();
        let request = format!("{request}Content-Type: {sort}\r\nContent-Length: {length}\r\n\r\n{body}");
        self.stream.write_all(request.as_bytes()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> anyhow::Result<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head).await? == 0 {
                bail!("{} closed the connection", self.host);
            }
        }
        let mut answer = parse_head(&head)?;
        let length = match answer.status {
            204 | 304 => 0,
            _ => answer.header("content-length").context("an answer without a length")?.parse()?,
        };
        answer.body = vec![0; length];
        self.stream.read_exact(&mut answer.body).await?;
        Ok(answer)
    }
}

impl Answer {
    /// The first header of this name, in small letters.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the body holds these words.
    pub(super) fn says(&self, words: &str) -> bool {
        self.body.windows(words.len()).any(|window| window == words.as_bytes())
    }
}

fn head(target: &str, host: SocketAddr, headers: &[&str]) -> String {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{target} HTTP/1.1\r\nHost: {host}\r\n{lines}")
}

fn parse_head(head: &str) -> anyhow::Result<Answer> {
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let status = status.context("an answer that is no HTTP/1.1")?;
    Ok(Answer { status, headers, head_length: head.len(), body: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_whatever_the_case_of_its_names() {
        let answer = parse_head("HTTP/1.1 304 Not Modified\r\nETag: \"a:b\"\r\nx-edition:7\r\n\r\n").unwrap();
        assert_eq!(
            (answer.status, answer.header("etag"), answer.header("x-edition")),
            (304, Some("\"a:b\""), Some("7"))
        );
        assert!(parse_head("SSH-2.0\r\n\r\n").is_err());
    }

    #[test]
    fn words_are_found_anywhere_in_a_body() {
        let answer = Answer { body: b"<p>number 17.</p>".to_vec(), ..Answer::default() };
        assert!(answer.says("number 17.") && !answer.says("number 7."));
    }
}
