//! What may become of a seat (SEA-2), and what stands in the way. Pure.

use crate::kernel::text::{counted, thousands};
use crate::kernel::time::{Span, Timestamp};
use crate::seats::model::{Seat, SeatState, SeatType, Tally, billable};
use crate::subscriptions::model::State;
use crate::text_enum;

/// SEA-3: the backups of an unprotected seat are kept for so long.
pub const KEPT: Span = Span::days(30);
/// So many are destroyed in one transaction.
pub const DESTROYED_AT_ONCE: i64 = 200;
/// SEA-6: so many seats may be named in one call of a script.
pub const MOST_AT_ONCE: usize = 100;
/// SEA-6: so many seats may be ticked, or named in a file, at once.
pub const MOST_ON_A_PAGE: usize = 2_000;

text_enum!(
    /// What can be done with a seat, in the vendor's words.
    Action {
        /// Protect.
        License = "License",
        /// Pause.
        Pause = "Pause",
        /// Unprotect.
        Unlicense = "Unlicense",
        /// Delete Backups, of an archived seat.
        DeleteBackups = "DeleteBackups",
    }
);

impl Action {
    /// As a button says it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::License => "Protect",
            Self::Pause => "Pause",
            Self::Unlicense => "Unprotect",
            Self::DeleteBackups => "Delete Backups",
        }
    }

    /// As the log tells it: "protected 3 seats".
    pub const fn done(self) -> &'static str {
        match self {
            Self::License => "protected",
            Self::Pause => "paused",
            Self::Unlicense => "unprotected",
            Self::DeleteBackups => "deleted the backups of",
        }
    }
}

/// Why a seat stays as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is no such seat in this account.
    NotFound,
    /// It is so already.
    Already(SeatState),
    /// SEA-2 knows no way from there.
    NoWay(SeatState, Action),
    /// EMP-4: access groups limit whoever asks, and the account is linked to no organization.
    Unlinked,
    /// PAR-1: a partner beneath holds the account, and the asker's role acts at home alone.
    Beneath,
    /// SUB-2: all backups of the organization have stopped.
    Stopped(State),
    /// SAS-6, SAS-7: the account is not authorized yet, or was cancelled.
    Account(Standing),
    /// SUB-7: Auto License is off, and more would be used than was bought.
    NoSeatsLeft {
        /// So many.
        bought: i64,
        /// With this seat.
        used: i64,
    },
    /// SEA-5: the account's licence cap.
    CapReached(i64),
}

impl Refusal {
    /// A sentence for whoever asked.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotFound => "There is no such seat in this account.".to_owned(),
            Self::Already(state) => format!("The seat is {} already.", state.word()),
            Self::NoWay(SeatState::Archived, _) => "The seat is Archived; only its backups can be deleted.".to_owned(),
            Self::NoWay(state, Action::DeleteBackups) => {
                format!("The seat is {}; only archived seats have their backups deleted.", state.word())
            }
            Self::NoWay(state, action) => format!("The seat is {}; it cannot be changed by {}.", state.word(), action.shown()),
            Self::Unlinked => "The account is linked to no organization. Link it to one of yours first.".to_owned(),
            Self::Beneath => "The account is held by a partner beneath yours. Your Admins change its seats, or that partner.".to_owned(),
            Self::Stopped(state) => {
                format!("The organization is {}, so its backups have stopped and no seat can be protected.", state.word())
            }
            Self::Account(Standing::Cancelled) => "The account was cancelled, so no seat can be protected.".to_owned(),
            Self::Account(Standing::Pending | Standing::Authorized) => {
                "The account is not authorized yet, so no seat can be protected.".to_owned()
            }
            Self::NoSeatsLeft { bought, used } => format!(
                "{} bought with Auto License off, and with this {used} would be used. Buy {} more first: Change plan, under Subscriptions on the \
                 organization's page.",
                counted(*bought, "seat is", "seats are"),
                thousands(used.saturating_sub(*bought))
            ),
            Self::CapReached(cap) => format!("The account's license cap of {cap} is reached."),
        }
    }
}

/// SEA-2: what becomes of a seat that stands so; the only place that says it.
pub const fn after(state: SeatState, action: Action) -> Result<SeatState, Refusal> {
    match (state, action) {
        (SeatState::Active, Action::Pause) => Ok(SeatState::Paused),
        (SeatState::Paused | SeatState::Unprotected, Action::License) => Ok(SeatState::Active),
        (SeatState::Active | SeatState::Paused, Action::Unlicense) | (SeatState::Archived, Action::DeleteBackups) => {
            Ok(SeatState::Unprotected)
        }
        (SeatState::Active, Action::License) | (SeatState::Paused, Action::Pause) | (SeatState::Unprotected, Action::Unlicense) => {
            Err(Refusal::Already(state))
        }
        (SeatState::Unprotected, Action::Pause)
        | (SeatState::Archived, Action::License | Action::Pause | Action::Unlicense)
        | (SeatState::Active | SeatState::Paused | SeatState::Unprotected, Action::DeleteBackups) => Err(Refusal::NoWay(state, action)),
    }
}

/// What becomes of one seat that was named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The word it was named by, if it was a word.
    pub named: String,
    /// The seat as it was, if there is one.
    pub seat: Option<Seat>,
    /// How it stands then, or why it stays as it is.
    pub result: Result<SeatState, Refusal>,
}

/// What a change comes to, seat by seat in the order they were named, and for the bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What is done.
    pub action: Action,
    /// Each seat that was named.
    pub seats: Vec<Changed>,
    /// Billable seats before and after: of all accounts of the organization, or of the account while it is linked to none (SEA-4).
    pub billable: (i64, i64),
}

impl Outcome {
    /// The seats that change, and how they stand then.
    pub fn changing(&self) -> impl Iterator<Item = (&Seat, SeatState)> {
        self.seats.iter().filter_map(|changed| Some((changed.seat.as_ref()?, *changed.result.as_ref().ok()?)))
    }
}

/// SEA-3: until when the backups of a seat are kept that is unprotected at `now`. What was deleted is gone at once.
pub fn data_until(action: Action, now: Timestamp) -> Option<Timestamp> {
    match action {
        Action::License | Action::Pause => None,
        Action::Unlicense => Some(now + KEPT),
        Action::DeleteBackups => Some(now),
    }
}

/// SEA-3: what is left of an unprotected seat's backups.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backups {
    /// The seat is not unprotected: they are there.
    There,
    /// Protecting the seat again before this moment keeps them.
    Until(Timestamp),
    /// They are gone, since this moment.
    Gone(Timestamp),
    /// Nobody here ever saw the seat protected.
    Unknown,
}

impl Seat {
    /// What is left of its backups at `now`.
    pub fn backups(&self, now: Timestamp) -> Backups {
        match (self.state, self.data_until) {
            (SeatState::Active | SeatState::Paused | SeatState::Archived, _) => Backups::There,
            (SeatState::Unprotected, Some(until)) if now < until => Backups::Until(until),
            (SeatState::Unprotected, Some(until)) => Backups::Gone(until),
            (SeatState::Unprotected, None) => Backups::Unknown,
        }
    }
}

/// Whether the vendor bills a seat that stands so (SEA-4): each User seat that is not Unprotected. Sites are billed together, not one by one.
pub fn is_billed(seat_type: SeatType, state: SeatState) -> bool {
    seat_type == SeatType::User && state != SeatState::Unprotected
}

/// How an account stands to its vendor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is backed up.
    Authorized,
    /// SAS-6: nobody has authorized it yet.
    Pending,
    /// SAS-7: it was cancelled.
    Cancelled,
}

/// Whether whoever asks may change an account's seats at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hand {
    /// They may.
    Free,
    /// EMP-4: they see it only so that they can link it to an organization of theirs.
    ForLinked,
    /// PAR-1: a partner beneath holds it, and theirs is not a role that acts there.
    AtHome,
}

/// What an account's seats may become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// Whose hand changes them.
    pub hand: Hand,
    /// How the account stands.
    pub standing: Standing,
    /// The state of its organization; none while it is linked to none.
    pub state: Option<State>,
    /// SUB-7: seats bought for the organization where Auto License is off.
    pub bought: Option<i64>,
    /// What all accounts of the organization are billed for (SEA-4).
    pub used: i64,
    /// SEA-5: how many of this account's seats may be billed, where that is set.
    pub cap: Option<i64>,
    /// This account's seats.
    pub tallies: Vec<Tally>,
}

impl Room {
    /// Billable seats as they are counted by now: the organization's, or the account's while it is linked to none.
    pub fn billable(&self) -> i64 {
        if self.state.is_some() { self.used } else { billable(&self.tallies) }
    }

    /// What becomes of one seat, which is counted then; or why it stays as it is.
    pub fn change(&mut self, seat_type: SeatType, state: SeatState, action: Action) -> Result<SeatState, Refusal> {
        match self.hand {
            Hand::Free => {}
            Hand::ForLinked => return Err(Refusal::Unlinked),
            Hand::AtHome => return Err(Refusal::Beneath),
        }
        let next = after(state, action)?;
        let mut tallies = self.tallies.clone();
        count(&mut tallies, seat_type, state, -1);
        count(&mut tallies, seat_type, next, 1);
        let (before, billed) = (billable(&self.tallies), billable(&tallies));
        if action == Action::License {
            self.check(before, billed)?;
        }
        self.used += billed - before;
        self.tallies = tallies;
        Ok(next)
    }

    /// Whether a seat may be protected, which takes what is billed from `before` to `billed`.
    const fn check(&self, before: i64, billed: i64) -> Result<(), Refusal> {
        if let Some(state @ (State::Suspended | State::Unsubscribed | State::Deleted)) = self.state {
            return Err(Refusal::Stopped(state));
        }
        if let standing @ (Standing::Pending | Standing::Cancelled) = self.standing {
            return Err(Refusal::Account(standing));
        }
        if before < billed {
            if let Some(bought) = self.bought
                && bought < self.used + billed - before
            {
                return Err(Refusal::NoSeatsLeft { bought, used: self.used + billed - before });
            }
            if let Some(cap) = self.cap
                && cap < billed
            {
                return Err(Refusal::CapReached(cap));
            }
        }
        Ok(())
    }
}

fn count(tallies: &mut Vec<Tally>, seat_type: SeatType, state: SeatState, step: i64) {
    match tallies.iter_mut().find(|tally| tally.seat_type == seat_type && tally.state == state) {
        Some(tally) => tally.count += step,
        None => tallies.push(Tally { seat_type, state, count: step }),
    }
}
