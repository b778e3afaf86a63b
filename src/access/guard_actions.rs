//! What a partner's security settings say to somebody who signs in (ACC-10, SEC-1, SEC-3).

use std::net::IpAddr;

use crate::access::actions::Attempt;
use crate::accounts::letters::{self, Between};
use crate::accounts::model::{Candidate, Choice};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PartnerId;
use crate::kernel::time::{Timestamp, Zone};
use crate::mail::model::{Letter, LetterKind};
use crate::security::model::{BrowserLetter, Closed};
use crate::{accounts, mail, partners, security};

/// The accounts that somebody who gave the password may enter or accept from here, and why another one of theirs is closed.
pub fn open_choices(tx: &Tx<'_>, candidate: &Candidate, address: IpAddr) -> Result<(Vec<Choice>, Option<Closed>)> {
    let settings = security::store::settings(tx, candidate.partner)?;
    let (mut open, mut closed) = (Vec::new(), None);
    for choice in accounts::store::choices(tx, candidate.identity)? {
        match settings.closed(choice.role, came_at(tx, &choice), tx.now(), address) {
            None => open.push(choice),
            why => closed = why,
        }
    }
    Ok((open, closed))
}

/// Who has an account still to accept has never been there.
fn came_at(tx: &Tx<'_>, choice: &Choice) -> Timestamp {
    if choice.state.is_active() { choice.came_at } else { tx.now() }
}

/// Refuses an account that is offered but may not be entered from here, or not before the password was reset.
pub fn refuse_closed(tx: &Tx<'_>, partner: PartnerId, choice: &Choice, address: IpAddr) -> Result<()> {
    match security::store::settings(tx, partner)?.closed(choice.role, came_at(tx, choice), tx.now(), address) {
        None => Ok(()),
        Some(Closed::Address) => {
            Err(Error::refused(format!("{} lets its employees in from certain addresses only, and this is none.", choice.partner_name)))
        }
        Some(Closed::Inactive { days }) => Err(Error::refused(inactive(days))),
    }
}

/// ACC-10, for a person who gave the right password.
pub fn inactive(days: i64) -> String {
    format!("You have not signed in for {days} days or more. Choose Forgot password: with the new password you can come back.")
}

/// SEC-1: remembers the browser; if it was not known and the partner wants that, a letter about it goes to the person.
pub fn greet_browser(tx: &Tx<'_>, attempt: &Attempt<'_>, candidate: &Candidate, choice: Option<&Choice>) -> Result<()> {
    let known = accounts::browsers_store::greet(tx, candidate.partner, candidate.identity, attempt.browser_token)?;
    let Some(choice) = choice.filter(|_| !known) else { return Ok(()) };
    if security::store::settings(tx, candidate.partner)?.browser_letter == BrowserLetter::Skip {
        return Ok(());
    }
    let partner = partners::store::signature(tx, candidate.partner)?;
    let now = Zone::utc().exact(tx.now());
    let between =
        Between { name: &choice.name, partner: &partner.name, slug: &partner.slug, organization: None, until: &now, sees_status: false };
    let letter = Letter {
        partner: candidate.partner,
        organization: choice.organization.as_ref().map(|(id, _)| *id),
        account: Some(choice.account),
        identity: Some(candidate.identity),
        kind: LetterKind::Notice,
        to_name: choice.name.clone(),
        to_email: candidate.email.clone(),
        content: letters::new_browser(between, attempt.browser, &attempt.address.to_string()),
        link: None,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}
