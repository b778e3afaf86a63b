//! One's own view of devices (BRA-3): Customize → Local for the primary account, Account Settings → Display for everybody else.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::accounts;
use crate::branding::global_views;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::settings::actions;
use crate::settings::local_model::Entered;
use crate::settings::local_views::{self, Display};
use crate::settings::model::Look;
use crate::settings::views;

/// Where one chooses how one sees devices.
pub const HERE: &str = "/account/display";
/// Where the primary account does.
pub const LOCAL: &str = "/branding/local";

const PRIMARY: Access = Access::Employee(Right::AccountSettings);

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get(HERE, Access::SignedIn, show),
    Route::post(HERE, Access::SignedIn, save),
    Route::get(LOCAL, PRIMARY, show),
    Route::post(LOCAL, PRIMARY, save),
];

/// Where this person does.
fn here(cx: &Cx<'_>) -> &'static str {
    if cx.may(Right::AccountSettings) { LOCAL } else { HERE }
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    if cx.request.path == here(cx) { draw(cx, None, &Problem::default()) } else { Response::see_other(here(cx)) }
}

fn draw(cx: &Cx<'_>, entered: Option<&Entered>, problem: &Problem) -> Result<Response> {
    let person = cx.person()?;
    let view = cx.read(|db| accounts::identities_store::local_view(db, person.identity))?;
    let now = Entered::of(&view, Look::from_word(&person.theme).unwrap_or(Look::Auto));
    let page = Display {
        action: here(cx),
        entered: entered.unwrap_or(&now),
        view: &view,
        problem: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
    };
    let content = local_views::display(&page);
    if cx.may(Right::AccountSettings) {
        let tabs = global_views::tab_row(global_views::Shown::Local);
        let sheet = Sheet { title: "Customize", crumbs: vec![("Admin", String::new())], ..Sheet::default() };
        cx.page(sheet, &html! { (tabs) (content) })
    } else {
        let tabs = views::tab_row(views::Shown::Display);
        cx.page(Sheet { title: "Account Settings", ..Sheet::default() }, &html! { (tabs) (content) })
    }
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
        theme: field("theme"),
    };
    cx.submit(
        |tx| {
            let (view, theme) = entered.parse()?;
            let changed = actions::set_local_view(tx, &by, &view, theme)?;
            Ok(Done::said(here(cx), if changed { "Your view of devices is saved." } else { "Nothing was changed." }))
        },
        |problem| draw(cx, Some(&entered), problem),
    )
}
