//! What can be linked to an organization, and what its dialogs say. Pure.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use crate::devices::model::Device;
use crate::kernel::error::Error;
use crate::kernel::ids::{DeviceId, NetworkId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::networks::model::Network;
use crate::organizations::link_model::Unlinked;

/// A device, or a network: of one partner, and linked to one of its organizations or to none.
pub trait Linkable: Clone + Debug {
    /// What tells one from another.
    type Id: Copy + Ord + Display + FromStr<Err = Error>;
    /// How its kind is spoken of.
    const WORDS: Words;

    /// Its id.
    fn id(&self) -> Self::Id;
    /// The partner that holds it.
    fn partner(&self) -> PartnerId;
    /// What it is called.
    fn name(&self) -> &str;
    /// What else it is found by.
    fn facts(&self) -> String;
    /// What it holds, where that is known: "2 agents".
    fn holds(&self) -> Option<String>;
    /// The organization it is linked to, and its name.
    fn organization(&self) -> Option<&(OrganizationId, String)>;
    /// Why it is linked to none.
    fn unlinked(&self) -> Option<&Unlinked>;
    /// Whether one of the things it is found by is just this.
    fn is_called(&self, words: &str) -> bool;

    /// Whether it is linked to this organization.
    fn is_linked_to(&self, organization: OrganizationId) -> bool {
        self.organization().is_some_and(|(linked, _)| *linked == organization)
    }
}

/// How a kind of things is spoken of.
#[derive(Debug)]
pub struct Words {
    /// "device"; also the name of its ticks in the form.
    pub one: &'static str,
    /// "devices"; also its word in addresses and the id of its card.
    pub many: &'static str,
    /// The dialog's title, and the button that opens it.
    pub title: &'static str,
    /// The button in the dialog.
    pub button: &'static str,
    /// What it is searched by.
    pub found_by: &'static str,
    /// Where the first ones come from.
    pub come_with: &'static str,
    /// What unlinking means to the organization of this name.
    pub unlinked_for: fn(&str) -> String,
    /// What stays when it is unlinked.
    pub stays: &'static str,
}

impl Words {
    /// Where things of this kind are linked to an organization.
    pub fn link_href(&self, organization: OrganizationId) -> String {
        format!("/organizations/{organization}/{}/link", self.many)
    }

    /// Where the link of one is taken away again.
    pub fn unlink_href(&self, organization: OrganizationId, id: impl Display) -> String {
        format!("/organizations/{organization}/{}/{id}/unlink", self.many)
    }

    /// Their card on the organization's page.
    pub fn card_href(&self, organization: OrganizationId) -> String {
        format!("/organizations/{organization}#{}", self.many)
    }
}

impl Linkable for Device {
    type Id = DeviceId;
    const WORDS: Words = Words {
        one: "device",
        many: "devices",
        title: "Add Devices",
        button: "Link Devices",
        found_by: "Hostname or serial number",
        come_with: "Devices come with an import of what the backup service reports; then they can be linked here.",
        unlinked_for: |organization| format!("The users of {organization} no longer see it."),
        stays: "The device and its backups stay",
    };

    fn id(&self) -> DeviceId {
        self.id
    }
    fn partner(&self) -> PartnerId {
        self.partner
    }
    fn name(&self) -> &str {
        Self::name(self)
    }
    fn facts(&self) -> String {
        Self::facts(self)
    }
    fn holds(&self) -> Option<String> {
        Some(Self::holds(self))
    }
    fn organization(&self) -> Option<&(OrganizationId, String)> {
        self.organization.as_ref()
    }
    fn unlinked(&self) -> Option<&Unlinked> {
        self.unlinked.as_ref()
    }
    /// DEV-1: its hostname or its serial number.
    fn is_called(&self, words: &str) -> bool {
        is_one_of([&self.report.name, &self.report.serial], words)
    }
}

impl Linkable for Network {
    type Id = NetworkId;
    const WORDS: Words = Words {
        one: "network",
        many: "networks",
        title: "Link Networks",
        button: "Link Networks",
        found_by: "Name, group name, DNA hostname or DNA serial number",
        come_with: "Networks come with an import of networks.csv; then they can be linked here.",
        unlinked_for: |organization| format!("It is no longer {organization}'s."),
        stays: "The network stays",
    };

    fn id(&self) -> NetworkId {
        self.id
    }
    fn partner(&self) -> PartnerId {
        self.partner
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn facts(&self) -> String {
        Self::facts(self)
    }
    fn holds(&self) -> Option<String> {
        None
    }
    fn organization(&self) -> Option<&(OrganizationId, String)> {
        self.organization.as_ref()
    }
    fn unlinked(&self) -> Option<&Unlinked> {
        self.unlinked.as_ref()
    }
    /// DEV-2: its name, its group's, or its router's hostname or serial number.
    fn is_called(&self, words: &str) -> bool {
        let known = [Some(&self.name), self.group_name.as_ref(), self.dna_hostname.as_ref(), Some(&self.dna_serial)];
        is_one_of(known.into_iter().flatten(), words)
    }
}

fn is_one_of<'a>(names: impl IntoIterator<Item = &'a String>, words: &str) -> bool {
    let key = text::key(words);
    names.into_iter().any(|name| text::key(name) == key)
}

/// DEV-1, DEV-2: what Enter fills in: the only one that was found, or the only one of them that is called just so.
pub fn filled_in<'a, T: Linkable>(found: &'a [T], words: &str) -> Option<&'a T> {
    if words.trim().is_empty() {
        return None;
    }
    if let [only] = found {
        return Some(only);
    }
    let mut called = found.iter().filter(|one| one.is_called(words));
    called.next().filter(|_| called.next().is_none())
}

/// Why the dialog has nothing to tick.
#[derive(Debug)]
pub enum Nothing<T> {
    /// The partner has none at all.
    None {
        /// Whether the viewer may import some.
        may_import: bool,
    },
    /// All are linked.
    AllLinked,
    /// No unlinked one holds the words.
    NotFound {
        /// Some that hold them and are linked.
        linked: Vec<T>,
    },
}
