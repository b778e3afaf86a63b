//! The rows of employees: the only writer of this table.

use rusqlite::{Row, named_params, params};

use crate::access::model::{Reach, Scope};
use crate::access::roles_model::{Products, Role};
use crate::access::state_model::{AccountState, StoredState};
use crate::accounts::list_model::{From, PAGE, Part, Place};
use crate::accounts::model::Account;
use crate::employees::model::{Employee, Filter, Known, Page, Whose};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::sees_further;

const EMPLOYEES: &str = concat!(
    "select a.id, a.partner, a.identity, a.organization, a.first_name, a.last_name, i.email, a.country_code, a.mobile_phone,
        a.state, a.since, a.invited_until, a.set_up_at is not null, i.password_hash is not null, e.role, e.bcdr, e.endpoint_backup,
        a.last_sign_in_at, a.name_key, ",
    sees_further!("a.identity"),
    " from account a join employee e on e.account = a.id join identity i on i.id = a.identity
  where a.partner = :viewer and a.organization is null"
);

/// Who fits what is looked for. A partner's staff is no long list, so it is walked by name.
const FITS: &str = "(:query = '' or instr(a.search || ' ' || a.name_key, :query) > 0) and (:role is null or e.role = :role)";

/// One page of a partner's own staff, by last name, with the ways to the pages beside it.
pub fn page(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<Page> {
    let (condition, order, place) = match &filter.from {
        From::Start => ("1", "a.name_key, a.id", None),
        From::After(place) => ("(a.name_key, a.id) > (:key, :id)", "a.name_key, a.id", Some(place)),
        From::Before(place) => ("(a.name_key, a.id) < (:key, :id)", "a.name_key desc, a.id desc", Some(place)),
    };
    let query = text::key(&filter.query);
    let rows = db.all(
        &format!("{EMPLOYEES} and {FITS} and {condition} and :key is :key and :id is :id order by {order} limit :limit"),
        scope
            .bind(named_params! {
                ":query": query, ":role": filter.role, ":limit": i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
                ":key": place.map(|place| place.key.as_str()), ":id": place.map(|place| place.account)
            })
            .as_slice(),
        |row| Ok((read(row, db.now())?, Place { key: row.get(18)?, account: row.get(0)? })),
    )?;
    let found = db.one(
        &format!(
            "select count(*) from account a join employee e on e.account = a.id
              where a.partner = :viewer and a.organization is null and {FITS}"
        ),
        named_params! { ":viewer": scope.viewer(), ":query": query, ":role": filter.role },
        |row| row.get(0),
    )?;
    Ok(Page { part: Part::cut(rows, &filter.from), found })
}

/// One of a partner's own staff; `NotFound` for anybody else, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, account: AccountId) -> Result<Employee> {
    db.one(&format!("{EMPLOYEES} and a.id = :account"), scope.bind(&[(":account", &account)]).as_slice(), |row| read(row, db.now()))
}

/// Those who may sign in now, by last name: to one of them the primary account can be handed over (ACC-14).
pub fn active(db: &impl Read, scope: &Scope) -> Result<Vec<Employee>> {
    let sql = format!("{EMPLOYEES} and a.state = 'active' order by a.name_key, a.id");
    db.all(&sql, scope.bind(&[]).as_slice(), |row| read(row, db.now()))
}

/// Those who never set their account up, whether or not their time is over.
pub fn not_set_up(db: &impl Read, scope: &Scope) -> Result<Vec<Employee>> {
    db.all(
        &format!("{EMPLOYEES} and a.state in ('invited', 'deactivated') and a.set_up_at is null order by a.name_key, a.id"),
        scope.bind(&[]).as_slice(),
        |row| read(row, db.now()),
    )
}

/// Active ones who have no second factor, which all must have (ACC-7): so many at most.
pub fn without_factor(db: &impl Read, scope: &Scope, at_most: i64) -> Result<Vec<Employee>> {
    db.all(
        &format!("{EMPLOYEES} and a.state = 'active' and a.factor_due = 1 order by a.id limit :most"),
        scope.bind(&[(":most", &at_most)]).as_slice(),
        |row| read(row, db.now()),
    )
}

fn read(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<Employee> {
    let (stored, since, until, set_up): (StoredState, Timestamp, Option<Timestamp>, bool) =
        (row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?);
    Ok(Employee {
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
        role: row.get(14)?,
        products: Products { bcdr: row.get(15)?, endpoint_backup: row.get(16)? },
        last_sign_in: row.get(17)?,
        further: row.get(19)?,
    })
}

/// SEC-4: everybody with an account, of one partner if its Partner ID is given: the staff first, and organizations' users if asked for.
pub fn known(db: &impl Read, public_id: Option<&str>, whose: Whose) -> Result<Vec<Known>> {
    db.all(
        "select i.email, a.first_name || ' ' || a.last_name, e.role, a.state, a.since, a.invited_until, a.set_up_at is not null,
                a.last_sign_in_at, p.name, p.public_id, o.name
           from account a join identity i on i.id = a.identity join partner p on p.id = a.partner
           left join employee e on e.account = a.id left join organization o on o.id = a.organization
          where (?1 is null or p.public_id = ?1) and (?2 or a.organization is null)
          order by p.parent is not null, p.name_key, p.id, a.organization is not null, o.name_key, a.name_key, a.id",
        params![public_id, whose == Whose::Everybody],
        |row| {
            Ok(Known {
                email: row.get(0)?,
                name: row.get(1)?,
                role: row.get(2)?,
                state: AccountState::at(row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, db.now()),
                last_sign_in: row.get(7)?,
                partner: row.get(8)?,
                partner_id: row.get(9)?,
                organization: row.get(10)?,
            })
        },
    )
}

/// Makes an account an employee's.
pub fn insert(tx: &Tx<'_>, account: AccountId, partner: PartnerId, role: Role, products: Products) -> Result<()> {
    tx.change_one(
        "insert into employee (account, partner, role, bcdr, endpoint_backup) values (?1, ?2, ?3, ?4, ?5)",
        params![account, partner, role, products.bcdr, products.endpoint_backup],
    )
}

/// Changes role and products.
pub fn save_role(tx: &Tx<'_>, account: AccountId, role: Role, products: Products) -> Result<()> {
    tx.change_one(
        "update employee set role = ?2, bcdr = ?3, endpoint_backup = ?4 where account = ?1",
        params![account, role, products.bcdr, products.endpoint_backup],
    )
}

/// Removes one employee's row; the account itself goes by `accounts::actions::remove`.
pub fn remove(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    tx.change_one("delete from employee where account = ?1", [account])
}

/// EMP-4: whether access groups limit an employee; to what, the groups say.
pub fn save_limit(tx: &Tx<'_>, account: AccountId, limited: Reach) -> Result<()> {
    tx.change_one("update employee set limited = ?2 where account = ?1", (account, limited == Reach::Groups))
}

/// The role of an account, if it is an employee's.
pub fn role(db: &impl Read, account: AccountId) -> Result<Option<Role>> {
    db.maybe("select role from employee where account = ?1", [account], |row| row.get(0))
}

/// The partner's primary account, once it has one.
pub fn primary_account(db: &impl Read, partner: PartnerId) -> Result<Option<AccountId>> {
    db.maybe("select account from employee where partner = ?1 and role = 'primary_account'", [partner], |row| row.get(0))
}
