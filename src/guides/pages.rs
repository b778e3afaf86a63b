//! The guides' pages.

use crate::access::model::Access;
use crate::guides::model::Guide;
use crate::guides::{texts, views};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::page::{Cx, Route, Sheet};

/// The guides' addresses.
pub const ROUTES: &[Route] = &[Route::get("/guides", Access::SignedIn, list), Route::get("/guides/{guide}", Access::SignedIn, guide)];

fn list(cx: &Cx<'_>) -> Result<Response> {
    let guides: Vec<&Guide> = texts::ALL.iter().filter(|guide| guide.is_for(cx.visitor)).collect();
    cx.page(
        Sheet { title: "Guides", crumbs: vec![("Help", String::new()), ("Guides", String::new())], ..Sheet::default() },
        &views::list(&guides),
    )
}

fn guide(cx: &Cx<'_>) -> Result<Response> {
    let slug = cx.param_text("guide")?;
    let guide = texts::ALL.iter().find(|guide| guide.slug == slug && guide.is_for(cx.visitor)).ok_or(Error::NotFound)?;
    let crumbs = vec![("Help", String::new()), ("Guides", "/guides".to_owned())];
    cx.page(Sheet { title: guide.title, crumbs, ..Sheet::default() }, &views::guide(guide))
}
