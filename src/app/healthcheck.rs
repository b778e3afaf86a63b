//! `portico healthcheck`: asks a running portal, on this machine unless told otherwise, whether it answers and can write.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

use crate::app::lock;
use crate::app::public_url::{PublicUrl, Scheme};
use crate::kernel::error::{Error, Result};

/// What `portico healthcheck` is told.
#[derive(Args, Debug)]
pub struct Healthcheck {
    /// Where the portal answers, such as `http://127.0.0.1:8090`; by default where the one in the data folder does.
    #[arg(long)]
    url: Option<PublicUrl>,
}

/// How long each step may take: supervisors ask again.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer is one line; this is plenty.
const LONGEST: u64 = 8 * 1_024;

/// Says that the portal is well, or what is wrong.
pub fn run(data: Option<&Path>, arguments: &Healthcheck) -> Result<()> {
    let url = match (&arguments.url, data) {
        (Some(url), _) => url.clone(),
        (None, Some(data)) => running_at(data)?,
        (None, None) => return Err(Error::refused("Portico knows no data folder here. Name one with --data, or the address with --url.")),
    };
    let answer = ask(&url).map_err(|error| Error::refused(format!("The portal at {url} does not answer ({error}).")))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer.as_str(), ""));
    match head.split(' ').nth(1) {
        Some("200") if body.trim_end() == "ok" => {
            println!("The portal at {url} answers and can write.");
            Ok(())
        }
        Some("503") if body.trim_end() == "cannot write" => {
            Err(Error::refused(format!("The portal at {url} answers but cannot write. Look at its disk.")))
        }
        _ => Err(Error::refused(format!("What answers at {url} is not Portico, or another name has to be asked: try --url."))),
    }
}

/// The address that the server in this folder wrote down.
fn running_at(data: &Path) -> Result<PublicUrl> {
    let holder = lock::holder(data)?.ok_or_else(|| Error::refused(format!("No portal runs in {}.", data.display())))?;
    let url: PublicUrl =
        holder.parse().map_err(|_| Error::refused(format!("The portal in {} does not serve at this moment.", data.display())))?;
    // "Every address" is asked at this machine's own.
    Ok(match url.name().parse() {
        Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)) => url.at_host("127.0.0.1"),
        Ok(IpAddr::V6(Ipv6Addr::UNSPECIFIED)) => url.at_host("[::1]"),
        _ => url,
    })
}

fn ask(url: &PublicUrl) -> std::io::Result<String> {
    let authority = url.authority();
    let address: SocketAddr =
        (url.name(), url.port()).to_socket_addrs()?.next().ok_or_else(|| std::io::Error::other("there is no such address"))?;
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    match url.scheme() {
        Scheme::Http => exchange(stream, &request),
        Scheme::Https => {
            let name = ServerName::try_from(url.name().to_owned()).map_err(std::io::Error::other)?;
            let session = ClientConnection::new(Arc::new(whoever()?), name).map_err(std::io::Error::other)?;
            exchange(StreamOwned::new(session, stream), &request)
        }
    }
}

fn exchange(mut stream: impl Read + Write, request: &str) -> std::io::Result<String> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut answer = Vec::new();
    match stream.take(LONGEST).read_to_end(&mut answer) {
        // Who closes without saying so at the end of TLS has answered all the same.
        Err(error) if answer.is_empty() => Err(error),
        _ => Ok(String::from_utf8_lossy(&answer).into_owned()),
    }
}

/// Whether somebody answers is the question, not who: nothing secret is sent, the certificate may be for another name than this
/// machine's, and one of the portal's own is vouched for by nobody.
fn whoever() -> std::io::Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Whoever(provider)))
        .with_no_client_auth();
    Ok(config)
}

#[derive(Debug)]
struct Whoever(Arc<CryptoProvider>);

impl ServerCertVerifier for Whoever {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
