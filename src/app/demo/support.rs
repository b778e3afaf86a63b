//! SUP-1 in the demo: one client's user is authorized for support, and another's PIN waits to be confirmed.

use crate::access::model::{Person, Place};
use crate::access::witness_model::{Manager, SignedIn};
use crate::app::demo::firm::{Hand, User as Played};
use crate::app::demo::{Story, find_user};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, SessionId};
use crate::kernel::time::{Span, Timestamp};
use crate::users::model::User;
use crate::users::{self, support_actions};

/// How far it came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// The PIN was confirmed.
    Confirmed,
    /// It waits for that.
    PinMade,
}

/// Authorizes a user, who makes a PIN.
pub fn authorize(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, user: &User, reached: Reached) -> Result<()> {
    support_actions::authorize(tx, by, organization, user.account.id)?;
    let pin = support_actions::make_pin(tx, &SignedIn::of(&signed_in(organization, user)))?;
    match reached {
        Reached::Confirmed => support_actions::confirm(tx, by, organization, user.account.id, &pin).map(drop),
        Reached::PinMade => Ok(()),
    }
}

/// A client's user, as if they had just signed in.
pub fn signed_in(organization: OrganizationId, user: &User) -> Person {
    Person {
        session: SessionId(0),
        identity: user.account.identity,
        account: user.account.id,
        partner: user.account.partner,
        partner_name: String::new(),
        partner_public_id: String::new(),
        operating: false,
        name: user.name(),
        email: user.account.email.clone(),
        active_accounts: 1,
        place: Place::OrganizationUser {
            organization,
            organization_name: String::new(),
            access: user.access,
            endpoint_access: user.endpoint_access,
        },
        proved_at: Timestamp(0),
        time_zone: "UTC".to_owned(),
        theme: "auto".to_owned(),
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        look: crate::kernel::html::frame::Look::default(),
        slug: String::new(),
    }
}

impl Story<'_> {
    /// SUP-1: Lantern's first two clients who sign in: one is authorized, the other's PIN waits.
    pub fn authorize_for_support(&self) -> Result<()> {
        self.ago(Span::minutes(25));
        let told = |user: &&Played| matches!(user, Played::Active(person) if person.told);
        let clients = self.made.iter().filter(|made| made.client.hand == Hand::Lantern);
        let named = clients.filter_map(|made| Some((made, made.client.users.iter().find(told)?)));
        self.db.write(|tx| {
            for ((made, user), reached) in named.zip([Reached::Confirmed, Reached::PinMade]) {
                let by = self.manager(made.client.hand, 0)?;
                let account = find_user(tx, &by, made.organization, &user.person().email())?;
                let user = users::store::find(tx, by.scope(), made.organization, account)?;
                authorize(tx, &by, made.organization, &user, reached)?;
            }
            Ok(())
        })
    }
}
