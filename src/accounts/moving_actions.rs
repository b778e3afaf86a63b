//! PAR-6: what becomes of people's sign-ins when their organization goes to another partner; in the caller's transaction.

use crate::access::state_model::{AccountState, StoredState};
use crate::accounts::model::Account;
use crate::accounts::{actions, identities_store, moving_store, store};
use crate::factors;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text;
use crate::{access, mail, users};

/// What became of an organization's users.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Moved {
    /// Who kept what they sign in with.
    pub along: i64,
    /// Who has to begin anew at the new partner.
    pub anew: i64,
}

/// Moves every account of an organization. What somebody signs in with goes along if it has no other account at the old partner, and the new
/// one has none of that e-mail; else the account begins anew there, and who could sign in before is invited again. Sessions end, and the
/// letters that were written are gone.
pub fn move_all(tx: &Tx<'_>, organization: OrganizationId, receiver: PartnerId) -> Result<Moved> {
    access::store::end_sessions_of_organization(tx, organization)?;
    mail::store::remove_of_organization(tx, organization)?;
    let mut moved = Moved::default();
    for account in moving_store::of_organization(tx, organization)? {
        let alone = store::of_identity(tx, account.identity)?.len() == 1;
        if alone && !moving_store::has_identity(tx, receiver, &text::key(&account.email))? {
            go_along(tx, &account, receiver)?;
            moved.along += 1;
        } else {
            begin_anew(tx, &account, receiver)?;
            moved.anew += 1;
        }
    }
    Ok(moved)
}

fn go_along(tx: &Tx<'_>, account: &Account, receiver: PartnerId) -> Result<()> {
    access::store::end_other_sessions(tx, account.identity, None)?;
    mail::store::remove_of_identity(tx, account.identity)?;
    moving_store::move_identity(tx, account.identity, receiver)?;
    factors::store::move_to(tx, account.identity, receiver)?;
    moving_store::move_account(tx, account.id, account.identity, receiver)?;
    users::store::move_to(tx, account.id, receiver)
}

fn begin_anew(tx: &Tx<'_>, account: &Account, receiver: PartnerId) -> Result<()> {
    let identity = moving_store::identity_at(tx, receiver, &account.email)?;
    let old = account.identity;
    if store::of_identity(tx, old)?.len() == 1 {
        access::store::end_other_sessions(tx, old, None)?;
        mail::store::remove_of_identity(tx, old)?;
        factors::store::remove(tx, old)?;
    }
    moving_store::move_account(tx, account.id, identity, receiver)?;
    users::store::move_to(tx, account.id, receiver)?;
    identities_store::remove_if_unused(tx, old)?;
    match account.state {
        AccountState::Active { .. } | AccountState::Invited { .. } => actions::invite(tx, &store::own(tx, identity, account.id)?),
        AccountState::NotInvited => store::save_state(tx, account.id, StoredState::NotInvited, None),
        AccountState::Lapsed { .. } | AccountState::Deactivated { .. } => store::save_state(tx, account.id, StoredState::Deactivated, None),
    }
}
