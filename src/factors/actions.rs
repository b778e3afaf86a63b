//! Setting a second factor up, giving its codes, and taking it away; in the caller's transaction.

use std::net::IpAddr;

use crate::access::actions as sign_in;
use crate::access::model::{Actor, Visitor};
use crate::access::stage_model::{Demand, Stage};
use crate::access::store as sessions;
use crate::access::witness_model::{Operator, SignedIn};
use crate::accounts;
use crate::accounts::model::Account;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::factors::model::{self, Typed};
use crate::factors::store;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{IdentityId, PartnerId, SessionId};
use crate::kernel::text;
use crate::kernel::time::Span;
use crate::kernel::totp::Secret;
use crate::partners;

/// Whose second factor it is, and in which session; its own, hence no other witness.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// The session.
    pub session: SessionId,
    /// What they sign in with.
    pub identity: IdentityId,
    /// At which partner.
    pub partner: PartnerId,
}

impl Owner {
    /// From a visitor with a session; none for a guest.
    pub fn of(visitor: &Visitor) -> Option<Self> {
        match visitor {
            Visitor::Guest | Visitor::Script(_) => None,
            Visitor::Half { session, identity, partner, .. } => Some(Self { session: *session, identity: *identity, partner: *partner }),
            Visitor::Person(person) => Some(Self { session: person.session, identity: person.identity, partner: person.partner }),
        }
    }
}

/// How a session goes on after one of these steps.
#[derive(Clone, Copy, Debug)]
pub struct GoingOn<'a> {
    /// The hash of its new token.
    pub token_hash: &'a [u8],
    /// The other end.
    pub address: IpAddr,
    /// How strictly second factors are asked for.
    pub demand: Demand,
}

/// What came of a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Given {
    /// It was right.
    Right {
        /// Who the session is now.
        visitor: Visitor,
        /// How many recovery codes are left, if one was used.
        codes_left: Option<i64>,
    },
    /// It was not, or was not looked at; the next try may come after this.
    Wrong {
        /// Nothing for the first failures.
        wait: Span,
    },
}

/// ACC-7, SEC-1: a code of the app or a recovery code, given at sign-in. A right one is spent in this transaction, and the session goes on
/// under a new token.
pub fn give(tx: &Tx<'_>, owner: &Owner, typed: &Typed, on: &GoingOn<'_>) -> Result<Given> {
    let (candidate, wait) = sign_in::admit_code(tx, owner.identity, on.address)?;
    if Span(0) < wait {
        return Ok(Given::Wrong { wait });
    }
    let (right, by_recovery_code) = match typed {
        Typed::Code(code) => (store::take_code(tx, owner.identity, code)?, false),
        Typed::RecoveryCode(plain) => (store::take_recovery_code(tx, owner.identity, plain)?, true),
    };
    if !right {
        return Ok(Given::Wrong { wait: sign_in::refuse_code(tx, &candidate, on.address)? });
    }
    sign_in::forgive(tx, &candidate, on.address)?;
    sessions::note_factor(tx, owner.session, on.token_hash)?;
    let (visitor, actor) = sign_in::go_on(tx, on.token_hash, on.address, on.demand)?;
    let codes_left = if by_recovery_code { store::status(tx, owner.identity)?.map(|status| status.codes_left) } else { None };
    let still = if matches!(visitor, Visitor::Half { stage: Stage::Choice, .. }) { ", with an account still to choose" } else { "" };
    let event = match codes_left {
        Some(left) => {
            Event::new(Kind::RecoveryCodeUsed, format!("signed in with a recovery code{still}; {} left", text::counted(left, "is", "are")))
        }
        None => Event::new(Kind::SignedIn, format!("signed in{still}")),
    };
    record(tx, &visitor, &actor, event)?;
    Ok(Given::Right { visitor, codes_left })
}

/// ACC-7, ACC-13: sets a second factor up, or replaces it, once a code of it was given. Every other session ends, and this one goes on
/// under a new token. Who the session is now, and ten recovery codes to show once.
pub fn set_up(tx: &Tx<'_>, who: &Visitor, secret: &Secret, typed: &Typed, on: &GoingOn<'_>) -> Result<(Visitor, Vec<String>)> {
    let owner = Owner::of(who).ok_or(Error::SignIn)?;
    let step = match typed {
        Typed::Code(code) => secret.step_of(code, tx.now()),
        Typed::RecoveryCode(_) => None,
    };
    let Some(step) = step else {
        return Err(Error::field("code", "This is not the code of this moment. If it goes on, look whether the phone's clock is right."));
    };
    let replaced = store::status(tx, owner.identity)?.is_some();
    store::save(tx, owner.partner, owner.identity, secret, step)?;
    let codes = model::recovery_codes(tx.tokens())?;
    store::save_codes(tx, owner.partner, owner.identity, &codes)?;
    accounts::identities_store::settle_factor(tx, owner.identity)?;
    sessions::end_other_sessions(tx, owner.identity, Some(owner.session))?;
    sessions::note_factor(tx, owner.session, on.token_hash)?;
    let (visitor, actor) = match who {
        Visitor::Person(person) => (who.clone(), person.actor()),
        Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => sign_in::go_on(tx, on.token_hash, on.address, on.demand)?,
    };
    let sentence = if replaced { "replaced their second factor" } else { "set up a second factor" };
    record(tx, &visitor, &actor, Event::new(Kind::FactorSetUp, sentence).about("identity", owner.identity.0, actor.name.clone()))?;
    Ok((visitor, codes))
}

/// ACC-7, ACC-13: takes away a second factor that nobody asks of this person; the password alone lets them in then. Every other session
/// ends, and this one goes on under a new token.
pub fn remove_own(tx: &Tx<'_>, by: &SignedIn, new_token_hash: &[u8]) -> Result<()> {
    let person = by.person();
    if accounts::identities_store::must_have_factor(tx, person.identity)? {
        return Err(Error::refused("Signing in here takes a second factor, so it can be replaced but not removed."));
    }
    if !store::remove(tx, person.identity)? {
        return Err(Error::refused("There is no second factor to remove."));
    }
    sessions::end_other_sessions(tx, person.identity, Some(person.session))?;
    sessions::renew_session(tx, person.session, new_token_hash)?;
    let mut event = Event::new(Kind::FactorRemoved, "removed their second factor").about("account", person.account.0, person.name.clone());
    event.organization = person.scope().only();
    activity::store::record(tx, &person.actor(), &event).map(drop)
}

fn record(tx: &Tx<'_>, visitor: &Visitor, actor: &Actor, mut event: Event) -> Result<()> {
    event.organization = match visitor {
        Visitor::Person(person) => person.scope().only(),
        Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => None,
    };
    activity::store::record(tx, actor, &event).map(drop)
}

/// ACC-7: ten new recovery codes to show once; the old ones are void. Refused without a second factor.
pub fn new_codes(tx: &Tx<'_>, by: &SignedIn) -> Result<Vec<String>> {
    let person = by.person();
    if store::status(tx, person.identity)?.is_none() {
        return Err(Error::refused("Set up a second factor first; recovery codes come with it."));
    }
    let codes = model::recovery_codes(tx.tokens())?;
    store::save_codes(tx, person.partner, person.identity, &codes)?;
    let mut event = Event::new(Kind::RecoveryCodesMade, "made new recovery codes").about("account", person.account.0, person.name.clone());
    event.organization = person.scope().only();
    activity::store::record(tx, &person.actor(), &event)?;
    Ok(codes)
}

/// LOG-1: somebody saves their recovery codes as a file.
pub fn save_as_file(tx: &Tx<'_>, owner: &Owner, visitor: &Visitor, address: IpAddr) -> Result<()> {
    let actor = match visitor {
        Visitor::Person(person) => person.actor(),
        Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => sign_in::on_the_way(tx, owner.identity, address)?,
    };
    record(tx, visitor, &actor, Event::new(Kind::Exported, "saved their recovery codes as a file"))
}

/// ACC-8: a new password after a one-time passcode. The session goes on under a new token; who it is now.
pub fn choose_password(tx: &Tx<'_>, owner: &Owner, hash: &str, on: &GoingOn<'_>) -> Result<Visitor> {
    accounts::identities_store::set_password(tx, owner.identity, hash)?;
    sessions::end_other_sessions(tx, owner.identity, Some(owner.session))?;
    sessions::renew_session(tx, owner.session, on.token_hash)?;
    let (visitor, actor) = sign_in::go_on(tx, on.token_hash, on.address, on.demand)?;
    let event = Event::new(Kind::PasswordSet, "set a new password").about("identity", owner.identity.0, actor.name.clone());
    record(tx, &visitor, &actor, event)?;
    Ok(visitor)
}

/// ACC-8: the second factor of this account's person and all their sessions end at once; a letter carries a one-time passcode, whose hash
/// this is, to begin anew with. The caller has asked who may, and records the event.
pub fn reset(tx: &Tx<'_>, account: &Account, passcode: &str, hash: &str) -> Result<()> {
    store::remove(tx, account.identity)?;
    accounts::actions::send_passcode(tx, account, passcode, hash)
}

/// SEC-4: the operator of this machine takes a second factor away; the password stays, and whoever must have one sets it up at the next
/// sign-in. Every session ends. The partner's name.
pub fn clear_by_operator(tx: &Tx<'_>, operator: &Operator, email: &str, public_id: Option<&str>) -> Result<String> {
    let (identity, partner) = accounts::actions::only_identity(tx, email, public_id)?;
    if !store::remove(tx, identity)? {
        return Err(Error::refused(format!("{email} has no second factor.")));
    }
    sessions::end_other_sessions(tx, identity, None)?;
    let event = Event::new(Kind::FactorReset, format!("cleared the second factor of {email}")).about("identity", identity.0, email);
    activity::store::record(tx, &operator.actor(partner), &event)?;
    Ok(partners::store::signature(tx, partner)?.name)
}
