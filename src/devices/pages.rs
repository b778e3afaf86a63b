//! A device's page: for who sees devices (EMP-3, USR-8), and to be linked and unlinked by who manages organizations.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::devices::{assets_store, page_views, store};
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::DeviceId;
use crate::page::{Cx, Route, Sheet};

/// The slice's addresses.
pub const ROUTES: &[Route] = &[Route::get("/devices/{device}", Access::DeviceViewer, show)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let id: DeviceId = cx.param("device")?;
    let (device, assets) = cx.read(|db| {
        let device = store::find(db, by.scope(), id)?;
        let assets = assets_store::of_device(db, id)?;
        Ok((device, assets.into_iter().map(|asset| asset.report).collect::<Vec<_>>()))
    })?;
    // Who manages organizations comes from one of them, anybody else from the status.
    let manages = cx.may(Right::ManageOrganizations);
    let crumbs = if manages {
        vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned())]
    } else {
        vec![("Status", String::new()), ("Device Status", "/status/devices".to_owned())]
    };
    let (times, aside) = (cx.times(), html! { span { (device.facts()) } });
    let sheet =
        Sheet { title: device.name(), crumbs, aside: Some(aside), actions: Some(page_views::device_web(&device)), ..Sheet::default() };
    cx.page(sheet, &page_views::page(&page_views::Page { device: &device, assets: &assets, manages, times: &times }))
}
