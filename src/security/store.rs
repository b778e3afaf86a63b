//! The rows of security settings.

use rusqlite::{Row, named_params, params};

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::text;
use crate::kernel::time::Span;
use crate::not_over;
use crate::security::model::{Requirement, SHOWN, Settings, ranges};
use crate::subscriptions::model::over_since;

/// What a partner has set; the defaults while it has set nothing.
pub fn settings(db: &impl Read, partner: PartnerId) -> Result<Settings> {
    let found = db.maybe(
        "select password_length, session_idle, session_longest, inactive_days, browser_letter, addresses
           from security_setting where partner = ?1",
        [partner],
        read,
    )?;
    Ok(found.unwrap_or_default())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Settings> {
    let addresses = row.get_ref(5)?.as_str()?;
    let unknown = |sentence: String| rusqlite::Error::FromSqlConversionFailure(5, rusqlite::types::Type::Text, sentence.into());
    Ok(Settings {
        password_length: row.get(0)?,
        session_idle: Span::minutes(row.get(1)?),
        session_longest: Span::minutes(row.get(2)?),
        inactive_days: row.get(3)?,
        browser_letter: row.get(4)?,
        addresses: ranges(addresses).map_err(unknown)?,
    })
}

/// Keeps what a partner sets.
pub fn keep(tx: &Tx<'_>, partner: PartnerId, settings: &Settings) -> Result<()> {
    let minutes = |span: Span| span.0 / Span::minutes(1).0;
    let addresses: Vec<String> = settings.addresses.iter().map(ToString::to_string).collect();
    tx.change_one(
        "insert into security_setting (partner, password_length, session_idle, session_longest, inactive_days, browser_letter, addresses)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (partner) do update set password_length = ?2, session_idle = ?3, session_longest = ?4, inactive_days = ?5,
                browser_letter = ?6, addresses = ?7",
        params![
            partner,
            settings.password_length,
            minutes(settings.session_idle),
            minutes(settings.session_longest),
            settings.inactive_days,
            settings.browser_letter,
            addresses.join("\n")
        ],
    )
}

/// Organizations inside `scope`, `SHOWN` at most: those that require a second factor, by name, then active ones that do not; and how many
/// require one.
pub fn requirements(db: &impl Read, scope: &Scope) -> Result<(Vec<Requirement>, i64)> {
    const FROM: &str = concat!(
        "partner_ancestor p cross join organization o on o.partner = p.partner
          where p.ancestor = :viewer and o.require_second_factor = 1 and o.deleted_at is null and ",
        in_sight!("o.id")
    );
    let mut shown = db.all(
        &format!("select o.id, o.name, o.require_second_factor from {FROM} order by o.name_key, o.id limit :limit"),
        scope.bind(&[(":limit", &SHOWN)]).as_slice(),
        requirement,
    )?;
    let room = SHOWN - i64::try_from(shown.len()).unwrap_or(SHOWN);
    shown.extend(db.all(
        concat!(
            "select o.id, o.name, o.require_second_factor from organization_listing l cross join organization o on o.id = l.organization
              where l.viewer = :viewer and l.state = 'active' and o.require_second_factor = 0 and ",
            in_sight!("l.organization"),
            " order by l.name_key, l.organization limit :limit"
        ),
        scope.bind(&[(":limit", &room)]).as_slice(),
        requirement,
    )?);
    Ok((shown, db.one(&format!("select count(*) from {FROM}"), scope.bind(&[]).as_slice(), |row| row.get(0))?))
}

/// Organizations inside `scope` whose name or ID contains these words (three characters or more), `SHOWN` at most.
pub fn matching(db: &impl Read, scope: &Scope, words: &str) -> Result<Vec<Requirement>> {
    let Some(query) = text::trigram_query(scope.viewer().0, words) else { return Ok(Vec::new()) };
    db.all(
        concat!(
            "select o.id, o.name, o.require_second_factor from organization_search f cross join organization o on o.id = f.rowid
               cross join organization_listing l on l.viewer = :viewer and l.organization = o.id
              where f.organization_search match :query and o.deleted_at is null and ",
            not_over!("l"),
            " and ",
            in_sight!("o.id"),
            " order by o.name_key, o.id limit :limit"
        ),
        scope.bind(named_params! { ":query": query, ":limit": SHOWN, ":over": over_since(db.now()) }).as_slice(),
        requirement,
    )
}

fn requirement(row: &Row<'_>) -> rusqlite::Result<Requirement> {
    Ok(Requirement { organization: row.get(0)?, name: row.get(1)?, required: row.get(2)? })
}
