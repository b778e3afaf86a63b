//! Status → Device Tasks: the list, and the same as CSV.

use crate::access::model::Access;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::devices;
use crate::kernel::csv::Csv;
use crate::kernel::error::Result;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::http::Response;
use crate::kernel::ids::DeviceId;
use crate::kernel::time::Timestamp;
use crate::page::{Cx, Route, Sheet};
use crate::tasks::list_model::{PER_PAGE, Query, Sort, Which};
use crate::tasks::list_store;
use crate::tasks::list_views::{self as views, ListPage};
use crate::tasks::model::{Stamp, State, Task};

/// The pages' addresses.
pub const ROUTES: &[Route] =
    &[Route::get("/tasks", Access::DeviceViewer, list), Route::post("/tasks/export", Access::DeviceViewer, export)];

/// Longest search, in characters.
const WORDS: usize = 120;

fn list(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let query = asked(|name| cx.query(name))?;
    let (count, counts, device) = cx.read(|db| {
        let device = query.device.map(|device| devices::store::find(db, by.scope(), device)).transpose()?;
        let tab = |which| list_store::count(db, by.scope(), &Query::all(which, query.device));
        Ok((list_store::count(db, by.scope(), &query)?, (tab(Which::Open)?, tab(Which::Over)?), device))
    })?;
    let number = page_of(cx, count);
    let tasks = cx.read(|db| list_store::list(db, by.scope(), &query, (number - 1) * PER_PAGE, PER_PAGE))?;
    let page = ListPage {
        query: &query,
        tasks: &tasks,
        count,
        number,
        counts,
        device: device.as_ref().map(devices::model::Device::name),
        several: by.scope().only().is_none(),
        times: &cx.times(),
    };
    let plus = Some(Icon::Plus);
    let add = match (&device, by.user()) {
        (Some(device), _) => {
            let href = format!("/devices/{}/tasks/new", device.id);
            Some(form::dialog_link("Add device task", &href, ButtonKind::Primary, plus, None))
        }
        // A page of its own: the form comes when a device is chosen there.
        (None, Some(_)) => Some(form::link_button("Add device task", "/tasks/new", ButtonKind::Primary, plus)),
        (None, None) => None,
    };
    let hidden = cx.form_id()?;
    let actions = maud::html! {
        (views::export(&hidden, &query))
        @if let Some(add) = &add { (add) }
    };
    let sheet = Sheet {
        title: "Device Tasks",
        crumbs: vec![("Status", String::new())],
        actions: Some(actions),
        wide: by.scope().only().is_none(),
        ..Sheet::default()
    };
    cx.page(sheet, &page)
}

/// The page that the address asks for, from 1: the last one where there are fewer.
pub fn page_of(cx: &Cx<'_>, count: i64) -> i64 {
    let last = count.max(1).saturating_sub(1).div_euclid(PER_PAGE) + 1;
    cx.query("page").parse().unwrap_or(1).clamp(1, last)
}

/// What an address or the export's form asks for; what it does not say, or says wrongly, is the default. A device that is none is not found.
fn asked(get: impl Fn(&str) -> String) -> Result<Query> {
    let which = if get("show") == "over" { Which::Over } else { Which::Open };
    let device: Option<DeviceId> = match get("device").as_str() {
        "" => None,
        id => Some(id.parse()?),
    };
    Ok(Query {
        which,
        words: get("q").chars().take(WORDS).collect(),
        state: State::from_word(&get("state")).filter(|state| which.states().any(|one| one == *state)),
        device,
        sort: Sort::from_word(&get("sort")).unwrap_or(Sort::Place),
        descending: get("order") == "desc",
    })
}

/// ALL-2: the whole filtered list, in the order shown.
fn export(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let query = asked(|name| cx.form.get(name).to_owned())?;
    cx.read(|db| query.device.map(|device| devices::store::find(db, by.scope(), device)).transpose())?;
    let event = Event::new(Kind::Exported, "exported Device Tasks");
    let event = match by.scope().only() {
        Some(organization) => event.at(organization),
        None => event,
    };
    cx.portal.db.write(|tx| activity::store::record(tx, by.actor(), &event))?;
    let tasks = cx.read(|db| list_store::list(db, by.scope(), &query, 0, i64::MAX))?;
    let mut csv = Csv::new(&HEAD);
    for task in &tasks {
        csv.row(cells(task).iter().map(String::as_str));
    }
    Response::file("device-tasks.csv", "text/csv; charset=utf-8", csv.into_bytes())
}

const HEAD: [&str; 19] = [
    "Organization",
    "Device",
    "Serial number",
    "Task",
    "Recovery point (UTC)",
    "Disaster recovery",
    "State",
    "Note",
    "Asked for by",
    "Asked (UTC)",
    "Support",
    "Approved by",
    "Approved (UTC)",
    "Taken by",
    "Taken (UTC)",
    "Progress",
    "Ended by",
    "Ended (UTC)",
    "Result",
];

fn cells(task: &Task) -> [String; 19] {
    let who = |stamp: &Option<Stamp>| stamp.as_ref().map(|stamp| stamp.by.clone()).unwrap_or_default();
    let when = |stamp: &Option<Stamp>| stamp.as_ref().map(|stamp| stamp.at.iso()).unwrap_or_default();
    let moment = |moment: Option<Timestamp>| moment.map(Timestamp::iso).unwrap_or_default();
    [
        task.organization.1.clone(),
        task.device.1.clone(),
        task.device.2.clone(),
        task.title(),
        moment(task.point.as_ref().map(|point| point.at)),
        if task.urgency.is_marked() { "yes" } else { "" }.to_owned(),
        task.state.shown().to_owned(),
        task.note.clone(),
        task.asked.by.clone(),
        task.asked.at.iso(),
        task.authorization.clone().unwrap_or_default(),
        who(&task.approved),
        when(&task.approved),
        who(&task.taken),
        when(&task.taken),
        task.progress.as_ref().map(|(said, _)| said.clone()).unwrap_or_default(),
        who(&task.ended),
        when(&task.ended),
        task.result.clone().unwrap_or_default(),
    ]
}
