//! The strict reader: a head's bytes in, its meaning or a refusal out. Pure, so that it can be fed anything.
//!
//! `httparse` knows the grammar; what the grammar allows and nobody honest sends is refused here. A head that passes is written anew
//! before it goes on, so that nothing behind the gate ever reads a byte of a client's head.

use std::net::{IpAddr, SocketAddr};

use crate::gate::limits::{FIELDS, HEAD, TARGET};
use crate::gate::refusal::Refusal;
use crate::gate::tray::TRAY_FIELD;
use crate::kernel::http::Method;

/// The field in which the gate passes on who is at the other end.
pub const CLIENT_FIELD: &str = "x-portico-client";
/// The field in which the gate shows that it is the gate, where the private socket does not show it.
pub const PASS_FIELD: &str = "x-portico-pass";

/// Fields of this hop only, of proxies, and the gate's own: none goes on.
const STAYS_HERE: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    CLIENT_FIELD,
    PASS_FIELD,
    TRAY_FIELD,
];

/// Fields of which two would be a contradiction.
const ONCE: &[&str] = &["authorization", "content-length", "content-type", "expect", "origin", "sec-fetch-site"];

/// A head that may pass.
#[derive(Debug)]
pub struct Head<'a> {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub target: &'a str,
    /// The body's length in bytes.
    pub length: usize,
    /// Whether the client wants to send another request after this one.
    pub stays: bool,
    /// Whether the client waits for `100 Continue` before it sends the body.
    pub waits: bool,
    forwarded_for: Option<&'a [u8]>,
    fields: Vec<(&'a str, &'a [u8])>,
}

/// Where the head ends that these bytes begin with: the index after its empty line, or nothing while it is not whole. The first
/// `seen` bytes have been looked at before. Lines that end in anything but CR LF are refused at once, and so is a head that is too
/// long or cannot be one.
pub fn end_of_head(bytes: &[u8], seen: usize) -> Result<Option<usize>, Refusal> {
    if bytes.first().is_some_and(|first| !first.is_ascii_alphabetic()) {
        return Err(Refusal::GARBLED);
    }
    let start = seen.saturating_sub(3);
    let fresh = bytes.get(start..).unwrap_or_default();
    for (place, _) in fresh.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        let end = start + place + 1;
        let line = bytes.get(..end).unwrap_or_default();
        if !line.ends_with(b"\r\n") {
            return Err(Refusal::GARBLED);
        }
        if line.ends_with(b"\r\n\r\n") {
            return if end > HEAD { Err(Refusal::LONG_HEAD) } else { Ok(Some(end)) };
        }
    }
    if bytes.len() >= HEAD { Err(too_long(bytes)) } else { Ok(None) }
}

/// A head that does not end: because of its first line, or of what follows.
fn too_long(bytes: &[u8]) -> Refusal {
    if bytes.get(..TARGET + 32).unwrap_or(bytes).contains(&b'\n') { Refusal::LONG_HEAD } else { Refusal::LONG_TARGET }
}

/// Reads a whole head, its empty line included. `hosts` are the names that are answered.
pub fn read<'a>(bytes: &'a [u8], hosts: &[String]) -> Result<Head<'a>, Refusal> {
    check_version(bytes)?;
    let mut room = [httparse::EMPTY_HEADER; FIELDS];
    let mut request = httparse::Request::new(&mut room);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(end)) if end == bytes.len() => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Refusal::LONG_HEAD),
        Ok(_) | Err(_) => return Err(Refusal::GARBLED),
    }
    let method = match request.method {
        Some("GET") => Method::Get,
        Some("HEAD") => Method::Head,
        Some("POST") => Method::Post,
        Some("PUT") => Method::Put,
        Some("DELETE") => Method::Delete,
        _ => return Err(Refusal::METHOD),
    };
    let target = target(request.path.unwrap_or_default())?;
    let fields = &*request.headers;
    check_host(fields, hosts)?;
    if fields.iter().any(|field| field.name.eq_ignore_ascii_case("transfer-encoding")) {
        return Err(Refusal::NO_LENGTH);
    }
    for name in ONCE {
        if fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name)).count() > 1 {
            return Err(Refusal::GARBLED);
        }
    }
    let newest = request.version == Some(1);
    Ok(Head {
        method,
        target,
        length: length(fields)?,
        stays: stays(fields, newest),
        waits: waits(fields, newest)?,
        forwarded_for: values(fields, "x-forwarded-for").last(),
        fields: fields.iter().filter(|field| goes_on(field.name)).map(|field| (field.name, field.value)).collect(),
    })
}

/// `HTTP/1.0` or `HTTP/1.1`; another version of HTTP is told so, anything else is no HTTP.
fn check_version(bytes: &[u8]) -> Result<(), Refusal> {
    let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let version = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    match version {
        b"HTTP/1.0" | b"HTTP/1.1" => Ok(()),
        [b'H', b'T', b'T', b'P', b'/', major, rest @ ..]
            if major.is_ascii_digit() && rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') =>
        {
            Err(Refusal::VERSION)
        }
        _ => Err(Refusal::GARBLED),
    }
}

/// A path of ours, printable. Whole addresses are for proxies, which this is not.
fn target(text: &str) -> Result<&str, Refusal> {
    if text.len() > TARGET {
        return Err(Refusal::LONG_TARGET);
    }
    let clean = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if clean && text.starts_with('/') { Ok(text) } else { Err(Refusal::GARBLED) }
}

fn values<'a, 'b>(fields: &'b [httparse::Header<'a>], name: &'b str) -> impl Iterator<Item = &'a [u8]> + 'b {
    fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
}

fn check_host(fields: &[httparse::Header<'_>], hosts: &[String]) -> Result<(), Refusal> {
    let mut given = values(fields, "host");
    match (given.next(), given.next()) {
        (Some(host), None) if hosts.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(host)) => Ok(()),
        _ => Err(Refusal::MISDIRECTED),
    }
}

fn length(fields: &[httparse::Header<'_>]) -> Result<usize, Refusal> {
    let Some(digits) = values(fields, "content-length").next() else { return Ok(0) };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::GARBLED);
    }
    // Digits that are no number of this machine's are a very large number.
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).ok_or(Refusal::TOO_LARGE)
}

fn stays(fields: &[httparse::Header<'_>], newest: bool) -> bool {
    let says = |word: &str| {
        let mut words = values(fields, "connection").flat_map(|value| value.split(|byte| *byte == b','));
        words.any(|given| given.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
    };
    !says("close") && (newest || says("keep-alive"))
}

fn waits(fields: &[httparse::Header<'_>], newest: bool) -> Result<bool, Refusal> {
    match values(fields, "expect").next() {
        None => Ok(false),
        Some(value) if value.eq_ignore_ascii_case(b"100-continue") => Ok(newest),
        Some(_) => Err(Refusal::EXPECTATION),
    }
}

fn goes_on(name: &str) -> bool {
    let forwarded = name.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("x-forwarded-"));
    !forwarded && !STAYS_HERE.iter().any(|here| here.eq_ignore_ascii_case(name))
}

impl Head<'_> {
    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The cookies, as one field would hold them. What is no text is no cookie of ours.
    pub fn cookies(&self) -> String {
        let values = self.fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        values.filter_map(|(_, value)| std::str::from_utf8(value).ok()).collect::<Vec<_>>().join("; ")
    }

    /// Who sent the request: whoever is at the other end, or, if that is the trusted proxy, whom it names last (SEC-1).
    pub fn client(&self, peer: IpAddr, trusted_proxy: Option<IpAddr>) -> IpAddr {
        if trusted_proxy != Some(peer) {
            return peer;
        }
        let last = self.forwarded_for.and_then(|value| value.rsplit(|byte| *byte == b',').next());
        let named = last.and_then(|entry| std::str::from_utf8(entry).ok()).map(str::trim);
        named.and_then(address).unwrap_or(peer)
    }

    /// The head as it goes on: our own line, the fields that may pass, and who sent it. `pass` is shown where the way is not private;
    /// `tray` is where the answer's body may be laid.
    pub fn rebuilt(&self, client: IpAddr, pass: Option<&str>, tray: u64) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_024);
        for part in [word(self.method), " ", self.target, " HTTP/1.1\r\n"] {
            out.extend_from_slice(part.as_bytes());
        }
        let mut field = |name: &str, value: &[u8]| {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            // What is not ASCII would end the connection behind; nothing of ours needs it.
            out.extend(value.iter().map(|byte| match byte {
                b' '..=b'~' => *byte,
                b'\t' => b' ',
                _ => b'?',
            }));
            out.extend_from_slice(b"\r\n");
        };
        for (name, value) in &self.fields {
            field(name, value);
        }
        field(CLIENT_FIELD, client.to_string().as_bytes());
        if let Some(pass) = pass {
            field(PASS_FIELD, pass.as_bytes());
        }
        field(TRAY_FIELD, tray.to_string().as_bytes());
        if self.length > 0 {
            field("content-length", self.length.to_string().as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out
    }
}

/// An address as proxies write it: bare, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))
        .map(|found| found.to_canonical())
}

const fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}
