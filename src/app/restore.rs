//! `portico restore`: a verified backup in the place of what is there, which is kept (OPS-1).
//!
//! Everything is brought into the data folder first, and verified, brought up to date and settled there. Until the swap is decided on,
//! nothing of what is there has changed; from then on, whoever opens the folder next finishes it.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::access::witness_model::Operator;
use crate::activity;
use crate::app::config::KEY_FILE;
use crate::app::errors::printable;
use crate::app::lock::{Lock, Purpose};
use crate::app::machine;
use crate::kernel::db::copies::{self, Header, Pace, SPARE, Watch};
use crate::kernel::db::{Db, migrations};
use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::kernel::secret::Vault;
use crate::kernel::text::{bytes, counted, thousands};
use crate::kernel::world::World;
use crate::upkeep::files_store;
use crate::upkeep::model::{Facts, Verdict};
use crate::upkeep::restore_actions::{self, Ended, Key};
use crate::upkeep::swap_store::{Replaced, Swap};
use crate::upkeep::{actions, check_actions};

/// What `portico restore` is told.
#[derive(Args, Debug)]
pub struct Restore {
    /// The backup, as `portico backup` made it.
    file: PathBuf,
    /// Where its key is; FILE.key by default, and the data folder's own if that fits.
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// Go on although the key is lost: what is sealed (links in letters, the mail server's password) is gone, second factors are set up anew, and the events so far cannot be verified.
    #[arg(long)]
    without_key: bool,
    /// Go on although what is in the backup does not fit together, as after a change from outside; what does not fit is told.
    #[arg(long)]
    despite_findings: bool,
}

/// Accounts that are named one by one.
const NAMED: usize = 50;

/// Restores, or says why not and leaves everything as it was.
pub fn run(given: Option<PathBuf>, arguments: &Restore, world: &World) -> Result<()> {
    refuse_other_files(&arguments.file)?;
    let made = machine::missing_folders(given.as_deref())?;
    let data = std::path::absolute(machine::data_folder(given)?)?;
    let lock = Lock::take(&data, Purpose::Restore)?;
    let restored = restore(&data, arguments, world);
    if restored.is_err() && !made.is_empty() {
        // Nobody was here before, so nobody waits for this lock.
        lock.remove();
        for folder in &made {
            // What holds something by now stays.
            drop(std::fs::remove_dir(folder));
        }
    }
    restored
}

/// The same in a folder that is locked for it.
fn restore(data: &Path, arguments: &Restore, world: &World) -> Result<()> {
    let (database, key_file) = (machine::database(data), data.join(KEY_FILE));
    refuse_itself(&arguments.file, &database)?;
    if database.is_file() && copies::header(&database).is_ok_and(|header| header != Header::Other) {
        copies::alone(&database)?;
    }
    let swap = Swap::of(&database, &key_file);
    let outcome = bring(&swap, arguments, &key_file, world).and_then(|brought| {
        swap.note(world.clock.now())?;
        let replaced = swap.finish().or_else(|error| swap.take_back().and(Err(error)))?;
        Ok((brought, replaced))
    });
    swap.sweep();
    let (brought, replaced) = outcome?;
    tell(&arguments.file, data, &brought, &replaced);
    Ok(())
}

/// What was brought in, ready to take its place.
struct Brought {
    facts: Facts,
    schema: i32,
    ended: Ended,
    key: Key,
    /// What does not fit together in it, one sentence each.
    findings: Vec<String>,
    returning: std::result::Result<(Vec<restore_actions::Returning>, usize), String>,
}

/// Copies, verifies, compares, brings up to date and settles the backup beside what is there.
fn bring(swap: &Swap, arguments: &Restore, key_file: &Path, world: &World) -> Result<Brought> {
    let (new, now) = (swap.new_database(), world.clock.now());
    swap.sweep();
    copy_in(&arguments.file, &new)?;
    let verified =
        copies::verify(&new, &Watch::unstopped(Pace::Alone)).map_err(|error| files_store::named_after(&arguments.file, &new, error))?;
    let facts = copies::look(&new, now, |db| actions::facts(db))?;
    let (key, bytes) = key_of(arguments, key_file, &new, world)?;
    let vault = Vault::new(bytes);
    let returning = compare(&new, &key_file.with_file_name(crate::app::config::DATABASE), world);
    let db = Db::open(&new, world.clock.clone(), vault.clone())?;
    let ended = db.write(|tx| restore_actions::settle(tx, &Operator::of_this_machine(), &facts, key))?;
    drop(db);
    copies::in_one_piece(&new)?;
    let findings = findings(&new, &vault, world)?;
    if !findings.is_empty() && !arguments.despite_findings {
        return Err(Error::refused(format!(
            "What is in {} does not fit together, so nothing was restored: {}. Take an older backup, or go on with --despite-findings.",
            arguments.file.display(),
            findings.join("; ")
        )));
    }
    machine::write_key(&swap.new_key(), &bytes)?;
    files_store::sync_folder(&new)?;
    Ok(Brought { facts, schema: verified.schema, ended, key, findings, returning })
}

/// OPS-1: what `portico check` would find wrong in the portal once it is restored. The file itself was verified before.
fn findings(new: &Path, vault: &Vault, world: &World) -> Result<Vec<String>> {
    let mut found = Vec::new();
    check_actions::content(new, Some(vault), world.clock.now(), &mut |finding| {
        if let Verdict::Bad(sentence) = finding.result {
            found.push(format!("{}: {}", finding.what, printable(&sentence)));
        }
    })?;
    Ok(found)
}

/// A file that is no backup is known by its beginning, before anything is copied or locked.
fn refuse_other_files(file: &Path) -> Result<()> {
    let refused = |why: String| Error::refused(format!("{} {why}", file.display()));
    match copies::header(file) {
        Err(error) => Err(refused(format!("cannot be read ({error})."))),
        Ok(Header::Other) => Err(refused("is no backup of Portico's: it is no database.".to_owned())),
        Ok(Header::Foreign) => Err(refused("is no backup of Portico's: it belongs to another program.".to_owned())),
        Ok(Header::Ours) => {
            let mut log = file.as_os_str().to_owned();
            log.push("-wal");
            if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
                return Err(refused(
                    "is in use, or was copied while it was: its log is beside it. Make a backup with `portico backup`.".to_owned(),
                ));
            }
            Ok(())
        }
    }
}

fn refuse_itself(file: &Path, database: &Path) -> Result<()> {
    match (file.canonicalize(), database.canonicalize()) {
        (Ok(file), Ok(database)) if file == database => Err(Error::refused(format!("{} is the database itself.", file.display()))),
        _ => Ok(()),
    }
}

fn copy_in(file: &Path, to: &Path) -> Result<()> {
    let unreadable = |error: std::io::Error| Error::refused(format!("{} cannot be read ({error}).", file.display()));
    let unwritable = |error: std::io::Error| Error::refused(format!("{} cannot be written ({error}).", to.display()));
    let mut from = std::fs::File::open(file).map_err(unreadable)?;
    let needed = from.metadata().map_err(unreadable)?.len() + SPARE;
    let free = fs4::available_space(to.parent().unwrap_or(to)).map_err(unwritable)?;
    if free < needed {
        let shown = |count: u64| bytes(i64::try_from(count).unwrap_or(i64::MAX));
        return Err(Error::refused(format!(
            "There is not enough room beside the database: {} are needed and {} are free.",
            shown(needed),
            shown(free)
        )));
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut copy = options.open(to).map_err(unwritable)?;
    std::io::copy(&mut from, &mut copy).map_err(unwritable)?;
    copy.sync_all().map_err(unwritable)
}

/// The key that made the backup's newest event: the one named, FILE.key, or the one in use. A new one only if that is wanted.
fn key_of(arguments: &Restore, own: &Path, backup: &Path, world: &World) -> Result<(Key, [u8; 32])> {
    let beside = arguments.key_file.clone().unwrap_or_else(|| files_store::key_of(&arguments.file));
    let mut why = format!("{} is not there", beside.display());
    for path in [beside.as_path(), own] {
        // A file that is no key is as good as none where going on without is wanted.
        let key = match machine::read_key(path) {
            Err(error) if path == beside && !arguments.without_key => return Err(error),
            Err(_) | Ok(None) => continue,
            Ok(Some(key)) => key,
        };
        if copies::look(backup, world.clock.now(), |db| activity::store::head_fits(db, &Vault::new(key)))? {
            return Ok((Key::Kept, key));
        }
        if path == beside {
            why = format!("{} is not the key of this backup", beside.display());
        }
    }
    if arguments.without_key {
        return Ok((Key::Lost, Tokens.bytes()?));
    }
    Err(Error::refused(format!(
        "{why}. Without its key, links in letters and the mail server's password cannot be opened, second factors have to be set up anew, removed e-mails may be used again at once, and the \
         events so far can no longer be verified. Name the key with --key-file, or go on with --without-key."
    )))
}

/// Why it could not be compared is for the operator to know, and no reason to stop: a restore may be needed because of it.
fn compare(backup: &Path, current: &Path, world: &World) -> std::result::Result<(Vec<restore_actions::Returning>, usize), String> {
    if !current.exists() {
        return Ok((Vec::new(), 0));
    }
    restore_actions::returning(backup, current, world.clock.now(), NAMED).map_err(|error| error.to_string())
}

fn tell(file: &Path, data: &Path, brought: &Brought, replaced: &Replaced) {
    let facts = &brought.facts;
    let organizations = counted(facts.organizations, "organization", "organizations");
    println!("Restored {organizations} from {} into {}.", file.display(), data.display());
    println!("The activity log's newest event in it is {}, its mark {}.", thousands(facts.head.0), facts.mark);
    for finding in &brought.findings {
        println!("FAILED  {finding}");
    }
    if !brought.findings.is_empty() {
        println!("What does not fit stays so, and `portico check` goes on finding it. Go back to an older backup as soon as you can.");
    }
    let newest = migrations::newest();
    if brought.schema < newest {
        println!(
            "It was written by an older Portico and was brought from schema {} to {newest}; the backup itself is as it was.",
            brought.schema
        );
    }
    if brought.key == Key::Lost {
        println!("A new key was made. Events up to {} cannot be verified any more.", thousands(facts.head.0));
    }
    let count = |number: usize, one, many| counted(i64::try_from(number).unwrap_or(i64::MAX), one, many);
    println!(
        "{} ended, {} not used yet {} void, {} on the way {} held.",
        count(brought.ended.sessions, "session was", "sessions were"),
        count(brought.ended.links, "link", "links"),
        if brought.ended.links == 1 { "is" } else { "are" },
        count(brought.ended.letters, "letter", "letters"),
        if brought.ended.letters == 1 { "is" } else { "are" },
    );
    if 0 < brought.ended.keys {
        println!(
            "{} switched off. Look through them under Admin, API Keys, and reactivate those that scripts still use.",
            count(brought.ended.keys, "API key was", "API keys were")
        );
    }
    match (&replaced.database, &replaced.key) {
        (Some(database), Some(key)) => println!("What was there is kept in {} and {}.", database.display(), key.display()),
        (Some(kept), None) | (None, Some(kept)) => println!("What was there is kept in {}.", kept.display()),
        (None, None) => {}
    }
    tell_who_returns(&brought.returning);
}

fn tell_who_returns(returning: &std::result::Result<(Vec<restore_actions::Returning>, usize), String>) {
    let (first, count) = match returning {
        Ok((first, count)) => (first, *count),
        Err(why) => {
            println!("Whose accounts were deactivated or removed since could not be found out: {}", printable(why));
            return;
        }
    };
    if count == 0 {
        return;
    }
    let accounts = counted(i64::try_from(count).unwrap_or(i64::MAX), "account that was", "accounts that were");
    println!("{accounts} deactivated or removed since can be used again. Look at them before you start the portal:");
    for one in first {
        println!("  {} {}", if one.removed { "removed:    " } else { "deactivated:" }, printable(&one.who));
    }
    if first.len() < count {
        println!("  … and {} more", thousands(i64::try_from(count - first.len()).unwrap_or(i64::MAX)));
    }
}
