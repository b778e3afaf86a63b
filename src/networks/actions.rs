//! Linking and unlinking: witness, scope, rule, store, activity; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{NetworkId, OrganizationId};
use crate::networks::model::Network;
use crate::networks::store;
use crate::organizations;
use crate::organizations::model::Organization;

/// DEV-2, DEV-3. Links the networks to the organization, all or none; the networks as they were, and the organization. A network of another
/// partner is not found; one that is linked already is a conflict that says by whom.
pub fn link(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, networks: &[NetworkId]) -> Result<(Vec<Network>, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let mut wanted = networks.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Err(Error::refused("Tick at least one network. Nothing was linked."));
    }
    let mut linked = Vec::with_capacity(wanted.len());
    for network in &wanted {
        let network = store::find(tx, by.scope(), *network)?;
        if network.partner != organization.partner {
            return Err(Error::NotFound);
        }
        store::link(tx, organization.id, network.id)?;
        record(tx, by, Kind::NetworkLinked, &network, &organization, &format!("linked {} to {}", network.name, organization.name))?;
        linked.push(network);
    }
    Ok((linked, organization))
}

/// DEV-3. Takes the link away; the network stays. The network as it was, and the organization.
pub fn unlink(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, network: NetworkId) -> Result<(Network, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let network = store::find(tx, by.scope(), network)?;
    if network.organization.as_ref().is_none_or(|(linked, _)| *linked != organization.id) {
        return Err(Error::Conflict(format!("{} is not linked to {} any more.", network.name, organization.name)));
    }
    store::unlink(tx, organization.id, network.id, by.actor().name_alone())?;
    let sentence = format!("unlinked {} from {}", network.name, organization.name);
    record(tx, by, Kind::NetworkUnlinked, &network, &organization, &sentence)?;
    Ok((network, organization))
}

fn record(tx: &Tx<'_>, by: &Manager, kind: Kind, network: &Network, organization: &Organization, sentence: &str) -> Result<()> {
    let event = Event::new(kind, sentence).about("network", network.id.0, &network.name).at(organization.id);
    activity::store::record(tx, by.actor(), &event).map(drop)
}
