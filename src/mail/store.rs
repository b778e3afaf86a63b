//! The outbox's rows.

use rusqlite::{Row, named_params, params};

use crate::access::model::Role;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, LetterId, LinkId, OrganizationId, PartnerId};
use crate::kernel::secret::Vault;
use crate::kernel::time::{Span, Timestamp};
use crate::mail::model::{Content, Kept, Letter, LetterState, Listed, Page, TRY_FOR};
use crate::mail::settings_store::SENDABLE;

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
        params![
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

/// Forgets a link and its sealed copy, once it is used or expired (MAI-3).
pub fn forget_link(tx: &Tx<'_>, link: LinkId) -> Result<()> {
    tx.execute("update letter set link = null, sealed_link = null where link = ?1", [link])?;
    Ok(())
}

const LISTED: &str = "m.id, m.kind, m.to_name, m.to_email, m.subject, m.state, m.attempts, m.last_error, m.next_attempt_at, m.created_at,
    m.delivered_at, m.organization, m.identity,
    (select group_concat(e.role) from account a join employee e on e.account = a.id where a.identity = m.identity)";

/// A page of a partner's own outbox, newest first, at most `limit` letters: those in this state, and to a receiver whose name or
/// address contains `receiver`.
pub fn list(db: &impl Read, partner: PartnerId, receiver: &str, state: Option<LetterState>, page: Page, limit: i64) -> Result<Vec<Listed>> {
    let (edge, order, at, id) = match page {
        Page::Newest => (":at = 0 and :id = 0", "desc", Timestamp(0), LetterId(0)),
        Page::Before(at, id) => ("(m.created_at, m.id) < (:at, :id)", "desc", at, id),
        Page::After(at, id) => ("(m.created_at, m.id) > (:at, :id)", "asc", at, id),
    };
    let in_state = state.map_or("", |state| match state {
        LetterState::Queued => "and m.state = 'queued'",
        LetterState::Held => "and m.state = 'held'",
        LetterState::Delivered => "and m.state = 'delivered'",
        LetterState::Failed => "and m.state = 'failed'",
    });
    let pattern = format!("%{}%", receiver.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let mut letters = db.all(
        &format!(
            "select {LISTED} from letter m
              where m.partner = :partner and {edge} {in_state}
                and (:receiver = '%%' or m.to_name like :receiver escape '\\' or m.to_email like :receiver escape '\\')
              order by m.created_at {order}, m.id {order} limit :limit"
        ),
        named_params! { ":partner": partner, ":at": at, ":id": id, ":receiver": pattern, ":limit": limit },
        read,
    )?;
    if order == "asc" {
        letters.reverse();
    }
    Ok(letters)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        id: row.get(0)?,
        kind: row.get(1)?,
        to_name: row.get(2)?,
        to_email: row.get(3)?,
        subject: row.get(4)?,
        state: row.get(5)?,
        attempts: row.get(6)?,
        last_error: row.get(7)?,
        next_attempt_at: row.get(8)?,
        created_at: row.get(9)?,
        delivered_at: row.get(10)?,
        organization: row.get(11)?,
        identity: row.get(12)?,
        highest: highest(row.get::<_, Option<String>>(13)?.as_deref())?,
    })
}

/// The highest of the roles in a list; a word that is none is an error.
fn highest(roles: Option<&str>) -> rusqlite::Result<Option<Role>> {
    let mut highest = None;
    for word in roles.into_iter().flat_map(|roles| roles.split(',')) {
        let unknown = || rusqlite::Error::FromSqlConversionFailure(13, rusqlite::types::Type::Text, format!("no role {word:?}").into());
        let role = Role::from_word(word).ok_or_else(unknown)?;
        highest = Some(highest.map_or(role, |other: Role| other.min(role)));
    }
    Ok(highest)
}

const KEPT: &str = "m.text, m.html, p.name, p.parent is null, m.trying_since, m.link,
    case when k.spent_at is null and k.expires_at > :now and (k.purpose = 'reset' or (a.state = 'invited' and a.invited_until > :now))
         then m.sealed_link end";
const WITH_LINK: &str =
    "letter m join partner p on p.id = m.partner left join link k on k.id = m.link left join account a on a.id = k.account";

/// A letter of a partner's own outbox with its content; `NotFound` for any other.
pub fn find(db: &impl Read, vault: &Vault, partner: PartnerId, letter: LetterId) -> Result<Kept> {
    db.one(
        &format!("select {LISTED}, {KEPT} from {WITH_LINK} where m.id = :letter and m.partner = :partner"),
        named_params! { ":letter": letter, ":partner": partner, ":now": db.now() },
        |row| read_kept(row, vault),
    )
}

/// A letter in our hands.
#[derive(Debug)]
pub struct Claimed {
    /// The letter.
    pub letter: Kept,
    /// The number of its message, the same at every try.
    pub message_id: String,
    /// Until when it is ours alone.
    until: Timestamp,
}

/// MAI-2: takes the letter that is due first into our hands, so that nobody else sends it meanwhile; none if nothing is due. Whoever
/// lets it fall leaves it to the next after `lease`. `domain` ends the number of a message that has none yet.
pub fn claim(tx: &Tx<'_>, lease: Span, domain: &str) -> Result<Option<Claimed>> {
    let due = tx.maybe(
        &format!(
            "select {LISTED}, {KEPT} from {WITH_LINK}
              where m.state = 'queued' and m.next_attempt_at <= :now and (m.claimed_until is null or m.claimed_until <= :now)
              order by m.next_attempt_at limit 1"
        ),
        named_params! { ":now": tx.now() },
        |row| read_kept(row, tx.vault()),
    )?;
    let Some(letter) = due else { return Ok(None) };
    let (id, until) = (letter.listed.id, tx.now() + lease);
    tx.change_one(
        "update letter set claimed_until = :until, message_id = coalesce(message_id, :number)
          where id = :id and state = 'queued' and (claimed_until is null or claimed_until <= :now)",
        named_params! { ":id": id, ":until": until, ":number": format!("{id}@{domain}"), ":now": tx.now() },
    )?;
    let message_id = tx.one("select message_id from letter where id = ?1", [id], |row| row.get(0))?;
    Ok(Some(Claimed { letter, message_id, until }))
}

fn read_kept(row: &Row<'_>, vault: &Vault) -> rusqlite::Result<Kept> {
    let listed = read(row)?;
    let (link, sealed): (Option<LinkId>, Option<Vec<u8>>) = (row.get(19)?, row.get(20)?);
    let opened = link.zip(sealed).and_then(|(link, sealed)| vault.open("letter link", &link.0.to_le_bytes(), &sealed));
    Ok(Kept {
        content: Content { subject: listed.subject.clone(), text: row.get(14)?, html: row.get(15)? },
        partner_name: row.get(16)?,
        of_operating_partner: row.get(17)?,
        trying_since: row.get::<_, Option<Timestamp>>(18)?.unwrap_or(listed.created_at),
        token: opened.and_then(|token| String::from_utf8(token).ok()),
        listed,
    })
}

/// Keeps waiting letters here, where delivery is "hold"; how many.
pub fn hold(tx: &Tx<'_>, at_most: i64) -> Result<usize> {
    tx.execute(
        "update letter set state = 'held', next_attempt_at = null
          where id in (select id from letter where state = 'queued' and (claimed_until is null or claimed_until <= ?1) limit ?2)",
        (tx.now(), at_most),
    )
}

/// Notes that a letter was handed over, whoever has it in hand by now: it is out.
pub fn delivered(tx: &Tx<'_>, claimed: &Claimed) -> Result<()> {
    tx.execute(
        "update letter set state = 'delivered', attempts = attempts + 1, next_attempt_at = null, claimed_until = null, last_error = null,
                delivered_at = ?2
          where id = ?1 and state = 'queued'",
        (claimed.letter.listed.id, tx.now()),
    )?;
    Ok(())
}

/// Notes that a try failed and lets the letter go; without a next one it has failed for good (MAI-2). Nothing if it is in other hands
/// by now.
pub fn not_delivered(tx: &Tx<'_>, claimed: &Claimed, reason: &str, next: Option<Timestamp>) -> Result<()> {
    let state = if next.is_some() { LetterState::Queued } else { LetterState::Failed };
    tx.execute(
        "update letter set state = ?3, attempts = attempts + 1, next_attempt_at = ?4, last_error = ?5, claimed_until = null
          where id = ?1 and state = 'queued' and claimed_until = ?2",
        params![claimed.letter.listed.id, claimed.until, state, next, reason],
    )?;
    Ok(())
}

/// Lets a letter go as it was.
pub fn let_go(tx: &Tx<'_>, claimed: &Claimed) -> Result<()> {
    tx.execute(
        "update letter set claimed_until = null where id = ?1 and state = 'queued' and claimed_until = ?2",
        params![claimed.letter.listed.id, claimed.until],
    )?;
    Ok(())
}

/// MAI-2: gives up, for this reason, letters that were tried for three days while the way out was closed; how many.
pub fn give_up(tx: &Tx<'_>, reason: &str, at_most: i64) -> Result<usize> {
    tx.execute(
        "update letter set state = 'failed', next_attempt_at = null, last_error = coalesce(last_error, ?3)
          where id in (select id from letter where state = 'queued' and coalesce(trying_since, created_at) <= ?1
                          and (claimed_until is null or claimed_until <= ?2) limit ?4)",
        params![tx.now() - TRY_FOR, tx.now(), reason, at_most],
    )
}

/// A letter of a partner's own outbox is tried again at once, for three more days; `Conflict` if it was handed over meanwhile.
pub fn try_again(tx: &Tx<'_>, partner: PartnerId, letter: LetterId) -> Result<()> {
    tx.change_one(
        "update letter set state = 'queued', next_attempt_at = ?3, trying_since = ?3 where id = ?1 and partner = ?2 and state <> 'delivered'",
        params![letter, partner, tx.now()],
    )
}

/// Sends on their way the letters that are held and would not arrive with a dead link; how many.
pub fn release_held(tx: &Tx<'_>) -> Result<usize> {
    tx.execute(
        &format!("update letter set state = 'queued', next_attempt_at = ?1, trying_since = ?1 where state = 'held' and {SENDABLE}"),
        [tx.now()],
    )
}

/// Whether any letter is on its way.
pub fn any_waiting(db: &impl Read) -> Result<bool> {
    db.one("select exists (select 1 from letter where state = 'queued')", [], |row| row.get(0))
}

/// Whether the delivery of any letter is due, and it is in nobody's hands.
pub fn any_due(db: &impl Read) -> Result<bool> {
    db.one(
        "select exists (select 1 from letter where state = 'queued' and next_attempt_at <= ?1 and (claimed_until is null or claimed_until <= ?1))",
        [db.now()],
        |row| row.get(0),
    )
}

/// Whether any letter's three days are over while it waits.
pub fn any_overdue(db: &impl Read) -> Result<bool> {
    db.one(
        "select exists (select 1 from letter where state = 'queued' and coalesce(trying_since, created_at) <= ?1
                                                and (claimed_until is null or claimed_until <= ?2))",
        [db.now() - TRY_FOR, db.now()],
        |row| row.get(0),
    )
}
