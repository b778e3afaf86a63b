//! The schema's history: which file is ours, which is newer than this program, and how an older one is brought up to date.

use std::collections::BTreeSet;
use std::path::Path;

use refinery::Target;
use rusqlite::Connection;

use crate::kernel::disk::{Fault, Trouble};
use crate::kernel::error::{Error, Result};

mod files {
    #![allow(missing_docs, clippy::pedantic, reason = "made by the macro")]
    refinery::embed_migrations!("migrations");
}

/// Written into the file's header, so that a foreign SQLite file is known at once: "Prtc".
pub const APPLICATION_ID: i32 = 0x5072_7463;

/// How a database file stands to this program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// There is no file, or nothing in it.
    New,
    /// Its schema is the one this program works on.
    Current,
    /// It was written by an older program; OPS-2 asks for a copy before it is brought up to date.
    Behind {
        /// The number of its newest migration.
        schema: i32,
    },
}

/// How the file stands, without changing a byte of it. A file that is not Portico's, or is newer than this program, is refused.
pub fn standing(path: &Path) -> Result<Standing> {
    if !path.exists() {
        return Ok(Standing::New);
    }
    let mut connection = super::copies::read_only(path)?;
    examine(&mut connection, path)
}

/// Brings the schema up to date on a connection of its own, all steps in one transaction with their history.
pub(super) fn run(path: &Path) -> Result<()> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    if examine(&mut connection, path)? == Standing::New {
        connection.execute_batch(&format!("pragma application_id = {APPLICATION_ID};"))?;
    }
    // Only now: a file that was refused is as it was.
    super::writer::secure_log(&mut connection, path)?;
    connection.execute_batch("pragma foreign_keys = off; pragma journal_mode = wal;")?;
    runner().run(&mut connection).map_err(|error| failed(&error))?;
    Ok(())
}

/// What stopped a migration: the disk, or something that must not happen.
fn failed(error: &refinery::Error) -> Error {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<rusqlite::Error>());
    cause.and_then(Trouble::behind).map_or_else(|| Error::internal(error), Error::Disk)
}

fn runner() -> refinery::Runner {
    files::migrations::runner().set_grouped(true)
}

/// The number of the newest migration that this program carries.
pub fn newest() -> i32 {
    runner().get_migrations().iter().map(refinery::Migration::version).max().unwrap_or_default()
}

fn examine(connection: &mut Connection, path: &Path) -> Result<Standing> {
    let id: i32 = connection.query_row("pragma application_id", [], |row| row.get(0)).map_err(|error| match Trouble::behind(&error) {
        Some(trouble) if trouble.fault != Fault::Damaged => Error::Disk(trouble),
        _ => Error::refused(format!("{} is not a Portico database ({error}). Choose another data folder.", path.display())),
    })?;
    let tables: i64 = connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if id != APPLICATION_ID && tables > 0 {
        return Err(Error::refused(format!("{} belongs to another program. Choose another data folder.", path.display())));
    }
    let schema = if tables > 0 { schema(connection)? } else { 0 };
    let newest = newest();
    match schema {
        0 => Ok(Standing::New),
        schema if newest < schema => Err(Error::refused(format!(
            "{} was written by a newer Portico (schema {schema}, this program knows {newest}). Start the newer program.",
            path.display(),
        ))),
        schema if schema < newest => Ok(Standing::Behind { schema }),
        _ => Ok(Standing::Current),
    }
}

/// The number of the newest migration that a file has seen; 0 before the first. A view in the history's place may have no end.
pub(super) fn schema(connection: &mut Connection) -> Result<i32> {
    let sql = "select count(*) from sqlite_schema where type = 'view' and name = 'refinery_schema_history' collate nocase";
    if connection.query_row(sql, [], |row| row.get::<_, i64>(0))? > 0 {
        return Err(Error::refused("The history in this file is not of Portico's making."));
    }
    let last = runner().get_last_applied_migration(connection).map_err(Error::internal)?;
    Ok(last.map_or(0, |last| last.version()))
}

/// What is wrong with the history that a file tells of itself, one sentence each: a migration that this program does not know, one
/// that was left out, one whose text was another.
pub(super) fn divergences(connection: &mut Connection) -> Result<Vec<String>> {
    let runner = runner();
    let applied = runner.get_applied_migrations(connection).map_err(Error::internal)?;
    let mut found = Vec::new();
    for known in runner.get_migrations() {
        let there = applied.iter().find(|applied| applied.version() == known.version());
        match there {
            Some(there) if there == known => {}
            Some(_) => found.push(format!("migration {} is not the one this program carries", known.version())),
            None if applied.iter().any(|applied| known.version() < applied.version()) => {
                found.push(format!("migration {} was left out", known.version()));
            }
            None => {}
        }
    }
    let newest = newest();
    found.extend(applied.iter().filter(|one| newest < one.version()).map(|one| format!("migration {one} is not known to this program")));
    Ok(found)
}

/// One entry of a schema: its kind, its name, the table it belongs to, its text.
type Entry = (String, String, String, String);

/// What the schema holds that the migrations up to `schema` do not make, or lacks of what they do, one sentence each: a trigger that
/// came with somebody's file would do its work in every transaction from then on.
pub(super) fn strangers(connection: &Connection, schema: i32) -> Result<Vec<String>> {
    let mut model = Connection::open_in_memory()?;
    runner().set_target(Target::Version(schema)).run(&mut model).map_err(|error| failed(&error))?;
    let (made, there) = (entries(&model)?, entries(connection)?);
    let named = |(kind, name, ..): &Entry| format!("the {kind} {name}");
    let mut found: Vec<String> = there.difference(&made).map(|entry| format!("{} is not of Portico's making", named(entry))).collect();
    found.extend(made.difference(&there).map(|entry| format!("{} is missing, or is another one", named(entry))));
    Ok(found)
}

/// All but what SQLite itself notes about indexes; that holds no text that is ever run.
fn entries(connection: &Connection) -> Result<BTreeSet<Entry>> {
    let sql = "select type, name, tbl_name, coalesce(sql, '') from sqlite_schema where type <> 'table' or name not like 'sqlite_stat_'";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many migrations the program carries; compared with the folder by a test.
pub fn embedded() -> usize {
    runner().get_migrations().len()
}
