//! `portico backup` and `portico check`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::access::witness_model::Operator;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::app::config::KEY_FILE;
use crate::app::{errors, machine};
use crate::kernel::db::copies::{Pace, Watch};
use crate::kernel::db::migrations::{self, Standing};
use crate::kernel::error::{Error, Result};
use crate::kernel::secret::Vault;
use crate::kernel::text::{bytes, counted, thousands};
use crate::kernel::world::World;
use crate::partners;
use crate::upkeep::actions::{self, Made, Order};
use crate::upkeep::model::Verdict;
use crate::upkeep::{check_actions, files_store};

/// What `portico backup` is told.
#[derive(Args, Debug)]
pub struct Backup {
    /// The file to make; it must not be there yet.
    file: PathBuf,
    /// Where the key goes; FILE.key by default. Kept apart from the backup it protects what is sealed in it.
    #[arg(long, conflicts_with = "no_key")]
    key_file: Option<PathBuf>,
    /// Leave the key out. Without it a restore loses what is sealed, and the activity log cannot be verified.
    #[arg(long)]
    no_key: bool,
}

/// OPS-1: a verified copy, beside a running server too.
pub fn back_up(data: &Path, arguments: &Backup, world: &World) -> Result<()> {
    let (database, key_file) = (machine::database(data), data.join(KEY_FILE));
    let standing = migrations::standing(&database)?;
    if standing == Standing::New {
        return Err(Error::refused(format!("There is nothing in {} yet.", database.display())));
    }
    let key = match (&arguments.key_file, arguments.no_key) {
        (_, true) => None,
        (Some(to), false) => Some((key_file.as_path(), to.clone())),
        (None, false) => Some((key_file.as_path(), files_store::key_of(&arguments.file))),
    };
    files_store::refuse_existing(&arguments.file)?;
    if standing == Standing::Current {
        note(data, world, &arguments.file);
    }
    let watch = Watch::unstopped(Pace::Gentle);
    let order = Order { database: &database, to: &arguments.file, key: key.clone(), now: world.clock.now(), watch: &watch };
    let made = actions::back_up(&order)?;
    told(&arguments.file, &made);
    match &key {
        Some((_, to)) => println!("The key is in {}. Who has both can read everything; keep them apart if you can.", to.display()),
        None => println!("The key was left out. Keep {} somewhere else: a restore needs it.", key_file.display()),
    }
    Ok(())
}

fn told(file: &Path, made: &Made) {
    let size = bytes(i64::try_from(made.bytes).unwrap_or(i64::MAX));
    println!("Backed up {} to {} ({size}, verified).", counted(made.facts.organizations, "organization", "organizations"), file.display());
    println!("The activity log's newest event in it is {}, its mark {}.", thousands(made.facts.head.0), made.facts.mark);
}

/// Whoever has the machine can copy everything anyway; a log that cannot be written must not keep them from a backup.
fn note(data: &Path, world: &World, file: &Path) {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    let noted = machine::open(data, world).and_then(|db| {
        let Some(partner) = db.read(|db| partners::store::operating(db))? else { return Ok(()) };
        let event = Event::new(Kind::Exported, format!("made a backup of the whole portal, {name}"));
        db.write(|tx| activity::store::record(tx, &Operator::of_this_machine().actor(partner), &event)).map(drop)
    });
    if let Err(error) = noted {
        eprintln!("The activity log could not be told of this backup: {}", errors::printable(&error.to_string()));
    }
}

/// Looks at the whole portal, beside a running server too; opens nothing to the network and changes nothing. An error when something
/// is wrong.
pub fn check(data: &Path, world: &World) -> Result<()> {
    let (database, key_file) = (machine::database(data), data.join(KEY_FILE));
    if migrations::standing(&database)? == Standing::New {
        return Err(Error::refused(format!("There is nothing in {} yet.", database.display())));
    }
    let vault = machine::read_key(&key_file)?.map(Vault::new);
    let (mut looks, mut bad) = (0, 0);
    let mut tell = |finding: crate::upkeep::model::Finding| {
        looks += 1;
        match finding.result {
            Verdict::Good(sentence) => println!("ok      {:<13} {sentence}", finding.what),
            Verdict::Bad(sentence) => {
                bad += 1;
                println!("FAILED  {:<13} {}", finding.what, errors::printable(&sentence));
            }
        }
    };
    check_actions::check(&database, vault.as_ref(), world.clock.now(), &mut tell)?;
    tell(check_actions::room(&database)?);
    tell(check_actions::permissions(&[&database, &key_file])?);
    match bad {
        0 => println!("All {looks} looks are well."),
        _ => return Err(Error::refused(format!("{bad} of {looks} looks found something wrong in {}.", data.display()))),
    }
    Ok(())
}
