//! Alert settings (DEV-6): for employees every organization in sight and the whole partner, for an organization's users their own (USR-8).

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::alerts::model::Whose;
use crate::alerts::rules_model::{Entered, OF_PARTNER, Side, parse};
use crate::alerts::views::{self, HERE, Rules};
use crate::alerts::{actions, store};
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::page::{Cx, Done, Problem, Route, Sheet};

/// Who sets what the whole partner is told.
const FIRM: Access = Access::Unlimited(Right::RunPortal);
/// Longest search, in characters.
const WORDS: usize = 120;

/// The slice's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/alerts", Access::DeviceViewer, show),
    Route::post("/alerts", FIRM, save_for_partner),
    Route::get("/alerts/{organization}", Access::DeviceViewer, show_organization),
    Route::post("/alerts/{organization}", Access::DeviceViewer, save),
];

fn show(cx: &Cx<'_>) -> Result<Response> {
    match cx.person()?.scope().only() {
        Some(organization) => draw_organization(cx, organization, None, &Problem::default()),
        None => draw(cx, None, &Problem::default()),
    }
}

/// What the whole partner is told, and the organizations.
fn draw(cx: &Cx<'_>, entered: Option<&[Entered]>, problem: &Problem) -> Result<Response> {
    let person = cx.person()?;
    let words: String = cx.query("q").trim().chars().take(WORDS).collect();
    let firm = FIRM.admits(cx.visitor);
    let (listed, standing) = cx.read(|db| {
        let listed = store::organizations(db, &person.scope(), &words)?;
        let standing = if firm {
            store::standing(db, Whose { partner: person.partner, organization: None, side: Side::Provider }, person.partner)?
        } else {
            Vec::new()
        };
        Ok((listed, standing))
    })?;
    let saved: Vec<Entered> = standing.iter().map(|standing| Entered::of(&standing.setting)).collect();
    let rules = Rules {
        action: HERE,
        side: Side::Provider,
        standing: &standing,
        entered: entered.unwrap_or(&saved),
        problem: &problem.fields,
        hidden: html! { (problem.summary()) (cx.form_id()?) },
        times: &cx.times(),
    };
    let content = html! {
        div.stack {
            @if firm { (views::partner(&rules, OF_PARTNER)) }
            (views::organizations(&listed, &words))
        }
    };
    cx.page(Sheet { title: "Alert settings", crumbs: vec![("Status", String::new())], ..Sheet::default() }, &content)
}

fn show_organization(cx: &Cx<'_>) -> Result<Response> {
    draw_organization(cx, cx.param("organization")?, None, &Problem::default())
}

fn draw_organization(cx: &Cx<'_>, organization: OrganizationId, entered: Option<&[Entered]>, problem: &Problem) -> Result<Response> {
    let scope = cx.person()?.scope();
    let (side, name, standing) = cx.read(|db| {
        let (whose, name) = actions::find(db, &scope, organization)?;
        Ok((whose.side, name, store::standing(db, whose, scope.viewer())?))
    })?;
    let saved: Vec<Entered> = standing.iter().map(|standing| Entered::of(&standing.setting)).collect();
    let action = format!("{HERE}/{organization}");
    let rules = Rules {
        action: &action,
        side,
        standing: &standing,
        entered: entered.unwrap_or(&saved),
        problem: &problem.fields,
        hidden: html! { (problem.summary()) (cx.form_id()?) },
        times: &cx.times(),
    };
    let mut crumbs = vec![("Status", String::new())];
    if scope.only().is_none() {
        crumbs.push(("Alert settings", HERE.to_owned()));
    }
    let title = format!("Alert settings of {name}");
    cx.page(Sheet { title: &title, crumbs, ..Sheet::default() }, &views::organization(&rules, &name))
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let (by, organization): (_, OrganizationId) = (cx.signed_in()?, cx.param("organization")?);
    let whose = cx.read(|db| actions::find(db, &by.scope(), organization))?.0;
    let entered = entered(cx, whose)?;
    cx.submit(
        |tx| {
            let changed = actions::set(tx, &by, organization, &parse(&entered, whose.side)?)?;
            Ok(Done::said(format!("{HERE}/{organization}"), saved(changed)))
        },
        |problem| draw_organization(cx, organization, Some(&entered), problem),
    )
}

fn save_for_partner(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let entered = entered(cx, Whose { partner: by.person().partner, organization: None, side: Side::Provider })?;
    cx.submit(
        |tx| {
            let changed = actions::set_for_partner(tx, &by, &parse(&entered, Side::Provider)?)?;
            Ok(Done::said(HERE, saved(changed)))
        },
        |problem| draw(cx, Some(&entered), problem),
    )
}

const fn saved(changed: bool) -> &'static str {
    if changed { "The alert settings are saved." } else { "Nothing was changed." }
}

/// What the form says of each rule, in the order of the page.
fn entered(cx: &Cx<'_>, whose: Whose) -> Result<Vec<Entered>> {
    let rules = cx.read(|db| store::settings(db, whose))?;
    Ok(rules.iter().map(|setting| Entered::read(setting.rule, |name| cx.form.get(name).to_owned())).collect())
}
