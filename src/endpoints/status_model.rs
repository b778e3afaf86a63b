//! What Endpoint Backup Status is asked for, and what it counts. Pure.

use crate::endpoints::model::Standing;
use crate::kernel::ids::OrganizationId;
use crate::text_enum;

text_enum!(
    /// What the table is sorted by.
    Sort {
        /// Worst first: the default.
        State = "state",
        /// The computer's name.
        Agent = "agent",
        /// The organization's.
        Organization = "organization",
        /// When its newest backup was.
        LastBackup = "last_backup",
    }
);

/// Rows on a page.
pub const PER_PAGE: i64 = 50;

/// What the table is narrowed to and sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Part of a computer's name, code or serial number, or of the organization's name.
    pub words: String,
    /// Only these states; all when empty.
    pub states: Vec<Standing>,
    /// Only those of this organization.
    pub organization: Option<OrganizationId>,
    /// By which column.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
}

impl Query {
    /// Everything, worst first.
    pub const fn all() -> Self {
        Self { words: String::new(), states: Vec::new(), organization: None, sort: Sort::State, descending: false }
    }

    /// Whether nothing is narrowed.
    pub fn finds_all(&self) -> bool {
        self.words.trim().is_empty() && self.states.is_empty() && self.organization.is_none()
    }
}

/// How many agents stand how.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally(pub Vec<(Standing, i64)>);

impl Tally {
    /// All of them.
    pub fn all(&self) -> i64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// Those for which this holds.
    pub fn of(&self, wanted: impl Fn(Standing) -> bool) -> i64 {
        self.0.iter().filter(|(standing, _)| wanted(*standing)).map(|(_, count)| count).sum()
    }
}
