//! An HTTP provider that answers each request with the next line of its script.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// What to do with one request, after reading all of it.
pub(crate) enum Act {
    /// Answer: status, extra header lines, body.
    Answer(u16, &'static str, String),
    /// Close the connection without an answer.
    HangUp,
    /// Say nothing, and keep the connection.
    Silence,
}

/// One request as it came.
pub(crate) struct Request {
    /// Method and target.
    pub(crate) line: String,
    /// The header lines.
    pub(crate) headers: String,
    /// The body.
    pub(crate) body: String,
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// A provider with a script.
pub(crate) struct Provider {
    address: SocketAddr,
    requests: Receiver<Request>,
}

impl Provider {
    /// Starts it; it stops when the script is done.
    pub(crate) fn start(script: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = channel();
        thread::spawn(move || {
            let mut kept = Vec::new();
            for act in script {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = sender.send(read(&mut stream));
                match act {
                    Act::Answer(status, headers, body) => {
                        let length = body.len();
                        let head = format!(
                            "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
                        );
                        let _ = stream.write_all(format!("{head}{body}").as_bytes());
                    }
                    Act::HangUp => drop(stream),
                    Act::Silence => kept.push(stream),
                }
            }
            // Connections without an answer stay open until the test ends.
            let _ = listener.accept();
        });
        Self { address, requests }
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request it has read.
    pub(crate) fn request(&self) -> Request {
        self.requests.recv().unwrap()
    }
}

fn read(stream: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (line, headers) = head.split_once("\r\n").unwrap();
            let request = Request { line: line.to_owned(), headers: headers.to_owned(), body: body.to_owned() };
            if body.len() >= request.header("content-length").map_or(0, |length| length.parse().unwrap()) {
                return request;
            }
        }
        let count = stream.read(&mut piece).unwrap();
        assert!(count > 0, "the request broke off");
        bytes.extend_from_slice(&piece[..count]);
    }
}
