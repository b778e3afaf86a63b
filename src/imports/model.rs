//! What files hold, row by row, checked as far as a file alone can be checked. Pure.

pub mod csv;
pub mod devices;
pub mod endpoints;
pub mod json;
pub mod object;

use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::addresses::model::Address;
use crate::devices::report_model::{AlertReport, AssetReport, DeviceReport, RestoreReport};
use crate::endpoints::model::ListedAsset;
use crate::imports::model::endpoints::{ClientRow, HomeRow};
use crate::kernel::error::Result;
use crate::kernel::ids::ImportId;
use crate::kernel::text::{Email, FirmName, PersonName};
use crate::kernel::time::{Span, Timestamp};
use crate::networks::model::Listed;
use crate::text_enum;

text_enum!(
    /// What a file holds.
    Kind {
        /// `organizations.csv`.
        Organizations = "organizations",
        /// `domains.json`: SaaS accounts.
        Accounts = "accounts",
        /// `users.csv`.
        Users = "users",
        /// `seats-{saasCustomerId}.json`.
        Seats = "seats",
        /// `applications-{saasCustomerId}.json`.
        Reports = "reports",
        /// `devices.json`.
        Devices = "devices",
        /// `assets-{serialNumber}.json`.
        Assets = "assets",
        /// `alerts-{serialNumber}.json`.
        DeviceAlerts = "device_alerts",
        /// `vm-restores-{serialNumber}.json`.
        VmRestores = "vm_restores",
        /// `agents.json`.
        Agents = "agents",
        /// `networks.csv`.
        Networks = "networks",
        /// `other-products.csv`.
        OtherProducts = "other_products",
    }
);

impl Kind {
    /// As people read it, in the middle of a sentence.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Accounts => "SaaS accounts",
            Self::Users => "organization users",
            Self::Seats => "seats",
            Self::Reports => "backup reports (applications and days)",
            Self::Devices => "devices",
            Self::Assets => "assets of a device",
            Self::DeviceAlerts => "alerts of a device",
            Self::VmRestores => "virtual machines that run on a device",
            Self::Agents => "endpoint agents",
            Self::Networks => "networks",
            Self::OtherProducts => "e-mails of other products",
        }
    }
}

text_enum!(
    /// How much a problem weighs.
    Level {
        /// Nothing is imported while there is one.
        Refused = "refused",
        /// Worth knowing; the import can go on.
        Note = "note",
    }
);

text_enum!(
    /// What an import would do with a row.
    Verdict {
        /// It is not here yet.
        New = "new",
        /// It is here and differs.
        Changed = "changed",
        /// It is here just so.
        Unchanged = "unchanged",
    }
);

text_enum!(
    /// How far an import is.
    State {
        /// Files are being read.
        Staging = "staging",
        /// It can be carried out.
        Ready = "ready",
        /// Something in it is refused.
        Refused = "refused",
        /// It was carried out.
        Done = "done",
    }
);

/// Something to say about a place in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Whether it stops the import.
    pub level: Level,
    /// The file's name.
    pub file: String,
    /// The line, 0 for the file as a whole.
    pub line: i64,
    /// The field or column, empty for the line as a whole.
    pub field: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// Rows by what would become of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Not here yet.
    pub new: i64,
    /// Here and different.
    pub changed: i64,
    /// Here just so.
    pub unchanged: i64,
    /// Not in order.
    pub refused: i64,
}

impl Counts {
    /// Counts a row.
    pub const fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::New => self.new += 1,
            Verdict::Changed => self.changed += 1,
            Verdict::Unchanged => self.unchanged += 1,
        }
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            new: self.new + other.new,
            changed: self.changed + other.changed,
            unchanged: self.unchanged + other.unchanged,
            refused: self.refused + other.refused,
        }
    }
}

/// What a file of an import held, of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileCounts {
    /// The file's name.
    pub name: String,
    /// What it holds; none for an unknown one.
    pub kind: Option<Kind>,
    /// Its rows.
    pub counts: Counts,
}

/// An import as its list and its page show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// How far it is.
    pub state: State,
    /// Who began it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was carried out.
    pub finished_at: Option<Timestamp>,
    /// How many refusals there were.
    pub refused: i64,
}

/// An import that nobody carries out is swept away after a day.
pub const KEPT_WAITING: Span = Span::days(1);

/// A file as it was given: its name for showing, and its bytes.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The name without folders.
    pub name: &'a str,
    /// The whole content.
    pub bytes: &'a [u8],
}

/// What reading a file comes upon, in the file's order.
#[derive(Clone, PartialEq, Debug)]
pub enum Item {
    /// A row that is in order as far as the file alone can tell.
    Row(Row),
    /// A field that is not, and why.
    Refused(String, String),
}

/// Where items go, with the line each begins on.
pub type Sink<'a> = dyn FnMut(i64, Item) -> Result<()> + 'a;

/// A row of a supported kind.
#[derive(Clone, PartialEq, Debug)]
pub enum Row {
    /// Of `organizations.csv`.
    Organization(OrganizationRow),
    /// Of `domains.json`.
    Account(AccountRow),
    /// Of `users.csv`.
    User(UserRow),
    /// Of `seats-….json`.
    Seat(SeatRow),
    /// Of `applications-….json`.
    Report(ReportRow),
    /// Of `other-products.csv`.
    OtherProduct(Address),
    /// Of `networks.csv`.
    Network(Listed),
    /// Of `devices.json`.
    Device(Box<DeviceRow>),
    /// Of `assets-….json`.
    Asset(Box<AssetReport>),
    /// Of `alerts-….json`.
    Alert(AlertReport),
    /// Of `vm-restores-….json`.
    Restore(RestoreReport),
    /// Of `agents.json`: an organization with its agents.
    Agents(Box<ClientRow>),
    /// Of an envelope of endpoint assets.
    EndpointAsset(Box<(HomeRow, ListedAsset)>),
}

/// A subscription as a row states it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanRow {
    /// `backup`, `archiver` or `personal`.
    pub plan: &'static str,
    /// Whether seats follow use.
    pub auto_license: bool,
    /// Seats bought; none while they follow use.
    pub seats: Option<i64>,
}

/// An organization; an empty cell states nothing and leaves what is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrganizationRow {
    /// Its name, by which it is known here (ORG-4).
    pub name: FirmName,
    /// The contact's first name.
    pub contact_first_name: Option<PersonName>,
    /// The contact's last name.
    pub contact_last_name: Option<PersonName>,
    /// The contact's e-mail.
    pub contact_email: Option<Email>,
    /// A country's code.
    pub country: Option<String>,
    /// The subscription.
    pub plan: Option<PlanRow>,
}

/// An organization's user; an empty cell states nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserRow {
    /// The organization's name.
    pub organization: FirmName,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// E-mail, by which the user is known at the organization.
    pub email: Email,
    /// Dialling code.
    pub country_code: Option<String>,
    /// Phone number.
    pub mobile_phone: Option<String>,
    /// USR-2, left.
    pub access: Option<OrganizationAccess>,
    /// USR-2, right.
    pub endpoint_access: Option<EndpointAccess>,
}

/// A SaaS account as the vendor has it.
#[derive(Clone, PartialEq, Debug)]
pub struct AccountRow {
    /// `saasCustomerId`.
    pub vendor_id: i64,
    /// `saasCustomerName`.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// `microsoft_365` or `google_workspace`.
    pub product: &'static str,
    /// Such as `Classic:Office365:123456`.
    pub external_subscription_id: Option<String>,
    /// `ICR` or `TBR`.
    pub retention: Option<&'static str>,
    /// Seats in use.
    pub seats_used: i64,
    /// `backupStats`: active services.
    pub stats_active: i64,
    /// `backupStats`: those with a recent backup.
    pub stats_recent: i64,
    /// `backupStats`: the vendor's percentage.
    pub stats_percentage: f64,
    /// The vendor's id of the organization it is linked to there.
    pub organization_id: Option<i64>,
    /// That organization's name.
    pub organization_name: Option<String>,
}

/// A device, and where the vendor has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRow {
    /// What is reported of it.
    pub report: DeviceReport,
    /// The vendor's id of the organization it is linked to there.
    pub organization_id: Option<i64>,
    /// That organization's name.
    pub organization_name: Option<String>,
}

/// A seat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeatRow {
    /// Which of the account's seats: with the type, its key.
    pub main_id: String,
    /// The seat's name.
    pub name: String,
    /// SEA-1.
    pub seat_type: String,
    /// SEA-1.
    pub state: &'static str,
    /// SEA-4, as the vendor counts it.
    pub billable: bool,
    /// When it was added.
    pub date_added: Option<Timestamp>,
    /// The vendor's id of it.
    pub remote_id: Option<String>,
}

/// One report of one account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportRow {
    /// `saasCustomerId` of the account.
    pub vendor_id: i64,
    /// Bytes stored for the account.
    pub used_bytes: i64,
    /// Each application.
    pub applications: Vec<ApplicationRow>,
}

impl ReportRow {
    /// How new its newest data is.
    pub fn newest(&self) -> i64 {
        self.applications.iter().flat_map(|application| &application.days).map(|day| day.window_end).max().unwrap_or(i64::MIN)
    }
}

/// An application of a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApplicationRow {
    /// `appType`.
    pub application: String,
    /// Bytes stored.
    pub used_bytes: i64,
    /// Services not yet taken in.
    pub uningested: i64,
    /// Epoch milliseconds as text, or the vendor's bucket.
    pub last_fully_protected: Option<String>,
    /// Its windows.
    pub days: Vec<DayRow>,
}

/// A window of an application's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DayRow {
    /// The earlier moment (`endTime`), epoch milliseconds.
    pub window_start: i64,
    /// The later moment (`startTime`).
    pub window_end: i64,
    /// All services.
    pub total: i64,
    /// Active ones.
    pub active: i64,
    /// With a backup.
    pub backed: i64,
    /// With a perfect one.
    pub perfect: i64,
    /// The vendor's word.
    pub status: &'static str,
}

impl DayRow {
    /// The UTC day that the window's later end lies in.
    pub const fn day(&self) -> i64 {
        Timestamp(self.window_end).utc_day()
    }
}

/// What a file turned out to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recognised {
    /// Of this kind.
    Kind(Kind),
    /// Of none, for this reason.
    Unknown(String),
}

/// IMP-3: what a file holds, by its content; its name decides only where an empty list says nothing.
pub fn recognise(file: File<'_>) -> Recognised {
    if json::looks_like(file.bytes) { json::recognise(file) } else { csv::recognise(file.bytes) }
}

/// Reads a file of a supported kind into `sink`; what is wrong with the whole file goes there too.
pub fn read(file: File<'_>, kind: Kind, sink: &mut Sink<'_>) -> Result<()> {
    match kind {
        Kind::Organizations | Kind::Users | Kind::OtherProducts | Kind::Networks => csv::read(file.bytes, kind, sink),
        Kind::Accounts
        | Kind::Seats
        | Kind::Reports
        | Kind::Devices
        | Kind::Assets
        | Kind::DeviceAlerts
        | Kind::VmRestores
        | Kind::Agents => json::read(file.bytes, kind, sink),
    }
}

/// The account that a seats file belongs to: the number in `seats-{saasCustomerId}.json`; nothing inside the file says it.
pub fn seats_account(file_name: &str) -> Option<i64> {
    let digits = file_name.to_ascii_lowercase();
    let digits = digits.strip_prefix("seats-")?.strip_suffix(".json")?;
    digits.parse().ok().filter(|id| *id > 0)
}

/// How the name of a file begins that says something of one device; its serial number follows, and nothing inside the file says it.
pub const fn of_device(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Assets => Some("assets-"),
        Kind::DeviceAlerts => Some("alerts-"),
        Kind::VmRestores => Some("vm-restores-"),
        Kind::Organizations
        | Kind::Accounts
        | Kind::Users
        | Kind::Seats
        | Kind::Reports
        | Kind::Devices
        | Kind::Agents
        | Kind::Networks
        | Kind::OtherProducts => None,
    }
}

/// The serial number in a file's name, between its beginning and `.json`.
pub fn serial_in<'a>(file_name: &'a str, beginning: &str) -> Option<&'a str> {
    let (begins, rest) = file_name.split_at_checked(beginning.len())?;
    let (serial, end) = rest.split_at_checked(rest.len().checked_sub(".json".len())?)?;
    let fits = begins.eq_ignore_ascii_case(beginning) && end.eq_ignore_ascii_case(".json");
    Some(serial).filter(|serial| fits && devices::is_serial(serial))
}

/// SEA-1, in the vendor's words.
pub const SEAT_STATES: &[&str] = &["Active", "Paused", "Archived", "Unprotected"];
/// What the vendor says of a window.
pub const DAY_STATES: &[&str] = &["Perfect", "Backup With Issues", "Insufficient History"];

/// SEA-1: which types of seat a product has.
pub fn has_seat_type(product: &str, seat_type: &str) -> bool {
    match product {
        "google_workspace" => matches!(seat_type, "User" | "SharedDrive"),
        _ => matches!(seat_type, "User" | "SharedMailbox" | "Site" | "TeamSite" | "Team"),
    }
}

/// The text of a file without its byte order mark, or the line of the first byte that is no UTF-8.
pub(crate) fn utf8(bytes: &[u8]) -> std::result::Result<&str, i64> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(plain).map_err(|error| 1 + newlines(plain.get(..error.valid_up_to()).unwrap_or_default()))
}

/// How many lines end in these bytes.
pub(crate) fn newlines(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.split(|byte| *byte == b'\n').skip(1).count()).unwrap_or(i64::MAX)
}
