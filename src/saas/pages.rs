//! The dialogs that link accounts to an organization and unlink them.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::kernel::db::{Reader, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::text;
use crate::organizations;
use crate::organizations::model::Organization;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::saas::model::SaasAccount;
use crate::saas::views::{self, LinkDialog, Nothing};
use crate::saas::{actions, store};
use crate::subscriptions::model::State;

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
/// Linked accounts named when no unlinked one is found.
const LINKED_ONES: usize = 3;
/// Longest search, in characters.
const WORDS: usize = 120;

fn link_dialog(cx: &Cx<'_>) -> Result<Response> {
    draw_link_dialog(cx, &Problem::default())
}

fn draw_link_dialog(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let words: String = cx.query("q").chars().take(WORDS).collect();
    let (organization, mut found, nothing) = cx.read(|db| {
        let organization = organizations::store::find(db, by.scope(), id)?;
        let found = store::unlinked(db, by.scope(), organization.partner, &words, PICKS + 1)?;
        let nothing = if found.is_empty() { Some(why_nothing(cx, db, &by, organization.partner, &words)?) } else { None };
        Ok((organization, found, nothing))
    })?;
    let more = found.len() > PICKS;
    found.truncate(PICKS);
    let ticked: Vec<SaasAccountId> = cx.form.all("saas_account").filter_map(|text| text.parse().ok()).collect();
    let dialog = LinkDialog {
        organization: id,
        words: &words,
        found: &found,
        nothing: nothing.as_ref(),
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

/// Why there is nothing to tick.
fn why_nothing(cx: &Cx<'_>, db: &Reader<'_>, by: &Manager, partner: PartnerId, words: &str) -> Result<Nothing> {
    if !store::any_account(db, by.scope(), partner)? {
        return Ok(Nothing::NoAccount { may_import: Access::Unlimited(Right::RunPortal).admits(cx.visitor) });
    }
    if words.trim().is_empty() {
        return Ok(Nothing::AllLinked);
    }
    Ok(Nothing::NotFound { linked: store::linked_like(db, by.scope(), partner, words, LINKED_ONES)? })
}

fn link(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let wanted = cx.form.all("saas_account").map(str::parse).collect::<Result<Vec<SaasAccountId>>>()?;
    cx.submit(
        |tx| {
            let (accounts, organization) = actions::link(tx, &by, id, &wanted)?;
            linked(tx, &accounts, &organization)
        },
        |problem| draw_link_dialog(cx, problem),
    )
}

/// SAS-3: "the success alert offers Add Users and a further Link", and the way back.
fn linked(tx: &Tx<'_>, accounts: &[SaasAccount], organization: &Organization) -> Result<Done> {
    let id = organization.id;
    let done = Done::said(format!("/organizations/{id}"), linked_sentence(tx, accounts, organization)?)
        .then("Add Users", format!("/organizations/{id}/users/new"))
        .then("Link", format!("/organizations/{id}/services/link"));
    Ok(match accounts {
        [only] => done.then("Unlink", unlink_href(id, only.id)),
        _ => done,
    })
}

/// What was linked to what, by name if it is one, and who administers it from now on (USR-7).
pub fn linked_sentence(tx: &Tx<'_>, accounts: &[SaasAccount], organization: &Organization) -> Result<String> {
    let count = text::counted(i64::try_from(accounts.len()).unwrap_or(i64::MAX), "SaaS account", "SaaS accounts");
    let (what, whose) = match accounts {
        [only] => (format!(": {}", only.name), "its"),
        _ => (String::new(), "their"),
    };
    let people = store::super_administrators(tx, organization.id)?;
    let set_up = people.iter().filter(|(_, _, active)| *active).count();
    let users = |count: usize| text::counted(i64::try_from(count).unwrap_or(i64::MAX), "user with Full access", "users with Full access");
    let administers = |count: usize| {
        if count == 1 { format!("is now {whose} Super Administrator") } else { format!("are now {whose} Super Administrators") }
    };
    let who = match (organization.subscription.state == State::Active, set_up, people.len()) {
        (false, _, _) => format!("While {} is not active, nobody of it can sign in.", organization.name),
        (true, 0, 0) => format!("Users you add now become {whose} Super Administrators."),
        (true, 0, 1) => format!("Its 1 user with Full access becomes {whose} Super Administrator once set up."),
        (true, 0, all) => format!("Its {} become {whose} Super Administrators once they are set up.", users(all)),
        (true, set_up, _) => format!("Its {} {}.", users(set_up), administers(set_up)),
    };
    Ok(format!("Linked {count} to {}{what}. {who}", organization.name))
}

/// Where a link is taken away again.
pub fn unlink_href(organization: OrganizationId, account: SaasAccountId) -> String {
    format!("/organizations/{organization}/services/{account}/unlink")
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
