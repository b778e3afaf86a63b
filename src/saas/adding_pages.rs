//! Add SaaS Protection Organization (SAS-6): four pages that carry what was typed in their address, and one step at their end.

use std::fmt::Write as _;

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::accounts::person_views;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::month::Month;
use crate::mail;
use crate::mail::model::{OpenedBy, Wrote};
use crate::organizations;
use crate::organizations::list_model::{Filter, Turn};
use crate::organizations::model::Organization;
use crate::page::{Cx, Done, Problem, Route, Sheet, problem};
use crate::saas::adding_actions::{self as actions, Added};
use crate::saas::adding_model::{Entry, Place, Step};
use crate::saas::adding_views::{self as views, Ending, HERE, Wizard};
use crate::saas::terms_store;
use crate::subscriptions::price_store;

const CHANGES: Access = Access::Employee(Right::ChangeSaas);

/// The pages' address.
pub const ROUTES: &[Route] = &[Route::get(HERE, CHANGES, show), Route::post(HERE, CHANGES, add)];

/// Organizations to choose from at once.
const CHOICES: usize = 8;
/// Longest search, in characters.
const WORDS: usize = 120;

/// A value that travels from page to page: in the address, or in the form once a person was typed, who belongs in no address.
fn value(cx: &Cx<'_>, name: &str) -> String {
    match cx.form.get(name) {
        "" => cx.query(name),
        sent => sent.to_owned(),
    }
}

/// The page asked for, or the first one before it that something is wrong with.
fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let entry = Entry::read(|name| value(cx, name));
    let wanted = Step::from_word(&value(cx, "step")).unwrap_or(Step::Organization);
    for step in Step::ALL.iter().take_while(|step| step.number() < wanted.number()) {
        let found = problem_of(cx, &by, &entry, *step)?;
        if found.any() {
            // A page that nobody was on yet is empty, not wrong.
            let seen = Step::from_word(&value(cx, "from")).is_some_and(|from| step.number() <= from.number());
            return draw(cx, &entry, *step, &if seen { found } else { Problem::default() });
        }
    }
    draw(cx, &entry, wanted, &Problem::default())
}

/// What is wrong with one page: its own fields, and what they meet here.
fn problem_of(cx: &Cx<'_>, by: &Manager, entry: &Entry, step: Step) -> Result<Problem> {
    let checked = entry.check(step).and_then(|()| cx.read(|db| meets(db, by, entry, step)));
    match checked {
        Ok(()) => Ok(Problem::default()),
        Err(error) => problem(error),
    }
}

fn meets(db: &impl Read, by: &Manager, entry: &Entry, step: Step) -> Result<()> {
    match (step, entry.place()) {
        (Step::Organization, Ok(Place::New(name))) => actions::check_name(db, by, &name),
        (Step::Organization, Ok(Place::Existing(_))) => match chosen(db, by, entry)? {
            Some(organization) => actions::check_active(&organization),
            None => Err(Error::field("organization", "Choose an organization of the list.")),
        },
        (Step::Service, _) => {
            let partner = chosen(db, by, entry)?.map_or(by.scope().viewer(), |organization| organization.partner);
            actions::check_domain(db, by, partner, &entry.service()?)
        }
        (Step::Organization | Step::Terms | Step::Management, _) => Ok(()),
    }
}

/// The organization that is chosen, if it is one that is here.
fn chosen(db: &impl Read, by: &Manager, entry: &Entry) -> Result<Option<Organization>> {
    let Ok(Place::Existing(id)) = entry.place() else { return Ok(None) };
    match organizations::store::find(db, by.scope(), id) {
        Ok(organization) => Ok(Some(organization)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn draw(cx: &Cx<'_>, entry: &Entry, step: Step, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let words: String = value(cx, "q").chars().take(WORDS).collect();
    let whose = match entry.place() {
        Ok(Place::New(name)) => name.as_str().to_owned(),
        _ => cx.read(|db| chosen(db, &by, entry))?.map(|organization| organization.name).unwrap_or_default(),
    };
    let hidden = cx.form_id()?;
    let wizard = Wizard { step, entry, summary: problem.summary(), errors: &problem.fields, words: &words, whose: &whose, hidden: &hidden };
    let content = match step {
        Step::Organization => {
            let (found, more) = cx.read(|db| offered(db, &by, entry, &words))?;
            views::organization(&wizard, &found, more)
        }
        Step::Service => views::service(&wizard),
        Step::Terms => {
            let fixed = cx.read(|db| match chosen(db, &by, entry)? {
                Some(organization) => terms_store::fixed(db, organization.id),
                None => Ok((None, None)),
            })?;
            views::terms(&wizard, fixed)
        }
        Step::Management => {
            let (organization, users, price) = cx.read(|db| {
                let organization = chosen(db, &by, entry)?;
                let users = match &organization {
                    Some(organization) => actions::candidates(db, &by, organization.id)?,
                    None => Vec::new(),
                };
                let price = match organization.as_ref().map(|one| (one.partner, one.subscription.plan)) {
                    Some((partner, Some(plan))) => {
                        price_store::valid(db, partner, Month::of(cx.times().now))?.and_then(|list| list.shown(plan, 1))
                    }
                    Some((_, None)) | None => None,
                };
                Ok((organization, users, price))
            })?;
            let person = person_views::fields(&entry.person, &problem.fields, None);
            let ending = Ending { organization: organization.as_ref(), price, users: &users, person };
            views::management(&wizard, &ending)
        }
    };
    let sheet = Sheet {
        title: "Add SaaS Protection Organization",
        crumbs: vec![("Status", String::new()), ("SaaS Protection Status", "/status/saas".to_owned())],
        ..Sheet::default()
    };
    cx.dialog(sheet, Some(html! { "Nothing is stored before the last page." }), &content)
}

/// Active organizations that hold the words, first the chosen one and one that has the name typed for a new one; whether there are more.
fn offered(db: &impl Read, by: &Manager, entry: &Entry, words: &str) -> Result<(Vec<Organization>, bool)> {
    let filter = Filter::from(|name| if name == "q" { words.to_owned() } else { String::new() });
    let rows = organizations::list_store::part(db, by.scope(), &filter, Turn::First)?.rows;
    let more = CHOICES < rows.len();
    let mut found: Vec<Organization> = chosen(db, by, entry)?.into_iter().collect();
    if let Ok(Place::New(name)) = entry.place()
        && let Some(known) = actions::of_name(db, by, &name)?
    {
        found.push(known);
    }
    for row in rows.into_iter().take(CHOICES) {
        if found.iter().all(|chosen| chosen.id != row.id) {
            found.push(organizations::store::find(db, by.scope(), row.id)?);
        }
    }
    Ok((found, more))
}

/// All of it in one transaction. What is wrong is shown on its own page.
fn add(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    if !cx.form.get("step").is_empty() {
        return show(cx);
    }
    let entry = Entry::read(|name| cx.form.get(name).to_owned());
    cx.submit(
        |tx| {
            let added = actions::add(tx, &by, &entry.parse()?)?;
            Ok(said(cx, &by, &added, mail::delivery_actions::holds(tx, &cx.portal.world.transport)?))
        },
        |problem| draw(cx, &entry, page_of(problem), problem),
    )
}

/// The first page that a problem is on; the last one for what belongs to none.
fn page_of(problem: &Problem) -> Step {
    let of = |field: &str| match field {
        "organization" | "name" => Step::Organization,
        "product" | "region" | "domain" => Step::Service,
        "commitment" | "retention" | "auto_add" | "licence_cap" => Step::Terms,
        _ => Step::Management,
    };
    problem.fields.0.iter().map(|(field, _)| of(field)).min().unwrap_or(Step::Management)
}

fn said(cx: &Cx<'_>, by: &Manager, added: &Added, holds: bool) -> Done {
    let account = &added.account;
    let what = format!("Added {} of {} for {}.", account.product.shown(), account.domain, account.title());
    let next = match &added.asked {
        Some(name) => format!("{name} is asked by a letter to authorize it."),
        None => "It is pending until it is authorized.".to_owned(),
    };
    let mut sentence = format!("{what} {next}");
    if let (true, Some(name)) = (added.known, &added.asked) {
        let _ = write!(
            sentence,
            " {name} signs in with this e-mail elsewhere already: with the same password, and a choice of where after it."
        );
    }
    let opens = account.partner == by.scope().viewer() && cx.may(Right::RunPortal);
    if added.asked.is_some() && holds {
        sentence.push_str(Wrote::One.held(if opens { OpenedBy::Oneself } else { OpenedBy::Others }));
    }
    let done =
        Done::said(format!("/saas/{}", account.id), sentence).then("Open organization", format!("/organizations/{}", added.organization));
    if added.asked.is_some() && opens { done.then("Outbox", "/outbox") } else { done }
}
