//! What a restored portal must not bring back: sessions, links, letters on their way; and whom the operator should look at.

use std::path::Path;

use crate::access::witness_model::Operator;
use crate::activity::model::{Event, Kind, LOST_KEY};
use crate::kernel::db::copies;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::AccountId;
use crate::kernel::text::{counted, thousands};
use crate::kernel::time::Timestamp;
use crate::upkeep::model::Facts;
use crate::upkeep::{restore_store, store};
use crate::{access, accounts, activity, factors, keys, mail, partners, users};

/// Whether the key that belongs to the data came with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// It did.
    Kept,
    /// It is lost, and a new one is used from now on.
    Lost,
}

/// What a restore ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended {
    /// Sessions.
    pub sessions: usize,
    /// Links in letters that were not used yet.
    pub links: usize,
    /// Letters that were on their way when the backup was made, and are held now.
    pub letters: usize,
    /// API keys that were on.
    pub keys: usize,
}

/// OPS-1: ends all sessions, voids all unspent links, switches API keys off, since those deleted or made anew meanwhile are back with their
/// old secrets, and holds the letters on their way; with a lost key, forgets what was made with
/// it. The operator's event says so; with a lost key it is also where the chain begins anew.
pub fn settle(tx: &Tx<'_>, by: &Operator, facts: &Facts, key: Key) -> Result<Ended> {
    let ended = Ended {
        sessions: access::store::end_all_sessions(tx)?,
        links: accounts::identities_store::void_all_links(tx)?,
        letters: mail::store::hold_all(tx)?,
        keys: keys::store::switch_all_off(tx)?,
    };
    // SUP-1: who made a new PIN since is asked for that one.
    users::support_store::void_all_pins(tx)?;
    if key == Key::Lost {
        mail::store::forget_sealed(tx)?;
        accounts::held_store::forget_held_emails(tx)?;
        access::store::forget_keyed(tx)?;
        factors::store::forget_all(tx)?;
    }
    store::answered(tx)?;
    let Some(partner) = partners::store::operating(tx)? else { return Ok(ended) };
    let without = if key == Key::Lost { " without its key, so that events up to that one cannot be verified any more" } else { "" };
    let sentence = format!(
        "restored the portal from a backup whose newest event was {}{without}; {} ended and {} voided{}",
        thousands(facts.head.0),
        counted(i64::try_from(ended.sessions).unwrap_or(i64::MAX), "session was", "sessions were"),
        counted(i64::try_from(ended.links).unwrap_or(i64::MAX), "link", "links"),
        match i64::try_from(ended.keys).unwrap_or(i64::MAX) {
            0 => String::new(),
            keys => format!(", and {} switched off", counted(keys, "API key", "API keys")),
        },
    );
    let mut event = Event::new(Kind::PortalRestored, sentence);
    // SUP-1: who made a new PIN since is asked for that one.
    users::support_store::void_all_pins(tx)?;
    if key == Key::Lost {
        event = event.about(LOST_KEY, facts.head.0, "");
    }
    activity::store::record(tx, &by.actor(partner), &event)?;
    Ok(ended)
}

/// Accounts read in one go.
const BATCH: i64 = 10_000;

/// Somebody who could not sign in to the portal as it is, and can to the one in the backup.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Returning {
    /// Name, e-mail and place.
    pub who: String,
    /// Whether the account is gone altogether, or deactivated.
    pub removed: bool,
}

/// OPS-1: whose accounts were deactivated or removed since the backup was made: the first `shown` of them, and how many there are.
pub fn returning(backup: &Path, current: &Path, now: Timestamp, shown: usize) -> Result<(Vec<Returning>, usize)> {
    copies::look(backup, now, |old| copies::look(current, now, |new| compare(old, new, shown)))
}

fn compare(old: &impl Read, new: &impl Read, shown: usize) -> Result<(Vec<Returning>, usize)> {
    let (mut first, mut count, mut after) = (Vec::new(), 0, AccountId(0));
    loop {
        let batch = restore_store::usable(old, after, BATCH)?;
        let (Some(from), Some(to)) = (batch.first(), batch.last()) else { break };
        let (there, deactivated) = restore_store::there(new, *from, *to)?;
        after = *to;
        for account in batch.into_iter().filter(|account| !there.contains(account) || deactivated.contains(account)) {
            count += 1;
            if first.len() < shown {
                first.push(Returning { who: restore_store::shown(old, account)?, removed: !there.contains(&account) });
            }
        }
    }
    Ok((first, count))
}
