//! Admin → Integrations → API Keys.

use std::cell::RefCell;

use maud::Markup;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::assets;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::keys::model::{Entered, Key, NewKey};
use crate::keys::secret_model::Fresh;
use crate::keys::views::{self, CreateForm, LIST, ListPage};
use crate::keys::{actions, store};
use crate::page::{Cx, Done, Problem, Route, Sheet};

const ACCESS: Access = Access::Employee(Right::RunPortal);

/// Organizations offered while one types; any other is found by its whole name or ID all the same.
const OFFERED: i64 = 500;

/// The routes of this slice.
pub const ROUTES: &[Route] = &[
    Route::get("/api-keys", ACCESS, list),
    Route::get("/api-keys/new", ACCESS, new),
    Route::post("/api-keys/new", ACCESS, create).dangerous(),
    Route::get("/api-keys/{key}/regeneration", ACCESS, show_regenerate),
    Route::post("/api-keys/{key}/regeneration", ACCESS, regenerate).dangerous(),
    Route::get("/api-keys/{key}/deactivation", ACCESS, show_deactivate),
    Route::post("/api-keys/{key}/deactivation", ACCESS, deactivate).dangerous(),
    Route::post("/api-keys/{key}/reactivation", ACCESS, reactivate).dangerous(),
    Route::get("/api-keys/{key}/deletion", ACCESS, show_delete),
    Route::post("/api-keys/{key}/deletion", ACCESS, delete).dangerous(),
    Route::get("/api/openapi.json", Access::Anyone, description),
];

/// What scripts can ask of Portico's own addresses, as `OpenAPI` 3.1 (api.md). It tells nothing of anybody, so a tool needs no key to read it.
fn description(_: &Cx<'_>) -> Result<Response> {
    let asset = assets::find(assets::href("openapi.json")).ok_or(Error::NotFound)?;
    Ok(Response::json(200, asset.plain.clone()))
}

fn list(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let keys = cx.read(|db| store::list(db, by.scope()))?;
    let seed = cx.portal.world.tokens.token()?;
    let content = views::page(&ListPage { keys: &keys, hand: actions::hand(&by), times: &cx.times(), seed: &seed });
    let sheet = Sheet {
        title: "API Keys",
        crumbs: vec![("Admin", String::new()), ("Integrations", String::new())],
        actions: Some(views::create_button()),
        wide: true,
        ..Sheet::default()
    };
    cx.page(sheet, &content)
}

/// The surroundings of a dialog.
fn sheet(title: &str) -> Sheet<'_> {
    let crumbs = vec![("Admin", String::new()), ("Integrations", String::new()), ("API Keys", LIST.to_owned())];
    Sheet { title, crumbs, ..Sheet::default() }
}

fn new(cx: &Cx<'_>) -> Result<Response> {
    let blank = Entered { reach: "partner".to_owned(), lifetime: "90".to_owned(), ..Entered::default() };
    draw_create(cx, &blank, &Problem::default())
}

fn draw_create(cx: &Cx<'_>, entered: &Entered, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let organizations = cx.read(|db| store::organization_names(db, by.scope(), OFFERED))?;
    let form =
        CreateForm { entered, hidden: cx.form_id()?, summary: problem.summary(), errors: &problem.fields, organizations: &organizations };
    cx.dialog(sheet("Create API Key"), None, &views::create_form(&form))
}

/// A POST whose answer carries the secret; what it did commits first.
fn create(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let field = |name: &str| cx.form.get(name).to_owned();
    let entered = Entered {
        name: field("name"),
        reach: field("reach"),
        organization: field("organization"),
        lifetime: field("lifetime"),
        date: field("date"),
    };
    let work = |tx: &Tx<'_>| {
        let parsed = entered.parse(&cx.times().zone, tx.now());
        let organization = organization(tx, cx, &entered);
        let ((name, expires_at), organization) = match (parsed, organization) {
            (Ok(parsed), Ok(organization)) => (parsed, organization),
            (Err(Error::Invalid(mut fields)), Err(Error::Invalid(more))) => {
                fields.0.extend(more.0);
                return Err(Error::Invalid(fields));
            }
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        actions::create(tx, &by, &NewKey { name, organization, expires_at })
    };
    shown_once(cx, work, |problem| draw_create(cx, &entered, problem))
}

/// The organization that the key is for, if it is for one.
fn organization(db: &impl Read, cx: &Cx<'_>, entered: &Entered) -> Result<Option<OrganizationId>> {
    if entered.reach != "organization" {
        return Ok(None);
    }
    let words = text::line(&entered.organization, 250).map_err(|sentence| Error::field("organization", sentence))?;
    if words.is_empty() {
        return Err(Error::field("organization", "Enter the organization's ID or whole name."));
    }
    let meant = store::meant(db, cx.manager()?.scope(), words.replace('-', "").parse().ok(), &text::key(&words))?;
    let (id, _) = meant.ok_or_else(|| Error::field("organization", format!("No organization of yours has the ID or the name {words}.")))?;
    Ok(Some(id))
}

/// Does the work that makes a secret, and answers with the page that shows it. The same form sent again leads to the list instead.
fn shown_once(
    cx: &Cx<'_>,
    work: impl FnOnce(&Tx<'_>) -> Result<Fresh>,
    redraw: impl FnOnce(&Problem) -> Result<Response>,
) -> Result<Response> {
    let made = RefCell::new(None);
    let response = cx.submit(
        |tx| {
            *made.borrow_mut() = Some(work(tx)?);
            Ok(Done::said(LIST, "This secret was made already, and is not shown again. Regenerate it if you have not kept it."))
        },
        redraw,
    )?;
    match made.into_inner() {
        Some(fresh) if response.status == 303 => {
            let card = parts::card("secret", &fresh.name, None, None, parts::padded(&parts::stack(&views::fresh(&fresh))));
            cx.page(sheet("Your API key"), &card)
        }
        _ => Ok(response),
    }
}

/// A dialog about one key that this person may handle.
fn dialog(cx: &Cx<'_>, verb: &str, draw: fn(&Key, &Markup) -> Markup) -> Result<Response> {
    let (by, id) = (cx.manager()?, cx.param("key")?);
    let key = cx.read(|db| store::find(db, by.scope(), id))?;
    let content = if key.may_be_handled_by(actions::hand(&by)) {
        draw(&key, &cx.form_id()?)
    } else {
        views::not_yours(&format!("{} is a key of {}, whose role is not beneath yours.", key.name, key.maker.name))
    };
    cx.dialog(sheet(&format!("{verb} {}", key.name)), None, &content)
}

fn show_regenerate(cx: &Cx<'_>) -> Result<Response> {
    dialog(cx, "Regenerate", views::regenerate_form)
}

fn regenerate(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (cx.manager()?, cx.param("key")?);
    let key = cx.read(|db| store::find(db, by.scope(), id))?;
    shown_once(
        cx,
        |tx| actions::regenerate(tx, &by, id),
        |problem| {
            let content = maud::html! { (problem.summary()) (views::not_yours("Nothing was changed.")) };
            cx.dialog(sheet(&format!("Regenerate {}", key.name)), None, &content)
        },
    )
}

fn show_deactivate(cx: &Cx<'_>) -> Result<Response> {
    dialog(cx, "Deactivate", views::deactivate_form)
}

fn deactivate(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (cx.manager()?, cx.param("key")?);
    cx.press(LIST, |tx| {
        let key = actions::deactivate(tx, &by, id)?;
        Ok(Done::said(LIST, format!("Deactivated {}. Scripts that use it are refused.", key.name)))
    })
}

fn reactivate(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (cx.manager()?, cx.param("key")?);
    cx.press(LIST, |tx| {
        let key = actions::reactivate(tx, &by, id)?;
        Ok(Done::said(LIST, format!("Reactivated {}.", key.name)))
    })
}

fn show_delete(cx: &Cx<'_>) -> Result<Response> {
    dialog(cx, "Delete", views::delete_form)
}

fn delete(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (cx.manager()?, cx.param("key")?);
    cx.press(LIST, |tx| {
        let key = actions::delete(tx, &by, id)?;
        Ok(Done::said(LIST, format!("Deleted {}. Scripts that use it are refused.", key.name)))
    })
}
