//! The rows of seats: the only writer of this table.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Row, named_params, params};

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId, SeatId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::seats::changes_model::{Action, KEPT, data_until, is_billed};
use crate::seats::model::{ReportedSeat, Seat, SeatState, SeatType, Tally, stays};

/// What a list of seats is narrowed to, and where it goes on.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Only this type.
    pub seat_type: Option<SeatType>,
    /// Only this state.
    pub state: Option<SeatState>,
    /// Only names and e-mails that contain this.
    pub words: String,
    /// Go on after this name key and id.
    pub after: Option<(String, i64)>,
    /// Or back before this one.
    pub before: Option<(String, i64)>,
}

const COLUMNS: &str = "id, saas_account, main_id, name, name_key, seat_type, state, state_since, billable, date_added, remote_id, set_at,
    data_until, destroyed_at";

/// Up to `limit` seats of an account in the order of their names (backwards from `before`, then turned round again). The account was
/// found in scope by the caller.
pub fn list(db: &impl Read, account: SaasAccountId, query: &Query, limit: usize) -> Result<Vec<Seat>> {
    let (compare, order) = if query.before.is_some() { ("<", "desc") } else { (">", "asc") };
    let place = query.before.as_ref().or(query.after.as_ref());
    let mut found = db.all(
        &format!(
            "select {COLUMNS} from seat
              where saas_account = :account and (:type is null or seat_type = :type) and (:state is null or state = :state)
                and (:words = '' or instr(name_key, :words) > 0 or instr(lower(main_id), :words) > 0)
                and (:key is null or (name_key, id) {compare} (:key, :id))
              order by name_key {order}, id {order} limit :limit"
        ),
        named_params! {
            ":account": account, ":type": query.seat_type, ":state": query.state, ":words": text::key(&query.words),
            ":key": place.map(|(key, _)| key), ":id": place.map(|(_, id)| *id), ":limit": i64::try_from(limit).unwrap_or(i64::MAX)
        },
        read,
    )?;
    if query.before.is_some() {
        found.reverse();
    }
    Ok(found)
}

/// How somebody names a seat of an account.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Pick {
    /// By Portico's id of it.
    Id(SeatId),
    /// By its type and the vendor's id of it.
    Remote(SeatType, String),
    /// By the e-mail of a person's seat, compared as names are.
    Email(String),
}

impl Pick {
    /// The word a person named it by; nothing for an id.
    pub fn shown(&self) -> String {
        match self {
            Self::Id(_) => String::new(),
            Self::Remote(_, word) | Self::Email(word) => word.clone(),
        }
    }
}

/// The seats that are named, in the same order; nothing for one that is not in this account. The account was found in scope by the caller.
pub fn picked(db: &impl Read, account: SaasAccountId, picks: &[Pick]) -> Result<Vec<Option<Seat>>> {
    let mut known: HashMap<Pick, Seat> = HashMap::new();
    let ids: Vec<i64> = picks.iter().filter_map(|pick| if let Pick::Id(id) = pick { Some(id.0) } else { None }).collect();
    if !ids.is_empty() {
        for seat in among(db, account, "id in (select value from json_each(:among))", None, &serde_json::to_string(&ids)?)? {
            known.insert(Pick::Id(seat.id), seat);
        }
    }
    for seat_type in SeatType::ALL {
        let of_type = |pick: &Pick| matches!(pick, Pick::Remote(wanted, _) if wanted == seat_type);
        let ids: Vec<&str> = picks.iter().filter(|pick| of_type(pick)).filter_map(Pick::remote_id).collect();
        if ids.is_empty() {
            continue;
        }
        let condition = "remote_id in (select value from json_each(:among))";
        for seat in among(db, account, condition, Some(*seat_type), &serde_json::to_string(&ids)?)? {
            let name = seat.remote_id.clone().unwrap_or_default();
            known.entry(Pick::Remote(*seat_type, name)).or_insert(seat);
        }
    }
    if picks.iter().any(|pick| matches!(pick, Pick::Email(_))) {
        for seat in among(db, account, ":among is not null", Some(SeatType::User), "")? {
            known.entry(Pick::Email(text::key(&seat.main_id))).or_insert(seat);
        }
    }
    let keyed = |pick: &Pick| match pick {
        Pick::Id(_) | Pick::Remote(..) => pick.clone(),
        Pick::Email(email) => Pick::Email(text::key(email)),
    };
    Ok(picks.iter().map(|pick| known.get(&keyed(pick)).cloned()).collect())
}

impl Pick {
    fn remote_id(&self) -> Option<&str> {
        match self {
            Self::Remote(_, id) => Some(id),
            Self::Id(_) | Self::Email(_) => None,
        }
    }
}

/// The seats of an account that fit a condition on `:among`, of one type or of any, in the order of their ids at the vendor.
fn among(db: &impl Read, account: SaasAccountId, condition: &str, seat_type: Option<SeatType>, among: &str) -> Result<Vec<Seat>> {
    let of_type = if seat_type.is_some() { "seat_type = :type" } else { ":type is null" };
    db.all(
        &format!("select {COLUMNS} from seat where saas_account = :account and {of_type} and {condition} order by main_id"),
        named_params! { ":account": account, ":type": seat_type, ":among": among },
        read,
    )
}

/// Sets a seat's state here, from the one it was found in. It stays for `STAYS`, whatever an import says. `Conflict` when the seat stands
/// otherwise by now. Whoever changes sites calls `bill_sites` afterwards.
pub fn set_state(tx: &Tx<'_>, seat: &Seat, next: SeatState, action: Action) -> Result<()> {
    let billed = is_billed(seat.seat_type, next) || seat.seat_type.is_site() && next != SeatState::Unprotected && seat.billable;
    tx.change_one(
        "update seat set state = ?3, state_since = ?4, set_at = ?4, billable = ?5, data_until = ?6,
                destroyed_at = case when ?6 <= ?4 then ?4 end
          where id = ?1 and state = ?2",
        params![seat.id, seat.state, next, tx.now(), billed, data_until(action, tx.now())],
    )
}

/// SEA-4: all sites of an account are billed together as one, so while any is kept one of them is marked as billed, whichever came or went.
pub fn bill_sites(tx: &Tx<'_>, account: SaasAccountId) -> Result<()> {
    let kept = "saas_account = ?1 and seat_type in ('Site', 'TeamSite') and state <> 'Unprotected'";
    tx.execute(
        &format!(
            "update seat set billable = 1
              where id = (select id from seat where {kept} order by seat_type, main_id limit 1)
                and not exists (select 1 from seat where {kept} and billable = 1)"
        ),
        [account],
    )
    .map(drop)
}

/// Where a seat stands in its account's list, if it is there. The account was found in scope by the caller.
pub fn place_of(db: &impl Read, account: SaasAccountId, seat: SeatId) -> Result<Option<(String, i64)>> {
    db.maybe("select name_key, id from seat where id = ?1 and saas_account = ?2", (seat, account), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How many seats of each type stand how. The account was found in scope by the caller.
pub fn tallies(db: &impl Read, account: SaasAccountId) -> Result<Vec<Tally>> {
    db.all(
        "select seat_type, state, count(*) from seat where saas_account = ?1 group by seat_type, state order by seat_type, state",
        [account],
        |row| Ok(Tally { seat_type: row.get(0)?, state: row.get(1)?, count: row.get(2)? }),
    )
}

/// Every seat of an account, in the order of type and id at the vendor.
pub fn all(db: &impl Read, account: SaasAccountId) -> Result<Vec<Seat>> {
    db.all(&format!("select {COLUMNS} from seat where saas_account = ?1 order by seat_type, main_id"), [account], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Seat> {
    Ok(Seat {
        id: row.get(0)?,
        saas_account: row.get(1)?,
        main_id: row.get(2)?,
        name: row.get(3)?,
        name_key: row.get(4)?,
        seat_type: row.get(5)?,
        state: row.get(6)?,
        state_since: row.get(7)?,
        billable: row.get(8)?,
        date_added: row.get(9)?,
        remote_id: row.get(10)?,
        set_at: row.get(11)?,
        data_until: row.get(12)?,
        destroyed_at: row.get(13)?,
    })
}

/// Takes a report for the full set of an account's seats: new ones come, known ones change, vanished Active and Paused ones become
/// Archived, vanished Unprotected ones go. A state that was set here stays for `STAYS`, and with it whether the seat is billable, unless
/// the report has it too. How many rows changed; the same report a second time changes none.
pub fn replace(tx: &Tx<'_>, partner: PartnerId, account: SaasAccountId, reported: &[ReportedSeat]) -> Result<usize> {
    let mut left: BTreeMap<(SeatType, String), Seat> =
        all(tx, account)?.into_iter().map(|seat| ((seat.seat_type, seat.main_id.clone()), seat)).collect();
    let mut changed = 0;
    for seat in reported {
        changed += match left.remove(&(seat.seat_type, seat.main_id.clone())) {
            Some(known) => update(tx, &known, seat)?,
            None => insert(tx, partner, account, seat)?,
        };
    }
    for vanished in left.into_values() {
        changed += match vanished.state {
            SeatState::Active | SeatState::Paused => {
                tx.execute("update seat set state = 'Archived', state_since = ?2 where id = ?1", params![vanished.id, tx.now()])?
            }
            SeatState::Unprotected => tx.execute("delete from seat where id = ?1", [vanished.id])?,
            SeatState::Archived => 0,
        };
    }
    Ok(changed)
}

fn insert(tx: &Tx<'_>, partner: PartnerId, account: SaasAccountId, seat: &ReportedSeat) -> Result<usize> {
    tx.execute(
        "insert into seat (id, partner, saas_account, main_id, name, name_key, seat_type, state, state_since, billable, date_added,
                           remote_id)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            SeatId(tx.tokens().id()?),
            partner,
            account,
            seat.main_id,
            seat.name,
            text::key(&seat.name),
            seat.seat_type,
            seat.state,
            tx.now(),
            seat.billable,
            seat.date_added,
            seat.remote_id
        ],
    )
}

fn update(tx: &Tx<'_>, known: &Seat, seat: &ReportedSeat) -> Result<usize> {
    // A report without the vendor's id takes none away.
    let remote_id = seat.remote_id.as_ref().or(known.remote_id.as_ref());
    let ours = seat.state != known.state && stays(known.set_at, tx.now());
    let (state, billable, set_at) = if ours { (known.state, known.billable, known.set_at) } else { (seat.state, seat.billable, None) };
    tx.execute(
        "update seat set name = ?2, name_key = ?3, state_since = case when state = ?4 then state_since else ?5 end, state = ?4,
                billable = ?6, date_added = ?7, remote_id = ?8, set_at = ?9,
                data_until = case when ?4 <> 'Unprotected' then null when state = 'Unprotected' then data_until else ?10 end,
                destroyed_at = case when ?4 = 'Unprotected' then destroyed_at end
          where id = ?1 and (name, state, billable, date_added, remote_id, set_at) is not (?2, ?4, ?6, ?7, ?8, ?9)",
        params![known.id, seat.name, text::key(&seat.name), state, tx.now(), billable, seat.date_added, remote_id, set_at, tx.now() + KEPT],
    )
}

/// Leaves every seat of one account Unprotected (SAS-7); how many were not.
pub fn unprotect_all_of(tx: &Tx<'_>, account: SaasAccountId) -> Result<usize> {
    // What was unprotected before is not kept to the end of its days either.
    tx.execute(
        "update seat set data_until = ?2, destroyed_at = ?2 where saas_account = ?1 and state = 'Unprotected' and data_until > ?2",
        params![account, tx.now()],
    )?;
    tx.execute(
        "update seat set state = 'Unprotected', state_since = ?2, set_at = ?2, billable = 0, data_until = ?2, destroyed_at = ?2
          where saas_account = ?1 and state <> 'Unprotected'",
        params![account, tx.now()],
    )
}

/// Leaves every seat of an organization's accounts Unprotected (ORG-8); how many were not.
pub fn unprotect_all(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    // What was unprotected before is not kept to the end of its days either.
    tx.execute(
        "update seat set data_until = ?2, destroyed_at = ?2
          where saas_account in (select id from saas_account where organization = ?1) and state = 'Unprotected' and data_until > ?2",
        params![organization, tx.now()],
    )?;
    tx.execute(
        "update seat set state = 'Unprotected', state_since = ?2, set_at = ?2, billable = 0, data_until = ?2, destroyed_at = ?2
          where saas_account in (select id from saas_account where organization = ?1) and state <> 'Unprotected'",
        params![organization, tx.now()],
    )
}

/// A seat whose days are up, and whose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// The seat.
    pub seat: SeatId,
    /// Its e-mail or address.
    pub main_id: String,
    /// When its backups ceased to be.
    pub at: Timestamp,
    /// Its account, with the name.
    pub account: (SaasAccountId, String),
    /// The partner that holds it.
    pub partner: PartnerId,
    /// The organization that the account is linked to.
    pub organization: Option<OrganizationId>,
}

/// SEA-3: up to `limit` seats whose days are up and whose destruction nobody has carried out, in the order of the moments.
pub fn due(db: &impl Read, limit: i64) -> Result<Vec<Due>> {
    db.all(
        "select t.id, t.main_id, t.data_until, t.saas_account, a.name, a.partner, a.organization
           from seat t indexed by seat_due cross join saas_account a on a.id = t.saas_account
          where t.state = 'Unprotected' and t.destroyed_at is null and t.data_until is not null and t.data_until <= ?1
          order by t.data_until, t.id limit ?2",
        (db.now(), limit),
        |row| {
            Ok(Due {
                seat: row.get(0)?,
                main_id: row.get(1)?,
                at: row.get(2)?,
                account: (row.get(3)?, row.get(4)?),
                partner: row.get(5)?,
                organization: row.get(6)?,
            })
        },
    )
}

/// Notes that a seat's backups are gone.
pub fn destroy(tx: &Tx<'_>, seat: SeatId) -> Result<()> {
    tx.change_one("update seat set destroyed_at = ?2 where id = ?1 and destroyed_at is null", (seat, tx.now()))
}

/// Lets what an import says of an account's seats count at once: what was set here was set by the cancellation that is over (SAS-7).
pub fn forget_set_here(tx: &Tx<'_>, account: SaasAccountId) -> Result<usize> {
    tx.execute("update seat set set_at = null where saas_account = ?1 and set_at is not null", [account])
}

/// PAR-6: the seats of an account that goes to another partner.
pub fn move_to(tx: &Tx<'_>, account: SaasAccountId, partner: PartnerId) -> Result<usize> {
    tx.execute("update seat set partner = ?2 where saas_account = ?1", (account, partner))
}
