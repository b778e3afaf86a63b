//! A statement beside the billing system (SUB-10).

use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::csv::Csv;
use crate::kernel::db::Reader;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::saas::mapping_model;
use crate::statements::model::{Line, Statement};
use crate::statements::pages::{READERS, crumbs, find, month_of};
use crate::statements::reconcile_actions as actions;
use crate::statements::reconcile_model::{self as model, Finding, Verdict, compare};
use crate::statements::reconcile_store as store;
use crate::statements::reconcile_views::{self as views, ComparePage, MatchForm};
use crate::statements::store::{Part, Which, lines};

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/statements/{month}/reconcile", READERS, show),
    Route::upload("/statements/{month}/reconcile", READERS, bring),
    Route::get("/statements/{month}/reconcile/match", READERS, ask),
    Route::post("/statements/{month}/reconcile/match", READERS, match_name),
    Route::post("/statements/{month}/reconcile/forget", READERS, forget),
    Route::post("/statements/{month}/reconcile/export", READERS, export),
];

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, &Problem::default())
}

/// The lines of a month and what came of the comparison; nothing of it while no file was brought.
fn findings(cx: &Cx<'_>, db: &Reader<'_>) -> Result<(Statement, Vec<Line>, Option<Vec<Finding>>)> {
    let (statement, which) = find(cx, db, month_of(cx)?)?;
    let lines = all_lines(db, which)?;
    let rows = store::rows(db, which.partner, which.month)?;
    let found = (!rows.is_empty()).then(|| compare(&lines, &rows, statement.prices.as_ref()));
    Ok((statement, lines, found))
}

fn all_lines(db: &Reader<'_>, which: Which) -> Result<Vec<Line>> {
    Ok(lines(db, which, &Part::default())?.into_iter().map(|(line, _)| line).collect())
}

fn draw(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (statement, _, findings) = cx.read(|db| findings(cx, db))?;
    let page = ComparePage {
        statement: &statement,
        findings: findings.as_deref(),
        only: Verdict::from_word(&cx.query("only")),
        from: cx.query("from").parse().unwrap_or(0),
        errors: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
    };
    let export = findings.is_some().then(|| cx.fresh_form_id()).transpose()?.map(|form_id| views::export(&statement, &form_id));
    let (title, month) = (format!("Reconcile {}", statement.month.shown()), statement.month.shown());
    let sheet = Sheet { title: &title, crumbs: crumbs(Some((statement.month, &month))), actions: export, wide: true, ..Sheet::default() };
    cx.page(sheet, &views::page(&page))
}

fn bring(cx: &Cx<'_>) -> Result<Response> {
    let (by, month) = (cx.accountant()?, month_of(cx)?);
    let (statement, _) = cx.read(|db| find(cx, db, month))?;
    let file = cx.form.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    cx.submit(
        |tx| {
            let file = file.ok_or_else(|| Error::field("file", "Choose a CSV file."))?;
            let (rows, doubled) = model::read(&file.bytes).map_err(|sentence| Error::field("file", sentence))?;
            actions::bring(tx, &by, month, &rows)?;
            Ok(Done::said(views::address(&statement), views::compared(&rows, &doubled)))
        },
        |problem| draw(cx, problem),
    )
}

fn ask(cx: &Cx<'_>) -> Result<Response> {
    draw_match(cx, &cx.query("name"), None, &Problem::default())
}

fn draw_match(cx: &Cx<'_>, name: &str, entered: Option<&str>, problem: &Problem) -> Result<Response> {
    let by = cx.accountant()?;
    let (statement, findings, name, lines) = cx.read(|db| {
        let (statement, lines, findings) = findings(cx, db)?;
        let name = store::row_named(db, by.partner(), statement.month, &text::key(name))?;
        Ok((statement, findings.unwrap_or_default(), name, lines))
    })?;
    // Whoever is billed already is hardly meant by a further name.
    let missing: Vec<_> = lines
        .iter()
        .filter(|line| findings.iter().any(|found| found.organization == Some(line.organization) && found.billed == 0))
        .map(|line| (line.organization, line.name.clone()))
        .collect();
    let current = findings.iter().find(|found| found.by_hand && found.under.contains(&name));
    let suggested = current.is_none().then(|| mapping_model::most_alike(&name, &missing)).flatten();
    let value = entered
        .or_else(|| current.map(|found| found.name.as_str()))
        .or_else(|| suggested.as_ref().map(|suggestion| suggestion.name.as_str()))
        .unwrap_or_default();
    let why = suggested.as_ref().filter(|_| entered.is_none()).map(|suggestion| {
        format!("Suggested: {} is not billed yet, and its name is alike. Or enter another one's ID or whole name.", suggestion.name)
    });
    let here = views::address(&statement);
    let form = MatchForm {
        here: &here,
        name: &name,
        organization: value,
        why,
        matched: current.is_some(),
        errors: &problem.fields,
        summary: problem.summary(),
        form_ids: [cx.form_id()?, cx.fresh_form_id()?],
    };
    let title = format!("Whom does {name} mean?");
    let month = statement.month.shown();
    let mut way = crumbs(Some((statement.month, &month)));
    way.push(("Reconcile", here.clone()));
    cx.dialog(Sheet { title: &title, crumbs: way, ..Sheet::default() }, None, &views::match_form(&form))
}

fn match_name(cx: &Cx<'_>) -> Result<Response> {
    let (by, month) = (cx.accountant()?, month_of(cx)?);
    let (statement, _) = cx.read(|db| find(cx, db, month))?;
    let (name, entered) = (cx.form.get("name"), cx.form.get("organization"));
    cx.submit(
        |tx| {
            let (name, own) = actions::match_name(tx, &by, month, &text::key(name), entered)?;
            Ok(Done::said(views::address(&statement), format!("{name} means {own} from now on.")))
        },
        |problem| draw_match(cx, name, Some(entered), problem),
    )
}

fn forget(cx: &Cx<'_>) -> Result<Response> {
    let (by, month) = (cx.accountant()?, month_of(cx)?);
    let (statement, _) = cx.read(|db| find(cx, db, month))?;
    let here = views::address(&statement);
    cx.press(&here, |tx| {
        let name = actions::forget_name(tx, &by, month, &text::key(cx.form.get("name")))?;
        Ok(Done::said(here.as_str(), format!("Forgot whom {name} means.")))
    })
}

/// ALL-2: every row of the comparison; the event stands in the log before the first byte leaves (LOG-1).
fn export(cx: &Cx<'_>) -> Result<Response> {
    let (month, person) = (month_of(cx)?, cx.person()?);
    cx.read(|db| find(cx, db, month).map(drop))?;
    let event = Event::new(Kind::Exported, format!("exported the comparison of {} with the billing system", month.shown()));
    cx.portal.db.write(|tx| activity::store::record(tx, &person.actor(), &event))?;
    let (statement, _, findings) = cx.read(|db| findings(cx, db))?;
    let mut csv =
        Csv::new(&["Organization", "ID", "Result", "Billed there", "Statement", "Difference", "In money", "Currency", "Billed as"]);
    for finding in findings.unwrap_or_default() {
        let money = statement.currency().zip(finding.money).map(|(currency, money)| currency.plain(money)).unwrap_or_default();
        csv.row([
            finding.name.as_str(),
            &finding.organization.map(OrganizationId::shown).unwrap_or_default(),
            finding.verdict.shown(),
            &finding.billed.to_string(),
            &finding.due.map(|due| due.to_string()).unwrap_or_default(),
            &finding.seats().to_string(),
            &money,
            statement.currency().map_or("", |currency| currency.code),
            &finding.under.join("; "),
        ]);
    }
    Response::file(&format!("reconciled-{}.csv", month.iso()), "text/csv; charset=utf-8", csv.into_bytes())
}
