//! Admin → Backups (OPS-1, OPS-6), and the page that supervisors ask.

use crate::access::model::Access;
use crate::activity;
use crate::activity::model::{Event, Kind as EventKind};
use crate::kernel::db::copies;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::{Response, Stored};
use crate::page::{Cx, Done, Route, Sheet};
use crate::upkeep::actions;
use crate::upkeep::model::{Copy, Daily};
use crate::upkeep::views::{self, BackupsPage, Head, Line};
use crate::upkeep::{files_store, store};

const ACCESS: Access = Access::Operating;
const LIST: &str = "/backups";

/// The addresses of backups, and the one for supervisors.
pub const ROUTES: &[Route] = &[
    Route::get("/backups", ACCESS, list),
    Route::post("/backups", ACCESS, ask),
    Route::post("/backups/daily", ACCESS, switch),
    Route::post("/backups/{backup}/download", ACCESS, download).dangerous().with_file(),
    Route::get("/backups/{backup}/deletion", ACCESS, confirm),
    Route::post("/backups/{backup}/deletion", ACCESS, delete).dangerous(),
    Route::get("/health", Access::Anyone, health),
];

/// How long pressing the button waits for the copy of a small portal, in looks and milliseconds between two.
const LOOKS: u32 = 30;
const BETWEEN: u64 = 50;

fn list(cx: &Cx<'_>) -> Result<Response> {
    let (database, times) = (cx.portal.db.path(), cx.times());
    let upkeep = cx.read(|db| store::upkeep(db))?;
    // The page is where somebody looks for what is wrong with the folder.
    let (copies, trouble) = match files_store::list(database) {
        Ok(copies) => (copies, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let lines = copies.into_iter().map(|(copy, bytes)| line(cx, copy, bytes)).collect::<Result<Vec<_>>>()?;
    // Whoever runs the command stands in another folder than the server did.
    let data = std::path::absolute(database.parent().unwrap_or(database))?;
    let folder = data.join(files_store::FOLDER);
    let page = BackupsPage {
        upkeep: &upkeep,
        lines: &lines,
        trouble: trouble.as_deref(),
        free: fs4::available_space(database.parent().unwrap_or(database)).ok(),
        needed: copies::size(database)?,
        data: &data.display().to_string(),
        folder: &folder.display().to_string(),
        demo: cx.portal.demo,
        switch_id: cx.fresh_form_id()?,
        times: &times,
    };
    let sheet = Sheet {
        title: "Backups",
        crumbs: vec![("Admin", String::new()), ("Backups", String::new())],
        actions: Some(views::ask_form(&cx.form_id()?, upkeep.asked_at.is_some())),
        ..Sheet::default()
    };
    cx.page(sheet, &views::page(&page))
}

/// A copy with the newest event in it; a file that cannot be read any more says so in its line.
fn line(cx: &Cx<'_>, copy: Copy, bytes: u64) -> Result<Line> {
    let path = files_store::path(cx.portal.db.path(), copy);
    let head = copies::look(&path, cx.times().now, |db| activity::store::head_shown(db)).ok();
    Ok(Line {
        copy,
        bytes,
        head: head.map(|(event, mark)| Head { event, mark }),
        key: files_store::key_of(&path).exists(),
        form_id: cx.fresh_form_id()?,
    })
}

/// OPS-1: asks for a copy. It is made beside everything else; a small one is there at once, a large one when it is.
fn ask(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    if cx.portal.demo {
        return cx.press(LIST, |_| Err(Error::refused("The demo is forgotten when it ends, so it keeps no backups.")));
    }
    let begun = std::cell::Cell::new(false);
    let answer = cx.press(LIST, |tx| {
        actions::ask(tx, person)?;
        begun.set(true);
        Ok(Done::said(LIST, "A backup is being made. It stands in the list once it is whole and verified."))
    })?;
    if !begun.get() {
        return Ok(answer);
    }
    for _ in 0..LOOKS {
        let upkeep = cx.read(|db| store::upkeep(db))?;
        if upkeep.asked_at.is_none() {
            return match upkeep.failure {
                // The page itself says what went wrong.
                Some(_) => cx.see_other(&Done::at(LIST)),
                None => cx.see_other(&Done::said(LIST, "The backup was made and verified.")),
            };
        }
        std::thread::sleep(std::time::Duration::from_millis(BETWEEN));
    }
    Ok(answer)
}

fn switch(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let daily = match cx.form.get("daily") {
        "on" => Daily::On,
        "off" => Daily::Off,
        _ => return Err(Error::refused("Choose whether daily backups are on or off.")),
    };
    cx.press(LIST, |tx| {
        actions::switch(tx, person, daily)?;
        Ok(Done::said(LIST, if daily == Daily::On { "Daily backups are on." } else { "Daily backups are off. Those there are stay." }))
    })
}

/// The copy that an address names, if it is there; any other name names nothing.
fn named(cx: &Cx<'_>) -> Result<(Copy, u64)> {
    let wanted = Copy::named(cx.param_text("backup")?).ok_or(Error::NotFound)?;
    files_store::list(cx.portal.db.path())?.into_iter().find(|(copy, _)| *copy == wanted).ok_or(Error::NotFound)
}

/// The event first, then the file. Never the key: who has the page need not have the machine.
fn download(cx: &Cx<'_>) -> Result<Response> {
    let (copy, length) = named(cx)?;
    let person = cx.person()?;
    let event = Event::new(EventKind::Exported, format!("downloaded the backup {}", copy.file_name()));
    cx.portal.db.write(|tx| activity::store::record(tx, &person.actor(), &event))?;
    let path = files_store::path(cx.portal.db.path(), copy);
    Response::stored_file(&copy.file_name(), "application/vnd.sqlite3", Stored { path, length })
}

fn confirm(cx: &Cx<'_>) -> Result<Response> {
    let (copy, bytes) = named(cx)?;
    let times = cx.times();
    let crumbs = vec![("Admin", String::new()), ("Backups", LIST.to_owned())];
    let sheet = Sheet { title: "Delete a backup", crumbs, ..Sheet::default() };
    cx.dialog(sheet, None, &views::deletion(copy, bytes, &cx.form_id()?, &times))
}

fn delete(cx: &Cx<'_>) -> Result<Response> {
    let (copy, _) = named(cx)?;
    let (person, database) = (cx.person()?, cx.portal.db.path());
    cx.press(LIST, |tx| {
        actions::delete(tx, person, database, copy)?;
        Ok(Done::said(LIST, format!("Deleted the backup {} and its key.", copy.file_name())))
    })
}

/// For supervisors: whether the portal answers and can write, and nothing else.
fn health(cx: &Cx<'_>) -> Result<Response> {
    let (status, said) = if cx.portal.db.takes_writes() { (200, "ok\n") } else { (503, "cannot write\n") };
    Ok(Response { status, body: said.as_bytes().to_vec(), ..Response::empty(status).with("Content-Type", "text/plain; charset=utf-8")? })
}
