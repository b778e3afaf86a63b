//! The rows of keys: the only writer of this table.

use rusqlite::{Row, params};

use crate::access::model::{Reach, Scope};
use crate::access::roles_model::{Products, Role};
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, KeyId, OrganizationId, PartnerId};
use crate::keys::model::{Key, Maker, NewKey, StoredState};
use crate::keys::secret_model::{Found, Tried};
use crate::security::model::ranges;

const KEYS: &str = "select k.id, k.partner, k.organization, o.name, k.account, a.first_name || ' ' || a.last_name, i.email, e.role,
        a.state = 'active', k.name, k.public_key, k.state, k.expires_at, k.created_at, k.last_used_at, k.secret_hash, t.addresses,
        e.limited, exists (select 1 from employee_sight g where g.account = k.account and g.organization = k.organization),
        k.deactivated_by, k.deactivated_role, e.bcdr, e.endpoint_backup
   from api_key k
   join account a on a.id = k.account
   join identity i on i.id = a.identity
   join employee e on e.account = k.account
   left join organization o on o.id = k.organization
   left join security_setting t on t.partner = k.partner";

/// EMP-4: whom access groups limit sees the keys for their organizations, and of those for the whole partner their own.
const SEEN: &str = concat!("(", in_sight!("k.organization"), " or (:sight = 2 and k.organization is null and k.account = :whose))");

/// A partner's own keys inside `scope`, the newest first.
pub fn list(db: &impl Read, scope: &Scope) -> Result<Vec<Key>> {
    db.all(&format!("{KEYS} where k.partner = :viewer and {SEEN} order by k.created_at desc, k.id desc"), scope.bind(&[]).as_slice(), read)
}

/// One of a partner's own inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, key: KeyId) -> Result<Key> {
    db.one(&format!("{KEYS} where k.id = :key and k.partner = :viewer and {SEEN}"), scope.bind(&[(":key", &key)]).as_slice(), read)
}

/// What is kept under a public part. The same work for one that nobody has.
pub fn tried(db: &impl Read, public: &str) -> Result<Tried> {
    db.maybe(&format!("{KEYS} where k.public_key = ?1"), [public], |row| {
        let addresses = match row.get_ref(16)?.as_str_or_null()? {
            None => Vec::new(),
            Some(lines) => ranges(lines)
                .map_err(|sentence| rusqlite::Error::FromSqlConversionFailure(16, rusqlite::types::Type::Text, sentence.into()))?,
        };
        Ok(Found { key: read(row)?, hash: row.get(15)?, addresses })
    })
    .map(Tried)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Key> {
    let role = row.get(7)?;
    let maker = Maker {
        account: row.get(4)?,
        name: row.get(5)?,
        email: row.get(6)?,
        role,
        active: row.get(8)?,
        reach: Reach::of(role, row.get(17)?),
        products: Products { bcdr: row.get(21)?, endpoint_backup: row.get(22)? },
    };
    Ok(Key {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization: row.get::<_, Option<OrganizationId>>(2)?.zip(row.get(3)?),
        in_groups: row.get(18)?,
        maker,
        name: row.get(9)?,
        public: row.get(10)?,
        state: row.get(11)?,
        switched_off_by: row.get::<_, Option<String>>(19)?.zip(row.get(20)?),
        expires_at: row.get(12)?,
        created_at: row.get(13)?,
        last_used_at: row.get(14)?,
    })
}

/// How many keys a partner has.
pub fn count(db: &impl Read, partner: PartnerId) -> Result<i64> {
    db.one("select count(*) from api_key where partner = ?1", [partner], |row| row.get(0))
}

/// How many keys are for an organization alone, which the caller found in scope.
pub fn count_of_organization(db: &impl Read, organization: OrganizationId) -> Result<i64> {
    db.one("select count(*) from api_key where organization = ?1", [organization], |row| row.get(0))
}

/// The partner's own organization inside `scope` that somebody means: by its ID or its whole name.
pub fn meant(db: &impl Read, scope: &Scope, id: Option<OrganizationId>, name_key: &str) -> Result<Option<(OrganizationId, String)>> {
    db.maybe(
        concat!(
            "select o.id, o.name from organization o
              where o.partner = :viewer and o.deleted_at is null and (o.id = :id or o.name_key = :name) and ",
            in_sight!("o.id"),
            " order by o.id = :id desc limit 1"
        ),
        scope.bind(&[(":id", &id), (":name", &name_key)]).as_slice(),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Names of the partner's own organizations inside `scope`, by name; `limit` at most.
pub fn organization_names(db: &impl Read, scope: &Scope, limit: i64) -> Result<Vec<String>> {
    db.all(
        concat!(
            "select o.name from organization o where o.partner = :viewer and o.deleted_at is null and ",
            in_sight!("o.id"),
            " order by o.name_key limit :limit"
        ),
        scope.bind(&[(":limit", &limit)]).as_slice(),
        |row| row.get(0),
    )
}

/// Keeps a new key of this maker.
pub fn insert(tx: &Tx<'_>, partner: PartnerId, maker: AccountId, key: &NewKey, (public, hash): (&str, &[u8])) -> Result<KeyId> {
    let id = KeyId(tx.tokens().id()?);
    tx.change_one(
        "insert into api_key (id, partner, organization, account, name, public_key, secret_hash, state, expires_at, created_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![id, partner, key.organization, maker, key.name, public, hash, StoredState::Active, key.expires_at, tx.now()],
    )?;
    Ok(id)
}

/// Another secret in the place of the old one.
pub fn save_hash(tx: &Tx<'_>, key: KeyId, hash: &[u8]) -> Result<()> {
    tx.change_one("update api_key set secret_hash = ?2 where id = ?1", params![key, hash])
}

/// Switches a key off or on, and keeps who in which role switched it off; `Conflict` when somebody else did at the same moment.
pub fn save_state(tx: &Tx<'_>, key: KeyId, state: StoredState, (name, role): (&str, Role)) -> Result<()> {
    let (by, role) = if state == StoredState::Deactivated { (Some(name), Some(role)) } else { (None, None) };
    tx.change_one(
        "update api_key set state = ?2, deactivated_by = ?3, deactivated_role = ?4 where id = ?1 and state <> ?2",
        params![key, state, by, role],
    )
}

/// Removes one of a partner's own; `NotFound` for any other.
pub fn remove(tx: &Tx<'_>, partner: PartnerId, key: KeyId) -> Result<()> {
    match tx.execute("delete from api_key where id = ?1 and partner = ?2", (key, partner))? {
        1 => Ok(()),
        _ => Err(Error::NotFound),
    }
}

/// Removes every key of an account that is being removed; how many there were.
pub fn remove_of_account(tx: &Tx<'_>, account: AccountId) -> Result<usize> {
    tx.execute("delete from api_key where account = ?1", [account])
}

/// Removes every key of an organization that is being deleted (ORG-8); how many there were.
pub fn remove_of_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute("delete from api_key where organization = ?1", [organization])
}

/// Switches every key off, after a restore that brought them as they once were (OPS-1); how many were on.
pub fn switch_all_off(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("update api_key set state = ?1 where state <> ?1", [StoredState::Deactivated])
}

/// Notes that a script came in with a key.
pub fn touch(tx: &Tx<'_>, key: KeyId) -> Result<()> {
    tx.execute("update api_key set last_used_at = max(coalesce(last_used_at, 0), ?2) where id = ?1", (key, tx.now()))?;
    Ok(())
}
