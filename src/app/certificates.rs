//! Certificates as files, and what the gate presents of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, RootCertStore, ServerConfig};
use sha2::{Digest as _, Sha256};

use crate::app::config::Reach;
use crate::app::{errors, self_signed};
use crate::gate::stream::Wrap;
use crate::gate::tls::Tls;
use crate::kernel::error::{Error, Result};
use crate::kernel::time::Timestamp;

/// Where the certificate comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// It was given: the chain, the own certificate first, and its key.
    Files {
        /// `--tls-cert`
        chain: PathBuf,
        /// `--tls-key`
        key: PathBuf,
    },
    /// It is Portico's own, kept in this folder.
    SelfSigned(PathBuf),
}

/// What the gate presents, and where to look for a newer one.
#[derive(Debug)]
pub struct Presented {
    source: Source,
    reach: Reach,
    tls: Arc<Tls>,
    notes: Vec<String>,
}

impl Presented {
    /// Reads the files, or makes the certificate that is missing or has run its time. A sentence where that does not work.
    pub fn open(source: Source, reach: &Reach, now: Timestamp) -> Result<Self> {
        let (pair, notes) = load(&source, reach, now)?;
        let tls = Arc::new(Tls::new(pair.config()?, reach.hosts(), errors::finish));
        Ok(Self { source, reach: reach.clone(), tls, notes })
    }

    /// What whoever starts the portal should know about it, a line each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// For the gate.
    pub fn tls(&self) -> Arc<dyn Wrap> {
        let tls: Arc<Tls> = Arc::clone(&self.tls);
        tls
    }

    /// Looks again and presents what is there now; what is to be said about it. Where that does not work, the old one stays.
    pub fn read_again(&self, now: Timestamp) -> Result<Vec<String>> {
        let (pair, mut lines) = load(&self.source, &self.reach, now)?;
        self.tls.present(pair.config()?);
        lines.insert(0, format!("The certificate was read again; its SHA-256 fingerprint: {}", pair.fingerprint()));
        Ok(lines)
    }
}

fn load(source: &Source, reach: &Reach, now: Timestamp) -> Result<(Pair, Vec<String>)> {
    match source {
        Source::Files { chain, key } => {
            let pair = Pair::read(chain, key)?;
            let lines = doubts(&pair, chain, reach.public_url.name(), now);
            Ok((pair, lines))
        }
        Source::SelfSigned(folder) => {
            let (pair, made) = self_signed::keep(folder, reach, now)?;
            let told = format!(
                "Portico made its certificate itself, so browsers warn of it. Before you accept it, compare its SHA-256 fingerprint: {}",
                pair.fingerprint()
            );
            Ok((pair, made.into_iter().chain([told]).collect()))
        }
    }
}

/// A chain and the key of its first certificate.
#[derive(Debug)]
pub struct Pair {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Pair {
    /// Reads both from PEM files.
    pub fn read(chain: &Path, key: &Path) -> Result<Self> {
        let content =
            |path: &Path| std::fs::read(path).map_err(|error| Error::refused(format!("{} cannot be read ({error}).", path.display())));
        let certificates: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&content(chain)?).collect();
        let readable = |found: &Vec<_>| found.first().is_some_and(|own| ParsedCertificate::try_from(own).is_ok());
        let certificates = certificates.ok().filter(readable);
        let Some(found) = certificates else {
            return Err(Error::refused(format!("{} holds no certificate in PEM.", chain.display())));
        };
        let Ok(secret) = PrivateKeyDer::from_pem_slice(&content(key)?) else {
            return Err(Error::refused(format!("{} holds no private key in PEM that could be read without a password.", key.display())));
        };
        let pair = Self { chain: found, key: secret };
        pair.build().map_err(|error| {
            let (chain, key) = (chain.display(), key.display());
            Error::refused(if let rustls::Error::InconsistentKeys(_) = error {
                format!("{key} is not the key of the certificate in {chain}.")
            } else {
                format!("{chain} and {key} cannot be used ({error}).")
            })
        })?;
        Ok(pair)
    }

    /// TLS 1.2 and 1.3 with this, and nothing but HTTP/1.1 inside.
    fn config(&self) -> Result<Arc<ServerConfig>> {
        self.build().map(Arc::new).map_err(|error| Error::refused(format!("The certificate cannot be used ({error}).")))
    }

    fn build(&self) -> std::result::Result<ServerConfig, rustls::Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// The SHA-256 of the first certificate, as browsers show it: pairs of digits with colons between.
    fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.chain.first().map(AsRef::as_ref).unwrap_or_default());
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// Whether it stands for this name or address.
    pub fn names(&self, name: &str) -> bool {
        let parsed = self.chain.first().and_then(|own| ParsedCertificate::try_from(own).ok());
        match (parsed, ServerName::try_from(name)) {
            (Some(own), Ok(wanted)) => rustls::client::verify_server_name(&own, &wanted).is_ok(),
            _ => false,
        }
    }

    /// Whether it is too old, or too young, at this moment. Only what the files hold is asked: the last certificate of the chain is believed.
    pub fn in_time(&self, now: Timestamp) -> bool {
        let (Some(own), Some(last)) = (self.chain.first(), self.chain.last()) else { return false };
        let mut roots = RootCertStore::empty();
        let (Ok(parsed), Ok(())) = (ParsedCertificate::try_from(own), roots.add(last.clone())) else { return false };
        let seconds = u64::try_from(now.0 / 1_000).unwrap_or_default();
        let outcome = rustls::client::verify_server_cert_signed_by_trust_anchor(
            &parsed,
            &roots,
            self.chain.get(1..).unwrap_or_default(),
            UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
            ring::default_provider().signature_verification_algorithms.all,
        );
        !matches!(
            outcome,
            Err(rustls::Error::InvalidCertificate(
                CertificateError::Expired
                    | CertificateError::ExpiredContext { .. }
                    | CertificateError::NotValidYet
                    | CertificateError::NotValidYetContext { .. }
            ))
        )
    }
}

/// What browsers will dislike about a certificate that was given. It is taken all the same: somebody may be about to mend it.
fn doubts(pair: &Pair, chain: &Path, name: &str, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    if !pair.names(name) {
        lines.push(format!("Warning: the certificate in {} does not stand for {name}, so browsers will warn of it.", chain.display()));
    }
    if !pair.in_time(now) {
        lines
            .push(format!("Warning: the certificate in {} has run out or is not valid yet, so browsers will warn of it.", chain.display()));
    }
    lines
}
