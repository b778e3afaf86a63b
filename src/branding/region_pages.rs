//! BRA-2: where a partner has no look of its own.

use maud::html;

use crate::access::witness_model::PrimaryAccount;
use crate::branding::global_views::{self, Shown};
use crate::branding::model::UNAVAILABLE;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::kernel::ids::PartnerId;
use crate::page::{Cx, Sheet};
use crate::partners;

/// Whether this partner has a look of its own.
pub fn is_available(cx: &Cx<'_>, partner: PartnerId) -> Result<bool> {
    let country = cx.read(|db| partners::store::country(db, partner))?;
    Ok(cx.portal.brands(&country))
}

/// The primary account of a partner that has one; `NotFound` for anybody else, a refusal where it is unavailable.
pub fn brander(cx: &Cx<'_>) -> Result<PrimaryAccount> {
    let by = cx.primary_account()?;
    if is_available(cx, by.partner())? { Ok(by) } else { Err(Error::refused(UNAVAILABLE)) }
}

/// Customize, where it is unavailable.
pub fn explain(cx: &Cx<'_>) -> Result<Response> {
    let content = html! {
        (global_views::tab_row(Shown::Global))
        (parts::banner(Tone::Info, UNAVAILABLE, None))
        p.lead {
            "Your pages, your sign-in page and your organizations' users show Portico's own look. Your country is what decides. Whoever runs this portal may "
            "lift this for everybody here."
        }
    };
    cx.page(Sheet { title: "Customize", crumbs: vec![("Admin", String::new())], ..Sheet::default() }, &content)
}
