//! SaaS accounts that go to another partner (PAR-6, PAR-7, SAS-4).

use rusqlite::params;

use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{PartnerId, SaasAccountId};
use crate::saas::model::Reason;
use crate::saas::store::{NOBODY_ASKED, tags};

/// The account is another partner's from now on: unlinked, received from the partner of this name, so that the receiver confirms it by
/// linking it. Its seats follow by `seats::store::move_to`; whoever lists its old organization refreshes that.
pub fn move_to(tx: &Tx<'_>, account: SaasAccountId, receiver: PartnerId, from: &str) -> Result<()> {
    tx.change_one(
        &format!(
            "update saas_account
                set partner = ?2, organization = null, linked_at = null, unlinked_reason = ?3, unlinked_detail = ?4, unlinked_at = ?5,
                    tags = ?6, {NOBODY_ASKED}
              where id = ?1"
        ),
        params![account, receiver, Reason::ReceivedByTransfer, from, tx.now(), tags(tx, receiver)?],
    )
}
