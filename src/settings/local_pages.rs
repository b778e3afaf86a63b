//! One's own view of devices (BRA-3): Account Settings → Display, and for the primary account the same on Customize → Local.

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
    Route::get("/account/display/example", Access::SignedIn, follow),
    Route::get(LOCAL, PRIMARY, show),
    Route::post(LOCAL, PRIMARY, save),
];

/// Which of both was asked for.
fn here(cx: &Cx<'_>) -> &'static str {
    if cx.request.path == LOCAL { LOCAL } else { HERE }
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, None, &Problem::default())
}

/// The page's example by what stands in its fields, while somebody fills them in; by what is saved where that makes no sense yet.
fn follow(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let view = match entered(|name| cx.query(name)).parse() {
        Ok((view, _)) => view,
        Err(_) => cx.read(|db| accounts::identities_store::local_view(db, person.identity))?,
    };
    Ok(Response::html(200, local_views::example(&view)))
}

fn entered(field: impl Fn(&str) -> String) -> Entered {
    Entered {
        sort: field("devices_by"),
        storage: field("storage_as"),
        warn_hours: field("backup_warn_hours"),
        fail_hours: field("backup_fail_hours"),
        per_page: field("devices_per_page"),
        theme: field("theme"),
    }
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
    if here(cx) == LOCAL {
        let tabs = global_views::tab_row(global_views::Shown::Local);
        let sheet = Sheet { title: "Customize", crumbs: vec![("Admin", String::new())], ..Sheet::default() };
        cx.page(sheet, &html! { (tabs) (content) })
    } else {
        let tabs = views::tab_row(views::Shown::Display);
        let customize = cx.may(Right::AccountSettings).then(local_views::way_to_customize);
        cx.page(
            Sheet { title: "Account Settings", ..Sheet::default() },
            &html! { (tabs) (content) @if let Some(way) = customize { (way) } },
        )
    }
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let entered = entered(|name| cx.form.get(name).to_owned());
    cx.submit(
        |tx| {
            let (view, theme) = entered.parse()?;
            let changed = actions::set_local_view(tx, &by, &view, theme)?;
            Ok(Done::said(here(cx), if changed { "Your view of devices is saved." } else { "Nothing was changed." }))
        },
        |problem| draw(cx, Some(&entered), problem),
    )
}
