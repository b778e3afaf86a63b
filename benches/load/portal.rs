//! A portal of the estate's that runs, and people who are signed in to it without a password: hashing one takes memory.

use std::path::PathBuf;

use portico::access::stage_model::Proof;
use portico::access::store::{NewSession, begin_session};
use portico::factors;
use portico::kernel::db::Read as _;
use portico::kernel::error::Error;
use portico::kernel::ids::{AccountId, IdentityId, PartnerId};
use portico::kernel::random::Tokens;
use portico::kernel::secret::token_hash;
use portico::kernel::totp::Secret;
use portico::page::cookies::Cookies;

use crate::Fallible;
use crate::client::{Answer, Connection, get};
use crate::estate::{self, Estate};
use crate::process::Running;

/// A running portal over a copy of its own.
#[derive(Debug)]
pub struct Portal {
    /// Its data folder.
    pub folder: PathBuf,
    /// Its process.
    pub process: Running,
    /// Ends of heads for those who are signed in, by e-mail.
    sessions: Vec<(&'static str, String)>,
}

impl Portal {
    /// Copies the estate, signs these people in, and starts.
    pub fn start(estate: Estate, people: &[&'static str]) -> Fallible<Self> {
        let folder = estate.copy()?;
        let sessions = people.iter().map(|email| Ok((*email, sign_in(&folder, email)?))).collect::<Fallible<Vec<_>>>()?;
        let process = Running::portal(&folder)?;
        Ok(Self { folder, process, sessions })
    }

    /// The lines of a head that make a request this person's; none for nobody.
    pub fn lines(&self, email: &str) -> &str {
        self.sessions.iter().find(|(one, _)| *one == email).map_or("", |(_, lines)| lines)
    }

    /// A page, whole.
    pub fn page(&self, path: &str, lines: &str) -> Fallible<Answer> {
        Connection::open(self.process.address)?.ask(&get(self.process.address, path, lines), true)
    }
}

/// Begins a session; the head's line that carries it.
pub fn sign_in(folder: &std::path::Path, email: &str) -> Fallible<String> {
    let db = estate::open(folder)?;
    let token = Tokens.token()?;
    db.write(|tx| {
        // A copy of its own would be made in the midst of the measuring.
        portico::upkeep::store::set_daily(tx, portico::upkeep::model::Daily::Off)?;
        let (partner, identity, account): (PartnerId, IdentityId, AccountId) = tx.one(
            "select a.partner, i.id, a.id from identity i join account a on a.identity = i.id where i.email_key = ?1",
            [email],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        // Employees must have a second factor; nobody is asked for a code of this one.
        let secret = Secret::of(&Tokens.bytes::<20>()?).ok_or(Error::NotFound)?;
        factors::store::save(tx, partner, identity, &secret, 0)?;
        let session = NewSession {
            token_hash: &token_hash(&token),
            partner,
            identity,
            account: Some(account),
            address: "127.0.0.1",
            browser: "The bench",
            proof: Proof::Both,
        };
        begin_session(tx, &session)
    })?;
    db.checkpoint()?;
    Ok(format!("Cookie: {}={token}\r\n", Cookies::Guarded.session()))
}
