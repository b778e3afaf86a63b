//! Adding an account and having it authorized (SAS-6): witness, scope, rule, store, activity, letter; in the caller's transaction.

use crate::access::model::{Person, Place as Seat, Scope};
use crate::access::roles_model::OrganizationAccess;
use crate::access::state_model::AccountState;
use crate::access::witness_model::{Clockwork, Manager, SignedIn};
use crate::accounts;
use crate::accounts::model::Invitation;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::ids::{AccountId, OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::text::FirmName;
use crate::mail;
use crate::mail::model::{Letter, LetterKind};
use crate::organizations;
use crate::organizations::model::Organization;
use crate::partners;
use crate::saas::adding_model::{Management, Place, Service, Wanted};
use crate::saas::letters::{self, Asking};
use crate::saas::model::{Commitment, SaasAccount};
use crate::saas::terms_actions::check_hand;
use crate::saas::terms_model::{Conditions, ManagedBy};
use crate::saas::{store, terms_store};
use crate::subscriptions::model::State;
use crate::users;
use crate::users::model::{Step, User};

/// What was added, and whom a letter went to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Added {
    /// The account.
    pub account: SaasAccount,
    /// The organization.
    pub organization: OrganizationId,
    /// The user who is to authorize it.
    pub asked: Option<String>,
    /// Whether that user is new here, but not to the partner; told to whom access groups do not limit.
    pub known: bool,
}

/// SAS-6: adds an account that waits for its authorization, with its organization and its user where they are new: all or none.
pub fn add(tx: &Tx<'_>, by: &Manager, wanted: &Wanted) -> Result<Added> {
    let organization = place(tx, by, &wanted.place)?;
    check_domain(tx, by, organization.partner, &wanted.service)?;
    refuse_other_terms(tx, organization.id, &wanted.conditions)?;
    let managed_by = match wanted.management {
        Management::Partner => ManagedBy::Partner,
        Management::User(_) | Management::NewUser(_) => ManagedBy::Organization,
    };
    let at = (organization.partner, organization.id);
    let id = terms_store::add(tx, at, &organization.name, &wanted.service, &wanted.conditions, (managed_by, by.actor().account))?;
    let account = store::find(tx, by.scope(), id)?;
    let what = format!("{} of {}", account.product.shown(), account.domain);
    let event = Event::new(Kind::SaasAdded, format!("added {what} for {}: pending authorization", organization.name));
    activity::store::record(tx, by.actor(), &event.about("saas_account", id.0, &account.name).at(organization.id).with(told(wanted)))?;
    organizations::store::refresh(tx, organization.id)?;
    let user = match &wanted.management {
        Management::Partner => None,
        Management::User(user) => Some(*user),
        Management::NewUser(user) => {
            users::actions::add(tx, by, organization.id, std::slice::from_ref(user), Invitation::Send)?.first().copied()
        }
    };
    let asked = match user {
        Some(user) => Some(ask(tx, by, id, user)?),
        None => None,
    };
    let known = match (&wanted.management, user) {
        (Management::NewUser(_), Some(user)) if by.scope().member().is_none() => {
            let user = users::store::find(tx, by.scope(), organization.id, user)?;
            1 < accounts::store::of_identity(tx, user.account.identity)?.len()
        }
        _ => false,
    };
    Ok(Added { account, organization: organization.id, asked, known })
}

fn told(wanted: &Wanted) -> Vec<Change> {
    let conditions = &wanted.conditions;
    let fields = [
        ("Region", wanted.service.region.word().to_owned()),
        ("Commitment", conditions.commitment.shown().to_owned()),
        ("Retention", conditions.retention.word().to_owned()),
        ("Auto-add", conditions.auto_add.shown().to_owned()),
        ("Licence cap", conditions.licence_cap.map(|cap| cap.to_string()).unwrap_or_default()),
    ];
    fields.into_iter().filter_map(|(field, to)| Change::between(field, "", to)).collect()
}

fn place(tx: &Tx<'_>, by: &Manager, place: &Place) -> Result<Organization> {
    let id = match place {
        Place::Existing(id) => *id,
        Place::New(name) => organizations::actions::create(tx, by, name)?,
    };
    let found = match organizations::store::find(tx, by.scope(), id) {
        Err(Error::NotFound) => Err(Error::field("organization", "This organization is no longer there. Choose another.")),
        other => other,
    }?;
    check_active(&found)?;
    Ok(found)
}

/// SUB-2: while an organization is not active nothing is backed up, so nothing is added either.
pub fn check_active(organization: &Organization) -> Result<()> {
    if organization.subscription.state == State::Active {
        return Ok(());
    }
    let state = organization.subscription.state.shown().to_lowercase();
    Err(Error::field("organization", format!("{} is {state}. Reactivate it first, or choose another.", organization.name)))
}

/// ORG-4: a name that is taken is a refusal of the field `name`, before the last page as well as on it. One that may be chosen is offered.
pub fn check_name(db: &impl Read, by: &Manager, name: &FirmName) -> Result<()> {
    if organizations::store::by_name(db, by.scope().viewer(), &name.key())?.is_none() {
        return Ok(());
    }
    let next = match of_name(db, by, name)? {
        Some(known) if known.subscription.state == State::Active => "Choose it above.".to_owned(),
        Some(known) => format!("It is {}; reactivate it first.", known.subscription.state.shown().to_lowercase()),
        None => "Enter another name.".to_owned(),
    };
    Err(Error::field("name", format!("There is already an organization named “{}”. {next}", name.as_str())))
}

/// The organization of this name, if it is within the manager's scope.
pub fn of_name(db: &impl Read, by: &Manager, name: &FirmName) -> Result<Option<Organization>> {
    let Some(id) = organizations::store::by_name(db, by.scope().viewer(), &name.key())? else { return Ok(None) };
    match organizations::store::find(db, by.scope(), id) {
        Ok(organization) => Ok(Some(organization)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One account for a partner, product and domain: an import that reports it must know which one it fills.
/// What of it is out of the reader's sight is not named (EMP-4).
pub fn check_domain(db: &impl Read, by: &Manager, partner: PartnerId, service: &Service) -> Result<()> {
    let Some(holder) = terms_store::holder(db, partner, service.product, &service.domain)? else { return Ok(()) };
    let place = match store::find(db, by.scope(), holder) {
        Ok(SaasAccount { name, organization: Some((_, organization)), .. }) => format!(": {name}, linked to {organization}"),
        Ok(SaasAccount { name, organization: None, .. }) => format!(": {name}, which no organization has yet. Link it instead"),
        Err(Error::NotFound) => ", at an organization of other colleagues".to_owned(),
        Err(error) => return Err(error),
    };
    Err(Error::field("domain", format!("{} of {} is here already{place}.", service.product.shown(), service.domain)))
}

/// SAS-6: commitment and retention are those of the organization's other account, if it has one.
fn refuse_other_terms(tx: &Tx<'_>, organization: OrganizationId, wanted: &Conditions) -> Result<()> {
    let (commitment, retention) = terms_store::fixed(tx, organization)?;
    let mut errors = FieldErrors::default();
    if let Some(fixed) = commitment.filter(|fixed| *fixed != wanted.commitment) {
        errors.add("commitment", format!("The organization's other account has {}; this one gets the same.", fixed.shown().to_lowercase()));
    }
    if let Some(fixed) = retention.filter(|fixed| *fixed != wanted.retention) {
        errors.add("retention", format!("The organization's other account has {}; this one gets the same.", fixed.word()));
    }
    errors.or(Some(()))
}

/// SAS-6: sends the letter to authorize to a user of the organization with Full access; the user's name. One who is not invited yet is
/// invited with it.
pub fn ask(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, user: AccountId) -> Result<String> {
    let account = store::find(tx, by.scope(), account)?;
    let Some((organization, organization_name)) = &account.organization else {
        return Err(Error::refused("Link the account to an organization first; one of its users can authorize it then."));
    };
    if account.facts.authorized {
        return Err(Error::Conflict(format!("{} is authorized already.", account.name)));
    }
    let user = match users::store::find(tx, by.scope(), *organization, user) {
        Err(Error::NotFound) => Err(Error::field("user", "This user is no longer there. Choose another.")),
        other => other,
    }?;
    check_may_authorize(&user)?;
    if user.account.state == AccountState::NotInvited {
        users::actions::send_letter(tx, by, *organization, user.account.id)?;
    }
    let partner = partners::store::signature(tx, account.partner)?;
    let name = user.name();
    let agreed = terms_store::find(tx, by.scope(), account.id)?.agreed(account.region.as_deref());
    let asking = Asking {
        agreed: &agreed,
        name: &name,
        partner: &partner.name,
        slug: &partner.slug,
        organization: organization_name,
        account: account.id,
        domain: &account.domain,
        product: account.product.shown(),
    };
    let letter = Letter {
        partner: account.partner,
        organization: Some(*organization),
        account: Some(user.account.id),
        identity: Some(user.account.identity),
        kind: LetterKind::Notice,
        to_name: name.clone(),
        to_email: user.account.email.clone(),
        content: letters::authorize(asking),
        link: None,
    };
    mail::store::enqueue(tx, &letter)?;
    terms_store::note_asked(tx, account.id, &name, by.actor().account)?;
    let sentence = format!("asked {name} ({}) to authorize {}", user.account.email, account.name);
    record(tx, by, Kind::SaasAsked, &account, sentence)?;
    Ok(name)
}

/// Whether a user could authorize: Full access, and an account that is not switched off.
pub fn check_may_authorize(user: &User) -> Result<()> {
    let name = user.name();
    if user.access != OrganizationAccess::Full {
        return Err(Error::field("user", format!("{name} has no Full access, and so sees no SaaS account. Choose another.")));
    }
    if user.account.state.is_active() || user.account.state.may_be_invited() {
        return Ok(());
    }
    Err(Error::field("user", format!("{name} is deactivated. Reactivate the account first, or choose another.")))
}

/// SAS-6: a user of the organization consents; the account as it was. Only the consent is kept: the vendor's side is the partner's to do.
pub fn consent(tx: &Tx<'_>, by: &SignedIn, account: SaasAccountId) -> Result<SaasAccount> {
    let person = by.person();
    let found = store::find(tx, &by.scope(), account)?;
    if matches!(person.place, Seat::Employee { .. }) {
        return Err(Error::refused("Only a user of the organization gives this consent. You authorize it with the customer id."));
    }
    if found.facts.authorized {
        return Err(Error::Conflict(format!("{} is authorized already.", found.name)));
    }
    let terms = terms_store::find(tx, &by.scope(), account)?;
    if let Some((name, _)) = terms.consent {
        return Err(Error::Conflict(format!("{name} has authorized it already.")));
    }
    terms_store::note_consent(tx, account, &person.name)?;
    let event = Event::new(Kind::SaasConsented, format!("consented to {} being backed up", found.name));
    let mut event = event.about("saas_account", account.0, &found.name);
    event.organization = found.organization.as_ref().map(|(id, _)| *id);
    activity::store::record(tx, &person.actor(), &event)?;
    tell_of_consent(tx, person, &found)?;
    Ok(found)
}

/// MAI-1: whoever asked for the authorization hears of the consent, since what is left of it is theirs to do.
fn tell_of_consent(tx: &Tx<'_>, by: &Person, account: &SaasAccount) -> Result<()> {
    let (Some(asker), Some((organization, organization_name))) = (terms_store::asker(tx, account.id)?, &account.organization) else {
        return Ok(());
    };
    let partner = partners::store::signature(tx, asker.partner)?;
    let consented = letters::Consented {
        name: &asker.name,
        partner: &partner.name,
        slug: &partner.slug,
        user: &by.name,
        organization: organization_name,
        account: account.id,
        domain: &account.domain,
        product: account.product.shown(),
    };
    let letter = Letter {
        partner: asker.partner,
        organization: Some(*organization),
        account: Some(asker.account),
        identity: Some(asker.identity),
        kind: LetterKind::Notice,
        to_name: asker.name.clone(),
        to_email: asker.email.clone(),
        content: letters::consented(&consented),
        link: None,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}

/// SAS-6: authorized by hand under the vendor's customer id, which no other account of the partner has. A committed year begins.
pub fn authorize(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, customer_id: i64) -> Result<SaasAccount> {
    let found = store::find(tx, by.scope(), account)?;
    check_hand(by, &found)?;
    let terms = terms_store::find(tx, by.scope(), account)?;
    if found.facts.authorized {
        return Err(Error::Conflict(format!("{} is authorized already, under the customer id {}.", found.name, shown_id(&found))));
    }
    check_free(tx, by, &found, customer_id)?;
    begin(tx, account, customer_id, terms.commitment)?;
    record(tx, by, Kind::SaasAuthorized, &found, format!("authorized {} under the customer id {customer_id}", found.name))?;
    store::find(tx, by.scope(), account)
}

/// No other account of the partner has this customer id; what of it is out of the reader's sight is not named (EMP-4).
fn check_free(tx: &Tx<'_>, by: &Manager, found: &SaasAccount, customer_id: i64) -> Result<()> {
    if let Some(other) = store::by_vendor_id(tx, found.partner, customer_id)? {
        let whose = match store::find(tx, by.scope(), other) {
            Ok(other) => format!("{} has", other.name),
            // EMP-4: what is out of the reader's sight is not named.
            Err(Error::NotFound) => "Another account has".to_owned(),
            Err(error) => return Err(error),
        };
        return Err(Error::field("customer_id", format!("{whose} the customer id {customer_id} already.")));
    }
    Ok(())
}

/// SAS-6: corrects a customer id that was entered by hand, from the one that was seen, until an import has filled the account.
pub fn correct(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, (was, will): (i64, i64)) -> Result<SaasAccount> {
    let found = store::find(tx, by.scope(), account)?;
    check_hand(by, &found)?;
    if found.vendor_id != Some(was) {
        return Err(Error::Conflict(format!(
            "Somebody else changed the customer id of {} meanwhile: it is {}.",
            found.name,
            shown_id(&found)
        )));
    }
    if !terms_store::is_unfilled(tx, account)? {
        return Err(Error::refused(format!("{} was filled by an import, so its customer id is the vendor's own and stays.", found.name)));
    }
    if was == will {
        return Ok(found);
    }
    check_free(tx, by, &found, will)?;
    terms_store::correct(tx, account, (was, will))?;
    let event = Event::new(Kind::SaasChanged, format!("corrected the customer id of {}", found.name));
    let mut event =
        event.about("saas_account", account.0, &found.name).with(Change::between("Customer id", was.to_string(), will.to_string()));
    event.organization = found.organization.as_ref().map(|(id, _)| *id);
    activity::store::record(tx, by.actor(), &event)?;
    store::find(tx, by.scope(), account)
}

/// A committed year begins with the authorization.
fn begin(tx: &Tx<'_>, account: SaasAccountId, customer_id: i64, commitment: Option<Commitment>) -> Result<()> {
    let until = (commitment == Some(Commitment::OneYear)).then(|| tx.now().a_year_later());
    terms_store::authorize(tx, account, customer_id, until)
}

/// In the demo the vendor answers at once: a consent authorizes the account, under a customer id that nobody gave it.
pub fn pretend_to_authorize(tx: &Tx<'_>, by: &SignedIn, account: &SaasAccount) -> Result<()> {
    let terms = terms_store::find(tx, &by.scope(), account.id)?;
    let customer_id = tx.tokens().number(900_000, 1_000_000)?;
    begin(tx, account.id, customer_id, terms.commitment)?;
    let sentence = format!("authorized {} under the customer id {customer_id}, as the demo simulates it", account.name);
    let mut event = Event::new(Kind::SaasAuthorized, sentence).about("saas_account", account.id.0, &account.name);
    event.organization = account.organization.as_ref().map(|(id, _)| *id);
    activity::store::record(tx, &by.person().actor(), &event).map(drop)
}

/// In the demo the vendor authorizes by itself what waits for nobody's consent, under this customer id.
pub fn simulate_authorization(
    tx: &Tx<'_>,
    clock: &Clockwork,
    (account, partner): (SaasAccountId, PartnerId),
    customer_id: i64,
) -> Result<()> {
    let scope = Scope::all(partner);
    let found = store::find(tx, &scope, account)?;
    begin(tx, account, customer_id, terms_store::find(tx, &scope, account)?.commitment)?;
    let sentence = format!("authorized {} under the customer id {customer_id}, as the demo simulates it", found.name);
    let mut event = Event::new(Kind::SaasAuthorized, sentence).about("saas_account", account.0, &found.name);
    event.organization = found.organization.as_ref().map(|(id, _)| *id);
    activity::store::record(tx, &clock.actor(partner), &event).map(drop)
}

fn shown_id(account: &SaasAccount) -> String {
    account.vendor_id.map(|id| id.to_string()).unwrap_or_default()
}

/// Users of an organization who could be asked to authorize, those first who could at once.
pub fn candidates(db: &impl Read, by: &Manager, organization: OrganizationId) -> Result<Vec<User>> {
    let mut users = users::store::list(db, by.scope(), organization)?;
    let hand = users::actions::hand(db, by)?;
    users.retain(|user| {
        check_may_authorize(user).is_ok() && (user.account.state != AccountState::NotInvited || user.may(hand, Step::SendLetter))
    });
    users.sort_by_key(|user| !user.account.state.is_active());
    Ok(users)
}

fn record(tx: &Tx<'_>, by: &Manager, kind: Kind, account: &SaasAccount, sentence: String) -> Result<()> {
    let mut event = Event::new(kind, sentence).about("saas_account", account.id.0, &account.name);
    event.organization = account.organization.as_ref().map(|(id, _)| *id);
    activity::store::record(tx, by.actor(), &event).map(drop)
}
