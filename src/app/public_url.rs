//! Where people reach the portal, as it stands in letters, in the address bar, and in `Host` and `Origin`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// `http` or `https`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheme {
    /// Plain.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    const fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that browsers leave out.
    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Scheme, host and port, written as browsers write them: small letters, no port where it goes without saying, no slash at the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl {
    scheme: Scheme,
    host: String,
    port: u16,
}

impl PublicUrl {
    /// The address of a listener itself.
    pub fn of(scheme: Scheme, listen: SocketAddr) -> Self {
        let host = match listen.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        Self { scheme, host, port: listen.port() }
    }

    /// Another name of this machine at the same scheme and port.
    #[must_use]
    pub fn at_host(&self, host: &str) -> Self {
        Self { host: host.to_owned(), ..self.clone() }
    }

    /// Its scheme.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The name or address without the port; IPv6 in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What stands in `Host` and in certificates as a name: the address without brackets, or the name.
    pub fn name(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Its port, said or not.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What browsers send as `Host`.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() { self.host.clone() } else { self.authority_with_port() }
    }

    /// The same with the port in any case.
    pub fn authority_with_port(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether browsers take this for the machine they run on, and so trust it without TLS.
    pub fn is_this_machine(&self) -> bool {
        let name = self.name();
        name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// What browsers send as `Origin`, and what links begin with.
impl fmt::Display for PublicUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}", self.scheme.word(), self.authority())
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    /// A sentence where it is no such address.
    fn from_str(text: &str) -> Result<Self, String> {
        let small = text.trim().to_ascii_lowercase();
        let (scheme, rest) = if let Some(rest) = small.strip_prefix("https://") {
            (Scheme::Https, rest)
        } else if let Some(rest) = small.strip_prefix("http://") {
            (Scheme::Http, rest)
        } else {
            return Err("Begin it with https:// or http://, such as https://portal.example.".to_owned());
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '@', '\\']) {
            return Err(
                "Only a host and a port belong into it, such as https://portal.example:8443; Portico is always at the top.".to_owned()
            );
        }
        let (host, port) = split_port(rest)?;
        let port = match port {
            None => scheme.port(),
            Some(digits) => {
                let number = if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().unwrap_or(0) } else { 0 };
                if number == 0 {
                    return Err("After the colon belongs a port from 1 to 65535.".to_owned());
                }
                number
            }
        };
        Ok(Self { scheme, host: parse_host(host)?, port })
    }
}

/// Host and digits of the port.
fn split_port(rest: &str) -> Result<(&str, Option<&str>), String> {
    let end = rest.rfind(']').map_or(0, |place| place + 1);
    match rest.get(end..).and_then(|after| after.rfind(':')) {
        Some(place) => Ok((rest.get(..end + place).unwrap_or_default(), rest.get(end + place + 1..))),
        None if rest.is_empty() => Err("A host belongs into it, such as https://portal.example.".to_owned()),
        None => Ok((rest, None)),
    }
}

fn parse_host(host: &str) -> Result<String, String> {
    let wrong = || Err(format!("{host:?} is no host. Write a name such as portal.example, an address, or an IPv6 address in brackets."));
    if let Some(inside) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match inside.parse::<Ipv6Addr>() {
            Ok(ip) if !ip.is_unspecified() => Ok(format!("[{ip}]")),
            _ => wrong(),
        };
    }
    if let Ok(ip) = host.parse::<Ipv4Addr>() {
        return if ip.is_unspecified() { wrong() } else { Ok(ip.to_string()) };
    }
    let label = |label: &str| {
        let signs = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        signs && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    // Browsers take a name that ends with a number for an address.
    let numeric = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x"));
    if host.is_ascii() && host.len() <= 253 && !numeric && host.split('.').all(label) {
        return Ok(host.to_owned());
    }
    if !host.is_ascii() {
        return Err(format!("Write {host:?} with the letters a to z, as its xn-- name."));
    }
    wrong()
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    fn read(text: &str) -> Option<String> {
        text.parse::<PublicUrl>().ok().map(|url| url.to_string())
    }

    #[test]
    fn it_is_written_as_browsers_write_it() {
        for (text, written) in [
            ("https://portal.example", "https://portal.example"),
            (" HTTPS://Portal.Example/ ", "https://portal.example"),
            ("https://portal.example:443", "https://portal.example"),
            ("http://portal.example:80/", "http://portal.example"),
            ("http://portal.example:443", "http://portal.example:443"),
            ("https://portal:65535", "https://portal:65535"),
            ("https://192.0.2.7:8443", "https://192.0.2.7:8443"),
            ("https://[2001:DB8:0:0::7]", "https://[2001:db8::7]"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(read(text).as_deref(), Some(written), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "portal.example",
            "ftp://portal.example",
            "https://",
            "https:///",
            "https://:8443",
            "https://portal.example:",
            "https://portal.example:0",
            "https://portal.example:65536",
            "https://portal.example:+80",
            "https://portal.example/portico",
            "https://portal.example//",
            "https://portal.example?x",
            "https://portal.example#x",
            "https://ada@portal.example",
            "https://portal example",
            "https://portal..example",
            "https://-portal.example",
            "https://portal.example.",
            "https://127.1",
            "https://1.2.3.0x4",
            "https://0.0.0.0",
            "https://[::]",
            "https://::1",
            "https://[::1",
            "https://[portal]",
            "https://b\u{fc}cher.example",
            "https://portal.example\r\nx",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn this_machine_has_its_own_names() {
        for (text, own) in [
            ("http://localhost:8090", true),
            ("http://portico.localhost", true),
            ("http://127.0.0.2", true),
            ("http://[::1]:1", true),
            ("http://localhost.example", false),
            ("http://192.0.2.7", false),
        ] {
            assert_eq!(text.parse::<PublicUrl>().expect("an address").is_this_machine(), own, "{text}");
        }
    }
}
