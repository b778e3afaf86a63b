//! What the gate says when it does not let a request through: a status and a plain sentence, to scripts in their JSON.

use crate::kernel::http::{Response, is_for_scripts};

/// Why a request is not let through, or not answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// For a person.
    pub sentence: &'static str,
}

impl Refusal {
    const fn new(status: u16, sentence: &'static str) -> Self {
        Self { status, sentence }
    }

    /// It is not HTTP, or not well-formed.
    pub const GARBLED: Self = Self::new(400, "This request is not well-formed.");
    /// The body ended before its announced length.
    pub const CUT_OFF: Self = Self::new(400, "The request ended before it was complete, so nothing was done.");
    /// A large body of somebody who is not signed in.
    pub const STRANGER: Self = Self::new(403, "Sign in, then send this again. Nothing was done.");
    /// A large body for an address that is none.
    pub const NOTHING_HERE: Self = Self::new(404, "There is nothing at this address, so nothing was done.");
    /// No such method here.
    pub const METHOD: Self = Self::new(405, "This cannot be done here.");
    /// The head or the body did not arrive in time.
    pub const LATE: Self = Self::new(408, "The request did not arrive in time, so nothing was done.");
    /// A body whose length is not told at once.
    pub const NO_LENGTH: Self = Self::new(411, "The length of what is sent must be told first.");
    /// The body is longer than its route takes.
    pub const TOO_LARGE: Self = Self::new(413, "What was sent is too large, so nothing was done.");
    /// The target is too long.
    pub const LONG_TARGET: Self = Self::new(414, "This address is too long.");
    /// Something other than `100-continue` is expected.
    pub const EXPECTATION: Self = Self::new(417, "This server cannot do what the request expects.");
    /// The host is none of ours.
    pub const MISDIRECTED: Self =
        Self::new(421, "The name and port in the address must be one that Portico was started with (--public-url).");
    /// Too many fields, or too long ones.
    pub const LONG_HEAD: Self = Self::new(431, "The request's head is too long. Deleting this site's cookies may help.");
    /// What stands behind the gate broke off.
    pub const BROKEN: Self =
        Self::new(502, "Something went wrong here, and it is not certain whether it was done. Look before you send it again.");
    /// Too many at once.
    pub const FULL: Self = Self::new(503, "Portico is very busy. Please try again in a moment.");
    /// The handler's deadline.
    pub const SLOW: Self = Self::new(504, "This takes too long, and it is not certain whether it was done. Look before you send it again.");
    /// HTTP, but another.
    pub const VERSION: Self = Self::new(505, "Portico speaks HTTP/1.1 and HTTP/1.0.");

    /// The whole answer, after which the connection is closed. Without its body in answer to HEAD; a script is told in JSON.
    pub fn bytes(self, dress: fn(Response) -> Response, to: Addressee) -> Vec<u8> {
        answer((self.status, self.code()), self.sentence, dress, to)
    }

    /// The word for scripts, as they get it from behind the gate as well.
    pub const fn code(self) -> &'static str {
        match self.status {
            403 => "forbidden",
            404 => "not_found",
            405 => "method_not_allowed",
            408 => "request_timeout",
            411 => "length_required",
            413 => "content_too_large",
            414 | 431 => "request_too_long",
            417 => "expectation_failed",
            421 => "misdirected_request",
            502 | 504 => "uncertain",
            503 => "unavailable",
            505 => "version_not_supported",
            _ => "bad_request",
        }
    }
}

/// Who is told: what is known of the request by then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Addressee {
    /// It asked for a head alone.
    pub silent: bool,
    /// It asked for an address of scripts.
    pub script: bool,
}

impl Addressee {
    /// From the bytes that a request begins with, whole or not. Whoever sent nothing readable is a person.
    pub fn of(head: &[u8]) -> Self {
        let mut words = head.split(|byte| matches!(byte, b' ' | b'\r' | b'\n'));
        let method = words.next().unwrap_or_default();
        let target = words.next().unwrap_or_default();
        let path = target.split(|byte| *byte == b'?').next().unwrap_or_default();
        Self { silent: method == b"HEAD", script: std::str::from_utf8(path).is_ok_and(is_for_scripts) }
    }
}

/// A whole answer of the gate's own with this sentence, after which the connection is closed: a line of text, or for scripts JSON with the
/// code. Without it in answer to HEAD.
pub(super) fn answer((status, code): (u16, &str), sentence: &str, dress: fn(Response) -> Response, to: Addressee) -> Vec<u8> {
    let mut response = Response::empty(status);
    let (kind, body) = if to.script {
        ("application/json", serde_json::json!({ "code": code, "message": sentence }).to_string())
    } else {
        ("text/plain; charset=utf-8", format!("{sentence}\n"))
    };
    response.headers.push(("Content-Type", kind.to_owned()));
    response.headers.push(("Content-Length", body.len().to_string()));
    response.headers.push(("Connection", "close".to_owned()));
    match status {
        405 => response.headers.push(("Allow", "GET, HEAD, POST, PUT, DELETE".to_owned())),
        503 => response.headers.push(("Retry-After", "2".to_owned())),
        _ => {}
    }
    let mut text = format!("HTTP/1.1 {status} {}\r\n", reason(status));
    for (name, value) in dress(response).headers {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(&value);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    if !to.silent {
        text.push_str(&body);
    }
    text.into_bytes()
}

const fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        414 => "URI Too Long",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Refused",
    }
}
