//! The portals that are measured: made once, kept under `target/`, copied for each run.
//!
//! A large partner runs the portal; beneath it is one with ten organizations. To each organization belongs a user on average (none, one or
//! two), every other one has a SaaS account with four seats; three in a hundred are suspended, two unsubscribed. Founding is done by the portal's
//! own actions, the mass is written as the stores would write it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use portico::access::model::Actor;
use portico::access::roles_model::Role;
use portico::access::state_model::StoredState;
use portico::accounts::model::{Details, Invitation};
use portico::employees;
use portico::kernel::db::{Db, Tx};
use portico::kernel::error::Error;
use portico::kernel::ids::PartnerId;
use portico::kernel::random::Tokens;
use portico::kernel::secret::{Hasher, PasswordCost, Vault};
use portico::kernel::text::{Email, FirmName, PersonName};
use portico::kernel::time::Clock;
use portico::partners::model::Founding;
use portico::{accounts, partners};

use crate::mass::fill;
use crate::{Fallible, services};

/// Everybody's password.
pub const PASSWORD: &str = "quiet lantern over water";
/// The primary account of the partner that runs the portal.
pub const ADA: &str = "ada@large.example";
/// The primary account of the partner with ten organizations.
pub const PRIYA: &str = "priya@small.example";
/// How many of the large partner's Admins sign in while others work.
pub const ADMINS: u32 = 10;
/// How many the small partner has.
pub const FEW: usize = 10;

const KEY: [u8; 32] = [7; 32];

/// Which portal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Estate {
    /// Both partners and so many organizations.
    Of(usize),
    /// The small partner in a portal of its own.
    Small,
    /// One partner with many SaaS accounts and devices (`services.rs`, `devices.rs`).
    Services,
}

impl Estate {
    fn name(self) -> String {
        match self {
            Self::Of(size) => format!("of-{size}"),
            Self::Small => "small".to_owned(),
            Self::Services => "services".to_owned(),
        }
    }

    /// A data folder with a fresh copy of this portal.
    pub fn copy(self) -> Fallible<PathBuf> {
        let made = self.made()?;
        let folder = shelf().join(format!("run-{}", self.name()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder)?;
        for file in std::fs::read_dir(made)? {
            let file = file?;
            std::fs::copy(file.path(), folder.join(file.file_name()))?;
        }
        Ok(folder)
    }

    /// The folder of the portal as it was made; made now if it is not there. Reports grow stale, so what was made yesterday goes.
    fn made(self) -> Fallible<PathBuf> {
        let today = shelf().join(edition()?);
        if !today.exists() {
            drop(std::fs::remove_dir_all(shelf()));
        }
        let folder = today.join(self.name());
        if folder.exists() {
            return Ok(folder);
        }
        eprintln!("making the portal {}", self.name());
        let unfinished = today.join(format!("{}-unfinished", self.name()));
        drop(std::fs::remove_dir_all(&unfinished));
        std::fs::create_dir_all(&unfinished)?;
        self.make(&unfinished)?;
        std::fs::rename(&unfinished, &folder)?;
        Ok(folder)
    }

    fn make(self, folder: &Path) -> Fallible<()> {
        std::fs::write(folder.join("portico.key"), KEY)?;
        let db = open(folder)?;
        let hash = Hasher::start(PasswordCost::Full)?.hash(PASSWORD, Tokens)?;
        let file = folder.join("portico.db");
        match self {
            Self::Of(size) => {
                let large = db.write(|tx| found(tx, "Large Partner", "Ada", ADA, &hash))?;
                let small = db.write(|tx| beneath(tx, large, &hash))?;
                for number in 0..ADMINS {
                    db.write(|tx| employee(tx, large, Role::Admin, ("Admin", &admin(number)), &hash))?;
                }
                drop(db);
                fill(&file, &[large, small], size, 1)
            }
            Self::Small => {
                let small = db.write(|tx| found(tx, "Small Partner", "Priya", PRIYA, &hash))?;
                drop(db);
                // The names that the small partner's have among a million.
                fill(&file, &[small], FEW, 100_000)
            }
            Self::Services => {
                db.write(|tx| found(tx, "Large Partner", "Ada", ADA, &hash))?;
                drop(db);
                services::bring_in(folder)
            }
        }
    }
}

/// Where portals are kept.
pub fn shelf() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench")
}

/// Changes with the schema, with what fills it and with the day.
fn edition() -> Fallible<String> {
    let mut hasher = DefaultHasher::new();
    (include_str!("estate.rs"), include_str!("mass.rs"), include_str!("names.rs"), include_str!("services.rs"), include_str!("devices.rs"))
        .hash(&mut hasher);
    let mut migrations: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations"))?
        .map(|file| Ok(file?.path()))
        .collect::<Fallible<_>>()?;
    migrations.sort();
    for file in migrations {
        std::fs::read(file)?.hash(&mut hasher);
    }
    (now() / 86_400_000).hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Opens a portal's database from here.
pub fn open(folder: &Path) -> Fallible<Db> {
    Ok(Db::open(&folder.join("portico.db"), Clock::System, Vault::new(KEY))?)
}

fn actor(partner: PartnerId) -> Actor {
    Actor { partner, account: None, name: "The bench".into(), roles: "Operator".into(), address: "127.0.0.1".into() }
}

fn found(tx: &Tx<'_>, partner: &str, first: &str, email: &str, hash: &str) -> Result<PartnerId, Error> {
    let wrong = |sentence: String| Error::refused(sentence);
    let founding = Founding {
        partner: FirmName::parse(partner).map_err(wrong)?,
        country: "US".to_owned(),
        first_name: PersonName::parse(first).map_err(wrong)?,
        last_name: PersonName::parse("Lane").map_err(wrong)?,
        email: Email::parse(email).map_err(wrong)?,
    };
    Ok(partners::actions::set_up(tx, &founding, hash, |founded| actor(founded.partner))?.partner)
}

fn beneath(tx: &Tx<'_>, large: PartnerId, hash: &str) -> Result<PartnerId, Error> {
    let wrong = |sentence: String| Error::refused(sentence);
    let small = partners::store::create(tx, Some(large), &FirmName::parse("Small Partner").map_err(wrong)?, "US")?;
    employee(tx, small, Role::PrimaryAccount, ("Priya", PRIYA), hash)?;
    Ok(small)
}

/// The e-mail of one of the Admins.
pub fn admin(number: u32) -> String {
    format!("admin{number}@large.example")
}

/// An employee who has set up, known by first name and e-mail.
fn employee(tx: &Tx<'_>, partner: PartnerId, role: Role, (first, email): (&str, &str), hash: &str) -> Result<(), Error> {
    let wrong = |sentence: String| Error::refused(sentence);
    let email = Email::parse(email).map_err(wrong)?;
    let details = Details {
        first_name: PersonName::parse(first).map_err(wrong)?,
        last_name: PersonName::parse("Raman").map_err(wrong)?,
        email: email.clone(),
        country_code: None,
        mobile_phone: None,
    };
    let account = employees::actions::create(tx, &actor(partner), partner, role, &details, Invitation::Later)?;
    let identity = accounts::identities_store::identity_for(tx, partner, &email)?;
    accounts::identities_store::set_password(tx, identity, hash)?;
    accounts::store::save_state(tx, account, StoredState::Active, None)
}
