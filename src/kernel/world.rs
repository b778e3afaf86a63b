//! What reaches outside, given to the portal as values: chance, the cost of passwords, the way letters leave.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::kernel::random::Tokens;
use crate::kernel::secret::PasswordCost;
use crate::kernel::smtp::{self, Login, Patience, Security, Server};
use crate::kernel::time::Clock;

/// How letters leave the portal (MAI-1), as it was said at the start.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Nothing was said: the Mail page decides, and until it does, letters stay in the outbox.
    AsSet,
    /// Each becomes an `.eml` file in this folder.
    Folder(PathBuf),
    /// Through the mail server that the command line names.
    Smtp(Box<GivenServer>),
    /// For tests: kept as raw messages.
    Memory(Arc<Mutex<Vec<Vec<u8>>>>),
    /// For tests: every delivery fails.
    Failing,
}

/// A mail server as the command line names it. Its files are read anew whenever they are needed, so that they may be changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is kept from others.
    pub security: Security,
    /// The user's name there, if it wants one.
    pub user: Option<String>,
    /// The file whose first line is the password.
    pub password_file: Option<PathBuf>,
    /// The file with the authority to trust, as PEM.
    pub authority_file: Option<PathBuf>,
}

impl GivenServer {
    /// The server with what its files hold at this moment; the error is a sentence.
    pub fn server(&self) -> Result<Server, String> {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read ({error}).", path.display()));
        let login = match (&self.user, &self.password_file) {
            (Some(user), Some(path)) => {
                let password = read(path)?.lines().next().unwrap_or_default().to_owned();
                if password.is_empty() {
                    return Err(format!("{} holds no password on its first line.", path.display()));
                }
                Some(Login { user: user.clone(), password })
            }
            _ => None,
        };
        let authority = match &self.authority_file {
            Some(path) => {
                let pem = read(path)?;
                smtp::check_authority(&pem).map_err(|_| format!("{} holds no certificate in PEM form.", path.display()))?;
                Some(pem)
            }
            None => None,
        };
        Ok(Server { host: self.host.clone(), port: self.port, security: self.security, login, authority })
    }
}

/// The sender as the command line names it; what is not named there, the Mail page says.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct GivenSender {
    /// The address.
    pub address: Option<String>,
    /// The name beside it.
    pub name: Option<String>,
}

/// Puts a message into a folder, under a name of ours; the error is a sentence. A file appears whole or not at all.
pub fn into_folder(folder: &Path, name: &str, message: &[u8]) -> Result<(), String> {
    write_whole(folder, name, message).map_err(|error| format!("{} cannot be written ({error}).", folder.display()))
}

/// A temporary file that nobody else on the machine can read (letters hold secrets), synced, then renamed.
fn write_whole(folder: &Path, name: &str, message: &[u8]) -> std::io::Result<()> {
    let (temporary, finished) = (folder.join(format!(".{name}.part")), folder.join(format!("{name}.eml")));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(&temporary, &finished)?;
    // The name, too, must be there after a power cut: the letter is about to be noted as delivered.
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// The world outside.
#[derive(Clone, Debug)]
pub struct World {
    /// Now.
    pub clock: Clock,
    /// Chance.
    pub tokens: Tokens,
    /// The way out for letters.
    pub transport: Transport,
    /// Who they are from.
    pub sender: GivenSender,
    /// How long a mail server is waited for.
    pub patience: Patience,
    /// What a password hash costs.
    pub password_cost: PasswordCost,
}
