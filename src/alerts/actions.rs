//! Setting rules, and writing the letters of those that come true; in the caller's transaction.

use crate::access::model::Scope;
use crate::access::witness_model::{Clockwork, SignedIn};
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::alerts::letters::{self, Alert};
use crate::alerts::model::{Standing, Whose};
use crate::alerts::rules_model::{Setting, changes};
use crate::alerts::store;
use crate::kernel::db::{Db, Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::kernel::time::Span;
use crate::mail;
use crate::mail::model::{Letter, LetterKind};
use crate::organizations;
use crate::partners;

/// All rules are looked at so often.
const EVERY: Span = Span::minutes(1);

/// An organization inside `scope`, with its name.
pub fn find(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<(Whose, String)> {
    let found = organizations::store::find(db, scope, organization)?;
    Ok((Whose { partner: found.partner, organization: Some(organization) }, found.name))
}

/// DEV-6: sets an organization's rules; whether anything changed. Of an organization of a partner beneath only who may act on it.
pub fn set(tx: &Tx<'_>, by: &SignedIn, organization: OrganizationId, wanted: &[Setting]) -> Result<bool> {
    let (whose, name) = find(tx, &by.scope(), organization)?;
    if !by.scope().acts_on(whose.partner) {
        return Err(Error::refused(format!("{name} belongs to a partner beneath yours. Its own people set its alerts.")));
    }
    let event = Event::new(Kind::AlertsChanged, format!("changed the alert settings of {name}"));
    save(tx, by, whose, wanted, event.about("organization", organization.0, name.as_str()).at(organization))
}

/// The same of the whole partner.
pub fn set_for_partner(tx: &Tx<'_>, by: &SignedIn, wanted: &[Setting]) -> Result<bool> {
    let whose = Whose { partner: by.person().partner, organization: None };
    save(tx, by, whose, wanted, Event::new(Kind::AlertsChanged, "changed the alert settings of the whole firm"))
}

fn save(tx: &Tx<'_>, by: &SignedIn, whose: Whose, wanted: &[Setting], event: Event) -> Result<bool> {
    let before = store::settings(tx, whose)?;
    let changes = changes(&before, wanted);
    if changes.is_empty() {
        return Ok(false);
    }
    for (_, after) in before.iter().zip(wanted).filter(|(before, after)| before != after) {
        store::set(tx, whose, after)?;
    }
    activity::store::record(tx, &by.person().actor(), &event.with(changes))?;
    Ok(true)
}

/// Looks at every rule once a minute and settles what has changed, each organization in a transaction of its own. How many were settled, the
/// round itself being one. Where one cannot be, the others are none the less.
pub fn look(db: &Db, clock: &Clockwork) -> Result<usize> {
    let due = db.read(|db| Ok(store::last_round(db)?.is_none_or(|last| EVERY <= db.now() - last || db.now() < last)))?;
    if !due {
        return Ok(0);
    }
    let mut trouble = None;
    let unsettled = db.read(|db| store::unsettled(db))?;
    for whose in &unsettled {
        match db.write(|tx| settle(tx, clock, *whose)) {
            Ok(()) => {}
            Err(error @ (Error::Disk(_) | Error::Unavailable { .. })) => return Err(error),
            Err(error) => trouble = Some(error),
        }
    }
    db.write(store::keep_round)?;
    trouble.map_or(Ok(unsettled.len() + 1), Err)
}

/// DEV-6: a rule that has come true is noted and has its letter, one that is not true any more is forgotten. What was settled meanwhile is left
/// as it is.
pub fn settle(tx: &Tx<'_>, clock: &Clockwork, whose: Whose) -> Result<()> {
    for standing in store::standing(tx, whose)?.iter().filter(|standing| standing.is_unsettled()) {
        if standing.says.is_empty() {
            store::lower(tx, whose, standing.setting.rule)?;
        } else {
            store::raise(tx, whose, standing.setting.rule)?;
            tell(tx, *clock, whose, standing)?;
        }
    }
    Ok(())
}

/// Writes to whom it may concern, and says so in the log.
fn tell(tx: &Tx<'_>, clock: Clockwork, whose: Whose, standing: &Standing) -> Result<()> {
    let partner = partners::store::signature(tx, whose.partner)?;
    let (name, path) = match whose.organization {
        Some(organization) => (find(tx, &Scope::all(whose.partner), organization)?.1, format!("/alerts/{organization}")),
        None => (partner.name.clone(), "/alerts".to_owned()),
    };
    let rule = standing.setting.sentence();
    let readers = store::readers(tx, whose, standing.setting.to, standing.setting.rule)?;
    for reader in &readers {
        let content = letters::alert(Alert {
            name: &reader.name,
            partner: &partner.name,
            about: &name,
            rule: &rule,
            says: &standing.says,
            path: &path,
        });
        let letter = Letter {
            partner: whose.partner,
            organization: whose.organization,
            account: Some(reader.account),
            identity: Some(reader.identity),
            kind: LetterKind::Notice,
            to_name: reader.name.clone(),
            to_email: reader.email.clone(),
            content,
            link: None,
        };
        mail::store::enqueue(tx, &letter)?;
    }
    let told = text::counted(i64::try_from(readers.len()).unwrap_or(i64::MAX), "person", "people");
    let sentence = format!("told {told} of {name}: {rule} ({})", standing.says.iter().take(3).cloned().collect::<Vec<_>>().join("; "));
    let event = Event::new(Kind::AlertRaised, sentence);
    let event = match whose.organization {
        Some(organization) => event.about("organization", organization.0, name.as_str()).at(organization),
        None => event,
    };
    activity::store::record(tx, &clock.actor(whose.partner), &event).map(drop)
}
