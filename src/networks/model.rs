//! What a network is. Pure.

use crate::kernel::ids::{NetworkId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::organizations::link_model::Unlinked;

/// Longest name of a network, and of its group, in characters.
pub const LONGEST_NAME: usize = 120;
/// Longest hostname (RFC 1035).
pub const LONGEST_HOSTNAME: usize = 253;
/// Longest serial number.
pub const LONGEST_SERIAL: usize = 60;

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
