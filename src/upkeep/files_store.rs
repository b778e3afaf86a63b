//! The folder of copies: which are there, and how a new one comes to be there whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::upkeep::model::Copy;

/// Copies stand in this folder of the data folder.
pub const FOLDER: &str = "backups";
/// The key file's name beside the database.
pub const KEY_FILE: &str = "portico.key";
/// What follows a copy's name in that of its key file.
pub const KEY: &str = ".key";

/// The folder of copies beside a database, made if it is not there, for this user alone.
pub fn folder(database: &Path) -> Result<PathBuf> {
    let folder = place(database);
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).map_err(|error| unwritable(&folder, &error))?;
    Ok(folder)
}

/// Where that folder is, there or not.
pub fn place(database: &Path) -> PathBuf {
    database.parent().unwrap_or_else(|| Path::new("")).join(FOLDER)
}

/// The copies beside a database with their size in bytes, the newest first. Other files are not looked at.
pub fn list(database: &Path) -> Result<Vec<(Copy, u64)>> {
    let entries = match std::fs::read_dir(place(database)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unusable(&place(database), &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unusable(&place(database), &error))?;
        if let Some(copy) = entry.file_name().to_str().and_then(Copy::named) {
            found.push((copy, entry.metadata().map_err(|error| unusable(&entry.path(), &error))?.len()));
        }
    }
    found.sort_by_key(|(copy, _)| std::cmp::Reverse(*copy));
    Ok(found)
}

/// The path of a copy beside a database.
pub fn path(database: &Path, copy: Copy) -> PathBuf {
    place(database).join(copy.file_name())
}

/// The key file of a copy at `path`: `FILE.key`.
pub fn key_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(KEY);
    PathBuf::from(name)
}

/// Removes a copy and its key file. One that is gone already is gone.
pub fn remove(database: &Path, copy: Copy) -> Result<()> {
    let path = path(database, copy);
    for file in [key_of(&path), path] {
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::refused(format!("{} cannot be deleted ({error}).", file.display())));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes what copies that were cut off left in the folder. Only for who alone makes copies there.
pub fn sweep(database: &Path) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(place(database)) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let left = |name: &str| name.starts_with(".portico-") && (name.ends_with(PART) || name.ends_with(".part-journal"));
        if name.to_str().is_some_and(left) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The ending of a file that is not whole yet.
const PART: &str = ".part";

/// A file in the making beside the place where it will stand. It goes when this is dropped before `keep`.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    target: PathBuf,
}

impl Part {
    /// A name beside `target` that nobody else uses; the file itself is made by whoever writes it.
    pub fn of(target: &Path, tokens: Tokens) -> Result<Self> {
        let name = target.file_name().ok_or_else(|| Error::refused(format!("{} names no file.", target.display())))?;
        let name = format!(".{}.{}{PART}", name.to_string_lossy(), tokens.number(100_000, 1_000_000)?);
        Ok(Self { path: target.with_file_name(name), target: target.to_owned() })
    }

    /// Where it is for now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes it, for this user alone, down to the disk.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let unwritable = |error: std::io::Error| unwritable(&self.target, &error);
        let mut file = options.open(&self.path).map_err(unwritable)?;
        file.write_all(bytes).map_err(unwritable)?;
        file.sync_all().map_err(unwritable)
    }

    /// Gives it its name, unless something stands there already.
    pub fn keep(self) -> Result<()> {
        // A link never replaces anything; where there are none, looking first is the best that can be done.
        let kept = match std::fs::hard_link(&self.path, &self.target) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists && !self.target.exists() => {
                std::fs::rename(&self.path, &self.target)
            }
            other => other,
        };
        kept.map_err(|error| {
            let taken = error.kind() == std::io::ErrorKind::AlreadyExists;
            if taken { there_already(&self.target) } else { unwritable(&self.target, &error) }
        })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After `keep` it has another name, and this one goes.
        drop(std::fs::remove_file(&self.path));
    }
}

/// Refuses a path at which something stands.
pub fn refuse_existing(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_ok() { Err(there_already(path)) } else { Ok(()) }
}

fn there_already(path: &Path) -> Error {
    Error::refused(format!("{} is there already, and nothing is overwritten. Name another file.", path.display()))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::refused(format!("{} cannot be written ({error}).", path.display()))
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::refused(format!("{} cannot be used ({error}).", path.display()))
}

/// The same refusal with the name that somebody gave, in place of that of the copy in the making.
pub fn named_after(file: &Path, copy: &Path, error: Error) -> Error {
    match error {
        Error::Refused(sentence) => Error::Refused(sentence.replace(&copy.display().to_string(), &file.display().to_string())),
        Error::SignIn
        | Error::Forbidden(_)
        | Error::NotFound
        | Error::Invalid(_)
        | Error::Conflict(_)
        | Error::TooOften { .. }
        | Error::Unavailable { .. }
        | Error::Disk(_)
        | Error::Internal(_) => error,
    }
}

/// The names in a folder are on the disk too.
pub fn sync_folder(of: &Path) -> Result<()> {
    let folder = match of.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| unwritable(folder, &error))?;
    }
    Ok(())
}
