//! What is left of a purge (SUB-11). Pure.

use crate::kernel::ids::{EventId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;

/// A request whose end a purge was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// By whom, name and e-mail.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Its event in the activity log.
    pub event: EventId,
}

/// What was destroyed of one SaaS account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its name at the vendor.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// What was protected: a product's word.
    pub product: String,
    /// Seats whose backups there were.
    pub seats: i64,
    /// Days of history.
    pub days: i64,
    /// What its backups took up.
    pub bytes: i64,
}

/// Datasets that a receipt names; it counts all of them.
pub const NAMED_DATASETS: usize = 20;

/// The receipt of a purge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// Whose.
    pub organization: OrganizationId,
    /// The partner it belonged to.
    pub partner: PartnerId,
    /// The organization's name.
    pub name: String,
    /// Who had unsubscribed it, at the end of the 45 days; nothing where it was deleted by hand.
    pub asked: Option<Asked>,
    /// When it was due.
    pub due_at: Timestamp,
    /// When it was done.
    pub done_at: Timestamp,
    /// By whom, name and e-mail; "Portico" for the clock.
    pub done_by: String,
    /// Its event in the activity log.
    pub event: EventId,
    /// Users removed.
    pub users: i64,
    /// API keys deleted.
    pub keys: i64,
    /// Endpoint agents removed.
    pub agents: i64,
    /// Their datasets, destroyed.
    pub datasets: i64,
    /// The first of them by name, `NAMED_DATASETS` at most; empty on receipts that were kept before they were named.
    pub dataset_names: Vec<String>,
    /// SaaS accounts that were unlinked and kept their backups.
    pub kept: i64,
    /// SaaS accounts whose backups were destroyed, by name.
    pub lines: Vec<Line>,
}

impl Receipt {
    /// Seats, days and bytes of all accounts together.
    pub fn totals(&self) -> (i64, i64, i64) {
        self.lines.iter().fold((0, 0, 0), |(seats, days, bytes), line| (seats + line.seats, days + line.days, bytes + line.bytes))
    }
}
