//! A device's page, and the dialogs that link devices to an organization and unlink them.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::devices::model::{Device, filled_in};
use crate::devices::views::{self, LinkDialog, Nothing};
use crate::devices::{actions, assets_store, page_views, store};
use crate::kernel::db::Reader;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{DeviceId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::organizations;
use crate::page::{Cx, Done, Problem, Route, Sheet};

const MANAGE: Access = Access::Employee(Right::ManageOrganizations);

/// The slice's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/devices/{device}", MANAGE, show),
    Route::get("/organizations/{organization}/devices/link", MANAGE, link_dialog),
    Route::post("/organizations/{organization}/devices/link", MANAGE, link),
    Route::get("/organizations/{organization}/devices/{device}/unlink", MANAGE, unlink_dialog),
    Route::post("/organizations/{organization}/devices/{device}/unlink", MANAGE, unlink),
];

/// Devices in the dialog at once, and those chosen before.
const PICKS: usize = 50;
/// Linked devices named when no unlinked one is found.
const LINKED_ONES: usize = 3;
/// Longest search, in characters.
const WORDS: usize = 120;

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

fn link_dialog(cx: &Cx<'_>) -> Result<Response> {
    draw_link_dialog(cx, &Problem::default())
}

fn draw_link_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let words: String = cx.query("q").chars().take(WORDS).collect();
    let (organization, mut found, mut chosen, nothing) = cx.read(|db| {
        let organization = organizations::store::find(db, by.scope(), id)?;
        let found = store::unlinked(db, by.scope(), organization.partner, &words, PICKS + 1)?;
        let nothing = if found.is_empty() { Some(why_nothing(cx, db, &by, organization.partner, &words)?) } else { None };
        let chosen = chosen(cx, db, &by, organization.partner)?;
        Ok((organization, found, chosen, nothing))
    })?;
    if cx.query("fill") == "1"
        && let Some(device) = filled_in(&found, &words)
        && !chosen.iter().any(|known| known.id == device.id)
    {
        chosen.push(device.clone());
    }
    let more = found.len() > PICKS;
    found.truncate(PICKS);
    found.retain(|device| !chosen.iter().any(|known| known.id == device.id));
    let dialog = LinkDialog {
        organization: id,
        words: &words,
        chosen: &chosen,
        found: &found,
        nothing: nothing.as_ref(),
        more,
        hidden: html! { (cx.form_id()?) (problem.summary()) },
        times: &cx.times(),
    };
    let sheet = Sheet { title: "Add Devices", crumbs: crumbs(&organization.name, id), ..Sheet::default() };
    let intro = html! { "Choose the devices that are " (organization.name) "'s. Enter fills in the one that is found." };
    cx.dialog(sheet, Some(intro), &views::link_dialog(&dialog))
}

fn crumbs(name: &str, organization: OrganizationId) -> Vec<(&str, String)> {
    vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned()), (name, format!("/organizations/{organization}"))]
}

/// What was filled in or ticked before, in that order; what is linked meanwhile, or not of this partner, is left out.
fn chosen(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, partner: PartnerId) -> Result<Vec<Device>> {
    let asked = cx.request.params("device").chain(cx.form.all("device").map(str::to_owned)).filter_map(|text| text.parse().ok());
    let mut chosen: Vec<Device> = Vec::new();
    for id in asked.take(PICKS) {
        match store::find(db, by.scope(), id) {
            Ok(device) if device.partner == partner && device.organization.is_none() => {
                if !chosen.iter().any(|known| known.id == id) {
                    chosen.push(device);
                }
            }
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(chosen)
}

/// Why there is nothing to tick.
fn why_nothing(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, partner: PartnerId, words: &str) -> Result<Nothing> {
    if !store::any_device(db, by.scope(), partner)? {
        return Ok(Nothing::NoDevice { may_import: Access::Unlimited(Right::RunPortal).admits(cx.visitor) });
    }
    if words.trim().is_empty() {
        return Ok(Nothing::AllLinked);
    }
    Ok(Nothing::NotFound { linked: store::linked_like(db, by.scope(), partner, words, LINKED_ONES)? })
}

fn link(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let wanted = cx.form.all("device").map(str::parse).collect::<Result<Vec<DeviceId>>>()?;
    cx.submit(
        |tx| {
            let (devices, organization) = actions::link(tx, &by, id, &wanted)?;
            Ok(linked(&devices, &organization.name, id))
        },
        |problem| draw_link_dialog(cx, problem),
    )
}

fn linked(devices: &[Device], organization: &str, id: OrganizationId) -> Done {
    let count = text::counted(i64::try_from(devices.len()).unwrap_or(i64::MAX), "device", "devices");
    let back = format!("/organizations/{id}#devices");
    match devices {
        [only] => Done::said(back, format!("Linked {count} to {organization}: {}.", only.name()))
            .then("Add Devices", views::link_href(id))
            .then("Unlink", views::unlink_href(id, only.id)),
        _ => Done::said(back, format!("Linked {count} to {organization}.")).then("Add Devices", views::link_href(id)),
    }
}

fn unlink_dialog(cx: &Cx<'_>) -> Result<Response> {
    draw_unlink_dialog(cx, &Problem::default())
}

fn draw_unlink_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let (id, device): (OrganizationId, DeviceId) = (cx.param("organization")?, cx.param("device")?);
    let (organization, device) =
        cx.read(|db| Ok((organizations::store::find(db, by.scope(), id)?, store::find(db, by.scope(), device)?)))?;
    if !problem.any() && device.organization.as_ref().is_none_or(|(linked, _)| *linked != id) {
        return Err(Error::NotFound);
    }
    let title = format!("Unlink {}?", device.name());
    let sheet = Sheet { title: &title, crumbs: crumbs(&organization.name, id), ..Sheet::default() };
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    cx.dialog(sheet, None, &views::unlink_dialog((id, &organization.name), &device, &hidden))
}

fn unlink(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, device): (OrganizationId, DeviceId) = (cx.param("organization")?, cx.param("device")?);
    cx.submit(
        |tx| {
            let (device, organization) = actions::unlink(tx, &by, id, device)?;
            let sentence = format!("Unlinked {} from {}. The device and its backups stay.", device.name(), organization.name);
            Ok(Done::said(format!("/organizations/{id}#devices"), sentence).then("Add Devices", views::link_href(id)))
        },
        |problem| draw_unlink_dialog(cx, problem),
    )
}
