//! A billing system's file beside a statement (SUB-10). Pure.

use std::collections::BTreeMap;

use crate::kernel::csv;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::statements::model::Line;
use crate::subscriptions::price_model::PriceList;
use crate::text_enum;

/// The most rows of a file.
pub const MOST_ROWS: usize = 100_000;
/// The most that can be billed of one thing.
const MOST_SEATS: i64 = 1_000_000_000;

/// What the billing system bills under a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Billed {
    /// As it is written there.
    pub name: String,
    /// Seats; the sum where the file has several rows of this name.
    pub quantity: i64,
}

impl Billed {
    /// How names are compared.
    pub fn key(&self) -> String {
        text::key(&self.name)
    }
}

/// Reads a file with a header row, the organization in its first column and the billed quantity in its second, or wherever the header says
/// so. The error is a sentence for the field.
///
/// The names that stand in several rows come beside: their quantities are added up, which whoever brings the file has to know.
pub fn read(bytes: &[u8]) -> Result<(Vec<Billed>, Vec<String>), String> {
    let mut doubled: BTreeMap<String, String> = BTreeMap::new();
    let mut sums: BTreeMap<String, Billed> = BTreeMap::new();
    let mut columns = (0, 1);
    let mut rows = 0;
    for (place, record) in csv::reader(bytes).into_records().enumerate() {
        let line = place + 1;
        let record = record.map_err(|_| format!("Line {line} is not CSV in UTF-8."))?;
        if place == 0 {
            columns = header(&record)?;
            continue;
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        rows += 1;
        if MOST_ROWS < rows {
            return Err(format!("The file has more than {} rows.", text::thousands(i64::try_from(MOST_ROWS).unwrap_or(i64::MAX))));
        }
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        let name = text::line(without_guard(cell(columns.0)), 250).map_err(|sentence| format!("Line {line}: {sentence}"))?;
        if name.is_empty() {
            return Err(format!("Line {line} names no organization."));
        }
        let quantity =
            quantity(cell(columns.1)).ok_or_else(|| format!("Line {line}: the billed quantity is not a whole number of seats."))?;
        let key = text::key(&name);
        if let Some(first) = sums.get(&key) {
            doubled.insert(key.clone(), first.name.clone());
        }
        let billed = sums.entry(key).or_insert(Billed { name, quantity: 0 });
        billed.quantity = billed.quantity.saturating_add(quantity).min(MOST_SEATS);
    }
    if sums.is_empty() {
        return Err("There is no row below the header row.".to_owned());
    }
    Ok((sums.into_values().collect(), doubled.into_values().collect()))
}

/// Our own exports put an apostrophe before what would be a formula.
fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}

fn quantity(cell: &str) -> Option<i64> {
    let whole = cell.strip_suffix(".00").or_else(|| cell.strip_suffix(".0")).unwrap_or(cell);
    let plain = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| whole.parse().ok()).flatten().filter(|quantity| *quantity <= MOST_SEATS)
}

const NAMES: &[&str] = &["organization", "organisation", "client", "customer", "company", "account", "name"];
const QUANTITIES: &[&str] = &["billed quantity", "billed", "quantity", "qty", "seats", "units", "licenses", "licences"];

fn header(record: &::csv::StringRecord) -> Result<(usize, usize), String> {
    let keys: Vec<String> = record.iter().map(text::key).collect();
    let place = |words: &[&str]| words.iter().find_map(|word| keys.iter().position(|key| key == word));
    match (place(NAMES), place(QUANTITIES)) {
        (Some(name), Some(quantity)) => Ok((name, quantity)),
        _ if keys.get(1).is_some_and(|cell| quantity(cell).is_some()) => {
            Err("The first line is the header row, and this one has a quantity in it. Add a line such as \"organization,quantity\" on top."
                .to_owned())
        }
        _ if 2 <= keys.len() => Ok((0, 1)),
        _ => Err("The file needs two columns: the organization and the billed quantity.".to_owned()),
    }
}

text_enum!(
    /// How a row of the comparison stands; the ones to act on first.
    Verdict {
        /// Less is billed than is due.
        Under = "under",
        /// More is.
        Over = "over",
        /// A name in the file that is no organization's.
        Unknown = "unknown",
        /// An organization that is due and not in the file.
        Missing = "missing",
        /// The same.
        Equal = "equal",
    }
);

impl Verdict {
    /// As the page says it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Under => "Under-billed",
            Self::Over => "Over-billed",
            Self::Unknown => "Unknown name",
            Self::Missing => "Not billed",
            Self::Equal => "Agrees",
        }
    }
}

/// A row of the comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// How it stands.
    pub verdict: Verdict,
    /// The organization's name; the file's where it is no organization's.
    pub name: String,
    /// Which organization.
    pub organization: Option<OrganizationId>,
    /// The names it was billed under, where they are others or several.
    pub under: Vec<String>,
    /// Seats in the file.
    pub billed: i64,
    /// Seats on the statement; nothing for a name that is unknown.
    pub due: Option<i64>,
    /// Money that the difference comes to, in the currency's smallest unit: positive where too little is billed.
    pub money: Option<i64>,
    /// Whether somebody matched the name by hand.
    pub by_hand: bool,
}

impl Finding {
    /// Whether it is due nothing and billed nothing: no figure counts it.
    pub const fn is_nothing(&self) -> bool {
        self.billed == 0 && matches!(self.due, Some(0))
    }

    /// Seats that are billed too little; negative for too many.
    pub const fn seats(&self) -> i64 {
        match self.due {
            Some(due) => due - self.billed,
            None => -self.billed,
        }
    }
}

/// A row of the file with the organization it means: which, its name, whether that was said by hand.
pub type Matched = (Billed, Option<(OrganizationId, String, bool)>);

/// Compares a month's lines with what is billed. Rows of several names for one organization are added up; an organization without a line is
/// due nothing. What is due nothing and billed nothing is no finding.
pub fn compare(lines: &[Line], billed: &[Matched], prices: Option<&PriceList>) -> Vec<Finding> {
    let mut found: BTreeMap<OrganizationId, Finding> = BTreeMap::new();
    let mut all = Vec::new();
    for (row, organization) in billed {
        let Some((id, name, by_hand)) = organization else {
            all.push(finding(Verdict::Unknown, row.name.clone(), None, row.quantity));
            continue;
        };
        let each = found.entry(*id).or_insert_with(|| Finding { due: Some(0), ..finding(Verdict::Over, name.clone(), Some(*id), 0) });
        each.billed = each.billed.saturating_add(row.quantity);
        each.by_hand |= by_hand;
        if text::key(name) != row.key() {
            each.under.push(row.name.clone());
        }
    }
    for line in lines {
        let each =
            found.entry(line.organization).or_insert_with(|| finding(Verdict::Missing, line.name.clone(), Some(line.organization), 0));
        each.due = Some(line.billed());
        let missing = each.verdict == Verdict::Missing && 0 < line.billed();
        each.money = prices.and_then(|list| list.of(line.plan)).map(|price| price.saturating_mul(each.seats()));
        each.verdict = match each.seats() {
            _ if missing => Verdict::Missing,
            0 => Verdict::Equal,
            1.. => Verdict::Under,
            _ => Verdict::Over,
        };
    }
    all.extend(found.into_values().map(|each| match each.seats() {
        0 => Finding { verdict: Verdict::Equal, ..each },
        _ => each,
    }));
    // Where nothing is due and nothing billed, nothing agrees. What somebody matched by hand stays, so that it can be changed.
    all.retain(|each| each.by_hand || !each.is_nothing());
    all.sort_by_key(|each| (each.verdict, text::key(&each.name)));
    all
}

fn finding(verdict: Verdict, name: String, organization: Option<OrganizationId>, billed: i64) -> Finding {
    Finding { verdict, name, organization, under: Vec::new(), billed, due: None, money: None, by_hand: false }
}
