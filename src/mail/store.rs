//! The outbox's rows.

use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, LetterId, OrganizationId};
use crate::mail::model::{Letter, LetterState};

/// Writes a letter into the outbox, in the caller's transaction (MAI-1); its link sealed with the key file (MAI-3).
pub fn enqueue(tx: &Tx<'_>, letter: &Letter) -> Result<LetterId> {
    let id = LetterId(tx.tokens().id()?);
    let sealed = match &letter.link {
        Some((link, token)) => Some(tx.vault().seal("letter link", &link.0.to_le_bytes(), token.as_bytes(), tx.tokens())?),
        None => None,
    };
    tx.change_one(
        "insert into letter (id, partner, organization, account, identity, kind, to_name, to_email, subject, text, html, link, sealed_link,
                             state, next_attempt_at, created_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)",
        rusqlite::params![
            id,
            letter.partner,
            letter.organization,
            letter.account,
            letter.identity,
            letter.kind,
            letter.to_name,
            letter.to_email,
            letter.content.subject,
            letter.content.text,
            letter.content.html,
            letter.link.as_ref().map(|(link, _)| *link),
            sealed,
            LetterState::Queued,
            tx.now()
        ],
    )?;
    Ok(id)
}

/// Removes the letters of an account that is removed or becomes somebody else's (ORG-8).
pub fn remove_of_account(tx: &Tx<'_>, account: AccountId) -> Result<usize> {
    tx.execute("delete from letter where account = ?1", [account])
}

/// Removes the letters that concern an organization (ORG-8).
pub fn remove_of_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute("delete from letter where organization = ?1", [organization])
}
