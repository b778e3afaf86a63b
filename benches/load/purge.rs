//! Ten thousand organizations whose 45 days are over at once (SUB-3, SUB-12): how long it takes to destroy them, how long the write lock is
//! held for it at a time, and how long anybody else ever waits for that lock meanwhile.
//!
//! The job runs in this process, on a thread of its own, so that it can be asked how long it held the lock. On a machine that does other work
//! as well the system tells how much of all that was waiting for a processor: what is left is what the work itself takes.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portico::access::witness_model::Clockwork;
use portico::app::due::{end_subscriptions, join_indexes};
use portico::kernel::db::Db;
use portico::kernel::queue::Stumbles;
use rusqlite::{Connection, ErrorCode, params};

use crate::estate::{self, Estate, now};
use crate::report::{Goal, Report, percentile};
use crate::{Fallible, Options};

/// So many fall due together.
const DUE: i64 = 10_000;
/// A day after the end of the window.
const UNSUBSCRIBED: i64 = 46 * 86_400_000;
/// Longer than this it does not take in any case.
const PATIENCE: Duration = Duration::from_mins(5);

/// Destroys all that is due in a portal of 100,000, while others ask for the write lock all the time.
pub fn measure(options: &Options, report: &mut Report) -> Fallible<()> {
    let (name, size) = ("purge: 10,000 organizations of 100,000 fall due at once", 100_000);
    if !options.wants(name) || !options.has(size) {
        return Ok(());
    }
    let folder = Estate::Of(size).copy()?;
    unsubscribe(&folder, now() - UNSUBSCRIBED)?;
    let (db, over) = (estate::open(&folder)?, AtomicBool::new(false));
    let job = PathBuf::from("/proc").join(std::fs::read_link("/proc/thread-self")?);
    let (ended, waits, writes) = std::thread::scope(|scope| {
        let waits = scope.spawn(|| wait_for_the_lock(&folder, &job, &over).map_err(|error| error.to_string()));
        let writes = scope.spawn(|| write_meanwhile(&db, &job, &over).map_err(|error| error.to_string()));
        let ended = end_all(&db);
        over.store(true, Ordering::SeqCst);
        (ended, waits.join(), writes.join())
    });
    let went = |_| "a thread panicked";
    let (ended, waits, writes) = (ended?, waits.map_err(went)??, writes.map_err(went)??);
    let receipts: i64 = Connection::open(folder.join("portico.db"))?.query_row("select count(*) from receipt", [], |row| row.get(0))?;
    if receipts != DUE {
        return Err(format!("{receipts} receipts were kept").into());
    }
    report.figure(name.to_owned(), ended.took.as_secs_f64(), "s", Goal::Under(60.0));
    report.figure(format!("{name}, of that on a processor"), ended.computed.as_secs_f64(), "s", Goal::None);
    report.figure(format!("{name}, of that waiting for a processor"), ended.queued.as_secs_f64(), "s", Goal::None);
    for (what, times, goal) in [
        ("time that the write lock was held", &ended.held, Goal::None),
        ("wait of another process for the write lock", &waits.whole, Goal::None),
        ("wait of a change in the portal", &writes.whole, Goal::None),
        ("wait of another process, but for what was waiting for a processor", &waits.but_queued, Goal::Under(50.0)),
        ("wait of a change in the portal, but for what was waiting for a processor", &writes.but_queued, Goal::Under(50.0)),
    ] {
        report.figure(format!("{name}, 99th percentile of the {what}"), percentile(times, 0.99), "ms", Goal::None);
        report.figure(format!("{name}, longest {what}"), percentile(times, 1.0), "ms", goal);
    }
    Ok(())
}

/// How long somebody waited each time; and the same without the time in which they, or the job, waited for a processor.
#[derive(Debug, Default)]
struct Waits {
    whole: Vec<Duration>,
    but_queued: Vec<Duration>,
}

impl Waits {
    /// Measures one wait; `ask` says when it was over.
    fn measure(&mut self, job: &Path, ask: impl FnOnce() -> Fallible<Instant>) -> Fallible<()> {
        let queued = || Fallible::Ok(scheduled(job)?.1 + scheduled(Path::new(OWN))?.1);
        let (before, asked) = (queued()?, Instant::now());
        let took = ask()?.duration_since(asked);
        self.whole.push(took);
        self.but_queued.push(took.saturating_sub(queued()?.saturating_sub(before)));
        Ok(())
    }
}

/// The thread that asks.
const OWN: &str = "/proc/thread-self";

/// What the job took.
#[derive(Debug, Default)]
struct Ended {
    took: Duration,
    computed: Duration,
    queued: Duration,
    held: Vec<Duration>,
}

/// The job, batch after batch, as the scheduler runs it.
fn end_all(db: &Db) -> Fallible<Ended> {
    let (begun, before) = (Instant::now(), scheduled(Path::new(OWN))?);
    let mut ended = Ended::default();
    while join_indexes(db)? > 0 {}
    loop {
        let done = end_subscriptions(db, &Clockwork::ticking(), &Stumbles::default())?;
        ended.held.extend(done.held);
        if done.steps == 0 {
            break;
        }
    }
    let after = scheduled(Path::new(OWN))?;
    ended.took = begun.elapsed();
    (ended.computed, ended.queued) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
    Ok(ended)
}

/// How long a thread has been on a processor, and has waited for one.
fn scheduled(thread: &Path) -> Fallible<(Duration, Duration)> {
    let line = std::fs::read_to_string(thread.join("schedstat"))?;
    let mut fields = line.split_whitespace().map(str::parse).map(|field| field.map(Duration::from_nanos));
    let mut next = || fields.next().ok_or("the system does not tell how long a thread waits");
    Ok((next()??, next()??))
}

/// Small changes of somebody else's in the same process; how long each took until it could begin.
fn write_meanwhile(db: &Db, job: &Path, over: &AtomicBool) -> Fallible<Waits> {
    let mut waits = Waits::default();
    while !over.load(Ordering::SeqCst) {
        waits.measure(job, || Ok(db.write(|_| Ok(Instant::now()))?))?;
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(waits)
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

/// Asks for the write lock again and again; how long each time took.
fn wait_for_the_lock(folder: &Path, job: &Path, over: &AtomicBool) -> Fallible<Waits> {
    let connection = Connection::open(folder.join("portico.db"))?;
    connection.busy_timeout(Duration::ZERO)?;
    let (begun, mut waits) = (Instant::now(), Waits::default());
    while !over.load(Ordering::SeqCst) {
        waits.measure(job, || {
            while let Err(error) = connection.execute_batch("begin immediate") {
                if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) || PATIENCE < begun.elapsed() {
                    return Err(error.into());
                }
                std::thread::sleep(Duration::from_micros(100));
            }
            let over = Instant::now();
            connection.execute_batch("rollback")?;
            Ok(over)
        })?;
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(waits)
}
