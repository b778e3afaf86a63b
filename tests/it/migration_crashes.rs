//! OPS-2: an older file is brought up to date whole or stays what it was, wherever the power goes out or the disk fails on the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use portico::kernel::db::{Db, migrations};
use portico::kernel::error::{Error, Result};
use portico::kernel::secret::Vault;
use portico::kernel::time::Clock;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::faults::times;
use crate::support::disk::{Disk, Lasting, Op, Survivors};
use crate::support::older;
use crate::support::portal::{KEY, START, tables};
use crate::support::workload::{is_whole, template};

mod files {
    refinery::embed_migrations!("migrations");
}

/// A file as a program left it whose newest migration was this one, with the rows of Harbor MSP as far as it had tables for them.
fn file_of(version: i32) -> &'static Path {
    static FILES: OnceLock<(TempDir, BTreeMap<i32, PathBuf>)> = OnceLock::new();
    let (_, files) = FILES.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let files = older::versions().into_iter().map(|version| (version, make(folder.path(), version))).collect();
        (folder, files)
    });
    &files[&version]
}

/// Every version but the newest.
fn older_versions() -> impl Iterator<Item = i32> {
    older::versions().into_iter().filter(|version| *version < migrations::newest())
}

fn make(folder: &Path, version: i32) -> PathBuf {
    let path = folder.join(format!("{version}.db"));
    let mut connection = Connection::open(&path).expect("a file");
    connection
        .execute_batch(&format!(
            "pragma application_id = {}; pragma journal_mode = wal; pragma foreign_keys = off;",
            migrations::APPLICATION_ID
        ))
        .expect("a file of ours");
    let target = refinery::Target::Version(version);
    files::migrations::runner().set_grouped(true).set_target(target).run(&mut connection).expect("an older schema");
    // The first two have triggers that look into tables of the third, so no organization could ever be in such a file.
    let mut with_rows = tables(&connection);
    if version < 3 {
        with_rows.retain(|table| ["partner", "partner_ancestor", "identity"].contains(&table.as_str()));
    }
    // Triggers count while the listing is filled; the count itself comes after that.
    with_rows.sort_by_key(|table| table == "organization_count");
    connection.execute("attach ?1 as today", [template().to_str()]).expect("rows");
    for table in with_rows {
        let columns: Vec<String> = connection
            .prepare("select name from pragma_table_info(?1) intersect select name from pragma_table_info(?1, 'today')")
            .and_then(|mut statement| statement.query_map([&table], |row| row.get(0))?.collect())
            .expect("columns");
        let columns = columns.join(", ");
        connection.execute_batch(&format!("insert or replace into {table} ({columns}) select {columns} from today.{table}")).expect(&table);
    }
    connection.execute_batch("detach today; pragma wal_checkpoint(truncate)").expect("the log is emptied");
    path
}

fn open(folder: &Path) -> Result<Db> {
    Db::open(&folder.join("portico.db"), Clock::manual(START), Vault::new(KEY))
}

/// Every table's name and what is in it, and how many migrations were noted.
fn content(path: &Path) -> (i64, Vec<(String, i64)>) {
    let raw = Connection::open(path).expect("the file opens");
    let count = |table: &str| raw.query_row(&format!("select count(*) from {table}"), [], |row| row.get::<_, i64>(0)).expect(table);
    let rows = tables(&raw).into_iter().map(|table| (table.clone(), count(&table))).collect();
    (count("refinery_schema_history"), rows)
}

/// What an older file becomes on a sound disk.
fn migrated(version: i32) -> (i64, Vec<(String, i64)>) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(file_of(version), folder.path().join("portico.db")).expect("a copy");
    drop(open(folder.path()).expect("it is brought up to date"));
    content(&folder.path().join("portico.db"))
}

fn on_disk(version: i32, seed: u64) -> Disk {
    let disk = Disk::new(seed);
    std::fs::copy(file_of(version), disk.path().join("portico.db")).expect("a copy");
    disk
}

/// Either the old content or the new one; and opening it once more completes.
#[track_caller]
fn recovers(left: &Path, version: i32, new: &(i64, Vec<(String, i64)>), context: &str) {
    let path = left.join("portico.db");
    let found = content(&path);
    assert!(found == content(file_of(version)) || found == *new, "{context}: neither the old nor the new: {found:?}");
    drop(open(left).unwrap_or_else(|error| panic!("{context}: {error}")));
    assert_eq!(content(&path), *new, "{context}");
    if version >= 3 {
        is_whole(&path, context);
    } else {
        let fine: String =
            Connection::open(&path).and_then(|raw| raw.query_row("pragma integrity_check", [], |row| row.get(0))).expect("an answer");
        assert_eq!(fine, "ok", "{context}");
    }
}

#[test]
fn an_older_file_keeps_every_row() {
    let count = |versions: usize| i64::try_from(versions).expect("a number");
    for (place, version) in older_versions().enumerate() {
        let (before, (noted, after)) = (content(file_of(version)), migrated(version));
        assert_eq!((before.0, noted), (count(place + 1), count(older::versions().len())));
        assert!(before.1.iter().any(|(table, rows)| table == "partner" && *rows == 3), "it has rows: {before:?}");
        for (table, rows) in &before.1 {
            let now = after.iter().find(|(name, _)| name == table).map(|(_, rows)| *rows);
            assert_eq!(now, Some(*rows), "{table} of version {version}");
        }
    }
}

/// Of the way from an older version so many places are tried here, others for each version; of the newest step every fifth.
const PLACES: u64 = 12;

/// OPS-2
#[test]
fn a_power_cut_anywhere_in_a_migration_leaves_the_old_or_the_new() {
    for version in older_versions() {
        let new = migrated(version);
        let sound = on_disk(version, 1);
        drop(open(sound.path()).expect("it is brought up to date"));
        let operations = sound.operations();
        let sparse = if version == older::previous() { 5 } else { (operations / PLACES).max(5) };
        let step = times(sparse, 1);
        let first = u64::from(version.unsigned_abs()) % step;
        for place in (first..=operations).step_by(usize::try_from(step).expect("a number")) {
            let disk = on_disk(version, place);
            disk.lose_power_after(place);
            // It may be through before the power goes.
            drop(open(disk.path()));
            let survivors = [Survivors::Some, Survivors::Nothing, Survivors::Everything][usize::try_from(place % 3).expect("a place")];
            recovers(disk.after_the_cut(survivors).path(), version, &new, &format!("V{version}, power cut {place}, {survivors:?}"));
        }
    }
}

/// OPS-2, OPS-4: a disk that fails meanwhile is named in a sentence, and the next start completes.
#[test]
fn an_error_anywhere_in_a_migration_leaves_the_old_or_the_new() {
    let version = older::previous();
    let new = migrated(version);
    let sound = on_disk(version, 1);
    drop(open(sound.path()).expect("it is brought up to date"));
    let mut refused = 0;
    for (op, lasting) in
        [(Op::Write, Lasting::Once), (Op::Write, Lasting::FromThenOn), (Op::Sync, Lasting::Once), (Op::Sync, Lasting::FromThenOn)]
    {
        for place in 0..sound.count(op).min(100) {
            let disk = on_disk(version, place);
            disk.fail(op, place, lasting);
            match open(disk.path()) {
                Ok(db) => drop(db),
                Err(Error::Disk(_)) => refused += 1,
                Err(error) => panic!("{op:?} {place}: {error:?}"),
            }
            let context = format!("{op:?} {place}, {lasting:?}");
            recovers(disk.after_the_cut(Survivors::Some).path(), version, &new, &format!("{context}, in the dark"));
            disk.mend();
            recovers(disk.path(), version, &new, &context);
        }
    }
    assert!(refused > 4, "some of it was met: {refused}");
}
