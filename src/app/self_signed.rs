//! A certificate of Portico's own, for those who have none: made once, kept in the data folder, made anew when its time or its names
//! no longer do.

use std::path::Path;
use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};

use crate::app::certificates::Pair;
use crate::app::config::Reach;
use crate::kernel::error::{Error, Result};
use crate::kernel::time::{Span, Timestamp};

/// The certificate's file in the data folder; it may be handed out for others to trust.
pub const CERTIFICATE: &str = "self-signed.crt";
/// Its key's, which may not.
pub const KEY: &str = "self-signed.key";
/// How long a new one is valid. Some systems take none that is valid for more than 825 days.
pub const LIFE: Span = Span::days(800);
/// How long before its end a new one is made.
pub const RENEWAL: Span = Span::days(30);
/// Clocks of other machines may be behind.
const HEAD_START: Span = Span::days(1);

/// The names that it has to stand for.
pub fn names(reach: &Reach) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(ToOwned::to_owned).to_vec();
    let listen = reach.listen.ip();
    let listen = (!listen.is_unspecified()).then(|| listen.to_string());
    for name in listen.into_iter().chain([reach.public_url.name().to_owned()]) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The certificate that is kept in this folder, and why it was made anew, if it was.
pub fn keep(folder: &Path, reach: &Reach, now: Timestamp) -> Result<(Pair, Option<String>)> {
    let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
    let names = names(reach);
    let why = match Pair::read(&certificate, &key) {
        Err(_) if !certificate.exists() => "there was none".to_owned(),
        Err(error) => format!("the old one could not be used: {error}"),
        Ok(pair) => {
            let missing = names.iter().find(|name| !pair.names(name));
            match missing {
                _ if !pair.in_time(now) || !pair.in_time(now + RENEWAL) => {
                    "the old one is not valid now, or not for much longer".to_owned()
                }
                Some(name) => format!("the old one did not stand for {name}"),
                None => return Ok((pair, None)),
            }
        }
    };
    let (written, secret) = make(names, now).map_err(|error| Error::internal(format!("no certificate could be made: {error}")))?;
    write(&key, &secret)?;
    write(&certificate, &written)?;
    Ok((Pair::read(&certificate, &key)?, Some(format!("A new certificate was made, since {why}."))))
}

/// Certificate and key in PEM.
fn make(names: Vec<String>, now: Timestamp) -> std::result::Result<(String, String), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut wanted = CertificateParams::new(names)?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Portico");
    wanted.distinguished_name = name;
    wanted.is_ca = IsCa::ExplicitNoCa;
    wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let begin = rcgen::date_time_ymd(1970, 1, 1);
    let moment = |at: Timestamp| begin + Duration::from_millis(u64::try_from(at.0).unwrap_or_default());
    wanted.not_before = moment(now - HEAD_START);
    wanted.not_after = moment(now + LIFE);
    Ok((wanted.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// In one step, for this user only: a crash leaves the old file, and a key beside another's certificate is made anew.
fn write(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    let unwritable = |error: std::io::Error| Error::refused(format!("{} cannot be written ({error}).", path.display()));
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary).map_err(unwritable)?;
    file.write_all(text.as_bytes()).map_err(unwritable)?;
    file.sync_all().map_err(unwritable)?;
    std::fs::rename(&temporary, path).map_err(unwritable)
}
