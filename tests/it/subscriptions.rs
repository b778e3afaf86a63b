//! The rules of `subscriptions`, one test a sentence.

use portico::access::model::{Scope, Sight};
use portico::access::witness_model::{Manager, Operator};
use portico::kernel::db::Read as _;
use portico::kernel::error::Error;
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::text::FirmName;
use portico::organizations::model::Backups;
use portico::organizations::{actions, deletion_actions};
use portico::subscriptions::model::State;
use portico::subscriptions::store;

use crate::support::people::*;
use crate::support::portal::Portal;

const HARBOR_SCOPE: Scope = Scope::all(PartnerId(1));

fn manager() -> Manager {
    Manager::operator(&Operator::of_this_machine(), PartnerId(1))
}

/// ORG-1
#[test]
fn a_new_organization_is_active_and_has_no_plan() {
    let portal = Portal::firm();
    let id = portal.write(|tx| actions::create(tx, &manager(), &FirmName::parse("Fresh").expect("a name")));
    let subscription = portal.db().read(|db| store::find(db, &HARBOR_SCOPE, id)).expect("a subscription");
    assert_eq!((subscription.state, subscription.plan, subscription.seats), (State::Active, None, None));
    assert_eq!(subscription.since, portal.now());
    portal.sign_in(ADA).visit(&format!("/organizations/{id}")).sees("None yet, so nothing is billed.");
    portal.sign_in(ADA).visit(&format!("/organizations/{ALDER_ID}")).sees("Backup").sees("7 bought").does_not_see("until a plan is chosen");
}

/// SUB-5, ORG-8: it ends once; plan and seats are forgotten.
#[test]
fn a_deleted_subscription_is_over_for_good() {
    let portal = Portal::firm();
    let alder = OrganizationId(ALDER_ID);
    portal.write(|tx| deletion_actions::delete(tx, &manager(), alder, Backups::Purge, ALDER));
    let subscription = portal.db().read(|db| store::find(db, &HARBOR_SCOPE, alder)).expect("a subscription");
    assert_eq!((subscription.state, subscription.plan, subscription.seats), (State::Deleted, None, None));
    assert!(matches!(portal.db().write(|tx| store::end(tx, alder, tx.now())), Err(Error::Conflict(_))));
}

/// ALL-1
#[test]
fn a_foreign_subscription_is_not_found() {
    let portal = Portal::firm();
    let find = |viewer, only: Option<OrganizationId>, id| {
        let scope = Scope::new(PartnerId(viewer), only.map_or(Sight::All, Sight::Organization));
        portal.db().read(|db| store::find(db, &scope, OrganizationId(id)))
    };
    assert!(find(2, None, CEDAR_ID).is_ok());
    assert!(find(1, None, CEDAR_ID).is_ok());
    assert!(matches!(find(2, None, ALDER_ID), Err(Error::NotFound)));
    assert!(matches!(find(1, Some(OrganizationId(BIRCH_ID)), ALDER_ID), Err(Error::NotFound)));
}
