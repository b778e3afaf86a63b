//! What falls due one by one: ends of subscriptions, transfers. One that cannot be carried out is left for the next round, and those behind
//! it do not wait. And the search indexes, which such work takes many rows out of.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::access::witness_model::Clockwork;
use crate::app::errors;
use crate::kernel::db::indexes::is_scattered;
use crate::kernel::db::slices::{Sliced, Slices};
use crate::kernel::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::queue::{Queue, Stumbles};
use crate::organizations::deletion_actions;
use crate::page::Portal;
use crate::subscriptions::life_store;
use crate::transfers::carrying_actions;
use crate::{accounts, organizations, saas};

/// SUB-12: each organization is destroyed in one transaction with whatever else fits in: what a commit waits for the disk is shared.
const ENDS: Slices = Slices { length: Duration::from_millis(12), pause: GAP, most: 100 };
/// Between two transactions, so that whoever waits for the write lock gets it.
const GAP: Duration = Duration::from_micros(200);
/// One organization's end leaves a small piece in the search index; so many are joined at once.
const PIECES: usize = 4;
/// So many that fail one after the other are no bad luck of theirs.
const FAILURES: usize = 100;
/// Transfers a batch.
const TRANSFERS: usize = 50;

/// Those first due first, in short transactions, each in its turn between those who wait to write; what was done.
pub fn end_subscriptions(db: &Db, clock: &Clockwork, stumbles: &Stumbles) -> Result<Sliced> {
    let (mut queue, mut done, joined) = (Queue::default(), Sliced::default(), Cell::new(0));
    if db.read(|db| life_store::over(db, 1))?.is_empty() {
        return Ok(done);
    }
    while queue.left_out() < FAILURES {
        let step = |tx: &Tx<'_>| {
            let ended = deletion_actions::delete_over(tx, clock, &mut queue)?;
            joined.set(joined.get() + 1);
            if ended && joined.get() % PIECES == 0 {
                organizations::store::join_index(tx, 16)?;
            }
            Ok(ended)
        };
        match sheltered(|| db.in_slices(ENDS, &mut done, step)) {
            Ok(()) => break,
            Err(error) => leave_out(db, stumbles, ("ends of subscriptions", "organization"), &mut queue, error)?,
        }
    }
    Ok(done)
}

/// Each in a transaction of its own, in the order of the cut-off dates; how many. One that fails is wholly taken back and then ended, so that it
/// keeps no other from its turn; one that cannot even be ended is left out.
pub fn carry_out_transfers(portal: &Portal, clock: &Clockwork) -> Result<usize> {
    let (db, mut queue, mut done) = (&portal.db, Queue::default(), 0);
    while done < TRANSFERS && queue.left_out() < FAILURES {
        let carried_out = match sheltered(|| db.write(|tx| carrying_actions::carry_out_due(tx, clock, &mut queue))) {
            // Why it failed is told once: it is over then, or left out.
            Err(error) if !is_everybodys(&error) => {
                let given_up = sheltered(|| db.write(|tx| carrying_actions::give_up_due(tx, clock, &mut queue)));
                if given_up.is_ok() {
                    errors::log("transfers", &error);
                }
                given_up
            }
            result => result,
        };
        match carried_out {
            Ok(true) => done += 1,
            Ok(false) => break,
            Err(error) => leave_out(db, &portal.stumbles, ("transfers", "transfer"), &mut queue, error)?,
        }
    }
    Ok(done)
}

/// What fails for everybody alike.
const fn is_everybodys(error: &Error) -> bool {
    matches!(error, Error::Disk(_) | Error::Unavailable { .. })
}

/// A panic is the failure of what was in hand.
fn sheltered<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::internal("it ended in a panic")))
}

/// Goes on without what was in hand, and says so; a disk that fails is everybody's trouble.
fn leave_out(db: &Db, stumbles: &Stumbles, (job, thing): (&'static str, &str), queue: &mut Queue, error: Error) -> Result<()> {
    if is_everybodys(&error) {
        return Err(error);
    }
    let Some(number) = queue.leave_out() else { return Err(error) };
    if stumbles.is_news(job, number, db.clock().now()) {
        errors::log(&format!("{job}: {thing} {number} is left for later"), &error);
    }
    Ok(())
}

/// Pieces of a like size that are reason to join some.
const MANY: u64 = 4;
/// Pages joined in a step: a few milliseconds.
const PAGES: i64 = 64;
const JOINS: Slices = Slices { length: Duration::from_millis(10), pause: GAP, most: 20 };

/// Joins the pieces of the search indexes, a batch of each that is in many; how many steps that took.
pub fn join_indexes(db: &Db) -> Result<usize> {
    type Join = fn(&Tx<'_>, i64) -> Result<bool>;
    let indexes: [(&str, Join); 3] = [
        (organizations::store::INDEX, organizations::store::join_index),
        (accounts::store::INDEX, accounts::store::join_index),
        (saas::store::INDEX, saas::store::join_index),
    ];
    let mut done = Sliced::default();
    for (index, join) in indexes {
        if db.read(|db| is_scattered(db, index, MANY))? {
            db.in_slices(JOINS, &mut done, |tx| join(tx, PAGES))?;
        }
    }
    Ok(done.steps)
}
