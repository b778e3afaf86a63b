//! Backups: made, verified, named, rotated.

use std::path::{Path, PathBuf};

use crate::activity;
use crate::kernel::db::Read;
use crate::kernel::db::copies::{self, SPARE, Watch};
use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::kernel::text::bytes;
use crate::kernel::time::Timestamp;
use crate::upkeep::files_store::{self, Part};
use crate::upkeep::model::Facts;
use crate::upkeep::store;

/// A copy to make.
#[derive(Debug)]
pub struct Order<'a> {
    /// Of this database.
    pub database: &'a Path,
    /// To this file, which must not be there.
    pub to: &'a Path,
    /// The key file to copy as well, and where to; nothing when it is left out.
    pub key: Option<(&'a Path, PathBuf)>,
    /// The moment.
    pub now: Timestamp,
    /// How eagerly, and who may stop it.
    pub watch: &'a Watch,
}

/// A copy that was made and verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// Its size in bytes.
    pub bytes: u64,
    /// What it holds.
    pub facts: Facts,
    /// The number of its schema.
    pub schema: i32,
}

/// OPS-1: copies a database while others use it, verifies the copy, and gives it its name when all of it is on the disk. What stands
/// at that name already is never touched. The work is done on connections of its own that cannot write.
pub fn back_up(order: &Order<'_>) -> Result<Made> {
    files_store::refuse_existing(order.to)?;
    if let Some((_, to)) = &order.key {
        files_store::refuse_existing(to)?;
    }
    refuse_without_room(order.database, order.to)?;
    let part = Part::of(order.to, Tokens)?;
    copies::copy(order.database, part.path(), order.watch)?;
    let verified = copies::verify(part.path(), order.watch)?;
    let facts = copies::look(part.path(), order.now, |db| facts(db))?;
    let bytes = std::fs::metadata(part.path())?.len();
    // The key first: a copy that has its name has its key.
    if let Some((from, to)) = &order.key {
        let key = Part::of(to, Tokens)?;
        key.write(&std::fs::read(from).map_err(|error| Error::refused(format!("{} cannot be read ({error}).", from.display())))?)?;
        key.keep()?;
        files_store::sync_folder(to)?;
    }
    part.keep()?;
    files_store::sync_folder(order.to)?;
    Ok(Made { bytes, facts, schema: verified.schema })
}

/// What a file of Portico's holds.
pub fn facts(db: &impl Read) -> Result<Facts> {
    let (head, mark) = activity::store::head_shown(db)?;
    Ok(Facts { organizations: store::organizations(db)?, head, mark })
}

/// There must be room for the copy, and some more for everything else.
fn refuse_without_room(database: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let free = fs4::available_space(folder).map_err(|error| Error::refused(format!("{} cannot be used ({error}).", folder.display())))?;
    let needed = copies::size(database)? + SPARE;
    if free < needed {
        let shown = |count: u64| bytes(i64::try_from(count).unwrap_or(i64::MAX));
        return Err(Error::refused(format!(
            "There is not enough room in {}: {} are needed and {} are free.",
            folder.display(),
            shown(needed),
            shown(free)
        )));
    }
    Ok(())
}
