//! Opening a letter (MAI-3), and asking for a further try (MAI-2).

use crate::access::model::Person;
use crate::access::roles_model::Right;
use crate::accounts::model::may_act_on;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::LetterId;
use crate::mail::model::{Kept, LetterKind, LetterState, Listed};
use crate::mail::{delivery_store, settings_store, store};

/// MAI-3: one may open a letter only if one may act on its receiver's identity, by the highest role among its accounts. One's own
/// letters are no secret from oneself, but for a reset: an unwatched session must not become a new password. One-time passcodes are for
/// those who may reset (ACC-8). Whom access groups limit opens no letter that would lead beyond them (EMP-4).
pub fn may_open(person: &Person, letter: &Listed) -> bool {
    let Some(role) = person.role() else { return false };
    let own = letter.identity == Some(person.identity);
    if letter.further && !own {
        return false;
    }
    match letter.kind {
        LetterKind::Reset => !own && may_act_on(role, letter.highest),
        LetterKind::Passcode => !own && role.may(Right::GroupsAndSecurity) && may_act_on(role, letter.highest),
        LetterKind::Welcome | LetterKind::Invitation | LetterKind::FurtherAccount | LetterKind::Notice => {
            own || may_act_on(role, letter.highest)
        }
    }
}

/// Opens a letter of the person's own partner; `NotFound` if they may not. The event is in the same transaction (LOG-1).
pub fn open(tx: &Tx<'_>, person: &Person, letter: LetterId) -> Result<Kept> {
    let kept = store::find(tx, tx.vault(), &person.scope(), letter)?;
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

/// MAI-2: tries a letter again at once, a held one too, for three more days. `NotFound` for another partner's; refused for one that is
/// out already, and for one whose link works no more.
pub fn retry(tx: &Tx<'_>, person: &Person, letter: LetterId) -> Result<Listed> {
    let kept = store::find(tx, tx.vault(), &person.scope(), letter)?;
    if kept.listed.state == LetterState::Delivered {
        return Err(Error::refused(format!("The letter to {} was handed over meanwhile.", kept.listed.to_name)));
    }
    if kept.has_dead_link() {
        return Err(Error::refused(format!(
            "The letter to {} would arrive with a link that works no more. Send a new letter.",
            kept.listed.to_name
        )));
    }
    delivery_store::try_again(tx, person.partner, letter)?;
    settings_store::end_pause(tx)?;
    let listed = kept.listed;
    let sentence = format!("had the letter \u{201c}{}\u{201d} to {} sent again at once", listed.subject, listed.to_email);
    let mut event = Event::new(Kind::LetterRetried, sentence).about("letter", listed.id.0, listed.to_email.clone());
    event.organization = listed.organization;
    activity::store::record(tx, &person.actor(), &event)?;
    Ok(listed)
}
