//! Letters on their way: taken into hand, and what became of them.

use rusqlite::{named_params, params};

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{LetterId, PartnerId};
use crate::kernel::time::{Span, Timestamp};
use crate::mail::model::{Kept, LetterState, TRY_FOR};
use crate::mail::settings_store::SENDABLE;
use crate::mail::store::{KEPT, LISTED, NOT_ASKED, WITH_LINK, read_kept, with_letterhead};

/// A letter in our hands.
#[derive(Debug)]
pub struct Claimed {
    /// The letter.
    pub letter: Kept,
    /// The number of its message, the same at every try.
    pub message_id: String,
    /// Until when it is ours alone.
    until: Timestamp,
}

/// MAI-2: takes the letter that is due first into our hands, so that nobody else sends it meanwhile; none if nothing is due. Whoever
/// lets it fall leaves it to the next after `lease`. `domain` ends the number of a message that has none yet.
pub fn claim(tx: &Tx<'_>, lease: Span, domain: &str) -> Result<Option<Claimed>> {
    let due = tx.maybe(
        &format!(
            "select {LISTED}, {NOT_ASKED}, {KEPT} from {WITH_LINK}
              where m.state = 'queued' and m.next_attempt_at <= :now and (m.claimed_until is null or m.claimed_until <= :now)
              order by m.next_attempt_at limit 1"
        ),
        named_params! { ":now": tx.now() },
        |row| read_kept(row, tx.vault()),
    )?;
    let Some(letter) = due else { return Ok(None) };
    let (id, until) = (letter.listed.id, tx.now() + lease);
    tx.change_one(
        "update letter set claimed_until = :until, message_id = coalesce(message_id, :number)
          where id = :id and state = 'queued' and (claimed_until is null or claimed_until <= :now)",
        named_params! { ":id": id, ":until": until, ":number": format!("{id}@{domain}"), ":now": tx.now() },
    )?;
    let message_id = tx.one("select message_id from letter where id = ?1", [id], |row| row.get(0))?;
    Ok(Some(Claimed { letter: with_letterhead(tx, letter)?, message_id, until }))
}

/// Keeps waiting letters here, where delivery is "hold"; how many.
pub fn hold(tx: &Tx<'_>, at_most: i64) -> Result<usize> {
    tx.execute(
        "update letter set state = 'held', next_attempt_at = null
          where id in (select id from letter where state = 'queued' and (claimed_until is null or claimed_until <= ?1) limit ?2)",
        (tx.now(), at_most),
    )
}

/// Notes that a letter was handed over, whoever has it in hand by now: it is out.
pub fn delivered(tx: &Tx<'_>, claimed: &Claimed) -> Result<()> {
    tx.execute(
        "update letter set state = 'delivered', attempts = attempts + 1, next_attempt_at = null, claimed_until = null, last_error = null,
                delivered_at = ?2
          where id = ?1 and state = 'queued'",
        (claimed.letter.listed.id, tx.now()),
    )?;
    Ok(())
}

/// Notes that a try failed and lets the letter go; without a next one it has failed for good (MAI-2). Nothing if it is in other hands
/// by now.
pub fn not_delivered(tx: &Tx<'_>, claimed: &Claimed, reason: &str, next: Option<Timestamp>) -> Result<()> {
    let state = if next.is_some() { LetterState::Queued } else { LetterState::Failed };
    tx.execute(
        "update letter set state = ?3, attempts = attempts + 1, next_attempt_at = ?4, last_error = ?5, claimed_until = null
          where id = ?1 and state = 'queued' and claimed_until = ?2",
        params![claimed.letter.listed.id, claimed.until, state, next, reason],
    )?;
    Ok(())
}

/// Lets a letter go as it was.
pub fn let_go(tx: &Tx<'_>, claimed: &Claimed) -> Result<()> {
    tx.execute(
        "update letter set claimed_until = null where id = ?1 and state = 'queued' and claimed_until = ?2",
        params![claimed.letter.listed.id, claimed.until],
    )?;
    Ok(())
}

/// MAI-2: gives up, for this reason, letters that were tried for three days while the way out was closed; how many.
pub fn give_up(tx: &Tx<'_>, reason: &str, at_most: i64) -> Result<usize> {
    tx.execute(
        "update letter set state = 'failed', next_attempt_at = null, last_error = coalesce(last_error, ?3)
          where id in (select id from letter where state = 'queued' and coalesce(trying_since, created_at) <= ?1
                          and (claimed_until is null or claimed_until <= ?2) limit ?4)",
        params![tx.now() - TRY_FOR, tx.now(), reason, at_most],
    )
}

/// A letter of a partner's own outbox is tried again at once, for three more days; `Conflict` if it was handed over meanwhile.
pub fn try_again(tx: &Tx<'_>, partner: PartnerId, letter: LetterId) -> Result<()> {
    tx.change_one(
        "update letter set state = 'queued', next_attempt_at = ?3, trying_since = ?3 where id = ?1 and partner = ?2 and state <> 'delivered'",
        params![letter, partner, tx.now()],
    )
}

/// Sends on their way the letters that are held and would not arrive with a dead link; how many.
pub fn release_held(tx: &Tx<'_>) -> Result<usize> {
    tx.execute(
        &format!("update letter set state = 'queued', next_attempt_at = ?1, trying_since = ?1 where state = 'held' and {SENDABLE}"),
        [tx.now()],
    )
}

/// Whether any letter is on its way.
pub fn any_waiting(db: &impl Read) -> Result<bool> {
    db.one("select exists (select 1 from letter where state = 'queued')", [], |row| row.get(0))
}

/// Whether the delivery of any letter is due, and it is in nobody's hands.
pub fn any_due(db: &impl Read) -> Result<bool> {
    db.one(
        "select exists (select 1 from letter where state = 'queued' and next_attempt_at <= ?1 and (claimed_until is null or claimed_until <= ?1))",
        [db.now()],
        |row| row.get(0),
    )
}

/// Whether any letter's three days are over while it waits.
pub fn any_overdue(db: &impl Read) -> Result<bool> {
    db.one(
        "select exists (select 1 from letter where state = 'queued' and coalesce(trying_since, created_at) <= ?1
                                                and (claimed_until is null or claimed_until <= ?2))",
        [db.now() - TRY_FOR, db.now()],
        |row| row.get(0),
    )
}
