//! An account's states and how long each may last. Pure.

use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// An account's state as it is stored; time may have moved on since, see `AccountState::at`.
    StoredState {
        /// Imported, no letter yet (IMP-4).
        NotInvited = "not_invited",
        /// Has a letter and seven days.
        Invited = "invited",
        /// Set up.
        Active = "active",
        /// Switched off.
        Deactivated = "deactivated",
    }
);

/// ACC-2: "seven days to set up".
pub const SET_UP_WITHIN: Span = Span::days(7);

/// ACC-6: a removed e-mail rests so long.
pub const EMAIL_HELD: Span = Span::hours(24);

/// ACC-9: a reset link's life.
pub const RESET_WITHIN: Span = Span::hours(1);

/// An account's state at a moment. Each carries what only it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountState {
    /// IMP-4: imported, waiting for somebody to send the letter.
    NotInvited,
    /// ACC-2.
    Invited {
        /// When the seven days are over.
        until: Timestamp,
    },
    /// Set up.
    Active {
        /// Since when.
        since: Timestamp,
        /// ACC-2: when its seven days are over, while the second factor that it must have is still to be set up.
        until: Option<Timestamp>,
    },
    /// ACC-3: the seven days passed.
    Lapsed {
        /// When.
        since: Timestamp,
    },
    /// ACC-5: by somebody.
    Deactivated {
        /// Since when.
        since: Timestamp,
    },
}

impl AccountState {
    /// ACC-3: what the stored state means at `now`; an invitation is over at seven days to the millisecond, job or no job.
    /// `set_up` tells whether the account ever was active.
    pub fn at(stored: StoredState, since: Timestamp, invited_until: Option<Timestamp>, set_up: bool, now: Timestamp) -> Self {
        match (stored, invited_until) {
            (StoredState::NotInvited, _) => Self::NotInvited,
            (StoredState::Invited, Some(until)) if now < until => Self::Invited { until },
            (StoredState::Invited, until) => Self::Lapsed { since: until.unwrap_or(since) },
            (StoredState::Active, Some(until)) if until <= now => Self::Lapsed { since: until },
            (StoredState::Active, until) => Self::Active { since, until },
            (StoredState::Deactivated, Some(_)) if !set_up => Self::Lapsed { since },
            (StoredState::Deactivated, _) => Self::Deactivated { since },
        }
    }

    /// Color, shape and word of its badge, the same everywhere.
    pub const fn look(self) -> (Tone, Icon, &'static str) {
        match self {
            Self::NotInvited => (Tone::Quiet, Icon::Mail, "Not invited"),
            Self::Invited { .. } => (Tone::Info, Icon::Clock, "Invited"),
            Self::Active { .. } => (Tone::Good, Icon::Check, "Active"),
            Self::Lapsed { .. } | Self::Deactivated { .. } => (Tone::Quiet, Icon::Dash, "Deactivated"),
        }
    }

    /// Whether it may be signed in to.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active { .. })
    }

    /// ACC-5: active, invited and not yet invited ones can be switched off.
    pub const fn may_be_deactivated(self) -> bool {
        matches!(self, Self::NotInvited | Self::Invited { .. } | Self::Active { .. })
    }

    /// ACC-4: deactivated and lapsed ones can come back.
    pub const fn may_be_reactivated(self) -> bool {
        matches!(self, Self::Lapsed { .. } | Self::Deactivated { .. })
    }

    /// A letter can be sent (again) while the account is not set up.
    pub const fn may_be_invited(self) -> bool {
        matches!(self, Self::NotInvited | Self::Invited { .. })
    }
}
