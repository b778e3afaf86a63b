//! An authority that signs certificates, and a client that speaks TLS and believes what it is told to believe.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned, SupportedProtocolVersion};

/// No answer takes longer; a hang ends here.
const PATIENCE: Duration = Duration::from_secs(20);

/// A port that was free a moment ago; the public address has to name it beforehand.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// Somebody whose signature clients believe.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut wanted = CertificateParams::new(Vec::new()).expect("no names");
        wanted.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(wanted, KeyPair::generate().expect("a key")).expect("a certificate") }
    }

    /// Chain and key in PEM for these names, valid in these years.
    pub fn sign(&self, names: &[&str], from: i32, until: i32) -> (String, String) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut wanted = CertificateParams::new(names).expect("names");
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        wanted.not_before = rcgen::date_time_ymd(from, 1, 1);
        wanted.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let own = wanted.signed_by(&key, &self.issuer).expect("a certificate");
        (format!("{}{}", own.pem(), self.issuer.pem()), key.serialize_pem())
    }

    /// The same as two files in a folder, for names and years that do.
    pub fn write(&self, folder: &Path, names: &[&str]) -> (PathBuf, PathBuf) {
        let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
        let texts = self.sign(names, 2020, 2090);
        std::fs::write(&chain, texts.0).expect("a file");
        std::fs::write(&key, texts.1).expect("a file");
        (chain, key)
    }

    /// A client that believes this authority.
    pub fn client(&self) -> Client {
        Client::believing(self.issuer.der().clone())
    }
}

/// Who speaks TLS.
#[derive(Clone)]
pub struct Client {
    config: ClientConfig,
    root: CertificateDer<'static>,
}

/// What came of it.
pub struct Exchange {
    /// The whole answer, as it came.
    pub answer: String,
    /// Which TLS.
    pub version: ProtocolVersion,
    /// Which protocol inside was agreed on.
    pub inside: Option<Vec<u8>>,
    /// The server's own certificate.
    pub certificate: CertificateDer<'static>,
}

impl Client {
    /// Believes this certificate and what it has signed.
    pub fn believing(root: CertificateDer<'static>) -> Self {
        Self::speaking(root, &[&rustls::version::TLS12, &rustls::version::TLS13])
    }

    /// The same in these versions only.
    pub fn speaking(root: CertificateDer<'static>, versions: &[&'static SupportedProtocolVersion]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(root.clone()).expect("a certificate");
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).expect("versions");
        Self { config: builder.with_root_certificates(roots).with_no_client_auth(), root }
    }

    /// Believes the certificate in this PEM file.
    pub fn believing_file(path: &Path) -> Self {
        Self::believing(CertificateDer::from_pem_file(path).expect("a certificate"))
    }

    /// The same in one version.
    pub fn only(self, version: &'static SupportedProtocolVersion) -> Self {
        Self::speaking(self.root, &[version])
    }

    /// Offers these protocols inside.
    pub fn offering(mut self, protocols: &[&str]) -> Self {
        self.config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        self
    }

    /// An open connection, its handshake done.
    pub fn connect(&self, address: &str, name: &str) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let mut socket = TcpStream::connect(address)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let mut session = ClientConnection::new(Arc::new(self.config.clone()), name).map_err(io::Error::other)?;
        while session.is_handshaking() {
            session.complete_io(&mut socket)?;
        }
        Ok(StreamOwned::new(session, socket))
    }

    /// Sends bytes and reads until the server has said that nothing follows; an end without that word is an error.
    pub fn exchange(&self, address: &str, name: &str, request: &str) -> io::Result<Exchange> {
        let mut stream = self.connect(address, name)?;
        stream.write_all(request.as_bytes())?;
        stream.flush()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let session = &stream.conn;
        Ok(Exchange {
            answer: String::from_utf8_lossy(&answer).into_owned(),
            version: session.protocol_version().expect("a version"),
            inside: session.alpn_protocol().map(<[u8]>::to_vec),
            certificate: session.peer_certificates().and_then(<[_]>::first).expect("a certificate").clone().into_owned(),
        })
    }

    /// Asks for a page under this name.
    pub fn get(&self, address: &str, name: &str, host: &str, path: &str) -> io::Result<Exchange> {
        self.exchange(address, name, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
    }
}
