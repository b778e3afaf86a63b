//! The outbox's rows.

use rusqlite::{Row, named_params, params};

use crate::access::model::Scope;
use crate::access::roles_model::Role;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, LetterId, LinkId, OrganizationId, PartnerId};
use crate::kernel::secret::Vault;
use crate::kernel::time::Timestamp;
use crate::letter_in_sight;
use crate::mail::model::{Content, Kept, Letter, LetterState, Letterhead, Listed, Page};
use crate::sees_further;

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

/// What the outbox lists of a letter `m`, in the order `read` takes it.
pub(super) const LISTED: &str =
    "m.id, m.kind, m.to_name, m.to_email, m.subject, m.state, m.attempts, m.last_error, m.next_attempt_at, m.created_at,
    m.delivered_at, m.organization, m.identity,
    (select group_concat(e.role) from account a join employee e on e.account = a.id where a.identity = m.identity)";
/// What `read` takes after `LISTED`: whether the receiver sees more than the scope's visitor (EMP-4).
const FURTHER: &str = sees_further!("m.identity");
/// The same where nobody in particular looks.
pub(super) const NOT_ASKED: &str = "0";

/// A page of a partner's own outbox, newest first, at most `limit` letters in sight: those in this state, and to a receiver whose name or
/// address contains `receiver`.
pub fn list(db: &impl Read, scope: &Scope, receiver: &str, state: Option<LetterState>, page: Page, limit: i64) -> Result<Vec<Listed>> {
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
            "select {LISTED}, {FURTHER} from letter m
              where m.partner = :viewer and {edge} {in_state} and {in_sight}
                and (:receiver = '%%' or m.to_name like :receiver escape '\\' or m.to_email like :receiver escape '\\')
              order by m.created_at {order}, m.id {order} limit :limit",
            in_sight = letter_in_sight!("m.id")
        ),
        scope.bind(named_params! { ":at": at, ":id": id, ":receiver": pattern, ":limit": limit }).as_slice(),
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
        further: row.get(14)?,
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

/// The rest of a letter, in the order `read_kept` takes it after `LISTED` and whether the receiver sees further; its link only while that works.
pub(super) const KEPT: &str = "m.text, m.html, p.name, p.parent is null, m.trying_since, m.link,
    case when k.spent_at is null and k.expires_at > :now and (k.purpose in ('reset', 'passcode') or (a.state = 'invited' and a.invited_until > :now))
         then m.sealed_link end";
/// Where both are read from.
pub(super) const WITH_LINK: &str =
    "letter m join partner p on p.id = m.partner left join link k on k.id = m.link left join account a on a.id = k.account";

/// A letter in sight of a partner's own outbox with its content; `NotFound` for any other.
pub fn find(db: &impl Read, vault: &Vault, scope: &Scope, letter: LetterId) -> Result<Kept> {
    let in_sight = letter_in_sight!("m.id");
    let kept = db.one(
        &format!("select {LISTED}, {FURTHER}, {KEPT} from {WITH_LINK} where m.id = :letter and m.partner = :viewer and {in_sight}"),
        scope.bind(&[(":letter", &letter), (":now", &db.now())]).as_slice(),
        |row| read_kept(row, vault),
    )?;
    with_letterhead(db, kept)
}

/// ACC-14: the newest letter to an account of a partner with its content; `NotFound` where there is none. Whoever asks has the right to
/// read it, as the partner above.
pub fn newest_to(db: &impl Read, vault: &Vault, partner: PartnerId, account: AccountId) -> Result<Kept> {
    db.one(
        &format!(
            "select {LISTED}, {NOT_ASKED}, {KEPT} from {WITH_LINK} where m.account = :account and m.partner = :partner
              order by m.created_at desc, m.id desc limit 1"
        ),
        named_params! { ":account": account, ":partner": partner, ":now": db.now() },
        |row| read_kept(row, vault),
    )
}

/// A letter of `LISTED` and `KEPT`, its link opened.
pub(super) fn read_kept(row: &Row<'_>, vault: &Vault) -> rusqlite::Result<Kept> {
    let listed = read(row)?;
    let (link, sealed): (Option<LinkId>, Option<Vec<u8>>) = (row.get(20)?, row.get(21)?);
    let opened = link.zip(sealed).and_then(|(link, sealed)| vault.open("letter link", &link.0.to_le_bytes(), &sealed));
    Ok(Kept {
        content: Content { subject: listed.subject.clone(), text: row.get(15)?, html: row.get(16)? },
        partner_name: row.get(17)?,
        of_operating_partner: row.get(18)?,
        trying_since: row.get::<_, Option<Timestamp>>(19)?.unwrap_or(listed.created_at),
        token: opened.and_then(|token| String::from_utf8(token).ok()),
        letterhead: None,
        listed,
    })
}

/// BRA-5: the letter with its partner's logo, if an organization's user gets it, that organization has custom branding on (ORG-10), and there
/// is one. Nothing of it is kept with the letter: it looks as the portal does when it is sent, and when it is read.
pub(super) fn with_letterhead(db: &impl Read, kept: Kept) -> Result<Kept> {
    let letterhead = db.maybe(
        "select coalesce(g.title, p.name), p.country, f.name, f.kind, f.bytes, f.width, f.height
           from letter m join partner p on p.id = m.partner
           join branding g on g.partner = m.partner and g.stage = 'live' join branding_file f on f.name = g.logo
          where m.id = ?1 and exists (
              select 1 from account x join organization o on o.id = x.organization
               where o.custom_branding = 1 and x.partner = m.partner and (x.id = m.account or (m.account is null and x.identity = m.identity)))",
        [kept.listed.id],
        |row| {
            Ok(Letterhead {
                name: row.get(0)?,
                country: row.get(1)?,
                file: row.get(2)?,
                content_type: format!("image/{}", row.get::<_, String>(3)?),
                bytes: row.get(4)?,
                width: row.get(5)?,
                height: row.get(6)?,
            })
        },
    )?;
    Ok(Kept { letterhead, ..kept })
}

/// Holds every letter on its way: the portal it is in was restored, and it may have arrived long ago (OPS-1).
pub fn hold_all(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("update letter set state = 'held', next_attempt_at = null, claimed_until = null where state = 'queued'", [])
}

/// Forgets every sealed link and the mail server's password, once the key is lost that could open them (OPS-1).
pub fn forget_sealed(tx: &Tx<'_>) -> Result<()> {
    tx.execute("update letter set link = null, sealed_link = null where sealed_link is not null", [])?;
    tx.execute("update mail_setting set sealed_password = null", [])?;
    Ok(())
}

/// Removes the letters to an identity that goes to another partner, or ends; how many.
pub fn remove_of_identity(tx: &Tx<'_>, identity: IdentityId) -> Result<usize> {
    tx.execute("delete from letter where identity = ?1", [identity])
}
