//! The dialog of an organization's plan and seats.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::kernel::month::Month;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::subscriptions::model::EnteredPlan;
use crate::subscriptions::views::{self, PlanDialog};
use crate::subscriptions::{actions, price_store};
use crate::{organizations, saas};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);

/// The dialog's address.
pub const ROUTES: &[Route] = &[
    Route::get("/organizations/{organization}/plan", MANAGERS, show),
    Route::post("/organizations/{organization}/plan", MANAGERS, choose),
];

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, None)
}

fn draw(cx: &Cx<'_>, problem: Option<&Problem>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let month = Month::of(cx.times().now);
    let (organization, used, prices) = cx.read(|db| {
        let organization = organizations::store::find(db, by.scope(), id)?;
        let prices = price_store::valid(db, organization.partner, month)?;
        Ok((organization, saas::store::used_of(db, id)?, prices))
    })?;
    let fine = Problem::default();
    let now = EnteredPlan::of(&organization.subscription);
    let (entered, seen) = match problem {
        Some(_) => (entered(cx), cx.form.get("seen").to_owned()),
        None => (now.clone(), now.fingerprint()),
    };
    let problem = problem.unwrap_or(&fine);
    let dialog = PlanDialog {
        organization: id,
        chosen: organization.subscription.plan.is_some(),
        entered: &entered,
        seen: &seen,
        used,
        prices: prices.as_ref(),
        problem: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
    };
    let title = format!("Plan of {}", organization.name);
    let crumbs = vec![
        ("Admin", String::new()),
        ("Manage Organizations", "/organizations".to_owned()),
        (organization.name.as_str(), format!("/organizations/{id}")),
    ];
    cx.dialog(Sheet { title: &title, crumbs, ..Sheet::default() }, None, &views::plan_dialog(&dialog))
}

fn entered(cx: &Cx<'_>) -> EnteredPlan {
    EnteredPlan {
        plan: cx.form.get("plan").to_owned(),
        auto_license: !cx.form.get("auto_license").is_empty(),
        seats: cx.form.get("seats").to_owned(),
    }
}

fn choose(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    cx.read(|db| organizations::store::find(db, by.scope(), id))?;
    cx.submit(
        |tx| {
            let name = actions::choose(tx, &by, id, cx.form.get("seen"), &entered(cx))?;
            Ok(Done::said(format!("/organizations/{id}"), format!("Saved the plan of {name}.")))
        },
        |problem| draw(cx, Some(problem)),
    )
}
