//! What staging remembers of an import's rows so far.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::devices::report_model::{AlertReport, AssetReport, RestoreReport};
use crate::imports::actions::{devices, endpoints, networks, people, services};
use crate::imports::model::{Counts, FileCounts, Item, Kind, Level, Problem, ReportRow, Row, SeatRow, Verdict};
use crate::imports::store::staging::Origin;
use crate::imports::store::{self, here};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{DeviceId, ImportId, OrganizationId, PartnerId};
use crate::kernel::random::Tokens;
use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// So many refusals are kept word for word; the others are counted.
const KEPT_PROBLEMS: i64 = 2_000;
/// So many ids are drawn at once.
const MOST_DRAWN: usize = 1_000_000;

/// An organization that this import names.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// Its id, of a staged one too.
    pub id: i64,
    /// The vendor's id, once it has one.
    pub vendor_id: Option<i64>,
    /// Whether it stands among the staged ones.
    pub staged: bool,
}

/// A SaaS account that this import brings.
#[derive(Clone, Debug)]
pub struct Service {
    /// The stored word of its product.
    pub product: String,
    /// What is here of it.
    pub here: Option<here::Account>,
    /// Where it will be linked, if it is new.
    pub organization: Option<i64>,
}

/// The seats of the file being read.
#[derive(Debug)]
pub struct SeatList {
    /// The account.
    pub vendor_id: i64,
    /// The account as it is or will be.
    pub service: Service,
    /// Those read so far, by type and id, each with its line.
    pub seats: BTreeMap<(String, String), SeatRow>,
}

/// The assets of the file being read.
#[derive(Debug)]
pub struct AssetList {
    /// The key of the device's serial number.
    pub serial_key: String,
    /// The device, if it is here already.
    pub device: Option<DeviceId>,
    /// Whether the file holds all of them.
    pub complete: bool,
    /// Those read so far, by volume.
    pub assets: BTreeMap<String, AssetReport>,
}

/// The alerts, or the running restores, of the file being read.
#[derive(Debug)]
pub struct PartList {
    /// The key of the device's serial number.
    pub serial_key: String,
    /// The device, if it is here already.
    pub device: Option<DeviceId>,
    /// Those read so far.
    pub alerts: Vec<AlertReport>,
    /// Those read so far.
    pub restores: Vec<RestoreReport>,
}

/// Days by application.
pub type Told = BTreeMap<String, BTreeSet<i64>>;

/// Random ids for many rows, handed out in ascending order: rows that come in the order of their ids are put at the end of their
/// tables, which costs a fraction of putting each somewhere else.
#[derive(Debug, Default)]
pub struct Ids {
    /// The next one last.
    drawn: Vec<i64>,
    expected: usize,
}

impl Ids {
    /// For about so many rows.
    fn expecting(rows: usize) -> Self {
        Self { drawn: Vec::new(), expected: rows }
    }

    /// The next id.
    pub fn next(&mut self, tokens: Tokens) -> Result<i64> {
        if let Some(id) = self.drawn.pop() {
            return Ok(id);
        }
        // A few lines hold two rows' line ends, or none: should they not be enough, there are more.
        self.drawn = (0..self.expected.clamp(1, MOST_DRAWN)).map(|_| tokens.id()).collect::<Result<_>>()?;
        self.drawn.sort_unstable_by(|one, other| other.cmp(one));
        self.drawn.dedup();
        self.next(tokens)
    }
}

/// The state of staging.
#[derive(Debug)]
pub struct Stager {
    /// The import.
    pub import: ImportId,
    /// Whose.
    pub partner: PartnerId,
    /// Refusals so far.
    pub refused: i64,
    /// Organizations by the key of their name.
    pub names: HashMap<String, Named>,
    /// Contacts' e-mails by key, with the organization's name.
    pub contacts: HashMap<String, String>,
    /// Organizations by the vendor's id, as far as this import gave it.
    pub vendors: HashMap<i64, i64>,
    /// Users by organization and the key of their e-mail.
    pub users: HashSet<(i64, String)>,
    /// Who has Endpoint Backup access by this import.
    pub endpoint: HashMap<i64, String>,
    /// Identities this import makes, by the key of their e-mail.
    pub identities: HashMap<String, i64>,
    /// Ids for users' accounts that are on their way in.
    pub account_ids: Ids,
    /// Ids for identities that are on their way in.
    pub identity_ids: Ids,
    /// ACC-6: whether any e-mail rests at the partner.
    pub any_held: bool,
    /// E-mails and the products that use them, by their keys.
    pub other_products: HashSet<(String, String)>,
    /// Networks by the key of their serial number.
    pub networks: HashSet<String>,
    /// Endpoint agents by uuid, and where each is tied to.
    pub agents: HashMap<String, OrganizationId>,
    /// The same by short code.
    pub agent_codes: HashMap<String, OrganizationId>,
    /// Endpoint assets by uuid.
    pub endpoint_assets: HashSet<String>,
    /// SaaS accounts of `domains.json`.
    pub services: HashMap<i64, Service>,
    /// Accounts whose seats were read.
    pub seat_lists: HashSet<i64>,
    /// The seats of the file being read.
    pub seat_list: Option<SeatList>,
    /// Devices of `devices.json`, by the keys of their serial numbers.
    pub devices: HashSet<String>,
    /// Devices of partners beneath, which these files name as well.
    pub devices_beneath: HashSet<String>,
    /// Devices of which files were read, by the key of the serial number, and what of them.
    pub device_files: HashSet<(String, Kind)>,
    /// The assets of the file being read.
    pub asset_list: Option<AssetList>,
    /// The alerts or restores of the file being read.
    pub part_list: Option<PartList>,
    /// Seats that each organization will use more, by the files read so far.
    pub more_used: HashMap<i64, i64>,
    /// Reports of all files, with file and line; staged together, the newest first.
    pub reports: Vec<(usize, i64, ReportRow)>,
    /// What the newer reports of an account told of: its vendor id, and the days of each application.
    pub told: Option<(i64, Told)>,
    files: Vec<String>,
    counts: BTreeMap<(usize, Option<Kind>), Counts>,
    problems: i64,
    last_refused: Option<(usize, i64)>,
}

impl Stager {
    /// Nothing read yet.
    pub fn new(import: ImportId, partner: PartnerId, any_held: bool) -> Self {
        Self {
            import,
            partner,
            refused: 0,
            names: HashMap::new(),
            contacts: HashMap::new(),
            vendors: HashMap::new(),
            users: HashSet::new(),
            endpoint: HashMap::new(),
            identities: HashMap::new(),
            account_ids: Ids::default(),
            identity_ids: Ids::default(),
            any_held,
            other_products: HashSet::new(),
            networks: HashSet::new(),
            agents: HashMap::new(),
            agent_codes: HashMap::new(),
            endpoint_assets: HashSet::new(),
            services: HashMap::new(),
            seat_lists: HashSet::new(),
            seat_list: None,
            devices: HashSet::new(),
            devices_beneath: HashSet::new(),
            device_files: HashSet::new(),
            asset_list: None,
            part_list: None,
            more_used: HashMap::new(),
            reports: Vec::new(),
            told: None,
            files: Vec::new(),
            counts: BTreeMap::new(),
            problems: 0,
            last_refused: None,
        }
    }

    /// What newer reports of this account told of; nothing before its first.
    pub fn take_told(&mut self, vendor_id: i64) -> Told {
        self.told.take().filter(|(account, _)| *account == vendor_id).map(|(_, told)| told).unwrap_or_default()
    }

    /// SAS-7: when the account was cancelled here, unless a report of these files shows backups made after that.
    pub fn cancelled(&self, vendor_id: i64, known: &here::Account) -> Option<Timestamp> {
        let again = |at: Timestamp| self.reports.iter().any(|(_, _, report)| report.vendor_id == vendor_id && at.0 < report.newest());
        known.cancelled_at.filter(|at| !again(*at))
    }

    /// About so many users are going to be read.
    pub fn expect_users(&mut self, rows: i64) {
        let rows = usize::try_from(rows).unwrap_or_default();
        (self.account_ids, self.identity_ids) = (Ids::expecting(rows), Ids::expecting(rows));
    }

    /// Turns to the next file.
    pub fn begin_file(&mut self, name: &str) {
        self.files.push(text::shown(name, 200));
    }

    /// The number of the file being read.
    pub fn file_number(&self) -> usize {
        self.files.len().saturating_sub(1)
    }

    /// Goes back to a file read before, for rows that were put off.
    pub fn file_name(&self, number: usize) -> String {
        self.files.get(number).cloned().unwrap_or_default()
    }

    /// Notes that the file holds rows of this kind, if none.
    pub fn count_kind(&mut self, kind: Kind) {
        self.counts.entry((self.file_number(), Some(kind))).or_default();
    }

    /// Counts a row of the file being read.
    pub fn count(&mut self, kind: Kind, verdict: Verdict) {
        self.count_in(self.file_number(), kind, verdict);
    }

    /// Counts a row of a file.
    pub fn count_in(&mut self, file: usize, kind: Kind, verdict: Verdict) {
        self.counts.entry((file, Some(kind))).or_default().add(verdict);
    }

    /// Where a row comes from.
    pub fn origin<'f>(&self, file: &'f str, line: i64) -> Origin<'f> {
        Origin { import: self.import, file, line }
    }

    /// What each file held.
    pub fn file_counts(&self) -> Vec<FileCounts> {
        self.counts.iter().map(|((file, kind), counts)| FileCounts { name: self.file_name(*file), kind: *kind, counts: *counts }).collect()
    }

    /// IMP-3: the file is of no kind that is known.
    pub fn refuse_file(&mut self, tx: &Tx<'_>, reason: &str) -> Result<()> {
        self.counts.entry((self.file_number(), None)).or_default().refused += 1;
        self.keep(tx, Level::Refused, self.file_number(), 0, "", reason)
    }

    /// Refuses a field of a row of the file being read.
    pub fn refuse(&mut self, tx: &Tx<'_>, kind: Kind, line: i64, field: &str, reason: &str) -> Result<()> {
        self.refuse_in(tx, kind, (self.file_number(), line), field, reason)
    }

    /// Refuses a field of a row.
    pub fn refuse_in(&mut self, tx: &Tx<'_>, kind: Kind, (file, line): (usize, i64), field: &str, reason: &str) -> Result<()> {
        if self.last_refused != Some((file, line)) {
            self.counts.entry((file, Some(kind))).or_default().refused += 1;
            self.last_refused = Some((file, line));
        }
        self.keep(tx, Level::Refused, file, line, field, reason)
    }

    /// Notes something worth knowing.
    pub fn note(&mut self, tx: &Tx<'_>, file: usize, line: i64, field: &str, reason: impl AsRef<str>) -> Result<()> {
        self.keep(tx, Level::Note, file, line, field, reason.as_ref())
    }

    fn keep(&mut self, tx: &Tx<'_>, level: Level, file: usize, line: i64, field: &str, reason: &str) -> Result<()> {
        self.refused += i64::from(level == Level::Refused);
        self.problems += 1;
        if self.problems > KEPT_PROBLEMS {
            return Ok(());
        }
        let problem = Problem { level, file: self.file_name(file), line, field: field.to_owned(), reason: reason.to_owned() };
        store::add_problem(tx, self.import, self.problems, &problem)
    }

    /// Takes the next item of the file being read.
    pub fn take(&mut self, tx: &Tx<'_>, line: i64, item: Item) -> Result<()> {
        match item {
            Item::Row(Row::Organization(row)) => people::organization(tx, self, line, &row),
            Item::Row(Row::User(row)) => people::user(tx, self, line, &row),
            Item::Row(Row::OtherProduct(row)) => people::other_product(tx, self, line, &row),
            Item::Row(Row::Network(row)) => networks::network(tx, self, line, row),
            Item::Row(Row::Agents(row)) => endpoints::client(tx, self, line, *row),
            Item::Row(Row::EndpointAsset(row)) => endpoints::asset(tx, self, line, &row),
            Item::Row(Row::Account(row)) => services::account(tx, self, line, &row),
            Item::Row(Row::Seat(row)) => services::seat(tx, self, line, row),
            Item::Row(Row::Device(row)) => devices::device(tx, self, line, &row),
            Item::Row(Row::Alert(row)) => {
                self.part_list.iter_mut().for_each(|list| list.alerts.push(row.clone()));
                Ok(())
            }
            Item::Row(Row::Restore(row)) => {
                self.part_list.iter_mut().for_each(|list| list.restores.push(row.clone()));
                Ok(())
            }
            Item::Row(Row::Asset(row)) => devices::asset(tx, self, line, *row),
            Item::Row(Row::Report(row)) => {
                self.reports.push((self.file_number(), line, row));
                Ok(())
            }
            Item::Refused(field, reason) => {
                let kind = self.counts.keys().rev().find(|(file, _)| *file == self.file_number()).and_then(|(_, kind)| *kind);
                self.refuse(tx, kind.unwrap_or(Kind::Organizations), line, &field, &reason)
            }
        }
    }
}
