//! The dialogs that link devices or networks to an organization, and unlink them.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::devices::model::Device;
use crate::kernel::db::Reader;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::form as kit;
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text;
use crate::linking::actions::{self, Kept};
use crate::linking::model::{Nothing, filled_in};
use crate::linking::views::{self, LinkDialog};
use crate::networks::model::Network;
use crate::organizations;
use crate::page::{Cx, Done, Problem, Route, Sheet};

const MANAGE: Access = Access::Employee(Right::ManageOrganizations);

/// The slice's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/organizations/{organization}/networks/link", MANAGE, link_dialog::<Network>),
    Route::post("/organizations/{organization}/networks/link", MANAGE, link::<Network>),
    Route::get("/organizations/{organization}/networks/{network}/unlink", MANAGE, unlink_dialog::<Network>),
    Route::post("/organizations/{organization}/networks/{network}/unlink", MANAGE, unlink::<Network>),
    Route::get("/organizations/{organization}/devices/link", MANAGE, link_dialog::<Device>),
    Route::post("/organizations/{organization}/devices/link", MANAGE, link::<Device>),
    Route::get("/organizations/{organization}/devices/{device}/unlink", MANAGE, unlink_dialog::<Device>),
    Route::post("/organizations/{organization}/devices/{device}/unlink", MANAGE, unlink::<Device>),
];

/// Rows in the dialog at once, and those chosen before.
const PICKS: usize = 50;
/// Linked ones named when no unlinked one is found.
const LINKED_ONES: usize = 3;
/// Longest search, in characters.
const WORDS: usize = 120;

fn link_dialog<T: Kept>(cx: &Cx<'_>) -> Result<Response> {
    draw_link_dialog::<T>(cx, &Problem::default())
}

fn draw_link_dialog<T: Kept>(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let words: String = searched(cx).chars().take(WORDS).collect();
    let (organization, mut found, mut chosen, nothing) = cx.read(|db| {
        let organization = organizations::store::find(db, by.scope(), id)?;
        let found = T::waiting(db, by.scope(), organization.partner, &words, PICKS + 1)?;
        let nothing = if found.is_empty() { Some(why_nothing(cx, db, &by, organization.partner, &words)?) } else { None };
        let chosen = chosen::<T>(cx, db, &by, organization.partner)?;
        Ok((organization, found, chosen, nothing))
    })?;
    if cx.query("fill") == "1"
        && let Some(one) = filled_in(&found, &words)
        && !chosen.iter().any(|known| known.id() == one.id())
    {
        chosen.push(one.clone());
    }
    let more = found.len() > PICKS;
    found.truncate(PICKS);
    found.retain(|one| !chosen.iter().any(|known| known.id() == one.id()));
    let dialog = LinkDialog {
        organization: id,
        words: &words,
        chosen: &chosen,
        found: &found,
        nothing: nothing.as_ref(),
        more,
        hidden: html! { (cx.form_id()?) (kit::hidden("q", &words)) (problem.summary()) },
        times: &cx.times(),
    };
    let sheet = Sheet { title: T::WORDS.title, crumbs: crumbs(&organization.name, id), ..Sheet::default() };
    let intro = html! { "Choose the " (T::WORDS.many) " that are " (organization.name) "'s. Enter fills in the one that is found." };
    cx.dialog(sheet, Some(intro), &views::link_dialog(&dialog))
}

/// What is searched; a form that comes back says it too.
fn searched(cx: &Cx<'_>) -> String {
    let sent = cx.form.get("q");
    if sent.is_empty() { cx.query("q") } else { sent.to_owned() }
}

fn crumbs(name: &str, organization: OrganizationId) -> Vec<(&str, String)> {
    vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned()), (name, format!("/organizations/{organization}"))]
}

/// What was filled in or ticked before, in that order; what is linked meanwhile, or not of this partner, is left out.
fn chosen<T: Kept>(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, partner: PartnerId) -> Result<Vec<T>> {
    let name = T::WORDS.one;
    let asked = cx.request.params(name).chain(cx.form.all(name).map(str::to_owned)).filter_map(|text| text.parse().ok());
    let mut chosen: Vec<T> = Vec::new();
    for id in asked.take(PICKS) {
        match T::find(db, by.scope(), id) {
            Ok(one) if one.partner() == partner && one.organization().is_none() => {
                if !chosen.iter().any(|known| known.id() == id) {
                    chosen.push(one);
                }
            }
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(chosen)
}

fn why_nothing<T: Kept>(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, partner: PartnerId, words: &str) -> Result<Nothing<T>> {
    if !T::any(db, by.scope(), partner)? {
        return Ok(Nothing::None { may_import: Access::Unlimited(Right::RunPortal).admits(cx.visitor) });
    }
    if words.trim().is_empty() {
        return Ok(Nothing::AllLinked);
    }
    Ok(Nothing::NotFound { linked: T::taken(db, by.scope(), partner, words, LINKED_ONES)? })
}

fn link<T: Kept>(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let wanted = cx.form.all(T::WORDS.one).map(str::parse).collect::<Result<Vec<T::Id>>>()?;
    cx.submit(
        |tx| {
            let (things, organization) = actions::link::<T>(tx, &by, id, &wanted)?;
            Ok(linked(&things, &organization.name, id))
        },
        |problem| draw_link_dialog::<T>(cx, problem),
    )
}

fn linked<T: Kept>(things: &[T], organization: &str, id: OrganizationId) -> Done {
    let words = T::WORDS;
    let count = text::counted(i64::try_from(things.len()).unwrap_or(i64::MAX), words.one, words.many);
    let done = |what: &str| {
        Done::said(words.card_href(id), format!("Linked {count} to {organization}{what}.")).then(words.title, words.link_href(id))
    };
    match things {
        [only] => done(&format!(": {}", only.name())).then("Unlink", words.unlink_href(id, only.id())),
        _ => done(""),
    }
}

fn unlink_dialog<T: Kept>(cx: &Cx<'_>) -> Result<Response> {
    draw_unlink_dialog::<T>(cx, &Problem::default())
}

fn draw_unlink_dialog<T: Kept>(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let (id, one): (OrganizationId, T::Id) = (cx.param("organization")?, cx.param(T::WORDS.one)?);
    let (organization, one) = cx.read(|db| Ok((organizations::store::find(db, by.scope(), id)?, T::find(db, by.scope(), one)?)))?;
    if !problem.any() && !one.is_linked_to(id) {
        return Err(Error::NotFound);
    }
    let title = format!("Unlink {}?", one.name());
    let sheet = Sheet { title: &title, crumbs: crumbs(&organization.name, id), ..Sheet::default() };
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    cx.dialog(sheet, None, &views::unlink_dialog((id, &organization.name), &one, &hidden))
}

fn unlink<T: Kept>(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, one): (OrganizationId, T::Id) = (cx.param("organization")?, cx.param(T::WORDS.one)?);
    cx.submit(
        |tx| {
            let (one, organization) = actions::unlink::<T>(tx, &by, id, one)?;
            let words = T::WORDS;
            let sentence = format!("Unlinked {} from {}. {}.", one.name(), organization.name, words.stays);
            Ok(Done::said(words.card_href(id), sentence).then(words.title, words.link_href(id)))
        },
        |problem| draw_unlink_dialog::<T>(cx, problem),
    )
}
