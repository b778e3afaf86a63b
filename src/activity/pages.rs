//! The Activity Log (LOG-2, LOG-3).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::activity::model::{Entry, Event, Filter, Kind, Page};
use crate::activity::store;
use crate::activity::views::{self, Chain, Entered, LogPage};
use crate::kernel::csv::Csv;
use crate::kernel::db::{Read, Reader};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{EventId, OrganizationId};
use crate::kernel::text;
use crate::kernel::web;
use crate::page::{Cx, Route, Sheet};

const ACCESS: Access = Access::Employee(Right::RunPortal);

/// The log's addresses.
pub const ROUTES: &[Route] = &[Route::get("/activity", ACCESS, log), Route::post("/activity/export", ACCESS, export)];

/// Events on a page.
const PER_PAGE: usize = 50;

fn log(cx: &Cx<'_>) -> Result<Response> {
    if let Ok(event) = cx.query("event").parse::<EventId>() {
        return one(cx, event);
    }
    let entered = entered(|name| cx.query(name));
    let page = match (cx.query("before").parse::<EventId>(), cx.query("after").parse::<EventId>()) {
        (Ok(event), _) => Page::Before(event),
        (_, Ok(event)) => Page::After(event),
        _ => Page::Newest,
    };
    let (found, chain) = cx.read(|db| Ok((look(cx, db, &entered, page), chain(cx, db)?)))?;
    let (entries, organization, problem) = match found {
        Ok((entries, organization)) => (entries, organization, None),
        Err(Error::Refused(sentence)) => (Vec::new(), None, Some(sentence)),
        Err(error) => return Err(error),
    };
    let (entries, newer, older) = edges(entries, page);
    let view = LogPage {
        entered: &entered,
        problem: problem.as_deref(),
        organization: organization.as_deref(),
        newer: newer.map(|event| address(&entered, "after", event)),
        older: older.map(|event| address(&entered, "before", event)),
        entries: &entries,
        chain: &chain,
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: "Activity Log",
        crumbs: vec![("Admin", String::new()), ("Activity Log", String::new())],
        aside: Some(views::chain_badge(&chain, &cx.times())),
        actions: Some(views::export_form(&cx.form_id()?, &entered)),
        wide: true,
    };
    cx.page(sheet, &views::page(&view))
}

/// What the row of an event unfolds.
fn one(cx: &Cx<'_>, event: EventId) -> Result<Response> {
    let up_to = Page::Before(EventId(event.0.saturating_add(1)));
    let found = cx.read(|db| store::list(db, &cx.person()?.scope(), &Filter::default(), up_to, 1))?;
    let entry = found.into_iter().find(|entry| entry.seq == event).ok_or(Error::NotFound)?;
    let title = format!("Event {}", text::thousands(event.0));
    let sheet =
        Sheet { title: &title, crumbs: vec![("Admin", String::new()), ("Activity Log", "/activity".to_owned())], ..Sheet::default() };
    cx.page(sheet, &views::event(&entry, &cx.times()))
}

/// One page and one event more, so that it shows whether there is a further page; the organization that was meant.
fn look(cx: &Cx<'_>, db: &Reader<'_>, entered: &Entered, page: Page) -> Result<(Vec<Entry>, Option<String>)> {
    let (filter, organization) = filter(cx, db, entered)?;
    let limit = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
    Ok((store::list(db, &cx.person()?.scope(), &filter, page, limit)?, organization))
}

fn entered(get: impl Fn(&str) -> String) -> Entered {
    Entered { from: get("from"), to: get("to"), person: get("person"), organization: get("organization"), kind: get("kind") }
}

/// What was entered as a filter; what cannot be read is said in a sentence.
fn filter(cx: &Cx<'_>, db: &impl Read, entered: &Entered) -> Result<(Filter, Option<String>)> {
    let zone = cx.times().zone;
    let day = |text: &str| match text {
        "" => Ok(None),
        _ => zone.day(text).map(Some).ok_or_else(|| Error::refused("Enter dates such as 2026-11-22.")),
    };
    let kind = match entered.kind.as_str() {
        "" => None,
        word => Some(Kind::from_word(word).ok_or_else(|| Error::refused("There is no such kind of event."))?),
    };
    let person = text::line(&entered.person, 254).map_err(Error::refused)?;
    let named = text::line(&entered.organization, 120).map_err(Error::refused)?;
    let organization = if named.is_empty() {
        None
    } else {
        let id = named.replace('-', "").parse::<OrganizationId>().ok();
        let meant = store::meant(db, &cx.person()?.scope(), id, &text::key(&named))?;
        Some(meant.ok_or_else(|| Error::refused(format!("No organization of yours has the ID {named} or a name that begins so.")))?)
    };
    let (id, name) = organization.unzip();
    let filter =
        Filter { from: day(&entered.from)?.map(|day| day.0), until: day(&entered.to)?.map(|day| day.1), person, organization: id, kind };
    Ok((filter, name))
}

/// Cuts the surplus event off; the edges from which newer and older pages go on.
fn edges(mut entries: Vec<Entry>, page: Page) -> (Vec<Entry>, Option<EventId>, Option<EventId>) {
    let more = entries.len() > PER_PAGE;
    if more && matches!(page, Page::After(_)) {
        entries.remove(0);
    } else {
        entries.truncate(PER_PAGE);
    }
    let (first, last) = (entries.first().map(|entry| entry.seq), entries.last().map(|entry| entry.seq));
    let (has_newer, has_older) = match page {
        Page::Newest => (false, more),
        Page::Before(_) => (true, more),
        Page::After(_) => (more, true),
    };
    (entries, first.filter(|_| has_newer), last.filter(|_| has_older))
}

fn address(entered: &Entered, edge: &str, event: EventId) -> String {
    let event = event.to_string();
    web::address("/activity", entered.filled().into_iter().chain([(edge, event.as_str())]))
}

fn chain(cx: &Cx<'_>, db: &Reader<'_>) -> Result<Chain> {
    let check = store::last_check(db)?;
    let own_bad = match check.as_ref().and_then(|check| check.first_bad) {
        Some(bad) => store::own(db, &cx.person()?.scope(), bad)?,
        None => None,
    };
    let unverifiable = EventId(store::beginning(db, cx.portal.db.vault())?.seq);
    Ok(Chain { check, own_bad, head: store::head_shown(db)?, unverifiable })
}

fn export(cx: &Cx<'_>) -> Result<Response> {
    let entered = entered(|name| cx.form.get(name).to_owned());
    let person = cx.person()?;
    let filter = cx.read(|db| Ok(filter(cx, db, &entered)?.0))?;
    cx.portal.db.write(|tx| store::record(tx, &person.actor(), &Event::new(Kind::Exported, "exported the activity log")))?;
    let mut csv = Csv::new(&["Event", "Time (UTC)", "Person", "Role", "From where", "Kind", "Target", "What happened", "What changed"]);
    cx.read(|db| store::each(db, &person.scope(), &filter, |entry| line(&mut csv, entry)))?;
    Response::file("activity-log.csv", "text/csv; charset=utf-8", csv.into_bytes())
}

fn line(csv: &mut Csv, entry: &Entry) {
    let changes: Vec<String> =
        entry.changes.iter().map(|change| format!("{}: \"{}\" to \"{}\"", change.field, change.from, change.to)).collect();
    csv.row([
        entry.seq.to_string().as_str(),
        &entry.at.iso(),
        &entry.actor,
        &entry.roles,
        &entry.address,
        &entry.kind.shown(),
        &entry.target_name,
        &entry.sentence,
        &changes.join("; "),
    ]);
}
