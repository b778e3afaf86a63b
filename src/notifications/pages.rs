//! Admin → Notification Settings (NOT-1).

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::notifications::model::{Notice, offered};
use crate::notifications::{actions, store, views};
use crate::page::{Cx, Done, Problem, Route, Sheet};

const ADMINS: Access = Access::Employee(Right::RunPortal);
const HERE: &str = "/notification-settings";

/// The page's addresses.
pub const ROUTES: &[Route] = &[Route::get(HERE, ADMINS, show), Route::post(HERE, ADMINS, save)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    let partner = cx.manager()?.scope().viewer();
    let mut wanted = Vec::new();
    for notice in offered() {
        if cx.read(|db| store::is_wanted(db, partner, notice))? {
            wanted.push(notice);
        }
    }
    draw(cx, &wanted, &Problem::default())
}

fn draw(cx: &Cx<'_>, wanted: &[Notice], problem: &Problem) -> Result<Response> {
    let sheet = Sheet {
        title: "Notification Settings",
        crumbs: vec![("Admin", String::new())],
        aside: Some(
            html! { "Letters to the people of your organizations. Letters with a link or a code that somebody waits for are always written." },
        ),
        ..Sheet::default()
    };
    cx.page(sheet, &views::page(wanted, &problem.summary(), &cx.form_id()?))
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let chosen: Vec<Option<Notice>> = cx.form.all("notice").map(Notice::from_word).collect();
    let wanted: Vec<Notice> = chosen.iter().copied().flatten().collect();
    cx.submit(
        |tx| {
            if chosen.contains(&None) {
                return Err(Error::refused("There is no such letter. Choose those of the page."));
            }
            let changed = actions::choose(tx, &by, &wanted)?;
            Ok(Done::said(HERE, if changed { "Saved. This holds from the next letter on." } else { "Nothing was changed." }))
        },
        |problem| draw(cx, &wanted, problem),
    )
}
