//! Suspending and reactivating the ticked organizations of the list: what would become of each, then the change, then what became of each.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::frame::{Alert, Tone};
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::kernel::web;
use crate::organizations::bulk_views::{self as views, Fate, Listed};
use crate::page::{Cx, Done, Route, Sheet};
use crate::subscriptions::life_model::{Operation, after};
use crate::subscriptions::{life_actions, life_store};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);
const LIST: &str = "/organizations";
/// So many may be ticked at once.
const MOST: usize = 200;

/// The addresses of changes to several organizations.
pub const ROUTES: &[Route] = &[
    Route::post("/organizations/states/review", MANAGERS, review),
    Route::post("/organizations/states", MANAGERS, change),
    Route::get("/organizations/states", MANAGERS, result),
];

/// What can be done with several at once.
fn operation(word: &str) -> Option<Operation> {
    Operation::from_word(word).filter(|operation| matches!(operation, Operation::Suspend | Operation::Reactivate))
}

/// The organizations that a form or an address names, each once, in the order in which they stand there.
fn named<'a>(words: impl Iterator<Item = &'a str>) -> Vec<OrganizationId> {
    let mut met = BTreeSet::new();
    words.filter_map(|word| word.parse().ok()).filter(|id: &OrganizationId| met.insert(id.0)).take(MOST).collect()
}

/// What would become of each; nothing changes yet.
fn review(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let ids = named(cx.form.all("organization"));
    let Some(operation) = operation(cx.form.get("operation")).filter(|_| !ids.is_empty()) else {
        let text = "Tick the organizations to change, and choose what to do with them.".to_owned();
        return cx.see_other(&Done { location: LIST.to_owned(), alert: Some(Alert { tone: Tone::Bad, text, next: Vec::new() }) });
    };
    let listed = cx.read(|db| ids.iter().map(|id| foreseen(db, &by, *id, operation)).collect::<Result<Vec<_>>>())?;
    let title = views::heading(operation, &listed);
    dialog(cx, &title, &views::review(operation, &listed, &cx.form_id()?))
}

fn foreseen(db: &impl Read, by: &Manager, id: OrganizationId, operation: Operation) -> Result<Listed> {
    let found = match life_store::find(db, by.scope(), id) {
        Ok(found) => found,
        Err(Error::NotFound) => return Ok(Listed { id, name: id.shown(), fate: Fate::Stays(views::NOT_THERE.to_owned()) }),
        Err(error) => return Err(error),
    };
    let fate = match after(found.subscription.state_at(db.now()), operation) {
        Ok(_) => Fate::Changes(life_store::reached(db, id)?),
        Err(refusal) => Fate::Stays(refusal.sentence(&found.name)),
    };
    Ok(Listed { id, name: found.name, fate })
}

fn dialog(cx: &Cx<'_>, title: &str, content: &maud::Markup) -> Result<Response> {
    let crumbs = vec![("Admin", String::new()), ("Manage Organizations", LIST.to_owned())];
    cx.dialog(Sheet { title, crumbs, ..Sheet::default() }, None, content)
}

/// Takes the step with each that may take it, all in one transaction; the others are named with the reason. One that fails is taken back by
/// itself, and keeps the others from nothing.
fn change(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let ids = named(cx.form.all("organization"));
    let operation = operation(cx.form.get("operation"));
    cx.press(LIST, |tx| {
        let operation = operation.ok_or_else(|| Error::refused("Choose whether to suspend or to reactivate."))?;
        let (mut events, mut failed): (Vec<i64>, Vec<OrganizationId>) = (Vec::new(), Vec::new());
        for id in &ids {
            match tx.apart(|| life_actions::change(tx, &by, *id, operation))? {
                Ok(changed) => events.push(changed.event.0),
                // What is refused says why by itself.
                Err(Error::Refused(_) | Error::NotFound) => {}
                Err(Error::Conflict(_)) => failed.push(*id),
                Err(error) => {
                    eprintln!("a change of several organizations left {id} as it was: {error}");
                    failed.push(*id);
                }
            }
        }
        // In one transaction events follow on each other.
        let events_of = events.first().zip(events.last()).map(|(first, last)| format!("{first}-{last}")).unwrap_or_default();
        let about = [("operation", operation.word().to_owned()), ("events", events_of)];
        let each = |name: &'static str| move |id: &OrganizationId| (name, id.to_string());
        let pairs = about.into_iter().chain(failed.iter().map(each("failed"))).chain(ids.iter().map(each("organization")));
        let there = web::address(&format!("{LIST}/states"), pairs);
        let done = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let sentence = views::told(operation, done, i64::try_from(ids.len()).unwrap_or(i64::MAX));
        Ok(Done::said(there, sentence))
    })
}

/// What became of each, as the kept changes say.
fn result(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let operation = operation(&cx.query("operation")).unwrap_or(Operation::Suspend);
    let events = cx.query("events");
    let events = events.split_once('-').and_then(|(first, last)| Some(first.parse::<i64>().ok()?..=last.parse::<i64>().ok()?));
    let words: Vec<String> = cx.request.params("organization").collect();
    let ids = named(words.iter().map(String::as_str));
    let failed: Vec<String> = cx.request.params("failed").collect();
    let failed = named(failed.iter().map(String::as_str));
    let mut listed = cx.read(|db| ids.iter().map(|id| became(db, &by, *id, (operation, events.as_ref()))).collect::<Result<Vec<_>>>())?;
    // Only of what is as it was can it be said that it failed, and only to who sees it.
    for one in listed.iter_mut().filter(|one| failed.contains(&one.id)) {
        if matches!(&one.fate, Fate::Stays(sentence) if sentence != views::NOT_THERE) {
            one.fate = Fate::Stays(format!("{} could not be changed and was left as it was. Try it again on its own page.", one.name));
        }
    }
    let title = format!("{} organizations: what became of each", operation.shown());
    let crumbs = vec![("Admin", String::new()), ("Manage Organizations", LIST.to_owned())];
    cx.page(Sheet { title: &title, crumbs, ..Sheet::default() }, &views::result(operation, &listed))
}

fn became(
    db: &impl Read,
    by: &Manager,
    id: OrganizationId,
    (operation, events): (Operation, Option<&RangeInclusive<i64>>),
) -> Result<Listed> {
    let listed = foreseen(db, by, id, operation)?;
    let changed = life_store::changes(db, id)?
        .into_iter()
        .find(|change| events.is_some_and(|events| events.contains(&change.event.0)) && after(change.was, operation) == Ok(change.became));
    match (changed, &listed.fate) {
        // Who is not in sight is told nothing.
        (_, Fate::Stays(sentence)) if sentence == views::NOT_THERE => Ok(listed),
        (Some(_), _) => Ok(Listed { fate: Fate::Changes(life_store::reached(db, id)?), ..listed }),
        (None, Fate::Stays(_)) => Ok(listed),
        (None, Fate::Changes(_)) => Ok(Listed { fate: Fate::Stays(format!("{} was left as it was.", listed.name)), ..listed }),
    }
}
