//! Harbor MSP with something of everything in each of four tenants, each text marked with a word of its tenant's own.

use std::path::PathBuf;
use std::sync::OnceLock;

use portico::accounts::store::tags;
use portico::kernel::db::{Db, Read as _, Tx};
use portico::kernel::error::Result;
use portico::kernel::ids::PartnerId;
use portico::kernel::month::Month;
use portico::kernel::random::Tokens;
use portico::kernel::secret::{Vault, token_hash};
use portico::kernel::text;
use portico::kernel::time::{Clock, Span};
use rusqlite::params;
use tempfile::TempDir;

use super::people::*;
use super::portal::{KEY, Portal, START, firm_template, temporary_folder};

/// One tenant: an organization with what hangs on it, at a partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tenant {
    /// Its number; ids of its things end with it.
    pub number: i64,
    /// The partner.
    pub partner: i64,
    /// The organization.
    pub organization: i64,
    /// Stands in every text of this tenant and nowhere else.
    pub word: &'static str,
}

/// Olu's, at Harbor MSP.
pub const ALDERINE: Tenant = Tenant { number: 1, partner: 1, organization: ALDER_ID, word: "Alderine" };
/// Nia's, at Harbor MSP.
pub const BIRCHINE: Tenant = Tenant { number: 2, partner: 1, organization: BIRCH_ID, word: "Birchine" };
/// Mallory's and Carl's, at Tidewater IT.
pub const CEDARINE: Tenant = Tenant { number: 3, partner: 2, organization: CEDAR_ID, word: "Cedarine" };
/// Quinn's, at Quay Systems.
pub const DOGWOODINE: Tenant = Tenant { number: 4, partner: 3, organization: DOGWOOD_ID, word: "Dogwoodine" };
/// The secret of every tenant's key.
pub const SECRET: &str = "sk_of_every_tenant";
/// All four.
pub const TENANTS: [Tenant; 4] = [ALDERINE, BIRCHINE, CEDARINE, DOGWOODINE];

impl Tenant {
    /// A SaaS account linked to the organization.
    pub const fn linked(self) -> i64 {
        410_000_000_000_000 + self.number
    }
    /// A SaaS account of the partner, linked to nothing.
    pub const fn unlinked(self) -> i64 {
        420_000_000_000_000 + self.number
    }
    /// A device linked to the organization.
    pub const fn device(self) -> i64 {
        411_000_000_000_000 + self.number
    }
    /// A device of the partner, linked to nothing.
    pub const fn spare_device(self) -> i64 {
        421_000_000_000_000 + self.number
    }
    /// An invited user of the organization.
    pub const fn invited(self) -> i64 {
        430_000_000_000_000 + self.number
    }
    /// That user's welcome letter.
    pub const fn letter(self) -> i64 {
        440_000_000_000_000 + self.number
    }
    /// The set-up link in it.
    pub const fn link(self) -> i64 {
        450_000_000_000_000 + self.number
    }
    /// An import whose preview is ready.
    pub const fn import(self) -> i64 {
        460_000_000_000_000 + self.number
    }
    /// A seat of the linked account.
    pub const fn seat(self) -> i64 {
        470_000_000_000_000 + self.number
    }
    /// An e-mail that another product of the partner uses.
    pub const fn address(self) -> i64 {
        480_000_000_000_000 + self.number
    }
    /// A key of the partner's, for the organization alone.
    pub const fn key(self) -> i64 {
        490_000_000_000_000 + self.number
    }
    /// A transfer of the unlinked account, to a Partner ID that is none.
    pub const fn transfer(self) -> i64 {
        497_000_000_000_000 + self.number
    }
    /// A network linked to the organization.
    pub const fn network(self) -> i64 {
        498_000_000_000_000 + self.number
    }
    /// An endpoint agent of the organization.
    pub const fn agent(self) -> i64 {
        498_600_000_000_000 + self.number
    }
    /// A file restore from it that waits.
    pub const fn file_restore(self) -> i64 {
        498_800_000_000_000 + self.number
    }
    /// Its dataset.
    pub const fn dataset(self) -> i64 {
        498_700_000_000_000 + self.number
    }
    /// A network of the partner, linked to nothing.
    pub const fn spare_network(self) -> i64 {
        498_500_000_000_000 + self.number
    }
    /// Something that was asked for on the linked device, and waits for approval.
    pub const fn task(self) -> i64 {
        498_000_000_000_000 + self.number
    }
    /// An offsite audit of the linked device.
    pub const fn audit(self) -> i64 {
        499_000_000_000_000 + self.number
    }
    /// Its public part.
    pub fn public_key(self) -> String {
        format!("pk_{}", self.word.to_lowercase())
    }
    /// An access group of the partner that holds the organization alone.
    pub const fn group(self) -> i64 {
        495_000_000_000_000 + self.number
    }
    /// Who is in it: somebody of the staff who sees no organization in any case, or all of them.
    pub const fn member(self) -> Member {
        match self.partner {
            1 => SID,
            2 => PIA,
            _ => QUINN,
        }
    }
    /// The token of the set-up link.
    pub fn token(self) -> String {
        format!("{:A>43}", self.number)
    }
}

impl Portal {
    /// Harbor MSP with something of everything in each tenant.
    pub fn estate() -> Self {
        static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
        let (_, path) = TEMPLATE.get_or_init(|| {
            let folder = temporary_folder();
            let path = folder.path().join("portico.db");
            std::fs::copy(firm_template(), &path).expect("a copy");
            let db = Db::open(&path, Clock::manual(START), Vault::new(KEY)).expect("a database");
            db.write(|tx| TENANTS.iter().try_for_each(|tenant| furnish(tx, *tenant))).expect("the tenants' things");
            db.checkpoint().expect("its log is emptied");
            drop(db);
            (folder, path)
        });
        Self::from_copy_of(path)
    }
}

fn furnish(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    contact(tx, tenant)?;
    saas_account(tx, tenant, tenant.linked(), true)?;
    saas_account(tx, tenant, tenant.unlinked(), false)?;
    reports(tx, tenant)?;
    device(tx, tenant, tenant.device(), true)?;
    device(tx, tenant, tenant.spare_device(), false)?;
    task(tx, tenant)?;
    audit(tx, tenant)?;
    invited_user(tx, tenant)?;
    letter(tx, tenant)?;
    import(tx, tenant)?;
    address(tx, tenant)?;
    key(tx, tenant)?;
    group(tx, tenant)?;
    receipt(tx, tenant)?;
    billed(tx, tenant)?;
    transfer(tx, tenant)?;
    endpoint_agent(tx, tenant)?;
    network(tx, tenant, tenant.network(), true)?;
    network(tx, tenant, tenant.spare_network(), false)?;
    event(tx, tenant)
}

/// A receipt that says the word, as if the organization had been purged.
fn receipt(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    tx.change_one(
        "insert into receipt (organization, partner, due_at, done_at, done_by, event, users, api_keys) values (?1, ?2, ?3, ?3, ?4, 1, 0, 0)",
        params![tenant.organization, tenant.partner, tx.now(), format!("Purger {}", tenant.word)],
    )
}

/// What the partner's billing system says of the month that runs, under a name that was matched by hand.
fn billed(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    tx.execute(
        "insert or ignore into billed_row (partner, month, name_key, name, quantity) values (?1, ?2, 'there', 'There', 3)",
        params![tenant.partner, Month::of(tx.now())],
    )?;
    tx.execute(
        "insert or ignore into billing_name (partner, name_key, name, organization) values (?1, 'there', 'There', ?2)",
        params![tenant.partner, tenant.organization],
    )?;
    Ok(())
}

/// A transfer that nobody but its holder knows of.
fn transfer(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    tx.change_one(
        "insert into transfer (id, partner, receiver_id, saas_account, name, asked_by, asked_at, state)
         values (?1, ?2, 'P-00000000', ?3, ?4, ?5, ?6, 'waiting')",
        params![
            tenant.transfer(),
            tenant.partner,
            tenant.unlinked(),
            format!("{} Spare", tenant.word),
            format!("Actor {}", tenant.word),
            tx.now()
        ],
    )
}

/// An agent with a dataset and a backup that say the word.
fn endpoint_agent(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let host = format!("{} laptop", tenant.word);
    tx.change_one(
        "insert into endpoint_agent (id, partner, organization, uuid, short_code, hostname, name_key, last_snapshot, last_backup, strip, created_at, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 'g', ?8, ?7)",
        params![
            tenant.agent(),
            tenant.partner,
            tenant.organization,
            format!("agent-{}", tenant.word),
            format!("EP{}", tenant.agent()),
            host,
            text::key(&host),
            tx.now()
        ],
    )?;
    tx.change_one(
        "insert into endpoint_dataset (id, partner, agent, asset_uuid, name, protected_volume, created_at) values (?1, ?2, ?3, ?4, ?5, 'C:', ?6)",
        params![tenant.dataset(), tenant.partner, tenant.agent(), format!("asset-{}", tenant.word), host, tx.now()],
    )?;
    tx.change_one(
        "insert into endpoint_backup (partner, dataset, number, at, success) values (?1, ?2, 0, ?3, 1)",
        params![tenant.partner, tenant.dataset(), tx.now()],
    )?;
    tx.change_one(
        "insert into file_restore (id, partner, organization, agent, dataset, recovery_point, path, note, state, asked_by, asked_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', 'requested', 'Ulla', ?6)",
        params![
            tenant.file_restore(),
            tenant.partner,
            tenant.organization,
            tenant.agent(),
            tenant.dataset(),
            tx.now(),
            format!("{} plan.docx", tenant.word)
        ],
    )
}

/// A network that says the word.
fn network(tx: &Tx<'_>, tenant: Tenant, id: i64, linked: bool) -> Result<()> {
    let name = format!("{} {}", tenant.word, if linked { "LAN" } else { "Spare LAN" });
    let (host, serial) = (format!("dna-{}", tenant.word.to_lowercase()), format!("DNA{id}"));
    tx.change_one(
        "insert into network (id, partner, organization, name, name_key, group_name, dna_hostname, dna_serial, serial_key, linked_at,
                              unlinked_reason, unlinked_at, created_at, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            id,
            tenant.partner,
            linked.then_some(tenant.organization),
            name,
            text::key(&name),
            format!("{}{} Branch", tenant.word, if linked { "" } else { " Spare" }),
            host,
            serial,
            text::key(&serial),
            linked.then_some(tx.now()),
            (!linked).then_some("never_linked"),
            (!linked).then_some(tx.now()),
            tx.now(),
            text::key(&format!("{name} {host} {serial}"))
        ],
    )
}

/// An e-mail and a product that say the word.
fn address(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let (email, product) = (format!("jo@{}.example", tenant.word.to_lowercase()), format!("{} Tickets", tenant.word));
    tx.change_one(
        "insert into other_product_address (id, partner, email, email_key, product, product_key, created_at) values (?1, ?2, ?3, ?3, ?4, ?5, ?6)",
        params![tenant.address(), tenant.partner, email, product, text::key(&product), tx.now()],
    )
}

/// An active key of the partner's primary account that says the word, and whose secret is `SECRET`.
fn key(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let account: i64 =
        tx.one("select account from employee where partner = ?1 and role = 'primary_account'", [tenant.partner], |row| row.get(0))?;
    let public = tenant.public_key();
    tx.change_one(
        "insert into api_key (id, partner, organization, account, name, public_key, secret_hash, state, expires_at, created_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'active', ?8, ?9)",
        params![
            tenant.key(),
            tenant.partner,
            tenant.organization,
            account,
            format!("{} Nightly", tenant.word),
            public,
            portico::keys::secret_model::hash(tx.vault(), &public, SECRET),
            tx.now() + Span::days(90),
            tx.now()
        ],
    )
}

/// A group whose name says the word, with one organization and one employee.
fn group(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let (id, name) = (tenant.group(), format!("{} Group", tenant.word));
    tx.change_one(
        "insert into access_group (id, partner, name, name_key, created_at) values (?1, ?2, ?3, ?4, ?5)",
        params![id, tenant.partner, name, text::key(&name), tx.now()],
    )?;
    tx.change_one(
        "insert into access_group_organization (access_group, organization, partner) values (?1, ?2, ?3)",
        (id, tenant.organization, tenant.partner),
    )?;
    let member = tenant.member().account;
    tx.change_one("insert into access_group_member (account, access_group, partner) values (?1, ?2, ?3)", (member, id, tenant.partner))?;
    tx.execute("update employee set limited = 1 where account = ?1", [member]).map(drop)
}

/// The organization says the word in its name and contact.
fn contact(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let (word, id) = (tenant.word, tenant.organization);
    let name: String = tx.one("select name from organization where id = ?1", [id], |row| row.get(0))?;
    let name = format!("{name} {word}");
    let email = format!("contact@{}.example", word.to_lowercase());
    tx.change_one(
        "update organization set name = ?2, name_key = ?3, search = ?4, contact_first_name = ?5, contact_last_name = 'Contact',
                contact_email = ?6, contact_email_key = ?6 where id = ?1",
        params![id, name, text::key(&name), text::key(&format!("{name} {id} {email}")), word, email],
    )?;
    tx.execute(
        "update organization_listing set name_key = ?2, services = 1, seats_used = 1 where organization = ?1",
        params![id, text::key(&name)],
    )?;
    Ok(())
}

fn saas_account(tx: &Tx<'_>, tenant: Tenant, id: i64, linked: bool) -> Result<()> {
    let name = format!("{} {}", tenant.word, if linked { "Mail" } else { "Spare" });
    let domain = format!("{}{}.example", tenant.word.to_lowercase(), if linked { "" } else { "-spare" });
    let search = text::key(&format!("{name} {domain} {id} microsoft 365 office 365"));
    tx.change_one(
        "insert into saas_account (id, partner, organization, vendor_id, name, name_key, domain, domain_key, product, seats_used, linked_at,
                                   unlinked_reason, unlinked_at, as_of, health, severity, created_at, tags, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'microsoft_365', 1, ?9, ?10, ?14, ?11, 'no_data', 0, ?11, ?12, ?13)",
        params![
            id,
            tenant.partner,
            linked.then_some(tenant.organization),
            50_000 + id % 1_000 + if linked { 0 } else { 500 },
            name,
            text::key(&name),
            domain,
            text::key(&domain),
            linked.then_some(tx.now()),
            (!linked).then_some("never_linked"),
            tx.now(),
            tags(tx, PartnerId(tenant.partner))?,
            search,
            (!linked).then_some(tx.now())
        ],
    )
}

fn device(tx: &Tx<'_>, tenant: Tenant, id: i64, linked: bool) -> Result<()> {
    let name = format!("{}-{}", tenant.word.to_lowercase(), if linked { "siris" } else { "spare" });
    let serial = format!("{}{}", tenant.word.to_uppercase(), if linked { "D1" } else { "D2" });
    tx.change_one(
        "insert into device (id, partner, organization, serial, serial_key, name, name_key, last_seen, hidden, tickets, agents, shares, alerts,
                             web_address, linked_at, unlinked_reason, unlinked_at, created_at, search, as_of, active_assets)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 1, 0, 0, ?9, ?10, ?11, ?12, ?8, ?13, ?8, ?14)",
        params![
            id,
            tenant.partner,
            linked.then_some(tenant.organization),
            serial,
            text::key(&serial),
            name,
            text::key(&name),
            tx.now(),
            format!("https://{name}.example/"),
            linked.then_some(tx.now()),
            (!linked).then_some("never_linked"),
            (!linked).then_some(tx.now()),
            format!("{}\n{}", text::key(&name), text::key(&serial)),
            i64::from(linked)
        ],
    )?;
    if !linked {
        return Ok(());
    }
    // It never checks in again, and nobody wants to hear of that.
    for (number, rule) in [(1, "seen_warn"), (2, "seen_fail")] {
        tx.change_one(
            "insert into alert_rule (id, partner, organization, rule, threshold, unit, told) values (?1, ?2, ?3, ?4, 20, 'hours', 'nobody')",
            params![413_000_000_000_000 + 10 * tenant.number + number, tenant.partner, tenant.organization, rule],
        )?;
    }
    let asset = 412_000_000_000_000 + tenant.number;
    tx.change_one(
        "insert into asset (id, partner, device, volume, vendor_id, kind, name, name_key, protected_count, unprotected_count, protected_names,
                            unprotected_names, paused, archived, local_snapshots)
         values (?1, ?2, ?3, ?4, ?5, 'agent', ?6, ?7, 1, 0, 'C', '', 0, 0, 0)",
        params![asset, tenant.partner, id, format!("{:032x}", tenant.number), tenant.number, format!("{} server", tenant.word), text::key(tenant.word)],
    )?;
    tx.change_one(
        "insert into asset_backup (asset, place, at, status, error, verification_errors) values (?1, 0, ?2, 'failure', ?3, '[]')",
        params![asset, tx.now(), format!("{} was away", tenant.word)],
    )?;
    // A good one before it, to restore from.
    tx.change_one(
        "insert into asset_backup (asset, place, at, status, verification_errors) values (?1, 1, ?2, 'success', '[]')",
        params![asset, tx.now() - Span::hours(1)],
    )
}

/// An audit of the day before, in which an agent stands that says the word.
fn audit(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    use portico::audits::model::{Dataset, Report};
    let dataset = Dataset {
        name: format!("{} Attic", tenant.word),
        volume: format!("{:032x}", 900 + tenant.number),
        local_points: 3,
        newest_local: None,
        newest_offsite: None,
        points: Vec::new(),
        paused: false,
    };
    let report =
        Report { offsite_bytes: None, local_kb: None, as_of: None, counted: 1, datasets: vec![dataset], orphans: Vec::new(), before: None };
    tx.change_one(
        "insert into offsite_audit (id, partner, organization, device, day, made_at, made_by, report, device_name, device_serial)
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, name, serial from device where id = ?4",
        params![
            tenant.audit(),
            tenant.partner,
            tenant.organization,
            tenant.device(),
            tx.now().utc_day() - 1,
            tx.now() - Span::days(1),
            format!("Auditor {}", tenant.word),
            serde_json::to_string(&report)?
        ],
    )
}

fn task(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    tx.change_one(
        "insert into device_task (id, partner, organization, device, device_name, device_serial, kind, note, search, disaster_recovery, state,
                                  asked_by, asked_at)
         select ?1, ?2, ?3, ?4, name, serial, 'local_data', ?5, lower(name || ' ' || serial || ' ' || ?6 || ' ' || ?5), 0, 'waiting', ?6, ?7
           from device where id = ?4",
        params![
            tenant.task(),
            tenant.partner,
            tenant.organization,
            tenant.device(),
            format!("Delete what {} does not need", tenant.word),
            format!("Asker {}", tenant.word),
            tx.now()
        ],
    )
}

fn reports(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let name = format!("{} Seat", tenant.word);
    tx.change_one(
        "insert into seat (id, partner, saas_account, main_id, name, name_key, seat_type, state, state_since, billable)
         values (?1, ?2, ?3, ?4, ?5, ?6, 'User', 'Active', ?7, 1)",
        params![
            tenant.seat(),
            tenant.partner,
            tenant.linked(),
            format!("seat@{}.example", tenant.word.to_lowercase()),
            name,
            text::key(&name),
            tx.now()
        ],
    )?;
    tx.change_one("update saas_account set seats_active = 1, seats_billable = 1 where id = ?1", [tenant.linked()])?;
    let today = tx.now().utc_day();
    for day in today - 9..=today {
        let begins = portico::kernel::time::Timestamp::of_utc_day(day);
        tx.change_one(
            "insert into backup_day (saas_account, application, day, window_start, window_end, total_services, active_services,
                                     backed_services, perfect_services, status)
             values (?1, 'Exchange', ?2, ?3, ?4, 1, 1, 1, 1, 'Perfect')",
            params![tenant.linked(), day, begins, tx.now()],
        )?;
    }
    tx.change_one("insert into saas_application (saas_account, application, used_bytes) values (?1, 'Exchange', 1000)", [tenant.linked()])
}

fn invited_user(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let (id, identity) = (tenant.invited(), tenant.invited() + 500);
    let email = format!("ulla@{}.example", tenant.word.to_lowercase());
    tx.change_one(
        "insert into identity (id, partner, email, email_key, created_at) values (?1, ?2, ?3, ?3, ?4)",
        params![identity, tenant.partner, email, tx.now()],
    )?;
    tx.change_one(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, state, since, invited_until, created_at, tags, search)
         values (?1, ?2, ?3, ?4, 'Ulla', ?5, ?6, 'invited', ?7, ?8, ?7, ?9, ?10)",
        params![
            id,
            tenant.partner,
            identity,
            tenant.organization,
            tenant.word,
            text::key(&format!("{} Ulla", tenant.word)),
            tx.now(),
            tx.now() + portico::access::state_model::SET_UP_WITHIN,
            tags(tx, PartnerId(tenant.partner))?,
            text::key(&format!("Ulla {} {email}", tenant.word))
        ],
    )?;
    tx.change_one(
        "insert into organization_user (account, partner, organization, access, endpoint_access) values (?1, ?2, ?3, 'full', 'none')",
        (id, tenant.partner, tenant.organization),
    )?;
    tx.execute("update organization_listing set users = users + 1 where organization = ?1", [tenant.organization])?;
    tx.change_one(
        "insert into link (id, partner, identity, account, purpose, token_hash, created_at, expires_at) values (?1, ?2, ?3, ?4, 'set_up', ?5, ?6, ?7)",
        params![tenant.link(), tenant.partner, identity, id, token_hash(&tenant.token()), tx.now(), tx.now() + portico::access::state_model::SET_UP_WITHIN],
    )
}

fn letter(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    let sealed = tx.vault().seal("letter link", &tenant.link().to_le_bytes(), tenant.token().as_bytes(), Tokens)?;
    let email = format!("ulla@{}.example", tenant.word.to_lowercase());
    tx.change_one(
        "insert into letter (id, partner, organization, account, identity, kind, to_name, to_email, subject, text, html, link, sealed_link, state, created_at)
         values (?1, ?2, ?3, ?4, ?5, 'welcome', ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'held', ?13)",
        params![
            tenant.letter(),
            tenant.partner,
            tenant.organization,
            tenant.invited(),
            tenant.invited() + 500,
            format!("Ulla {}", tenant.word),
            email,
            format!("Welcome to {}", tenant.word),
            format!("Hello {}\n\u{e100}/links/\u{e101}\n", tenant.word),
            format!("<p>Hello {}</p>", tenant.word),
            tenant.link(),
            sealed,
            tx.now()
        ],
    )
}

fn import(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    tx.change_one(
        "insert into import (id, partner, actor, state, created_at, checked_seq, refused) values (?1, ?2, ?3, 'refused', ?4, 0, 1)",
        params![tenant.import(), tenant.partner, format!("Importer {}", tenant.word), tx.now()],
    )?;
    tx.change_one(
        "insert into import_problem (import, number, level, file, line, field, reason) values (?1, 1, 'refused', ?2, 2, 'name', ?3)",
        params![tenant.import(), format!("{}.csv", tenant.word), format!("{} is refused.", tenant.word)],
    )
}

fn event(tx: &Tx<'_>, tenant: Tenant) -> Result<()> {
    use portico::access::model::Actor;
    use portico::activity::model::{Event, Kind};
    let actor = Actor {
        partner: PartnerId(tenant.partner),
        account: None,
        name: format!("Actor {}", tenant.word),
        roles: "Admin".to_owned(),
        address: "127.0.0.1".to_owned(),
    };
    let mut event = Event::new(Kind::OrganizationCreated, format!("created {}", tenant.word)).about(
        "organization",
        tenant.organization,
        format!("Named {}", tenant.word),
    );
    event.organization = Some(portico::kernel::ids::OrganizationId(tenant.organization));
    portico::activity::store::record(tx, &actor, &event).map(drop)
}

#[test]
fn every_table_of_a_tenant_holds_something_of_each() {
    let portal = Portal::estate();
    for tenant in TENANTS {
        let found = portal.mentions(tenant.word);
        for table in [
            "access_group",
            "account",
            "activity",
            "asset",
            "asset_backup",
            "device",
            "device_task",
            "endpoint_agent",
            "endpoint_dataset",
            "file_restore",
            "import",
            "import_problem",
            "letter",
            "network",
            "offsite_audit",
            "organization",
            "receipt",
            "saas_account",
            "seat",
        ] {
            assert!(
                found.iter().any(|place| place.starts_with(&format!("{table}."))),
                "{table} holds nothing of {}: {found:?}",
                tenant.word
            );
        }
        portal.guest().get(&format!("/links/{}", tenant.token()));
    }
}
