//! The rows of imports: what is on its way in, and the history of what came.

pub mod devices;
pub mod endpoints;
pub mod here;
pub mod staging;

use rusqlite::{Row, params};

use crate::imports::model::{Counts, FileCounts, Import, Level, Problem, State};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{ImportId, PartnerId};
use crate::kernel::time::Timestamp;

const COLUMNS: &str = "i.id, i.state, i.actor, i.created_at, i.finished_at, i.refused";

/// Begins an import; nothing is staged yet.
pub fn begin(tx: &Tx<'_>, partner: PartnerId, actor: &str) -> Result<ImportId> {
    let id = ImportId(tx.tokens().id()?);
    tx.change_one(
        "insert into import (id, partner, actor, state, created_at, checked_seq)
         values (?1, ?2, ?3, 'staging', ?4, (select coalesce(max(seq), 0) from activity))",
        params![id, partner, actor, tx.now()],
    )?;
    Ok(id)
}

/// Keeps a problem.
pub fn add_problem(tx: &Tx<'_>, import: ImportId, number: i64, problem: &Problem) -> Result<()> {
    tx.change_one(
        "insert into import_problem (import, number, level, file, line, field, reason) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![import, number, problem.level, problem.file, problem.line, problem.field, problem.reason],
    )
}

/// Ends the staging: what each file held, and whether the import may go on.
pub fn finish_staging(tx: &Tx<'_>, import: ImportId, files: &[FileCounts], refused: i64) -> Result<()> {
    for (number, file) in (0_i64..).zip(files) {
        tx.change_one(
            "insert into import_file (import, number, name, kind, new_rows, changed_rows, unchanged_rows, refused_rows)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![import, number, file.name, file.kind, file.counts.new, file.counts.changed, file.counts.unchanged, file.counts.refused],
        )?;
    }
    let state = if refused == 0 { State::Ready } else { State::Refused };
    tx.change_one("update import set state = ?2, refused = ?3 where id = ?1 and state = 'staging'", params![import, state, refused])
}

/// An import of this partner's own whose files were read; `NotFound` for any other, existing or not.
pub fn find(db: &impl Read, partner: PartnerId, import: ImportId) -> Result<Import> {
    db.one(&format!("select {COLUMNS} from import i where i.id = ?1 and i.partner = ?2 and i.state <> 'staging'"), (import, partner), read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Import> {
    Ok(Import {
        id: row.get(0)?,
        state: row.get(1)?,
        actor: row.get(2)?,
        created_at: row.get(3)?,
        finished_at: row.get(4)?,
        refused: row.get(5)?,
    })
}

/// The partner's newest imports that were carried out or wait for it.
pub fn newest(db: &impl Read, partner: PartnerId, limit: i64) -> Result<Vec<Import>> {
    db.all(
        &format!(
            "select {COLUMNS} from import i where i.partner = ?1 and i.state <> 'staging' order by i.created_at desc, i.id desc limit ?2"
        ),
        (partner, limit),
        read,
    )
}

/// What each file of an import held; the import was found in scope by the caller.
pub fn files(db: &impl Read, import: ImportId) -> Result<Vec<FileCounts>> {
    db.all(
        "select name, kind, new_rows, changed_rows, unchanged_rows, refused_rows from import_file where import = ?1 order by number",
        [import],
        |row| {
            let counts = Counts { new: row.get(2)?, changed: row.get(3)?, unchanged: row.get(4)?, refused: row.get(5)? };
            Ok(FileCounts { name: row.get(0)?, kind: row.get(1)?, counts })
        },
    )
}

/// Problems of one level from `after` on, each with its number; the import was found in scope by the caller.
pub fn problems(db: &impl Read, import: ImportId, level: Level, after: i64, limit: i64) -> Result<Vec<(i64, Problem)>> {
    db.all(
        "select number, level, file, line, field, reason from import_problem
          where import = ?1 and level = ?2 and number > ?3 order by number limit ?4",
        params![import, level, after, limit],
        |row| {
            let problem = Problem { level: row.get(1)?, file: row.get(2)?, line: row.get(3)?, field: row.get(4)?, reason: row.get(5)? };
            Ok((row.get(0)?, problem))
        },
    )
}

/// Marks an import as carried out; `Conflict` if it is not ready any more.
pub fn finish(tx: &Tx<'_>, import: ImportId, send_letters: bool) -> Result<()> {
    tx.change_one(
        "update import set state = 'done', finished_at = ?2, send_letters = ?3 where id = ?1 and state = 'ready'",
        params![import, tx.now(), send_letters],
    )
}

/// Where indexing ahead stands: the last organization and the last account that are in the search indexes already.
pub fn indexed(db: &impl Read, import: ImportId) -> Result<(i64, i64)> {
    db.one("select indexed_organization, indexed_account from import where id = ?1", [import], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Notes how far indexing ahead, or taking it back, has come.
pub fn set_indexed(tx: &Tx<'_>, import: ImportId, (organization, account): (i64, i64)) -> Result<()> {
    tx.change_one("update import set indexed_organization = ?2, indexed_account = ?3 where id = ?1", params![import, organization, account])
}

/// An import that was given up, or left for so long, while some of its rows stand in the search indexes; and whose it is.
pub fn indexed_in_vain(db: &impl Read, before: Timestamp) -> Result<Option<(ImportId, PartnerId)>> {
    db.maybe(
        "select id, partner from import where state <> 'done' and created_at <= ?1 and (indexed_organization > 0 or indexed_account > 0) limit 1",
        [before],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Says whether the transaction moves an import's rows in: what triggers do for each new row, the move does for all of them.
pub fn set_moving(tx: &Tx<'_>, import: ImportId, moving: bool) -> Result<()> {
    let sql = if moving { "insert into import_moving (import) values (?1)" } else { "delete from import_moving where import = ?1" };
    tx.change_one(sql, [import])
}

/// Gives an import up, so that nobody finds it any more and the sweep takes what it staged. `Conflict` once it was carried out.
pub fn discard(tx: &Tx<'_>, import: ImportId) -> Result<()> {
    tx.change_one(
        "update import set state = 'staging', created_at = 0 where id = ?1 and state in ('ready', 'refused', 'staging')",
        [import],
    )
}

/// The tables with what is staged, and what a finished import leaves none of.
const STAGED: &[&str] = &[
    "import_day",
    "import_application",
    "import_seat",
    "import_seat_list",
    "import_account",
    "import_endpoint_agent",
    "import_endpoint_asset",
    "import_network",
    "import_other_product",
    "import_device_part",
    "import_asset",
    "import_asset_list",
    "import_device",
    "import_user",
    "import_organization",
];

/// Sweeps up to `limit` rows of what imports left behind: what was staged by those carried out, and everything of those begun before
/// `before` and never carried out. How many rows went; 0 when nothing is left.
pub fn sweep(tx: &Tx<'_>, before: Timestamp, limit: i64) -> Result<usize> {
    let over = "select id from import where state in ('staging', 'ready', 'refused') and created_at <= ?1";
    let done = "select id from import where state = 'done' and send_letters = 0";
    for table in STAGED {
        // These tables have no row number; their rows are found by the import at the front of their keys.
        let found: Option<i64> =
            tx.maybe(&format!("select x.import from {table} x where x.import in ({over} union all {done}) limit 1"), [before], |row| {
                row.get(0)
            })?;
        if let Some(import) = found {
            return sweep_table(tx, table, import, limit);
        }
    }
    let mut gone = tx.execute(&format!("delete from import_problem where import in ({over})"), [before])?;
    gone += tx.execute(&format!("delete from import_file where import in ({over})"), [before])?;
    gone += tx.execute(&format!("delete from import where id in ({over})"), [before])?;
    Ok(gone)
}

fn sweep_table(tx: &Tx<'_>, table: &str, import: i64, limit: i64) -> Result<usize> {
    let key = match table {
        "import_organization" => "organization",
        "import_user" => "account",
        "import_account" | "import_seat_list" => "vendor_id",
        "import_endpoint_agent" => "uuid",
        "import_endpoint_asset" => "asset_uuid",
        "import_other_product" => "email_key, product_key",
        "import_seat" => "vendor_id, seat_type, main_id",
        "import_network" | "import_device" | "import_asset_list" => "serial_key",
        "import_asset" => "serial_key, volume",
        "import_device_part" => "serial_key, kind",
        "import_application" => "vendor_id, application",
        _ => "vendor_id, application, day",
    };
    tx.execute(
        &format!("delete from {table} where import = ?1 and ({key}) in (select {key} from {table} where import = ?1 limit ?2)"),
        (import, limit),
    )
}

/// Accounts of a carried-out import that still wait for their letters, and the import's partner; they are taken off the queue.
pub fn take_letters(tx: &Tx<'_>, limit: i64) -> Result<Vec<(PartnerId, i64, i64)>> {
    let import: Option<(i64, PartnerId)> =
        tx.maybe("select id, partner from import where state = 'done' and send_letters = 1 order by finished_at limit 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let Some((import, partner)) = import else { return Ok(Vec::new()) };
    let waiting: Vec<(PartnerId, i64, i64)> = tx.all(
        "select identity, account from import_user where import = ?1 and verdict = 'new' order by account limit ?2",
        (import, limit),
        |row| Ok((partner, row.get(0)?, row.get(1)?)),
    )?;
    for (_, _, account) in &waiting {
        tx.change_one("delete from import_user where import = ?1 and account = ?2", (import, account))?;
    }
    if waiting.is_empty() {
        tx.change_one("update import set send_letters = 0 where id = ?1", [import])?;
    }
    Ok(waiting)
}
