//! View Unmapped Organizations (SAS-5).

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::text::counted;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::saas::mapping_model::{Exact, LOOKED_AT, PER_PAGE, Unmapped, pair};
use crate::saas::mapping_store::Looked;
use crate::saas::mapping_views::{self as views, Choices, EXACT, HERE, UnmappedPage};
use crate::saas::pages::{linked_sentence, unlink_href};
use crate::saas::{actions, mapping_store, store};

/// The list's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/status/saas/unmapped", Access::Employee(Right::SeeSaasStatus), unmapped),
    Route::get(EXACT, Access::Employee(Right::ManageOrganizations), exact),
    Route::post(EXACT, Access::Employee(Right::ManageOrganizations), link_exact),
    Route::get("/status/saas/unmapped/{saas_account}", Access::Employee(Right::ManageOrganizations), choose),
    Route::post("/status/saas/unmapped/{saas_account}", Access::Employee(Right::ManageOrganizations), link),
];

/// Organizations to choose from at once.
const CHOICES: i64 = 20;
/// Longest search, in characters.
const WORDS: usize = 120;

fn unmapped(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.signed_in()?.scope();
    let after = cx.query("after").parse::<SaasAccountId>().ok();
    let (mut rows, count, exact) = cx.read(|db| {
        let accounts = mapping_store::unmapped(db, &scope, after, PER_PAGE + 1)?;
        let mut looked = Looked::default();
        let row = |account| Ok(Unmapped { suggestion: looked.suggestion(db, &scope, &account)?, account });
        let rows = accounts.into_iter().map(row).collect::<Result<Vec<_>>>()?;
        // What is on a later page is not looked at for a button.
        let mut exact = after.is_some() || PER_PAGE < rows.len();
        for row in rows.iter().filter(|row| row.suggestion.is_some()) {
            exact = exact || looked.exact(db, &scope, &row.account)?.is_some();
        }
        Ok((rows, store::unlinked_count(db, &scope)?, exact))
    })?;
    let more = rows.len() > PER_PAGE;
    rows.truncate(PER_PAGE);
    let hidden = rows.iter().map(|_| cx.fresh_form_id()).collect::<Result<Vec<_>>>()?;
    let page = UnmappedPage {
        rows: &rows,
        count,
        may_link: cx.may(Right::ManageOrganizations),
        limited: scope.member().is_some(),
        next: rows.last().filter(|_| more).map(|row| format!("{HERE}?after={}", row.account.id)),
        later: after.is_some(),
        hidden: &hidden,
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: "Unmapped Organizations",
        crumbs: vec![("Status", String::new()), ("SaaS Protection Status", "/status/saas".to_owned())],
        aside: Some(
            html! { span.sub { (crate::kernel::text::counted(count, "SaaS account", "SaaS accounts")) " without an organization" } },
        ),
        actions: (page.may_link && exact).then(views::exact_button),
        wide: true,
    };
    cx.page(sheet, &views::page(&page))
}

fn exact(cx: &Cx<'_>) -> Result<Response> {
    draw_exact(cx, &Problem::default())
}

/// The preview: every account of which one organization alone has the domain or the name.
fn draw_exact(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let (found, looked_at, count) = cx.read(|db| {
        let accounts = mapping_store::unmapped(db, by.scope(), None, LOOKED_AT)?;
        let (mut looked, mut found, looked_at) = (Looked::default(), Vec::new(), accounts.len());
        for account in accounts {
            if let Some(suggestion) = looked.exact(db, by.scope(), &account)? {
                found.push(Exact { account, suggestion });
            }
        }
        Ok((found, looked_at, store::unlinked_count(db, by.scope())?))
    })?;
    let sheet = Sheet {
        title: "Link all exact matches",
        crumbs: vec![
            ("Status", String::new()),
            ("SaaS Protection Status", "/status/saas".to_owned()),
            ("Unmapped Organizations", HERE.to_owned()),
        ],
        ..Sheet::default()
    };
    let ticked: Option<Vec<&str>> = problem.any().then(|| cx.form.all("pair").collect());
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    let rest = count - i64::try_from(looked_at).unwrap_or(count);
    cx.dialog(sheet, Some(views::exact_intro(count, rest)), &views::exact(&found, ticked.as_deref(), &hidden, &cx.times()))
}

fn link_exact(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let pairs = cx.form.all("pair").map(pair).collect::<Result<Vec<_>>>()?;
    cx.submit(
        |tx| {
            let (accounts, organizations) = actions::link_each(tx, &by, &pairs)?;
            let count = |count: usize, one: &str, many: &str| counted(i64::try_from(count).unwrap_or(i64::MAX), one, many);
            let sentence = format!(
                "Linked {} to {}.",
                count(accounts, "SaaS account", "SaaS accounts"),
                count(organizations, "organization", "organizations")
            );
            Ok(Done::said(HERE, sentence).then("SaaS Protection Status", "/status/saas"))
        },
        |problem| draw_exact(cx, problem),
    )
}

fn choose(cx: &Cx<'_>) -> Result<Response> {
    draw_choose(cx, &Problem::default())
}

fn draw_choose(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    let words: String = cx.query("q").chars().take(WORDS).collect();
    let (account, found) = cx.read(|db| {
        let account = store::find(db, by.scope(), id)?;
        if account.organization.is_some() && !problem.any() {
            return Err(Error::NotFound);
        }
        let mut found = mapping_store::choices(db, by.scope(), account.partner, &words, CHOICES + 1)?;
        let more = usize::try_from(CHOICES).is_ok_and(|most| most < found.len());
        if more {
            found.pop();
        }
        let suggestion = if words.is_empty() { Looked::default().suggestion(db, by.scope(), &account)? } else { None };
        Ok((account, Choices { suggestion, found, more }))
    })?;
    let title = format!("Link {}", account.name);
    let sheet = Sheet {
        title: &title,
        crumbs: vec![
            ("Status", String::new()),
            ("SaaS Protection Status", "/status/saas".to_owned()),
            ("Unmapped Organizations", HERE.to_owned()),
        ],
        ..Sheet::default()
    };
    let intro = html! { "Choose the organization whose users may manage it." };
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    cx.dialog(sheet, Some(intro), &views::choose(&account, &words, &found, &hidden))
}

fn link(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let account: SaasAccountId = cx.param("saas_account")?;
    let organization = cx.form.get("organization").to_owned();
    cx.submit(
        |tx| {
            if organization.is_empty() {
                return Err(Error::refused("Choose an organization. Nothing was linked."));
            }
            let id: OrganizationId = organization.parse()?;
            let (accounts, organization) = actions::link(tx, &by, id, &[account])?;
            Ok(Done::said(HERE, linked_sentence(tx, &accounts, &organization)?)
                .then("Add Users", format!("/organizations/{id}/users/new"))
                .then("Open organization", format!("/organizations/{id}"))
                .then("Unlink", unlink_href(id, account)))
        },
        |problem| draw_choose(cx, problem),
    )
}
