//! Plain values with their defaults and limits.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::app::public_url::{PublicUrl, Scheme};
use crate::page::cookies::Cookies;

/// The database's name in the data folder.
pub const DATABASE: &str = "portico.db";
/// The key file's.
pub use crate::upkeep::files_store::KEY_FILE;

/// How a portal is run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with the database, its key file and all else.
    pub data: PathBuf,
    /// How browsers come in.
    pub reach: Reach,
    /// SEC-1: the proxy whose X-Forwarded-For is believed.
    pub trusted_proxy: Option<std::net::IpAddr>,
    /// Whether this is the demo.
    pub demo: bool,
    /// BRA-2: whether partners in Europe, the Middle East and Africa may brand too.
    pub branding_everywhere: bool,
}

impl Config {
    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.data.join(DATABASE)
    }

    /// The key file beside it.
    pub fn key_file(&self) -> PathBuf {
        self.data.join(KEY_FILE)
    }
}

/// What is spoken at the listening address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spoken {
    /// Plain HTTP on this machine, for its own browsers or for a proxy with TLS.
    Plain,
    /// Plain HTTP over a network, as somebody wanted it.
    InsecureLan,
    /// TLS with a certificate that was given.
    Tls,
    /// TLS with a certificate that Portico made itself.
    SelfSigned,
}

impl Spoken {
    /// Whether it speaks TLS.
    pub const fn scheme(self) -> Scheme {
        match self {
            Self::Plain | Self::InsecureLan => Scheme::Http,
            Self::Tls | Self::SelfSigned => Scheme::Https,
        }
    }
}

/// How browsers come in; the list of hosts, the origins and the cookies follow from it.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Where it listens, with the port as it became.
    pub listen: SocketAddr,
    /// What it speaks there.
    pub spoken: Spoken,
    /// Where people reach it.
    pub public_url: PublicUrl,
}

impl Reach {
    /// Plain HTTP on this machine and nothing else.
    pub fn on_this_machine(listen: SocketAddr) -> Self {
        Self { listen, spoken: Spoken::Plain, public_url: PublicUrl::of(Scheme::Http, listen) }
    }

    /// Every address that is ours: the usual names of this machine with our port, the listening address, and the public one.
    fn addresses(&self) -> Vec<PublicUrl> {
        let own = PublicUrl::of(self.spoken.scheme(), self.listen);
        let mut all: Vec<PublicUrl> = ["127.0.0.1", "localhost", "[::1]"].iter().map(|host| own.at_host(host)).collect();
        for address in [own, self.public_url.clone()] {
            if !all.contains(&address) {
                all.push(address);
            }
        }
        // "Every address" is none that anybody could ask for.
        all.retain(|address| !matches!(address.name(), "0.0.0.0" | "::"));
        all
    }

    /// The `Host` values that are answered. Browsers leave out the port that goes without saying; some proxies write it.
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts: Vec<String> = self.addresses().iter().map(PublicUrl::authority).collect();
        hosts.extend(self.addresses().iter().map(PublicUrl::authority_with_port));
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// The `Origin` values that are our own pages'.
    pub fn origins(&self) -> Vec<String> {
        self.addresses().iter().map(ToString::to_string).collect()
    }

    /// Browsers drop guarded cookies where plain HTTP comes over a network, whoever stands before the public address.
    pub const fn cookies(&self) -> Cookies {
        match (self.spoken, self.public_url.scheme()) {
            (Spoken::InsecureLan, Scheme::Http) => Cookies::Bare,
            _ => Cookies::Guarded,
        }
    }

    /// The one `Host` whose answers ask browsers to use nothing but TLS from now on (HSTS). Not with a certificate of our own, which a
    /// browser under that rule lets nobody accept; not for this machine's names, which other programs use without TLS; and not behind a
    /// proxy, which has its own certificate and its own say.
    pub fn tls_only_host(&self) -> Option<String> {
        (self.spoken == Spoken::Tls && !self.public_url.is_this_machine()).then(|| self.public_url.authority())
    }
}
