//! What a command needs of the machine it runs on: the data folder, the key file, a password from whoever sits there.

use std::path::{Path, PathBuf};

use crate::app::config::{DATABASE, KEY_FILE};
use crate::app::lock::{self, Lock, Purpose};
use crate::kernel::db::Db;
use crate::kernel::db::migrations::{self, Standing};
use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::kernel::secret::Vault;
use crate::kernel::text;
use crate::kernel::world::World;
use crate::partners;
use crate::upkeep::swap_store::Swap;
use crate::upkeep::{actions, files_store};

/// The database file of a data folder.
pub fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

/// Opens the database with its key, for a command beside a running server. A schema that has to be brought up to date is so under
/// the folder's lock (OPS-3).
pub fn open(data: &Path, world: &World) -> Result<Db> {
    let standing = standing(data)?;
    let _lock = if standing == Standing::Current { None } else { Some(Lock::take(data, Purpose::Upgrade)?) };
    let db = open_as(data, world, standing)?;
    lock::refuse_beside_restore(data)?;
    Ok(db)
}

/// The same for who holds the folder's lock already.
pub fn open_locked(data: &Path, world: &World, _: &Lock) -> Result<Db> {
    open_as(data, world, standing(data)?)
}

/// How the database stands to this program; what cannot be opened at all is a sentence.
fn standing(data: &Path) -> Result<Standing> {
    let database = database(data);
    migrations::standing(&database).map_err(|error| unopened(&database, error))
}

/// What cannot be opened is refused in a sentence, not with an error's number.
fn unopened(database: &Path, error: Error) -> Error {
    if let Error::Internal(why) = &error {
        return Error::refused(format!(
            "{} cannot be opened ({why}). Look at the folder, or name another with --data.",
            database.display()
        ));
    }
    if let Error::Disk(trouble) = &error {
        return Error::refused(format!("{} cannot be opened ({}): {}.", database.display(), trouble.why, trouble.advice()));
    }
    error
}

/// The key file is made for a new database only: a database without its key is refused, since a new key would open no letter and
/// continue no chain.
fn open_as(data: &Path, world: &World, standing: Standing) -> Result<Db> {
    let (database, key_file) = (database(data), data.join(KEY_FILE));
    let known = read_key(&key_file)?;
    if let Standing::Behind { schema } = standing {
        if known.is_none() {
            return Err(key_is_missing(&key_file));
        }
        upgrade_copy(data, world, schema)?;
    }
    let key = match known {
        Some(key) => key,
        None => Tokens.bytes::<32>()?,
    };
    let db = Db::open(&database, world.clock.clone(), Vault::new(key)).map_err(|error| unopened(&database, error))?;
    if known.is_none() {
        if db.read(|db| partners::store::operating(db))?.is_some() {
            return Err(key_is_missing(&key_file));
        }
        write_key(&key_file, &key)?;
    }
    Ok(db)
}

fn key_is_missing(key_file: &Path) -> Error {
    Error::refused(format!("{} is missing. Put it back beside the database.", key_file.display()))
}

/// OPS-2: before the schema is brought up to date, a verified copy with its key is kept and named.
fn upgrade_copy(data: &Path, world: &World, schema: i32) -> Result<()> {
    let refused =
        |error: Error| Error::refused(format!("The schema was not brought up to date, since no copy could be kept before: {error}"));
    let path = actions::before_upgrade(&database(data), world.clock.now()).map_err(refused)?;
    println!(
        "The database is brought from schema {schema} to {}. A verified copy of it as it was is kept in {}; an older program with \
         `portico restore` brings it back.",
        migrations::newest(),
        path.display()
    );
    Ok(())
}

/// The folder to use, made if it is not there, for this user only.
pub fn data_folder(given: Option<PathBuf>) -> Result<PathBuf> {
    let folder =
        given.or_else(platform_folder).ok_or_else(|| Error::refused("Portico knows no data folder here. Name one with --data."))?;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(&folder)
        .map_err(|error| Error::refused(format!("{} cannot be used ({error}). Name another with --data.", folder.display())))?;
    settle(&folder)?;
    Ok(folder)
}

/// Those folders of the data folder's path that are not there yet, the innermost first: what `data_folder` will make.
pub fn missing_folders(given: Option<&Path>) -> Result<Vec<PathBuf>> {
    let Some(folder) = given.map(Path::to_owned).or_else(platform_folder) else { return Ok(Vec::new()) };
    Ok(std::path::absolute(folder)?.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect())
}

/// Finishes a restore that was decided on and cut off (OPS-1).
fn settle(data: &Path) -> Result<()> {
    let swap = Swap::of(&database(data), &data.join(KEY_FILE));
    if swap.is_noted() {
        let _lock = Lock::take(data, Purpose::Restore)?;
        // Who held the lock until now may have finished it.
        if swap.is_noted() {
            swap.finish()?;
            println!("A restore that had been cut off was finished.");
        }
    }
    Ok(())
}

/// The folder of a portal that is there already; nothing is made.
pub fn existing_folder(given: Option<PathBuf>) -> Result<PathBuf> {
    let folder =
        given.or_else(platform_folder).ok_or_else(|| Error::refused("Portico knows no data folder here. Name one with --data."))?;
    settle(&folder)?;
    if database(&folder).exists() {
        return Ok(folder);
    }
    Err(Error::refused(format!("There is no portal in {} yet. Name its folder with --data.", folder.display())))
}

/// The platform's own data folder.
pub fn platform_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("XDG_DATA_HOME").or_else(|| std::env::var_os("LOCALAPPDATA")) {
        return Some(PathBuf::from(folder).join("portico"));
    }
    let home = std::env::var_os("HOME")?;
    let shared = if cfg!(target_os = "macos") { "Library/Application Support/portico" } else { ".local/share/portico" };
    Some(PathBuf::from(home).join(shared))
}

/// The 32 bytes of the key file, if there is one. A pipe would be waited for, and a device may never end: neither is read.
pub fn read_key(path: &Path) -> Result<Option<[u8; 32]>> {
    let bytes = match std::fs::metadata(path) {
        Ok(known) if known.is_file() && known.len() == 32 => std::fs::read(path),
        Ok(_) => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    match bytes {
        Ok(bytes) => bytes
            .try_into()
            .map(Some)
            .map_err(|_| Error::refused(format!("{} is not a key file of Portico's. Put the right one back.", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::refused(format!("{} cannot be read ({error}).", path.display()))),
    }
}

/// Makes the key file, which only this user may read. On the disk when this returns, with its name in the folder; not there at all if
/// there is no room for it.
pub fn write_key(path: &Path, key: &[u8; 32]) -> Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let unwritable = |error: std::io::Error| Error::refused(format!("{} cannot be written ({error}).", path.display()));
    let mut file = options.open(path).map_err(unwritable)?;
    if let Err(error) = file.write_all(key).and_then(|()| file.sync_all()) {
        drop(std::fs::remove_file(path));
        return Err(unwritable(error));
    }
    files_store::sync_folder(path)
}

/// A password that is good enough: typed twice without being shown at a terminal, else the first line of standard input.
pub fn password_from_input(email: &str) -> Result<String> {
    let unreadable = |_| Error::refused("The password on standard input is not readable text.");
    let line = if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        let first = rpassword::prompt_password("Password: ").map_err(unreadable)?;
        if rpassword::prompt_password("The same again: ").map_err(unreadable)? != first {
            return Err(Error::refused("The two passwords are not the same, so nothing was done."));
        }
        first
    } else {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map_err(unreadable)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if line.is_empty() {
        return Err(Error::refused("Send the password on standard input, for example: printf '%s' \"$PASSWORD\" | portico ..."));
    }
    text::password(&line, email, text::PASSWORD_LEAST).map_err(|sentence| Error::refused(format!("The password was not taken. {sentence}")))
}
