//! Endpoint Backup Status, and an agent's page: for employees all in sight, for an organization's Endpoint Backup user just theirs.

use crate::access::model::{Access, Scope};
use crate::access::roles_model::Right;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::endpoints::model::{Agent, Standing};
use crate::endpoints::status_model::{PER_PAGE, Query, Sort};
use crate::endpoints::status_views::{self as views, ATTENTION, StatusPage};
use crate::endpoints::views::strip_words;
use crate::endpoints::{status_store, store};
use crate::kernel::csv::Csv;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{EndpointAgentId, OrganizationId};
use crate::kernel::time::Timestamp;
use crate::organizations;
use crate::page::{Cx, Route, Sheet};
use crate::restores;

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/status/endpoints", Access::EndpointViewer, status),
    Route::get("/status/endpoints/{endpoint_agent}", Access::EndpointViewer, agent),
    Route::post("/status/endpoints/export", Access::EndpointViewer, export),
];

/// Longest search, in characters.
const WORDS: usize = 120;
/// File restores on the page, those that wait first.
const RESTORES: usize = 20;
/// Nobody reads further.
const LAST_PAGE: i64 = 100_000;

fn status(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.restorer()?;
    let (query, state) = asked(|name| cx.query(name));
    let number = cx.query("page").parse().unwrap_or(1).clamp(1, LAST_PAGE);
    let (agents, count, tally, only, newest) = cx.read(|db| {
        let ranking = status_store::ranking(db, by.scope())?;
        let (tally, skipped) = (ranking.tally(), (number - 1) * PER_PAGE);
        let (count, agents) = if query.is_ranked() {
            let (count, shown) = ranking.page(&query, skipped, PER_PAGE);
            (count, status_store::in_full(db, by.scope(), &shown)?)
        } else {
            let agents = status_store::list(db, by.scope(), &query, skipped, PER_PAGE)?;
            let count = if query.finds_all() { tally.all() } else { status_store::count(db, by.scope(), &query)? };
            (count, agents)
        };
        let only = query.organization.map(|id| organization_name(db, by.scope(), id)).transpose()?;
        Ok((agents, count, tally, only, restores::store::newest(db, by.scope(), None, RESTORES)?))
    })?;
    let times = cx.times();
    let card = restores::views::Card { restores: &newest, organizations: by.scope().only().is_none(), closes: by.closes(), times: &times };
    let page = StatusPage {
        query: &query,
        state: &state,
        agents: &agents,
        count,
        number,
        tally: &tally,
        only: only.as_deref(),
        may_import: Access::Unlimited(Right::RunPortal).admits(cx.visitor),
        restores: restores::views::card(&card),
        times: &times,
    };
    let sheet = Sheet {
        title: "Endpoint Backup Status",
        crumbs: vec![("Status", String::new())],
        actions: Some(views::export(&cx.form_id()?, &query, &state)),
        wide: true,
        ..Sheet::default()
    };
    cx.page(sheet, &page)
}

/// The name of the organization that the table is narrowed to; of one out of sight nothing is said but that nothing is found.
fn organization_name(db: &impl Read, scope: &Scope, id: OrganizationId) -> Result<String> {
    match organizations::store::find(db, scope, id) {
        Ok(organization) => Ok(organization.name),
        Err(Error::NotFound) => Ok("an organization that is not here".to_owned()),
        Err(error) => Err(error),
    }
}

/// What an address or the export's form asks for; what it does not say, or says wrongly, is the default.
fn asked(get: impl Fn(&str) -> String) -> (Query, String) {
    let state = get("state");
    let states: Vec<Standing> = match state.as_str() {
        ATTENTION => Standing::ALL.iter().copied().filter(|standing| standing.needs_attention()).collect(),
        word => Standing::from_word(word).into_iter().collect(),
    };
    let query = Query {
        words: get("q").chars().take(WORDS).collect(),
        organization: get("organization").parse().ok(),
        sort: Sort::from_word(&get("sort")).unwrap_or(Sort::State),
        descending: get("order") == "desc",
        states,
    };
    let state = if query.states.is_empty() { String::new() } else { state };
    (query, state)
}

fn agent(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.restorer()?;
    let id: EndpointAgentId = cx.param("endpoint_agent")?;
    let (agent, datasets, newest) = cx.read(|db| {
        let agent = store::find(db, by.scope(), id)?;
        Ok((agent, store::datasets(db, id)?, restores::store::newest(db, by.scope(), Some(id), RESTORES)?))
    })?;
    let times = cx.times();
    let card = restores::views::Card { restores: &newest, organizations: false, closes: by.closes(), times: &times };
    let content = views::agent(&agent, &datasets, &restores::views::card(&card), &times);
    let sheet = Sheet {
        title: &agent.hostname,
        crumbs: vec![("Status", String::new()), ("Endpoint Backup Status", views::HERE.to_owned())],
        actions: Some(views::restore_button(&agent)),
        ..Sheet::default()
    };
    cx.page(sheet, &content)
}

/// ALL-2: the whole filtered list, in the order shown.
fn export(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.restorer()?;
    let (query, _) = asked(|name| cx.form.get(name).to_owned());
    let event = Event::new(Kind::Exported, "exported Endpoint Backup Status");
    let event = match by.scope().only() {
        Some(organization) => event.at(organization),
        None => event,
    };
    cx.portal.db.write(|tx| activity::store::record(tx, by.actor(), &event))?;
    let agents = cx.read(|db| status_store::list(db, by.scope(), &query, 0, i64::MAX))?;
    let mut csv = Csv::new(&[
        "Organization",
        "Agent",
        "Code",
        "Serial number",
        "State",
        "Last backup (UTC)",
        "Last ten backups",
        "Screenshot",
        "Screenshot taken (UTC)",
        "Datasets",
    ]);
    let now = cx.times().now;
    for agent in &agents {
        csv.row(cells(agent, now).iter().map(String::as_str));
    }
    Response::file("endpoint-backup-status.csv", "text/csv; charset=utf-8", csv.into_bytes())
}

fn cells(agent: &Agent, now: Timestamp) -> [String; 10] {
    let moment = |moment: Option<Timestamp>| moment.map(Timestamp::iso).unwrap_or_default();
    let screenshot = match agent.summary.shot_success {
        Some(true) => "good",
        Some(false) => "failed",
        None => "",
    };
    [
        agent.organization.1.clone(),
        agent.hostname.clone(),
        agent.short_code.clone().unwrap_or_default(),
        agent.serial.clone().unwrap_or_default(),
        agent.standing(now).shown().to_owned(),
        moment(agent.summary.last_backup),
        strip_words(&agent.summary.strip),
        screenshot.to_owned(),
        moment(agent.summary.shot_at),
        agent.datasets.to_string(),
    ]
}
