//! The page with all parts, in the demo.

use crate::access::model::Access;
use crate::design::views;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::page::{Cx, Route, Sheet};

/// The address of the parts.
pub const ROUTES: &[Route] = &[Route::get("/design", Access::AnyEmployee, show)];

/// All parts; `NotFound` but in the demo.
fn show(cx: &Cx<'_>) -> Result<Response> {
    if !cx.portal.demo {
        return Err(Error::NotFound);
    }
    cx.page(Sheet { title: "Design", ..Sheet::default() }, &views::all(&cx.times()))
}
