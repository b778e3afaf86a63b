//! The rows that make an account an organization user's: the only writer of this table.

use rusqlite::{Row, named_params, params};

use crate::access::model::Scope;
use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::access::state_model::{AccountState, StoredState};
use crate::accounts::list_model::{From, PAGE, Part, Place};
use crate::accounts::model::Account;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, ImportId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;
use crate::not_over;
use crate::organizations::model::Organization;
use crate::sees_further;
use crate::subscriptions::model::over_since;
use crate::users::model::{FullAdministrator, NewUser, Page, Standing, User};
use crate::users::support_model::Support;
use crate::users::support_store;

const USERS: &str = concat!(
    "select a.id, a.partner, a.identity, a.organization, a.first_name, a.last_name, i.email, a.country_code, a.mobile_phone,
        a.state, a.since, a.invited_until, a.set_up_at is not null, i.password_hash is not null, u.access, u.endpoint_access,
        (select e.role from account x join employee e on e.account = x.id where x.identity = a.identity), a.name_key, ",
    sees_further!("a.identity"),
    ", u.owner, u.full_administrator, s.given_by, s.given_at, s.confirmed_by, s.confirmed_at
   from organization_listing l
   join account a on a.organization = l.organization
   join organization_user u on u.account = a.id
   join identity i on i.id = a.identity
   left join support_authorization s on s.account = a.id
  where l.viewer = :viewer and l.organization = :organization and ",
    not_over!("l"),
    " and ",
    in_sight!("l.organization")
);

/// Every user of an organization inside the scope, by last name; nothing for any other organization.
pub fn list(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Vec<User>> {
    db.all(
        &format!("{USERS} order by a.name_key, a.id"),
        scope.bind(&[(":organization", &organization), (":over", &over_since(db.now()))]).as_slice(),
        |row| read(row, db.now()),
    )
}

/// One page of an organization's users, by last name, with the ways to the pages beside it.
pub fn page(db: &impl Read, scope: &Scope, organization: OrganizationId, from: &From) -> Result<Page> {
    let (condition, order, place) = match from {
        From::Start => ("1", "a.name_key, a.id", None),
        From::After(place) => ("(a.name_key, a.id) > (:key, :id)", "a.name_key, a.id", Some(place)),
        From::Before(place) => ("(a.name_key, a.id) < (:key, :id)", "a.name_key desc, a.id desc", Some(place)),
    };
    let rows = db.all(
        &format!("{USERS} and {condition} and :key is :key and :id is :id order by {order} limit :limit"),
        scope
            .bind(named_params! {
                ":organization": organization, ":over": over_since(db.now()), ":limit": i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
                ":key": place.map(|place| place.key.as_str()), ":id": place.map(|place| place.account)
            })
            .as_slice(),
        |row| Ok((read(row, db.now())?, Place { key: row.get(17)?, account: row.get(0)? })),
    )?;
    let (total, not_invited) = counts(db, scope, organization)?;
    Ok(Page { part: Part::cut(rows, from), total, not_invited })
}

/// How many users an organization has, and how many of them wait for their first letter.
fn counts(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<(i64, i64)> {
    db.one(
        concat!(
            "select count(*), coalesce(sum(a.state = 'not_invited'), 0)
               from organization_listing l join account a on a.organization = l.organization
              where l.viewer = :viewer and l.organization = :organization and ",
            not_over!("l"),
            " and ",
            in_sight!("l.organization")
        ),
        scope.bind(&[(":organization", &organization), (":over", &over_since(db.now()))]).as_slice(),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// One user of an organization inside the scope; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, organization: OrganizationId, account: AccountId) -> Result<User> {
    db.one(
        &format!("{USERS} and a.id = :account"),
        scope.bind(&[(":organization", &organization), (":over", &over_since(db.now())), (":account", &account)]).as_slice(),
        |row| read(row, db.now()),
    )
}

fn read(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<User> {
    let (stored, since, until, set_up): (StoredState, Timestamp, Option<Timestamp>, bool) =
        (row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?);
    Ok(User {
        account: Account {
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
        },
        access: row.get(14)?,
        endpoint_access: row.get(15)?,
        staff_role: row.get(16)?,
        further: row.get(18)?,
        owner: row.get(19)?,
        full_administrator: FullAdministrator::of(row.get(20)?),
        support: Support::of(row.get::<_, Option<String>>(21)?.zip(row.get(22)?), row.get::<_, Option<String>>(23)?.zip(row.get(24)?)),
    })
}

/// Those of an organization's users who wait for their first letter (IMP-4).
pub fn not_invited(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Vec<User>> {
    db.all(
        &format!("{USERS} and a.state = 'not_invited' order by a.name_key, a.id"),
        scope.bind(&[(":organization", &organization), (":over", &over_since(db.now()))]).as_slice(),
        |row| read(row, db.now()),
    )
}

/// USR-3: who of an organization has Endpoint Backup access, other than `but`: name and e-mail.
pub fn endpoint_user(db: &impl Read, organization: OrganizationId, but: Option<AccountId>) -> Result<Option<(String, String)>> {
    db.maybe(
        "select a.first_name || ' ' || a.last_name, i.email
           from organization_user u join account a on a.id = u.account join identity i on i.id = a.identity
          where u.organization = ?1 and u.endpoint_access = 'file_restores' and u.account is not ?2",
        (organization, but),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The two levels of an account, if it is an organization user's.
pub fn access(db: &impl Read, account: AccountId) -> Result<Option<(OrganizationAccess, EndpointAccess)>> {
    db.maybe("select access, endpoint_access from organization_user where account = ?1", [account], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What an account's person signs in with.
pub fn identity_of(db: &impl Read, account: AccountId) -> Result<Option<IdentityId>> {
    db.maybe("select identity from account where id = ?1", [account], |row| row.get(0))
}

/// Makes an account an organization user's.
pub fn insert(tx: &Tx<'_>, account: AccountId, organization: &Organization, user: &NewUser, standing: Standing) -> Result<()> {
    tx.change_one(
        "insert into organization_user (account, partner, organization, access, endpoint_access, owner, full_administrator)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            account,
            organization.partner,
            organization.id,
            user.access,
            user.endpoint_access,
            standing == Standing::Owner,
            user.full_administrator == FullAdministrator::Yes
        ],
    )
}

/// SUB-8: what there is already of an organization's contact: its Owner, or a user with this e-mail.
pub fn has_owner_or(db: &impl Read, organization: OrganizationId, email_key: &str) -> Result<bool> {
    db.one(
        "select exists (select 1 from organization_user u join account a on a.id = u.account join identity i on i.id = a.identity
                         where u.organization = ?1 and (u.owner = 1 or i.email_key = ?2))",
        (organization, email_key),
        |row| row.get(0),
    )
}

/// The Owners of an organization, as account and identity.
pub fn owners(db: &impl Read, organization: OrganizationId) -> Result<Vec<(AccountId, IdentityId)>> {
    db.all(
        "select a.id, a.identity from organization_user u join account a on a.id = u.account where u.organization = ?1 and u.owner = 1 order by a.id",
        [organization],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Changes the two levels of access, and whether the user is a full administrator (PAR-3).
pub fn save_access(tx: &Tx<'_>, account: AccountId, wanted: &NewUser) -> Result<()> {
    tx.change_one(
        "update organization_user set access = ?2, endpoint_access = ?3, full_administrator = ?4 where account = ?1",
        (account, wanted.access, wanted.endpoint_access, wanted.full_administrator == FullAdministrator::Yes),
    )
}

/// Removes one user's row; the account itself goes by `accounts::actions::remove`.
pub fn remove(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    support_store::forget(tx, account)?;
    tx.change_one("delete from organization_user where account = ?1", [account])
}

/// Removes the rows of all users of an organization; how many. The accounts, sessions, links, letters and the rest of 24 hours for each
/// e-mail follow by `accounts::actions::remove_all_of`, which calls this.
pub fn remove_all(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    support_store::forget_all(tx, organization)?;
    tx.execute("delete from organization_user where organization = ?1", [organization])
}

/// Gives the new users of an import their places at their organizations.
pub fn add_imported(tx: &Tx<'_>, import: ImportId, partner: PartnerId) -> Result<usize> {
    tx.execute(
        "insert into organization_user (account, partner, organization, access, endpoint_access)
         select account, ?2, organization, access, endpoint_access from import_user where import = ?1 and verdict = 'new' order by account",
        params![import, partner],
    )
}

/// Changes the levels of access that an import found different; before new users come, and those taken away before those given, so
/// that Endpoint Backup access can pass from one user to another (USR-3).
pub fn change_imported(tx: &Tx<'_>, import: ImportId) -> Result<usize> {
    let mut changed = 0;
    for level in [EndpointAccess::NoAccess, EndpointAccess::FileRestores] {
        changed += tx.execute(
            "update organization_user as u set access = r.access, endpoint_access = r.endpoint_access
               from import_user r
              where r.import = ?1 and r.verdict = 'changed' and r.endpoint_access = ?2 and u.account = r.account",
            params![import, level],
        )?;
    }
    support_store::forget_imported(tx, import)?;
    Ok(changed)
}

/// PAR-3: whether this is an active Owner or full administrator, who may ask for their organization's transfer.
pub fn may_ask_transfer(db: &impl Read, account: AccountId) -> Result<bool> {
    db.one(
        "select exists (select 1 from organization_user u join account a on a.id = u.account
                         where u.account = ?1 and (u.owner = 1 or u.full_administrator = 1) and a.state = 'active')",
        [account],
        |row| row.get(0),
    )
}

/// PAR-6: a user of an organization that goes to another partner, which has authorized nobody for support.
pub fn move_to(tx: &Tx<'_>, account: AccountId, partner: PartnerId) -> Result<()> {
    support_store::forget(tx, account)?;
    tx.change_one("update organization_user set partner = ?2 where account = ?1", (account, partner))
}
