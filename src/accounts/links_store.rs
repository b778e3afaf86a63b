//! Mailed links and the wish for one: the only writer of these tables.

use rusqlite::params;

use crate::accounts::model::{Account, Link, Purpose};
use crate::accounts::store::{COLUMNS, read};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, LinkId};
use crate::kernel::secret::token_hash;
use crate::kernel::time::Span;

/// Makes a link and returns it with its token; an older one for the same purpose is void.
pub fn make(tx: &Tx<'_>, purpose: Purpose, account: &Account, life: Span) -> Result<(LinkId, String)> {
    let of_account = if purpose == Purpose::SetUp { Some(account.id) } else { None };
    tx.execute(
        "update link set spent_at = ?3 where identity = ?1 and purpose = ?2 and spent_at is null and (?4 is null or account = ?4)",
        params![account.identity, purpose, tx.now(), of_account],
    )?;
    let id = LinkId(tx.tokens().id()?);
    let token = tx.tokens().token()?;
    tx.change_one(
        "insert into link (id, partner, identity, account, purpose, token_hash, created_at, expires_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![id, account.partner, account.identity, of_account, purpose, token_hash(&token), tx.now(), tx.now() + life],
    )?;
    Ok((id, token))
}

/// Keeps a one-time passcode for its letter (ACC-8, MAI-3): until it expires or is spent, and behind a token that nobody ever has.
pub fn keep_passcode(tx: &Tx<'_>, account: &Account, life: Span) -> Result<LinkId> {
    make(tx, Purpose::Passcode, account, life).map(|(link, _)| link)
}

/// The link of a token, if it still works: unspent, unexpired, and its account still waiting to be set up.
pub fn find(db: &impl Read, token: &str) -> Result<Link> {
    db.one(
        "select k.id, k.purpose, k.partner, k.identity, k.account, i.email, p.name,
                coalesce(a.first_name || ' ' || a.last_name, ''), coalesce(o.name, p.name), k.expires_at
           from link k join identity i on i.id = k.identity join partner p on p.id = k.partner
           left join account a on a.id = k.account left join organization o on o.id = a.organization
          where k.token_hash = ?1 and k.spent_at is null and k.expires_at > ?2
            and (k.purpose = 'reset' or (k.purpose = 'set_up' and a.state = 'invited' and a.invited_until > ?2 and a.identity = k.identity))",
        params![token_hash(token), db.now()],
        |row| {
            Ok(Link {
                id: row.get(0)?,
                purpose: row.get(1)?,
                partner: row.get(2)?,
                identity: row.get(3)?,
                account: row.get(4)?,
                email: row.get(5)?,
                partner_name: row.get(6)?,
                name: row.get(7)?,
                place: row.get(8)?,
                expires_at: row.get(9)?,
            })
        },
    )
}

/// Spends a link; `Conflict` if it was spent meanwhile.
pub fn spend(tx: &Tx<'_>, link: LinkId) -> Result<()> {
    tx.change_one("update link set spent_at = ?2 where id = ?1 and spent_at is null", (link, tx.now()))
}

/// Voids an account's links (ACC-5).
pub fn void_of_account(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    tx.execute("update link set spent_at = ?2 where account = ?1 and spent_at is null", (account, tx.now()))?;
    Ok(())
}

/// Voids every open link of an identity: whoever may have read the letters is not to come in by them any more.
pub fn void_of_identity(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    tx.execute("update link set spent_at = ?2 where identity = ?1 and spent_at is null", (identity, tx.now()))?;
    Ok(())
}

/// Links that are spent or expired, so many at most.
pub fn dead(db: &impl Read, at_most: i64) -> Result<Vec<LinkId>> {
    db.all(
        "select id from link where spent_at is not null union select id from link where expires_at <= ?1 limit ?2",
        (db.now(), at_most),
        |row| row.get(0),
    )
}

/// Removes a link that nothing points at any more.
pub fn remove(tx: &Tx<'_>, link: LinkId) -> Result<()> {
    tx.change_one("delete from link where id = ?1", [link])
}

/// Keeps that somebody asked for a reset of whatever this e-mail is (ACC-9); the same row for known and unknown.
pub fn ask_reset(tx: &Tx<'_>, email_key: &str, slug: Option<&str>, address: &str) -> Result<()> {
    tx.change_one(
        "insert into reset_request (email_key, slug, address, requested_at) values (?1, ?2, ?3, ?4)",
        params![email_key, slug, address, tx.now()],
    )
}

/// Takes the oldest reset request, with the accounts whose identities it reaches (those that have a password): one account an
/// identity. `None` when there is no request.
pub fn take_reset_request(tx: &Tx<'_>) -> Result<Option<(String, Vec<Account>)>> {
    let request = tx.maybe("select id, email_key, slug, address from reset_request order by id limit 1", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?, row.get::<_, String>(3)?))
    })?;
    let Some((id, email_key, slug, address)) = request else { return Ok(None) };
    tx.change_one("delete from reset_request where id = ?1", [id])?;
    let accounts = tx.all(
        &format!(
            "select {COLUMNS} from identity i join partner p on p.id = i.partner
               join account a on a.id = (select x.id from account x where x.identity = i.id order by x.state <> 'active', x.organization is not null, x.id limit 1)
              where i.email_key = ?1 and i.password_hash is not null and (?2 is null or p.slug = ?2)"
        ),
        params![email_key, slug],
        |row| read(row, tx.now()),
    )?;
    Ok(Some((address, accounts)))
}
