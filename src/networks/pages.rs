//! A network's page.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::NetworkId;
use crate::networks::{store, views};
use crate::page::{Cx, Route, Sheet};

const MANAGE: Access = Access::Employee(Right::ManageOrganizations);

/// The slice's addresses.
pub const ROUTES: &[Route] = &[Route::get("/networks/{network}", MANAGE, show)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: NetworkId = cx.param("network")?;
    let network = cx.read(|db| store::find(db, by.scope(), id))?;
    let crumbs = vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned())];
    cx.page(Sheet { title: &network.name, crumbs, ..Sheet::default() }, &views::page(&network, &cx.times()))
}
