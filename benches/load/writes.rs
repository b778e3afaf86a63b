//! Renaming organizations, through the portal and as bare transactions with the same statements.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use portico::organizations::model::Entered;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::client::{CONNECTIONS, Sample, post};
use crate::estate::{ADA, Estate};
use crate::portal::Portal;
use crate::report::{Goal, PageLine, Report, median};
use crate::{Fallible, Options};

/// Organizations that are renamed to and fro, one for each connection.
#[derive(Debug)]
pub struct Renames<'a> {
    portal: &'a Portal,
    organizations: Vec<Mutex<(i64, Entered, String)>>,
    forms: AtomicUsize,
}

impl<'a> Renames<'a> {
    /// So many organizations of Ada's.
    pub fn of(portal: &'a Portal, count: u32) -> Fallible<Self> {
        let organizations = organizations(&portal.folder, count)?;
        let organizations = organizations.into_iter().map(|(id, entered)| Mutex::new((id, entered.clone(), entered.name))).collect();
        Ok(Self { portal, organizations, forms: AtomicUsize::new(0) })
    }

    /// The form that renames this connection's organization once more.
    pub fn next(&self, connection: usize) -> Vec<u8> {
        let Some(place) = self.organizations.get(connection) else { return Vec::new() };
        let Ok(mut organization) = place.lock() else { return Vec::new() };
        let (id, entered, first) = &mut *organization;
        let seen = entered.fingerprint();
        entered.name = if entered.name == *first { format!("{first} & Sons") } else { first.clone() };
        let form = format!("bench-{}-{:020}", std::process::id(), self.forms.fetch_add(1, Ordering::Relaxed));
        let fields = [
            ("form_id", form.as_str()),
            ("seen", &seen),
            ("name", &entered.name),
            ("first_name", &entered.first_name),
            ("last_name", &entered.last_name),
            ("email", &entered.email),
            ("country", &entered.country),
        ];
        post(self.portal.process.address, &format!("/organizations/{id}/settings"), self.portal.lines(ADA), &fields)
    }
}

/// The first active organizations of the large partner's, as their form shows them.
fn organizations(folder: &Path, count: u32) -> Fallible<Vec<(i64, Entered)>> {
    let connection = Connection::open(folder.join("portico.db"))?;
    let mut statement = connection.prepare(
        "select o.id, o.name, o.contact_first_name, o.contact_last_name, o.contact_email, o.country
           from organization_listing l join organization o on o.id = l.organization
          where l.viewer = o.partner and l.state = 'active' order by l.viewer, l.name_key limit ?1",
    )?;
    let rows = statement.query_map([count], |row| {
        let entered =
            Entered { name: row.get(1)?, first_name: row.get(2)?, last_name: row.get(3)?, email: row.get(4)?, country: row.get(5)? };
        Ok((row.get(0)?, entered))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One write after another over 16 connections, beside the bare transaction on the same file.
pub fn measure(options: &Options, report: &mut Report) -> Fallible<()> {
    let (name, size) = ("write: rename an organization, beside a bare rusqlite transaction", 100_000);
    if !options.wants(name) || !options.has(size) {
        return Ok(());
    }
    let portal = Portal::start(Estate::Of(size), &[ADA])?;
    let renames = Renames::of(&portal, u32::try_from(CONNECTIONS)?)?;
    let mut bare = Bare::over(&portal.folder)?;
    let ours = || portal.process.press(CONNECTIONS, options.turn(), 303, &|connection, _| renames.next(connection));
    let (mut all, mut theirs, mut ratios) = (Sample::default(), Sample::default(), Vec::new());
    for round in 0..=options.rounds() {
        let (one, other) = (ours()?, bare.turn(options)?);
        if round > 0 {
            ratios.push(one.rate() / other.rate());
            all.add(one);
            theirs.add(other);
        }
    }
    let ratio = median(ratios);
    report.page(PageLine {
        name: name.into(),
        size,
        bytes: 0,
        portal: all,
        bare: theirs,
        ratio,
        goal: Goal::AtLeast(0.6),
        p99: Goal::None,
    });
    Ok(())
}

/// The portal's statements for a rename, in their order, without anything around them.
struct Bare {
    connection: Connection,
    organization: (i64, String, String),
    turns: usize,
}

const FIND: &str =
    "select o.id, o.partner, p.name, o.name, o.contact_first_name, o.contact_last_name, o.contact_email, o.country, o.created_at,
        o.created_by, s.plan, s.auto_license, s.seats, s.state, s.since, l.users, l.services, l.seats_used
   from organization_listing l cross join organization o on o.id = l.organization
   cross join subscription s on s.organization = l.organization cross join partner p on p.id = o.partner
  where l.viewer = ?1 and l.organization = ?2 and l.state <> 'deleted'";

impl Bare {
    fn over(folder: &Path) -> Fallible<Self> {
        let connection = Connection::open(folder.join("portico.db"))?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(64);
        connection
            .execute_batch("pragma foreign_keys = on; pragma synchronous = full; pragma secure_delete = on; pragma temp_store = memory;")?;
        let (id, entered) = organizations(folder, u32::try_from(CONNECTIONS + 1)?)?.pop().ok_or("no organization")?;
        Ok(Self { connection, organization: (id, entered.name, entered.email), turns: 0 })
    }

    fn turn(&mut self, options: &Options) -> Fallible<Sample> {
        let (begun, mut took) = (Instant::now(), Vec::new());
        while begun.elapsed() < options.turn() {
            let one = Instant::now();
            self.rename()?;
            took.push(one.elapsed());
        }
        Ok(Sample { took, span: begun.elapsed(), ..Sample::default() })
    }

    fn rename(&mut self) -> Fallible<()> {
        self.turns += 1;
        let (id, first, email) = &self.organization;
        let name = if self.turns % 2 == 1 { format!("{first} & Sons") } else { first.clone() };
        let key = name.to_lowercase();
        let search = format!("{key}\n{id}\n{email}");
        let form = format!("bare form {}", self.turns).into_bytes();
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let seen = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Fallible<Option<i64>> {
            let mut statement = tx.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            Ok(match rows.next()? {
                Some(row) => row.get(0)?,
                None => None,
            })
        };
        let change = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Fallible<usize> { Ok(tx.prepare_cached(sql)?.execute(params)?) };
        seen("select answered_at, location, alert from form_answer where form_hash = ?1", params![form])?;
        seen(FIND, params![1, id])?;
        seen("select id from organization where partner = ?1 and contact_email_key = ?2 and deleted_at is null", params![1, email])?;
        change(
            "update organization set contact_first_name = contact_first_name, contact_last_name = contact_last_name,
                    contact_email = contact_email, contact_email_key = contact_email_key, country = country
              where id = ?1 and deleted_at is null",
            params![id],
        )?;
        seen("select id from organization where partner = ?1 and name_key = ?2 and deleted_at is null", params![1, key])?;
        change("update organization set name = ?2, name_key = ?3 where id = ?1 and deleted_at is null", params![id, name, key])?;
        change(
            "update organization_listing as l
                set (name_key, plan, state) =
                    (select o.name_key, s.plan, s.state from organization o join subscription s on s.organization = o.id where o.id = ?1),
                    users = (select count(*) from organization_user u where u.organization = ?1),
                    (services, seats_used) =
                    (select count(*), coalesce(sum(a.seats_used), 0) from saas_account a where a.organization = ?1)
              where l.organization = ?1",
            params![id],
        )?;
        seen("select count(distinct domain) from saas_account where organization = ?1", params![id])?;
        seen(
            "select o.partner, s.state, o.name, o.contact_first_name, o.contact_last_name, o.contact_email
               from organization o join subscription s on s.organization = o.id where o.id = ?1",
            params![id],
        )?;
        seen("select ancestor from partner_ancestor where partner = ?1 order by depth", params![1])?;
        change("update organization set search = ?2 where id = ?1 and search <> ?2", params![id, search])?;
        seen(FIND, params![1, id])?;
        let last = seen("select seq, hash from activity order by seq desc limit 1", params![])?.unwrap_or(0);
        change(
            "insert into activity (seq, at, partner, organization, actor_account, actor, actor_roles, address, kind,
                                   target_kind, target_id, target_name, sentence, changes, hash)
             values (?1, 0, 1, ?2, null, 'Ada Lane (ada@large.example)', 'Primary account', '127.0.0.1', 'organization.renamed',
                     'organization', ?2, ?3, ?4, ?5, zeroblob(32))",
            params![
                last + 1,
                id,
                name,
                format!("renamed the organization {first} to {name}"),
                format!("[[\"Organization name\",{first:?},{name:?}]]")
            ],
        )?;
        change(
            "insert into form_answer (form_hash, body_hash, location, alert, answered_at) values (?1, zeroblob(32), ?2, ?3, 0)",
            params![form, format!("/organizations/{id}"), format!("{{\"tone\":\"good\",\"text\":\"Saved the settings of {name}.\"}}")],
        )?;
        tx.commit()?;
        Ok(())
    }
}
