//! `/v1/bcdr/device…`: devices, what they protect, what they raise alarm about and what runs on them, for scripts.

use crate::access::roles_model::Right;
use crate::devices::report_model::{AssetKind, AssetReport};
use crate::devices::served_model::{Alert, Asked, Asset, BcdrDevice, VmRestore};
use crate::devices::{assets_store, parts_store, served_store};
use crate::kernel::db::Reader;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::DeviceId;
use crate::kernel::json::{self, Paging};
use crate::page::{Cx, Route};

/// The routes. What is fixed in a path stands before what is not.
pub const ROUTES: &[Route] = &[
    Route::read("/v1/bcdr/device", Right::SeeDevices, devices),
    Route::read("/v1/bcdr/device/{serialNumber}", Right::SeeDevices, device),
    Route::read("/v1/bcdr/device/{serialNumber}/asset", Right::SeeDevices, assets),
    Route::read("/v1/bcdr/device/{serialNumber}/asset/agent", Right::SeeDevices, agents),
    Route::read("/v1/bcdr/device/{serialNumber}/asset/share", Right::SeeDevices, shares),
    Route::read("/v1/bcdr/device/{serialNumber}/asset/{volume}", Right::SeeDevices, asset),
    Route::read("/v1/bcdr/device/{serialNumber}/alert", Right::SeeDevices, alerts),
    Route::read("/v1/bcdr/device/{serialNumber}/vm-restores", Right::SeeDevices, restores),
];

/// Items on a page.
const PER_PAGE: i64 = 100;

fn devices(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.script()?.scope();
    let paging = Paging::read(cx.request, PER_PAGE)?;
    let wanted = |name: &str| Ok::<_, crate::kernel::error::Error>(json::number(cx.request, &[name], 1, (0, 1))? == 1);
    let asked = Asked { hidden: wanted("showHiddenDevices")?, children: wanted("showChildResellerDevices")? };
    let (found, count) = cx.read(|db| served_store::page(db, &scope, asked, (paging.skipped(), paging.per_page)))?;
    json::answer(&paging.envelope(found.into_iter().map(BcdrDevice::of).collect(), count))
}

fn device(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.script()?.scope();
    let serial = cx.param_text("serialNumber")?;
    json::answer(&BcdrDevice::of(cx.read(|db| served_store::find(db, &scope, serial))?))
}

/// What `read` finds of the path's device.
fn of_device<T>(cx: &Cx<'_>, read: impl FnOnce(&Reader<'_>, DeviceId) -> Result<T>) -> Result<T> {
    let scope = cx.script()?.scope();
    let serial = cx.param_text("serialNumber")?;
    cx.read(|db| read(db, served_store::find(db, &scope, serial)?.device.id))
}

fn reports(cx: &Cx<'_>) -> Result<impl Iterator<Item = AssetReport>> {
    Ok(of_device(cx, |db, device| assets_store::of_device(db, device))?.into_iter().map(|asset| asset.report))
}

fn assets(cx: &Cx<'_>) -> Result<Response> {
    json::answer(&reports(cx)?.map(Asset::of).collect::<Vec<_>>())
}

fn asset(cx: &Cx<'_>) -> Result<Response> {
    let volume = cx.param_text("volume")?;
    json::answer(&reports(cx)?.filter(|asset| asset.volume.eq_ignore_ascii_case(volume)).map(Asset::of).collect::<Vec<_>>())
}

fn agents(cx: &Cx<'_>) -> Result<Response> {
    of_kind(cx, AssetKind::Agent)
}

fn shares(cx: &Cx<'_>) -> Result<Response> {
    of_kind(cx, AssetKind::Share)
}

fn of_kind(cx: &Cx<'_>, kind: AssetKind) -> Result<Response> {
    let paging = Paging::read(cx.request, PER_PAGE)?;
    answer_page(paging, reports(cx)?.filter(|asset| asset.kind == kind).map(Asset::of).collect())
}

fn alerts(cx: &Cx<'_>) -> Result<Response> {
    let paging = Paging::read(cx.request, PER_PAGE)?;
    answer_page(paging, of_device(cx, |db, device| parts_store::alerts(db, device))?.into_iter().map(Alert::of).collect())
}

fn restores(cx: &Cx<'_>) -> Result<Response> {
    json::answer(&of_device(cx, |db, device| parts_store::restores(db, device))?.into_iter().map(VmRestore::of).collect::<Vec<_>>())
}

/// The asked page of a list that is short enough to be at hand whole.
fn answer_page<T: serde::Serialize>(paging: Paging, all: Vec<T>) -> Result<Response> {
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let number = |count: i64| usize::try_from(count).unwrap_or(usize::MAX);
    let items = all.into_iter().skip(number(paging.skipped())).take(number(paging.per_page)).collect();
    json::answer(&paging.envelope(items, count))
}
