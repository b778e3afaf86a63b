//! `/v1/report/activity-log`, for scripts.

use crate::access::roles_model::Right;
use crate::activity::served_model::{Activity, Asked, since};
use crate::activity::served_store;
use crate::kernel::db::Read as _;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::json::{self, Paging};
use crate::kernel::text;
use crate::page::{Cx, Route};

/// The routes.
pub const ROUTES: &[Route] = &[Route::read("/v1/report/activity-log", Right::RunPortal, log)];

/// Events on a page.
const PER_PAGE: i64 = 25;
/// Farther back than any portal goes.
const LONGEST: i64 = 1_000_000;
/// The longest words that are looked for, in characters.
const WORDS: usize = 254;

fn log(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.script()?.scope();
    let paging = Paging::read(cx.request, PER_PAGE)?;
    let count = json::number(cx.request, &["since"], 1, (1, LONGEST))?;
    let words = |name: &str| text::line(&cx.query(name), WORDS).map_err(|sentence| Error::refused(format!("{name}: {sentence}")));
    let types = words("targetType")?;
    let (target, user, client_name) = (words("target")?, words("user")?, words("clientName")?);
    let target_types: Vec<String> = types.split(',').map(str::trim).filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect();
    let units = cx.query("sinceUnits");
    let (events, all) = cx.read(|db| {
        let from = since(count, &units, db.now())?;
        let asked = Asked { from, target, target_types, user, client_name };
        served_store::page(db, &scope, &asked, (paging.skipped(), paging.per_page))
    })?;
    json::answer(&paging.envelope(events.into_iter().map(Activity::of).collect(), all))
}
