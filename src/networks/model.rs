//! What a network is. Pure.

use crate::kernel::ids::{NetworkId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::text_enum;

/// Longest name of a network, and of its group, in characters.
pub const LONGEST_NAME: usize = 120;
/// Longest hostname (RFC 1035).
pub const LONGEST_HOSTNAME: usize = 253;
/// Longest serial number.
pub const LONGEST_SERIAL: usize = 60;

text_enum!(
    /// Why a network is linked to no organization (DEV-3).
    Reason {
        /// It never was.
        NeverLinked = "never_linked",
        /// Somebody took the link away.
        ByPerson = "by_person",
        /// Its organization was deleted.
        OrganizationDeleted = "organization_deleted",
        /// Its organization went to another partner (PAR-6).
        OrganizationTransferred = "organization_transferred",
    }
);

/// Since when and why a network is unlinked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unlinked {
    /// Why.
    pub reason: Reason,
    /// By whom, or which organization was deleted or transferred.
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
        let what = match self.reason {
            Reason::NeverLinked => return "Never linked".to_owned(),
            Reason::ByPerson => return self.detail.as_ref().map_or_else(|| "Unlinked".to_owned(), |who| format!("Unlinked by {who}")),
            Reason::OrganizationDeleted => "Organization deleted",
            Reason::OrganizationTransferred => "Organization transferred",
        };
        self.detail.as_ref().map_or_else(|| what.to_owned(), |name| format!("{what}: {name}"))
    }
}

/// A network as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// The partner that holds it.
    pub partner: PartnerId,
    /// The organization it is linked to, and its name.
    pub organization: Option<(OrganizationId, String)>,
    /// Its name.
    pub name: String,
    /// The group it is in.
    pub group_name: Option<String>,
    /// The hostname of its DNA router.
    pub dna_hostname: Option<String>,
    /// The serial number of its DNA router.
    pub dna_serial: String,
    /// Since when it is linked.
    pub linked_at: Option<Timestamp>,
    /// Why it is not.
    pub unlinked: Option<Unlinked>,
}

impl Network {
    /// What tells it from others: "HQ · dna-004 · DNA201681399".
    pub fn facts(&self) -> String {
        let parts = [self.group_name.as_deref(), self.dna_hostname.as_deref(), Some(self.dna_serial.as_str())];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Whether one of the four things it is known by is just this.
    pub fn is_called(&self, words: &str) -> bool {
        let key = text::key(words);
        let known = [Some(&self.name), self.group_name.as_ref(), self.dna_hostname.as_ref(), Some(&self.dna_serial)];
        known.into_iter().flatten().any(|name| text::key(name) == key)
    }
}

/// A network as a list has it; what is not said leaves what is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The group it is in.
    pub group_name: Option<String>,
    /// The hostname of its DNA router.
    pub dna_hostname: Option<String>,
    /// The serial number of its DNA router.
    pub dna_serial: String,
}

impl Listed {
    /// What the search looks through: name, group name, hostname and serial number, one a line (DEV-2).
    pub fn search_text(&self) -> String {
        let parts = [Some(&self.name), self.group_name.as_ref(), self.dna_hostname.as_ref(), Some(&self.dna_serial)];
        parts.into_iter().flatten().map(|part| text::key(part)).collect::<Vec<_>>().join("\n")
    }
}

/// DEV-2: what Enter fills in: the only network that was found, or the only one of them that is called just so.
pub fn filled_in<'a>(found: &'a [Network], words: &str) -> Option<&'a Network> {
    if words.trim().is_empty() {
        return None;
    }
    if let [only] = found {
        return Some(only);
    }
    let mut called = found.iter().filter(|network| network.is_called(words));
    called.next().filter(|_| called.next().is_none())
}
