//! A network's page, and the dialogs that link networks to an organization and unlink them.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::kernel::db::Reader;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{NetworkId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::networks::model::{Network, filled_in};
use crate::networks::views::{self, LinkDialog, Nothing};
use crate::networks::{actions, store};
use crate::organizations;
use crate::page::{Cx, Done, Problem, Route, Sheet};

const MANAGE: Access = Access::Employee(Right::ManageOrganizations);

/// The slice's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/networks/{network}", MANAGE, show),
    Route::get("/organizations/{organization}/networks/link", MANAGE, link_dialog),
    Route::post("/organizations/{organization}/networks/link", MANAGE, link),
    Route::get("/organizations/{organization}/networks/{network}/unlink", MANAGE, unlink_dialog),
    Route::post("/organizations/{organization}/networks/{network}/unlink", MANAGE, unlink),
];

/// Networks in the Link dialog at once, and those chosen before.
const PICKS: usize = 50;
/// Linked networks named when no unlinked one is found.
const LINKED_ONES: usize = 3;
/// Longest search, in characters.
const WORDS: usize = 120;

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: NetworkId = cx.param("network")?;
    let network = cx.read(|db| store::find(db, by.scope(), id))?;
    let crumbs = vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned())];
    cx.page(Sheet { title: &network.name, crumbs, ..Sheet::default() }, &views::page(&network, &cx.times()))
}

fn link_dialog(cx: &Cx<'_>) -> Result<Response> {
    draw_link_dialog(cx, &Problem::default())
}

fn draw_link_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let words: String = cx.query("q").chars().take(WORDS).collect();
    let (organization, mut found, mut chosen, nothing) = cx.read(|db| {
        let organization = organizations::store::find(db, by.scope(), id)?;
        let found = store::unlinked(db, by.scope(), organization.partner, &words, PICKS + 1)?;
        let nothing = if found.is_empty() { Some(why_nothing(cx, db, &by, organization.partner, &words)?) } else { None };
        let chosen = chosen(cx, db, &by, organization.partner)?;
        Ok((organization, found, chosen, nothing))
    })?;
    if cx.query("fill") == "1"
        && let Some(network) = filled_in(&found, &words)
        && !chosen.iter().any(|known| known.id == network.id)
    {
        chosen.push(network.clone());
    }
    let more = found.len() > PICKS;
    found.truncate(PICKS);
    found.retain(|network| !chosen.iter().any(|known| known.id == network.id));
    let dialog = LinkDialog {
        organization: id,
        words: &words,
        chosen: &chosen,
        found: &found,
        nothing: nothing.as_ref(),
        more,
        hidden: html! { (cx.form_id()?) (problem.summary()) },
        times: &cx.times(),
    };
    let sheet = Sheet { title: "Link Networks", crumbs: crumbs(&organization.name, id), ..Sheet::default() };
    let intro = html! { "Choose the networks that are " (organization.name) "'s. Enter fills in the one that is found." };
    cx.dialog(sheet, Some(intro), &views::link_dialog(&dialog))
}

fn crumbs(name: &str, organization: OrganizationId) -> Vec<(&str, String)> {
    vec![("Admin", String::new()), ("Manage Organizations", "/organizations".to_owned()), (name, format!("/organizations/{organization}"))]
}

/// What was filled in or ticked before, in that order; what is linked meanwhile, or not of this partner, is left out.
fn chosen(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, partner: PartnerId) -> Result<Vec<Network>> {
    let asked = cx.request.params("network").chain(cx.form.all("network").map(str::to_owned)).filter_map(|text| text.parse().ok());
    let mut chosen: Vec<Network> = Vec::new();
    for id in asked.take(PICKS) {
        match store::find(db, by.scope(), id) {
            Ok(network) if network.partner == partner && network.organization.is_none() => {
                if !chosen.iter().any(|known| known.id == id) {
                    chosen.push(network);
                }
            }
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(chosen)
}

/// Why there is nothing to tick.
fn why_nothing(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, partner: PartnerId, words: &str) -> Result<Nothing> {
    if !store::any_network(db, by.scope(), partner)? {
        return Ok(Nothing::NoNetwork { may_import: Access::Unlimited(Right::RunPortal).admits(cx.visitor) });
    }
    if words.trim().is_empty() {
        return Ok(Nothing::AllLinked);
    }
    Ok(Nothing::NotFound { linked: store::linked_like(db, by.scope(), partner, words, LINKED_ONES)? })
}

fn link(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let wanted = cx.form.all("network").map(str::parse).collect::<Result<Vec<NetworkId>>>()?;
    cx.submit(
        |tx| {
            let (networks, organization) = actions::link(tx, &by, id, &wanted)?;
            let count = text::counted(i64::try_from(networks.len()).unwrap_or(i64::MAX), "network", "networks");
            let what = match networks.as_slice() {
                [only] => format!(": {}", only.name),
                _ => String::new(),
            };
            let done = Done::said(format!("/organizations/{id}"), format!("Linked {count} to {}{what}.", organization.name))
                .then("Link Networks", views::link_href(id));
            Ok(match networks.as_slice() {
                [only] => done.then("Unlink", views::unlink_href(id, only.id)),
                _ => done,
            })
        },
        |problem| draw_link_dialog(cx, problem),
    )
}

fn unlink_dialog(cx: &Cx<'_>) -> Result<Response> {
    draw_unlink_dialog(cx, &Problem::default())
}

fn draw_unlink_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let (id, network): (OrganizationId, NetworkId) = (cx.param("organization")?, cx.param("network")?);
    let (organization, network) =
        cx.read(|db| Ok((organizations::store::find(db, by.scope(), id)?, store::find(db, by.scope(), network)?)))?;
    if !problem.any() && network.organization.as_ref().is_none_or(|(linked, _)| *linked != id) {
        return Err(Error::NotFound);
    }
    let title = format!("Unlink {}?", network.name);
    let sheet = Sheet { title: &title, crumbs: crumbs(&organization.name, id), ..Sheet::default() };
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    cx.dialog(sheet, None, &views::unlink_dialog((id, &organization.name), &network, &hidden))
}

fn unlink(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, network): (OrganizationId, NetworkId) = (cx.param("organization")?, cx.param("network")?);
    cx.submit(
        |tx| {
            let (network, organization) = actions::unlink(tx, &by, id, network)?;
            let sentence = format!("Unlinked {} from {}. The network stays.", network.name, organization.name);
            Ok(Done::said(format!("/organizations/{id}"), sentence).then("Link Networks", views::link_href(id)))
        },
        |problem| draw_unlink_dialog(cx, problem),
    )
}
