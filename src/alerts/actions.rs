//! Setting rules, and writing the letters of those that come true; in the caller's transaction.

use crate::access::model::Scope;
use crate::access::witness_model::{Clockwork, SignedIn};
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::alerts::letters::{self, Alert};
use crate::alerts::model::{Reader, Standing, Whose};
use crate::alerts::rules_model::{Setting, Side, changes};
use crate::alerts::store;
use crate::kernel::db::{Db, Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::kernel::time::Span;
use crate::mail;
use crate::mail::model::{Letter, LetterKind};
use crate::notifications;
use crate::notifications::model::Notice;
use crate::organizations;
use crate::partners;

/// All rules are looked at so often.
const EVERY: Span = Span::minutes(1);

/// An organization inside `scope`, with its name. Its own people have rules of their own (USR-8), everybody else the provider's.
pub fn find(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<(Whose, String)> {
    let found = organizations::store::find(db, scope, organization)?;
    let side = if scope.only().is_some() { Side::Client } else { Side::Provider };
    Ok((Whose { partner: found.partner, organization: Some(organization), side }, found.name))
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
    let whose = Whose { partner: by.person().partner, organization: None, side: Side::Provider };
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
/// as it is. Where a warning and its failure come true in the same look, nobody gets both letters.
pub fn settle(tx: &Tx<'_>, clock: &Clockwork, whose: Whose) -> Result<()> {
    let (due, over): (Vec<Standing>, Vec<Standing>) =
        store::standing(tx, whose, whose.partner)?.into_iter().filter(Standing::is_unsettled).partition(Standing::is_due);
    over.iter().try_for_each(|standing| store::lower(tx, whose, standing.setting.rule))?;
    for standing in &due {
        store::raise(tx, whose, standing.setting.rule)?;
        let rule = standing.setting.rule;
        let worse = due.iter().find(|other| other.setting.rule.warned_by() == Some(rule));
        let milder = due.iter().find(|other| rule.warned_by() == Some(other.setting.rule));
        tell(tx, *clock, whose, &Telling { standing, worse, milder })?;
    }
    Ok(())
}

/// A rule that has come true, and the other of its pair where that did at the same time.
struct Telling<'a> {
    standing: &'a Standing,
    /// Its failure, if it is a warning: who reads of that does not read of this.
    worse: Option<&'a Standing>,
    /// Its warning, if it is a failure: what only that says is said here.
    milder: Option<&'a Standing>,
}

impl Telling<'_> {
    /// What it says, and beneath it what is only warned of.
    fn says(&self) -> Vec<String> {
        let warned = self.milder.map_or(&[][..], |milder| &milder.says).iter().filter(|line| !self.standing.says.contains(line));
        let warned = warned.map(|line| format!("{line} (warning)"));
        self.standing.says.iter().cloned().chain(warned).collect()
    }

    /// Whom its letter goes to; nobody where the partner has switched such letters off (NOT-1).
    fn readers(&self, tx: &Tx<'_>, whose: Whose) -> Result<Vec<Reader>> {
        if !notifications::store::is_wanted(tx, whose.partner, Notice::AlertRaised)? {
            return Ok(Vec::new());
        }
        let of = |standing: &Standing| store::readers(tx, whose, standing.setting.to, standing.setting.rule);
        let told_worse = self.worse.map(of).transpose()?.unwrap_or_default();
        let mut readers = of(self.standing)?;
        readers.retain(|reader| !told_worse.iter().any(|other| other.account == reader.account));
        Ok(readers)
    }
}

/// Writes to whom it may concern, and says so in the log.
fn tell(tx: &Tx<'_>, clock: Clockwork, whose: Whose, telling: &Telling<'_>) -> Result<()> {
    let partner = partners::store::signature(tx, whose.partner)?;
    let (name, path) = match whose.organization {
        Some(organization) => (find(tx, &Scope::all(whose.partner), organization)?.1, format!("/alerts/{organization}")),
        None => (partner.name.clone(), "/alerts".to_owned()),
    };
    let (rule, says, readers) = (telling.standing.setting.sentence(), telling.says(), telling.readers(tx, whose)?);
    for reader in &readers {
        let content =
            letters::alert(Alert { name: &reader.name, partner: &partner.name, about: &name, rule: &rule, says: &says, path: &path });
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
    let told = match i64::try_from(readers.len()).unwrap_or(i64::MAX) {
        0 => "nobody".to_owned(),
        count => text::counted(count, "person", "people"),
    };
    let sentence = format!("told {told} of {name}: {rule} ({})", says.iter().take(3).cloned().collect::<Vec<_>>().join("; "));
    let event = Event::new(Kind::AlertRaised, sentence);
    let event = match whose.organization {
        Some(organization) => event.about("organization", organization.0, name.as_str()).at(organization),
        None => event,
    };
    activity::store::record(tx, &clock.actor(whose.partner), &event).map(drop)
}
