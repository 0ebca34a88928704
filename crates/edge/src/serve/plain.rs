//! Tells plain questions from all others: a reader's `GET` over HTTP/1.1 whose answer depends on nothing but its path
//! and two headers. Whatever asks for more, or could be understood in two ways, is not plain.

use std::mem::MaybeUninit;

use httparse::{Header, Request, Status};

use crate::served::Ask;

/// A question with more headers than this is not plain.
const HEADERS: usize = 32;

/// A plain question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plain<'b> {
    pub(crate) ask: Ask<'b>,
    /// How many bytes it takes.
    pub(crate) length: usize,
}

impl<'b> Plain<'b> {
    /// The first question of these bytes, if it is there as a whole and plain.
    pub(crate) fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut headers = [const { MaybeUninit::uninit() }; HEADERS];
        let mut request = Request::new(&mut []);
        let Ok(Status::Complete(length)) = request.parse_with_uninit_headers(bytes, &mut headers) else { return None };
        if request.method != Some("GET") || request.version != Some(1) {
            return None;
        }
        let target = request.path.filter(|target| target.starts_with('/'))?;
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        let mut ask = Ask { path, accept_encoding: None, if_none_match: None };
        let mut hosts = 0;
        for header in &*request.headers {
            match wish(header) {
                Wish::Host => hosts += 1,
                Wish::Nothing => {}
                Wish::Encoding if ask.accept_encoding.is_none() => ask.accept_encoding = Some(header.value),
                Wish::IfChanged if ask.if_none_match.is_none() => ask.if_none_match = Some(header.value),
                Wish::Encoding | Wish::IfChanged | Wish::Other => return None,
            }
        }
        (hosts == 1).then_some(Self { ask, length })
    }
}

/// What a header has to do with a ready answer.
enum Wish {
    Host,
    Encoding,
    IfChanged,
    /// The answer is the same with it.
    Nothing,
    /// It changes how the connection goes on, or says that there is a body.
    Other,
}

/// By the length of its name first, which tells most apart.
fn wish(header: &Header<'_>) -> Wish {
    let is = |name: &str| header.name.eq_ignore_ascii_case(name);
    match header.name.len() {
        4 if is("host") => Wish::Host,
        15 if is("accept-encoding") => Wish::Encoding,
        13 if is("if-none-match") => Wish::IfChanged,
        10 if is("connection") && !header.value.eq_ignore_ascii_case(b"keep-alive") => Wish::Other,
        6 if is("expect") => Wish::Other,
        7 if is("upgrade") || is("trailer") => Wish::Other,
        14 if is("content-length") => Wish::Other,
        17 if is("transfer-encoding") => Wish::Other,
        _ => Wish::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_question_is_plain() {
        let text = b"GET /en/?from=mail HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: keep-alive\r\n\
            Accept-Encoding: gzip, br\r\nIf-None-Match: \"a\"\r\nCookie: a=b\r\n\r\nGET /";
        let plain = Plain::read(text).unwrap();
        let ask = Ask { path: "/en/", accept_encoding: Some(b"gzip, br"), if_none_match: Some(b"\"a\"") };
        assert_eq!((plain.ask, plain.length), (ask, text.len() - 5));
    }

    #[test]
    fn what_is_not_whole_or_could_be_understood_in_two_ways_is_not_plain() {
        let with = |line: &str| format!("GET /en/ HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n");
        assert!(Plain::read(with("Accept: */*").as_bytes()).is_some());
        let others = [
            "Host: y",
            "Connection: close",
            "Connection: upgrade",
            "Upgrade: h2c",
            "Expect: 100-continue",
            "Content-Length: 0",
            "Transfer-Encoding: chunked",
            "transfer-encoding : chunked",
            "Trailer: x",
            "Accept-Encoding: br\r\nAccept-Encoding: gzip",
            "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"",
            "Folded: a\r\n b",
        ];
        for line in others {
            assert_eq!(Plain::read(with(line).as_bytes()), None, "{line}");
        }
        let whole = [
            "GET /en/ HTTP/1.1\r\n\r\n",
            "GET /en/ HTTP/1.1\r\nHost: x\r\n",
            "GET /en/ HTTP/1.0\r\nHost: x\r\n\r\n",
            "HEAD /en/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET http://x/en/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ];
        for text in whole {
            assert_eq!(Plain::read(text.as_bytes()), None, "{text}");
        }
        let many = with(&"X: y\r\n".repeat(HEADERS));
        assert_eq!(Plain::read(many.as_bytes()), None);
    }
}
