//! Ten thousand organizations whose 45 days are over at once (SUB-3, SUB-12): how long the program takes to destroy them, and how long
//! anybody else ever waits for the write lock meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, params};

use crate::estate::{Estate, now};
use crate::process::Running;
use crate::report::{Goal, Report};
use crate::{Fallible, Options};

/// So many fall due together.
const DUE: i64 = 10_000;
/// A day after the end of the window.
const UNSUBSCRIBED: i64 = 46 * 86_400_000;
/// Longer than this it does not take in any case.
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs the program over a portal of 100,000 until all that was due is gone, asking for the write lock all the time.
pub fn measure(options: &Options, report: &mut Report) -> Fallible<()> {
    let (name, size) = ("purge: 10,000 organizations of 100,000 fall due at once", 100_000);
    if !options.wants(name) || !options.has(size) {
        return Ok(());
    }
    let folder = Estate::Of(size).copy()?;
    let last = now() - UNSUBSCRIBED;
    unsubscribe(&folder, last)?;
    let begun = Instant::now();
    let process = Running::portal(&folder)?;
    let waits = wait_for_the_end(&folder, last)?;
    let took = begun.elapsed();
    drop(process);
    let longest = waits.iter().max().copied().unwrap_or_default();
    let receipts: i64 = Connection::open(folder.join("portico.db"))?.query_row("select count(*) from receipt", [], |row| row.get(0))?;
    if receipts != DUE {
        return Err(format!("{receipts} receipts were kept").into());
    }
    report.figure(name.to_owned(), took.as_secs_f64(), "s", Goal::Under(60.0));
    report.figure(format!("{name}, longest wait of another for the write lock"), longest.as_secs_f64() * 1_000.0, "ms", Goal::Under(50.0));
    Ok(())
}

/// Leaves the first organizations unsubscribed, each a millisecond after the one before, the last at `last`.
fn unsubscribe(folder: &Path, last: i64) -> Fallible<()> {
    let connection = Connection::open(folder.join("portico.db"))?;
    connection.execute_batch("create temp table due as select organization, row_number() over (order by organization) as number from subscription where state = 'active' limit 10000;")?;
    for (table, column) in [("subscription", "since"), ("organization_listing", "unsubscribed_at")] {
        connection.execute(
            &format!(
                "update {table} as x set state = 'unsubscribed', {column} = ?1 - ?2 + d.number from temp.due d where d.organization = x.organization"
            ),
            params![last, DUE],
        )?;
    }
    // Those that the estate has unsubscribed already have time left.
    connection.execute("update subscription set since = ?1 where state = 'unsubscribed' and since > ?2", params![now(), last])?;
    Ok(())
}

/// Asks for the write lock again and again until nothing is due; how long each time took.
fn wait_for_the_end(folder: &Path, last: i64) -> Fallible<Vec<Duration>> {
    let connection = Connection::open(folder.join("portico.db"))?;
    connection.busy_timeout(Duration::ZERO)?;
    let (begun, mut waits) = (Instant::now(), Vec::new());
    loop {
        let asked = Instant::now();
        while let Err(error) = connection.execute_batch("begin immediate") {
            if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) || PATIENCE < begun.elapsed() {
                return Err(error.into());
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        connection.execute_batch("rollback")?;
        waits.push(asked.elapsed());
        let left: bool = connection.query_row(
            "select exists (select 1 from subscription where state = 'unsubscribed' and since <= ?1)",
            [last],
            |row| row.get(0),
        )?;
        if !left {
            return Ok(waits);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
