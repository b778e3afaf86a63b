//! What the demo's SaaS accounts were taken on for: two that wait for their authorization, and license caps, one of them reached.

use crate::access::witness_model::Manager;
use crate::app::demo::firm::Client;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::saas;
use crate::saas::adding_model::{Management, Place, Region, Service, Wanted};
use crate::saas::model::{Commitment, Retention};
use crate::saas::terms_model::{AutoAdd, CANCEL_WORDS, Conditions, Resale};
use crate::saas::terms_store;

/// Licenses that are left, by client: none, some, many.
const LEFT: &[(&str, i64)] = &[("Cobalt Logistics", 0), ("Birchwood Law", 7), ("Alder Dental", 14)];

/// A client's account that waits for somebody to authorize it.
pub fn pending(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, client: &Client) -> Result<SaasAccountId> {
    let wanted = Wanted {
        place: Place::Existing(organization),
        service: Service {
            product: client.product,
            region: Region::UnitedKingdom,
            domain: client.domain.to_owned(),
            resale: Resale::ForResale,
        },
        conditions: Conditions {
            commitment: Commitment::OneYear,
            retention: Retention::Icr,
            auto_add: AutoAdd::On,
            licence_cap: Some(client.seats + 5),
        },
        management: Management::Partner,
    };
    Ok(saas::adding_actions::add(tx, by, &wanted)?.account.id)
}

/// A letter asks a user of the organization to authorize it.
pub fn ask(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: SaasAccountId) -> Result<()> {
    let users = saas::adding_actions::candidates(tx, by, organization)?;
    let user = users.first().ok_or(Error::NotFound)?;
    saas::adding_actions::ask(tx, by, account, user.account.id).map(drop)
}

/// Once the seats are known: commitment and cap of the accounts that have one.
pub fn cap(tx: &Tx<'_>, by: &Manager, client: &Client, account: SaasAccountId) -> Result<()> {
    let Some((_, left)) = LEFT.iter().find(|(name, _)| *name == client.name) else { return Ok(()) };
    let terms = terms_store::find(tx, by.scope(), account)?;
    let wanted = Conditions {
        commitment: if *left == 0 { Commitment::OneYear } else { Commitment::MonthToMonth },
        retention: terms.retention.unwrap_or(Retention::Icr),
        auto_add: AutoAdd::On,
        licence_cap: Some(terms.billable + left),
    };
    saas::terms_actions::save(tx, by, account, &terms.fingerprint(), &wanted).map(drop)
}

/// The client that moved away from one of its two services.
pub const LEFT_A_SERVICE: &str = "Harrow Surveyors";

/// That service's account is cancelled.
pub fn cancel(tx: &Tx<'_>, by: &Manager, account: SaasAccountId) -> Result<()> {
    let terms = terms_store::find(tx, by.scope(), account)?;
    let wanted = Conditions {
        commitment: Commitment::MonthToMonth,
        retention: terms.retention.unwrap_or(Retention::Icr),
        auto_add: terms.auto_add,
        licence_cap: terms.licence_cap,
    };
    saas::terms_actions::save(tx, by, account, &terms.fingerprint(), &wanted)?;
    saas::terms_actions::cancel(tx, by, account, CANCEL_WORDS, "Everybody works in Microsoft 365 now").map(drop)
}
