//! Addresses of web pages: our own with what they ask for, and others that ours may lead to.

use std::net::Ipv6Addr;

use crate::kernel::text;

/// A page of our own with what it is asked for; what is empty is left out, so that an address says what is not the default.
pub fn address<Name: AsRef<str>, Value: AsRef<str>>(path: &str, pairs: impl IntoIterator<Item = (Name, Value)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.as_ref().is_empty()));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The longest address, in characters.
const MAX: usize = 500;

/// An address that a page may lead to: http or https, a host, and nothing that could be taken for something else (ALL-5, DEV-5, SAS-11).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebAddress(String);

impl WebAddress {
    /// What somebody typed, or a file says; nothing where it is empty.
    pub fn parse(raw: &str) -> Result<Option<Self>, String> {
        let address = text::line(raw, MAX)?;
        if address.is_empty() {
            return Ok(None);
        }
        let refusal = || "The whole address belongs here, such as https://console.example.com, with http or https.".to_owned();
        let (scheme, rest) = address.split_once("://").ok_or_else(refusal)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let plain = address.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`'));
        let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        // Whoever reads "https://vendor.example@elsewhere.example" reads the wrong host.
        if plain && web && is_host(host) { Ok(Some(Self(address))) } else { Err(refusal()) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_host(text: &str) -> bool {
    // An address of six: it holds colons, so it stands in brackets, and a zone of the machine's own has no place in it.
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        return address.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.split('.').all(label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| 0 < port)
}
