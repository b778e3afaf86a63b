//! What the status page is asked for, and what it counts. Pure.

use crate::backups::model::{Application, BackupDay};
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::time::Timestamp;
use crate::saas::model::{Product, SaasAccount, Shown};
use crate::text_enum;

text_enum!(
    /// What the table is sorted by.
    Sort {
        /// Worst first: the default.
        State = "state",
        /// Organization, or the account's own name.
        Organization = "organization",
        /// Product.
        Service = "service",
        /// Retention.
        Retention = "retention",
        /// Licensed seats.
        Seats = "seats",
        /// Success rate of the last 24 hours.
        Success = "success",
        /// When it was last fully protected.
        Protected = "protected",
        /// What its backups take up.
        Storage = "storage",
    }
);

/// Rows on a page.
pub const PER_PAGE: usize = 50;

/// What the table is narrowed to and sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Part of a name, domain, id or product.
    pub words: String,
    /// Only these states; all when empty.
    pub states: Vec<Shown>,
    /// Only this product.
    pub product: Option<Product>,
    /// Only what is linked to this organization.
    pub organization: Option<OrganizationId>,
    /// By which column.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
}

impl Query {
    /// Whether nothing is narrowed.
    pub fn finds_all(&self) -> bool {
        self.words.trim().is_empty() && self.states.is_empty() && self.product.is_none() && self.organization.is_none()
    }
}

/// Where a page of the table begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// At the top.
    First,
    /// After this account.
    After(SaasAccountId),
    /// Before this account.
    Before(SaasAccountId),
}

/// A row of the table with what unfolds below it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The account.
    pub account: SaasAccount,
    /// Its applications, each with its last 24 hours.
    pub applications: Vec<(Application, Option<BackupDay>)>,
}

/// The figures above the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Accounts in sight.
    pub accounts: i64,
    /// The newest moment any data was true at.
    pub as_of: Option<Timestamp>,
    /// Accounts whose last 24 hours are counted.
    pub counted: i64,
    /// Active services in them.
    pub active: i64,
    /// Of these, with a backup.
    pub backed: i64,
    /// Accounts waiting to be authorized.
    pub pending: i64,
    /// Accounts linked to no organization.
    pub unlinked: i64,
    /// What their seats come to.
    pub seats: SeatTotals,
    /// What accounts with a license cap use of it; nothing when none has one.
    pub capped: Option<Capped>,
    /// Seats committed to by organizations that buy a fixed number; nothing when none does.
    pub committed: Option<i64>,
}

/// Use of license caps, over all accounts that have one (SEA-5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capped {
    /// Billable seats in them.
    pub used: i64,
    /// Their caps together.
    pub cap: i64,
    /// How many have none left.
    pub reached: i64,
}

/// Seats of all accounts in sight.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SeatTotals {
    /// Backed up.
    pub active: i64,
    /// Kept, not backed up for now, or their owner gone.
    pub kept: i64,
    /// Not backed up.
    pub unprotected: i64,
    /// Billable by SEA-4.
    pub billable: i64,
    /// Of these, in organizations that buy a fixed number.
    pub billable_committed: i64,
}

impl SeatTotals {
    /// All of them.
    pub const fn all(&self) -> i64 {
        self.active + self.kept + self.unprotected
    }
}
