//! Manage Organizations: the list and its export.

use std::collections::HashMap;

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::csv::Csv;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::time::Timestamp;
use crate::organizations::list_model::{Filter, Listed, Offered, Turn};
use crate::organizations::{list_store as store, list_views as views};
use crate::page::{Cx, Route, Sheet};
use crate::subscriptions::model::{Plan, State};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);

/// The list's routes.
pub const ROUTES: &[Route] = &[Route::get("/organizations", MANAGERS, list), Route::post("/organizations/export", MANAGERS, export)];

fn list(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let mut filter = Filter::from(|name| cx.query(name));
    let turn = match (cx.query("after").parse(), cx.query("before").parse()) {
        (Ok(id), _) => Turn::After(id),
        (_, Ok(id)) => Turn::Before(id),
        _ => Turn::First,
    };
    let (partners, counts, over, part) = cx.read(|db| {
        let partners = store::offered(db, by.scope())?;
        if !partners.iter().any(|partner| partner.public_id == filter.partner) {
            filter.partner.clear();
        }
        let over = if filter.tab == State::Deleted { store::over(db, by.scope(), &filter)? } else { 0 };
        Ok((partners, store::counts(db, by.scope(), &filter)?, over, store::part(db, by.scope(), &filter, turn)?))
    })?;
    let page = views::ListPage {
        viewer: by.scope().viewer(),
        filter: &filter,
        part: &part,
        counts: &counts,
        over,
        ticked: cx.fresh_form_id()?,
        counted_to: by.scope().member().map(|_| store::TAKEN),
        partners: &partners,
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: "Manage Organizations",
        crumbs: vec![("Admin", String::new())],
        aside: Some(html! { "Older guides call organizations clients." }),
        actions: Some(views::actions(&filter, &cx.fresh_form_id()?)),
        wide: true,
    };
    cx.page(sheet, &page)
}

/// The whole filtered list as a file; the event stands in the log before the first byte leaves (LOG-1).
fn export(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let filter = Filter::from(|name| cx.form.get(name).to_owned());
    let event = Event::new(Kind::Exported, format!("exported the list of {} organizations", filter.tab.shown().to_lowercase()));
    cx.portal.db.write(|tx| activity::store::record(tx, by.actor(), &event))?;
    let (partners, rows) = cx.read(|db| Ok((store::offered(db, by.scope())?, store::whole(db, by.scope(), &filter)?)))?;
    let csv = match filter.tab {
        State::Deleted => deleted_csv(&rows),
        State::Active | State::Suspended | State::Unsubscribed => csv(&rows, &partners, &filter),
    };
    Response::file("organizations.csv", "text/csv; charset=utf-8", csv.into_bytes())
}

fn csv(rows: &[Listed], partners: &[Offered], filter: &Filter) -> Csv {
    let partners: HashMap<_, _> = partners.iter().map(|offered| (offered.partner, offered.name.as_str())).collect();
    let mut columns =
        vec!["Name", "ID", "Partner", "Contact", "Contact e-mail", "Plan", "Seats used", "Seats bought", "Users", "Services", "State"];
    // SUB-3
    if filter.tab == State::Unsubscribed {
        columns.push("Ends");
    }
    let mut csv = Csv::new(&columns);
    for row in rows {
        let (id, bought) = (row.id.shown(), row.bought.shown().unwrap_or_default());
        let (seats, users, services) = (row.seats_used.to_string(), row.users.to_string(), row.services.to_string());
        let ends = row.ends.map(Timestamp::iso);
        let mut cells = vec![
            row.words.name(),
            &id,
            partners.get(&row.partner).copied().unwrap_or_default(),
            row.words.contact(),
            row.words.email(),
            row.plan.map(Plan::shown).unwrap_or_default(),
            &seats,
            &bought,
            &users,
            &services,
            row.state.shown(),
        ];
        cells.extend(ends.as_deref());
        csv.row(cells);
    }
    csv
}

fn deleted_csv(rows: &[Listed]) -> Csv {
    let mut csv = Csv::new(&["Name", "ID", "Created", "Deleted"]);
    for row in rows {
        let (id, created, deleted) = (row.id.shown(), row.created_at.iso(), row.deleted_at.map(Timestamp::iso).unwrap_or_default());
        csv.row([row.words.name(), &id, &created, &deleted]);
    }
    csv
}
