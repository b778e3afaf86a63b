//! Sessions, failures and form answers: the SQL of "who is asking".

use std::net::IpAddr;

use rusqlite::{Row, named_params, params};

use crate::access::model::{Person, Place, Reach, Visitor};
use crate::access::roles_model::{EndpointAccess, OrganizationAccess, Products, Role};
use crate::access::stage_model::{Demand, Factor, HALF_SESSION, Proof, SESSION_IDLE, SESSION_LONGEST, Stage, Standing};
use crate::branding::look_model::{Shown, of_clients, of_staff};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::html::frame::Look;
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId, SessionId};
use crate::kernel::time::{Span, Timestamp};
use crate::security::model::{admits, ranges};

/// A session as its owner sees it (ACC-13).
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Since when.
    pub created_at: Timestamp,
    /// Last seen, to the minute.
    pub last_seen_at: Timestamp,
    /// From where.
    pub address: String,
    /// With what, as the browser says of itself.
    pub browser: String,
}

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// The hash of its token.
    pub token_hash: &'a [u8],
    /// At which partner.
    pub partner: PartnerId,
    /// Whose.
    pub identity: IdentityId,
    /// The account, once there is no choice left.
    pub account: Option<AccountId>,
    /// From where.
    pub address: &'a str,
    /// With what.
    pub browser: &'a str,
    /// What was proved.
    pub proof: Proof,
}

/// Whether a session `s` is neither idle nor too old, by its partner's settings `t` where it has any (SEC-3). They are in minutes.
const LIVE: &str = "s.last_seen_at > :now - coalesce(t.session_idle * 60000, :idle)
    and s.created_at > :now - coalesce(t.session_longest * 60000, :longest)";
const SETTINGS: &str = "left join security_setting t on t.partner = s.partner";

const VISITOR: &str = "
    select s.id, s.identity, s.account, s.partner, s.proved_at, s.created_at, s.last_seen_at,
           i.email, i.time_zone, i.theme,
           p.name, p.public_id, p.parent is null,
           a.first_name || ' ' || a.last_name, case when a.invited_until <= :now then 'lapsed' else a.state end, e.role,
           u.organization, o.name, u.access, u.endpoint_access, b.state,
           (select count(*) from account x left join subscription y on y.organization = x.organization
             where x.identity = s.identity and x.state = 'active' and coalesce(y.state, 'active') = 'active'),
           f.identity is not null, s.factor_at is not null, i.passcode_until is not null, i.owes_factor,
           f.identity is null and exists (
               select 1 from account x left join organization z on z.id = x.organization
                 left join subscription y on y.organization = x.organization
                where x.identity = s.identity and x.state = 'active' and coalesce(y.state, 'active') = 'active'
                  and coalesce(z.require_second_factor, 1) = 1),
           t.addresses, e.limited, e.bcdr, e.endpoint_backup,
           p.slug, g.portal_sheet, o.custom_branding, g.clients_sheet, g.clients_kind <> 'none', g.title, g.logo, r.width, r.height, g.support, p.country
      from session s
      left join security_setting t on t.partner = s.partner
      join identity i on i.id = s.identity
      join partner p on p.id = s.partner
      left join second_factor f on f.identity = s.identity
      left join account a on a.id = s.account
      left join employee e on e.account = s.account
      left join organization_user u on u.account = s.account
      left join organization o on o.id = u.organization
      left join subscription b on b.organization = u.organization
      left join branding g on g.partner = s.partner and g.stage = 'live'
      left join branding_file r on r.name = g.logo
     where s.token_hash = :hash and ";

/// Who a session's token belongs to at this moment, and when that session was last seen. A guest when it is over, idle, or its
/// account may not be used now (ACC-5, SUB-2, SUB-3).
pub fn visitor(db: &impl Read, token_hash: &[u8], address: IpAddr, demand: Demand) -> Result<(Visitor, Timestamp)> {
    let now = db.now();
    let found = db.maybe(
        &format!("{VISITOR}{LIVE}"),
        named_params! { ":hash": token_hash, ":now": now, ":idle": SESSION_IDLE.0, ":longest": SESSION_LONGEST.0 },
        |row| Ok((read_visitor(row, (address, demand), now)?, row.get(6)?)),
    )?;
    Ok(found.unwrap_or((Visitor::Guest, now)))
}

/// Whether a session's token is one that still holds, wherever it comes from.
pub fn is_live(db: &impl Read, token_hash: &[u8]) -> Result<bool> {
    db.one(
        &format!("select exists (select 1 from session s {SETTINGS} where s.token_hash = :hash and {LIVE})"),
        named_params! { ":hash": token_hash, ":now": db.now(), ":idle": SESSION_IDLE.0, ":longest": SESSION_LONGEST.0 },
        |row| row.get(0),
    )
}

fn read_visitor(row: &Row<'_>, (address, demand): (IpAddr, Demand), now: Timestamp) -> rusqlite::Result<Visitor> {
    let (session, identity, partner): (SessionId, IdentityId, PartnerId) = (row.get(0)?, row.get(1)?, row.get(3)?);
    let (account, place) = (row.get::<_, Option<AccountId>>(2)?, place(row, address)?);
    if account.is_some() && place.is_none() {
        return Ok(Visitor::Guest);
    }
    let stage = standing(row, account.is_some(), demand)?.next();
    let (None, Some(account), Some(place)) = (stage, account, place) else {
        let stage = stage.unwrap_or(Stage::Choice);
        // ORG-9: an open session from which a second factor is asked later is held, and lives as long as others.
        let held = stage == Stage::SetUp && account.is_some();
        let live = held || now < row.get::<_, Timestamp>(5)? + HALF_SESSION;
        return Ok(if live {
            Visitor::Half { session, identity, partner, stage, proved_at: row.get(4)?, look: Box::new(look(row)?) }
        } else {
            Visitor::Guest
        });
    };
    Ok(Visitor::Person(Box::new(Person {
        session,
        identity,
        account,
        partner,
        partner_name: row.get(10)?,
        partner_public_id: row.get(11)?,
        operating: row.get(12)?,
        name: row.get(13)?,
        email: row.get(7)?,
        active_accounts: row.get(21)?,
        place,
        proved_at: row.get(4)?,
        time_zone: row.get(8)?,
        theme: row.get(9)?,
        address,
        look: look(row)?,
        slug: row.get(31)?,
    })))
}

/// BRA-5, ORG-10: the partner's look for users of an organization that has it on; for its own people what lies behind their pages.
fn look(row: &Row<'_>) -> rusqlite::Result<Look> {
    match row.get::<_, Option<bool>>(33)? {
        Some(false) => Ok(Look::default()),
        Some(true) => {
            let logo = match row.get::<_, Option<String>>(37)? {
                Some(name) => Some((name, row.get(38)?, row.get(39)?)),
                None => None,
            };
            Ok(of_clients(Shown {
                sheet: row.get(34)?,
                backed: row.get::<_, Option<bool>>(35)?.unwrap_or(false),
                partner: row.get(10)?,
                title: row.get(36)?,
                logo,
                support: row.get(40)?,
                country: row.get(41)?,
            }))
        }
        None => Ok(of_staff(row.get(32)?, row.get(41)?)),
    }
}

fn standing(row: &Row<'_>, chosen: bool, demand: Demand) -> rusqlite::Result<Standing> {
    let (has, given, required): (bool, bool, bool) = (row.get(22)?, row.get(23)?, row.get(26)?);
    let factor = match (has, given) {
        (false, _) => Factor::Missing,
        (true, false) => Factor::Asked,
        (true, true) => Factor::Given,
    };
    let needs_factor = row.get(25)? || (required && demand == Demand::AsRuled);
    Ok(Standing { factor, owes_password: row.get(24)?, needs_factor, chosen })
}

/// Where the session's account is, if one is chosen and may be used now.
fn place(row: &Row<'_>, address: IpAddr) -> rusqlite::Result<Option<Place>> {
    if row.get::<_, Option<String>>(14)?.as_deref() != Some("active") {
        return Ok(None);
    }
    match row.get::<_, Option<Role>>(15)? {
        // SEC-3: from elsewhere an employee's session leads nowhere.
        Some(role) => {
            let products = Products { bcdr: row.get(29)?, endpoint_backup: row.get(30)? };
            Ok(admitted(row, address)?.then_some(Place::Employee { role, reach: Reach::of(role, row.get(28)?), products }))
        }
        None => organization_place(row),
    }
}

/// Whether the partner lets its employees in from this address.
fn admitted(row: &Row<'_>, address: IpAddr) -> rusqlite::Result<bool> {
    let Some(allowed) = row.get_ref(27)?.as_str_or_null()? else { return Ok(true) };
    let unknown = |sentence: String| rusqlite::Error::FromSqlConversionFailure(27, rusqlite::types::Type::Text, sentence.into());
    Ok(admits(&ranges(allowed).map_err(unknown)?, address))
}

/// An organization user's place, while the organization is active.
fn organization_place(row: &Row<'_>) -> rusqlite::Result<Option<Place>> {
    if row.get::<_, Option<String>>(20)?.as_deref() != Some("active") {
        return Ok(None);
    }
    let organization: Option<OrganizationId> = row.get(16)?;
    let Some(organization) = organization else { return Ok(None) };
    let (access, endpoint_access): (OrganizationAccess, EndpointAccess) = (row.get(18)?, row.get(19)?);
    Ok(Some(Place::OrganizationUser { organization, organization_name: row.get(17)?, access, endpoint_access }))
}

/// Begins a session; the token itself is never stored.
pub fn begin_session(tx: &Tx<'_>, session: &NewSession<'_>) -> Result<()> {
    let factor_at = match session.proof {
        Proof::Password => None,
        Proof::Both => Some(tx.now()),
    };
    tx.change_one(
        "insert into session (token_hash, partner, identity, account, created_at, last_seen_at, proved_at, address, browser, factor_at)
         values (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?6, ?7, ?8)",
        params![
            session.token_hash,
            session.partner,
            session.identity,
            session.account,
            tx.now(),
            session.address,
            session.browser,
            factor_at
        ],
    )
}

/// Notes that a code of the second factor was given in a session, which goes on under a new token.
pub fn note_factor(tx: &Tx<'_>, session: SessionId, token_hash: &[u8]) -> Result<()> {
    tx.change_one("update session set token_hash = ?2, factor_at = ?3, proved_at = ?3 where id = ?1", (session, token_hash, tx.now()))
}

/// Takes an account into a session: the chosen one, or another one when the person switches (ACC-11).
pub fn choose_account(tx: &Tx<'_>, session: SessionId, identity: IdentityId, account: AccountId) -> Result<()> {
    tx.change_one("update session set account = ?3 where id = ?1 and identity = ?2", (session, identity, account))
}

/// Gives a session a new token after its owner has proved who they are; the old token is nobody's from now on.
pub fn renew_session(tx: &Tx<'_>, session: SessionId, token_hash: &[u8]) -> Result<()> {
    tx.change_one("update session set token_hash = ?2, proved_at = ?3 where id = ?1", (session, token_hash, tx.now()))
}

/// SEC-2: notes that a session's owner has given the password again; `Conflict` when the session is over.
pub fn note_proof(tx: &Tx<'_>, session: SessionId) -> Result<()> {
    tx.change_one("update session set proved_at = ?2 where id = ?1", (session, tx.now()))
}

/// Notes that a session is in use.
pub fn touch_session(tx: &Tx<'_>, session: SessionId) -> Result<()> {
    tx.execute("update session set last_seen_at = max(last_seen_at, ?2) where id = ?1", (session, tx.now()))?;
    Ok(())
}

/// A person's own live sessions, the newest first.
pub fn sessions(db: &impl Read, identity: IdentityId) -> Result<Vec<Session>> {
    db.all(
        &format!(
            "select s.id, s.created_at, s.last_seen_at, s.address, s.browser from session s {SETTINGS} where s.identity = :identity and {LIVE}
                and (s.created_at > :now - :half or (s.account is not null
                     and (s.factor_at is not null or not exists (select 1 from second_factor f where f.identity = s.identity))))
              order by s.last_seen_at desc, s.id desc"
        ),
        named_params! {
            ":identity": identity, ":now": db.now(), ":idle": SESSION_IDLE.0, ":longest": SESSION_LONGEST.0, ":half": HALF_SESSION.0
        },
        |row| {
            Ok(Session { id: row.get(0)?, created_at: row.get(1)?, last_seen_at: row.get(2)?, address: row.get(3)?, browser: row.get(4)? })
        },
    )
}

/// Ends one of a person's own sessions; `NotFound` for any other.
pub fn end_session(tx: &Tx<'_>, identity: IdentityId, session: SessionId) -> Result<()> {
    match tx.execute("delete from session where id = ?1 and identity = ?2", (session, identity))? {
        1 => Ok(()),
        _ => Err(crate::kernel::error::Error::NotFound),
    }
}

/// Ends every session of an identity but one, if one is given (ACC-13).
pub fn end_other_sessions(tx: &Tx<'_>, identity: IdentityId, but: Option<SessionId>) -> Result<usize> {
    tx.execute("delete from session where identity = ?1 and id is not ?2", (identity, but))
}

/// Ends every session in which this account is the chosen one (ACC-5).
pub fn end_sessions_of_account(tx: &Tx<'_>, account: AccountId) -> Result<usize> {
    tx.execute("delete from session where account = ?1", [account])
}

/// Ends every session there is; how many there were (OPS-1).
pub fn end_all_sessions(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from session", [])
}

/// Forgets what is known by keyed hashes alone, once their key is lost: failures, and what forms answered (OPS-1).
pub fn forget_keyed(tx: &Tx<'_>) -> Result<()> {
    tx.execute("delete from sign_in_failure", [])?;
    tx.execute("delete from form_answer", [])?;
    Ok(())
}

/// Ends every session at an organization's accounts, and those of their people in which no account is chosen yet.
pub fn end_sessions_of_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute(
        "delete from session where account in (select id from account where organization = ?1)
            or (account is null and identity in (select identity from account where organization = ?1))",
        [organization],
    )
}

/// SUB-2, SUB-3: ends every session at an organization that is switched off. Whoever has chosen no account yet is not at it.
pub fn end_sessions_at(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute("delete from session where account in (select id from account where organization = ?1)", [organization])
}

/// Removes sessions that are over, so many at most; how many went.
pub fn prune_sessions(tx: &Tx<'_>, at_most: i64) -> Result<usize> {
    tx.execute(
        &format!("delete from session where id in (select s.id from session s {SETTINGS} where not ({LIVE}) limit :limit)"),
        named_params! { ":now": tx.now(), ":idle": SESSION_IDLE.0, ":longest": SESSION_LONGEST.0, ":limit": at_most },
    )
}

/// A subject of throttling: the keyed hash of an entered e-mail or of an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Throttled {
    /// An entered e-mail, known or not.
    Email,
    /// The other end's address.
    Address,
}

impl Throttled {
    const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Address => "address",
        }
    }
}

/// What is kept of a subject's failures.
#[derive(Clone, Copy, Debug)]
pub struct Failures {
    /// In a row, or in the running minute.
    pub count: i64,
    /// When the running minute began.
    pub window_from: Timestamp,
    /// No try before this.
    pub blocked_until: Timestamp,
}

/// A subject's failures, none when it has none.
pub fn failures(db: &impl Read, kind: Throttled, subject: &[u8]) -> Result<Failures> {
    let found = db.maybe(
        "select failures, window_from, blocked_until from sign_in_failure where kind = ?1 and subject = ?2",
        (kind.word(), subject),
        |row| Ok(Failures { count: row.get(0)?, window_from: row.get(1)?, blocked_until: row.get(2)? }),
    )?;
    Ok(found.unwrap_or(Failures { count: 0, window_from: db.now(), blocked_until: Timestamp(0) }))
}

/// Keeps a subject's failures.
pub fn keep_failures(tx: &Tx<'_>, kind: Throttled, subject: &[u8], failures: Failures) -> Result<()> {
    tx.change_one(
        "insert into sign_in_failure (kind, subject, failures, window_from, blocked_until) values (?1, ?2, ?3, ?4, ?5)
         on conflict (kind, subject) do update set failures = ?3, window_from = ?4, blocked_until = ?5",
        (kind.word(), subject, failures.count, failures.window_from, failures.blocked_until),
    )
}

/// Forgets a subject's failures, after a success.
pub fn forget_failures(tx: &Tx<'_>, kind: Throttled, subject: &[u8]) -> Result<()> {
    tx.execute("delete from sign_in_failure where kind = ?1 and subject = ?2", (kind.word(), subject))?;
    Ok(())
}

/// Removes failures older than a day; how many went.
pub fn prune_failures(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from sign_in_failure where max(window_from, blocked_until) <= ?1", [tx.now() - Span::days(1)])
}

/// What a form with this id answered already: the hash of its body, the location and the alert.
pub fn form_answer(db: &impl Read, form: &[u8]) -> Result<Option<(Vec<u8>, String, String)>> {
    db.maybe("select body_hash, location, alert from form_answer where form_hash = ?1", [form], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

/// Keeps what a form answered, in the transaction of its change (ALL-7).
pub fn keep_form_answer(tx: &Tx<'_>, form: &[u8], body: &[u8], location: &str, alert: &str) -> Result<()> {
    tx.change_one(
        "insert into form_answer (form_hash, body_hash, location, alert, answered_at) values (?1, ?2, ?3, ?4, ?5)",
        (form, body, location, alert, tx.now()),
    )
}

/// Removes form answers older than a day; how many went.
pub fn prune_form_answers(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from form_answer where answered_at <= ?1", [tx.now() - Span::days(1)])
}
