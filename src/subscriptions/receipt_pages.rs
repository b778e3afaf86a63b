//! The receipt of a purge (SUB-11).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::page::{Cx, Route, Sheet};
use crate::subscriptions::{receipt_store as store, receipt_views as views};

/// The receipt's address, under the ID of the organization that is no more.
pub const ROUTES: &[Route] = &[Route::get("/receipts/{organization}", Access::Employee(Right::ManageOrganizations), show)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let receipt = cx.read(|db| store::find(db, by.scope(), id))?;
    let title = format!("Receipt: {}", receipt.name);
    let crumbs = vec![
        ("Admin", String::new()),
        ("Manage Organizations", "/organizations".to_owned()),
        ("Deleted", "/organizations?tab=deleted".to_owned()),
    ];
    cx.page(Sheet { title: &title, crumbs, ..Sheet::default() }, &views::receipt(&receipt, &cx.times()))
}
