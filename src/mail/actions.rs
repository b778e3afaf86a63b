//! Opening a letter (MAI-3) and handing letters over (MAI-1, MAI-2).

use crate::access::model::{Clockwork, Person};
use crate::accounts::model::may_act_on;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::LetterId;
use crate::kernel::world::Transport;
use crate::mail::letters;
use crate::mail::model::{Kept, LetterKind, Listed, next_attempt};
use crate::mail::store;

/// MAI-3: one may open a letter only if one may act on its receiver's identity, by the highest role among its accounts. One's own
/// letters are no secret from oneself, but for a reset: an unwatched session must not become a new password.
pub fn may_open(person: &Person, letter: &Listed) -> bool {
    let Some(role) = person.role() else { return false };
    let own = letter.identity == Some(person.identity);
    if own { letter.kind != LetterKind::Reset } else { may_act_on(role, letter.highest) }
}

/// Opens a letter of the person's own partner; `NotFound` if they may not. The event is in the same transaction (LOG-1).
pub fn open(tx: &Tx<'_>, person: &Person, letter: LetterId) -> Result<Kept> {
    let kept = store::find(tx, tx.vault(), person.partner, letter)?;
    if !may_open(person, &kept.listed) {
        return Err(Error::NotFound);
    }
    let listed = &kept.listed;
    let sentence = format!("opened the letter \u{201c}{}\u{201d} to {}", listed.subject, listed.to_email);
    let mut event = Event::new(Kind::LetterOpened, sentence).about("letter", letter.0, listed.to_email.clone());
    event.organization = listed.organization;
    activity::store::record(tx, &person.actor(), &event)?;
    Ok(kept)
}

/// How many letters are handed over before others get their turn.
const BATCH: usize = 20;

/// Hands over what is due, or keeps it where delivery is "hold"; how many letters moved on. Handing over happens between two
/// transactions: after a crash in between the same file is written once more under the same name.
pub fn deliver(db: &Db, transport: &Transport, public_url: &str, _: &Clockwork) -> Result<usize> {
    if matches!(transport, Transport::Hold) {
        return db.write(|tx| store::hold(tx, 500));
    }
    for done in 0..BATCH {
        let Some(letter) = db.read(|reader| store::due(reader, db.vault()))? else { return Ok(done) };
        deliver_one(db, transport, public_url, &letter)?;
    }
    Ok(BATCH)
}

fn deliver_one(db: &Db, transport: &Transport, public_url: &str, letter: &Kept) -> Result<()> {
    let (id, now) = (letter.listed.id, db.clock().now());
    let outcome = letters::message(letter, public_url, now).and_then(|message| transport.hand_over(&id.to_string(), &message));
    db.write(|tx| match &outcome {
        Ok(()) => store::delivered(tx, id),
        Err(reason) => store::not_delivered(tx, id, reason, next_attempt(letter.listed.created_at, letter.listed.attempts + 1, now)),
    })
}
