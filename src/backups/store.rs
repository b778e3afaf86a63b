//! The rows of days and applications: the only writer of these tables.

use rusqlite::params;

use crate::backups::model::{Application, BackupDay, FullyProtected, Stock};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::time::Timestamp;

/// When an account's newest stored day ends; nothing where there is none.
pub fn newest(db: &impl Read, account: SaasAccountId) -> Result<Option<Timestamp>> {
    db.one("select max(window_end) from backup_day where saas_account = ?1", [account], |row| row.get(0))
}

/// Keeps one day as the report with the newest data has it: a row per account, application and UTC day of the window's later end.
/// Whether anything changed.
pub fn keep_day(tx: &Tx<'_>, account: SaasAccountId, day: &BackupDay) -> Result<bool> {
    put_day(
        tx,
        account,
        day,
        "do update
            set window_start = excluded.window_start, window_end = excluded.window_end, total_services = excluded.total_services,
                active_services = excluded.active_services, backed_services = excluded.backed_services,
                perfect_services = excluded.perfect_services, status = excluded.status
          where (window_start, window_end, total_services, active_services, backed_services, perfect_services, status)
             is not (excluded.window_start, excluded.window_end, excluded.total_services, excluded.active_services,
                     excluded.backed_services, excluded.perfect_services, excluded.status)",
    )
}

/// Keeps one day of a report whose data is older than what is here: only where nothing is known of it. Whether anything changed.
pub fn add_day(tx: &Tx<'_>, account: SaasAccountId, day: &BackupDay) -> Result<bool> {
    put_day(tx, account, day, "do nothing")
}

fn put_day(tx: &Tx<'_>, account: SaasAccountId, day: &BackupDay, where_known: &str) -> Result<bool> {
    let changed = tx.execute(
        &format!(
            "insert into backup_day (saas_account, application, day, window_start, window_end, total_services, active_services,
                                     backed_services, perfect_services, status)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             on conflict (saas_account, application, day) {where_known}"
        ),
        params![
            account,
            day.application,
            day.until.utc_day(),
            day.from,
            day.until,
            day.total,
            day.active,
            day.backed,
            day.perfect,
            day.status
        ],
    )?;
    Ok(0 < changed)
}

/// Keeps how an application stands. Whether anything changed.
pub fn keep_application(tx: &Tx<'_>, account: SaasAccountId, application: &Application) -> Result<bool> {
    let changed = tx.execute(
        "insert into saas_application (saas_account, application, used_bytes, uningested_services, last_fully_protected)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict (saas_account, application) do update
            set used_bytes = excluded.used_bytes, uningested_services = excluded.uningested_services,
                last_fully_protected = excluded.last_fully_protected
          where (used_bytes, uningested_services, last_fully_protected)
             is not (excluded.used_bytes, excluded.uningested_services, excluded.last_fully_protected)",
        params![
            account,
            application.application,
            application.used_bytes,
            application.uningested,
            application.last_fully_protected.as_ref().map(FullyProtected::text)
        ],
    )?;
    Ok(0 < changed)
}

/// Destroys the history and sizes of every account of an organization (ORG-8); how many rows went.
pub fn purge_of_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    let days =
        tx.execute("delete from backup_day where saas_account in (select id from saas_account where organization = ?1)", [organization])?;
    let applications = tx.execute(
        "delete from saas_application where saas_account in (select id from saas_account where organization = ?1)",
        [organization],
    )?;
    Ok(days + applications)
}

/// What there is of one account's backups. The account was found in scope by the caller.
pub fn stock(db: &impl Read, account: SaasAccountId) -> Result<Stock> {
    db.one(
        "select count(distinct day), count(distinct application),
                (select coalesce(sum(used_bytes), 0) from saas_application where saas_account = ?1)
           from backup_day where saas_account = ?1",
        [account],
        |row| Ok(Stock { days: row.get(0)?, applications: row.get(1)?, bytes: row.get(2)? }),
    )
}

/// SAS-7: destroys the history and sizes of one account.
pub fn purge(tx: &Tx<'_>, account: SaasAccountId) -> Result<()> {
    tx.execute("delete from backup_day where saas_account = ?1", [account])?;
    tx.execute("delete from saas_application where saas_account = ?1", [account]).map(drop)
}
