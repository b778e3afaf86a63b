//! The list of the slices' route tables, and the match.

use crate::kernel::error::{Error, Result};
use crate::kernel::http::{Method, Request, is_for_scripts};
use crate::page::Route;

/// Every route, by slice.
#[rustfmt::skip] // one line a slice
pub const TABLES: &[&[Route]] = &[
    crate::access::pages::ROUTES,
    crate::accounts::pages::ROUTES,
    crate::factors::sign_in_pages::ROUTES,
    crate::factors::pages::ROUTES,
    crate::notifications::pages::ROUTES,
    crate::organizations::list_pages::ROUTES,
    crate::organizations::bulk_pages::ROUTES,
    crate::organizations::pages::ROUTES,
    crate::organizations::new_pages::ROUTES,
    crate::subscriptions::pages::ROUTES,
    crate::subscriptions::life_pages::ROUTES,
    crate::subscriptions::receipt_pages::ROUTES,
    crate::subscriptions::price_pages::ROUTES,
    crate::search::pages::ROUTES,
    crate::activity::pages::ROUTES,
    crate::mail::pages::ROUTES,
    crate::mail::settings_pages::ROUTES,
    crate::home::pages::ROUTES,
    crate::guides::pages::ROUTES,
    crate::partners::pages::ROUTES,
    crate::subpartners::pages::ROUTES,
    crate::settings::pages::ROUTES,
    crate::settings::local_pages::ROUTES,
    crate::branding::pages::ROUTES,
    crate::branding::preview_pages::ROUTES,
    crate::employees::pages::ROUTES,
    crate::groups::pages::ROUTES,
    crate::security::pages::ROUTES,
    crate::addresses::pages::ROUTES,
    crate::users::pages::ROUTES,
    crate::users::support_pages::ROUTES,
    crate::saas::pages::ROUTES,
    crate::saas::status_pages::ROUTES,
    crate::saas::mapping_pages::ROUTES,
    crate::saas::account_pages::ROUTES,
    crate::seats::pages::ROUTES,
    crate::networks::pages::ROUTES,
    crate::endpoints::status_pages::ROUTES,
    crate::restores::pages::ROUTES,
    crate::devices::pages::ROUTES,
    crate::linking::pages::ROUTES,
    crate::devices::status_pages::ROUTES,
    crate::alerts::pages::ROUTES,
    crate::licenses::pages::ROUTES,
    crate::statements::pages::ROUTES,
    crate::statements::reconcile_pages::ROUTES,
    crate::saas::adding_pages::ROUTES,
    crate::saas::console_pages::ROUTES,
    crate::saas::authorizing_pages::ROUTES,
    crate::saas::terms_pages::ROUTES,
    crate::tasks::list_pages::ROUTES,
    crate::tasks::pages::ROUTES,
    crate::tasks::launchpad_pages::ROUTES,
    crate::audits::pages::ROUTES,
    crate::transfers::pages::ROUTES,
    crate::transfers::asking_pages::ROUTES,
    crate::imports::pages::ROUTES,
    crate::keys::pages::ROUTES,
    crate::upkeep::pages::ROUTES,
    crate::design::pages::ROUTES,
];

/// The routes for scripts (`/v1`), which no session opens, by slice.
#[rustfmt::skip] // one line a slice
pub const SCRIPTS: &[&[Route]] = &[
    crate::saas::api::ROUTES,
    crate::seats::api::ROUTES,
    crate::devices::api::ROUTES,
    crate::endpoints::api::ROUTES,
    crate::activity::api::ROUTES,
    crate::tasks::api::ROUTES,
];

/// Every route for scripts in one row.
pub fn for_scripts() -> impl Iterator<Item = &'static Route> {
    SCRIPTS.iter().copied().flatten()
}

/// The table that an address is looked up in.
fn table(path: &str) -> impl Iterator<Item = &'static Route> {
    if is_for_scripts(path) { SCRIPTS } else { TABLES }.iter().copied().flatten()
}

/// Every route for people in one row.
pub fn all() -> impl Iterator<Item = &'static Route> {
    TABLES.iter().copied().flatten()
}

/// A route that fits, with its path's values.
#[derive(Debug)]
pub struct Found {
    /// The row.
    pub route: &'static Route,
    /// Decoded values of `{names}`.
    pub params: Vec<(&'static str, String)>,
}

/// The route of a request; a literal segment beats a `{name}`. `NotFound` when none fits.
pub fn find(request: &Request) -> Result<Found> {
    let method = if request.method == Method::Head { Method::Get } else { request.method };
    let mut best: Option<(usize, Found)> = None;
    for route in table(&request.path).filter(|route| route.method == method) {
        if let Some(params) = fit(route.path, &request.path)
            && best.as_ref().is_none_or(|(names, _)| params.len() < *names)
        {
            best = Some((params.len(), Found { route, params }));
        }
    }
    best.map(|(_, found)| found).ok_or(Error::NotFound)
}

/// How large a script's body may be, in bytes; a hundred ids take a fiftieth of it.
const SCRIPT_LIMIT: usize = 256 * 1024;

/// How large a body may be for this method and path; `None` where there is nothing.
pub fn body_limit(method: Method, path: &str) -> Option<usize> {
    if is_for_scripts(path) {
        // A script that is at a wrong address hears so, whatever it sends there.
        return Some(SCRIPT_LIMIT);
    }
    let method = if method == Method::Head { Method::Get } else { method };
    table(path).filter(|route| route.method == method && fit(route.path, path).is_some()).map(|route| route.body_limit).max()
}

fn fit(pattern: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    // Most have no name in them, and most do not fit.
    if !pattern.contains('{') {
        return (pattern == path).then(Vec::new);
    }
    let mut params = Vec::new();
    let mut wanted = pattern.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(params),
            (Some(want), Some(have)) => match want.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(_) if have.is_empty() => return None,
                Some(name) => params.push((name, percent_encoding::percent_decode_str(have).decode_utf8().ok()?.into_owned())),
                None if want == have => {}
                None => return None,
            },
            _ => return None,
        }
    }
}
