//! Accounts and their states. What people sign in with is in `identities_store.rs`.

use rusqlite::{Row, named_params, params};

use crate::access::roles_model::Role;
use crate::access::stage_model::Demand;
use crate::access::state_model::{AccountState, StoredState};
use crate::accounts::held_store::hold_email;
use crate::accounts::identities_store::remove_identity_if_unused;
use crate::accounts::links_store;
use crate::accounts::model::{Account, Choice, Details};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId};
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

/// EMP-4: whether access groups limit anybody on a partner's staff.
pub fn any_limited(db: &impl Read, partner: PartnerId) -> Result<bool> {
    db.one("select exists (select 1 from employee where partner = ?1 and limited = 1)", [partner], |row| row.get(0))
}

/// The highest role among an identity's accounts, if any is an employee's (ACC-15).
pub fn highest_role(db: &impl Read, identity: IdentityId) -> Result<Option<Role>> {
    let roles =
        db.all("select e.role from account a join employee e on e.account = a.id where a.identity = ?1", [identity], |row| row.get(0))?;
    Ok(roles.into_iter().min())
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
pub(super) fn finish_set_up(tx: &Tx<'_>, whose: &str, id: i64) -> Result<()> {
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

/// The search index of accounts.
pub const INDEX: &str = "account_search";

/// Joins pieces of the search index, about so many pages; whether there were any to join.
pub fn join_index(tx: &Tx<'_>, pages: i64) -> Result<bool> {
    tx.join_index(INDEX, pages)
}
