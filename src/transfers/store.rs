//! The rows of transfers: the only writer of this table.

use rusqlite::{Row, named_params, params};

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId, TransferId};
use crate::kernel::time::Timestamp;
use crate::transfers::model::{LAPSES_AFTER, Side, State, Thing, Transfer, state_at};

const COLUMNS: &str =
    "t.id, t.partner, h.name, t.receiver, r.name, t.validator, v.name, t.receiver_id, t.organization, t.saas_account, t.name,
    t.asked_by, t.asked_at, t.state, t.validated_by, t.due_at, t.ended_by, t.ended_at, t.reason";
const TABLES: &str =
    "transfer t join partner h on h.id = t.partner left join partner r on r.id = t.receiver left join partner v on v.id = t.validator";
/// PAR-4: both sides and the validator see it.
const CONCERNED: &str = ":viewer in (t.partner, t.receiver, t.validator)";

/// A transfer that concerns this partner; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, viewer: PartnerId, transfer: TransferId) -> Result<Transfer> {
    db.one(
        &format!("select {COLUMNS} from {TABLES} where t.id = :transfer and {CONCERNED}"),
        named_params! { ":viewer": viewer, ":transfer": transfer },
        |row| read(row, db.now()),
    )
}

/// How many of a list's rows are shown at once.
pub const SHOWN: i64 = 100;

/// The transfers that concern a partner: open ones first, then the newest; `SHOWN` at most.
pub fn list(db: &impl Read, viewer: PartnerId) -> Result<Vec<Transfer>> {
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES}
              where t.id in (select id from transfer where partner = :viewer union select id from transfer where receiver = :viewer
                             union select id from transfer where validator = :viewer)
              order by t.state in ('waiting', 'validated') desc, t.asked_at desc, t.id limit :limit"
        ),
        named_params! { ":viewer": viewer, ":limit": SHOWN },
        |row| read(row, db.now()),
    )
}

/// HOM-1: those that wait for this partner to validate them, the next to lapse first and up to `limit`; how many there are.
pub fn waiting_for(db: &impl Read, validator: PartnerId, limit: i64) -> Result<(Vec<Transfer>, i64)> {
    const WAITING: &str = "t.validator = ?1 and t.state = 'waiting' and t.asked_at > ?2";
    let since = db.now() - LAPSES_AFTER;
    let first = db.all(
        &format!("select {COLUMNS} from {TABLES} where {WAITING} order by t.asked_at, t.id limit ?3"),
        (validator, since, limit),
        |row| read(row, db.now()),
    )?;
    let count = db.one(&format!("select count(*) from transfer t where {WAITING}"), (validator, since), |row| row.get(0))?;
    Ok((first, count))
}

/// The newest transfer of an organization or account by its holder, whatever became of it. The thing was found in scope by the caller.
pub fn newest_of(db: &impl Read, thing: Thing, holder: PartnerId) -> Result<Option<Transfer>> {
    let (organization, account) = parts(thing);
    db.maybe(
        &format!(
            "select {COLUMNS} from {TABLES} where t.organization is ?1 and t.saas_account is ?2 and t.partner = ?3
              order by t.state in ('waiting', 'validated') desc, t.asked_at desc, t.id desc limit 1"
        ),
        params![organization, account, holder],
        |row| read(row, db.now()),
    )
}

/// The open transfers of the SaaS accounts that are linked to an organization.
pub fn open_of_services(db: &impl Read, organization: OrganizationId) -> Result<Vec<Transfer>> {
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES} join saas_account a on a.id = t.saas_account
              where a.organization = ?1 and t.state in ('waiting', 'validated') order by t.id"
        ),
        [organization],
        |row| read(row, db.now()),
    )
}

const fn parts(thing: Thing) -> (Option<OrganizationId>, Option<SaasAccountId>) {
    match thing {
        Thing::Organization(id) => (Some(id), None),
        Thing::SaasAccount(id) => (None, Some(id)),
    }
}

fn read(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<Transfer> {
    let side = |id: usize| -> rusqlite::Result<Option<Side>> {
        let (partner, name): (Option<PartnerId>, Option<String>) = (row.get(id)?, row.get(id + 1)?);
        Ok(partner.zip(name).map(|(partner, name)| Side { partner, name }))
    };
    let thing = match row.get::<_, Option<OrganizationId>>(8)? {
        Some(organization) => Thing::Organization(organization),
        None => Thing::SaasAccount(row.get(9)?),
    };
    let asked_at = row.get(12)?;
    Ok(Transfer {
        id: row.get(0)?,
        holder: Side { partner: row.get(1)?, name: row.get(2)? },
        receiver: side(3)?,
        validator: side(5)?,
        receiver_id: row.get(7)?,
        thing,
        name: row.get(10)?,
        asked_by: row.get(11)?,
        asked_at,
        state: state_at(row.get(13)?, asked_at, now),
        validated_by: row.get(14)?,
        due_at: row.get(15)?,
        ended_by: row.get(16)?,
        ended_at: row.get(17)?,
        reason: row.get(18)?,
    })
}

/// A transfer to begin.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Whose the thing is.
    pub holder: PartnerId,
    /// Who would get it, if the Partner ID is one.
    pub receiver: Option<PartnerId>,
    /// What was entered.
    pub receiver_id: &'a str,
    /// What.
    pub thing: Thing,
    /// Its name.
    pub name: &'a str,
    /// By whom.
    pub by: &'a str,
}

/// Keeps what was asked for. Refused while another one of the same thing is open; what has lapsed by the clock was written down before
/// (`lapse_due`).
pub fn ask(tx: &Tx<'_>, asked: &Asked<'_>) -> Result<TransferId> {
    if newest_of(tx, asked.thing, asked.holder)?.is_some_and(|newest| newest.state.is_open()) {
        return Err(Error::refused(format!("A transfer of {} is under way already. Withdraw it first.", asked.name)));
    }
    let id = TransferId(tx.tokens().id()?);
    let (organization, account) = parts(asked.thing);
    let validator = match asked.receiver {
        Some(receiver) => Some(validator(tx, asked.holder, receiver)?),
        None => None,
    };
    tx.change_one(
        "insert into transfer (id, partner, receiver, validator, receiver_id, organization, saas_account, name, asked_by, asked_at, state)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'waiting')",
        params![id, asked.holder, asked.receiver, validator, asked.receiver_id, organization, account, asked.name, asked.by, tx.now()],
    )?;
    Ok(id)
}

/// PAR-4: the nearest common ancestor of both, or the receiver where that is one of the two: nobody is given what they have not agreed to, and
/// a partner beneath agrees to nothing in the name of the one above.
fn validator(db: &impl Read, holder: PartnerId, receiver: PartnerId) -> Result<PartnerId> {
    let nearest: PartnerId = db.one(
        "select a.ancestor from partner_ancestor a join partner_ancestor b on b.ancestor = a.ancestor
          where a.partner = ?1 and b.partner = ?2 order by a.depth limit 1",
        (holder, receiver),
        |row| row.get(0),
    )?;
    Ok(match nearest {
        one if one == holder => receiver,
        one => one,
    })
}

/// PAR-4: validates, and has the receiver keep the names free. `Conflict` if it is not waiting any more.
pub fn validate(tx: &Tx<'_>, transfer: TransferId, by: &str, due_at: Timestamp, names: (Option<&str>, Option<&str>)) -> Result<()> {
    tx.change_one(
        "update transfer set state = 'validated', validated_by = ?2, due_at = ?3, name_key = ?4, email_key = ?5 where id = ?1 and state = 'waiting'",
        params![transfer, by, due_at, names.0, names.1],
    )
}

/// Ends an open transfer. `Conflict` if it is over.
pub fn end(tx: &Tx<'_>, transfer: TransferId, state: State, by: &str, reason: Option<&str>) -> Result<()> {
    tx.change_one(
        "update transfer set state = ?2, ended_by = ?3, ended_at = ?4, reason = ?5 where id = ?1 and state in ('waiting', 'validated')",
        params![transfer, state, by, tx.now(), reason],
    )
}

/// ORG-8: ends the open transfer of an organization that is deleted, and forgets who asked for any of its transfers, and the words of
/// those who ended one.
pub fn forget_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<()> {
    tx.execute(
        "update transfer set state = 'refused', ended_by = 'Portico', ended_at = ?2, reason = 'It was deleted meanwhile.'
          where organization = ?1 and state in ('waiting', 'validated')",
        (organization, tx.now()),
    )?;
    tx.execute(
        "update transfer set asked_by = 'Somebody of the organization', name_key = null, email_key = null,
                reason = iif(ended_by = 'Portico', reason, null) where organization = ?1",
        [organization],
    )
    .map(drop)
}

/// Writes down what has lapsed, in the order of its moment; which they were.
pub fn lapse_due(tx: &Tx<'_>, at_most: i64) -> Result<Vec<Transfer>> {
    let due = tx.all(
        &format!("select {COLUMNS} from {TABLES} where t.state = 'waiting' and t.asked_at <= ?1 order by t.asked_at, t.id limit ?2"),
        (tx.now() - LAPSES_AFTER, at_most),
        |row| read(row, tx.now()),
    )?;
    for transfer in &due {
        tx.change_one(
            "update transfer set state = 'lapsed', ended_by = 'Portico', ended_at = ?2 where id = ?1 and state = 'waiting'",
            (transfer.id, transfer.asked_at + LAPSES_AFTER),
        )?;
    }
    Ok(due)
}

/// SUB-12: the transfers that are due first, up to so many.
pub fn due(tx: &Tx<'_>, at_most: i64) -> Result<Vec<Transfer>> {
    tx.all(
        &format!("select {COLUMNS} from {TABLES} where t.state = 'validated' and t.due_at <= ?1 order by t.due_at, t.id limit ?2"),
        (tx.now(), at_most),
        |row| read(row, tx.now()),
    )
}

/// PAR-6: whether the receiver holds one of the vendor's ids that would come: of the organization's SaaS accounts, or of the single one.
pub fn vendor_id_taken(db: &impl Read, receiver: PartnerId, thing: Thing) -> Result<bool> {
    let (organization, account) = parts(thing);
    db.one(
        "select exists (select 1 from saas_account a join saas_account b on b.partner = ?1 and b.vendor_id = a.vendor_id
                         where a.organization = ?2 or a.id = ?3)
             or exists (select 1 from organization a join organization b on b.partner = ?1 and b.vendor_id = a.vendor_id and b.deleted_at is null
                         where a.id = ?2)",
        params![receiver, organization, account],
        |row| row.get(0),
    )
}

/// What an organization's transfer is made of, counted: users, access groups it is in, API keys for it alone.
pub fn counted(db: &impl Read, organization: OrganizationId) -> Result<(i64, i64, i64)> {
    db.one(
        "select (select count(*) from organization_user where organization = ?1),
                (select count(*) from access_group_organization where organization = ?1),
                (select count(*) from api_key where organization = ?1)",
        [organization],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// The SaaS accounts that would come: name and domain.
pub fn services(db: &impl Read, organization: OrganizationId) -> Result<Vec<(SaasAccountId, String, String)>> {
    db.all("select id, name, domain from saas_account where organization = ?1 order by name_key, id", [organization], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}
