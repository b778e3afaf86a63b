//! What is done with keys: witness, rule, store, activity; in the caller's transaction.

use std::net::IpAddr;

use crate::access::model::Actor;
use crate::access::store::{self as access, Failures, Throttled};
use crate::access::throttle_model::FAILURES_PER_ADDRESS;
use crate::access::witness_model::{Manager, Operator};
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::employees;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, KeyId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::keys::model::{Hand, Key, MOST, NewKey, StoredState};
use crate::keys::secret_model::{self, Fresh, Refused};
use crate::keys::store;
use crate::partners;

/// Whose hand a manager's is.
pub fn hand(by: &Manager) -> Hand {
    Hand { role: by.role(), account: by.actor().account }
}

/// API-1: makes a key of the manager's own; its secret, to be shown once. No two that one sees in the list have the same name.
pub fn create(tx: &Tx<'_>, by: &Manager, wanted: &NewKey) -> Result<Fresh> {
    let maker = by.actor().account.ok_or(Error::NotFound)?;
    let name = text::key(&wanted.name);
    if store::list(tx, by.scope())?.iter().any(|key| text::key(&key.name) == name) {
        return Err(Error::field("name", "There is a key of this name already. Give this one another, so that they can be told apart."));
    }
    make(tx, by.actor(), by.scope().viewer(), maker, wanted)
}

/// What whoever has the machine wants a key to be.
#[derive(Clone, Copy, Debug)]
pub struct Ordered<'a> {
    /// Its name.
    pub name: &'a str,
    /// An organization's ID or whole name; none for the whole partner.
    pub organization: Option<&'a str>,
    /// The Partner ID; the operating partner without.
    pub public_id: Option<&'a str>,
    /// How many days it is good for.
    pub days: i64,
}

/// The same for whoever has the machine: a key of the partner's primary account.
pub fn create_by_operator(tx: &Tx<'_>, operator: &Operator, ordered: &Ordered<'_>) -> Result<Fresh> {
    let partner = match ordered.public_id {
        Some(public_id) => partners::store::of_public_id(tx, public_id)
            .map_err(|error| instead_of_not_found(error, format!("There is no partner with the Partner ID {public_id}.")))?,
        None => partners::store::operating(tx)?.ok_or_else(|| Error::refused("Nobody has set this portal up yet."))?,
    };
    let organization = match ordered.organization {
        None => None,
        Some(words) => Some(named(tx, &Manager::operator(operator, partner), words)?),
    };
    let wanted = NewKey::of_days(ordered.name, organization, ordered.days, tx.now())?;
    let primary = employees::store::primary_account(tx, partner)?;
    let primary =
        primary.ok_or_else(|| Error::refused("This partner has no primary account, so there is nobody whose key it would be."))?;
    let maker = employees::store::find(tx, Manager::operator(operator, partner).scope(), primary)?;
    if !maker.account.state.is_active() {
        return Err(Error::refused(format!("{} has not set up the primary account yet, so a key of it would not work.", maker.name())));
    }
    make(tx, &operator.actor(partner), partner, primary, &wanted)
}

fn instead_of_not_found(error: Error, sentence: String) -> Error {
    if matches!(error, Error::NotFound) { Error::Refused(sentence) } else { error }
}

fn named(tx: &Tx<'_>, by: &Manager, words: &str) -> Result<OrganizationId> {
    let meant = store::meant(tx, by.scope(), words.replace('-', "").parse().ok(), &text::key(words))?;
    meant.map(|(id, _)| id).ok_or_else(|| Error::refused(format!("This partner has no organization with the ID or the name {words}.")))
}

fn make(tx: &Tx<'_>, by: &Actor, partner: PartnerId, maker: AccountId, wanted: &NewKey) -> Result<Fresh> {
    if MOST <= store::count(tx, partner)? {
        return Err(Error::refused(format!("There are {MOST} keys already. Delete one that nobody uses first.")));
    }
    let (public, secret) = (secret_model::new_public(tx.tokens())?, secret_model::new_secret(tx.tokens())?);
    let hash = secret_model::hash(tx.vault(), &public, &secret);
    let id = store::insert(tx, partner, maker, wanted, (&public, &hash))?;
    let key = store::tried(tx, &public)?.0.ok_or(Error::NotFound)?.key;
    let sentence = format!("made the API key {} for {}", key.name, reach(&key));
    let expires = Change { field: "Expires", from: String::new(), to: key.expires_at.iso() };
    record(tx, by, &key, Event::new(Kind::KeyMade, sentence).with([expires]))?;
    Ok(Fresh { key: id, name: key.name, public, secret })
}

/// "the whole partner", or the organization's name.
fn reach(key: &Key) -> &str {
    key.organization.as_ref().map_or("the whole partner", |(_, name)| name)
}

fn record(tx: &Tx<'_>, by: &Actor, key: &Key, event: Event) -> Result<()> {
    let mut event = event.about("api_key", key.id.0, key.name.as_str());
    event.organization = key.organization.as_ref().map(|(organization, _)| *organization);
    activity::store::record(tx, by, &event).map(drop)
}

/// A key that this manager may handle; `NotFound` for one that is not theirs to see.
fn find_for(tx: &Tx<'_>, by: &Manager, key: KeyId) -> Result<Key> {
    let key = store::find(tx, by.scope(), key)?;
    if key.may_be_handled_by(hand(by)) {
        return Ok(key);
    }
    Err(Error::refused(format!("{} is a key of {}, whose role is not beneath yours.", key.name, key.maker.name)))
}

/// Gives a key of one's own another secret, to be shown once; the old one works no more.
pub fn regenerate(tx: &Tx<'_>, by: &Manager, key: KeyId) -> Result<Fresh> {
    let key = find_for(tx, by, key)?;
    if !key.is_of(hand(by)) {
        return Err(Error::refused(format!("Only {} can have a new secret made, since the key acts in that name.", key.maker.name)));
    }
    let secret = secret_model::new_secret(tx.tokens())?;
    store::save_hash(tx, key.id, &secret_model::hash(tx.vault(), &key.public, &secret))?;
    record(tx, by.actor(), &key, Event::new(Kind::KeyRegenerated, format!("made a new secret for the API key {}", key.name)))?;
    Ok(Fresh { key: key.id, name: key.name, public: key.public, secret })
}

/// Switches a key off: it lets nobody in from this commit on. As it was.
pub fn deactivate(tx: &Tx<'_>, by: &Manager, key: KeyId) -> Result<Key> {
    switch(tx, by, key, StoredState::Deactivated)
}

/// Switches it on again, unless somebody of a role above switched it off. As it was.
pub fn reactivate(tx: &Tx<'_>, by: &Manager, key: KeyId) -> Result<Key> {
    switch(tx, by, key, StoredState::Active)
}

fn switch(tx: &Tx<'_>, by: &Manager, key: KeyId, state: StoredState) -> Result<Key> {
    let key = find_for(tx, by, key)?;
    let (kind, did) = match state {
        StoredState::Active => (Kind::KeyReactivated, "reactivated"),
        StoredState::Deactivated => (Kind::KeyDeactivated, "deactivated"),
    };
    if key.state == state {
        return Err(Error::refused(format!("{} is {did} already.", key.name)));
    }
    if let (StoredState::Active, Some(sentence)) = (state, key.refuses_reactivation(hand(by))) {
        return Err(Error::refused(sentence));
    }
    store::save_state(tx, key.id, state, (by.actor().name_alone(), by.role()))?;
    record(tx, by.actor(), &key, Event::new(kind, format!("{did} the API key {}", key.name)))?;
    Ok(key)
}

/// Deletes a key. As it was.
pub fn delete(tx: &Tx<'_>, by: &Manager, key: KeyId) -> Result<Key> {
    let key = find_for(tx, by, key)?;
    store::remove(tx, by.scope().viewer(), key.id)?;
    record(tx, by.actor(), &key, Event::new(Kind::KeyDeleted, format!("deleted the API key {}", key.name)))?;
    Ok(key)
}

/// SEC-1, LOG-1: counts a script that was not let in, with an event at the key's partner, else at the operating one. How long its address
/// has to wait when it came too often; then nothing is counted or recorded.
pub fn refuse(tx: &Tx<'_>, refused: &Refused, address: IpAddr) -> Result<Span> {
    // Not the count of people's passwords: a script that has a wrong key keeps nobody at its address from signing in.
    let subject = tx.vault().keyed_hash("failed keys of an address", &[address.to_string().as_bytes()]);
    let known = access::failures(tx, Throttled::Address, &subject)?;
    if tx.now() < known.blocked_until {
        return Ok(known.blocked_until - tx.now());
    }
    let over = tx.now() - known.window_from >= Span::minutes(1);
    let mut failures = if over { Failures { count: 0, window_from: tx.now(), blocked_until: Timestamp(0) } } else { known };
    failures.count += 1;
    if FAILURES_PER_ADDRESS <= failures.count {
        failures.blocked_until = failures.window_from + Span::minutes(1);
    }
    access::keep_failures(tx, Throttled::Address, &subject, failures)?;
    let Some(partner) = refused.key.as_ref().map(|(partner, _, _)| *partner).or(partners::store::operating(tx)?) else {
        return Ok(Span(0));
    };
    let actor =
        Actor { partner, account: None, name: "A script".to_owned(), roles: "Not signed in".to_owned(), address: address.to_string() };
    let mut event = Event::new(Kind::KeyRefused, "tried an API key that does not exist, and was refused");
    if let Some((_, key, name)) = &refused.key {
        event.sentence = format!("tried the API key {name} and was refused: {}", refused.why);
        event = event.about("api_key", key.0, name.as_str());
    }
    activity::store::record(tx, &actor, &event)?;
    Ok(Span(0))
}
