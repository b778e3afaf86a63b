//! The previews: whole pages as an organization's user will see them, filled with what is made up.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::branding::model::Stage;
use crate::branding::preview_views::{self, Preview, What};
use crate::branding::{actions, region_pages, store};
use crate::kernel::error::{Error, Result};
use crate::kernel::html::frame::Theme;
use crate::kernel::http::Response;
use crate::page::{Cx, Route};

/// The routes.
pub const ROUTES: &[Route] = &[Route::get("/branding/preview/{page}", Access::Employee(Right::AccountSettings), show)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = region_pages::brander(cx)?;
    let what = What::from_word(cx.param_text("page")?).ok_or(Error::NotFound)?;
    let theme = if cx.query("theme") == "dark" { Theme::Dark } else { Theme::Light };
    let (look, devices, is_draft) = cx.read(|db| {
        let (live, draft) = actions::state(db, by.partner())?;
        let (stage, is_draft) = if draft.is_some() { (Stage::Draft, true) } else { (Stage::Live, false) };
        Ok((store::look_at(db, by.partner(), stage)?, draft.unwrap_or(live).global.devices, is_draft))
    })?;
    Ok(Response::html(200, preview_views::whole(&Preview { what, theme, look: &look, devices, is_draft })))
}
