//! **Offsite audit** of a device.

use crate::access::model::Access;
use crate::audits::actions::{self, Made};
use crate::audits::store;
use crate::audits::views::{self, DevicePage};
use crate::devices;
use crate::kernel::error::Result;
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::kernel::ids::{AuditId, DeviceId};
use crate::page::{Cx, Done, Route, Sheet};
use crate::tasks::actions::askable;
use crate::tasks::launchpad_views::through_status;

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/audits", Access::DeviceViewer, choose_device),
    Route::get("/devices/{device}/audits", Access::DeviceViewer, of_device),
    Route::post("/devices/{device}/audits", Access::DeviceViewer, make),
    Route::get("/audits/{audit}", Access::DeviceViewer, show),
];

fn choose_device(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let devices = cx.read(|db| by.scope().only().map(|organization| devices::store::linked(db, by.scope(), organization)).transpose())?;
    let sheet = Sheet { title: "Offsite audit", crumbs: vec![("Status", String::new())], ..Sheet::default() };
    let content = match &devices {
        Some(devices) => views::choose_device(devices),
        // Employees come to it from a device.
        None => through_status("An audit is made of a device, and kept with it."),
    };
    cx.page(sheet, &parts::card("devices", "Of which device?", None, None, content))
}

fn of_device(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, DeviceId) = (cx.device_asker()?, cx.param("device")?);
    let times = cx.times();
    let ((device, verdict), audits, today) = cx.read(|db| {
        let (device, verdict) = askable(db, &by, id)?;
        let today = match &verdict {
            Ok(organization) => store::of_day(db, id, *organization, times.now.utc_day())?.is_some(),
            Err(_) => false,
        };
        Ok(((device, verdict), store::of_device(db, by.scope(), id)?, today))
    })?;
    let page = DevicePage {
        device: &device,
        audits: &audits,
        made_today: today,
        refusal: verdict.as_ref().err().map(String::as_str),
        form_id: cx.form_id()?,
        times: &times,
    };
    let title = format!("Offsite audit of {}", device.name());
    let crumbs =
        vec![("Status", String::new()), ("Device Status", "/status/devices".to_owned()), (device.name(), format!("/status/devices/{id}"))];
    cx.page(Sheet { title: &title, crumbs, ..Sheet::default() }, &views::device(&page))
}

fn make(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, DeviceId) = (cx.device_asker()?, cx.param("device")?);
    cx.read(|db| devices::store::find(db, by.scope(), id))?;
    cx.press(&format!("/devices/{id}/audits"), |tx| {
        let (audit, made) = actions::make(tx, &by, id)?;
        let said = match made {
            Made::Now => "The audit is made, and kept as it is.",
            Made::Earlier => "An audit was made today already: this one. The next can be made tomorrow (UTC).",
        };
        Ok(Done::said(format!("/audits/{audit}"), said))
    })
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, AuditId) = (cx.device_asker()?, cx.param("audit")?);
    let audit = cx.read(|db| store::find(db, by.scope(), id))?;
    let times = cx.times();
    let title = format!("Offsite audit of {}", audit.device_name());
    let crumbs = vec![("Status", String::new()), ("Offsite audits of the device", format!("/devices/{}/audits", audit.device.0))];
    cx.page(Sheet { title: &title, crumbs, ..Sheet::default() }, &views::audit(&audit, &times))
}
