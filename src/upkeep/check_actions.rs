//! `portico check`: the whole of a portal, looked at and not touched (LOG-2, OPS-1, OPS-3).

use std::path::Path;

use crate::activity;
use crate::backups::model::summarize;
use crate::kernel::db::Reader;
use crate::kernel::db::copies::{self, Health, SPARE};
use crate::kernel::db::migrations;
use crate::kernel::error::Result;
use crate::kernel::ids::SaasAccountId;
use crate::kernel::secret::Vault;
use crate::kernel::text::{bytes, counted, thousands};
use crate::kernel::time::Timestamp;
use crate::saas;
use crate::upkeep::check_store::{self, SEARCHED};
use crate::upkeep::model::{Finding, Verdict};

/// Accounts looked at in one go.
const BATCH: i64 = 1_000;
/// Rows of each search index that are looked for by their own words.
const SAMPLE: i64 = 200;

/// Looks at everything and tells each finding as it comes: the file first, then what is in it. A file that cannot be read at all is an
/// error. Without a key the chain is not verified, and that is a finding.
pub fn check(database: &Path, vault: Option<&Vault>, now: Timestamp, tell: &mut dyn FnMut(Finding)) -> Result<()> {
    let health = copies::health(database)?;
    tell(finding("file", &health.integrity, "every page, index and search index is whole".to_owned()));
    if !health.integrity.is_empty() {
        return Ok(());
    }
    for finding in of_the_rows(&health) {
        tell(finding);
    }
    // What an older program kept is not for this one to count; the next start brings it up to date.
    if health.schema == migrations::newest() {
        return content(database, vault, now, tell);
    }
    copies::look(database, now, |db| chain(db, vault))?.into_iter().for_each(tell);
    Ok(())
}

/// The same looks at what is in a file that is whole as such: what is kept of other rows, the search indexes, the activity log.
pub fn content(database: &Path, vault: Option<&Vault>, now: Timestamp, tell: &mut dyn FnMut(Finding)) -> Result<()> {
    for look in [kept, summaries, search] {
        tell(copies::look(database, now, look)?);
    }
    copies::look(database, now, |db| chain(db, vault))?.into_iter().for_each(tell);
    Ok(())
}

fn of_the_rows(health: &Health) -> [Finding; 2] {
    let (newest, known) = (health.schema, migrations::newest());
    let history = if newest < known {
        format!("schema {newest}; the next start brings it to {known}, with a copy before")
    } else {
        format!("all {known} are applied, none is unknown")
    };
    [
        finding("references", &health.references, "every row that is pointed at is there".to_owned()),
        finding("migrations", &health.history, history),
    ]
}

/// Good when nothing is wrong.
fn finding(what: &'static str, wrong: &[String], good: String) -> Finding {
    let result = if wrong.is_empty() { Verdict::Good(good) } else { Verdict::Bad(wrong.join("; ")) };
    Finding { what, result }
}

fn kept(db: &Reader<'_>) -> Result<Finding> {
    let odd: Vec<String> = check_store::kept(db)?.into_iter().map(|odd| format!("{} {}", thousands(odd.count), odd.what)).collect();
    Ok(finding("counts", &odd, "lists, tabs and the partners' tree are as counted".to_owned()))
}

/// What accounts keep of their days, against a new sum.
fn summaries(db: &Reader<'_>) -> Result<Finding> {
    let (mut after, mut seen, mut wrong) = (SaasAccountId(0), 0, 0);
    loop {
        let batch = check_store::saas_accounts(db, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = *last;
        for account in batch {
            let (kept, paused) = check_store::kept_summary(db, account)?;
            seen += 1;
            wrong += i64::from(kept != summarize(&saas::store::days(db, account)?, &saas::store::applications(db, account)?, paused));
        }
    }
    let wrong = if wrong == 0 { Vec::new() } else { vec![format!("{} out of date", counted(wrong, "summary is", "summaries are"))] };
    Ok(finding("summaries", &wrong, format!("{} as their days say", counted(seen, "SaaS account is", "SaaS accounts are"))))
}

fn search(db: &Reader<'_>) -> Result<Finding> {
    let mut wrong = Vec::new();
    for table in SEARCHED {
        let (missing, surplus) = check_store::search_gaps(db, table)?;
        let missed = check_store::search_misses(db, table, SAMPLE)?;
        for (count, what) in [(missing, "not indexed"), (surplus, "indexed without a row"), (missed, "not found by their own words")] {
            if count != 0 {
                wrong.push(format!("{} of {table} {what}", counted(count, "row", "rows")));
            }
        }
    }
    Ok(finding("search", &wrong, "every row is in its index".to_owned()))
}

/// The chain, and whether this key made it.
fn chain(db: &Reader<'_>, vault: Option<&Vault>) -> Result<Vec<Finding>> {
    let (head, mark) = activity::store::head_shown(db)?;
    let Some(vault) = vault else {
        let sentence =
            "the key file is missing; letters cannot be opened and the activity log cannot be verified. Put it back beside the database";
        return Ok(vec![Finding { what: "key", result: Verdict::Bad(sentence.to_owned()) }]);
    };
    let fits = activity::store::head_fits(db, vault)?;
    let wrong: &[String] = if fits { &[] } else { &["it did not make the newest event; put the database's own key back".to_owned()] };
    let key = finding("key", wrong, "it made the newest event".to_owned());
    let (events, first_bad) = activity::actions::follow_all(db, vault)?;
    let wrong: Vec<String> =
        first_bad.map(|bad| format!("event {} is the first that does not fit", thousands(bad.0))).into_iter().collect();
    let before = activity::store::beginning(db, vault)?.seq;
    let lost = match before {
        0 => String::new(),
        1 => "; event 1 was sealed with a key that is lost and is not verified".to_owned(),
        _ => format!("; events 1–{} were sealed with a key that is lost and are not verified", thousands(before)),
    };
    let good =
        format!("{}, the newest {} with the mark {mark}{lost}", counted(events - before, "event fits", "events fit"), thousands(head.0));
    Ok(vec![key, finding("activity log", &wrong, good)])
}

/// What is left of the disk; a backup and an upgrade need room for a copy.
pub fn room(database: &Path) -> Result<Finding> {
    let folder = database.parent().unwrap_or(database);
    let (free, copy) = (fs4::available_space(folder)?, copies::size(database)?);
    let shown = |count: u64| bytes(i64::try_from(count).unwrap_or(i64::MAX));
    let result = if free < SPARE {
        Verdict::Bad(format!("only {} are free; make room before changes are refused", shown(free)))
    } else if free < copy + SPARE {
        Verdict::Bad(format!("{} are free, too little for a copy of {}; no backup and no upgrade can be made", shown(free), shown(copy)))
    } else {
        Verdict::Good(format!("{} are free; a copy takes {}", shown(free), shown(copy)))
    };
    Ok(Finding { what: "free space", result })
}

/// Whether the database and its key are for this user alone.
pub fn permissions(files: &[&Path]) -> Result<Finding> {
    let mut open = Vec::new();
    #[cfg(unix)]
    for file in files.iter().filter(|file| file.exists()) {
        use std::os::unix::fs::PermissionsExt as _;
        if std::fs::metadata(file)?.permissions().mode() & 0o077 != 0 {
            open.push(format!("{} is open to others; run chmod 600 on it", file.display()));
        }
    }
    Ok(finding(
        "permissions",
        &open,
        format!("{} this user's alone", counted(i64::try_from(files.len()).unwrap_or_default(), "file is", "files are")),
    ))
}
