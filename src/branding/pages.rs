//! Customize → Global, and what is served under `/brand/`.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::branding::global_views::{self, GlobalPage, Row};
use crate::branding::look_model::address;
use crate::branding::model::{BackgroundKind, Entered, EnteredBackground, Pictures, Stage};
use crate::branding::upload_pages::{self, Uploads};
use crate::branding::{actions, files_store, preview_views, region_pages, store};
use crate::kernel::assets::CACHE_CONTROL;
use crate::kernel::error::Result;
use crate::kernel::html::form as kit;
use crate::kernel::http::Response;
use crate::page::{Cx, Done, Problem, Route, Sheet};

const PRIMARY: Access = Access::Employee(Right::AccountSettings);

/// Three pictures, and room to say of each that it is too large.
const UPLOADS: usize = 12 * 1024 * 1024;

/// Where Global is.
pub const HERE: &str = "/branding";

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(HERE, PRIMARY, show),
    Route { body_limit: UPLOADS, ..Route::post(HERE, PRIMARY, change) },
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
    let (live, draft, look) = cx.read(|db| {
        let (live, draft) = actions::state(db, by.partner())?;
        let stage = if draft.is_some() { Stage::Draft } else { Stage::Live };
        Ok((live, draft, store::look_at(db, by.partner(), stage)?))
    })?;
    let chosen = draft.as_ref().unwrap_or(&live);
    let now = Entered::of(&chosen.global);
    let partner = cx.person()?.partner_name.as_str();
    let page = GlobalPage {
        partner,
        entered: entered.unwrap_or(&now),
        chosen: &chosen.global,
        look: &look,
        is_draft: draft.is_some(),
        is_seen: live.global.is_seen() || live.global.portal != crate::branding::model::Background::None,
        problem: &problem.fields,
        summary: problem.summary(),
        form_id: html! { (cx.form_id()?) (kit::hidden("seen", &actions::fingerprint(&live, draft.as_ref()))) },
        discard_id: cx.fresh_form_id()?,
        sign_in: format!("{}/p/{}/sign-in", cx.portal.public_url, cx.person()?.slug),
        preview: preview_views::beside(&look),
    };
    let sheet = Sheet { title: "Customize", crumbs: vec![("Admin", String::new())], ..Sheet::default() };
    cx.styled_page(sheet, chosen.sheets.preview.as_deref().map(address), &global_views::page(&page))
}

fn entered(cx: &Cx<'_>) -> Entered {
    let field = |name: &str| cx.form.get(name).to_owned();
    // Whoever chose a file wants it, whatever else is marked.
    let choice =
        |row: Row| if upload_pages::came(cx.form, row.name()) { BackgroundKind::Upload.word().to_owned() } else { field(row.name()) };
    let background = |row: Row| EnteredBackground { choice: choice(row), color: field(row.color()) };
    Entered {
        devices: field("devices_named"),
        portal: background(Row::Portal),
        clients: background(Row::Clients),
        accent_choice: field("accent_choice"),
        accent: field("accent"),
        title: field("title"),
        support: field("support"),
        no_logo: cx.form.ticked("no_logo") && !upload_pages::came(cx.form, upload_pages::LOGO),
    }
}

/// BRA-5: **Update preview** keeps a draft, **Save** shows it to everybody it is for.
fn change(cx: &Cx<'_>) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    let entered = entered(cx);
    let saves = cx.form.get("step") == "save";
    // Before the transaction: a picture may take two seconds.
    let uploads = Uploads::of(cx.form);
    cx.submit(
        |tx| {
            let (live, draft) = actions::state(tx, by.partner())?;
            actions::same_as_seen(cx.form.get("seen"), &live, draft.as_ref())?;
            let pictures = uploads.keep(tx, &by, Pictures::of(&draft.unwrap_or(live).global))?;
            let global = entered.parse(&pictures, uploads.errors.clone())?;
            let sentence = if saves {
                if actions::save(tx, &by, &global)? {
                    "Saved. Your sign-in page and users of organizations with custom branding show it from now on."
                } else {
                    "Nothing was changed."
                }
            } else if actions::draft(tx, &by, &global)? {
                "The preview is up to date. Nobody else sees it until you save."
            } else {
                "This is what is shown already."
            };
            Ok(Done::said(HERE, sentence))
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

/// A style sheet or a picture: with its own type, for ever, and never as a document of ours.
fn serve(cx: &Cx<'_>) -> Result<Response> {
    let name = cx.param_text("file")?;
    let (kind, bytes) = cx.read(|db| files_store::file(db, name))?;
    Response { status: 200, headers: Vec::new(), body: bytes, stored: None }
        .with("Content-Type", kind.content_type())?
        .with("Cache-Control", CACHE_CONTROL)?
        .with("Content-Disposition", "attachment")?
        .with("Content-Security-Policy", "sandbox; default-src 'none'")
}
