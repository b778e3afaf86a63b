//! What needs attention. Pure.

use crate::access::roles_model::Role;
use crate::access::state_model::AccountState;
use crate::access::witness_model::Hand;
use crate::devices::status_model::{Judged, State};
use crate::employees::model::{Employee, Step};
use crate::kernel::ids::{AccountId, DeviceId, OrganizationId, SaasAccountId};
use crate::kernel::time::{Span, Timestamp};
use crate::saas::model::{SaasAccount, Shown};
use crate::tasks::model::Task;
use crate::transfers::model::Transfer;
use crate::upkeep::model::{Failure, Lapse};

/// HOM-1: set-ups are shown once less than this is left of their seven days.
pub const ABOUT_TO_LAPSE: Span = Span::days(2);
/// HOM-1: letters given up are shown for so long after they were written, unless a later one of the same kind went to the same account.
pub const GIVEN_UP_FOR: Span = Span::days(30);
/// HOM-1: lapsed set-ups are shown for so long.
pub const LAPSED_FOR: Span = Span::days(30);
/// HOM-1: an organization's end is near with no more than this left of its 45 days.
pub const NEAR: Span = Span::days(3);
/// Lines of one kind on the page.
pub const SHOWN: usize = 5;
/// Lines to read of one kind: one more than are shown, since a line that says "and 1 more" is no shorter than the one it stands for.
pub const READ: usize = SHOWN + 1;
/// Counting stops here: "500+".
pub const COUNTED: i64 = 500;

/// What needs attention, of one kind: some of it, and how much there is.
#[derive(Clone, Debug)]
pub struct Found<T> {
    /// The first few.
    pub first: Vec<T>,
    /// How many there are; `COUNTED` and one more means more than can be counted in a moment.
    pub total: i64,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { first: Vec::new(), total: 0 }
    }
}

impl<T> Found<T> {
    /// Of what was read, `READ` at most: all of it if that is all there is, else the first few.
    pub fn new(mut first: Vec<T>, total: i64) -> Self {
        if usize::try_from(total).map_or(true, |total| READ < total) {
            first.truncate(SHOWN);
        }
        Self { first, total }
    }

    /// How many are not among the first.
    pub fn rest(&self) -> i64 {
        self.total - i64::try_from(self.first.len()).unwrap_or(self.total)
    }
}

/// A SaaS account whose backups fail, were missed in part, or are not reported any more.
#[derive(Clone, Debug)]
pub struct Failing {
    /// Which.
    pub account: SaasAccountId,
    /// Its name.
    pub name: String,
    /// The organization's name, if it is linked.
    pub organization: Option<String>,
    /// When that was true.
    pub as_of: Timestamp,
    /// Services backed up in the last 24 hours, and active ones.
    pub backed: i64,
    /// Active services.
    pub active: i64,
}

/// A device that fails.
#[derive(Clone, Debug)]
pub struct FailingDevice {
    /// Which.
    pub device: DeviceId,
    /// Its hostname.
    pub name: String,
    /// The organization's name, if it is linked.
    pub organization: Option<String>,
    /// What is wrong, in words.
    pub why: String,
    /// When that was true.
    pub as_of: Option<Timestamp>,
}

/// An unsubscribed organization.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// When everything of it is destroyed.
    pub end: Timestamp,
}

/// A SaaS account that waits for its authorization.
#[derive(Clone, Debug)]
pub struct Unauthorized {
    /// Which.
    pub account: SaasAccountId,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// Who of the organization consented, so that only the customer id is missing, and when.
    pub consent: Option<(String, Timestamp)>,
    /// Whom a letter asked, and when.
    pub asked: Option<(String, Timestamp)>,
}

/// A SaaS account that uses as many licenses as it may.
#[derive(Clone, Debug)]
pub struct Full {
    /// Which.
    pub account: SaasAccountId,
    /// Its name.
    pub name: String,
    /// Billable seats.
    pub used: i64,
    /// Of so many.
    pub cap: i64,
}

/// SUB-7: an organization that uses more seats than were bought with Auto License off, since an import brought them.
#[derive(Clone, Debug)]
pub struct Over {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Seats in use.
    pub used: i64,
    /// Seats bought.
    pub bought: i64,
}

/// A SaaS account linked to no organization.
#[derive(Clone, Debug)]
pub struct Loose {
    /// Which.
    pub account: SaasAccountId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// Why, in words.
    pub why: String,
}

/// An organization user whose set-up is about to lapse, or has lapsed.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which.
    pub account: AccountId,
    /// First and last name.
    pub name: String,
    /// Where.
    pub organization: OrganizationId,
    /// That organization's name.
    pub organization_name: String,
    /// When the seven days are, or were, over.
    pub until: Timestamp,
}

/// An employee whose set-up is about to lapse, or has lapsed.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// First and last name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// When the seven days are, or were, over.
    pub until: Timestamp,
}

/// Of the employees who are not set up, those whose time is nearly over and those whose time was over within the last thirty days, both
/// only where this hand may do something about it (EMP-2, ACC-4).
pub fn colleagues(staff: &[Employee], hand: Hand, now: Timestamp) -> (Found<Colleague>, Found<Colleague>) {
    let colleague =
        |employee: &Employee, until| Colleague { name: employee.name(), email: employee.account.email.clone(), role: employee.role, until };
    let (mut lapsing, mut lapsed) = (Vec::new(), Vec::new());
    for employee in staff {
        match employee.account.state {
            AccountState::Invited { until } if until - now < ABOUT_TO_LAPSE && employee.may(hand, Step::SendLetter) => {
                lapsing.push(colleague(employee, until));
            }
            AccountState::Lapsed { since } if now - since < LAPSED_FOR && employee.may(hand, Step::Reactivate) => {
                lapsed.push(colleague(employee, since));
            }
            AccountState::NotInvited
            | AccountState::Invited { .. }
            | AccountState::Active { .. }
            | AccountState::Lapsed { .. }
            | AccountState::Deactivated { .. } => {}
        }
    }
    lapsing.sort_by_key(|one| one.until);
    lapsed.sort_by_key(|one| std::cmp::Reverse(one.until));
    let found = |all: Vec<Colleague>| {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        Found::new(all.into_iter().take(READ).collect(), total)
    };
    (found(lapsing), found(lapsed))
}

/// An employee without a second factor.
#[derive(Clone, Debug)]
pub struct Unguarded {
    /// First and last name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// ACC-2: when their account lapses without one, if it does.
    pub until: Option<Timestamp>,
}

/// Of the employees without a second factor those whom this hand may do something about (EMP-2).
pub fn unguarded(staff: &[Employee], hand: Hand) -> Found<Unguarded> {
    let mut found = Vec::new();
    for employee in staff.iter().filter(|employee| employee.may(hand, Step::Edit)) {
        if let AccountState::Active { until, .. } = employee.account.state {
            found.push(Unguarded { name: employee.name(), email: employee.account.email.clone(), role: employee.role, until });
        }
    }
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    found.truncate(READ);
    Found::new(found, total)
}

/// Some users of one organization: those who wait for their first letter, or have no second factor.
#[derive(Clone, Debug)]
pub struct Users {
    /// Where.
    pub organization: OrganizationId,
    /// That organization's name.
    pub organization_name: String,
    /// How many of them were met.
    pub users: i64,
}

/// Letters that could not be delivered.
#[derive(Clone, Debug)]
pub struct FailedLetter {
    /// To whom.
    pub to_name: String,
    /// What about.
    pub subject: String,
    /// Why not.
    pub reason: String,
    /// When it was written.
    pub written: Timestamp,
}

/// A way out for letters that is closed.
#[derive(Clone, Debug)]
pub struct ClosedMail {
    /// Since when.
    pub since: Timestamp,
    /// Why, in a sentence.
    pub reason: String,
    /// How many letters wait, in the whole portal; `COUNTED` and one more means more than can be counted in a moment.
    pub waiting: i64,
}

/// Everything that needs attention, as far as this person may see it.
#[derive(Clone, Debug, Default)]
pub struct Attention {
    /// Red accounts.
    pub failing: Found<Failing>,
    /// Red devices.
    pub devices: Found<FailingDevice>,
    /// Amber ones.
    pub missing: Found<Failing>,
    /// Those of which nothing was heard for 48 hours.
    pub silent: Found<Failing>,
    /// The way out for letters, if it is closed and this person can mend it.
    pub mail: Option<ClosedMail>,
    /// The backup that could not be made, if this person can mend it.
    pub backup: Option<Failure>,
    /// Daily backups that are not made, if this person can mend it.
    pub lapse: Option<Lapse>,
    /// Letters given up.
    pub letters: Found<FailedLetter>,
    /// Set-ups with little time left.
    pub lapsing: Found<Waiting>,
    /// Set-ups whose time is over.
    pub lapsed: Found<Waiting>,
    /// Employees' set-ups with little time left.
    pub lapsing_colleagues: Found<Colleague>,
    /// Employees' set-ups whose time is over.
    pub lapsed_colleagues: Found<Colleague>,
    /// Unsubscribed organizations, the next to end first.
    pub ending: Found<Ending>,
    /// Transfers that are this partner's to validate, the next to lapse first.
    pub transfers: Found<Transfer>,
    /// Device tasks that wait for an employee's approval, the oldest first.
    pub tasks: Found<Task>,
    /// Accounts that wait for their authorization, those that somebody consented to first.
    pub unauthorized: Found<Unauthorized>,
    /// Accounts that reached their license cap.
    pub full: Found<Full>,
    /// Organizations that use more than was bought.
    pub over: Found<Over>,
    /// Unlinked accounts.
    pub loose: Found<Loose>,
    /// Users without a letter, by organization; the total counts users.
    pub not_invited: Found<Users>,
    /// Employees without a second factor.
    pub unguarded_colleagues: Found<Unguarded>,
    /// Users without the second factor that their organization requires, by organization; the total counts users.
    pub unguarded: Found<Users>,
}

impl Attention {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.mail.is_none()
            && self.backup.is_none()
            && self.lapse.is_none()
            && self.lapsing_colleagues.total + self.lapsed_colleagues.total == 0
            && self.unguarded_colleagues.total + self.unguarded.total == 0
            && self.transfers.total + self.ending.total + self.unauthorized.total + self.full.total + self.missing.total == 0
            && self.silent.total + self.over.total + self.devices.total + self.tasks.total == 0
            && self.failing.total + self.letters.total + self.lapsing.total + self.lapsed.total + self.loose.total + self.not_invited.total
                == 0
    }
}

/// HOM-2: an organization's state in one sentence, from its services.
pub fn sentence(organization: &str, services: &[SaasAccount], now: Timestamp) -> String {
    let count = |wanted: fn(Shown) -> bool| services.iter().filter(|service| wanted(service.facts.shown(now))).count();
    let failing = count(|shown| shown == Shown::Failing);
    let missed = count(|shown| shown == Shown::SomeMissed);
    let good = count(|shown| shown == Shown::Protected);
    let of = |part: usize| match (part, services.len()) {
        (1, 1) => "The service".to_owned(),
        (2, 2) => "Both services".to_owned(),
        (part, all) if part == all => format!("All {all} services"),
        (part, all) => format!("{part} of {all} services"),
    };
    let (is, was) = (|part: usize| if part == 1 { "is" } else { "are" }, |part: usize| if part == 1 { "has" } else { "have" });
    match (services.len(), failing, missed) {
        (0, _, _) => format!("No SaaS service is linked to {organization} yet."),
        (_, 0, 0) if good == services.len() => format!("{} of {organization} {} protected.", of(good), is(good)),
        (_, 0, 0) => format!("{} of {organization} {} protected; about the others there is no recent news.", of(good), is(good)),
        (_, 0, missed) => format!("{} of {organization} {} missed some backups.", of(missed), was(missed)),
        (_, failing, _) => format!("{} of {organization} {} failing. Your provider sees this too.", of(failing), is(failing)),
    }
}

/// Devices that a sentence names.
const NAMED: usize = 3;

/// HOM-2: the same of its devices: those that are in trouble by name. With `of`, whose they are; nothing where there are none.
pub fn devices_sentence(devices: &[Judged], of: Option<&str>) -> Option<String> {
    let of = of.map(|name| format!(" of {name}")).unwrap_or_default();
    let (all, count) = (devices.len(), |state: State| devices.iter().filter(|judged| judged.verdict.state() == state).count());
    let sentence = match (count(State::Failing), count(State::Warning), count(State::Healthy)) {
        _ if all == 0 => return None,
        (0, 0, 0) => format!("There is no recent news of the devices{of}."),
        (0, 0, 1) if all == 1 => format!("The device{of} is backed up."),
        (0, 0, 2) if all == 2 => format!("Both devices{of} are backed up."),
        (0, 0, healthy) if healthy == all => format!("All {all} devices{of} are backed up."),
        (0, 0, healthy) => format!("{healthy} of the {all} devices{of} {} backed up.", if healthy == 1 { "is" } else { "are" }),
        (0, 1, _) => format!("1 device{of} has a warning: {}.", names(devices, State::Warning)),
        (0, warned, _) => format!("{warned} devices{of} have a warning: {}.", names(devices, State::Warning)),
        (1, _, _) => format!("1 device{of} is failing: {}.", names(devices, State::Failing)),
        (failing, _, _) => format!("{failing} devices{of} are failing: {}.", names(devices, State::Failing)),
    };
    Some(sentence)
}

/// "ember, fjord, gale and 2 more".
fn names(devices: &[Judged], state: State) -> String {
    let mut names = devices.iter().filter(|judged| judged.verdict.state() == state).map(|judged| judged.name.as_str());
    let first = names.by_ref().take(NAMED).collect::<Vec<_>>().join(", ");
    match names.count() {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
