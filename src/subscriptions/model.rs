//! Plans and states. Pure.

use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::OrganizationId;
use crate::kernel::time::Timestamp;
use crate::text_enum;

text_enum!(
    /// The state of an organization's subscription, and so of the organization.
    State {
        /// Backups run, users sign in.
        Active = "active",
        /// Backups stop, billing goes on, users are kept out (SUB-2).
        Suspended = "suspended",
        /// Everything stops and can come back for a while (SUB-3).
        Unsubscribed = "unsubscribed",
        /// Over (SUB-5).
        Deleted = "deleted",
    }
);

impl State {
    /// As tab and badge show it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Unsubscribed => "Unsubscribed",
            Self::Deleted => "Deleted",
        }
    }

    /// Color and shape of its badge, the same everywhere.
    pub const fn look(self) -> (Tone, Icon) {
        match self {
            Self::Active => (Tone::Good, Icon::Check),
            Self::Suspended => (Tone::Warn, Icon::Pause),
            Self::Unsubscribed => (Tone::Bad, Icon::Clock),
            Self::Deleted => (Tone::Quiet, Icon::Dash),
        }
    }
}

text_enum!(
    /// What is bought (SUB-1).
    Plan {
        /// Backup of what is used.
        Backup = "backup",
        /// Keeping what left.
        Archiver = "archiver",
        /// One person.
        Personal = "personal",
    }
);

impl Plan {
    /// As lists and drop-downs show it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Backup => "Backup",
            Self::Archiver => "Archiver",
            Self::Personal => "Personal",
        }
    }
}

/// A subscription as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// Whose.
    pub organization: OrganizationId,
    /// What, once it is chosen (ORG-1).
    pub plan: Option<Plan>,
    /// Whether seats follow use (SUB-7).
    pub auto_license: bool,
    /// Seats bought.
    pub seats: Option<i64>,
    /// The state.
    pub state: State,
    /// Since when it is in this state.
    pub since: Timestamp,
}

/// What is bought beside what is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bought {
    /// Whether seats follow use (SUB-7).
    pub auto_license: bool,
    /// Seats bought.
    pub seats: Option<i64>,
}

impl Bought {
    /// "auto", a number, or nothing while there is no plan.
    pub fn shown(self) -> Option<String> {
        match (self.auto_license, self.seats) {
            (true, _) => Some("auto".to_owned()),
            (false, Some(seats)) => Some(crate::kernel::text::thousands(seats)),
            (false, None) => None,
        }
    }
}
