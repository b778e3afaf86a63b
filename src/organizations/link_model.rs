//! What is linked to an organization, and why it is not: devices and networks alike (DEV-3). Pure.

use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::time::Timestamp;
use crate::text_enum;

text_enum!(
    /// Why a device or a network is linked to no organization (DEV-3).
    Reason {
        /// It never was.
        NeverLinked = "never_linked",
        /// Somebody took the link away.
        ByPerson = "by_person",
        /// Its organization was deleted (ORG-8).
        OrganizationDeleted = "organization_deleted",
        /// Its organization went to another partner, and it stayed (PAR-6).
        OrganizationTransferred = "organization_transferred",
    }
);

/// Since when and why a device or a network is unlinked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unlinked {
    /// Why.
    pub reason: Reason,
    /// By whom, or which organization was deleted.
    pub detail: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

impl Unlinked {
    /// Leaves out which organization it was.
    pub fn forget_organization(&mut self) {
        if matches!(self.reason, Reason::OrganizationDeleted | Reason::OrganizationTransferred) {
            self.detail = None;
        }
    }

    /// Why, in words: "Never linked", "Unlinked by Sam", "Organization deleted: Alder".
    pub fn shown(&self) -> String {
        let (alone, between) = match self.reason {
            Reason::NeverLinked => return "Never linked".to_owned(),
            Reason::ByPerson => ("Unlinked", " by "),
            Reason::OrganizationDeleted => ("Organization deleted", ": "),
            Reason::OrganizationTransferred => ("Organization transferred", ": "),
        };
        self.detail.as_ref().map_or_else(|| alone.to_owned(), |detail| format!("{alone}{between}{detail}"))
    }

    /// Its badge's tone and shape.
    pub const fn look(&self) -> (Tone, Icon) {
        match self.reason {
            Reason::NeverLinked | Reason::ByPerson => (Tone::Quiet, Icon::Dash),
            Reason::OrganizationDeleted => (Tone::Quiet, Icon::Trash),
            Reason::OrganizationTransferred => (Tone::Quiet, Icon::Clock),
        }
    }

    /// The badge's words, with the day in the viewer's words: "Unlinked 13 Nov by Sam", "Organization deleted 13 Nov".
    pub fn in_short(&self, day: &str) -> String {
        match (self.reason, &self.detail) {
            (Reason::NeverLinked, _) => "Never linked".to_owned(),
            (Reason::ByPerson, Some(who)) => format!("Unlinked {day} by {who}"),
            (Reason::ByPerson, None) => format!("Unlinked {day}"),
            (Reason::OrganizationDeleted, _) => format!("Organization deleted {day}"),
            (Reason::OrganizationTransferred, _) => format!("Organization transferred {day}"),
        }
    }
}
