//! CSV lists: UTF-8 with or without a byte order mark, comma or semicolon, the header row's columns in any order.

use csv::ByteRecord;

use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::addresses::model::{Address, product};
use crate::imports::model::{Item, Kind, OrganizationRow, PlanRow, Recognised, Row, Sink, UserRow, newlines};
use crate::kernel::countries;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::text::{self, Email, FirmName, PersonName, phone};
use crate::networks::model::{LONGEST_HOSTNAME, LONGEST_NAME, LONGEST_SERIAL, Listed};

const ORGANIZATION: &[&str] =
    &["name", "contact_first_name", "contact_last_name", "contact_email", "country", "plan", "auto_license", "seats"];
const USER: &[&str] = &["organization", "first_name", "last_name", "email", "country_code", "mobile_phone", "access", "endpoint_access"];

const NETWORK: &[&str] = &["name", "group_name", "dna_hostname", "dna_serial"];
const OTHER_PRODUCT: &[&str] = &["email", "product"];

/// Said of text, pictures, and whatever else is no list.
const NEITHER: &str = "This is neither JSON nor CSV.";

/// More seats than any organization has.
const MOST_SEATS: i64 = 1_000_000;

/// The kind of a CSV file, by its header row.
pub fn recognise(bytes: &[u8]) -> Recognised {
    let Ok(Some((header, _))) = Lines::new(bytes).next() else {
        return Recognised::Unknown(NEITHER.to_owned());
    };
    let columns: Vec<String> = header.iter().map(column_name).collect();
    let has = |column: &str| columns.iter().any(|known| known == column);
    let kind = match () {
        () if has("organization") && has("email") => Kind::Users,
        () if has("dna_serial") || has("dna_hostname") => Kind::Networks,
        () if has("email") && has("product") => Kind::OtherProducts,
        () if has("name") && (columns.len() == 1 || ORGANIZATION.iter().skip(1).any(|column| has(column))) => Kind::Organizations,
        () if is_header(&columns) => {
            let (organizations, users) = (ORGANIZATION.join(", "), USER.join(", "));
            return Recognised::Unknown(format!(
                "Its header row is none that Portico knows. Lists of organizations have {organizations}; lists of users have {users}."
            ));
        }
        () => return Recognised::Unknown(NEITHER.to_owned()),
    };
    Recognised::Kind(kind)
}

/// Whether these can be the names of columns, rather than a first line of prose or of a picture.
fn is_header(columns: &[String]) -> bool {
    let plain = |name: &String| {
        (1..=60).contains(&name.chars().count()) && name.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '_' | '-' | '.'))
    };
    columns.len() > 1 && columns.iter().all(plain)
}

fn column_name(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().to_ascii_lowercase()
}

/// The records of a file with the line each begins on.
struct Lines<'a> {
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    line: i64,
    counted: usize,
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let (bytes, reader) = (crate::kernel::csv::without_bom(bytes), crate::kernel::csv::reader(bytes));
        Self { bytes, reader, line: 1, counted: 0 }
    }

    /// The next record; nothing at the end.
    fn next(&mut self) -> Result<Option<(ByteRecord, i64)>, csv::Error> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record)? {
            return Ok(None);
        }
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.counted);
        // A record's position may lie before the line ends that the reader skips.
        let skipped = self.bytes.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = start + skipped;
        self.line += newlines(self.bytes.get(self.counted..start).unwrap_or_default());
        self.counted = start;
        Ok(Some((record, self.line)))
    }
}

/// Reads a file of a supported kind.
pub fn read(bytes: &[u8], kind: Kind, sink: &mut Sink<'_>) -> Result<()> {
    let (known, _) = columns_of(kind);
    let mut lines = Lines::new(bytes);
    let Ok(Some((header, _))) = lines.next() else { return Ok(()) };
    let columns: Vec<String> = header.iter().map(column_name).collect();
    if !header_is_known(&columns, known, kind, sink)? {
        return Ok(());
    }
    let places: Vec<Option<usize>> = known.iter().map(|name| columns.iter().position(|column| column == name)).collect();
    loop {
        let (record, line) = match lines.next() {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(()),
            Err(error) => return sink(lines.line, Item::Refused(String::new(), format!("This is not well-formed CSV: {error}."))),
        };
        let mut errors = FieldErrors::default();
        if record.len() != columns.len() {
            errors.add("", format!("The header has {} columns and this line {}.", columns.len(), record.len()));
        } else if let Some(bad) = record.iter().position(|cell| std::str::from_utf8(cell).is_err()) {
            errors.add(columns.get(bad).map_or("", String::as_str), "This is not UTF-8 text. Save the file as CSV UTF-8.");
        }
        let row = if errors.0.is_empty() { row(&Cells { record: &record, known, places: &places }, kind, &mut errors) } else { None };
        match row {
            Some(row) if errors.0.is_empty() => sink(line, Item::Row(row))?,
            _ => {
                for (field, reason) in errors.0 {
                    sink(line, Item::Refused(field, reason))?;
                }
            }
        }
    }
}

/// The columns of a kind of list, and those that it cannot do without.
const fn columns_of(kind: Kind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Kind::Users => (USER, &["organization", "first_name", "last_name", "email"]),
        Kind::OtherProducts => (OTHER_PRODUCT, OTHER_PRODUCT),
        Kind::Networks => (NETWORK, &["name", "dna_serial"]),
        Kind::Organizations
        | Kind::Accounts
        | Kind::Seats
        | Kind::Reports
        | Kind::Devices
        | Kind::Assets
        | Kind::DeviceAlerts
        | Kind::VmRestores
        | Kind::Agents => (ORGANIZATION, &["name"]),
    }
}

/// IMP-3: says which column it does not know, stands twice, or is missing.
fn header_is_known(columns: &[String], known: &[&str], kind: Kind, sink: &mut Sink<'_>) -> Result<bool> {
    let mut fine = true;
    let mut refuse = |field: &str, reason: String| {
        fine = false;
        sink(1, Item::Refused(field.to_owned(), reason))
    };
    for (index, column) in columns.iter().enumerate() {
        if !known.contains(&column.as_str()) {
            let shown = text::shown(column, 60);
            let of = kind.shown();
            refuse(
                &shown,
                format!("Portico does not know the column {shown:?} of {of}; the file may be of a later version of the format."),
            )?;
        } else if columns.iter().take(index).any(|earlier| earlier == column) {
            refuse(column, "This column stands twice in the header row.".to_owned())?;
        }
    }
    for name in columns_of(kind).1 {
        if !columns.iter().any(|column| column == name) {
            refuse(name, "This column is missing.".to_owned())?;
        }
    }
    Ok(fine)
}

/// A record's cells by the names of their columns.
struct Cells<'a> {
    record: &'a ByteRecord,
    known: &'a [&'a str],
    places: &'a [Option<usize>],
}

impl<'a> Cells<'a> {
    /// A cell, trimmed; empty where there is no such column.
    fn get(&self, column: &str) -> &'a str {
        let place = self.known.iter().position(|known| *known == column).and_then(|index| self.places.get(index).copied().flatten());
        place.and_then(|place| self.record.get(place)).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default().trim()
    }

    /// A cell's value, or nothing where it is empty.
    fn maybe<T>(&self, column: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, String> {
        match self.get(column) {
            "" => Ok(None),
            text => parse(text).map(Some),
        }
    }
}

fn row(cells: &Cells<'_>, kind: Kind, errors: &mut FieldErrors) -> Option<Row> {
    match kind {
        Kind::Users => user(cells, errors).map(Row::User),
        Kind::OtherProducts => other_product(cells, errors).map(Row::OtherProduct),
        Kind::Networks => network(cells, errors).map(Row::Network),
        Kind::Organizations
        | Kind::Accounts
        | Kind::Seats
        | Kind::Reports
        | Kind::Devices
        | Kind::Assets
        | Kind::DeviceAlerts
        | Kind::VmRestores
        | Kind::Agents => organization(cells, errors).map(Row::Organization),
    }
}

fn other_product(cells: &Cells<'_>, errors: &mut FieldErrors) -> Option<Address> {
    let email = errors.take("email", Email::parse(cells.get("email")));
    let product = errors.take("product", product(cells.get("product")));
    Some(Address { email: email?, product: product? })
}

fn network(cells: &Cells<'_>, errors: &mut FieldErrors) -> Option<Listed> {
    let name = errors.take("name", filled(cells.get("name"), LONGEST_NAME));
    let group_name = errors.take("group_name", cells.maybe("group_name", |text| text::line(text, LONGEST_NAME)));
    let dna_hostname = errors.take("dna_hostname", cells.maybe("dna_hostname", |text| text::line(text, LONGEST_HOSTNAME)));
    let dna_serial = errors.take("dna_serial", filled(cells.get("dna_serial"), LONGEST_SERIAL));
    Some(Listed { name: name?, group_name: group_name?, dna_hostname: dna_hostname?, dna_serial: dna_serial? })
}

/// A line of text that is not empty, nor made of signs that nobody sees.
fn filled(text: &str, max: usize) -> Result<String, String> {
    if text::key(text).is_empty() { Err("This field is empty.".to_owned()) } else { text::line(text, max) }
}

fn organization(cells: &Cells<'_>, errors: &mut FieldErrors) -> Option<OrganizationRow> {
    let name = errors.take("name", FirmName::parse(cells.get("name")));
    let contact_first_name = errors.take("contact_first_name", cells.maybe("contact_first_name", PersonName::parse));
    let contact_last_name = errors.take("contact_last_name", cells.maybe("contact_last_name", PersonName::parse));
    let contact_email = errors.take("contact_email", cells.maybe("contact_email", Email::parse));
    let country = errors.take("country", cells.maybe("country", country));
    let plan = plan(cells, errors);
    Some(OrganizationRow {
        name: name?,
        contact_first_name: contact_first_name?,
        contact_last_name: contact_last_name?,
        contact_email: contact_email?,
        country: country?,
        plan: plan?,
    })
}

fn country(text: &str) -> Result<String, String> {
    countries::parse(text).map_err(|_| "A country's code such as US or DE belongs here.".to_owned())
}

/// The subscription's three cells, which go together (SUB-1, ORG-2, ORG-3).
#[expect(clippy::option_option, reason = "outside: whether the cells are in order; inside: whether they name a plan")]
fn plan(cells: &Cells<'_>, errors: &mut FieldErrors) -> Option<Option<PlanRow>> {
    let plan = errors.take("plan", cells.maybe("plan", plan_word))?;
    let auto_license = errors.take("auto_license", cells.maybe("auto_license", yes_or_no))?;
    let seats = errors.take("seats", cells.maybe("seats", number_of_seats))?;
    let Some(plan) = plan else {
        if auto_license == Some(true) || seats.is_some_and(|seats| seats > 0) {
            errors.add("plan", "Name the plan that these seats belong to: backup, archiver or personal.");
        }
        return Some(None);
    };
    let auto_license = auto_license == Some(true);
    if plan == "personal" {
        if auto_license {
            errors.add("auto_license", "Auto License is for the plans backup and archiver.");
        }
        if seats.is_some_and(|seats| seats != 1) {
            errors.add("seats", "A personal plan has one seat.");
        }
        return Some(Some(PlanRow { plan, auto_license: false, seats: Some(1) }));
    }
    if !auto_license && seats.is_none() {
        errors.add("seats", "Enter the number of seats, or yes under auto_license.");
    }
    Some(Some(PlanRow { plan, auto_license, seats: if auto_license { None } else { seats } }))
}

fn plan_word(text: &str) -> Result<&'static str, String> {
    let words = ["backup", "archiver", "personal"];
    let found = words.into_iter().find(|word| text.eq_ignore_ascii_case(word));
    found.ok_or_else(|| "One of backup, archiver, personal belongs here.".to_owned())
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => Err("yes or no belongs here.".to_owned()),
    }
}

fn number_of_seats(text: &str) -> Result<i64, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|seats| digits && (0..=MOST_SEATS).contains(seats));
    number.ok_or_else(|| "A whole number from 0 to 1000000 belongs here.".to_owned())
}

fn user(cells: &Cells<'_>, errors: &mut FieldErrors) -> Option<UserRow> {
    let organization = errors.take("organization", FirmName::parse(cells.get("organization")));
    let first_name = errors.take("first_name", PersonName::parse(cells.get("first_name")));
    let last_name = errors.take("last_name", PersonName::parse(cells.get("last_name")));
    let email = errors.take("email", Email::parse(cells.get("email")));
    let country_code = errors.take("country_code", countries::parse_dialling_code(cells.get("country_code")).map_err(|_| dialling_code()));
    let mobile_phone = errors.take("mobile_phone", phone(cells.get("mobile_phone")));
    let access = errors.take("access", cells.maybe("access", access));
    let endpoint_access = errors.take("endpoint_access", cells.maybe("endpoint_access", endpoint_access));
    Some(UserRow {
        organization: organization?,
        first_name: first_name?,
        last_name: last_name?,
        email: email?,
        country_code: country_code?,
        mobile_phone: mobile_phone?,
        access: access?,
        endpoint_access: endpoint_access?,
    })
}

fn dialling_code() -> String {
    "A dialling code such as 1 or 49 belongs here.".to_owned()
}

fn access(text: &str) -> Result<OrganizationAccess, String> {
    let known = |level: &&OrganizationAccess| text.eq_ignore_ascii_case(level.word()) || text.eq_ignore_ascii_case(level.shown());
    OrganizationAccess::ALL.iter().find(known).copied().ok_or_else(|| "full or none belongs here.".to_owned())
}

fn endpoint_access(text: &str) -> Result<EndpointAccess, String> {
    let known = |level: &&EndpointAccess| text.eq_ignore_ascii_case(level.word()) || text.eq_ignore_ascii_case(level.shown());
    EndpointAccess::ALL.iter().find(known).copied().ok_or_else(|| "file_restores or none belongs here.".to_owned())
}
