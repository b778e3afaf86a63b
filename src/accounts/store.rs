//! Identities, accounts and held e-mails; whoever removes an identity takes its links with it.

use rusqlite::{Row, named_params, params};

use crate::access::roles_model::Role;
use crate::access::stage_model::Demand;
use crate::access::state_model::{AccountState, EMAIL_HELD, StoredState};
use crate::accounts::model::{Account, Candidate, Choice, Details};
use crate::accounts::{browsers_store, links_store};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, IdentityId, ImportId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;

pub(super) const COLUMNS: &str =
    "a.id, a.partner, a.identity, a.organization, a.first_name, a.last_name, i.email, a.country_code, a.mobile_phone,
    a.state, a.since, a.invited_until, a.set_up_at is not null, i.password_hash is not null";

/// An account by itself, for those who already hold it: its owner, a link, the clock.
pub fn own(db: &impl Read, identity: IdentityId, account: AccountId) -> Result<Account> {
    db.one(
        &format!("select {COLUMNS} from account a join identity i on i.id = a.identity where a.id = ?1 and a.identity = ?2"),
        (account, identity),
        |row| read(row, db.now()),
    )
}

/// Every account of an identity.
pub fn of_identity(db: &impl Read, identity: IdentityId) -> Result<Vec<Account>> {
    db.all(
        &format!("select {COLUMNS} from account a join identity i on i.id = a.identity where a.identity = ?1 order by a.name_key, a.id"),
        [identity],
        |row| read(row, db.now()),
    )
}

/// The highest role among an identity's accounts, if any is an employee's (ACC-15).
pub fn highest_role(db: &impl Read, identity: IdentityId) -> Result<Option<Role>> {
    let roles =
        db.all("select e.role from account a join employee e on e.account = a.id where a.identity = ?1", [identity], |row| row.get(0))?;
    Ok(roles.into_iter().min())
}

/// The identity last used with this e-mail, at the partner of this slug if one is given; only one that has a password (ACC-11).
pub fn candidate(db: &impl Read, email_key: &str, slug: Option<&str>) -> Result<Option<Candidate>> {
    db.maybe(
        "select i.id, i.partner, i.email, i.password_hash, i.passcode_until from identity i join partner p on p.id = i.partner
          where i.email_key = ?1 and i.password_hash is not null and (?2 is null or p.slug = ?2)
          order by i.last_used_at desc, i.id limit 1",
        params![email_key, slug],
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

/// The accounts an identity may enter now, and those it may accept (ACC-15); not those of organizations that are not active.
pub fn choices(db: &impl Read, identity: IdentityId) -> Result<Vec<Choice>> {
    let all = db.all(
        "select a.id, a.first_name || ' ' || a.last_name, p.name, o.id, o.name, e.role, a.state, a.since, a.invited_until,
                a.set_up_at is not null, i.password_hash is not null,
                max(coalesce(a.last_sign_in_at, 0), coalesce(a.set_up_at, 0), coalesce(i.password_set_at, 0))
           from account a join identity i on i.id = a.identity join partner p on p.id = a.partner
           left join employee e on e.account = a.id
           left join organization o on o.id = a.organization
           left join subscription s on s.organization = a.organization
          where a.identity = ?1 and (a.organization is null or s.state = 'active')
          order by o.name_key, a.id",
        [identity],
        |row| {
            let (id, name): (Option<OrganizationId>, Option<String>) = (row.get(3)?, row.get(4)?);
            let choice = Choice {
                account: row.get(0)?,
                name: row.get(1)?,
                partner_name: row.get(2)?,
                organization: id.zip(name),
                role: row.get(5)?,
                state: AccountState::at(row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?, db.now()),
                came_at: row.get(11)?,
            };
            Ok((choice, row.get::<_, bool>(10)?))
        },
    )?;
    let offered = |(choice, has_password): &(Choice, bool)| match choice.state {
        AccountState::Active { .. } => true,
        AccountState::Invited { .. } => *has_password,
        AccountState::NotInvited | AccountState::Lapsed { .. } | AccountState::Deactivated { .. } => false,
    };
    Ok(all.into_iter().filter(offered).map(|(choice, _)| choice).collect())
}

pub(super) fn read(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<Account> {
    let (stored, since, until, set_up): (StoredState, Timestamp, Option<Timestamp>, bool) =
        (row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?);
    Ok(Account {
        id: row.get(0)?,
        partner: row.get(1)?,
        identity: row.get(2)?,
        organization: row.get(3)?,
        first_name: row.get(4)?,
        last_name: row.get(5)?,
        email: row.get(6)?,
        country_code: row.get(7)?,
        mobile_phone: row.get(8)?,
        state: AccountState::at(stored, since, until, set_up, now),
        has_password: row.get(13)?,
        set_up,
    })
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

/// The sentence of ACC-6, with the moment in UTC.
pub fn held_sentence(until: Timestamp) -> String {
    let at = crate::kernel::time::Zone::utc().exact(until);
    format!("This e-mail belonged to an account that was removed. It can be used again from {at}.")
}

/// Until when an e-mail rests at a partner, if it does (ACC-6).
pub fn held_until(db: &Tx<'_>, partner: PartnerId, email_key: &str) -> Result<Option<Timestamp>> {
    let hash = email_hash(db, partner, email_key);
    db.maybe(
        "select until from held_email where partner = ?1 and email_hash = ?2 and until > ?3",
        params![partner, hash, db.now()],
        |row| row.get(0),
    )
}

fn email_hash(tx: &Tx<'_>, partner: PartnerId, email_key: &str) -> Vec<u8> {
    tx.vault().keyed_hash("held email", &[&partner.0.to_le_bytes(), email_key.as_bytes()])
}

/// Lets an e-mail rest for 24 hours at a partner (ACC-6).
pub fn hold_email(tx: &Tx<'_>, partner: PartnerId, email_key: &str) -> Result<()> {
    let hash = email_hash(tx, partner, email_key);
    tx.change_one(
        "insert into held_email (partner, email_hash, until) values (?1, ?2, ?3)
         on conflict (partner, email_hash) do update set until = excluded.until",
        params![partner, hash, tx.now() + EMAIL_HELD],
    )
}

/// Removes rests that are over; how many went.
pub fn prune_held_emails(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from held_email where until <= ?1", [tx.now()])
}

/// Makes an account, not yet invited. A second one of the same identity at the same place is refused.
pub fn create(
    tx: &Tx<'_>,
    partner: PartnerId,
    identity: IdentityId,
    organization: Option<OrganizationId>,
    details: &Details,
) -> Result<AccountId> {
    refuse_second_at_place(tx, identity, organization, &details.email)?;
    let id = AccountId(tx.tokens().id()?);
    tx.change_one(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, country_code, mobile_phone,
                              state, since, created_at, tags, search)
         values (:id, :partner, :identity, :organization, :first, :last, :key, :code, :phone, 'not_invited', :now, :now, :tags, :search)",
        named_params! {
            ":id": id, ":partner": partner, ":identity": identity, ":organization": organization,
            ":first": details.first_name.as_str(), ":last": details.last_name.as_str(), ":key": name_key(details),
            ":code": details.country_code, ":phone": details.mobile_phone, ":now": tx.now(),
            ":tags": tags(tx, partner)?, ":search": search_text(details),
        },
    )?;
    Ok(id)
}

/// The key people are sorted by: last name first.
pub fn name_key(details: &Details) -> String {
    text::key(&format!("{} {}", details.last_name.as_str(), details.first_name.as_str()))
}

/// What the search looks through.
pub fn search_text(details: &Details) -> String {
    text::key(&format!("{} {} {}", details.first_name.as_str(), details.last_name.as_str(), details.email.as_str()))
}

/// The search tags of a partner's rows: its own and its ancestors'.
pub fn tags(db: &impl Read, partner: PartnerId) -> Result<String> {
    let ancestors: Vec<i64> =
        db.all("select ancestor from partner_ancestor where partner = ?1 order by depth", [partner], |row| row.get(0))?;
    Ok(ancestors.into_iter().map(text::partner_tag).collect::<Vec<_>>().join(" "))
}

/// Changes name and phone of an account.
pub fn save_details(tx: &Tx<'_>, account: &Account, details: &Details) -> Result<()> {
    tx.change_one(
        "update account set first_name = ?2, last_name = ?3, name_key = ?4, country_code = ?5, mobile_phone = ?6, search = ?7 where id = ?1",
        params![
            account.id, details.first_name.as_str(), details.last_name.as_str(), name_key(details), details.country_code,
            details.mobile_phone, search_text(details)
        ],
    )
}

/// Points an account at another identity, after its e-mail was changed: it was never set up by that one, and its links are void. The
/// old identity goes when nothing is left of it. A second account of one identity at the same place is refused.
pub fn move_to_identity(tx: &Tx<'_>, account: &Account, identity: IdentityId, email: &text::Email) -> Result<()> {
    refuse_second_at_place(tx, identity, account.organization, email)?;
    tx.execute("delete from link where account = ?1", [account.id])?;
    tx.change_one(
        "update account set identity = ?2, set_up_at = null where id = ?1 and identity = ?3",
        (account.id, identity, account.identity),
    )?;
    remove_identity_if_unused(tx, account.identity)
}

fn refuse_second_at_place(tx: &Tx<'_>, identity: IdentityId, organization: Option<OrganizationId>, email: &text::Email) -> Result<()> {
    let there: i64 =
        tx.one("select count(*) from account where identity = ?1 and organization is ?2", (identity, organization), |row| row.get(0))?;
    if there > 0 {
        let place = if organization.is_some() { "a user of this organization" } else { "on your staff" };
        return Err(Error::field("email", format!("{email} is already {place}.")));
    }
    Ok(())
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

/// Moves an account's state, whatever it was before; `until` for an invitation.
pub fn save_state(tx: &Tx<'_>, account: AccountId, state: StoredState, until: Option<Timestamp>) -> Result<()> {
    tx.change_one(
        "update account set state = ?2, since = ?3, invited_until = ?4,
                set_up_at = case when ?2 = 'active' then coalesce(set_up_at, ?3) else set_up_at end
          where id = ?1",
        params![account, state, tx.now(), until],
    )
}

/// ACC-2: the account is active. It keeps its seven days, and is not set up, while it must have a second factor and has none; the primary
/// account, which never lapses, has no such time.
pub fn activate(tx: &Tx<'_>, account: AccountId, demand: Demand) -> Result<()> {
    let owes = "select a.factor_due = 1 and a.invited_until is not null
                       and not exists (select 1 from employee e where e.account = a.id and e.role = 'primary_account')
                  from account a where a.id = ?1";
    if demand == Demand::Optional || !tx.one(owes, [account], |row| row.get(0))? {
        return save_state(tx, account, StoredState::Active, None);
    }
    tx.change_one("update account set state = 'active', since = ?2 where id = ?1", (account, tx.now()))
}

/// ACC-2: a second factor is there, or no longer asked for: what waited for nothing else is set up.
fn finish_set_up(tx: &Tx<'_>, whose: &str, id: i64) -> Result<()> {
    tx.execute(
        &format!(
            "update account set invited_until = null, set_up_at = coalesce(set_up_at, ?2)
              where {whose} = ?1 and state = 'active' and invited_until > ?2"
        ),
        (id, tx.now()),
    )?;
    Ok(())
}

/// ACC-14: an account that becomes the primary one never lapses.
pub fn never_lapse(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    finish_set_up(tx, "id", account.0)
}

/// ORG-9: an organization asks for no second factor any more.
pub fn ask_no_factor(tx: &Tx<'_>, organization: OrganizationId) -> Result<()> {
    finish_set_up(tx, "organization", organization.0)
}

/// Writes down as deactivated what lapsed before now (ACC-3), in order of its moment; who they were.
pub fn lapse_due(tx: &Tx<'_>, at_most: i64) -> Result<Vec<Account>> {
    let first = |state: &str| {
        format!(
            "select * from (select a.id from account a where a.state = '{state}' and a.invited_until <= ?1
                and not exists (select 1 from employee e where e.account = a.id and e.role = 'primary_account')
              order by a.invited_until, a.id limit ?2)"
        )
    };
    let due = tx.all(
        &format!(
            "select {COLUMNS} from account a join identity i on i.id = a.identity
              where a.id in ({} union all {}) order by a.invited_until, a.id limit ?2",
            first("invited"),
            first("active")
        ),
        (tx.now(), at_most),
        |row| read(row, tx.now()),
    )?;
    for account in &due {
        tx.change_one(
            "update account set state = 'deactivated', since = invited_until where id = ?1 and state in ('invited', 'active')",
            [account.id],
        )?;
        links_store::void_of_account(tx, account.id)?;
    }
    Ok(due)
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

/// Voids every unspent link and passcode, and forgets who asked for one; how many links there were (OPS-1).
pub fn void_all_links(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from reset_request", [])?;
    tx.execute("update identity set passcode_until = 0 where passcode_until is not null", [])?;
    tx.execute("update link set spent_at = ?1 where spent_at is null", [tx.now()])
}

/// Forgets which e-mails rest, once the key of their hashes is lost (OPS-1).
pub fn forget_held_emails(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from held_email", [])
}

/// Removes an account and whatever hangs on it alone; the e-mail rests for 24 hours (ACC-6). The caller has removed the row of
/// its own slice (`organization_user`, `employee`) and the account's letters.
pub fn remove(tx: &Tx<'_>, account: &Account) -> Result<()> {
    hold_email(tx, account.partner, &text::key(&account.email))?;
    tx.execute("delete from link where account = ?1", [account.id])?;
    tx.change_one("delete from account where id = ?1", [account.id])?;
    remove_identity_if_unused(tx, account.identity)
}

/// Removes an organization's accounts and whatever hangs on them alone; each e-mail rests for 24 hours (ACC-6, ORG-8). Their rows in
/// `organization_user`, their sessions and their letters are gone already.
pub fn remove_all_of(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    let accounts: Vec<(IdentityId, PartnerId, String)> = tx.all(
        "select a.identity, a.partner, i.email_key from account a join identity i on i.id = a.identity where a.organization = ?1",
        [organization],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    tx.execute("delete from link where account in (select id from account where organization = ?1)", [organization])?;
    tx.execute("delete from account where organization = ?1", [organization])?;
    for (identity, partner, email_key) in &accounts {
        hold_email(tx, *partner, email_key)?;
        remove_identity_if_unused(tx, *identity)?;
    }
    Ok(accounts.len())
}

/// Whether an account may be entered now: active, and its organization, if it is at one, active as well (ACC-5, SUB-2, SUB-3).
pub fn may_enter(db: &impl Read, account: AccountId) -> Result<bool> {
    db.one(
        "select a.state = 'active' and (a.organization is null or coalesce(s.state, '') = 'active')
           from account a left join subscription s on s.organization = a.organization where a.id = ?1",
        [account],
        |row| row.get(0),
    )
}

fn remove_identity_if_unused(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    let left: i64 = tx.one("select count(*) from account where identity = ?1", [identity], |row| row.get(0))?;
    if left == 0 {
        tx.execute("delete from link where identity = ?1", [identity])?;
        browsers_store::forget_of(tx, identity)?;
        tx.execute("delete from identity where id = ?1", [identity])?;
    }
    Ok(())
}

/// Moves the new users of an import in, not invited (IMP-4), with identities for e-mails that had none. Their places at the
/// organizations follow by `users::store::add_imported`.
pub fn add_imported(tx: &Tx<'_>, import: ImportId, partner: PartnerId) -> Result<usize> {
    tx.execute(
        "insert into identity (id, partner, email, email_key, created_at)
         select identity, ?2, email, email_key, ?3 from import_user where import = ?1 and new_identity = 1 order by identity",
        params![import, partner, tx.now()],
    )?;
    tx.execute(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, country_code, mobile_phone,
                              state, since, created_at, tags, search)
         select account, ?2, identity, organization, first_name, last_name, name_key, country_code, mobile_phone,
                'not_invited', ?3, ?3, ?4, search
           from import_user where import = ?1 and verdict = 'new' order by account",
        params![import, partner, tx.now(), tags(tx, partner)?],
    )
}

/// Changes names and phones of the accounts that an import found different.
pub fn change_imported(tx: &Tx<'_>, import: ImportId) -> Result<usize> {
    tx.execute(
        "update account as a
            set first_name = r.first_name, last_name = r.last_name, name_key = r.name_key, country_code = r.country_code,
                mobile_phone = r.mobile_phone, search = r.search
           from import_user r where r.import = ?1 and r.verdict = 'changed' and a.id = r.account",
        [import],
    )
}

/// Puts up to `limit` new users of an import beyond the account `after` into the search index, before they are moved in; the trigger
/// leaves them alone then. The last account, or nothing when there is none left.
pub fn index_ahead(tx: &Tx<'_>, import: ImportId, partner: PartnerId, after: i64, limit: i64) -> Result<Option<i64>> {
    let last = tx.one(
        "select max(account) from (select account from import_user
          where import = ?1 and verdict = 'new' and account > ?2 order by account limit ?3)",
        params![import, after, limit],
        |row| row.get(0),
    )?;
    tx.execute(
        "insert into account_search (rowid, tags, search)
         select account, ?4, search from import_user
          where import = ?1 and verdict = 'new' and account > ?2 and account <= ?3 order by account",
        params![import, after, last, tags(tx, partner)?],
    )?;
    Ok(last)
}

/// Takes out of the search index what `index_ahead` put there up to the account `up_to`, for an import that is not carried out: up to
/// `limit` rows from the end. The account up to which rows are still there.
pub fn unindex(tx: &Tx<'_>, import: ImportId, partner: PartnerId, up_to: i64, limit: i64) -> Result<i64> {
    let first: Option<i64> = tx.one(
        "select min(account) from (select account from import_user
          where import = ?1 and verdict = 'new' and account <= ?2 order by account desc limit ?3)",
        params![import, up_to, limit],
        |row| row.get(0),
    )?;
    tx.execute(
        "insert into account_search (account_search, rowid, tags, search)
         select 'delete', account, ?4, search from import_user
          where import = ?1 and verdict = 'new' and account >= ?2 and account <= ?3",
        params![import, first, up_to, tags(tx, partner)?],
    )?;
    Ok(first.map_or(0, |first| first - 1))
}
