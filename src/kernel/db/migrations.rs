//! The schema's history: which file is ours, which is newer than this program, and how an older one is brought up to date.

use std::path::Path;

use rusqlite::Connection;

use crate::kernel::error::{Error, Result};

mod files {
    #![allow(missing_docs, clippy::pedantic, reason = "made by the macro")]
    refinery::embed_migrations!("migrations");
}

/// Written into the file's header, so that a foreign SQLite file is known at once: "Prtc".
pub const APPLICATION_ID: i32 = 0x5072_7463;

/// Brings the schema up to date on a connection of its own, all steps in one transaction with their history.
pub(super) fn run(path: &Path) -> Result<()> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let id: i32 = connection
        .query_row("pragma application_id", [], |row| row.get(0))
        .map_err(|error| Error::refused(format!("{} is not a Portico database ({error}). Choose another data folder.", path.display())))?;
    let tables: i64 = connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if id != APPLICATION_ID && tables > 0 {
        return Err(Error::refused(format!("{} belongs to another program. Choose another data folder.", path.display())));
    }
    let runner = files::migrations::runner().set_grouped(true);
    let newest = runner.get_migrations().iter().map(refinery::Migration::version).max().unwrap_or_default();
    if tables > 0
        && let Some(last) = runner.get_last_applied_migration(&mut connection).map_err(Error::internal)?
        && last.version() > newest
    {
        return Err(Error::refused(format!(
            "{} was written by a newer Portico (schema {}, this program knows {newest}). Start the newer program.",
            path.display(),
            last.version()
        )));
    }
    // Only now: a file that was refused is as it was.
    connection.execute_batch("pragma foreign_keys = off; pragma journal_mode = wal;")?;
    if id != APPLICATION_ID {
        connection.execute_batch(&format!("pragma application_id = {APPLICATION_ID};"))?;
    }
    runner.run(&mut connection).map_err(Error::internal)?;
    Ok(())
}

/// How many migrations the program carries; compared with the folder by a test.
pub fn embedded() -> usize {
    files::migrations::runner().get_migrations().len()
}
