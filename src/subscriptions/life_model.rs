//! The life of a subscription: what may be done in which state (SUB-13), and what is due while its 45 days run (SUB-11). Pure.

use crate::kernel::ids::{EventId, OrganizationId, PartnerId};
use crate::kernel::time::{Span, Timestamp};
use crate::subscriptions::model::{State, WINDOW};
use crate::text_enum;

text_enum!(
    /// What can be done with a subscription.
    Operation {
        /// SUB-2.
        Suspend = "suspend",
        /// SUB-3.
        Unsubscribe = "unsubscribe",
        /// SUB-4.
        Reactivate = "reactivate",
        /// SUB-5.
        Delete = "delete",
    }
);

impl Operation {
    /// As a button says it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Suspend => "Suspend",
            Self::Unsubscribe => "Unsubscribe",
            Self::Reactivate => "Reactivate",
            Self::Delete => "Delete",
        }
    }

    /// As an alert and the log tell it: "suspended Alder Dental".
    pub const fn done(self) -> &'static str {
        match self {
            Self::Suspend => "suspended",
            Self::Unsubscribe => "unsubscribed",
            Self::Reactivate => "reactivated",
            Self::Delete => "deleted",
        }
    }

    /// The last part of its dialog's address.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Suspend => "suspension",
            Self::Unsubscribe => "unsubscription",
            Self::Reactivate => "reactivation",
            Self::Delete => "deletion",
        }
    }
}

/// Why a subscription stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It is so already.
    Already(State),
    /// An unsubscribed one has stopped already, and only comes back or ends.
    Unsubscribed,
    /// It is over.
    Deleted,
}

impl Refusal {
    /// A sentence for whoever asked.
    pub fn sentence(self, name: &str) -> String {
        match self {
            Self::Already(state) => format!("{name} is {} already, so nothing was changed.", state.word()),
            Self::Unsubscribed => {
                format!("{name} is unsubscribed: its backups have stopped. Reactivate it first, or delete it. Nothing was changed.")
            }
            Self::Deleted => format!("{name} is deleted for good, so nothing can be done with it any more."),
        }
    }
}

/// SUB-13: what becomes of a subscription in this state; the only place that says it. The state is the one at this moment
/// (`Subscription::state_at`).
pub const fn after(state: State, operation: Operation) -> Result<State, Refusal> {
    match (state, operation) {
        (State::Active, Operation::Suspend) => Ok(State::Suspended),
        (State::Active | State::Suspended, Operation::Unsubscribe) => Ok(State::Unsubscribed),
        (State::Suspended | State::Unsubscribed, Operation::Reactivate) => Ok(State::Active),
        (State::Active | State::Suspended | State::Unsubscribed, Operation::Delete) => Ok(State::Deleted),
        (State::Active, Operation::Reactivate) | (State::Suspended, Operation::Suspend) | (State::Unsubscribed, Operation::Unsubscribe) => {
            Err(Refusal::Already(state))
        }
        (State::Unsubscribed, Operation::Suspend) => Err(Refusal::Unsubscribed),
        (State::Deleted, _) => Err(Refusal::Deleted),
    }
}

/// SUB-11: letters go out with so many days of the window left.
pub const LETTERS_AT: [i64; 4] = [45, 14, 3, 1];

/// The most urgent letter that is due at `now` to a window that began at `since`: with how many days left it was due. Nothing once the
/// window is over: then everything is gone, and with it whom to write to.
pub fn letter_due(since: Timestamp, now: Timestamp) -> Option<i64> {
    let end = since + WINDOW;
    if end <= now {
        return None;
    }
    LETTERS_AT.into_iter().rev().find(|days| end - Span::days(*days) <= now)
}

/// When the letter after the one that is due at `now` is to be written; nothing when there is none left.
pub fn next_letter(since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let end = since + WINDOW;
    LETTERS_AT.into_iter().map(|days| end - Span::days(days)).find(|due| now < *due)
}

/// A change of state, as it is kept for good: statements are made of these (SUB-9).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateChange {
    /// Whose.
    pub organization: OrganizationId,
    /// The partner it belonged to.
    pub partner: PartnerId,
    /// From which moment on the new state holds: for the end of the 45 days that very moment, whenever it was carried out.
    pub at: Timestamp,
    /// When it was carried out.
    pub done_at: Timestamp,
    /// Before.
    pub was: State,
    /// After.
    pub became: State,
    /// By whom, name and e-mail; "Portico" for the clock.
    pub actor: String,
    /// Its event in the activity log.
    pub event: EventId,
}

/// How much a step would stop or begin: counted for its dialog, and again when it is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reached {
    /// Linked SaaS accounts.
    pub accounts: i64,
    /// Their seats that are backed up: Active ones.
    pub seats: i64,
    /// Their seats of which there are backups, whatever their state: as a receipt counts them.
    pub kept: i64,
    /// Users who are active and have access to something.
    pub users: i64,
    /// Those of them who are Super Administrators of the accounts (USR-7).
    pub administrators: i64,
    /// Open sessions at the organization.
    pub sessions: i64,
}

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The organization's name.
    pub name: String,
    /// What.
    pub operation: Operation,
    /// The state before.
    pub was: State,
    /// SUB-3: when everything is destroyed, if it is unsubscribed now.
    pub ends: Option<Timestamp>,
    /// What stopped or begins again.
    pub reached: Reached,
    /// Its event in the activity log.
    pub event: EventId,
}
