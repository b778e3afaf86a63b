//! The page Create New Organization (ORG-2).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::mail;
use crate::mail::model::{OpenedBy, Wrote};
use crate::organizations::new_actions::{self as actions, Created};
use crate::organizations::new_model::{NewEntry, SignInLetter, Wanted};
use crate::organizations::new_views::{self as views, HERE, NewPage};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::subscriptions::model::EnteredPlan;
use crate::users;

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);

/// The page's address.
pub const ROUTES: &[Route] = &[Route::get(HERE, MANAGERS, show), Route::post(HERE, MANAGERS, save)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let choices = cx.read(|db| actions::choices(db, &by))?;
    draw(cx, &NewEntry::blank(&choices), &Problem::default())
}

fn draw(cx: &Cx<'_>, entry: &NewEntry, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let choices = cx.read(|db| actions::choices(db, &by))?;
    let page = NewPage { entry, choices: &choices, errors: &problem.fields, summary: problem.summary(), form_id: cx.form_id()? };
    let sheet = Sheet {
        title: "Create New Organization",
        crumbs: vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned())],
        ..Sheet::default()
    };
    cx.page(sheet, &views::page(&page))
}

fn entered(cx: &Cx<'_>) -> NewEntry {
    let field = |name: &str| cx.form.get(name).to_owned();
    NewEntry {
        first_name: field("first_name"),
        last_name: field("last_name"),
        email: field("email"),
        country: field("country"),
        partner: field("partner"),
        plan: EnteredPlan { plan: field("plan"), auto_license: cx.form.ticked("auto_license"), seats: field("seats") },
        name: field("name"),
        send_sign_in: cx.form.ticked("send_sign_in"),
    }
}

/// Saves; or, for who has no scripts, draws the page anew with what follows from what was chosen, and loses nothing.
fn save(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let mut entry = entered(cx);
    let choices = cx.read(|db| actions::choices(db, &by))?;
    if cx.form.ticked("redraw") {
        entry.follow_partner(cx.form.get("drawn_for"), &choices);
        return draw(cx, &entry, &Problem::default());
    }
    cx.submit(
        |tx| {
            let wanted = entry.parse(&choices)?;
            let created = actions::create(tx, &by, &wanted)?;
            if wanted.sign_in == SignInLetter::Send {
                users::actions::send_sign_in(tx, &by, created.id)?;
            }
            said(cx, tx, &wanted, &created)
        },
        |problem| draw(cx, &entry, problem),
    )
}

/// What was done, and what to do next; the outbox where this manager may open the letter (PAR-1).
fn said(cx: &Cx<'_>, tx: &Tx<'_>, wanted: &Wanted, created: &Created) -> Result<Done> {
    let name = created.name.as_str();
    let opens = wanted.partner == cx.manager()?.scope().viewer() && cx.may(Right::RunPortal);
    let letter = wanted.sign_in == SignInLetter::Send;
    let sentence = if letter {
        let held = if mail::delivery_actions::holds(tx, &cx.portal.world.transport)? {
            Wrote::One.held(if opens { OpenedBy::Oneself } else { OpenedBy::Others })
        } else {
            ""
        };
        let (first, last) = (wanted.first_name.as_str(), wanted.last_name.as_str());
        format!("Created {name}. The sign-in letter to {first} {last} is written; its link works for seven days.{held}")
    } else {
        format!("Created {name}. Link its SaaS Protection services and add its users next.")
    };
    let done = Done::said(format!("/organizations/{}", created.id), sentence).then("Manage Organizations", "/organizations");
    Ok(if letter && opens { done.then("Outbox", "/outbox") } else { done })
}
