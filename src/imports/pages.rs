//! The Import page: files in, a preview, and the decision.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::accounts::model::Invitation;
use crate::activity;
use crate::activity::model::{Event, Kind as EventKind};
use crate::imports::model::{File, FileCounts, Import, Level, Problem as Refusal, State};
use crate::imports::views::{self, ListPage, PreviewPage};
use crate::imports::{actions, store};
use crate::kernel::csv::Csv;
use crate::kernel::db::{Reader, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::ImportId;
use crate::kernel::text::counted;
use crate::page::{Cx, Done, Problem, Route, Sheet};

/// EMP-4: an import is the whole partner's.
const ACCESS: Access = Access::Unlimited(Right::RunPortal);
const LIST: &str = "/imports";

/// The routes of imports.
pub const ROUTES: &[Route] = &[
    Route::get("/imports", ACCESS, list),
    Route::upload("/imports", ACCESS, stage),
    Route::get("/imports/{import}", ACCESS, show),
    Route::post("/imports/{import}/completion", ACCESS, carry_out),
    Route::post("/imports/{import}/discard", ACCESS, discard),
    Route::post("/imports/{import}/refusals", ACCESS, refusals),
];

/// Imports in the history.
const LISTED: i64 = 50;
/// Problems on a page.
const PER_PAGE: i64 = 100;

fn list(cx: &Cx<'_>) -> Result<Response> {
    draw_list(cx, &Problem::default())
}

fn draw_list(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let imports: Vec<(Import, Vec<FileCounts>)> = cx.read(|db| {
        let found = store::newest(db, by.scope().viewer(), LISTED)?;
        found.into_iter().map(|import| Ok((import.clone(), store::files(db, import.id)?))).collect()
    })?;
    let page =
        ListPage { imports: &imports, errors: &problem.fields, summary: problem.summary(), form_id: cx.form_id()?, times: &cx.times() };
    cx.page(Sheet { title: "Import", crumbs: crumbs(None), ..Sheet::default() }, &views::list(&page))
}

fn crumbs<'a>(list: Option<&str>) -> Vec<(&'a str, String)> {
    vec![("Admin", String::new()), ("Import", list.unwrap_or_default().to_owned())]
}

/// Staging takes transactions of its own, before the one that answers the form.
fn stage(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let files: Vec<File<'_>> = cx.form.files.iter().map(|file| File { name: base_name(&file.name), bytes: &file.bytes }).collect();
    let staged = cx.portal.db.with_room(|| actions::stage(&cx.portal.db, &by, &files, &mut |_, _| {}));
    let import = staged.as_ref().ok().copied();
    let answer = cx.submit(|_| staged.map(|import| Done::at(format!("{LIST}/{import}"))), |problem| draw_list(cx, problem))?;
    // ALL-7: the same form sent twice shows its first import; the second one is given up.
    if let Some(import) = import
        && answer.header("location") != Some(&format!("{LIST}/{import}"))
    {
        cx.portal.db.write(|tx| actions::discard(tx, &by, import))?;
    }
    Ok(answer)
}

/// Some browsers send the folders too.
fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let import = cx.param("import")?;
    cx.read(|db| draw_preview(cx, db, import))
}

fn draw_preview(cx: &Cx<'_>, db: &Reader<'_>, id: ImportId) -> Result<Response> {
    let by = cx.manager()?;
    let import = store::find(db, by.scope().viewer(), id)?;
    let after = cx.query("after").parse().unwrap_or(0);
    let mut refusals = store::problems(db, id, Level::Refused, after, PER_PAGE + 1)?;
    let more = i64::try_from(refusals.len()).unwrap_or_default() > PER_PAGE;
    if more {
        refusals.pop();
    }
    let next = refusals.last().filter(|_| more).map(|(number, _)| format!("{LIST}/{id}?after={number}"));
    let files = store::files(db, id)?;
    let notes = store::problems(db, id, Level::Note, 0, PER_PAGE)?;
    let plain = |problems: Vec<(i64, Refusal)>| problems.into_iter().map(|(_, problem)| problem).collect::<Vec<_>>();
    let page = PreviewPage {
        import: &import,
        files: &files,
        total: actions::total(&files),
        refusals: &plain(refusals),
        next,
        notes: &plain(notes),
        form_ids: [cx.form_id()?, cx.fresh_form_id()?, cx.fresh_form_id()?],
        times: &cx.times(),
    };
    let title = if import.state == State::Done { "Import" } else { "Preview of an import" };
    cx.page(Sheet { title, crumbs: crumbs(Some(LIST)), ..Sheet::default() }, &views::preview(&page))
}

fn carry_out(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let import: ImportId = cx.param("import")?;
    let letters = if cx.form.ticked("send_letters") { Invitation::Send } else { Invitation::Later };
    let path = format!("{LIST}/{import}");
    let work = |tx: &Tx<'_>| {
        let all = actions::total(&actions::carry_out(tx, &by, import, letters)?);
        let sentence = format!("Imported {} and changed {}.", counted(all.new, "new row", "new rows"), counted(all.changed, "row", "rows"));
        Ok(Done::said(path.clone(), sentence).then("Manage Organizations", "/organizations"))
    };
    cx.portal.db.with_room(|| {
        actions::index_ahead(&cx.portal.db, &by, import)?;
        cx.press(&path, work)
    })
}

fn discard(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let import: ImportId = cx.param("import")?;
    cx.press(LIST, |tx| {
        actions::discard(tx, &by, import)?;
        Ok(Done::said(LIST, "Discarded the files. Nothing was changed."))
    })
}

/// IMP-1, ALL-2: every refusal that was kept, for whoever mends the files.
fn refusals(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: ImportId = cx.param("import")?;
    let found = cx.read(|db| {
        store::find(db, by.scope().viewer(), id)?;
        store::problems(db, id, Level::Refused, 0, i64::MAX)
    })?;
    if found.is_empty() {
        return Err(Error::NotFound);
    }
    let event = Event::new(EventKind::Exported, "exported the refusals of an import").about("import", id.0, "");
    cx.portal.db.write(|tx| activity::store::record(tx, by.actor(), &event))?;
    let mut csv = Csv::new(&["File", "Line", "Field", "Reason"]);
    for (_, problem) in &found {
        csv.row([problem.file.as_str(), &problem.line.to_string(), &problem.field, &problem.reason]);
    }
    Response::file("refusals.csv", "text/csv; charset=utf-8", csv.into_bytes())
}
