//! Admin → Addresses in other products (ACC-12).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::addresses::model::Address;
use crate::addresses::views::{self, ListPage};
use crate::addresses::{actions, store};
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::AddressId;
use crate::page::{Cx, Done, Problem, Route, Sheet};

/// EMP-4: the list is the whole partner's, and names e-mails of any organization.
const ACCESS: Access = Access::Unlimited(Right::RunPortal);
const HERE: &str = "/addresses";

/// The list's addresses.
pub const ROUTES: &[Route] =
    &[Route::get(HERE, ACCESS, show), Route::post(HERE, ACCESS, add), Route::post("/addresses/{address}/removal", ACCESS, remove)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, &Problem::default())
}

fn draw(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let partner = cx.manager()?.scope().viewer();
    let words: String = cx.query("q").trim().chars().take(200).collect();
    let after = cx.query("after");
    let ((rows, next), count) = cx.read(|db| Ok((store::page(db, partner, &words, &after)?, store::count(db, partner)?)))?;
    let mut forms = Vec::new();
    for _ in &rows {
        forms.push(cx.fresh_form_id()?);
    }
    let page = ListPage {
        rows: &rows,
        forms: &forms,
        count,
        words: &words,
        later: !after.is_empty(),
        next: next.as_deref(),
        email: cx.form.get("email"),
        product: cx.form.get("product"),
        problem: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
    };
    let crumbs = vec![("Admin", String::new()), ("Addresses in other products", String::new())];
    cx.page(Sheet { title: "Addresses in other products", crumbs, ..Sheet::default() }, &views::page(&page))
}

fn add(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    cx.submit(
        |tx| {
            let address = Address::parse(cx.form.get("email"), cx.form.get("product"))?;
            actions::add(tx, &by, &address)?;
            Ok(Done::said(HERE, format!("Listed {}. Whoever has it here keeps it.", address.email)))
        },
        |problem| draw(cx, problem),
    )
}

fn remove(cx: &Cx<'_>) -> Result<Response> {
    let (by, address): (_, AddressId) = (cx.manager()?, cx.param("address")?);
    cx.press(HERE, |tx| {
        let gone = actions::remove(tx, &by, address)?;
        Ok(Done::said(HERE, format!("Took {} off the list of {}.", gone.email, gone.product)))
    })
}
