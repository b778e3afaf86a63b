//! Suspending, unsubscribing and reactivating an organization, each behind a dialog that says what it does (SUB-6).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::organizations;
use crate::page::{Cx, Done, Route, Sheet};
use crate::subscriptions::life_model::{Operation, after};
use crate::subscriptions::life_views::{self as views, StepDialog};
use crate::subscriptions::model::State;
use crate::subscriptions::{life_actions as actions, life_store as store};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);

/// The dialogs' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/organizations/{organization}/suspension", MANAGERS, |cx| show(cx, Operation::Suspend)),
    Route::post("/organizations/{organization}/suspension", MANAGERS, |cx| change(cx, Operation::Suspend)),
    Route::get("/organizations/{organization}/unsubscription", MANAGERS, |cx| show(cx, Operation::Unsubscribe)),
    Route::post("/organizations/{organization}/unsubscription", MANAGERS, |cx| change(cx, Operation::Unsubscribe)),
    Route::get("/organizations/{organization}/reactivation", MANAGERS, |cx| show(cx, Operation::Reactivate)),
    Route::post("/organizations/{organization}/reactivation", MANAGERS, |cx| change(cx, Operation::Reactivate)),
];

fn show(cx: &Cx<'_>, operation: Operation) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let (organization, reached) = cx.read(|db| Ok((organizations::store::find(db, by.scope(), id)?, store::reached(db, id)?)))?;
    let times = cx.times();
    let content = match after(organization.subscription.state_at(times.now), operation) {
        Err(refusal) => views::refused(&refusal.sentence(&organization.name), id),
        Ok(_) => views::step(&StepDialog {
            organization: id,
            name: &organization.name,
            subscription: &organization.subscription,
            operation,
            reached: &reached,
            times: &times,
            form_id: cx.form_id()?,
        }),
    };
    let title = format!("{} {}", operation.shown(), organization.name);
    let crumbs = vec![
        ("Admin", String::new()),
        ("Manage Organizations", "/organizations".to_owned()),
        (organization.name.as_str(), format!("/organizations/{id}")),
    ];
    cx.dialog(Sheet { title: &title, crumbs, ..Sheet::default() }, None, &content)
}

fn change(cx: &Cx<'_>, operation: Operation) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let found = cx.read(|db| store::find(db, by.scope(), id))?;
    let page = format!("/organizations/{id}");
    // What is over has no page any more.
    let over = found.subscription.state_at(cx.times().now) == State::Deleted;
    let back = if over { "/organizations?tab=deleted" } else { &page };
    cx.press(back, |tx| {
        let changed = actions::change(tx, &by, id, operation)?;
        Ok(Done::said(&page, views::told(&changed, &cx.times().zone)))
    })
}
