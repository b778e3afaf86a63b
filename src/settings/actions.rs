//! What one changes of one's own.

use crate::access::store as sessions;
use crate::access::witness_model::SignedIn;
use crate::accounts;
use crate::accounts::model::Candidate;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::SessionId;
use crate::settings::local_model::LocalView;
use crate::settings::model::Look;

/// How times are read and which theme is used; nothing is recorded when nothing changes.
pub fn set_display(tx: &Tx<'_>, by: &SignedIn, time_zone: &str, look: Look) -> Result<()> {
    let person = by.person();
    let changes: Vec<Change> =
        [Change::between("Time zone", person.time_zone.clone(), time_zone), Change::between("Theme", person.theme.clone(), look.word())]
            .into_iter()
            .flatten()
            .collect();
    if changes.is_empty() {
        return Ok(());
    }
    accounts::identities_store::set_display(tx, person.identity, time_zone, look.word())?;
    record(tx, by, Kind::DetailsChanged, "changed their own settings", changes)
}

/// BRA-3: how one sees devices, and which theme one likes; `false`, and nothing recorded, when nothing changes.
pub fn set_local_view(tx: &Tx<'_>, by: &SignedIn, view: &LocalView, theme: Look) -> Result<bool> {
    let (identity, person) = (by.person().identity, by.person());
    let mut changes = view.changes(&accounts::identities_store::local_view(tx, identity)?);
    changes.extend(Change::between("Theme", person.theme.clone(), theme.word()));
    if changes.is_empty() {
        return Ok(false);
    }
    accounts::identities_store::set_local_view(tx, identity, view)?;
    accounts::identities_store::set_display(tx, identity, &person.time_zone, theme.word())?;
    record(tx, by, Kind::DetailsChanged, "changed their own view of devices", changes)?;
    Ok(true)
}

/// ACC-13: a new password, its owner having proved the old one against `proved`. Every other session ends, and this one goes on under a
/// new token.
pub fn change_password(tx: &Tx<'_>, by: &SignedIn, proved: &Candidate, new_hash: &str, new_token_hash: &[u8]) -> Result<()> {
    let person = by.person();
    if accounts::identities_store::candidate_again(tx, person.identity)?.as_ref() != Some(proved) {
        return Err(Error::refused("The password was changed elsewhere at the same moment. Sign in again."));
    }
    accounts::identities_store::set_password(tx, person.identity, new_hash)?;
    sessions::end_other_sessions(tx, person.identity, Some(person.session))?;
    sessions::renew_session(tx, person.session, new_token_hash)?;
    record(tx, by, Kind::PasswordSet, "changed their own password", Vec::new())
}

/// ACC-13: ends another session of one's own. `NotFound` for anybody else's; one's current session ends by signing out.
pub fn end_session(tx: &Tx<'_>, by: &SignedIn, session: SessionId) -> Result<()> {
    let person = by.person();
    if session == person.session {
        return Err(Error::refused("This is the session you are using. Sign out to end it."));
    }
    sessions::end_session(tx, person.identity, session)?;
    record(tx, by, Kind::SessionEnded, "ended another session of their own", Vec::new())
}

/// ACC-13: ends all others; how many there were.
pub fn end_other_sessions(tx: &Tx<'_>, by: &SignedIn) -> Result<usize> {
    let person = by.person();
    let ended = sessions::end_other_sessions(tx, person.identity, Some(person.session))?;
    if ended > 0 {
        record(tx, by, Kind::SessionEnded, "ended all other sessions of their own", Vec::new())?;
    }
    Ok(ended)
}

fn record(tx: &Tx<'_>, by: &SignedIn, kind: Kind, sentence: &str, changes: Vec<Change>) -> Result<()> {
    let person = by.person();
    let mut event = Event::new(kind, sentence).about("account", person.account.0, person.name.clone()).with(changes);
    event.organization = person.scope().only();
    activity::store::record(tx, &person.actor(), &event).map(drop)
}
