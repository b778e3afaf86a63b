//! Admin → Notification Settings (NOT-1).

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::time::Timestamp;
use crate::notifications::digest_model::{Digest, Setting};
use crate::notifications::model::{Notice, offered};
use crate::notifications::views::{self, Page};
use crate::notifications::{actions, digest_store, store};
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

/// As it is sent, or else as it is kept.
fn digests(cx: &Cx<'_>) -> Result<Vec<(Digest, String, Option<Timestamp>)>> {
    let partner = cx.manager()?.scope().viewer();
    let mut all = Vec::new();
    for digest in Digest::ALL.iter().copied() {
        let (setting, next) = cx.read(|db| digest_store::setting(db, partner, digest))?;
        let sent = cx.form.get(digest.word());
        all.push((digest, if sent.is_empty() { setting.word() } else { sent }.to_owned(), next));
    }
    Ok(all)
}

fn draw(cx: &Cx<'_>, wanted: &[Notice], problem: &Problem) -> Result<Response> {
    let sheet = Sheet {
        title: "Notification Settings",
        crumbs: vec![("Admin", String::new())],
        aside: Some(
            html! { "Letters to you, and to the people of your organizations. Those with a link or a code that somebody waits for are always written." },
        ),
        ..Sheet::default()
    };
    let (digests, times) = (digests(cx)?, cx.times());
    let page =
        Page { wanted, digests: &digests, errors: &problem.fields, summary: problem.summary(), times: &times, form_id: cx.form_id()? };
    cx.page(sheet, &views::page(&page))
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
            let changed = actions::choose(tx, &by, &wanted, &settings(cx)?)?;
            Ok(Done::said(HERE, if changed { "Saved. This holds from the next letter on." } else { "Nothing was changed." }))
        },
        |problem| draw(cx, &wanted, problem),
    )
}

fn settings(cx: &Cx<'_>) -> Result<Vec<Setting>> {
    let mut all = Vec::new();
    for digest in Digest::ALL.iter().copied() {
        let setting = Setting::parse(digest, cx.form.get(digest.word()));
        all.push(setting.ok_or_else(|| Error::field(digest.word(), "Choose off, daily, weekly or monthly."))?);
    }
    Ok(all)
}
