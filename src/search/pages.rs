//! The search's page and its suggestions.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::guides::texts;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::text;
use crate::networks;
use crate::page::menu::MENU;
use crate::page::{Cx, Route, Sheet};
use crate::search::model::{Found, Place, WORDS, answer, guides};
use crate::search::{store, views};

/// The search's routes.
pub const ROUTES: &[Route] =
    &[Route::get("/search", Access::SignedIn, results), Route::get("/search/suggestions", Access::SignedIn, suggestions)];

/// Results of a kind on the page.
const ON_PAGE: usize = 20;
/// Suggestions of a kind.
const SUGGESTED: usize = 4;
/// Longest query that is looked for, in characters.
const LONGEST: usize = 200;

fn results(cx: &Cx<'_>) -> Result<Response> {
    let query = query(cx);
    let found = find(cx, &query, ON_PAGE)?;
    cx.page(Sheet { title: "Search", ..Sheet::default() }, &views::page(&found, &query))
}

fn suggestions(cx: &Cx<'_>) -> Result<Response> {
    let query = query(cx);
    let found = find(cx, &query, SUGGESTED)?;
    Ok(Response::html(200, views::suggestions(&found, &query)))
}

fn query(cx: &Cx<'_>) -> String {
    cx.query("q").trim().chars().take(LONGEST).collect()
}

/// Looks only for what the visitor may open.
fn find(cx: &Cx<'_>, query: &str, limit: usize) -> Result<Found> {
    let key = text::key(query);
    let scope = cx.signed_in()?.scope();
    if key.is_empty() {
        return Ok(Found::default());
    }
    let manager = cx.may(Right::ManageOrganizations);
    let staff = cx.may(Right::ManageEmployees);
    let viewer = Access::SaasViewer.admits(cx.visitor);
    // EMP-3: a hit leads to the device's page.
    let devices = Access::DeviceViewer.admits(cx.visitor);
    cx.read(|db| {
        Ok(Found {
            places: places(cx, &key, limit),
            organizations: if manager { store::organizations(db, &scope, &key, limit)? } else { Vec::new() },
            users: if manager { store::users(db, &scope, &key, limit)? } else { Vec::new() },
            employees: if staff { store::employees(db, scope.viewer(), &key, limit)? } else { Vec::new() },
            saas: if viewer { store::saas(db, &scope, &key, limit)? } else { Vec::new() },
            networks: if manager { networks::store::like(db, &scope, &key, limit)? } else { Vec::new() },
            devices: if devices { store::devices(db, &scope, &key, limit)? } else { Vec::new() },
            guides: guides(texts::ALL.iter().filter(|guide| guide.is_for(cx.visitor)), &key).into_iter().take(limit).collect(),
        })
    })
}

/// Places the visitor may open, by label and by older word, the best fit first.
fn places(cx: &Cx<'_>, key: &str, limit: usize) -> Vec<Place> {
    let menu = MENU.iter().filter(|place| place.access.admits(cx.visitor)).filter_map(|place| {
        answer(place.label, if place.section == place.label { "" } else { place.section }, place.href, place.older, key)
    });
    let words = WORDS
        .iter()
        .filter(|word| word.access.admits(cx.visitor))
        .filter_map(|word| answer(word.label, word.way, word.href, word.older, key));
    let mut found: Vec<(u8, Place)> = menu.chain(words).collect();
    found.sort_by_key(|(fit, _)| *fit);
    found.into_iter().map(|(_, place)| place).take(limit).collect()
}
