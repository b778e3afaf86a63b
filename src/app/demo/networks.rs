//! Networks in the demo. All of it is made up.

use crate::access::witness_model::Manager;
use crate::app::demo::firm::Hand;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::OrganizationId;
use crate::linking;
use crate::networks;
use crate::networks::model::{Listed, Network};

/// A network of a client.
pub struct Wire {
    /// The client's name.
    pub client: &'static str,
    name: &'static str,
    group: &'static str,
    host: &'static str,
    serial: &'static str,
}

/// A network that nobody has linked yet.
pub struct Spare {
    /// Whose it is.
    pub hand: Hand,
    name: &'static str,
    group: &'static str,
    host: &'static str,
    serial: &'static str,
}

/// The linked ones.
#[rustfmt::skip] // a table, one line a network
pub const WIRES: &[Wire] = &[
    Wire { client: "Alder Dental", name: "Alder Dental surgery", group: "Lantern Health", host: "dna-alder-1", serial: "DNA419120011" },
    Wire { client: "Alder Dental", name: "Alder Dental waiting room", group: "Lantern Health", host: "dna-alder-2", serial: "DNA419120012" },
    Wire { client: "Birchwood Law", name: "Birchwood chambers", group: "Lantern Offices", host: "dna-birchwood", serial: "DNA433411450" },
    Wire { client: "Cobalt Logistics", name: "Cobalt depot north", group: "Lantern Warehouses", host: "dna-cobalt-n", serial: "DNA474174583" },
    Wire { client: "Cobalt Logistics", name: "Cobalt depot south", group: "Lantern Warehouses", host: "dna-cobalt-s", serial: "DNA474174591" },
    Wire { client: "Granite Gym", name: "Granite Gym floor", group: "Lantern Shops", host: "dna-granite", serial: "DNA443573831" },
    Wire { client: "Harrow Surveyors", name: "Harrow office", group: "Lantern Offices", host: "dna-harrow", serial: "DNA431068035" },
    Wire { client: "Redwood Accountants", name: "Redwood office", group: "Lantern Offices", host: "dna-redwood", serial: "DNA403356133" },
    Wire { client: "Saltmarsh Sailing", name: "Saltmarsh harbor", group: "Copperfield Coast", host: "dna-saltmarsh", serial: "DNA458543057" },
    Wire { client: "Vale Insurance", name: "Vale head office", group: "Copperfield City", host: "dna-vale", serial: "DNA461681566" },
];

/// The others.
#[rustfmt::skip] // a table, one line a network
pub const SPARE: &[Spare] = &[
    Spare { hand: Hand::Lantern, name: "Workshop bench", group: "Lantern spares", host: "dna-bench", serial: "DNA401681399" },
    Spare { hand: Hand::Lantern, name: "Oakline yard", group: "Lantern Warehouses", host: "dna-oakline", serial: "DNA401681407" },
    Spare { hand: Hand::Lantern, name: "Fern & Field greenhouse", group: "Lantern Shops", host: "dna-fern", serial: "DNA401681415" },
    Spare { hand: Hand::Copperfield, name: "Copperfield spare", group: "Copperfield spares", host: "dna-spare", serial: "DNA448543050" },
];

fn listed(name: &str, group: &str, host: &str, serial: &str) -> Listed {
    let owned = |text: &str| Some(text.to_owned());
    Listed { name: name.to_owned(), group_name: owned(group), dna_hostname: owned(host), dna_serial: serial.to_owned() }
}

/// Adds a network and links it.
pub fn wire(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, wire: &Wire) -> Result<()> {
    let id = networks::store::upsert(tx, by.scope().viewer(), &listed(wire.name, wire.group, wire.host, wire.serial))?;
    linking::actions::link::<Network>(tx, by, organization, &[id]).map(drop)
}

/// Adds a network that is linked to nothing.
pub fn spare(tx: &Tx<'_>, by: &Manager, spare: &Spare) -> Result<()> {
    networks::store::upsert(tx, by.scope().viewer(), &listed(spare.name, spare.group, spare.host, spare.serial)).map(drop)
}
