//! A transfer's states, and what may be done in each. Pure.

use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId, TransferId};
use crate::kernel::month::Month;
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

/// PAR-4: what nobody validates lapses after so long.
pub const LAPSES_AFTER: Span = Span::days(60);

text_enum!(
    /// Where a transfer is on its way.
    State {
        /// Nobody has validated it yet.
        Waiting = "waiting",
        /// It is carried out on the cut-off date.
        Validated = "validated",
        /// The validator said no, or it could not be carried out.
        Refused = "refused",
        /// One of the sides took it back.
        Withdrawn = "withdrawn",
        /// Sixty days went by.
        Lapsed = "lapsed",
        /// It was carried out.
        Done = "done",
    }
);

impl State {
    /// As a badge shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Validated => "Validated",
            Self::Refused => "Refused",
            Self::Withdrawn => "Withdrawn",
            Self::Lapsed => "Lapsed",
            Self::Done => "Transferred",
        }
    }

    /// Color and shape of its badge.
    pub const fn look(self) -> (Tone, Icon) {
        match self {
            Self::Waiting => (Tone::Warn, Icon::Clock),
            Self::Validated => (Tone::Info, Icon::Check),
            Self::Refused => (Tone::Bad, Icon::Cross),
            Self::Withdrawn | Self::Lapsed => (Tone::Quiet, Icon::Dash),
            Self::Done => (Tone::Good, Icon::Check),
        }
    }

    /// Whether something may still come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Validated)
    }
}

/// What is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Thing {
    /// An organization with what goes along (PAR-6).
    Organization(OrganizationId),
    /// A single SaaS account (PAR-7).
    SaasAccount(SaasAccountId),
}

/// What can be done about a transfer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The validator agrees.
    Validate,
    /// The validator does not.
    Refuse,
    /// One of the sides takes it back.
    Withdraw,
}

impl Step {
    /// As a button says it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Validate => "Validate",
            Self::Refuse => "Refuse",
            Self::Withdraw => "Withdraw",
        }
    }

    /// The last part of its address.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Validate => "validation",
            Self::Refuse => "refusal",
            Self::Withdraw => "withdrawal",
        }
    }
}

/// A partner as a transfer names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// Which.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
}

/// A transfer at the moment of reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Whose the thing is until then.
    pub holder: Side,
    /// Who gets it; nobody for a Partner ID that is none.
    pub receiver: Option<Side>,
    /// Who validates it.
    pub validator: Option<Side>,
    /// The Partner ID as it was entered.
    pub receiver_id: String,
    /// What.
    pub thing: Thing,
    /// Its name when it was asked for.
    pub name: String,
    /// By whom, with e-mail.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// Where it is, by the clock.
    pub state: State,
    /// Who validated it.
    pub validated_by: Option<String>,
    /// The cut-off date.
    pub due_at: Option<Timestamp>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<Timestamp>,
    /// Why, if more is known.
    pub reason: Option<String>,
}

/// PAR-4: where a transfer is at this moment: one that was waiting has lapsed from the moment the sixty days have passed.
pub fn state_at(stored: State, asked_at: Timestamp, now: Timestamp) -> State {
    if stored == State::Waiting && asked_at + LAPSES_AFTER <= now { State::Lapsed } else { stored }
}

/// PAR-4: the cut-off date of what is validated now: the first moment of the next month, UTC.
pub fn cut_off(now: Timestamp) -> Timestamp {
    Month::of(now).plus(1).begins()
}

impl Transfer {
    /// Whether this partner is one of the two sides.
    pub fn is_side(&self, partner: PartnerId) -> bool {
        self.holder.partner == partner || self.receiver.as_ref().is_some_and(|side| side.partner == partner)
    }

    /// Whether this partner validates it.
    pub fn is_validator(&self, partner: PartnerId) -> bool {
        self.validator.as_ref().is_some_and(|side| side.partner == partner)
    }

    /// Whether somebody of this partner may take this step now, or the sentence that says why not. Buttons and actions both ask here.
    pub fn check(&self, step: Step, partner: PartnerId, now: Timestamp) -> Result<(), String> {
        let name = &self.name;
        match (self.state, step) {
            (State::Waiting, Step::Validate | Step::Refuse) if self.is_validator(partner) => Ok(()),
            (State::Waiting | State::Validated, Step::Validate | Step::Refuse) => {
                Err(format!("The transfer of {name} is not yours to validate, or is validated already."))
            }
            (State::Validated, Step::Withdraw) if self.due_at.is_some_and(|due| due <= now) => {
                Err(format!("The cut-off date of the transfer of {name} has come, so it can no longer be withdrawn."))
            }
            (State::Waiting | State::Validated, Step::Withdraw) if self.is_side(partner) => Ok(()),
            (State::Waiting | State::Validated, Step::Withdraw) => Err(format!("Only the two sides withdraw the transfer of {name}.")),
            (State::Refused | State::Withdrawn | State::Lapsed | State::Done, _) => {
                Err(format!("The transfer of {name} is over: {}.", self.state.shown().to_lowercase()))
            }
        }
    }

    /// Who gets it, as this partner may know it: the name once both sides know each other, the Partner ID before. The holder learns nothing of
    /// a Partner ID that it did not know already (PAR-3).
    pub fn receiver_for(&self, partner: PartnerId) -> &str {
        let known = self.is_validator(partner) || partner != self.holder.partner || matches!(self.state, State::Validated | State::Done);
        match &self.receiver {
            Some(side) if known => &side.name,
            _ => &self.receiver_id,
        }
    }

    /// Who validates it, as this partner may know it.
    pub fn validator_for(&self, partner: PartnerId) -> Option<&str> {
        let known = self.is_validator(partner) || partner != self.holder.partner || self.validated_by.is_some();
        self.validator.as_ref().filter(|_| known).map(|side| side.name.as_str())
    }
}

/// PAR-4, PAR-6: what is told before anyone agrees.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DryRun {
    /// Each a sentence: what goes to the new partner, and how.
    pub moves: Vec<String>,
    /// What does not.
    pub stays: Vec<String>,
}

/// What somebody who may ask for their organization's transfer sees of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Own {
    /// What goes and what does not.
    pub dry_run: DryRun,
    /// The transfer that is under way, if one is.
    pub open: Option<Transfer>,
    /// Else what became of the last one.
    pub last: Option<Transfer>,
    /// PAR-5: why it cannot be asked for here, where the right was taken away.
    pub refused: Option<&'static str>,
}
