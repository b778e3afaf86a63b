//! A device's page.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::devices::{assets_store, page_views, store};
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::DeviceId;
use crate::page::{Cx, Route, Sheet};

const MANAGE: Access = Access::Employee(Right::ManageOrganizations);

/// The slice's addresses.
pub const ROUTES: &[Route] = &[Route::get("/devices/{device}", MANAGE, show)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: DeviceId = cx.param("device")?;
    let (device, assets) = cx.read(|db| {
        let device = store::find(db, by.scope(), id)?;
        let assets = assets_store::of_device(db, id)?;
        Ok((device, assets.into_iter().map(|asset| asset.report).collect::<Vec<_>>()))
    })?;
    let crumbs = vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned())];
    let (times, aside) = (cx.times(), html! { span { (device.facts()) } });
    let sheet =
        Sheet { title: device.name(), crumbs, aside: Some(aside), actions: Some(page_views::device_web(&device)), ..Sheet::default() };
    cx.page(sheet, &page_views::page(&page_views::Page { device: &device, assets: &assets, times: &times }))
}
