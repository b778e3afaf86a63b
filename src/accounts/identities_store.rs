//! What people sign in with: e-mails, passwords, one-time passcodes, and how they like their pages.

use rusqlite::{Row, params};

use crate::accounts::browsers_store;
use crate::accounts::held_store::{held_sentence, held_until};
use crate::accounts::model::{Account, Candidate};
use crate::accounts::store::finish_set_up;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, IdentityId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::settings::local_model::LocalView;

/// The identity last used with this e-mail, at the partner of this slug if one is given; only one that has a password (ACC-11). One that was
/// signed in to from this browser comes first: another partner can make an identity of the same e-mail and use it, which must not stand
/// in the owner's way.
pub fn candidate(db: &impl Read, email_key: &str, slug: Option<&str>, browser: &[u8]) -> Result<Option<Candidate>> {
    db.maybe(
        "select i.id, i.partner, i.email, i.password_hash, i.passcode_until from identity i join partner p on p.id = i.partner
          where i.email_key = ?1 and i.password_hash is not null and (?2 is null or p.slug = ?2)
          order by exists (select 1 from known_browser b where b.identity = i.id and b.token_hash = ?3) desc, i.last_used_at desc, i.id
          limit 1",
        params![email_key, slug, browser],
        read_candidate,
    )
}

/// What an identity's password is checked against when its owner gives it again.
pub fn candidate_again(db: &impl Read, identity: IdentityId) -> Result<Option<Candidate>> {
    db.maybe(
        "select id, partner, email, password_hash, passcode_until from identity where id = ?1 and password_hash is not null",
        [identity],
        read_candidate,
    )
}

fn read_candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        identity: row.get(0)?,
        partner: row.get(1)?,
        email: row.get(2)?,
        password_hash: row.get(3)?,
        passcode_until: row.get(4)?,
    })
}

/// Every identity with this e-mail, at the partner of this public ID if one is given: for the operator of the machine.
pub fn identities(db: &impl Read, email_key: &str, public_id: Option<&str>) -> Result<Vec<(IdentityId, PartnerId)>> {
    db.all(
        "select i.id, i.partner from identity i join partner p on p.id = i.partner
          where i.email_key = ?1 and (?2 is null or p.public_id = ?2) order by i.id",
        params![email_key, public_id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The identity with this e-mail at the partner, made if there is none. A held e-mail is refused with the moment it is free (ACC-6).
pub fn identity_for(tx: &Tx<'_>, partner: PartnerId, email: &text::Email) -> Result<IdentityId> {
    if let Some(until) = held_until(tx, partner, &email.key())? {
        return Err(Error::field("email", held_sentence(until)));
    }
    let found =
        tx.maybe("select id from identity where partner = ?1 and email_key = ?2", params![partner, email.key()], |row| row.get(0))?;
    if let Some(identity) = found {
        return Ok(identity);
    }
    let identity = IdentityId(tx.tokens().id()?);
    tx.change_one(
        "insert into identity (id, partner, email, email_key, created_at) values (?1, ?2, ?3, ?4, ?5)",
        params![identity, partner, email.as_str(), email.key(), tx.now()],
    )?;
    Ok(identity)
}

/// Gives an identity another e-mail; `false`, and nothing done, if the partner has an identity with that e-mail already. A held
/// e-mail is refused (ACC-6), unless only its case changes. Links that were mailed to the old e-mail are void.
pub fn rename_identity(tx: &Tx<'_>, account: &Account, email: &text::Email) -> Result<bool> {
    if email.key() != text::key(&account.email)
        && let Some(until) = held_until(tx, account.partner, &email.key())?
    {
        return Err(Error::field("email", held_sentence(until)));
    }
    let changed = tx.execute(
        "update identity set email = ?2, email_key = ?3 where id = ?1
            and not exists (select 1 from identity o where o.partner = ?4 and o.email_key = ?3 and o.id <> ?1)",
        params![account.identity, email.as_str(), email.key(), account.partner],
    )?;
    if changed == 1 {
        tx.execute("update link set spent_at = ?2 where identity = ?1 and spent_at is null", (account.identity, tx.now()))?;
    }
    Ok(changed == 1)
}

/// Notes a sign-in.
pub fn note_sign_in(tx: &Tx<'_>, identity: IdentityId, account: Option<AccountId>) -> Result<()> {
    tx.change_one("update identity set last_used_at = ?2 where id = ?1", (identity, tx.now()))?;
    if let Some(account) = account {
        tx.change_one("update account set last_sign_in_at = ?2 where id = ?1", (account, tx.now()))?;
    }
    Ok(())
}

/// Sets an identity's password hash; every open link of it is void from now on, and so is a one-time passcode.
pub fn set_password(tx: &Tx<'_>, identity: IdentityId, hash: &str) -> Result<()> {
    tx.change_one(
        "update identity set password_hash = ?2, password_set_at = ?3, passcode_until = null where id = ?1",
        params![identity, hash, tx.now()],
    )?;
    void_links_of(tx, identity)
}

/// ACC-8: from now on this passcode stands in the password's place, once and until then; a new password and a new second factor are owed.
pub fn set_passcode(tx: &Tx<'_>, identity: IdentityId, hash: &str, until: Timestamp) -> Result<()> {
    tx.change_one(
        "update identity set password_hash = ?2, passcode_until = ?3, owes_factor = 1 where id = ?1",
        params![identity, hash, until],
    )?;
    void_links_of(tx, identity)
}

/// The passcode was used; the letter forgets it.
pub fn spend_passcode(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    tx.change_one("update identity set passcode_until = 0 where id = ?1 and passcode_until is not null", [identity])?;
    void_links_of(tx, identity)
}

/// ACC-7, ORG-9: whether any place of an identity demands a second factor, also one that is switched off now.
pub fn must_have_factor(db: &impl Read, identity: IdentityId) -> Result<bool> {
    db.one(
        "select exists (select 1 from account a left join organization o on o.id = a.organization
                         where a.identity = ?1 and coalesce(o.require_second_factor, 1) = 1)",
        [identity],
        |row| row.get(0),
    )
}

/// A second factor was set up: none is owed any more (ACC-2, ACC-8).
pub fn settle_factor(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    tx.change_one("update identity set owes_factor = 0 where id = ?1", [identity])?;
    finish_set_up(tx, "identity", identity.0)
}

fn void_links_of(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    tx.execute("update link set spent_at = ?2 where identity = ?1 and spent_at is null", (identity, tx.now()))?;
    Ok(())
}

/// Sets how an identity reads times and which theme it likes.
pub fn set_display(tx: &Tx<'_>, identity: IdentityId, time_zone: &str, theme: &str) -> Result<()> {
    tx.change_one("update identity set time_zone = ?2, theme = ?3 where id = ?1", params![identity, time_zone, theme])
}

/// BRA-3: how an identity sees devices.
pub fn local_view(db: &impl Read, identity: IdentityId) -> Result<LocalView> {
    db.one(
        "select devices_by, storage_as, backup_warn_hours, backup_fail_hours, devices_per_page from identity where id = ?1",
        [identity],
        |row| {
            Ok(LocalView {
                sort: row.get(0)?,
                storage: row.get(1)?,
                warn_hours: row.get(2)?,
                fail_hours: row.get(3)?,
                per_page: row.get(4)?,
            })
        },
    )
}

/// Sets how an identity sees devices.
pub fn set_local_view(tx: &Tx<'_>, identity: IdentityId, view: &LocalView) -> Result<()> {
    tx.change_one(
        "update identity set devices_by = ?2, storage_as = ?3, backup_warn_hours = ?4, backup_fail_hours = ?5, devices_per_page = ?6
          where id = ?1",
        params![identity, view.sort, view.storage, view.warn_hours, view.fail_hours, view.per_page],
    )
}

/// Voids every unspent link and passcode, and forgets who asked for one; how many links there were (OPS-1).
pub fn void_all_links(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from reset_request", [])?;
    tx.execute("update identity set passcode_until = 0 where passcode_until is not null", [])?;
    tx.execute("update link set spent_at = ?1 where spent_at is null", [tx.now()])
}

/// Removes an identity of which no account is left, and what hangs on it.
pub(super) fn remove_identity_if_unused(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    let left: i64 = tx.one("select count(*) from account where identity = ?1", [identity], |row| row.get(0))?;
    if left == 0 {
        tx.execute("delete from link where identity = ?1", [identity])?;
        browsers_store::forget_of(tx, identity)?;
        tx.execute("delete from identity where id = ?1", [identity])?;
    }
    Ok(())
}

/// The same for who moved the last account of an identity elsewhere.
pub fn remove_if_unused(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    remove_identity_if_unused(tx, identity)
}
