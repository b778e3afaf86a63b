//! `portico import`: the same path as the Import page, for files of any size.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;

use crate::access::witness_model::{Clockwork, Manager, Operator};
use crate::accounts::model::Invitation;
use crate::imports::actions::{self, total};
use crate::imports::model::{Counts, File, FileCounts, Kind, Level, Problem};
use crate::imports::store;
use crate::kernel::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ImportId, PartnerId};
use crate::kernel::text::{counted, thousands};
use crate::partners;

/// What `portico import` is told.
#[derive(Args, Debug)]
pub struct Import {
    /// JSON and CSV files, recognised by what they hold.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only say what would come in.
    #[arg(long)]
    dry_run: bool,
    /// The Partner ID of whom the files are; the operating partner's by default.
    #[arg(long)]
    partner: Option<String>,
    /// Send new users their letters at once; otherwise they are Not invited until somebody does.
    #[arg(long)]
    send_letters: bool,
}

/// So many refusals are printed; the others are counted.
const SHOWN: i64 = 50;
/// An import that meets somebody else's changes is made anew so often.
const TRIES: usize = 3;

/// Imports, or says why not; nothing comes in unless all of it does.
pub fn run(db: &Db, arguments: &Import) -> Result<()> {
    let read =
        |path: &PathBuf| std::fs::read(path).map_err(|error| Error::refused(format!("{} cannot be read ({error}).", path.display())));
    let contents: Vec<(String, Vec<u8>)> = arguments.files.iter().map(|path| Ok((file_name(path), read(path)?))).collect::<Result<_>>()?;
    let files: Vec<File<'_>> = contents.iter().map(|(name, bytes)| File { name, bytes }).collect();
    let partner = whose(db, arguments.partner.as_deref())?;
    let by = Manager::operator(&Operator::of_this_machine(), partner);
    db.with_room(|| {
        let result = import(db, &by, &files, arguments);
        while db.write_in_turn(actions::PAUSE, actions::sweep)? > 0 {}
        result
    })
}

fn whose(db: &Db, public_id: Option<&str>) -> Result<PartnerId> {
    db.read(|reader| match public_id {
        Some(id) => match partners::store::of_public_id(reader, id) {
            Err(Error::NotFound) => Err(Error::refused(format!("There is no partner with the ID {id}."))),
            found => found,
        },
        None => partners::store::operating(reader)?
            .ok_or_else(|| Error::refused("This portal is not set up yet. Run `portico init`, or open its set-up link.")),
    })
}

fn import(db: &Db, by: &Manager, files: &[File<'_>], arguments: &Import) -> Result<()> {
    let letters = if arguments.send_letters { Invitation::Send } else { Invitation::Later };
    for attempt in 1.. {
        let import = stage(db, by, files)?;
        let counts = db.read(|reader| store::files(reader, import))?;
        let all = total(&counts);
        if let Some(refusals) = refusals(db, by, import)? {
            db.write(|tx| actions::discard(tx, by, import))?;
            print_counts(&counts);
            return Err(Error::refused(format!("Nothing was imported: {refusals}.")));
        }
        if arguments.dry_run || all.new + all.changed == 0 {
            db.write(|tx| actions::discard(tx, by, import))?;
            print_counts(&counts);
            println!(
                "{}",
                if arguments.dry_run { "Nothing was changed: this was a dry run." } else { "Nothing to do: all of it is here already." }
            );
            return Ok(());
        }
        actions::index_ahead(db, by, import)?;
        let begun = Instant::now();
        match db.write(|tx| actions::carry_out(tx, by, import, letters)) {
            Err(Error::Conflict(_)) if attempt < TRIES => db.write(|tx| actions::discard(tx, by, import)).map(drop)?,
            Err(error) => return Err(error),
            Ok(counts) => {
                print_counts(&counts);
                println!("Imported; moving it in took {:.2} s.", begun.elapsed().as_secs_f64());
                return if arguments.send_letters { send_letters(db) } else { Ok(()) };
            }
        }
    }
    Ok(())
}

/// Stages with a line of progress: on a terminal as it goes, elsewhere every few seconds.
fn stage(db: &Db, by: &Manager, files: &[File<'_>]) -> Result<ImportId> {
    let terminal = std::io::stderr().is_terminal();
    let pause = Duration::from_millis(if terminal { 100 } else { 5_000 });
    let mut last = Instant::now();
    let import = actions::stage(db, by, files, &mut |file, rows| {
        if last.elapsed() >= pause {
            last = Instant::now();
            let line = format!("{}: {} rows checked", printable(file), thousands(rows));
            if terminal { eprint!("\r\u{1b}[K{line}") } else { eprintln!("{line}") }
        }
    });
    if terminal {
        eprint!("\r\u{1b}[K");
    }
    import
}

/// Prints what is worth knowing and what is refused; a sentence that counts the refusals, if there are any.
fn refusals(db: &Db, by: &Manager, import: ImportId) -> Result<Option<String>> {
    let (found, notes, refused) = db.read(|reader| {
        Ok((
            store::find(reader, by.scope().viewer(), import)?,
            store::problems(reader, import, Level::Note, 0, SHOWN)?,
            store::problems(reader, import, Level::Refused, 0, SHOWN)?,
        ))
    })?;
    for (_, note) in &notes {
        println!("note: {}", place(note));
    }
    for (_, problem) in &refused {
        eprintln!("refused: {}", place(problem));
    }
    let more = found.refused - i64::try_from(refused.len()).unwrap_or_default();
    if more > 0 {
        eprintln!("… and {} more", thousands(more));
    }
    Ok((found.refused > 0).then(|| counted(found.refused, "refusal", "refusals")))
}

/// File, line, field and reason.
fn place(problem: &Problem) -> String {
    let mut parts = vec![problem.file.clone()];
    if problem.line > 0 {
        parts.push(format!("line {}", problem.line));
    }
    if !problem.field.is_empty() {
        parts.push(problem.field.clone());
    }
    printable(&format!("{}: {}", parts.join(", "), problem.reason))
}

/// A line a kind of row, and the sum.
fn print_counts(files: &[FileCounts]) {
    for kind in Kind::ALL {
        let of_kind: Vec<&FileCounts> = files.iter().filter(|file| file.kind == Some(*kind)).collect();
        let counts = of_kind.iter().fold(Counts::default(), |sum, file| sum.plus(file.counts));
        if !of_kind.is_empty() {
            let from = match of_kind.as_slice() {
                [file] => printable(&file.name),
                several => counted(i64::try_from(several.len()).unwrap_or_default(), "file", "files"),
            };
            print_line(&format!("{} ({from})", kind.shown()), counts);
        }
    }
    print_line("all", total(files));
}

fn print_line(what: &str, counts: Counts) {
    println!(
        "{what}: {} new, {} changed, {} unchanged, {} refused",
        thousands(counts.new),
        thousands(counts.changed),
        thousands(counts.unchanged),
        thousands(counts.refused)
    );
}

fn send_letters(db: &Db) -> Result<()> {
    let clockwork = Clockwork::ticking();
    let mut sent = 0;
    loop {
        match db.write(|tx| actions::send_letters(tx, &clockwork))? {
            0 => break,
            count => sent += i64::try_from(count).unwrap_or_default(),
        }
    }
    println!("{} into the outbox.", counted(sent, "letter was put", "letters were put"));
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Text that cannot steer a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { '?' } else { sign }).collect()
}
