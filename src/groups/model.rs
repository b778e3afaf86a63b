//! A group, who is in it, and what it does to them. Pure.

use crate::access::model::Reach;
use crate::access::roles_model::Role;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::ids::{AccountId, GroupId, OrganizationId};
use crate::kernel::text::FirmName;

/// A group as the list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name, unique in the partner.
    pub name: String,
    /// How many organizations it holds.
    pub organizations: i64,
    /// How many employees are in it.
    pub members: i64,
}

/// The name of a group; the same length as a firm's.
pub fn name(typed: &str) -> Result<FirmName> {
    let mut errors = FieldErrors::default();
    let name = errors.take("name", FirmName::parse(typed));
    errors.or(name)
}

/// Somebody of the partner's staff, as groups see them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Colleague {
    /// Their account.
    pub account: AccountId,
    /// First and last name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// Whether groups limit them: set by the first one, whatever their role.
    pub limited: bool,
    /// How many groups they are in.
    pub groups: i64,
    /// Whether their groups hold any organization.
    pub sees_any: bool,
}

/// What a colleague sees, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sees {
    /// All organizations.
    All,
    /// All of them, because of the role, although they are in a group.
    AllByRole,
    /// Those of their groups.
    Groups,
    /// None: in no group any more, or in empty ones.
    Nothing,
}

impl Colleague {
    /// EMP-4.
    pub const fn sees(&self) -> Sees {
        match (Reach::of(self.role, self.limited), self.limited) {
            (Reach::Groups, _) if self.sees_any => Sees::Groups,
            (Reach::Groups, _) => Sees::Nothing,
            (Reach::All, true) => Sees::AllByRole,
            (Reach::All, false) => Sees::All,
        }
    }

    /// Whether taking them out of one group more would let them see everything.
    pub const fn is_last_group(&self) -> bool {
        self.groups <= 1
    }
}

/// An organization that a group holds, or could.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its partner's name, if that is not the group's.
    pub partner: Option<String>,
    /// Whether it is neither suspended nor unsubscribed.
    pub active: bool,
}

/// Organizations on a page of a group.
pub const PAGE: usize = 50;
/// Organizations or employees offered at once when some are added.
pub const OFFERED: usize = 50;

/// Part of a group's organizations, by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Those shown.
    pub rows: Vec<Held>,
    /// The one from which the page before goes on, if there is one.
    pub before: Option<OrganizationId>,
    /// The same of the page after.
    pub after: Option<OrganizationId>,
}

/// Which part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// The first.
    First,
    /// What follows this organization.
    After(OrganizationId),
    /// What stands before it.
    Before(OrganizationId),
}

/// What a deletion left behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone {
    /// The group's name.
    pub name: String,
    /// Who sees nothing from then on.
    pub stranded: Vec<String>,
}

/// Names as a sentence lists them: up to five, then how many more.
pub fn listed(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let more = names.len().saturating_sub(SHOWN);
    let mut shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let rest = format!("{more} more");
    if 0 < more {
        shown.push(&rest);
    }
    match shown.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}
