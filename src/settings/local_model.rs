//! BRA-3: one's own view of devices. Pure.

use crate::activity::model::Change;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::html::frame::Tone;
use crate::kernel::time::Span;
use crate::settings::model::Look;
use crate::text_enum;

text_enum!(
    /// What devices are sorted by, as long as no column was chosen.
    DevicesBy {
        /// Worst first.
        State = "state",
        /// By name.
        Name = "name",
        /// By organization.
        Organization = "organization",
        /// The fullest first.
        Local = "local",
        /// Those seen longest ago first.
        Seen = "seen",
    }
);

impl DevicesBy {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::State => "State, worst first",
            Self::Name => "Name",
            Self::Organization => "Organization",
            Self::Local => "Local storage, fullest first",
            Self::Seen => "Last seen, longest ago first",
        }
    }
}

text_enum!(
    /// How local storage is told.
    StorageAs {
        /// "62 %".
        Percent = "percent",
        /// "4.9 of 8.0 TB".
        Amounts = "amounts",
    }
);

impl StorageAs {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Percent => "Percent",
            Self::Amounts => "Amounts",
        }
    }
}

/// DEV-4: the colors of local storage, by how much of it is in use.
pub const STORAGE_COLORS: [(Tone, &str); 3] = [(Tone::Good, "below 51 %"), (Tone::Warn, "51 to 80 %"), (Tone::Bad, "above 80 %")];

/// Devices on a page.
pub const PER_PAGE: [i64; 4] = [10, 25, 50, 100];
/// Hours; thirty days at most.
pub const HOURS: std::ops::RangeInclusive<i64> = 1..=720;

/// What a person has chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocalView {
    /// Sort devices by.
    pub sort: DevicesBy,
    /// Local storage format.
    pub storage: StorageAs,
    /// Hours after which the newest backup of a device is old enough for a warning.
    pub warn_hours: i64,
    /// Hours after which it is a failure; more than `warn_hours`.
    pub fail_hours: i64,
    /// Devices per page.
    pub per_page: i64,
}

impl Default for LocalView {
    fn default() -> Self {
        Self { sort: DevicesBy::State, storage: StorageAs::Percent, warn_hours: 12, fail_hours: 24, per_page: 25 }
    }
}

impl LocalView {
    /// Backup threshold: warn after.
    pub const fn warn_after(&self) -> Span {
        Span::hours(self.warn_hours)
    }

    /// Backup threshold: fail after.
    pub const fn fail_after(&self) -> Span {
        Span::hours(self.fail_hours)
    }

    /// What differs from `before`, for the log.
    pub fn changes(&self, before: &Self) -> Vec<Change> {
        let hours = |hours: i64| format!("{hours} hours");
        [
            Change::between("Sort devices by", before.sort.shown(), self.sort.shown()),
            Change::between("Local storage format", before.storage.shown(), self.storage.shown()),
            Change::between("Backups warn after", hours(before.warn_hours), hours(self.warn_hours)),
            Change::between("Backups fail after", hours(before.fail_hours), hours(self.fail_hours)),
            Change::between("Devices per page", before.per_page.to_string(), self.per_page.to_string()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What the form holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entered {
    /// Sort devices by.
    pub sort: String,
    /// Local storage format.
    pub storage: String,
    /// Warn after.
    pub warn_hours: String,
    /// Fail after.
    pub fail_hours: String,
    /// Devices per page.
    pub per_page: String,
    /// Light or dark.
    pub theme: String,
}

impl Entered {
    /// What is chosen, as the form shows it.
    pub fn of(view: &LocalView, theme: Look) -> Self {
        Self {
            sort: view.sort.word().to_owned(),
            storage: view.storage.word().to_owned(),
            warn_hours: view.warn_hours.to_string(),
            fail_hours: view.fail_hours.to_string(),
            per_page: view.per_page.to_string(),
            theme: theme.word().to_owned(),
        }
    }

    /// What it says, or a sentence for each field.
    pub fn parse(&self) -> Result<(LocalView, Look)> {
        let mut errors = FieldErrors::default();
        let sort =
            errors.take("devices_by", DevicesBy::from_word(&self.sort).ok_or_else(|| "Choose what devices are sorted by.".to_owned()));
        let storage = errors.take("storage_as", StorageAs::from_word(&self.storage).ok_or_else(|| "Choose percent or amounts.".to_owned()));
        let warn = errors.take("backup_warn_hours", hours(&self.warn_hours));
        let fail = errors.take("backup_fail_hours", hours(&self.fail_hours).and_then(|fail| later(warn, fail)));
        let per_page = errors.take("devices_per_page", per_page(&self.per_page));
        let theme = errors.take("theme", Look::parse(&self.theme));
        let chosen = match (sort, storage, warn, fail, per_page, theme) {
            (Some(sort), Some(storage), Some(warn_hours), Some(fail_hours), Some(per_page), Some(theme)) => {
                Some((LocalView { sort, storage, warn_hours, fail_hours, per_page }, theme))
            }
            _ => None,
        };
        errors.or(chosen)
    }
}

fn hours(raw: &str) -> Result<i64, String> {
    raw.trim()
        .parse()
        .ok()
        .filter(|hours| HOURS.contains(hours))
        .ok_or_else(|| format!("Enter whole hours, {} to {}.", HOURS.start(), HOURS.end()))
}

/// A failure comes after its warning.
fn later(warn: Option<i64>, fail: i64) -> Result<i64, String> {
    match warn {
        Some(warn) if fail <= warn => Err(format!("A failure comes after the warning: enter more than {warn} hours.")),
        _ => Ok(fail),
    }
}

fn per_page(raw: &str) -> Result<i64, String> {
    let known = raw.parse().ok().filter(|count| PER_PAGE.contains(count));
    known.ok_or_else(|| "Choose 10, 25, 50 or 100.".to_owned())
}
