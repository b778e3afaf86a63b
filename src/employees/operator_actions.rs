//! What whoever has the machine does with accounts from the command line (SEC-4); each use is an event.

use crate::access::model::Scope;
use crate::access::witness_model::Operator;
use crate::accounts;
use crate::accounts::model::{Account, Reactivated};
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::employees::actions::{make_primary, reactivated, record};
use crate::employees::model::{Employee, Known, Whose};
use crate::employees::store;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::partners;
use crate::security;
use crate::security::model::Settings;

/// Everybody who has an account, of one partner if its Partner ID is given; `Refused` where nobody has set anything up.
pub fn list(tx: &Tx<'_>, operator: &Operator, public_id: Option<&str>, whose: Whose) -> Result<Vec<Known>> {
    let partner = match public_id {
        Some(public_id) => of_public_id(tx, public_id)?,
        None => partners::store::operating(tx)?.ok_or_else(|| Error::refused("Nobody has set this portal up yet."))?,
    };
    let known = store::known(tx, public_id, whose)?;
    let what = match whose {
        Whose::Staff => "looked at the list of employees",
        Whose::Everybody => "looked at the list of everybody with an account",
    };
    activity::store::record(tx, &operator.actor(partner), &Event::new(Kind::AccountsListed, what))?;
    Ok(known)
}

/// SEC-3, SEC-4: lets a partner's employees come from everywhere again, for when nobody is where they may come from; of the operating
/// partner where no Partner ID is given. Its name.
pub fn clear_allowed_addresses(tx: &Tx<'_>, operator: &Operator, public_id: Option<&str>) -> Result<String> {
    let partner = match public_id {
        Some(public_id) => of_public_id(tx, public_id)?,
        None => partners::store::operating(tx)?.ok_or_else(|| Error::refused("Nobody has set this portal up yet."))?,
    };
    let name = partners::store::signature(tx, partner)?.name;
    let before = security::store::settings(tx, partner)?;
    if before.addresses.is_empty() {
        return Err(Error::refused(format!("Employees of {name} may come from everywhere already.")));
    }
    let wanted = Settings { addresses: Vec::new(), ..before.clone() };
    security::store::keep(tx, partner, &wanted)?;
    let event = Event::new(Kind::SecurityChanged, "let employees come from everywhere again").with(wanted.changes(&before));
    activity::store::record(tx, &operator.actor(partner), &event)?;
    Ok(name)
}

fn of_public_id(tx: &Tx<'_>, public_id: &str) -> Result<PartnerId> {
    match partners::store::of_public_id(tx, public_id) {
        Err(Error::NotFound) => Err(Error::refused(format!("No partner has the Partner ID {public_id}."))),
        found => found,
    }
}

/// ACC-14: makes an active employee the primary account; who it is now, who it was, and the partner's name.
pub fn name_primary(
    tx: &Tx<'_>,
    operator: &Operator,
    email: &str,
    public_id: Option<&str>,
) -> Result<(Employee, Option<Employee>, String)> {
    let (accounts, partner) = of_email(tx, email, public_id)?;
    let staff = accounts.iter().find(|account| account.organization.is_none());
    let staff = staff.ok_or_else(|| Error::refused(format!("{email} is on nobody's staff, so it cannot become the primary account.")))?;
    let (employee, before) = make_primary(tx, &operator.actor(partner), partner, staff.id)?;
    Ok((employee, before, partners::store::signature(tx, partner)?.name))
}

/// ACC-4: brings back the account of this e-mail: the one on the staff, else the only one at an organization; at the organization of this
/// ID, if one is given. Who it is, and how it went.
pub fn reactivate(tx: &Tx<'_>, operator: &Operator, email: &str, whose: &Sought<'_>) -> Result<(Account, Reactivated)> {
    let (accounts, partner) = of_email(tx, email, whose.partner)?;
    let account = whose.choose(email, &accounts)?;
    let how = accounts::actions::reactivate(tx, account)?;
    let (actor, sentence) = (operator.actor(partner), reactivated(&account.name(), how));
    match account.organization {
        None => record(tx, &actor, &store::find(tx, &Scope::all(partner), account.id)?, Event::new(Kind::EmployeeReactivated, sentence))?,
        Some(organization) => {
            let event = Event::new(Kind::UserReactivated, sentence).about("user", account.id.0, account.name()).at(organization);
            activity::store::record(tx, &actor, &event).map(drop)?;
        }
    }
    Ok((account.clone(), how))
}

/// Which account of an e-mail is meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought<'a> {
    /// The Partner ID, if several partners know the e-mail.
    pub partner: Option<&'a str>,
    /// The organization's ID, with or without its dash, if it is at an organization.
    pub organization: Option<&'a str>,
}

impl Sought<'_> {
    fn choose<'a>(&self, email: &str, accounts: &'a [Account]) -> Result<&'a Account> {
        if let Some(wanted) = self.organization {
            let known: Result<OrganizationId> = wanted.replace('-', "").parse();
            let wanted = known.map_err(|_| Error::refused(format!("{wanted} is no organization's ID.")))?;
            let there = accounts.iter().find(|account| account.organization == Some(wanted));
            return there.ok_or_else(|| Error::refused(format!("{email} has no account at that organization.")));
        }
        match (accounts.iter().find(|account| account.organization.is_none()), accounts) {
            (Some(staff), _) => Ok(staff),
            (None, [one]) => Ok(one),
            (None, _) => {
                Err(Error::refused(format!("{email} has accounts at several organizations. Say which one with --organization and its ID.")))
            }
        }
    }
}

/// The accounts of the one identity with this e-mail, and its partner.
fn of_email(tx: &Tx<'_>, email: &str, public_id: Option<&str>) -> Result<(Vec<Account>, PartnerId)> {
    let (identity, partner) = accounts::actions::only_identity(tx, email, public_id)?;
    Ok((accounts::store::of_identity(tx, identity)?, partner))
}
