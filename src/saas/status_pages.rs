//! SaaS Protection Status (SAS-8): for employees all accounts in sight, for an organization's users just theirs.

use crate::access::model::{Access, Scope, Sight};
use crate::access::roles_model::Right;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::backups::model::LONG_AGO;
use crate::kernel::csv::Csv;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::time::Timestamp;
use crate::organizations;
use crate::page::{Cx, Route, Sheet};
use crate::partners;
use crate::saas;
use crate::saas::model::{Product, Retention, SaasAccount, Shown, percent};
use crate::saas::status_model::{PER_PAGE, Place, Query, Sort};
use crate::saas::status_views::{self as views, ATTENTION, StatusPage};
use crate::saas::{status_store as store, totals_store};

/// The page's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/status/saas", Access::SaasViewer, status),
    Route::get("/status/saas/{saas_account}", Access::SaasViewer, unfolded),
    Route::post("/status/saas/export", Access::SaasViewer, export),
];

/// Longest search, in characters.
const WORDS: usize = 120;

fn status(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.signed_in()?.scope();
    let (query, state) = asked(|name| cx.query(name));
    let place = match (cx.query("before").parse::<SaasAccountId>(), cx.query("after").parse::<SaasAccountId>()) {
        (Ok(id), _) => Place::Before(id),
        (_, Ok(id)) => Place::After(id),
        _ => Place::First,
    };
    let (accounts, edges, count, totals, only) = cx.read(|db| {
        let (accounts, edges) = edges(store::list(db, &scope, &query, place, PER_PAGE + 1)?, place);
        let totals = totals_store::totals(db, &scope)?;
        // Everything is counted already.
        let count = if query.finds_all() { totals.accounts } else { store::count(db, &scope, &query)? };
        let only = match query.organization {
            Some(id) => Some((id, organization_name(db, &scope, id)?)),
            None => None,
        };
        Ok((accounts, edges, count, totals, only))
    })?;
    let link = |name, id: SaasAccountId| views::address(&query, &state, Some((name, id.to_string())));
    let page = StatusPage {
        query: &query,
        state: &state,
        accounts: &accounts,
        count,
        totals: &totals,
        only: only.as_ref().map(|(_, name)| name.as_str()),
        banner: scope.only().is_none(),
        may_import: Access::Unlimited(Right::RunPortal).admits(cx.visitor),
        pages: (edges.0.map(|id| link("before", id)), edges.1.map(|id| link("after", id))),
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: "SaaS Protection Status",
        crumbs: vec![("Status", String::new())],
        aside: Some(views::aside(&totals, &cx.times())),
        actions: Some(views::actions(&cx.form_id()?, &query, &state, (cx.may(Right::ChangeSaas), scope.sight() == Sight::All))),
        wide: true,
    };
    cx.page(sheet, &page)
}

/// What a row of the table opens.
fn unfolded(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.signed_in()?.scope();
    let id: SaasAccountId = cx.param("saas_account")?;
    let (line, console) = cx.read(|db| {
        let line = store::unfolded(db, saas::store::find(db, &scope, id)?)?;
        let console = partners::store::vendor_console(db, line.account.partner)?;
        Ok((line, console))
    })?;
    let title = format!("Applications of {}", line.account.name);
    let sheet = Sheet {
        title: &title,
        crumbs: vec![("Status", String::new()), ("SaaS Protection Status", views::HERE.to_owned())],
        ..Sheet::default()
    };
    cx.page(sheet, &views::unfolded(&line, console.as_deref(), &cx.times()))
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
    let states: Vec<Shown> = match state.as_str() {
        ATTENTION => Shown::ALL.iter().copied().filter(|shown| shown.needs_attention()).collect(),
        word => Shown::from_word(word).into_iter().collect(),
    };
    let query = Query {
        words: get("q").chars().take(WORDS).collect(),
        product: Product::from_word(&get("product")),
        organization: get("organization").parse().ok(),
        sort: Sort::from_word(&get("sort")).unwrap_or(Sort::State),
        descending: get("order") == "desc",
        states,
    };
    let state = if query.states.is_empty() { String::new() } else { state };
    (query, state)
}

type Edges = (Option<SaasAccountId>, Option<SaasAccountId>);

/// Cuts the surplus row off; the rows from which the pages before and after go on.
fn edges(mut accounts: Vec<SaasAccount>, place: Place) -> (Vec<SaasAccount>, Edges) {
    let more = accounts.len() > PER_PAGE;
    if more && matches!(place, Place::Before(_)) {
        accounts.remove(0);
    } else {
        accounts.truncate(PER_PAGE);
    }
    let (before, after) = match place {
        Place::First => (false, more),
        Place::After(_) => (true, more),
        Place::Before(_) => (more, true),
    };
    let (first, last) = (accounts.first().map(|account| account.id), accounts.last().map(|account| account.id));
    (accounts, (first.filter(|_| before), last.filter(|_| after)))
}

/// ALL-2: the whole filtered list, in the order shown.
fn export(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let (query, _) = asked(|name| cx.form.get(name).to_owned());
    let event = Event::new(Kind::Exported, "exported SaaS Protection Status");
    let event = match person.scope().only() {
        Some(organization) => event.at(organization),
        None => event,
    };
    cx.portal.db.write(|tx| activity::store::record(tx, &person.actor(), &event))?;
    let accounts = cx.read(|db| store::list(db, &person.scope(), &query, Place::First, usize::MAX))?;
    let mut csv = Csv::new(&[
        "Organization",
        "Account",
        "Customer id",
        "Domain",
        "Service",
        "State",
        "Retention",
        "Licensed seats",
        "Success rate 24 h",
        "Services backed up",
        "Active services",
        "Last ten days (oldest first)",
        "Last fully protected (UTC)",
        "Storage in bytes",
        "As of (UTC)",
        "Not linked because",
    ]);
    let now = cx.times().now;
    for account in &accounts {
        csv.row(cells(account, now).iter().map(String::as_str));
    }
    Response::file("saas-protection-status.csv", "text/csv; charset=utf-8", csv.into_bytes())
}

fn cells(account: &SaasAccount, now: Timestamp) -> [String; 16] {
    let shown = account.facts.shown(now);
    let figure = |value: i64| if shown.has_figures() { value.to_string() } else { String::new() };
    let protected = match account.last_fully_protected {
        Some(moment) if moment == LONG_AGO => "over 10 days ago".to_owned(),
        Some(moment) => moment.iso(),
        None => String::new(),
    };
    [
        account.organization.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        account.name.clone(),
        account.vendor_id.map(|id| id.to_string()).unwrap_or_default(),
        account.domain.clone(),
        account.product.shown().to_owned(),
        shown.word_shown().to_owned(),
        account.retention.map_or("", Retention::word).to_owned(),
        account.seats_used.to_string(),
        account.success(now).map(percent).unwrap_or_default(),
        figure(account.backed_services),
        figure(account.facts.active_services),
        days_in_words(&account.strip),
        protected,
        account.used_bytes.map(|bytes| bytes.to_string()).unwrap_or_default(),
        account.facts.as_of.map(Timestamp::iso).unwrap_or_default(),
        account.unlinked.as_ref().map(crate::saas::model::Unlinked::shown).unwrap_or_default(),
    ]
}

/// The strip for a spreadsheet: a word a day.
fn days_in_words(strip: &str) -> String {
    let word = |letter| match crate::backups::model::Grade::of_letter(letter) {
        crate::backups::model::Grade::Good => "good",
        crate::backups::model::Grade::SomeMissed => "some missed",
        crate::backups::model::Grade::Failed => "failed",
        crate::backups::model::Grade::NoData => "no data",
    };
    strip.chars().map(word).collect::<Vec<_>>().join(", ")
}
