//! Asking for a transfer, agreeing to it or not, taking it back: witness, rule, store, activity, letter; in the caller's transaction.

use crate::access::model::{Actor, Place};
use crate::access::witness_model::{Clockwork, Manager, SignedIn};
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId, TransferId};
use crate::kernel::text;
use crate::organizations::model::Organization;
use crate::transfers::letters;
use crate::transfers::model::{DryRun, Own, State, Step, Thing, Transfer, cut_off};
use crate::transfers::store::{self, Asked};
use crate::transfers::telling_actions::{tell, tell_ended, tell_holder};
use crate::{devices, endpoints, networks, organizations, partners, saas, users};

/// PAR-5: what is said where the right was taken away.
const REVOKED: &str = "Transfers have to be requested by your distributor. Contact the partner above, which can enter the transfer itself.";

/// PAR-4: characters of a reason.
const REASON: usize = 300;

/// PAR-3: who asks for the transfer of an organization.
pub const ASKERS: &str = "The Owner or a full administrator of an organization asks for its transfer.";

/// PAR-3: the organization of a user who may ask for its transfer: its Owner, or a full administrator; nothing for anybody else.
fn own_organization(db: &impl Read, by: &SignedIn) -> Result<Option<Organization>> {
    let person = by.person();
    match &person.place {
        Place::OrganizationUser { organization, .. } if users::store::may_ask_transfer(db, person.account)? => {
            organizations::store::find(db, &by.scope(), *organization).map(Some)
        }
        Place::OrganizationUser { .. } | Place::Employee { .. } => Ok(None),
    }
}

/// PAR-3: for the card of Personal Details; nothing for anybody who may not ask.
pub fn own(db: &impl Read, by: &SignedIn) -> Result<Option<Own>> {
    let Some(organization) = own_organization(db, by)? else { return Ok(None) };
    let thing = Thing::Organization(organization.id);
    let newest = store::newest_of(db, thing, organization.partner)?;
    let (open, last) = newest.map_or((None, None), |one| if one.state.is_open() { (Some(one), None) } else { (None, Some(one)) });
    let refused = if partners::store::may_transfer(db, organization.partner)? { None } else { Some(REVOKED) };
    Ok(Some(Own { dry_run: dry_run(db, thing)?, open, last, refused }))
}

/// PAR-3: asks for one's organization to go to the partner of this Partner ID. For an unknown one the same is done. Refused for who may not.
pub fn ask_for_own(tx: &Tx<'_>, by: &SignedIn, receiver_id: &str) -> Result<()> {
    let organization = own_organization(tx, by)?.ok_or_else(|| Error::refused(ASKERS))?;
    if !partners::store::may_transfer(tx, organization.partner)? {
        return Err(Error::refused(REVOKED));
    }
    let thing = (Thing::Organization(organization.id), organization.name.as_str());
    ask(tx, &by.person().actor(), organization.partner, thing, receiver_id).map(drop)
}

/// PAR-5: a partner above enters the transfer of an organization beneath it, and validates it in the same step where it is its own to
/// validate: then nothing is entered that cannot be carried out. Refused for one's own: its people ask for that.
pub fn enter(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, receiver_id: &str) -> Result<Transfer> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    if organization.partner == by.scope().viewer() {
        return Err(Error::refused("The Owner or a full administrator of the organization asks for this, under Account Settings."));
    }
    if !partners::store::may_transfer(tx, by.scope().viewer())? {
        return Err(Error::refused(REVOKED));
    }
    let thing = (Thing::Organization(organization.id), organization.name.as_str());
    let id = ask(tx, by.actor(), organization.partner, thing, receiver_id)?;
    // A partner above is none of those concerned where it neither gets it nor validates it.
    let entered = store::find(tx, organization.partner, id)?;
    if entered.is_validator(by.scope().viewer()) { validate(tx, by, id) } else { Ok(entered) }
}

/// PAR-7: asks for a single SaaS account to go; an Admin of the partner that holds it, or of one above.
pub fn ask_for_account(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, receiver_id: &str) -> Result<TransferId> {
    let account = saas::store::find(tx, by.scope(), account)?;
    if !partners::store::may_transfer(tx, by.scope().viewer())? {
        return Err(Error::refused(REVOKED));
    }
    if let Some((organization, name)) = &account.organization
        && let Some(open) = store::newest_of(tx, Thing::Organization(*organization), account.partner)?
        && open.state.is_open()
    {
        return Err(Error::refused(format!("A transfer of {name} is under way, and this account goes with it. Withdraw that one first.")));
    }
    ask(tx, by.actor(), account.partner, (Thing::SaasAccount(account.id), account.name.as_str()), receiver_id)
}

fn ask(tx: &Tx<'_>, by: &Actor, holder: PartnerId, (thing, name): (Thing, &str), receiver_id: &str) -> Result<TransferId> {
    let receiver_id = parse_id(receiver_id)?;
    let receiver = match partners::store::of_public_id(tx, &receiver_id) {
        Ok(receiver) => Some(receiver),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    if receiver == Some(holder) {
        return Err(Error::field("receiver_id", format!("{name} belongs to this partner already.")));
    }
    lapse(tx)?;
    let asked = Asked { holder, receiver, receiver_id: &receiver_id, thing, name, by: &by.name };
    let id = store::ask(tx, &asked)?;
    // The holder's own people asked, or a partner above: the holder's log tells of it either way.
    let event = || Event::new(Kind::TransferAsked, format!("asked for the transfer of {name} to the partner {receiver_id}"));
    if by.partner != holder {
        activity::store::record(tx, by, &event().about("transfer", id.0, name))?;
    }
    record(tx, &Actor { partner: holder, ..by.clone() }, (thing, id), name, event())?;
    let transfer = store::find(tx, holder, id)?;
    // Who asks for what is their own to validate needs no letter that says so.
    if let Some(validator) = transfer.validator.as_ref().filter(|validator| validator.partner != by.partner) {
        tell(tx, validator.partner, &transfer, letters::asked)?;
    }
    tell_holder(tx, by, &transfer)?;
    Ok(id)
}

/// A Partner ID as people copy it.
fn parse_id(raw: &str) -> Result<String> {
    let typed = text::line(raw, 40).map_err(|sentence| Error::field("receiver_id", sentence))?.to_uppercase();
    // Of any ID of this form the same is said, whether or not there is such a partner (PAR-3).
    let formed = typed.strip_prefix("P-").is_some_and(|digits| digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    if !formed {
        return Err(Error::field("receiver_id", "Enter the Partner ID of the new partner, such as P-12345678."));
    }
    Ok(typed)
}

/// PAR-4: the validator agrees: the receiver's names are checked and kept free from now on. Its cut-off date.
pub fn validate(tx: &Tx<'_>, by: &Manager, transfer: TransferId) -> Result<Transfer> {
    let before = find_for(tx, by, transfer, Step::Validate)?;
    let Some(receiver) = before.receiver.clone() else { return Err(Error::NotFound) };
    let problems = obstacles(tx, &before)?;
    if !problems.is_empty() {
        return Err(Error::refused(format!("{} Nothing was validated.", problems.join(" "))));
    }
    let due = cut_off(tx.now());
    let names = match before.thing {
        Thing::Organization(organization) => organizations::moving_store::keys(tx, organization)?,
        Thing::SaasAccount(_) => (None, None),
    };
    store::validate(tx, transfer, &by.actor().name, due, (names.0.as_deref(), names.1.as_deref()))?;
    let after = store::find(tx, by.scope().viewer(), transfer)?;
    let sentence = format!("validated the transfer of {} to {}", after.name, receiver.name);
    let event = || Event::new(Kind::TransferValidated, sentence.clone()).with(Change::between("Cut-off date", "", due.iso()));
    everywhere(tx, by.actor(), &after, event)?;
    for side in [after.holder.partner, receiver.partner] {
        if side != by.scope().viewer() {
            tell(tx, side, &after, letters::validated)?;
        }
    }
    Ok(after)
}

/// PAR-4: the validator does not agree, for a reason that the sides read.
pub fn refuse(tx: &Tx<'_>, by: &Manager, transfer: TransferId, reason: &str) -> Result<Transfer> {
    let found = find_for(tx, by, transfer, Step::Refuse)?;
    end(tx, (by.actor(), false), &found, (State::Refused, parse_reason(reason)?))
}

/// PAR-4: one of the two sides takes it back, for a reason that the other one reads.
pub fn withdraw(tx: &Tx<'_>, by: &Manager, transfer: TransferId, reason: &str) -> Result<Transfer> {
    let found = find_for(tx, by, transfer, Step::Withdraw)?;
    end(tx, (by.actor(), false), &found, (State::Withdrawn, parse_reason(reason)?))
}

/// PAR-3, PAR-4: the organization's own people take it back, for a reason that both sides read.
pub fn withdraw_own(tx: &Tx<'_>, by: &SignedIn, reason: &str) -> Result<Transfer> {
    let transfer = own_open(tx, by)?;
    end(tx, (&by.person().actor(), true), &transfer, (State::Withdrawn, parse_reason(reason)?))
}

/// The transfer of their organization that somebody may take back at this moment, or the sentence that says why they may not.
pub fn own_open(db: &impl Read, by: &SignedIn) -> Result<Transfer> {
    let organization = own_organization(db, by)?.ok_or_else(|| Error::refused(ASKERS))?;
    let open = store::newest_of(db, Thing::Organization(organization.id), organization.partner)?;
    let transfer = open.ok_or_else(|| Error::refused(format!("No transfer of {} is under way.", organization.name)))?;
    transfer.check(Step::Withdraw, organization.partner, db.now()).map_err(Error::Refused)?;
    Ok(transfer)
}

fn parse_reason(raw: &str) -> Result<String> {
    let reason = text::line(raw, REASON).map_err(|sentence| Error::field("reason", sentence))?;
    if reason.is_empty() { Err(Error::field("reason", "Say why in a few words; the other side reads them.")) } else { Ok(reason) }
}

fn find_for(tx: &Tx<'_>, by: &Manager, transfer: TransferId, step: Step) -> Result<Transfer> {
    let viewer = by.scope().viewer();
    let found = store::find(tx, viewer, transfer)?;
    found.check(step, viewer, tx.now()).map_err(Error::Refused)?;
    Ok(found)
}

/// Ends an open transfer by hand; `own` where an organization's own people do.
fn end(tx: &Tx<'_>, (by, own): (&Actor, bool), transfer: &Transfer, (state, reason): (State, String)) -> Result<Transfer> {
    store::end(tx, transfer.id, state, &by.name, Some(&reason))?;
    let sentence = format!("{} the transfer of {}", if state == State::Refused { "refused" } else { "withdrew" }, transfer.name);
    everywhere(tx, by, transfer, || {
        Event::new(Kind::TransferEnded, sentence.clone()).with(Change::between("Reason", "", reason.as_str()))
    })?;
    let after = store::find(tx, transfer.holder.partner, transfer.id)?;
    tell_ended(tx, by.partner, (transfer, &after), own)?;
    Ok(after)
}

/// One event in the log of each partner concerned; on the organization's page in the holder's.
pub(super) fn everywhere(tx: &Tx<'_>, by: &Actor, transfer: &Transfer, event: impl Fn() -> Event) -> Result<()> {
    let mut partners: Vec<PartnerId> = vec![transfer.holder.partner];
    partners.extend(transfer.receiver.iter().chain(&transfer.validator).map(|side| side.partner));
    partners.push(by.partner);
    partners.sort_unstable();
    partners.dedup();
    for partner in partners {
        let actor = Actor { partner, ..by.clone() };
        if partner == transfer.holder.partner {
            record(tx, &actor, (transfer.thing, transfer.id), &transfer.name, event())?;
        } else {
            activity::store::record(tx, &actor, &event().about("transfer", transfer.id.0, transfer.name.as_str()))?;
        }
    }
    Ok(())
}

fn record(tx: &Tx<'_>, by: &Actor, (thing, id): (Thing, TransferId), name: &str, event: Event) -> Result<()> {
    let mut event = event.about("transfer", id.0, name);
    event.organization = match thing {
        Thing::Organization(organization) => Some(organization),
        Thing::SaasAccount(account) => saas::store::organization_of(tx, account)?,
    };
    activity::store::record(tx, by, &event).map(drop)
}

/// PAR-4, PAR-6: what stands in the way at the receiver, each in a sentence.
pub(super) fn obstacles(db: &impl Read, transfer: &Transfer) -> Result<Vec<String>> {
    let Some(receiver) = &transfer.receiver else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    if let Thing::Organization(organization) = transfer.thing {
        let (name, email) = organizations::moving_store::keys(db, organization)?;
        if let Some(name) = &name
            && organizations::moving_store::name_taken(db, receiver.partner, name, organization)?
        {
            found.push(format!("{} has an organization of this name already. One of the two has to be renamed first.", receiver.name));
        }
        if let Some(email) = &email
            && organizations::moving_store::contact_taken(db, receiver.partner, email, organization)?
        {
            found.push(format!("{} has an organization with the same contact e-mail already.", receiver.name));
        }
    }
    if let Thing::Organization(organization) = transfer.thing
        && endpoints::store::vendor_id_taken(db, receiver.partner, organization)?
    {
        found.push(format!("{} holds an endpoint agent with the same id already.", receiver.name));
    }
    if store::vendor_id_taken(db, receiver.partner, transfer.thing)? {
        found.push(format!("{} holds a SaaS account with the same customer id already.", receiver.name));
    }
    Ok(found)
}

/// PAR-4: what is written down as lapsed, with an event for each, in the order of their moments; how many.
pub fn lapse_due(tx: &Tx<'_>, _: &Clockwork) -> Result<usize> {
    lapse(tx)
}

fn lapse(tx: &Tx<'_>) -> Result<usize> {
    let lapsed = store::lapse_due(tx, 200)?;
    for transfer in &lapsed {
        let sentence = format!("let the transfer of {} lapse: not validated within 60 days", transfer.name);
        everywhere(tx, &portico(transfer.holder.partner), transfer, || Event::new(Kind::TransferEnded, sentence.clone()))?;
    }
    Ok(lapsed.len())
}

/// What the clock decides is Portico's own doing, whoever met it first.
pub(super) fn portico(partner: PartnerId) -> Actor {
    Actor { partner, account: None, name: "Portico".to_owned(), roles: "Clock".to_owned(), address: "this machine".to_owned() }
}

/// PAR-3, PAR-4: what goes and what does not, before anyone agrees. What the receiver knows is not told.
pub fn dry_run(db: &impl Read, thing: Thing) -> Result<DryRun> {
    let Thing::Organization(organization) = thing else {
        return Ok(DryRun {
            moves: vec![
                "The SaaS account with its seats, their states, backups and history. Backup data is not touched.".to_owned(),
                "It arrives linked to no organization; the new partner confirms it by linking it.".to_owned(),
            ],
            stays: vec![
                "Its organization, and the organization's users: they lose access to it on the cut-off date.".to_owned(),
                "The activity log, and past statements.".to_owned(),
            ],
        });
    };
    let (users, groups, keys) = store::counted(db, organization)?;
    let services = store::services(db, organization)?;
    let mut moves = vec![
        "The organization with its contact and settings, its subscription, its state, and any countdown that runs.".to_owned(),
        format!(
            "{}. Each keeps what they sign in with, or is invited anew where they have another account here, or one at the new partner.",
            text::counted(users, "user", "users")
        ),
    ];
    let named: Vec<String> = services.iter().take(5).map(|(_, name, domain)| format!("{name} ({domain})")).collect();
    let more = services.len().saturating_sub(named.len());
    let count = i64::try_from(services.len()).unwrap_or(i64::MAX);
    moves.push(match count {
        0 => "No SaaS account is linked to it.".to_owned(),
        _ => format!(
            "{}: {}{}. They arrive linked to no organization; the new partner confirms each by linking it. Backup data is not touched.",
            text::counted(count, "SaaS account", "SaaS accounts"),
            named.join(", "),
            if more == 0 { String::new() } else { format!(" and {more} more") }
        ),
    });
    let (agents, datasets) = endpoints::store::count_of(db, organization)?;
    if 0 < agents {
        let (agents, datasets) =
            (text::counted(agents, "endpoint agent", "endpoint agents"), text::counted(datasets, "dataset", "datasets"));
        moves.push(format!("{agents} with {datasets}. Backup data is not touched."));
    }
    let mut stays = vec!["The activity log, and past statements.".to_owned(), "Letters that were written so far.".to_owned()];
    let networks = networks::store::count_of(db, organization)?;
    if 0 < networks {
        stays.push(format!("{}: unlinked.", text::counted(networks, "network", "networks")));
    }
    let devices = devices::store::count_of(db, organization)?;
    if 0 < devices {
        stays.push(format!("{}: unlinked.", text::counted(devices, "device", "devices")));
    }
    if 0 < groups {
        stays.push(format!("Its place in {}.", text::counted(groups, "access group", "access groups")));
    }
    if 0 < keys {
        stays.push(format!("{} for it alone: deleted.", text::counted(keys, "API key", "API keys")));
    }
    Ok(DryRun { moves, stays })
}
