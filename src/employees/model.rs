//! What an employee is, and what may be done with one. Pure.

use crate::access::roles_model::{Products, Right, Role};
use crate::access::state_model::AccountState;
use crate::access::witness_model::Hand;
use crate::accounts::list_model::{From, Part};
use crate::accounts::model::{Account, Details};
use crate::activity::model::Change;
use crate::kernel::error::Result;
use crate::kernel::time::Timestamp;
use crate::kernel::web;

/// Somebody on a partner's staff, at the moment of reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Employee {
    /// The account.
    pub account: Account,
    /// Their role. An identity is on a partner's staff once at most, so this is the highest among its accounts (ACC-15).
    pub role: Role,
    /// Their products.
    pub products: Products,
    /// When they last signed in.
    pub last_sign_in: Option<Timestamp>,
    /// EMP-4: whether they see what the one who looks does not.
    pub further: bool,
}

/// What may be done with an employee.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Name, e-mail, phone, role and products.
    Edit,
    /// A letter, for the first time or again.
    SendLetter,
    /// Switching off.
    Deactivate,
    /// Switching on again.
    Reactivate,
    /// Taking away.
    Remove,
    /// Reset MFA (ACC-8).
    ResetFactor,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 6] = [Self::Edit, Self::SendLetter, Self::Deactivate, Self::Reactivate, Self::Remove, Self::ResetFactor];
}

impl Employee {
    /// First and last name.
    pub fn name(&self) -> String {
        self.account.name()
    }

    /// Whether `hand` may take this step, or the sentence that says why not. Buttons and actions both ask here.
    pub fn check(&self, hand: Hand, step: Step) -> Result<(), String> {
        self.is_beneath(hand, step)?;
        let (name, state) = (self.name(), self.account.state);
        match step {
            Step::Edit | Step::Remove => Ok(()),
            Step::SendLetter if state.may_be_invited() => Ok(()),
            Step::SendLetter if state.is_active() => Err(format!("{name} is set up already and needs no letter.")),
            Step::SendLetter => Err(format!("{name} is deactivated. Reactivate the account; that sends a letter where one is needed.")),
            Step::Deactivate if state.may_be_deactivated() => Ok(()),
            Step::Deactivate => Err(format!("{name} is deactivated already.")),
            Step::Reactivate if state.may_be_reactivated() => Ok(()),
            Step::Reactivate => Err(format!("{name} is not deactivated.")),
            Step::ResetFactor if !hand.role.may(Right::GroupsAndSecurity) => {
                Err("Only a Security Admin or the primary account resets how somebody signs in.".to_owned())
            }
            Step::ResetFactor if state.is_active() => Ok(()),
            Step::ResetFactor => Err(format!("{name} is not active, so there is nothing to reset.")),
        }
    }

    /// Whether a check answers yes.
    pub fn may(&self, hand: Hand, step: Step) -> bool {
        self.check(hand, step).is_ok()
    }

    /// EMP-2: only roles beneath one's own, and never oneself. ACC-4: a set-up that lapsed may be brought back by anybody who manages
    /// employees, but for the primary account's.
    fn is_beneath(&self, hand: Hand, step: Step) -> Result<(), String> {
        if hand.identity == Some(self.account.identity) {
            return Err("This is your own account. Somebody else has to change it.".to_owned());
        }
        let lapsed = matches!((step, self.account.state), (Step::Reactivate, AccountState::Lapsed { .. }));
        let anybody = lapsed && self.role != Role::PrimaryAccount && hand.role.may(Right::ManageEmployees);
        let name = self.name();
        if self.further && !anybody && hand.role.may_act_on(self.role) {
            return Err(format!("{name} sees organizations that your access groups do not show. Somebody who sees them has to do this."));
        }
        if anybody || hand.role.may_act_on(self.role) {
            return Ok(());
        }
        Err(if self.role == Role::PrimaryAccount {
            format!("{name} is the primary account, which nobody else can change.")
        } else {
            format!("{name} works here as {}. Only somebody above that role may do this.", self.role.shown())
        })
    }
}

/// EMP-2: the roles that somebody of this role may give, highest first.
pub fn assignable(role: Role) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|other| role.may_act_on(*other)).collect()
}

/// An employee to add, or what one is to become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewEmployee {
    /// Name, e-mail and phone.
    pub details: Details,
    /// The role.
    pub role: Role,
    /// The products.
    pub products: Products,
}

impl NewEmployee {
    /// What would be different of an employee, in the words of the fields.
    pub fn changes(&self, before: &Employee) -> Vec<Change> {
        let more = [
            Change::between("Role", before.role.shown(), self.role.shown()),
            Change::between("BCDR", before.products.bcdr.shown(), self.products.bcdr.shown()),
            Change::between("Endpoint Backup", before.products.endpoint_backup.shown(), self.products.endpoint_backup.shown()),
        ];
        self.details.changes(&before.account).into_iter().chain(more.into_iter().flatten()).collect()
    }
}

/// Part of a partner's staff.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Those shown, by last name.
    pub part: Part<Employee>,
    /// How many fit what is asked for.
    pub found: i64,
}

/// What of the list is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Part of a name or an e-mail; empty for all.
    pub query: String,
    /// One role, or all.
    pub role: Option<Role>,
    /// Which page.
    pub from: From,
}

/// Longest text that is looked for, in characters.
const LONGEST_QUERY: usize = 200;

impl Filter {
    /// Reads an address; anything unknown is left out.
    pub fn read(value: impl Fn(&str) -> String) -> Self {
        Self {
            query: value("q").trim().chars().take(LONGEST_QUERY).collect(),
            role: Role::from_word(&value("role")),
            from: From::of(&value("after"), &value("before")),
        }
    }

    /// The address of a part of this list.
    pub fn href(&self) -> String {
        let place = match &self.from {
            From::Start => ("", String::new()),
            From::After(place) => ("after", place.written()),
            From::Before(place) => ("before", place.written()),
        };
        let role = self.role.map_or("", Role::word);
        web::address("/employees", [("q", self.query.as_str()), ("role", role), (place.0, place.1.as_str())])
    }

    /// Whether anybody is left out.
    pub fn narrows(&self) -> bool {
        !self.query.is_empty() || self.role.is_some()
    }
}

/// Somebody with an account, as the operator of the machine sees them (SEC-4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// What they sign in with.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// Their role; none for an organization's user.
    pub role: Option<Role>,
    /// What the account is at this moment.
    pub state: AccountState,
    /// When they last signed in there.
    pub last_sign_in: Option<Timestamp>,
    /// The partner's name.
    pub partner: String,
    /// Its Partner ID.
    pub partner_id: String,
    /// The organization of an organization's user.
    pub organization: Option<String>,
}

/// Whom the operator of the machine wants to see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// Employees.
    Staff,
    /// Organizations' users too.
    Everybody,
}
