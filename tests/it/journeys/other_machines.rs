//! From other machines: each way in, in a real browser, under a name that is not this machine's.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{KeyPair, PublicKeyData as _};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use sha2::Digest as _;
use tempfile::TempDir;

use portico::kernel::time::{Clock, Span};

use super::set_up_factor;
use crate::command_line::Serving;
use crate::support::authenticator::code;
use crate::support::browser::Browser;
use crate::support::people::PASSWORD;
use crate::support::secure::{Authority, free_port};

const NAME: &str = "portal.example";

/// A browser for which that name leads here, and which accepts a certificate with this key alone.
fn browser(url: &str, key: Option<&Path>) -> Browser {
    let mut flags = vec![format!("--host-resolver-rules=MAP {NAME} 127.0.0.1")];
    if let Some(key) = key {
        let key = KeyPair::from_pem(&std::fs::read_to_string(key).expect("a key")).expect("a key");
        let digest = STANDARD.encode(sha2::Sha256::digest(key.subject_public_key_info()));
        flags.push(format!("--ignore-certificate-errors-spki-list={digest}"));
    }
    Browser::start_with_flags(url, &flags)
}

/// From the printed link to signing out and in again: pages are followed, and changes are done.
fn walk(serving: &mut Serving, browser: &mut Browser) {
    let link = loop {
        let line = serving.line();
        assert!(!line.is_empty(), "no link was printed");
        if line.contains("/set-up/") {
            break line.split_whitespace().last().expect("a link").to_owned();
        }
    };
    assert!(link.starts_with(&serving.url), "{link}");
    browser.visit(&link).fill("Partner name", "Fjord IT").choose("Country", "Norway");
    browser.fill("First name", "Ada").fill("Last name", "Lane").fill("E-mail", "ada@fjord.example");
    browser.fill("Password", PASSWORD).fill("Password again", PASSWORD).click("Set up Portico");
    browser.sees("Fjord IT is set up");
    let secret = set_up_factor(browser, Clock::System.now());
    browser.click("Admin").click("Manage Organizations").click("Create Organization");
    browser.fill("Organization name", "Alder Dental").click("Create Organization").sees("Alder Dental").sees("SaaS Protection Services");
    browser.click("AL").click("Sign out").sees("You are signed out.");
    browser.visit("/organizations").fill("E-mail", "ada@fjord.example").fill("Password", PASSWORD).click("Sign in");
    // The code of this moment may have been used up in setting up.
    browser.fill("Code", &code(&secret, Clock::System.now() + Span::seconds(30))).click("Continue").sees("Alder Dental");
    // Without TLS on a network Chromium says that it leaves a header aside which it trusts from this machine or under TLS only.
    let errors: Vec<String> = browser.console_errors().into_iter().filter(|error| !error.contains("Cross-Origin-Opener-Policy")).collect();
    assert!(errors.is_empty(), "the browser complains: {errors:?}");
}

/// With Portico's own certificate, accepted by its key; under another key's the browser lets nobody in.
#[test]
fn a_browser_comes_in_over_tls_with_a_certificate_of_porticos_own() {
    let folder = TempDir::new().expect("a folder");
    let port = free_port();
    let (listen, public_url) = (format!("127.0.0.1:{port}"), format!("https://{NAME}:{port}"));
    let options = ["--listen", &listen, "--public-url", &public_url, "--tls-self-signed"];
    let mut serving = Serving::start_with(folder.path(), &options);
    let mut ada = browser(&public_url, Some(&folder.path().join("self-signed.key")));
    walk(&mut serving, &mut ada);

    let other = folder.path().join("other.key");
    std::fs::write(&other, KeyPair::generate().expect("a key").serialize_pem()).expect("a file");
    let mut stranger = browser(&public_url, Some(&other));
    stranger.visit("/sign-in").sees("ERR_CERT_AUTHORITY_INVALID");
    assert_eq!(serving.stop(), Some(0));
}

/// Without TLS, as somebody wanted it.
#[test]
fn a_browser_comes_in_over_a_trusted_network() {
    let folder = TempDir::new().expect("a folder");
    let port = free_port();
    let (listen, public_url) = (format!("127.0.0.1:{port}"), format!("http://{NAME}:{port}"));
    let mut serving = Serving::start_with(folder.path(), &["--listen", &listen, "--public-url", &public_url, "--insecure-lan"]);
    walk(&mut serving, &mut browser(&public_url, None));
    assert_eq!(serving.stop(), Some(0));
}

/// Behind something that ends TLS before it, on this machine.
#[test]
fn a_browser_comes_in_through_a_proxy_with_tls() {
    let folder = TempDir::new().expect("a folder");
    let (chain, key) = Authority::new().write(folder.path(), &[NAME]);
    let before = TcpListener::bind("127.0.0.1:0").expect("a port");
    let public_url = format!("https://{NAME}:{}", before.local_addr().expect("its address").port());
    let listen = format!("127.0.0.1:{}", free_port());
    let options = ["--listen", &listen, "--public-url", &public_url, "--trusted-proxy", "127.0.0.1"];
    let mut serving = Serving::start_with(&folder.path().join("data"), &options);
    std::thread::spawn({
        let (chain, key) = (chain.clone(), key.clone());
        move || relay(&before, &listen, &chain, &key)
    });
    walk(&mut serving, &mut browser(&public_url, Some(&key)));
    assert_eq!(serving.stop(), Some(0));
}

/// Takes TLS off and hands the bytes on, for as long as the test runs.
fn relay(before: &TcpListener, behind: &str, chain: &Path, key: &Path) {
    let chain = CertificateDer::pem_file_iter(chain).expect("a chain").collect::<Result<Vec<_>, _>>().expect("a chain");
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map(Arc::new)
        .expect("a configuration");
    while let Ok((client, _)) = before.accept() {
        let (config, behind) = (Arc::clone(&config), behind.to_owned());
        std::thread::spawn(move || drop(relay_one(client, config, &behind)));
    }
}

/// One request after the other, each on a connection of its own: what the client sends is a head and, by its length, a body.
fn relay_one(mut client: TcpStream, config: Arc<ServerConfig>, behind: &str) -> io::Result<()> {
    let mut session = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = rustls::Stream::new(&mut session, &mut client);
    loop {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            request.extend(byte);
        }
        let head = String::from_utf8_lossy(&request).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        request.truncate(request.len() - 2);
        request.extend(b"X-Forwarded-For: 192.0.2.50\r\n\r\n");
        request.extend(body);
        let mut inner = TcpStream::connect(behind)?;
        inner.write_all(&request)?;
        let mut answer = Vec::new();
        let mut piece = [0; 16_384];
        loop {
            let count = inner.read(&mut piece)?;
            answer.extend(&piece[..count]);
            if count == 0 || whole(&answer) {
                break;
            }
        }
        drop(inner.shutdown(Shutdown::Both));
        stream.write_all(&answer)?;
        stream.flush()?;
    }
}

/// Whether the answer has come to its announced end.
fn whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    let none = head.starts_with("http/1.1 204") || head.starts_with("http/1.1 304");
    none || answer.len() >= end + 4 + length
}
