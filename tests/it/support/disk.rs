//! A disk that can fail: what lies on it for certain, what is only on its way, and what goes wrong when.
//!
//! A `Disk` is a folder. SQLite's files in it are real ones and hold what a running program sees; beside them this model keeps what
//! would be left if the power went out: what was synced, and of everything written since the pieces of 512 bytes that happened to
//! reach the disk. `faults.rs` asks it before each operation.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use rusqlite::ffi;
use tempfile::TempDir;

use super::faults;
use super::portal::temporary_folder;

/// What is written to a disk whole or not at all, in bytes.
const SECTOR: usize = 512;

/// What a program asks of a disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Op {
    Open,
    Write,
    Sync,
    Truncate,
    Delete,
}

/// What was not synced and is there nevertheless.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Survivors {
    Nothing,
    Everything,
    /// Each piece by itself, or not, or as it was in between.
    Some,
}

/// How long a fault lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lasting {
    Once,
    FromThenOn,
}

/// Numbers that look random and are the same in each run.
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}

/// One file.
#[derive(Clone, Default, Debug)]
struct Kept {
    /// As the program sees it.
    now: Vec<u8>,
    /// What is on the disk for certain.
    synced: Vec<u8>,
    /// Whether its folder's entry is on the disk.
    entered: bool,
    /// Written since the last sync: which sector, and what it held then.
    sectors: Vec<(usize, Vec<u8>)>,
    /// The sizes it has had since.
    sizes: Vec<usize>,
}

impl Kept {
    fn resize(&mut self, size: usize) {
        self.now.resize(size, 0);
        self.sizes.push(size);
    }

    fn write(&mut self, offset: usize, data: &[u8]) {
        let end = offset + data.len();
        // A failed sync may have lost the size too: each write brings it along again.
        self.resize(end.max(self.now.len()));
        self.now[offset..end].copy_from_slice(data);
        for sector in offset / SECTOR..end.div_ceil(SECTOR) {
            let until = self.now.len().min((sector + 1) * SECTOR);
            self.sectors.push((sector, self.now[sector * SECTOR..until].to_vec()));
        }
    }

    /// What the disk holds if these survive.
    fn left(&self, survivors: Survivors, chance: &mut Chance) -> Vec<u8> {
        // What an earlier sync lost is neither in `synced` nor on its way: it is gone, whatever the program sees.
        let mut left = self.synced.clone();
        let (size, likely) = match survivors {
            Survivors::Nothing => return left,
            Survivors::Everything => (self.sizes.last(), 4),
            Survivors::Some => {
                let chosen = usize::try_from(chance.below(self.sizes.len() as u64 + 1)).expect("a place");
                (chosen.checked_sub(1).map(|place| &self.sizes[place]), chance.below(5))
            }
        };
        if let Some(size) = size {
            left.resize(*size, 0);
        }
        for (sector, held) in &self.sectors {
            let begin = sector * SECTOR;
            if begin < left.len() && chance.below(4) < likely {
                let until = left.len().min(begin + held.len());
                left[begin..until].copy_from_slice(&held[..until - begin]);
            }
        }
        left
    }

    fn keep(&mut self, left: Vec<u8>) {
        self.synced = left;
        self.sectors.clear();
        self.sizes.clear();
    }
}

#[derive(Debug)]
struct Fault {
    op: Op,
    /// How many of these operations still work.
    after: u64,
    lasting: Lasting,
}

#[derive(Debug)]
pub struct State {
    files: BTreeMap<String, Kept>,
    /// Deleted files whose folder was not synced since.
    deleted: BTreeMap<String, Vec<u8>>,
    counts: BTreeMap<Op, u64>,
    /// One after the other: the first is what comes next.
    faults: VecDeque<Fault>,
    /// After so many operations of any kind the power goes out.
    power: Option<u64>,
    out: bool,
    /// How many bytes the files may still grow.
    room: Option<usize>,
    /// What a failed sync leaves.
    failed_sync: Survivors,
    /// Another process dies while it changes the log's index, just as a sync fails.
    lose_index: bool,
    /// Whether what is written past SQLite's file layer is looked for.
    watch_files: bool,
    chance: Chance,
    folder: PathBuf,
}

/// Files that were written through SQLite bear this date, so that those which somebody else wrote can be told.
const WRITTEN_BY_SQLITE: SystemTime = SystemTime::UNIX_EPOCH;

impl State {
    /// After an operation on a real file.
    pub fn done(&self, name: &str) {
        if self.watch_files {
            let file = std::fs::File::options().append(true).open(self.folder.join(name)).expect("a file");
            file.set_modified(WRITTEN_BY_SQLITE).expect("a date");
        }
    }

    /// What somebody wrote to a file by other means, and synced as one must, is on the disk.
    fn notice_what_others_wrote(&mut self) {
        for (name, file) in self.files.iter_mut().filter(|_| self.watch_files) {
            let path = self.folder.join(name);
            if std::fs::metadata(&path).is_ok_and(|data| data.modified().expect("a date") != WRITTEN_BY_SQLITE) {
                file.now = std::fs::read(&path).expect("a file");
                file.keep(file.now.clone());
            }
        }
    }

    /// Counts an operation; the error it ends with, if it is to fail.
    fn begin(&mut self, op: Op) -> Result<(), i32> {
        self.notice_what_others_wrote();
        *self.counts.entry(op).or_default() += 1;
        if let Some(left) = &mut self.power {
            if *left == 0 {
                self.out = true;
            }
            *left = left.saturating_sub(1);
        }
        let error = match op {
            Op::Open => ffi::SQLITE_CANTOPEN,
            Op::Write => ffi::SQLITE_IOERR_WRITE,
            Op::Sync => ffi::SQLITE_IOERR_FSYNC,
            Op::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Op::Delete => ffi::SQLITE_IOERR_DELETE,
        };
        if self.out {
            return Err(error);
        }
        let Some(fault) = self.faults.front_mut().filter(|fault| fault.op == op) else { return Ok(()) };
        if fault.after > 0 {
            fault.after -= 1;
            return Ok(());
        }
        if fault.lasting == Lasting::Once {
            self.faults.pop_front();
        }
        Err(error)
    }

    /// A file is opened; `there` is what it holds, if there is one.
    pub fn open(&mut self, name: &str, there: impl FnOnce() -> Option<Vec<u8>>) -> Result<(), i32> {
        self.begin(Op::Open)?;
        if !self.files.contains_key(name) {
            let content = there();
            // An empty file was only just made.
            let entered = content.as_ref().is_some_and(|content| !content.is_empty());
            let synced = content.unwrap_or_default();
            self.files.insert(name.to_owned(), Kept { now: synced.clone(), synced, entered, ..Kept::default() });
        }
        Ok(())
    }

    /// How many of the bytes are written, and what the write then answers.
    pub fn write(&mut self, name: &str, offset: usize, data: &[u8]) -> (usize, i32) {
        if let Err(error) = self.begin(Op::Write) {
            // Nothing, a part or all of it went through before it failed.
            let written = if self.out { 0 } else { data.len() * usize::try_from(self.chance.below(3)).expect("a number") / 2 };
            self.file(name).write(offset, &data[..written]);
            return (written, error);
        }
        let grows = (offset + data.len()).saturating_sub(self.file(name).now.len());
        if let Some(room) = self.room {
            if grows > room {
                let written = data.len() - (grows - room);
                self.file(name).write(offset, &data[..written]);
                self.room = Some(0);
                return (written, ffi::SQLITE_FULL);
            }
            self.room = Some(room - grows);
        }
        self.file(name).write(offset, data);
        (data.len(), ffi::SQLITE_OK)
    }

    pub fn truncate(&mut self, name: &str, size: usize) -> Result<(), i32> {
        self.begin(Op::Truncate)?;
        let file = self.file(name);
        let freed = file.now.len().saturating_sub(size);
        file.resize(size);
        self.room = self.room.map(|room| room + freed);
        Ok(())
    }

    /// `with_folder`: SQLite syncs the folder with the first sync of a log that it made.
    pub fn sync(&mut self, name: &str, with_folder: bool) -> Result<(), i32> {
        if let Err(error) = self.begin(Op::Sync) {
            if !self.out {
                // What did not get through is lost: later syncs do not try it again.
                let (mut chance, survivors) = (self.chance.clone(), self.failed_sync);
                let file = self.file(name);
                let left = file.left(survivors, &mut chance);
                file.keep(left);
                self.chance = chance;
                self.scribble();
            }
            return Err(error);
        }
        let file = self.file(name);
        let arrived = file.left(Survivors::Everything, &mut Chance(0));
        file.keep(arrived);
        if with_folder && !file.entered {
            self.sync_folder();
        }
        Ok(())
    }

    pub fn delete(&mut self, name: &str, with_folder: bool) -> Result<(), i32> {
        self.begin(Op::Delete)?;
        if let Some(file) = self.files.remove(name).filter(|file| file.entered) {
            self.deleted.insert(name.to_owned(), file.synced);
        }
        if with_folder {
            self.sync_folder();
        }
        Ok(())
    }

    fn sync_folder(&mut self) {
        self.deleted.clear();
        self.files.values_mut().for_each(|file| file.entered = true);
    }

    fn scribble(&mut self) {
        if std::mem::take(&mut self.lose_index) {
            for name in self.files.keys().filter(|name| !name.contains("db-")) {
                use std::os::unix::fs::FileExt as _;
                let index = std::fs::OpenOptions::new().write(true).open(self.folder.join(format!("{name}-shm"))).expect("an index");
                index.write_all_at(&[0; 96], 0).expect("it is overwritten");
            }
        }
    }

    fn file(&mut self, name: &str) -> &mut Kept {
        self.files.get_mut(name).expect("a file that was opened")
    }
}

/// A folder on a disk that can fail.
#[derive(Debug)]
pub struct Disk {
    folder: Arc<TempDir>,
    state: Arc<Mutex<State>>,
}

impl Disk {
    /// A sound disk with an empty folder.
    pub fn new(seed: u64) -> Self {
        let folder = temporary_folder();
        let state = State {
            files: BTreeMap::new(),
            deleted: BTreeMap::new(),
            counts: BTreeMap::new(),
            faults: VecDeque::new(),
            power: None,
            out: false,
            room: None,
            failed_sync: Survivors::Some,
            lose_index: false,
            watch_files: false,
            chance: Chance(seed),
            folder: folder.path().to_owned(),
        };
        let state = Arc::new(Mutex::new(state));
        faults::watch(folder.path(), &state);
        Self { folder: Arc::new(folder), state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn folder(&self) -> Arc<TempDir> {
        Arc::clone(&self.folder)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// How many of these operations there were.
    pub fn count(&self, op: Op) -> u64 {
        self.state().counts.get(&op).copied().unwrap_or_default()
    }

    /// How many operations there were.
    pub fn operations(&self) -> u64 {
        self.state().counts.values().sum()
    }

    /// So many of these operations still work; the next does not. Faults that are asked for come one after the other.
    pub fn fail(&self, op: Op, after: u64, lasting: Lasting) {
        self.state().faults.push_back(Fault { op, after, lasting });
    }

    /// What a failed sync leaves on the disk.
    pub fn failed_syncs_leave(&self, survivors: Survivors) {
        self.state().failed_sync = survivors;
    }

    /// As the next sync fails, another process dies while it changes the log's index.
    pub fn lose_the_index_too(&self) {
        self.state().lose_index = true;
    }

    /// From now on also what is written to SQLite's files by other means counts, if it is synced: all of it is taken for that.
    pub fn watch_files(&self) {
        let mut state = self.state();
        state.watch_files = true;
        state.files.keys().for_each(|name| state.done(name));
    }

    /// Whether the fault was met already.
    pub fn has_failed(&self) -> bool {
        self.state().faults.front().is_none_or(|fault| fault.lasting == Lasting::FromThenOn && fault.after == 0)
    }

    /// So many bytes fit, and no more.
    pub fn leave_room(&self, bytes: usize) {
        self.state().room = Some(bytes);
    }

    /// Everything works again.
    pub fn mend(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.room = None;
    }

    /// After so many operations the power goes out.
    pub fn lose_power_after(&self, operations: u64) {
        self.state().power = Some(operations);
    }

    /// Whether the power is out.
    pub fn is_dark(&self) -> bool {
        self.state().out
    }

    /// What is found in the folder when the power, gone at this moment, is back.
    pub fn after_the_cut(&self, survivors: Survivors) -> TempDir {
        let folder = temporary_folder();
        let mut state = self.state();
        state.notice_what_others_wrote();
        let mut chance = state.chance.clone();
        // What SQLite never opened lies there as it was; the log's index is no file that anybody reads again.
        for entry in std::fs::read_dir(&state.folder).expect("a folder").map(|entry| entry.expect("an entry")) {
            let name = entry.file_name().into_string().expect("a name");
            if entry.path().is_file() && !state.files.contains_key(&name) && !name.ends_with("-shm") {
                std::fs::copy(entry.path(), folder.path().join(name)).expect("a copy");
            }
        }
        for (name, held) in &state.deleted {
            let there_again = match survivors {
                Survivors::Nothing => true,
                Survivors::Everything => false,
                Survivors::Some => chance.below(2) == 0,
            };
            if there_again {
                std::fs::write(folder.path().join(name), held).expect("a file");
            }
        }
        for (name, file) in &state.files {
            let entered = file.entered
                || match survivors {
                    Survivors::Nothing => false,
                    Survivors::Everything => true,
                    Survivors::Some => chance.below(2) == 0,
                };
            if entered {
                std::fs::write(folder.path().join(name), file.left(survivors, &mut chance)).expect("a file");
            }
        }
        state.chance = chance;
        folder
    }

    /// The same disk after the program was killed and the machine went on: a new program sees what the old one saw, and what a
    /// failed sync lost is still not on the disk.
    pub fn after_a_kill(&self) -> Self {
        let next = Self::new(self.state().chance.0);
        let state = self.state();
        for (name, file) in &state.files {
            std::fs::write(next.path().join(name), &file.now).expect("a file");
        }
        next.state().files = state.files.clone();
        next.state().deleted = state.deleted.clone();
        drop(state);
        next.watch_files();
        next
    }
}
