//! One database and its key in the place of another pair, as one step that a crash cannot halve.
//!
//! The new pair is brought into the data folder first, whole and on the disk. Then a note is written: from that moment on the swap has
//! happened, and whoever comes next finishes the renaming that a crash left undone. Without the note, what was brought in is rubbish.

use std::path::{Path, PathBuf};

use crate::kernel::error::{Error, Result};
use crate::kernel::time::{Span, Timestamp};
use crate::upkeep::files_store::sync_folder;
use crate::upkeep::model::stamp;

/// The note; it holds the moment by which the old pair is named.
const NOTE: &str = "portico.restoring";
/// The new pair while it waits.
const DATABASE: &str = "portico.restoring.db";
const KEY: &str = "portico.restoring.key";

/// A pair's place, and the new one's beside it.
#[derive(Clone, Debug)]
pub struct Swap {
    /// The database in use.
    database: PathBuf,
    /// Its key.
    key: PathBuf,
}

/// Where the old pair went.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Replaced {
    /// The database, if there was one.
    pub database: Option<PathBuf>,
    /// Its key, if there was one.
    pub key: Option<PathBuf>,
}

/// One renaming, in the order they are done.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Step {
    from: PathBuf,
    to: PathBuf,
}

impl Step {
    /// An index of a log is made anew as needed, and a log without content says nothing.
    fn is_worthless(&self) -> bool {
        let name = self.from.to_string_lossy();
        name.ends_with("-shm") || name.ends_with("-wal") && std::fs::metadata(&self.from).is_ok_and(|log| log.len() == 0)
    }
}

impl Swap {
    /// For the pair of these names, in one folder.
    pub fn of(database: &Path, key: &Path) -> Self {
        Self { database: database.to_owned(), key: key.to_owned() }
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.database.with_file_name(name)
    }

    /// Where the new database is brought to.
    pub fn new_database(&self) -> PathBuf {
        self.beside(DATABASE)
    }

    /// Where the new key is brought to.
    pub fn new_key(&self) -> PathBuf {
        self.beside(KEY)
    }

    /// Whether a swap was decided on and may not be finished.
    pub fn is_noted(&self) -> bool {
        self.beside(NOTE).exists()
    }

    /// Decides on the swap: the new pair is there, whole and on the disk.
    pub fn note(&self, now: Timestamp) -> Result<()> {
        let (note, draft) = (self.beside(NOTE), self.beside("portico.restoring.part"));
        let mut moment = now;
        // Two restores within a second keep two old pairs.
        while ["db", "key"].iter().any(|ending| self.aside(&stamp(moment), ending).exists()) {
            moment = moment + Span::seconds(1);
        }
        std::fs::write(&draft, stamp(moment)).map_err(|error| unfit(&draft, &error))?;
        std::fs::File::open(&draft).and_then(|file| file.sync_all()).map_err(|error| unfit(&draft, &error))?;
        std::fs::rename(&draft, &note).map_err(|error| unfit(&note, &error))?;
        sync_folder(&note)
    }

    /// How many renamings a swap takes.
    pub fn length(&self) -> Result<usize> {
        Ok(self.steps()?.len())
    }

    /// Does what is left of the first `at_most` renamings of a swap that was decided on. Twice does no harm.
    pub fn advance(&self, at_most: usize) -> Result<()> {
        let (database_waits, key_waits) = (self.new_database().exists(), self.new_key().exists());
        for step in self.steps()?.into_iter().take(at_most) {
            // What stands at the old name once the new file has left its place is the new one.
            let of_key = step.from == self.key;
            let is_old = step.from == self.new_database() || step.from == self.new_key() || if of_key { key_waits } else { database_waits };
            if is_old && step.from.exists() {
                if step.to.exists() {
                    return Err(Error::refused(format!("{} is in the way.", step.to.display())));
                }
                if step.is_worthless() {
                    std::fs::remove_file(&step.from).map_err(|error| unfit(&step.from, &error))?;
                } else {
                    std::fs::rename(&step.from, &step.to).map_err(|error| unfit(&step.to, &error))?;
                }
            }
        }
        sync_folder(&self.database)
    }

    /// Finishes a swap that was decided on; where the old pair is now.
    pub fn finish(&self) -> Result<Replaced> {
        let there = |path: PathBuf| path.exists().then_some(path);
        self.advance(usize::MAX)?;
        let moment = self.moment()?;
        let replaced = Replaced { database: there(self.aside(&moment, "db")), key: there(self.aside(&moment, "key")) };
        self.forget()?;
        Ok(replaced)
    }

    /// Takes a swap back that could not be finished: the old pair stands where it stood, and the new one is gone.
    pub fn take_back(&self) -> Result<()> {
        for step in self.steps()?.into_iter().rev() {
            if step.to.exists() && !step.from.exists() {
                std::fs::rename(&step.to, &step.from).map_err(|error| unfit(&step.from, &error))?;
            }
        }
        sync_folder(&self.database)?;
        self.forget()?;
        self.sweep();
        Ok(())
    }

    /// Removes what was brought in by a swap that was never decided on.
    pub fn sweep(&self) {
        if self.is_noted() {
            return;
        }
        // What is not there need not go. A journal that stayed would be played back into the next database of that name.
        for ending in ["-journal", "-wal", "-shm", ""] {
            drop(std::fs::remove_file(self.beside(&format!("{DATABASE}{ending}"))));
        }
        for name in [KEY, "portico.restoring.part"] {
            drop(std::fs::remove_file(self.beside(name)));
        }
    }

    fn forget(&self) -> Result<()> {
        let note = self.beside(NOTE);
        std::fs::remove_file(&note).map_err(|error| unfit(&note, &error))?;
        sync_folder(&note)
    }

    fn moment(&self) -> Result<String> {
        let note = self.beside(NOTE);
        std::fs::read_to_string(&note).map_err(|error| unfit(&note, &error))
    }

    fn aside(&self, moment: &str, ending: &str) -> PathBuf {
        self.beside(&format!("portico-replaced-{moment}.{ending}"))
    }

    /// Out of the way first, the log before its database: a log that met another database would be taken for its own.
    fn steps(&self) -> Result<Vec<Step>> {
        let moment = self.moment()?;
        let with = |path: &Path, ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let aside = self.aside(&moment, "db");
        let old = ["-wal", "-shm", ""].map(|ending| Step { from: with(&self.database, ending), to: with(&aside, ending) });
        let steps = old.into_iter().chain([
            Step { from: self.key.clone(), to: self.aside(&moment, "key") },
            Step { from: self.new_key(), to: self.key.clone() },
            Step { from: self.new_database(), to: self.database.clone() },
        ]);
        Ok(steps.collect())
    }
}

fn unfit(path: &Path, error: &std::io::Error) -> Error {
    Error::refused(format!("{} cannot be used ({error}).", path.display()))
}
