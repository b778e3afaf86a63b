//! The dialog that sets the address of the vendor's own console (SAS-11).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::web::WebAddress;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::partners;
use crate::saas::console_actions as actions;
use crate::saas::console_views as views;

const CHANGES: Access = Access::Unlimited(Right::ChangeSaas);

/// The dialog's address.
pub const ROUTES: &[Route] = &[Route::get(views::HERE, CHANGES, show), Route::post(views::HERE, CHANGES, save)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let now = cx.read(|db| partners::store::vendor_console(db, by.scope().viewer()))?.unwrap_or_default();
    draw(cx, &now, &Problem::default())
}

fn draw(cx: &Cx<'_>, typed: &str, problem: &Problem) -> Result<Response> {
    let sheet = Sheet {
        title: "Vendor console",
        crumbs: vec![("Status", String::new()), ("SaaS Protection Status", "/status/saas".to_owned())],
        ..Sheet::default()
    };
    cx.dialog(sheet, None, &views::form(typed, problem.of("address"), &cx.form_id()?, &problem.summary()))
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let typed = cx.form.get("address").to_owned();
    cx.submit(
        |tx| {
            let console = WebAddress::parse(&typed).map_err(|sentence| Error::field("address", sentence))?;
            let changed = actions::set(tx, &by, console.as_ref())?;
            let sentence = match (changed, console) {
                (false, _) => "Nothing was changed.",
                (true, Some(_)) => "Saved. Each account now offers to open the vendor console.",
                (true, None) => "Saved. No account offers to open a vendor console any more.",
            };
            Ok(Done::said("/status/saas", sentence))
        },
        |problem| draw(cx, &typed, problem),
    )
}
