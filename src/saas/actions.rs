//! Linking and unlinking: witness, scope, rule, store, activity; in the caller's transaction.

use std::collections::BTreeMap;

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::text::thousands;
use crate::organizations;
use crate::organizations::model::Organization;
use crate::saas::model::{Reason, SaasAccount};
use crate::saas::store;

/// SAS-2, SAS-3. Links the accounts to the organization, all or none; the accounts as they were, and the organization. An account of another
/// partner is not found; one that is linked already is a conflict that says by whom.
pub fn link(
    tx: &Tx<'_>,
    by: &Manager,
    organization: OrganizationId,
    accounts: &[SaasAccountId],
) -> Result<(Vec<SaasAccount>, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let mut wanted = accounts.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Err(Error::refused("Tick at least one account. Nothing was linked."));
    }
    let before = store::used_of(tx, organization.id)?;
    let mut linked = Vec::with_capacity(wanted.len());
    for account in &wanted {
        let account = store::find(tx, by.scope(), *account)?;
        if account.partner != organization.partner {
            return Err(Error::NotFound);
        }
        store::link(tx, organization.id, account.id)?;
        record(tx, by, Kind::SaasLinked, &account, &organization, &format!("linked {} to {}", account.name, organization.name))?;
        linked.push(account);
    }
    check_bought(&organization, before, store::used_of(tx, organization.id)?)?;
    organizations::store::refresh(tx, organization.id)?;
    Ok((linked, organization))
}

/// SUB-7: with Auto License off, accounts are linked only as far as their seats were bought. Where an import brought more, what adds none
/// may still be linked.
fn check_bought(organization: &Organization, before: i64, used: i64) -> Result<()> {
    let subscription = &organization.subscription;
    match subscription.seats.filter(|_| !subscription.auto_license) {
        Some(bought) if bought < used && before < used => Err(Error::refused(format!(
            "{} seats are bought for {} with Auto License off, and with this it would use {}. Buy {} more first: Change plan, under Subscriptions on \
             its page. Nothing was linked.",
            thousands(bought),
            organization.name,
            thousands(used),
            thousands(used - bought)
        ))),
        _ => Ok(()),
    }
}

/// SAS-5: links each account to its organization, all of them or none; the number of organizations. What one of them refuses is said of
/// all.
pub fn link_each(tx: &Tx<'_>, by: &Manager, pairs: &[(SaasAccountId, OrganizationId)]) -> Result<(usize, usize)> {
    if pairs.is_empty() {
        return Err(Error::refused("Tick at least one account. Nothing was linked."));
    }
    let mut wanted: BTreeMap<OrganizationId, Vec<SaasAccountId>> = BTreeMap::new();
    for (account, organization) in pairs {
        wanted.entry(*organization).or_default().push(*account);
    }
    let mut linked = 0;
    for (organization, accounts) in &wanted {
        linked += link(tx, by, *organization, accounts)?.0.len();
    }
    Ok((linked, wanted.len()))
}

/// SAS-4, USR-10. Takes the link away; account, seats and backups stay. The account as it was, and the organization.
pub fn unlink(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: SaasAccountId) -> Result<(SaasAccount, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let account = store::find(tx, by.scope(), account)?;
    if account.organization.as_ref().is_none_or(|(linked, _)| *linked != organization.id) {
        return Err(Error::Conflict(format!("{} is not linked to {} any more.", account.name, organization.name)));
    }
    store::unlink(tx, organization.id, account.id, Reason::ByPerson, by.actor().name_alone())?;
    let sentence = format!("unlinked {} from {}", account.name, organization.name);
    record(tx, by, Kind::SaasUnlinked, &account, &organization, &sentence)?;
    organizations::store::refresh(tx, organization.id)?;
    Ok((account, organization))
}

fn record(tx: &Tx<'_>, by: &Manager, kind: Kind, account: &SaasAccount, organization: &Organization, sentence: &str) -> Result<()> {
    let event = Event::new(kind, sentence).about("saas_account", account.id.0, &account.name).at(organization.id);
    activity::store::record(tx, by.actor(), &event).map(drop)
}
