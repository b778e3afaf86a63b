//! Plans and states. Pure.

use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text::{counted, thousands};
use crate::kernel::time::{Span, Timestamp};
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

/// SUB-3: an unsubscribed organization can come back for so long.
pub const WINDOW: Span = Span::days(45);

impl Subscription {
    /// SUB-3: when the 45 days of an unsubscribed one end; nothing for any other.
    pub fn ends(&self) -> Option<Timestamp> {
        match self.state {
            State::Unsubscribed => Some(self.since + WINDOW),
            State::Active | State::Suspended | State::Deleted => None,
        }
    }

    /// The state at `now`: from the very millisecond at which the 45 days end it is deleted, job or no job.
    pub fn state_at(&self, now: Timestamp) -> State {
        match self.ends() {
            Some(end) if end <= now => State::Deleted,
            Some(_) | None => self.state,
        }
    }
}

/// SUB-3: what was unsubscribed at this moment or before is over at `now`.
pub fn over_since(now: Timestamp) -> Timestamp {
    now - WINDOW
}

/// The dialog of plan and seats as it was filled in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EnteredPlan {
    /// A plan's word; empty while there is none.
    pub plan: String,
    /// Whether Auto License is ticked.
    pub auto_license: bool,
    /// Number of seats, as typed.
    pub seats: String,
}

/// The most seats that can be bought at once.
const MOST_SEATS: i64 = 1_000_000;

impl EnteredPlan {
    /// As a subscription stands; the most likely choice while there is none.
    pub fn of(subscription: &Subscription) -> Self {
        Self {
            plan: subscription.plan.map_or("", Plan::word).to_owned(),
            auto_license: subscription.plan.is_none() || subscription.auto_license,
            seats: subscription.seats.map(|seats| seats.to_string()).unwrap_or_default(),
        }
    }

    /// A short text that differs when anything in it differs: what the dialog was drawn from.
    pub fn fingerprint(&self) -> String {
        format!("{}-{}-{}", self.plan, i32::from(self.auto_license), self.seats)
    }

    /// The plan that was meant, and what is bought with it. SUB-1: a personal plan is one seat, whatever else was sent. SUB-7: without Auto
    /// License at least the `used` billable seats must be bought. A sentence for each field that is not right.
    pub fn parse(&self, used: i64) -> Result<(Plan, Bought)> {
        let mut errors = FieldErrors::default();
        let plan = errors.take("plan", Plan::from_word(&self.plan).ok_or_else(|| "Choose a plan.".to_owned()));
        let bought = match plan {
            Some(Plan::Personal) if used > 1 => {
                errors.add(
                    "plan",
                    format!("{used} seats are in use, and a personal plan is for one person. Choose another, or unprotect seats first."),
                );
                None
            }
            Some(Plan::Personal) => Some(Bought { auto_license: false, seats: Some(1) }),
            _ if self.auto_license => Some(Bought { auto_license: true, seats: None }),
            _ => errors.take("seats", self.number_of_seats(used)).map(|seats| Bought { auto_license: false, seats: Some(seats) }),
        };
        errors.or(plan.zip(bought))
    }

    fn number_of_seats(&self, used: i64) -> Result<i64, String> {
        let raw = self.seats.trim();
        let typed = raw.bytes().all(|byte| byte.is_ascii_digit()).then(|| raw.parse::<i64>().ok()).flatten();
        match typed {
            Some(seats) if seats < used => Err(format!(
                "{} are in use. Buy at least as many, tick Auto License, or unprotect some first.",
                counted(used, "seat", "seats")
            )),
            Some(seats) if (1..=MOST_SEATS).contains(&seats) => Ok(seats),
            _ => Err(format!("Enter a number of seats from 1 to {}.", thousands(MOST_SEATS))),
        }
    }
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
            (false, Some(seats)) => Some(thousands(seats)),
            (false, None) => None,
        }
    }
}
