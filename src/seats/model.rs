//! Seats, and what is billed of them. Pure.

use crate::kernel::ids::{SaasAccountId, SeatId};
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// What a seat protects (SEA-1).
    SeatType {
        /// A person's mailbox and files, at either vendor.
        User = "User",
        /// A mailbox of several.
        SharedMailbox = "SharedMailbox",
        /// A SharePoint site.
        Site = "Site",
        /// A team's SharePoint site.
        TeamSite = "TeamSite",
        /// A team.
        Team = "Team",
        /// A Google drive of several.
        SharedDrive = "SharedDrive",
    }
);

impl SeatType {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::SharedMailbox => "Shared mailbox",
            Self::Site => "Site",
            Self::TeamSite => "Team site",
            Self::Team => "Team",
            Self::SharedDrive => "Shared drive",
        }
    }

    /// Whether it is a SharePoint site, of which all together are billed as one (SEA-4).
    pub const fn is_site(self) -> bool {
        matches!(self, Self::Site | Self::TeamSite)
    }
}

text_enum!(
    /// How a seat stands (SEA-1).
    SeatState {
        /// Backed up.
        Active = "Active",
        /// Kept, not backed up for now.
        Paused = "Paused",
        /// Its owner is gone; its backups are kept.
        Archived = "Archived",
        /// Not backed up.
        Unprotected = "Unprotected",
    }
);

/// A seat as a list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seat {
    /// Portico's id.
    pub id: SeatId,
    /// The account it is in.
    pub saas_account: SaasAccountId,
    /// E-mail, address or the vendor's name of it.
    pub main_id: String,
    /// The name.
    pub name: String,
    /// The key that lists sort by.
    pub name_key: String,
    /// What it protects.
    pub seat_type: SeatType,
    /// How it stands.
    pub state: SeatState,
    /// Since when.
    pub state_since: Timestamp,
    /// When it was set here, as long as no import has shown that the vendor has it.
    pub set_at: Option<Timestamp>,
    /// SEA-3: until when the backups of an unprotected seat are kept, if it was ever seen protected.
    pub data_until: Option<Timestamp>,
    /// When that was found to be over and carried out; the backups are gone from `data_until` on, whether or not it was.
    pub destroyed_at: Option<Timestamp>,
    /// What the vendor says of billing.
    pub billable: bool,
    /// When the vendor first had it.
    pub date_added: Option<Timestamp>,
    /// The vendor's id of it.
    pub remote_id: Option<String>,
}

/// A state that was set here stays until an import shows that the vendor has it, or so much time has passed.
pub const STAYS: Span = Span::days(7);

/// Whether a state that was set here at this moment still stays, whatever an import says.
pub fn stays(set_at: Option<Timestamp>, now: Timestamp) -> bool {
    set_at.is_some_and(|moment| now < moment + STAYS)
}

/// A seat as a report has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportedSeat {
    /// E-mail, address or the vendor's name of it.
    pub main_id: String,
    /// The name.
    pub name: String,
    /// What it protects.
    pub seat_type: SeatType,
    /// How it stands.
    pub state: SeatState,
    /// What the vendor says of billing.
    pub billable: bool,
    /// When the vendor first had it.
    pub date_added: Option<Timestamp>,
    /// The vendor's id of it.
    pub remote_id: Option<String>,
}

/// How many seats of one type stand so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    /// What they protect.
    pub seat_type: SeatType,
    /// How they stand.
    pub state: SeatState,
    /// How many.
    pub count: i64,
}

/// SEA-4 for one account: each User seat that is Active, Paused or Archived; all SharePoint sites together as one.
pub fn billable(tallies: &[Tally]) -> i64 {
    let kept = || tallies.iter().filter(|tally| tally.state != SeatState::Unprotected && 0 < tally.count);
    let users: i64 = kept().filter(|tally| tally.seat_type == SeatType::User).map(|tally| tally.count).sum();
    let sites = kept().any(|tally| tally.seat_type.is_site());
    users + i64::from(sites)
}
