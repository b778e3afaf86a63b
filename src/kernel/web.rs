//! Addresses of web pages that ours may lead to.

use crate::kernel::text;

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
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.split('.').all(label) && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| 0 < port))
}
