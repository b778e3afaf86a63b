//! Work on very many rows, done in short transactions beside people who read and write.
//!
//! A commit waits for the disk, so that several steps share one; but nobody else writes meanwhile, so that it stays short. Moving the
//! write-ahead log into the file takes longer than most transactions, and SQLite does it in the midst of a commit: for as long as such work
//! goes on it is done between two transactions instead, on a connection of its own, with the writer free for others.

use std::cell::Cell;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{Db, Tx, writer};
use crate::kernel::error::Result;

/// Pages that such work changes again and again stay in memory while it goes on.
const ROOM: &str = "pragma cache_size = -32768; pragma wal_autocheckpoint = 0;";
/// As it is otherwise.
const USUAL: &str = "pragma cache_size = -2000; pragma wal_autocheckpoint = 1000; pragma shrink_memory;";
/// The log is moved into the file after so many transactions.
const MOVED_AFTER: usize = 16;

/// How long, and how many.
#[derive(Clone, Copy, Debug)]
pub struct Slices {
    /// A transaction begins no further step that would, as it seems, not be done by then. One alone may take longer.
    pub length: Duration,
    /// Between two transactions, so that whoever waits goes first.
    pub pause: Duration,
    /// So many transactions at most.
    pub most: usize,
}

/// What was done, also when it ended in an error.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sliced {
    /// Steps that are on the disk.
    pub steps: usize,
    /// How long each transaction kept others from writing, its commit included.
    pub held: Vec<Duration>,
}

impl Db {
    /// Does step after step until one says that nothing was left to do, or there were enough. An error takes back the steps of its own
    /// transaction; those before it are in `done`.
    pub fn in_slices(&self, slices: Slices, done: &mut Sliced, mut step: impl FnMut(&Tx<'_>) -> Result<bool>) -> Result<()> {
        let room = Room::make(self)?;
        let (mut typical, mut more) = (Duration::ZERO, true);
        for number in 1..=slices.most {
            let begun = Cell::new(Instant::now());
            let steps = self.write_in_turn(slices.pause, |tx| {
                begun.set(Instant::now());
                let mut steps = 0;
                while steps == 0 || begun.get().elapsed() + typical <= slices.length {
                    let at = Instant::now();
                    more = step(tx)?;
                    if !more {
                        break;
                    }
                    steps += 1;
                    typical = (typical + at.elapsed()) / 2;
                }
                Ok(steps)
            })?;
            done.held.push(begun.get().elapsed());
            done.steps += steps;
            if !more {
                break;
            }
            if number.is_multiple_of(MOVED_AFTER) {
                room.move_log()?;
            }
        }
        room.move_log()
    }
}

/// Room in memory for the writer, and whoever moves the log, until this is dropped.
struct Room<'a> {
    db: &'a Db,
    mover: Connection,
}

impl<'a> Room<'a> {
    fn make(db: &'a Db) -> Result<Self> {
        let mover = writer::connect(db.path())?;
        db.writer().connection().execute_batch(ROOM)?;
        Ok(Self { db, mover })
    }

    /// As much as goes without anybody's waiting.
    fn move_log(&self) -> Result<()> {
        Ok(self.mover.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))?)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        // A connection that cannot be set now fails at its next work, and says so there.
        drop(self.db.writer().connection().execute_batch(USUAL));
    }
}
