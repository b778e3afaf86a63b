//! Customize → Global, and what is served under `/brand/`.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::branding::background_views::Row;
use crate::branding::global_views::{self, GlobalPage};
use crate::branding::look_model::address;
use crate::branding::model::{Background, BackgroundKind, Entered, EnteredBackground, Global, Pictures};
use crate::branding::preview_views::{self, Known, Worn};
use crate::branding::upload_pages::{self, Uploads};
use crate::branding::{actions, files_store, region_pages};
use crate::kernel::assets::CACHE_CONTROL;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::html::form as kit;
use crate::kernel::html::frame::Look;
use crate::kernel::http::Response;
use crate::page::{Cx, Done, Problem, Route, Sheet};

const PRIMARY: Access = Access::Employee(Right::AccountSettings);

/// Three pictures, and room to say of each that it is too large.
const UPLOADS: usize = 12 * 1024 * 1024;

/// Where Global is.
pub const HERE: &str = "/branding";

/// Its preview, on the page.
const PREVIEW: &str = "/branding#preview";
/// Where Local is.
const LOCAL: &str = "/branding/local";

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(HERE, PRIMARY, show),
    Route { body_limit: UPLOADS, ..Route::post(HERE, PRIMARY, change) },
    Route::get("/branding/preview", PRIMARY, follow),
    Route::post("/branding/discard", PRIMARY, discard),
    Route::get("/branding/own", PRIMARY, ask_own),
    Route::post("/branding/own", PRIMARY, back_to_own),
    Route::get("/brand/{file}", Access::Anyone, serve),
];

fn show(cx: &Cx<'_>) -> Result<Response> {
    if !region_pages::is_available(cx, cx.primary_account()?.partner())? {
        return region_pages::explain(cx);
    }
    draw(cx, None, &Problem::default())
}

/// The page: what was entered or, on a first look, what is drafted, else what is shown to everybody.
fn draw(cx: &Cx<'_>, entered: Option<&Entered>, problem: &Problem) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    let partner = cx.person()?.partner_name.as_str();
    let (live, draft, (look, dress)) = cx.read(|db| {
        let (live, draft) = actions::state(db, by.partner())?;
        let worn = actions::tried_on(db, by.partner(), partner, &draft.as_ref().unwrap_or(&live).global)?;
        Ok((live, draft, worn))
    })?;
    let chosen = draft.as_ref().unwrap_or(&live);
    let now = Entered::of(&chosen.global);
    let stylesheet = chosen.sheets.preview.as_deref().map(address);
    let known = known(&chosen.global, &live.global, draft.as_ref().map(|draft| &draft.global));
    let page = GlobalPage {
        partner,
        entered: entered.unwrap_or(&now),
        chosen: &chosen.global,
        problem: &problem.fields,
        summary: global_views::summary(&problem.fields, problem.sentence.as_deref()),
        form_id: html! { (cx.form_id()?) (kit::hidden("seen", &actions::fingerprint(&live, draft.as_ref()))) },
        sign_in: format!("{}/p/{}/sign-in", cx.portal.public_url, cx.person()?.slug),
        worn: Worn { stylesheet: stylesheet.as_deref(), ..worn(&chosen.global, (&look, &dress), known) },
    };
    let is_seen = live.global.is_seen() || live.global.portal != Background::None;
    let discard_id = draft.as_ref().map(|_| cx.fresh_form_id()).transpose()?;
    let actions = Some(global_views::ways_back(is_seen, discard_id.as_ref())).filter(|_| is_seen || draft.is_some());
    cx.page(Sheet { title: "Customize", crumbs: vec![("Admin", String::new())], actions, ..Sheet::default() }, &global_views::page(&page))
}

fn worn<'a>(global: &Global, (look, sheet): (&'a Look, &'a str), known: Known) -> Worn<'a> {
    let own_backed = global.portal != Background::None;
    Worn { look, own_backed, devices: global.devices, accent: global.accent, sheet, stylesheet: None, known }
}

/// How far a choice has come.
fn known(global: &Global, live: &Global, draft: Option<&Global>) -> Known {
    if draft == Some(global) {
        Known::Draft
    } else if global != live {
        Known::Entered
    } else if *live == live.plain() {
        Known::Own
    } else {
        Known::Saved
    }
}

/// BRA-5: the page's previews of what stands in its fields, while somebody fills them in. Nothing is kept.
fn follow(cx: &Cx<'_>) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    let entered = entered(|name| cx.query(name), |_| false);
    let partner = cx.person()?.partner_name.as_str();
    cx.read(|db| {
        let (live, draft) = actions::state(db, by.partner())?;
        let chosen = &draft.as_ref().unwrap_or(&live).global;
        let pictures = Pictures::of(chosen);
        let global = entered.so_far(&pictures, chosen);
        let (look, dress) = actions::tried_on(db, by.partner(), partner, &global)?;
        let known = match entered.parse(&pictures, FieldErrors::default()) {
            Ok(global) => known(&global, &live.global, draft.as_ref().map(|draft| &draft.global)),
            Err(_) => Known::Entered,
        };
        Ok(Response::html(200, global_views::pieces(&worn(&global, (&look, &dress), known), &entered)))
    })
}

/// What stands in the fields, and for which pictures a file came.
fn entered(field: impl Fn(&str) -> String, came: impl Fn(&str) -> bool) -> Entered {
    // Whoever chose a file wants it, whatever else is marked.
    let choice = |row: Row| if came(row.name()) { BackgroundKind::Upload.word().to_owned() } else { field(row.name()) };
    let background = |row: Row| EnteredBackground { choice: choice(row), color: field(row.color()) };
    Entered {
        devices: field("devices_named"),
        portal: background(Row::Portal),
        clients: background(Row::Clients),
        accent_choice: field("accent_choice"),
        accent: field("accent"),
        title: field("title"),
        support: field("support"),
        no_logo: !field("no_logo").is_empty() && !came(upload_pages::LOGO),
    }
}

/// BRA-5: **Save** shows it to everybody it is for. Every other button keeps it as a draft first and then leads where it says: **Keep as
/// draft** back to the preview, the others to Local or to a whole preview.
fn change(cx: &Cx<'_>) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    let entered = entered(|name| cx.form.get(name).to_owned(), |of| upload_pages::came(cx.form, of));
    let step = cx.form.get("step");
    // Before the transaction: a picture may take two seconds.
    let uploads = Uploads::of(cx.form);
    cx.submit(
        |tx| {
            let (live, draft) = actions::state(tx, by.partner())?;
            actions::same_as_seen(cx.form.get("seen"), &live, draft.as_ref())?;
            let before = draft.unwrap_or(live).global;
            let pictures = uploads.keep(tx, &by, Pictures::of(&before))?;
            let chosen =
                if step == "save" || cx.form.files.is_empty() { entered.clone() } else { entered.but_for_missing(&pictures, &before) };
            let global = chosen.parse(&pictures, uploads.errors.clone())?;
            if step == "save" {
                let sentence = if actions::save(tx, &by, &global)? {
                    "Saved. Your sign-in page and users of organizations with custom branding show it from now on."
                } else {
                    "Nothing was changed."
                };
                return Ok(Done::said(HERE, sentence));
            }
            let is_draft = actions::draft(tx, &by, &global)?;
            if let Some(whole) = preview_views::whole_of(step) {
                return Ok(Done::at(whole));
            }
            if step == "local" {
                let is_new = is_draft && before != global;
                return Ok(if is_new { Done::said(LOCAL, "What you entered under Global is kept as a draft.") } else { Done::at(LOCAL) });
            }
            let sentence = if is_draft { "Kept as a draft. Nobody else sees it until you save." } else { "This is what is shown already." };
            Ok(Done::said(PREVIEW, sentence))
        },
        |problem| draw(cx, Some(&entered), problem),
    )
}

fn discard(cx: &Cx<'_>) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    cx.press(HERE, |tx| {
        actions::discard(tx, &by)?;
        Ok(Done::said(HERE, "The draft is discarded. This is what is shown."))
    })
}

fn ask_own(cx: &Cx<'_>) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    let (_, draft) = cx.read(|db| actions::state(db, by.partner()))?;
    let content = global_views::back_to_own(&cx.form_id()?, draft.is_some());
    let crumbs = vec![("Admin", String::new()), ("Customize", HERE.to_owned())];
    cx.dialog(Sheet { title: "Back to Portico's own look?", crumbs, ..Sheet::default() }, None, &content)
}

fn back_to_own(cx: &Cx<'_>) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    cx.press(HERE, |tx| {
        actions::back_to_own(tx, &by)?;
        Ok(Done::said(HERE, "Everybody sees Portico's own look. What you had is kept as a draft: Save brings it back."))
    })
}

/// A style sheet or a picture: with its own type, for ever, and never as a document of ours. What only a draft holds is for who drafts it, and
/// kept nowhere; for anybody else it does not exist.
fn serve(cx: &Cx<'_>) -> Result<Response> {
    let name = cx.param_text("file")?;
    let file = cx.read(|db| files_store::file(db, name))?;
    if !file.is_shown && !region_pages::brander(cx).is_ok_and(|by| by.partner() == file.partner) {
        return Err(Error::NotFound);
    }
    Response { status: 200, headers: Vec::new(), body: file.bytes, stored: None }
        .with("Content-Type", file.kind.content_type())?
        .with("Cache-Control", if file.is_shown { CACHE_CONTROL } else { "private, no-store" })?
        .with("Content-Disposition", "attachment")?
        .with("Content-Security-Policy", "sandbox; default-src 'none'")
}
