//! The demo's backup appliances: what they are, what they protect, and how they fare as of now.

use crate::access::witness_model::Manager;
use crate::app::demo::firm::{CLIENTS, Client, Hand};
use crate::devices::model::Device;
use crate::devices::report_model::{AlertReport, AssetKind, AssetReport, BackupReport, DeviceReport, SUCCESS};
use crate::devices::{assets_store, parts_store, simulated_store, store};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{DeviceId, OrganizationId, PartnerId};
use crate::kernel::random::Dice;
use crate::kernel::time::{Span, Timestamp};
use crate::linking;

/// The demo's own chance.
const SEED: u64 = 20_261_123;

/// How a device fares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Health {
    /// All is well.
    Well,
    /// Its disk is nearly full.
    Full,
    /// The backups of one machine fail.
    BackupFails,
    /// A machine's screenshot shows no login screen.
    ScreenshotFails,
    /// It does not check in any more.
    Silent,
    /// Nothing goes offsite for days.
    OffsiteBehind,
    /// It is new: nothing was backed up yet.
    Empty,
}

/// Whose device, how many agents and shares, and how it fares.
type Example = (&'static str, i64, i64, Health);

/// Devices of clients, by the client's name.
const LINKED: &[Example] = &[
    ("Alder Dental", 3, 0, Health::Well),
    ("Alder Dental", 1, 1, Health::ScreenshotFails),
    ("Birchwood Law", 4, 1, Health::Well),
    ("Bluestone Masonry", 2, 0, Health::Full),
    ("Cobalt Logistics", 6, 2, Health::BackupFails),
    ("Corner Table Bakery", 1, 0, Health::Well),
    ("Dovetail Joinery", 2, 0, Health::Well),
    ("Eastgate Physio", 2, 1, Health::OffsiteBehind),
    ("Fable Books", 1, 0, Health::Silent),
    ("Fern & Field", 2, 0, Health::Well),
    ("Granite Gym", 2, 0, Health::Well),
    ("Harrow Surveyors", 5, 1, Health::Full),
    ("Juniper Travel", 2, 0, Health::Well),
    ("Northlight Studio", 3, 2, Health::BackupFails),
    ("Oakline Fencing", 1, 0, Health::Well),
    ("Quarry Bank School", 8, 2, Health::Well),
    ("Redwood Accountants", 4, 0, Health::Well),
    ("Saltmarsh Sailing", 2, 0, Health::Well),
    ("Silverbirch Optics", 2, 1, Health::Well),
    ("Summit Cycles", 1, 0, Health::Silent),
    ("Vale Insurance", 5, 0, Health::Well),
    ("Meadowsweet Foods", 3, 0, Health::Well),
    ("Zephyr Aviation", 4, 1, Health::Full),
];

/// Devices that wait to be linked.
const SPARE: &[(Hand, &str, Health)] = &[
    (Hand::Lantern, "lantern-spare-1", Health::Empty),
    (Hand::Lantern, "lantern-spare-2", Health::Empty),
    (Hand::Lantern, "loan-siris", Health::Well),
    (Hand::Copperfield, "copperfield-spare", Health::Empty),
];

/// The device that is linked to the organization that comes and goes, and is left behind.
pub const LEFT_BEHIND: &str = "tidepool-siris";
/// The spare device that was lent to a client and taken back.
const LENT: &str = "loan-siris";

/// A client's devices, linked to it.
pub fn add(tx: &Tx<'_>, by: &Manager, client: &Client, organization: OrganizationId) -> Result<()> {
    let partner = by.scope().viewer();
    let mut devices = Vec::new();
    for (number, (_, agents, shares, health)) in (1..).zip(of_client(client)) {
        devices.push(take(
            tx,
            partner,
            &Wanted { name: &name_of(client, number), agents: *agents, shares: *shares, health: *health },
            tx.now(),
        )?);
    }
    if devices.is_empty() { Ok(()) } else { linking::actions::link::<Device>(tx, by, organization, &devices).map(drop) }
}

/// The device that is left behind when its organization is deleted.
pub fn add_left_behind(tx: &Tx<'_>, by: &Manager, organization: OrganizationId) -> Result<()> {
    let wanted = Wanted { name: LEFT_BEHIND, agents: 1, shares: 0, health: Health::Well };
    let device = take(tx, by.scope().viewer(), &wanted, tx.now())?;
    linking::actions::link::<Device>(tx, by, organization, &[device]).map(drop)
}

/// Devices that wait; one was a client's for a while.
pub fn add_spare(tx: &Tx<'_>, by: &Manager, hand: Hand, borrower: Option<OrganizationId>) -> Result<()> {
    for (_, name, health) in SPARE.iter().filter(|(whose, ..)| *whose == hand) {
        let agents = i64::from(*health != Health::Empty);
        let device = take(tx, by.scope().viewer(), &Wanted { name, agents, shares: 0, health: *health }, tx.now())?;
        if let (true, Some(borrower)) = (*name == LENT, borrower) {
            linking::actions::link::<Device>(tx, by, borrower, &[device])?;
            linking::actions::unlink::<Device>(tx, by, borrower, device)?;
        }
    }
    Ok(())
}

/// What a client's devices report as of `now`.
pub fn report(tx: &Tx<'_>, partner: PartnerId, client: &Client, now: Timestamp) -> Result<()> {
    for (number, (_, agents, shares, health)) in (1..).zip(of_client(client)) {
        take(tx, partner, &Wanted { name: &name_of(client, number), agents: *agents, shares: *shares, health: *health }, now)?;
    }
    Ok(())
}

/// What the devices of a partner report that no client has.
pub fn report_spare(tx: &Tx<'_>, partner: PartnerId, hand: Hand, now: Timestamp) -> Result<()> {
    for (_, name, health) in SPARE.iter().filter(|(whose, ..)| *whose == hand) {
        take(tx, partner, &Wanted { name, agents: i64::from(*health != Health::Empty), shares: 0, health: *health }, now)?;
    }
    Ok(())
}

/// Devices check in this often.
const EVERY: Span = Span::minutes(5);
/// Devices in one transaction.
const AT_ONCE: usize = 10;

/// While the demo runs, its devices go on checking in, all but the silent ones; how many did, and 0 when none is due.
pub fn check_in(tx: &Tx<'_>) -> Result<usize> {
    let (now, alive) = (tx.now(), examples());
    let names: Vec<String> = alive.iter().map(|(name, ..)| name.clone()).collect();
    // The newest that a report says is five minutes ago.
    let due = simulated_store::seen_until(tx, now - EVERY - EVERY, &names, AT_ONCE)?;
    for (partner, name) in &due {
        if let Some((name, agents, shares, health)) = alive.iter().find(|(known, ..)| known == name) {
            take(tx, *partner, &Wanted { name, agents: *agents, shares: *shares, health: *health }, now)?;
        }
    }
    Ok(due.len())
}

/// Every device that checks in: its name, agents, shares and how it fares.
fn examples() -> Vec<(String, i64, i64, Health)> {
    let of_clients = CLIENTS.iter().flat_map(|client| {
        let devices = (1..).zip(of_client(client));
        devices.map(|(number, (_, agents, shares, health))| (name_of(client, number), *agents, *shares, *health)).collect::<Vec<_>>()
    });
    let spare = SPARE.iter().map(|(_, name, health)| ((*name).to_owned(), i64::from(*health != Health::Empty), 0, *health));
    let left = std::iter::once((LEFT_BEHIND.to_owned(), 1, 0, Health::Well));
    of_clients.chain(spare).chain(left).filter(|(.., health)| *health != Health::Silent).collect()
}

fn of_client(client: &Client) -> impl Iterator<Item = &'static Example> {
    let name = client.name;
    LINKED.iter().filter(move |(whose, ..)| *whose == name)
}

fn name_of(client: &Client, number: i64) -> String {
    format!("{}-siris-{number}", client.domain.split('.').next().unwrap_or_default())
}

/// A device to report of.
struct Wanted<'a> {
    name: &'a str,
    agents: i64,
    shares: i64,
    health: Health,
}

/// Takes a device's report and those of its assets, as they would have come in by an import.
fn take(tx: &Tx<'_>, partner: PartnerId, wanted: &Wanted<'_>, now: Timestamp) -> Result<DeviceId> {
    let mut dice = Dice::seeded(SEED, wanted.name);
    let report = device(wanted, &mut dice, now);
    let (device, _) = store::upsert(tx, partner, &report)?;
    let assets: Vec<AssetReport> = (0..wanted.agents + wanted.shares).map(|place| asset(wanted, place, &mut dice, now)).collect();
    assets_store::replace(tx, device, &assets)?;
    store::refresh_summary(tx, device)?;
    parts_store::replace_alerts(tx, device, &alerts(wanted.health, now))?;
    Ok(device)
}

fn device(wanted: &Wanted<'_>, dice: &mut Dice, now: Timestamp) -> DeviceReport {
    const MODELS: [(&str, i64); 4] = [("S5-2", 2), ("S5-4", 4), ("S4P8000", 8), ("ALTO4", 2)];
    const KB_IN_TB: i64 = 1_000_000_000;
    let serial: String = (0..12).filter_map(|_| u32::try_from(dice.below(16)).ok().and_then(|digit| char::from_digit(digit, 16))).collect();
    let (model, terabytes) = usize::try_from(dice.below(4)).ok().and_then(|place| MODELS.get(place)).copied().unwrap_or(("S5-2", 2));
    let whole = terabytes * KB_IN_TB;
    let percent = match wanted.health {
        Health::Full => 86 + dice.below(11),
        Health::Empty => 0,
        Health::Well | Health::BackupFails | Health::ScreenshotFails | Health::Silent | Health::OffsiteBehind => 18 + dice.below(58),
    };
    let used = whole / 100 * percent;
    let silent = if wanted.health == Health::Silent { Span::days(2 + dice.below(6)) } else { Span(0) };
    let (registered, plan) = (now - Span::days(120 + dice.below(900)), Span::days(20 + dice.below(700)));
    DeviceReport {
        serial: serial.to_uppercase(),
        name: wanted.name.to_owned(),
        model: Some(model.to_owned()),
        location: Some(if dice.below(2) == 0 { "US-East" } else { "EU-Central" }.to_owned()),
        last_seen: Some(now - silent - Span::minutes(1 + dice.below(5))),
        hidden: false,
        service_plan: Some(if dice.below(2) == 0 { "1 Year Cloud Retention" } else { "Infinite Cloud Retention" }.to_owned()),
        registered_at: Some(registered),
        service_until: Some(now + plan),
        warranty_until: Some(registered + Span::days(1_825)),
        local_used_kb: Some(used),
        local_free_kb: Some(whole - used),
        offsite_bytes: Some(used * 1_000 / 100 * (60 + dice.below(70))),
        managed_bytes: Some(used * 1_000 / 100 * (30 + dice.below(40))),
        internal_ip: Some(format!("192.168.{}.{}", dice.below(200), 2 + dice.below(40))),
        agents: wanted.agents,
        shares: wanted.shares,
        alerts: i64::from(!matches!(wanted.health, Health::Well | Health::Empty)),
        uptime_seconds: Some(86_400 * (1 + dice.below(200))),
        web_address: (wanted.health != Health::Empty).then(|| format!("https://{}.devices.example/", wanted.name)),
        ..DeviceReport::default()
    }
}

/// What the vendor itself raises alarm about.
fn alerts(health: Health, now: Timestamp) -> Vec<AlertReport> {
    let (kind, threshold, unit, since) = match health {
        Health::Well | Health::Empty => return Vec::new(),
        Health::Full => ("Local storage", 85, "%", Span::days(2)),
        Health::BackupFails => ("Last backup", 24, "hours", Span::hours(7)),
        Health::ScreenshotFails => ("Screenshot failed", 1, "screenshot", Span::hours(12)),
        Health::Silent => ("Last check-in", 60, "minutes", Span::days(2)),
        Health::OffsiteBehind => ("Last offsite", 72, "hours", Span::hours(18)),
    };
    let triggered = whole_second(now - since);
    vec![AlertReport {
        kind: kind.to_owned(),
        threshold: Some(threshold),
        unit: Some(unit.to_owned()),
        triggered_at: Some(triggered),
        sent_at: Some(triggered + Span::minutes(5)),
    }]
}

fn asset(wanted: &Wanted<'_>, place: i64, dice: &mut Dice, now: Timestamp) -> AssetReport {
    const NAMES: [&str; 6] = ["dc01", "files", "sql01", "mail", "app01", "desk"];
    let share = wanted.agents <= place;
    let (first, bad) = (place == 0, |health| wanted.health == health && place == 0);
    let named = usize::try_from(place).ok().and_then(|place| NAMES.get(place % NAMES.len())).copied().unwrap_or("srv");
    let name = if share {
        format!("share-{}", place - wanted.agents + 1)
    } else {
        format!("{named}-{}", wanted.name.split('-').next().unwrap_or_default())
    };
    // Every hour, the newest at the last full one; a silent device made its last one before it fell silent.
    let newest = now - if wanted.health == Health::Silent { Span::days(8) } else { Span::minutes(8 + dice.below(50)) };
    let last = if bad(Health::BackupFails) { newest - Span::hours(31) } else { newest };
    let offsite = if wanted.health == Health::OffsiteBehind { last - Span::hours(90) } else { last - Span::hours(2 + dice.below(9)) };
    let screenshot = (!share).then(|| last - Span::hours(1 + dice.below(20)));
    let backups = (0..10).map(|back| {
        let failed = back == 0 && bad(Health::BackupFails);
        let at = if failed { newest } else { last - Span::hours(back) };
        point(at, failed, bad(Health::ScreenshotFails) && back < 2)
    });
    AssetReport {
        volume: (0..32).filter_map(|_| u32::try_from(dice.below(16)).ok().and_then(|digit| char::from_digit(digit, 16))).collect(),
        vendor_id: 1_000 + dice.below(900_000),
        kind: if share { AssetKind::Share } else { AssetKind::Agent },
        fqdn: Some(format!("{name}.example")),
        name,
        local_ip: Some(format!("10.1.{}.{}", dice.below(30), 10 + dice.below(200))),
        os: (!share).then(|| if first { "Windows Server 2022" } else { "Windows 11 Pro" }.to_owned()),
        protected_count: 1,
        unprotected_count: 0,
        protected_names: vec!["C".to_owned()],
        unprotected_names: Vec::new(),
        agent_version: (!share).then(|| "3.0.14".to_owned()),
        paused: false,
        archived: false,
        latest_offsite: Some(whole_second(offsite)),
        local_snapshots: 80 + dice.below(300),
        last_snapshot: Some(whole_second(last)),
        screenshot_at: screenshot.map(whole_second),
        screenshot_ok: screenshot.map(|_| !bad(Health::ScreenshotFails)),
        screenshot_url: None,
        backups: backups.collect(),
    }
}

fn point(at: Timestamp, failed: bool, blank: bool) -> BackupReport {
    BackupReport {
        at: whole_second(at),
        status: if failed { "failure" } else { SUCCESS }.to_owned(),
        error: Some(if failed { "The agent could not be reached." } else { "" }.to_owned()),
        verification: Some(SUCCESS.to_owned()),
        verification_errors: Vec::new(),
        screenshot: Some(if blank { "0" } else { "1" }.to_owned()),
        screenshot_image: None,
    }
}

/// The vendor tells of whole seconds.
const fn whole_second(moment: Timestamp) -> Timestamp {
    Timestamp(moment.0.div_euclid(1_000) * 1_000)
}
