//! How letters leave, by the options of `portico serve`; what they say, the Mail page cannot change (MAI-1).

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::kernel::error::{Error, Result};
use crate::kernel::smtp::Security;
use crate::kernel::text::{self, Email};
use crate::kernel::world::{GivenSender, GivenServer, Transport};
use crate::mail::settings_model;

/// The options.
#[derive(Args, Debug, Default)]
pub struct Mailing {
    /// Write every letter as an .eml file into this folder, instead of sending it.
    #[arg(long, env = "PORTICO_MAIL_FOLDER", value_name = "FOLDER", conflicts_with = "smtp_host", help_heading = "Letters")]
    mail_folder: Option<PathBuf>,
    /// Send letters through this mail server. Without it, Admin > Mail decides.
    #[arg(long, env = "PORTICO_SMTP_HOST", value_name = "NAME", requires = "mail_from", help_heading = "Letters")]
    smtp_host: Option<String>,
    /// Its port; 587 with STARTTLS, 465 with TLS, 25 with none, unless told otherwise.
    #[arg(long, env = "PORTICO_SMTP_PORT", value_name = "PORT", requires = "smtp_host", help_heading = "Letters")]
    smtp_port: Option<u16>,
    /// How the line to it is encrypted: starttls (by default), tls from the first byte, or none, to a mail server on this machine only.
    #[arg(long, env = "PORTICO_SMTP_SECURITY", value_name = "WORD", requires = "smtp_host", help_heading = "Letters")]
    smtp_security: Option<Encryption>,
    /// The user name there.
    #[arg(
        long,
        env = "PORTICO_SMTP_USER",
        value_name = "NAME",
        requires = "smtp_host",
        requires = "smtp_password_file",
        help_heading = "Letters"
    )]
    smtp_user: Option<String>,
    /// A file whose first line is the password there.
    #[arg(long, env = "PORTICO_SMTP_PASSWORD_FILE", value_name = "FILE", requires = "smtp_user", help_heading = "Letters")]
    smtp_password_file: Option<PathBuf>,
    /// Trust only certificates of the authority in this file (PEM), instead of the publicly trusted ones.
    #[arg(long, env = "PORTICO_SMTP_CA", value_name = "FILE", requires = "smtp_host", help_heading = "Letters")]
    smtp_ca: Option<PathBuf>,
    /// The address that letters come from.
    #[arg(long, env = "PORTICO_MAIL_FROM", value_name = "ADDRESS", help_heading = "Letters")]
    mail_from: Option<String>,
    /// The name beside it in your own letters; your firm's by default. Letters of sub-partners bear their names.
    #[arg(long, env = "PORTICO_MAIL_FROM_NAME", value_name = "NAME", help_heading = "Letters")]
    mail_from_name: Option<String>,
}

/// The words of `--smtp-security`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Encryption {
    /// TLS after STARTTLS, which the server must offer.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all.
    None,
}

impl Mailing {
    /// The way out and the sender; a sentence where something cannot be used.
    pub fn way(&self) -> Result<(Transport, GivenSender)> {
        let refuse = |option: &str, sentence: String| Error::refused(format!("{option}: {sentence}"));
        let address = self.mail_from.as_ref().map(|text| Email::parse(text).map_err(|sentence| refuse("--mail-from", sentence)));
        let name = self.mail_from_name.as_ref().map(|text| text::line(text, 120).map_err(|sentence| refuse("--mail-from-name", sentence)));
        let sender = GivenSender {
            address: address.transpose()?.map(|email| email.as_str().to_owned()),
            name: name.transpose()?.filter(|name| !name.is_empty()),
        };
        let transport = match (&self.mail_folder, &self.smtp_host) {
            (Some(folder), _) => Transport::Folder(folder.clone()),
            (None, Some(host)) => Transport::Smtp(Box::new(self.server(host)?)),
            (None, None) => Transport::AsSet,
        };
        Ok((transport, sender))
    }

    fn server(&self, host: &str) -> Result<GivenServer> {
        let refuse = |option: &str, sentence: String| Error::refused(format!("{option}: {sentence}"));
        let host = settings_model::host(host).map_err(|sentence| refuse("--smtp-host", sentence))?;
        let security = match self.smtp_security {
            None | Some(Encryption::Starttls) => Security::StartTls,
            Some(Encryption::Tls) => Security::Tls,
            Some(Encryption::None) => Security::Plain,
        };
        let security = settings_model::allowed(security, &host).map_err(|sentence| refuse("--smtp-security", sentence))?;
        let server = GivenServer {
            port: self.smtp_port.unwrap_or(security.usual_port()),
            host,
            security,
            user: self.smtp_user.clone(),
            password_file: self.smtp_password_file.clone(),
            authority_file: self.smtp_ca.clone(),
        };
        // Said now rather than with the first letter; the files are read again for each round.
        server.server().map_err(Error::refused)?;
        Ok(server)
    }
}
