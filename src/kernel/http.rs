//! Requests and responses as values; who carries them over the wire is not known here.

use std::net::IpAddr;
use std::path::PathBuf;

use maud::Markup;

use crate::kernel::error::{Error, Result};

/// The methods Portico answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads, without the body.
    Head,
    /// Changes.
    Post,
    /// Changes, for scripts.
    Put,
    /// Removes, for scripts.
    Delete,
}

/// Whether a path is one of the addresses for scripts, where everything that is said is JSON.
pub fn is_for_scripts(path: &str) -> bool {
    path.strip_prefix("/api/v1").or_else(|| path.strip_prefix("/v1")).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A whole request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, still percent-encoded, from `/` to before `?`.
    pub path: String,
    /// What follows `?`, or nothing.
    pub query: String,
    /// Fields in order; names as they came.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// Who is at the other end.
    pub peer: IpAddr,
}

impl Request {
    /// A field's value, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A cookie's value. Several of one name: the first.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case("cookie"))
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// A query parameter, decoded; empty when absent.
    pub fn param(&self, name: &str) -> String {
        self.params(name).next().unwrap_or_default()
    }

    /// Every value of a query parameter, decoded.
    pub fn params<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        form_urlencoded::parse(self.query.as_bytes()).filter(move |(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

/// A whole response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Fields in order.
    pub headers: Vec<(&'static str, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// A body that is too large to hold, in place of the other.
    pub stored: Option<Stored>,
}

/// A body that stays in its file until the client gets it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    /// Where it is.
    pub path: PathBuf,
    /// How many bytes it has; a file that has another number by then is not sent.
    pub length: u64,
}

impl Response {
    /// An answer without fields or body.
    pub const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), stored: None }
    }

    /// A page or a piece of one.
    pub fn html(status: u16, markup: Markup) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "text/html; charset=utf-8".to_owned())],
            body: markup.into_string().into_bytes(),
            stored: None,
        }
    }

    /// JSON text.
    pub fn json(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("Content-Type", "application/json".to_owned())], body, stored: None }
    }

    /// A file to save. `name` is ours, never a person's.
    pub fn file(name: &str, kind: &str, body: Vec<u8>) -> Result<Self> {
        Self { status: 200, headers: vec![("Content-Type", kind.to_owned())], body, stored: None }
            .with("Content-Disposition", &format!("attachment; filename=\"{name}\""))
    }

    /// The same for a file that is large and need not be read before. `name` is ours, never a person's.
    pub fn stored_file(name: &str, kind: &str, stored: Stored) -> Result<Self> {
        Ok(Self { stored: Some(stored), ..Self::file(name, kind, Vec::new())? })
    }

    /// 303: go and look there. `location` is a path of ours.
    pub fn see_other(location: &str) -> Result<Self> {
        Self::empty(303).with("Location", location)
    }

    /// The same answer with one more field; refuses CR, LF and NUL, the only way a value could leave its line.
    pub fn with(mut self, name: &'static str, value: &str) -> Result<Self> {
        if value.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
            return Err(Error::internal(format!("the header {name} would break its line")));
        }
        self.headers.push((name, value.to_owned()));
        Ok(self)
    }

    /// A field's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
