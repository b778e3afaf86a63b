//! Linking and unlinking: witness, scope, rule, store, activity; in the caller's transaction.

use crate::access::model::Scope;
use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::devices::model::Device;
use crate::devices::store as devices;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DeviceId, NetworkId, OrganizationId, PartnerId};
use crate::linking::model::Linkable;
use crate::networks::model::Network;
use crate::networks::store as networks;
use crate::organizations;
use crate::organizations::model::Organization;

/// Where a kind of linkable things is kept; each function is its store's.
pub trait Kept: Linkable {
    /// One inside the scope; `NotFound` for any other (ALL-1).
    fn find(db: &impl Read, scope: &Scope, id: Self::Id) -> Result<Self>;
    /// The unlinked ones of a partner that hold the words, by name, up to so many.
    fn waiting(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Self>>;
    /// The linked ones that hold the words.
    fn taken(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Self>>;
    /// Whether a partner has any.
    fn any(db: &impl Read, scope: &Scope, partner: PartnerId) -> Result<bool>;
    /// Writes the link; `Conflict` when somebody else was faster.
    fn tie(tx: &Tx<'_>, organization: OrganizationId, id: Self::Id) -> Result<()>;
    /// Takes the link away and keeps by whom.
    fn untie(tx: &Tx<'_>, organization: OrganizationId, id: Self::Id, by: &str) -> Result<()>;
    /// What happened to it, for the activity log.
    fn event(&self, linked: bool, sentence: &str) -> Event;
}

impl Kept for Device {
    fn find(db: &impl Read, scope: &Scope, id: DeviceId) -> Result<Self> {
        devices::find(db, scope, id)
    }
    fn waiting(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Self>> {
        devices::unlinked(db, scope, partner, words, limit)
    }
    fn taken(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Self>> {
        devices::linked_like(db, scope, partner, words, limit)
    }
    fn any(db: &impl Read, scope: &Scope, partner: PartnerId) -> Result<bool> {
        devices::any_device(db, scope, partner)
    }
    fn tie(tx: &Tx<'_>, organization: OrganizationId, id: DeviceId) -> Result<()> {
        devices::link(tx, organization, id)
    }
    fn untie(tx: &Tx<'_>, organization: OrganizationId, id: DeviceId, by: &str) -> Result<()> {
        devices::unlink(tx, organization, id, by)
    }
    fn event(&self, linked: bool, sentence: &str) -> Event {
        let kind = if linked { Kind::DeviceLinked } else { Kind::DeviceUnlinked };
        Event::new(kind, sentence).about("bcdr_device", self.id.0, self.name())
    }
}

impl Kept for Network {
    fn find(db: &impl Read, scope: &Scope, id: NetworkId) -> Result<Self> {
        networks::find(db, scope, id)
    }
    fn waiting(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Self>> {
        networks::unlinked(db, scope, partner, words, limit)
    }
    fn taken(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Self>> {
        networks::linked_like(db, scope, partner, words, limit)
    }
    fn any(db: &impl Read, scope: &Scope, partner: PartnerId) -> Result<bool> {
        networks::any_network(db, scope, partner)
    }
    fn tie(tx: &Tx<'_>, organization: OrganizationId, id: NetworkId) -> Result<()> {
        networks::link(tx, organization, id)
    }
    fn untie(tx: &Tx<'_>, organization: OrganizationId, id: NetworkId, by: &str) -> Result<()> {
        networks::unlink(tx, organization, id, by)
    }
    fn event(&self, linked: bool, sentence: &str) -> Event {
        let kind = if linked { Kind::NetworkLinked } else { Kind::NetworkUnlinked };
        Event::new(kind, sentence).about("network", self.id.0, &self.name)
    }
}

/// DEV-1, DEV-2, DEV-3. Links them to the organization, all or none; they as they were, and the organization. What is another partner's is
/// not found; what is linked already is a conflict that says by whom.
pub fn link<T: Kept>(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, ids: &[T::Id]) -> Result<(Vec<T>, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Err(Error::refused(format!("Tick at least one {}. Nothing was linked.", T::WORDS.one)));
    }
    let mut linked = Vec::with_capacity(wanted.len());
    for id in wanted {
        let one = T::find(tx, by.scope(), id)?;
        if one.partner() != organization.partner {
            return Err(Error::NotFound);
        }
        T::tie(tx, organization.id, id)?;
        let event = one.event(true, &format!("linked {} to {}", one.name(), organization.name));
        activity::store::record(tx, by.actor(), &event.at(organization.id))?;
        linked.push(one);
    }
    Ok((linked, organization))
}

/// DEV-3. Takes the link away; the thing and all that is known of it stay. The thing as it was, and the organization.
pub fn unlink<T: Kept>(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, id: T::Id) -> Result<(T, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let one = T::find(tx, by.scope(), id)?;
    if !one.is_linked_to(organization.id) {
        return Err(Error::Conflict(format!("{} is not linked to {} any more.", one.name(), organization.name)));
    }
    T::untie(tx, organization.id, id, by.actor().name_alone())?;
    let event = one.event(false, &format!("unlinked {} from {}", one.name(), organization.name));
    activity::store::record(tx, by.actor(), &event.at(organization.id))?;
    Ok((one, organization))
}
