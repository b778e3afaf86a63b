//! The rows of what the Mail page sets and of how delivery goes: one of each, the operating partner's.

use rusqlite::{named_params, params};

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::time::{Span, Timestamp};
use crate::mail::settings_model::{COUNTED, Counts, Settings, Status, closed_for};

/// What is set; what is usual before anything was.
pub fn settings(db: &impl Read) -> Result<Settings> {
    let found = db.maybe(
        "select delivery, host, port, security, user, sealed_password, authority, from_address, from_name from mail_setting limit 1",
        [],
        |row| {
            Ok(Settings {
                delivery: row.get(0)?,
                host: row.get(1)?,
                port: row.get(2)?,
                security: row.get(3)?,
                user: row.get(4)?,
                sealed_password: row.get(5)?,
                authority: row.get(6)?,
                from_address: row.get(7)?,
                from_name: row.get(8)?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Keeps what is set.
pub fn keep_settings(tx: &Tx<'_>, settings: &Settings) -> Result<()> {
    tx.change_one(
        "insert or replace into mail_setting
            (partner, delivery, host, port, security, user, sealed_password, authority, from_address, from_name)
         select id, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 from partner where parent is null",
        params![
            settings.delivery,
            settings.host,
            settings.port,
            settings.security,
            settings.user,
            settings.sealed_password,
            settings.authority,
            settings.from_address,
            settings.from_name
        ],
    )
}

/// How delivery goes.
pub fn status(db: &impl Read) -> Result<Status> {
    let found = db.maybe(
        "select last_success_at, last_failure_at, last_failure, failing_since, failures, pause_until, tested_at, test_ok, test_said
           from mail_status limit 1",
        [],
        |row| {
            let (at, ok, said): (Option<Timestamp>, Option<bool>, Option<String>) = (row.get(6)?, row.get(7)?, row.get(8)?);
            Ok(Status {
                last_success_at: row.get(0)?,
                last_failure_at: row.get(1)?,
                last_failure: row.get(2)?,
                failing_since: row.get(3)?,
                failures: row.get(4)?,
                pause_until: row.get(5)?,
                test: at.zip(ok).zip(said).map(|((at, ok), said)| (at, ok, said)),
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// How many letters wait, have failed and are held, in the whole portal.
pub fn counts(db: &impl Read) -> Result<Counts> {
    let most = COUNTED + 1;
    let count = |from: &str| db.one(&format!("select count(*) from (select 1 from letter {from} limit ?1)"), [most], |row| row.get(0));
    Ok(Counts {
        waiting: count("where state = 'queued'")?,
        failed: count("where state = 'failed'")?,
        held: count("where state = 'held'")?,
        sendable: count(&format!("where state = 'held' and {SENDABLE}"))?,
    })
}

/// A held letter that would not arrive with a dead link.
pub(super) const SENDABLE: &str = "(sealed_link is not null or kind in ('further_account', 'notice'))";

fn make_row(tx: &Tx<'_>) -> Result<()> {
    tx.execute("insert or ignore into mail_status (partner) select id from partner where parent is null", [])?;
    Ok(())
}

/// Notes that a letter was handed over: the way out is open.
pub fn note_success(tx: &Tx<'_>) -> Result<()> {
    make_row(tx)?;
    tx.execute("update mail_status set last_success_at = ?1, failing_since = null, failures = 0, pause_until = null", [tx.now()])?;
    Ok(())
}

/// Notes that the way out was found closed, and until when nothing is tried (MAI-2).
pub fn note_closed(tx: &Tx<'_>, reason: &str) -> Result<()> {
    make_row(tx)?;
    let failures = status(tx)?.failures + 1;
    tx.execute(
        "update mail_status set last_failure_at = :now, last_failure = :reason, failing_since = coalesce(failing_since, :now),
                failures = :failures, pause_until = :until",
        named_params! { ":now": tx.now(), ":reason": reason, ":failures": failures, ":until": tx.now() + closed_for(failures) },
    )?;
    Ok(())
}

/// Ends the pause: what is set has changed, or somebody asks for a try at once.
pub fn end_pause(tx: &Tx<'_>) -> Result<()> {
    tx.execute("update mail_status set pause_until = null", [])?;
    Ok(())
}

/// Forgets a test letter that was not taken with other settings.
pub fn forget_failed_test(tx: &Tx<'_>) -> Result<()> {
    tx.execute("update mail_status set tested_at = null, test_ok = null, test_said = null where not test_ok", [])?;
    Ok(())
}

/// Forgets the trouble there was with other settings.
pub fn begin_anew(tx: &Tx<'_>) -> Result<()> {
    tx.execute(
        "update mail_status set pause_until = null, failing_since = null, failures = 0, last_failure_at = null, last_failure = null",
        [],
    )?;
    Ok(())
}

/// Whether a test letter may be sent now: there is one at a time, and it takes `within` at most.
pub fn begin_test(tx: &Tx<'_>, within: Span) -> Result<bool> {
    make_row(tx)?;
    let begun = tx.execute(
        "update mail_status set test_until = ?2 where test_until is null or test_until <= ?1",
        params![tx.now(), tx.now() + within],
    )?;
    Ok(begun == 1)
}

/// Notes what came of the test letter.
pub fn end_test(tx: &Tx<'_>, ok: bool, said: &str) -> Result<()> {
    tx.execute("update mail_status set test_until = null, tested_at = ?1, test_ok = ?2, test_said = ?3", params![tx.now(), ok, said])?;
    Ok(())
}
