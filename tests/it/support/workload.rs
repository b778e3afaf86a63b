//! What a portal does on an ordinary day, step by step, each with what it promised once it was acknowledged; and the look whether a
//! file is whole and keeps those promises.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use portico::access::roles_model::{EndpointAccess, OrganizationAccess};
use portico::access::witness_model::{Clockwork, Manager, Operator};
use portico::accounts::model::{Details, Invitation};
use portico::activity;
use portico::imports;
use portico::imports::model::File;
use portico::kernel::db::{Db, Read as _, Tx};
use portico::kernel::error::{Error, Result};
use portico::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use portico::kernel::secret::Vault;
use portico::kernel::text::{Email, FirmName, PersonName};
use portico::kernel::time::Clock;
use portico::organizations::model::Backups;
use portico::users::model::{FullAdministrator, NewUser};
use portico::{organizations, saas, users};
use rusqlite::Connection;
use tempfile::TempDir;

use super::disk::Disk;
use super::portal::{KEY, Portal, START};
use super::saas::account;

/// So many SaaS accounts wait to be linked.
const SPARE: i64 = 12;
/// So many organizations, and users, come with each import.
const ROWS: i64 = 12;

/// The database that every run begins with: the firm, and SaaS accounts that nobody has linked.
pub fn template() -> &'static Path {
    static TEMPLATE: OnceLock<(Portal, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let portal = Portal::firm();
        for number in 0..SPARE {
            account(&portal, 70_000 + number, &format!("Spare {number:02}")).put(&portal);
        }
        portal.db().checkpoint().expect("its log is emptied");
        let path = portal.db().path().to_owned();
        (portal, path)
    });
    path
}

/// A portal on this disk.
pub fn portal_on(disk: &Disk) -> Portal {
    Portal::on_disk(template(), disk.folder())
}

/// The portal's day so far.
pub struct Day {
    pub portal: Portal,
    number: i64,
    /// Conditions that hold for good once their step was acknowledged.
    promises: Vec<String>,
    /// The marks of the commits that were acknowledged, oldest first.
    marks: Vec<i64>,
}

impl Day {
    pub fn begin(portal: Portal) -> Self {
        let mut day = Self { portal, number: 0, promises: Vec::new(), marks: Vec::new() };
        day.note_mark();
        day
    }

    fn note_mark(&mut self) {
        let mark = self.portal.db().read(|db| Ok(db.connection().pragma_query_value(None, "user_version", |row| row.get(0))?));
        self.marks.push(mark.expect("reads go on"));
    }

    /// The next step; `Ok` acknowledges it. A failed step is not tried again: the next one is another.
    pub fn step(&mut self) -> Result<()> {
        self.number += 1;
        let promised = match self.number % 6 {
            1 => self.link(),
            2 => self.import(),
            3 => self.invite(),
            4 => self.delete(Backups::Purge),
            5 => self.letters(),
            _ => self.rename(),
        }?;
        self.promises.extend(promised);
        self.note_mark();
        Ok(())
    }

    fn db(&self) -> &Db {
        self.portal.db()
    }

    fn create(&self, tx: &Tx<'_>) -> Result<(String, OrganizationId)> {
        let name = format!("Day {} Firm", self.number);
        let id = organizations::actions::create(tx, &by(), &FirmName::parse(&name).map_err(Error::refused)?)?;
        Ok((name, id))
    }

    /// A new organization with a SaaS account.
    fn link(&self) -> Result<Vec<String>> {
        self.db().write(|tx| {
            let (name, id) = self.create(tx)?;
            let spare = spare(tx)?;
            saas::actions::link(tx, &by(), id, &[spare])?;
            Ok(vec![format!(
                "exists (select 1 from saas_account a join organization o on o.id = a.organization where o.name = '{name}' and a.id = {})",
                spare.0
            )])
        })
    }

    /// Files with organizations and their users, staged, indexed ahead and moved in.
    fn import(&self) -> Result<Vec<String>> {
        let mut firms = "name,contact_first_name,contact_last_name,contact_email,country,plan,auto_license,seats\n".to_owned();
        let mut people = "organization,first_name,last_name,email,country_code,mobile_phone,access,endpoint_access\n".to_owned();
        for row in 0..ROWS {
            let firm = format!("Import {} Firm {row}", self.number);
            writeln!(firms, "{firm},Jo,Doe,jo{row}@import{}.example,DE,backup,yes,", self.number).expect("text");
            writeln!(people, "{firm},Una,Person{row},una{row}@import{}.example,49,1701234567,,", self.number).expect("text");
        }
        let files = [("organizations.csv", firms.as_bytes()), ("users.csv", people.as_bytes())];
        let files = files.map(|(name, bytes)| File { name, bytes });
        let import = imports::actions::stage(self.db(), &by(), &files, &mut |_, _| {})?;
        imports::actions::index_ahead(self.db(), &by(), import)?;
        self.db().write(|tx| imports::actions::carry_out(tx, &by(), import, Invitation::Later))?;
        Ok(vec![
            format!("(select count(*) from organization where name like 'Import {} Firm %') = {ROWS}", self.number),
            format!("(select count(*) from identity where email_key like '%@import{}.example') = {ROWS}", self.number),
        ])
    }

    /// Users with their letters.
    fn invite(&self) -> Result<Vec<String>> {
        self.db().write(|tx| {
            let (name, id) = self.create(tx)?;
            let people = [self.person("una")?, self.person("ulf")?];
            users::actions::add(tx, &by(), id, &people, Invitation::Send)?;
            Ok(vec![format!(
                "(select count(*) from letter m join organization o on o.id = m.organization where o.name = '{name}') = {}",
                people.len()
            )])
        })
    }

    fn person(&self, name: &str) -> Result<NewUser> {
        let details = Details {
            first_name: PersonName::parse(name).map_err(Error::refused)?,
            last_name: PersonName::parse("Person").map_err(Error::refused)?,
            email: Email::parse(&format!("{name}@day{}.example", self.number)).map_err(Error::refused)?,
            country_code: None,
            mobile_phone: None,
        };
        Ok(NewUser {
            details,
            access: OrganizationAccess::Full,
            endpoint_access: EndpointAccess::NoAccess,
            full_administrator: FullAdministrator::No,
        })
    }

    /// An organization with everything comes, and goes in a second transaction.
    fn delete(&self, backups: Backups) -> Result<Vec<String>> {
        let (name, id) = self.db().write(|tx| {
            let (name, id) = self.create(tx)?;
            saas::actions::link(tx, &by(), id, &[spare(tx)?])?;
            users::actions::add(tx, &by(), id, &[self.person("una")?], Invitation::Send)?;
            Ok((name, id))
        })?;
        self.db().write(|tx| organizations::deletion_actions::delete(tx, &by(), id, backups, &name))?;
        Ok(vec![format!("(select deleted_at is not null from organization where name = '{name}')")])
    }

    /// The jobs hand letters over; after that the log is moved into the file.
    fn letters(&self) -> Result<Vec<String>> {
        self.portal.run_jobs();
        self.db().checkpoint()?;
        let delivered: i64 = self.db().read(|db| db.one("select count(*) from letter where state = 'delivered'", [], |row| row.get(0)))?;
        // A later deletion takes letters away; those of this day's invitations stay.
        let kept = self.db().read(|db| {
            db.one(
                "select count(*) from letter m join organization o on o.id = m.organization where m.state = 'delivered' and o.deleted_at is null",
                [],
                |row| row.get::<_, i64>(0),
            )
        })?;
        assert!(usize::try_from(delivered).expect("a number") <= self.portal.left.lock().expect("letters").len(), "sent at least once");
        Ok(vec![format!("(select count(*) from letter where state = 'delivered') >= {kept}")])
    }

    fn rename(&self) -> Result<Vec<String>> {
        let name = format!("Renamed on day {}", self.number);
        self.db().write(|tx| {
            let (_, id) = self.create(tx)?;
            organizations::actions::rename(tx, &by(), id, &FirmName::parse(&name).map_err(Error::refused)?)
        })?;
        Ok(vec![format!("exists (select 1 from organization where name = '{name}')")])
    }

    /// The file at this path is whole and keeps what was promised; nothing newer than the last acknowledged commit but the one that
    /// was under way is in it.
    #[track_caller]
    pub fn is_kept_by(&self, path: &Path, context: &str) {
        let raw = Connection::open(path).expect("the file opens");
        let mark: i64 = raw.pragma_query_value(None, "user_version", |row| row.get(0)).expect("its mark");
        let newest = self.marks.last().expect("one at least");
        assert!(mark == *newest || !self.marks.contains(&mark), "{context}: the last commits were lost");
        drop(raw);
        is_whole(path, context);
        let raw = Connection::open(path).expect("the file opens");
        for promise in &self.promises {
            let kept: bool = raw.query_row(&format!("select {promise}"), [], |row| row.get(0)).expect("an answer");
            assert!(kept, "{context}: {promise}");
        }
    }
}

/// Who does all this.
pub fn by() -> Manager {
    Manager::operator(&Operator::of_this_machine(), PartnerId(1))
}

/// An account that waits to be linked.
fn spare(tx: &Tx<'_>) -> Result<SaasAccountId> {
    tx.one("select id from saas_account where organization is null and purged_at is null order by vendor_id limit 1", [], |row| row.get(0))
}

/// Each counts what there must be none of.
const NOTHING: &[(&str, &str)] = &[
    ("a count that is not what is counted", 
     "(select viewer, state, count(*) as counted from organization_listing group by 1, 2) l
        full join (select * from organization_count where count <> 0) c on c.viewer = l.viewer and c.state = l.state
       where c.count is not l.counted"),
    ("a listing that is not what is listed",
     "organization_listing l join organization o on o.id = l.organization join subscription s on s.organization = o.id
       where l.users <> (select count(*) from organization_user u where u.organization = o.id)
          or l.services <> (select count(*) from saas_account a where a.organization = o.id)
          or l.seats_used <> (select coalesce(sum(a.seats_used), 0) from saas_account a where a.organization = o.id)
          or l.state <> s.state or l.name_key <> o.name_key"),
    ("an organization that is not listed",
     "organization o join partner_ancestor p on p.partner = o.partner
       where not exists (select 1 from organization_listing l where l.viewer = p.ancestor and l.organization = o.id)"),
    ("an organization that cannot be found", "organization where id not in (select id from organization_search_docsize)"),
    ("an account that cannot be found", "account where id not in (select id from account_search_docsize)"),
    ("an organization without its event",
     "organization o where name like 'Day %' and not exists
        (select 1 from activity v where v.kind = 'organization.created' and v.organization = o.id)"),
    ("a deletion without its event",
     "organization o where deleted_at is not null and not exists
        (select 1 from activity v where v.kind = 'organization.deleted' and v.organization = o.id)"),
    ("something left of a deleted organization",
     "organization o where deleted_at is not null and (exists (select 1 from account a where a.organization = o.id)
        or exists (select 1 from letter m where m.organization = o.id) or exists (select 1 from saas_account a where a.organization = o.id))"),
    ("a rename without its event",
     "organization o where name like 'Renamed %' and not exists
        (select 1 from activity v where v.kind = 'organization.renamed' and v.organization = o.id)"),
    ("a link without its event",
     "saas_account a where organization is not null and not exists
        (select 1 from activity v where v.kind = 'saas_account.linked' and v.target_id = a.id)"),
    ("an event whose change is not there",
     "activity v where v.kind = 'organization.created' and not exists (select 1 from organization o where o.id = v.organization)"),
    ("an invited user without a letter",
     "account a where state = 'invited' and not exists (select 1 from letter m where m.account = a.id)"),
    ("an invited user without an event",
     "account a where state = 'invited' and not exists
        (select 1 from activity v where v.kind = 'user.added' and v.target_id = a.id)"),
    ("a letter without its cause", "letter m where m.kind <> 'notice' and not exists (select 1 from account a where a.id = m.account and a.state = 'invited')"),
    ("half an import",
     "(select substr(name, 1, instr(name, ' Firm')) as import, count(*) as came from organization where name like 'Import %' group by 1)
       where came <> 12"),
    ("an import without its event", "import i where state = 'done' and not exists (select 1 from activity v where v.target_id = i.id)"),
    ("an import's users without its organizations",
     "identity i where email_key like '%.example' and email_key like '%@import%'
        and (select count(*) from account a where a.identity = i.id and a.organization is not null) <> 1"),
];

/// Opens a file as the portal would and looks at everything that must agree.
#[track_caller]
pub fn is_whole(path: &Path, context: &str) {
    let db = Db::open(path, Clock::manual(START), Vault::new(KEY)).unwrap_or_else(|error| panic!("{context}: it does not open: {error}"));
    activity::actions::verify(&db, &Clockwork::ticking()).unwrap_or_else(|error| panic!("{context}: {error}"));
    let bad = db.read(|db| activity::store::last_check(db)).expect("the check").expect("a check").first_bad;
    assert_eq!(bad, None, "{context}: the chain does not verify");
    drop(db);
    let raw = Connection::open(path).expect("the file opens");
    let fine: String = raw.query_row("pragma integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(fine, "ok", "{context}");
    let dangling: i64 = raw.query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(dangling, 0, "{context}: references to nothing");
    for (what, rows) in NOTHING {
        let found: i64 = raw.query_row(&format!("select count(*) from {rows}"), [], |row| row.get(0)).expect(rows);
        assert_eq!(found, 0, "{context}: {what}");
    }
    for table in ["organization", "account"] {
        raw.execute(&format!("insert into {table}_search ({table}_search) values ('integrity-check')"), []).expect("a sound index");
    }
}

/// The database file in a folder that a disk left.
pub fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("portico.db")
}
