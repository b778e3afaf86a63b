//! How `portico serve` is reached: its options, and what does not go together.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::certificates::Source;
use crate::app::config::{Reach, Spoken};
use crate::app::public_url::{PublicUrl, Scheme};
use crate::kernel::error::{Error, Result};

/// Where the portal listens unless told otherwise.
pub const LISTEN: &str = "127.0.0.1:8090";

/// The options.
#[derive(Args, Debug)]
pub struct Listening {
    /// Where to listen.
    #[arg(long, env = "PORTICO_LISTEN", value_name = "ADDRESS", default_value = LISTEN, value_parser = address, help_heading = "Reach")]
    pub listen: SocketAddr,
    /// Where people reach the portal, such as `https://portal.example`: for links in letters, and the name it answers to; the
    /// listening address by default.
    #[arg(long, env = "PORTICO_PUBLIC_URL", value_name = "URL", help_heading = "Reach")]
    public_url: Option<String>,
    /// A proxy whose X-Forwarded-For is believed, by its address.
    #[arg(long, env = "PORTICO_TRUSTED_PROXY", value_name = "ADDRESS", help_heading = "Reach")]
    pub trusted_proxy: Option<IpAddr>,
    /// Speak TLS with this certificate: a PEM file, the certificate first and then those above it. Read again on SIGHUP.
    #[arg(long, env = "PORTICO_TLS_CERT", value_name = "FILE", requires = "tls_key", help_heading = "Reach")]
    tls_cert: Option<PathBuf>,
    /// The private key of that certificate, in PEM.
    #[arg(long, env = "PORTICO_TLS_KEY", value_name = "FILE", requires = "tls_cert", help_heading = "Reach")]
    tls_key: Option<PathBuf>,
    /// Speak TLS with a certificate that Portico makes itself; browsers warn of it until somebody accepts it.
    #[arg(long, env = "PORTICO_TLS_SELF_SIGNED", help_heading = "Reach")]
    tls_self_signed: bool,
    /// Let other machines in without TLS: whoever is on that network can read passwords and take over sessions.
    #[arg(long, env = "PORTICO_INSECURE_LAN", help_heading = "Reach")]
    insecure_lan: bool,
}

/// The address to listen on; a sentence where it is none.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("write an address and a port, such as {LISTEN}"))
}

/// What the options ask for, before the port is known.
#[derive(Debug)]
pub struct Plan {
    spoken: Spoken,
    public_url: Option<PublicUrl>,
}

impl Listening {
    /// What they ask for; a sentence where that does not go together.
    pub fn plan(&self) -> Result<Plan> {
        let read =
            |text: &String| text.parse::<PublicUrl>().map_err(|why| Error::refused(format!("--public-url {text} cannot be used. {why}")));
        let public_url = self.public_url.as_ref().map(read).transpose()?;
        let plan = Plan { spoken: self.spoken()?, public_url };
        plan.refuse_plain_over_a_network(self.listen)?;
        plan.refuse_another_scheme()?;
        if self.listen.ip().is_unspecified() && plan.public_url.is_none() {
            return Err(Error::refused(format!(
                "{} stands for every address of this machine, and Portico cannot know which of them people use. Name it with --public-url.",
                self.listen.ip()
            )));
        }
        Ok(plan)
    }
}

impl Listening {
    fn spoken(&self) -> Result<Spoken> {
        match (&self.tls_cert, self.tls_self_signed, self.insecure_lan) {
            (None, false, false) => Ok(Spoken::Plain),
            (None, false, true) => Ok(Spoken::InsecureLan),
            (Some(_), false, false) => Ok(Spoken::Tls),
            (None, true, false) => Ok(Spoken::SelfSigned),
            (Some(_), true, _) => Err(Error::refused(
                "A certificate is given, so Portico makes none: leave out --tls-self-signed, or --tls-cert and --tls-key.",
            )),
            (_, _, true) => Err(Error::refused("--insecure-lan is for plain HTTP. Leave it out, since Portico is to speak TLS.")),
        }
    }

    /// Where the certificate comes from, if TLS is spoken.
    pub fn certificate(&self, data: &Path) -> Option<Source> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(chain), Some(key)) => Some(Source::Files { chain: chain.clone(), key: key.clone() }),
            _ => self.tls_self_signed.then(|| Source::SelfSigned(data.to_owned())),
        }
    }
}

impl Plan {
    /// Under TLS, links that begin with http:// would lead nowhere.
    fn refuse_another_scheme(&self) -> Result<()> {
        match &self.public_url {
            Some(url) if url.scheme() != Scheme::Https && self.spoken.scheme() == Scheme::Https => Err(Error::refused(format!(
                "--public-url {url} does not fit: Portico is to speak TLS, so people reach it at an address that begins with https://."
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// Without TLS everything is readable on the way, so it has to be wanted.
    fn refuse_plain_over_a_network(&self, listen: SocketAddr) -> Result<()> {
        if self.spoken != Spoken::Plain {
            return Ok(());
        }
        if !listen.ip().is_loopback() {
            return Err(Error::refused(format!(
                "{listen} is for other machines too, and without TLS whoever is on the way reads the passwords. Listen on this machine only, \
                 such as 127.0.0.1:8090, with a proxy before it that speaks TLS; speak TLS here (--tls-cert and --tls-key, or --tls-self-signed); or accept \
                 it with --insecure-lan."
            )));
        }
        match &self.public_url {
            Some(url) if url.scheme() == Scheme::Http && !url.is_this_machine() => Err(Error::refused(format!(
                "{url} is plain HTTP over a network: whoever is on the way reads the passwords. Use an address that begins with https://, or accept it \
                 with --insecure-lan."
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// The whole of it, now that the listener has its port.
    pub fn reach(self, listen: SocketAddr) -> Reach {
        let public_url = self.public_url.unwrap_or_else(|| PublicUrl::of(self.spoken.scheme(), listen));
        Reach { listen, spoken: self.spoken, public_url }
    }
}

/// What whoever starts it should know, a line each.
pub fn warnings(reach: &Reach, trusted_proxy: Option<IpAddr>) -> Vec<String> {
    let mut lines = Vec::new();
    if reach.spoken == Spoken::InsecureLan {
        let who = match reach.public_url.scheme() {
            Scheme::Http => "without TLS, whoever is on the same network",
            Scheme::Https => "the way from the proxy to Portico is without TLS, and whoever is on the network between them",
        };
        lines.push(format!("Warning: {who} can read passwords and take over sessions (--insecure-lan)."));
    }
    if reach.spoken.scheme() == Scheme::Http && reach.public_url.scheme() == Scheme::Https && trusted_proxy.is_none() {
        lines.push(
            "Everybody seems to come from the proxy, so one guesser slows everybody's sign-in down: name its address with --trusted-proxy, if it \
             sets X-Forwarded-For."
                .to_owned(),
        );
    }
    lines
}
