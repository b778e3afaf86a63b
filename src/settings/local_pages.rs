//! Account Settings → Display (BRA-3).

use crate::access::model::Access;
use crate::accounts;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::settings::actions;
use crate::settings::local_model::Entered;
use crate::settings::local_views::{self, Display};

/// Where one chooses how one sees devices.
pub const HERE: &str = "/account/display";

/// The routes.
pub const ROUTES: &[Route] = &[Route::get(HERE, Access::SignedIn, show), Route::post(HERE, Access::SignedIn, save)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, None, &Problem::default())
}

fn draw(cx: &Cx<'_>, entered: Option<&Entered>, problem: &Problem) -> Result<Response> {
    let person = cx.person()?;
    let view = cx.read(|db| accounts::identities_store::local_view(db, person.identity))?;
    let now = Entered::of(&view);
    let page = Display {
        entered: entered.unwrap_or(&now),
        view: &view,
        problem: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
    };
    cx.page(Sheet { title: "Account Settings", ..Sheet::default() }, &local_views::display(&page))
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let field = |name: &str| cx.form.get(name).to_owned();
    let entered = Entered {
        sort: field("devices_by"),
        storage: field("storage_as"),
        warn_hours: field("backup_warn_hours"),
        fail_hours: field("backup_fail_hours"),
        per_page: field("devices_per_page"),
    };
    cx.submit(
        |tx| {
            let changed = actions::set_local_view(tx, &by, &entered.parse()?)?;
            Ok(Done::said(HERE, if changed { "Your view of devices is saved." } else { "Nothing was changed." }))
        },
        |problem| draw(cx, Some(&entered), problem),
    )
}
