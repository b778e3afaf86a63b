//! Files as an older Portico left them: its schema, and the rows that are in a file of today.

use std::path::Path;

use refinery::{Runner, Target};
use rusqlite::Connection;

use super::source::root;

/// The numbers of all migrations, in order. One may be left out: numbers are given away before the work is done.
pub fn versions() -> Vec<i32> {
    let mut versions: Vec<i32> = refinery::load_sql_migrations(root().join("migrations"))
        .expect("the migrations")
        .iter()
        .map(refinery::Migration::version)
        .collect();
    versions.sort_unstable();
    versions
}

/// The number of the newest migration but one.
pub fn previous() -> i32 {
    let versions = versions();
    versions[versions.len() - 2]
}

/// Makes the file one of schema `version`, with the same rows as far as that schema has room for them.
pub fn age(database: &Path, version: i32) {
    let path = database.with_extension("older");
    let mut older = Connection::open(&path).expect("a file");
    let id = portico::kernel::db::migrations::APPLICATION_ID;
    older.execute_batch(&format!("pragma application_id = {id}; pragma foreign_keys = off;")).expect("a file");
    let migrations = refinery::load_sql_migrations(root().join("migrations")).expect("the migrations");
    Runner::new(&migrations).set_target(Target::Version(version)).run(&mut older).expect("the older schema");
    older.execute("attach ?1 as now", [database.to_str().expect("a path")]).expect("the file of today");
    // What they would do has been done, but for the search indexes.
    let triggers = texts(&older, "select sql from sqlite_schema where type = 'trigger'");
    for name in texts(&older, "select name from main.sqlite_schema where type = 'trigger'") {
        older.execute_batch(&format!("drop trigger main.\"{name}\"")).expect("it goes");
    }
    for table in plain_tables(&older) {
        let columns: Vec<String> = columns(&older, "main", &table)
            .into_iter()
            .filter(|column| columns(&older, "now", &table).contains(column))
            .map(|column| format!("\"{column}\""))
            .collect();
        if !columns.is_empty() {
            let list = columns.join(", ");
            older
                .execute_batch(&format!("insert or replace into main.\"{table}\" ({list}) select {list} from now.\"{table}\""))
                .unwrap_or_else(|error| panic!("{table}: {error}"));
        }
    }
    older.execute_batch(&format!("detach now; {};", triggers.join(";"))).expect("the triggers");
    for index in texts(&older, "select name from sqlite_schema where sql like 'create virtual table%'") {
        older.execute_batch(&format!("insert into {index} ({index}) values ('rebuild')")).expect("the search index");
    }
    drop(older);
    for ending in ["-wal", "-shm"] {
        let mut beside = database.as_os_str().to_owned();
        beside.push(ending);
        drop(std::fs::remove_file(beside));
    }
    std::fs::rename(path, database).expect("it takes the place");
}

/// Tables that are neither a search index nor part of one, nor the schema's history.
fn plain_tables(connection: &Connection) -> Vec<String> {
    texts(
        connection,
        "select name from pragma_table_list
          where schema = 'main' and type = 'table' and name not like 'sqlite%' and name <> 'refinery_schema_history' order by name",
    )
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("a statement");
    statement.query_map([], |row| row.get(0)).expect("rows").collect::<rusqlite::Result<_>>().expect("texts")
}

fn columns(connection: &Connection, schema: &str, table: &str) -> Vec<String> {
    let mut statement = connection.prepare("select name from pragma_table_info(?1, ?2)").expect("the columns");
    statement.query_map([table, schema], |row| row.get(0)).expect("the columns").collect::<rusqlite::Result<_>>().expect("the columns")
}
