//! The dialogs that link accounts to an organization and unlink them.

use maud::html;

use crate::access::model::{Access, Right};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::text;
use crate::organizations;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::saas::views::{self, LinkDialog};
use crate::saas::{actions, store};

const MANAGE: Access = Access::Employee(Right::ManageOrganizations);

/// The slice's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/organizations/{organization}/services/link", MANAGE, link_dialog),
    Route::post("/organizations/{organization}/services/link", MANAGE, link),
    Route::get("/organizations/{organization}/services/{saas_account}/unlink", MANAGE, unlink_dialog),
    Route::post("/organizations/{organization}/services/{saas_account}/unlink", MANAGE, unlink),
];

/// Accounts in the Link dialog at once.
const PICKS: usize = 50;
/// Longest search, in characters.
const WORDS: usize = 120;

fn link_dialog(cx: &Cx<'_>) -> Result<Response> {
    draw_link_dialog(cx, &Problem::default())
}

fn draw_link_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let words: String = cx.query("q").chars().take(WORDS).collect();
    let (organization, mut found) = cx.read(|db| {
        let organization = organizations::store::find(db, by.scope(), id)?;
        let found = store::unlinked(db, by.scope(), organization.partner, &words, PICKS + 1)?;
        Ok((organization, found))
    })?;
    let more = found.len() > PICKS;
    found.truncate(PICKS);
    let ticked: Vec<SaasAccountId> = cx.form.all("saas_account").filter_map(|text| text.parse().ok()).collect();
    let dialog = LinkDialog {
        organization: id,
        words: &words,
        found: &found,
        more,
        ticked: &ticked,
        hidden: html! { (cx.form_id()?) (problem.summary()) },
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: "Link SaaS Protection Services",
        crumbs: vec![
            ("Admin", String::new()),
            ("Manage Organizations", "/organizations".to_owned()),
            (&organization.name, format!("/organizations/{id}")),
        ],
        ..Sheet::default()
    };
    let intro = html! { "Choose the accounts " (organization.name) "'s users may manage." };
    cx.dialog(sheet, Some(intro), &views::link_dialog(&dialog))
}

fn link(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let wanted = cx.form.all("saas_account").map(str::parse).collect::<Result<Vec<SaasAccountId>>>()?;
    cx.submit(
        |tx| {
            let (count, organization) = actions::link(tx, &by, id, &wanted)?;
            Ok(linked(count, &organization.name, id))
        },
        |problem| draw_link_dialog(cx, problem),
    )
}

/// SAS-3: "the success alert offers Add Users and a further Link".
pub fn linked(count: usize, organization: &str, id: OrganizationId) -> Done {
    let accounts = text::counted(i64::try_from(count).unwrap_or(i64::MAX), "SaaS account", "SaaS accounts");
    let become_ = if count == 1 { "its Super Administrators" } else { "their Super Administrators" };
    Done::said(format!("/organizations/{id}"), format!("Linked {accounts} to {organization}. Users you add now become {become_}."))
        .then("Add Users", format!("/organizations/{id}/users/new"))
        .then("Link", format!("/organizations/{id}/services/link"))
}

fn unlink_dialog(cx: &Cx<'_>) -> Result<Response> {
    draw_unlink_dialog(cx, &Problem::default())
}

fn draw_unlink_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let (id, account): (OrganizationId, SaasAccountId) = (cx.param("organization")?, cx.param("saas_account")?);
    let (organization, account) =
        cx.read(|db| Ok((organizations::store::find(db, by.scope(), id)?, store::find(db, by.scope(), account)?)))?;
    if !problem.any() && account.organization.as_ref().is_none_or(|(linked, _)| *linked != id) {
        return Err(Error::NotFound);
    }
    let title = format!("Unlink {}?", account.name);
    let sheet = Sheet {
        title: &title,
        crumbs: vec![
            ("Admin", String::new()),
            ("Manage Organizations", "/organizations".to_owned()),
            (&organization.name, format!("/organizations/{id}")),
        ],
        ..Sheet::default()
    };
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    cx.dialog(sheet, None, &views::unlink_dialog((id, &organization.name), &account, &hidden))
}

fn unlink(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, account): (OrganizationId, SaasAccountId) = (cx.param("organization")?, cx.param("saas_account")?);
    cx.submit(
        |tx| {
            let (account, organization) = actions::unlink(tx, &by, id, account)?;
            let sentence = format!("Unlinked {} from {}. Its seats and backups stay.", account.name, organization.name);
            Ok(Done::said(format!("/organizations/{id}"), sentence).then("Unlinked accounts", "/status/saas/unmapped"))
        },
        |problem| draw_unlink_dialog(cx, problem),
    )
}
