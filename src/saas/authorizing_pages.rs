//! How an account that waits for its authorization gets it (SAS-6): by hand with the customer id, or first a consent of the organization.

use crate::access::model::{Access, Place};
use crate::access::roles_model::{OrganizationAccess, Right};
use crate::accounts;
use crate::accounts::model::Choice;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::frame::{Alert, Tone};
use crate::kernel::http::Response;
use crate::kernel::ids::{AccountId, SaasAccountId};
use crate::mail;
use crate::mail::model::{OpenedBy, Wrote};
use crate::page::{Cx, Done, Problem, Route};
use crate::saas::adding_actions as actions;
use crate::saas::authorizing_views::{self as views, Asking, Authorization};
use crate::saas::terms_model::customer_id;
use crate::saas::terms_pages::sheet;
use crate::saas::{store, terms_store};
use crate::users;

const CHANGES: Access = Access::Employee(Right::ChangeSaas);

/// The dialogs' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/saas/{saas_account}/authorization", Access::SaasViewer, authorization),
    Route::post("/saas/{saas_account}/authorization", CHANGES, authorize),
    Route::post("/saas/{saas_account}/consent", Access::SaasViewer, consent),
    Route::get("/saas/{saas_account}/authorization/letter", CHANGES, letter),
    Route::post("/saas/{saas_account}/authorization/letter", CHANGES, ask),
];

fn authorization(cx: &Cx<'_>) -> Result<Response> {
    match draw(cx, &Problem::default()) {
        Err(Error::NotFound) => switch(cx),
        other => other,
    }
}

/// Whoever follows a letter's link while in another of their accounts is led to the one that it is for. For anybody else there is nothing
/// here, by the same statements (ALL-1).
fn switch(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    let title = cx.read(|db| {
        let mut places = Vec::new();
        for choice in accounts::store::choices(db, person.identity)? {
            let access = users::store::access(db, choice.account)?;
            let full = access.is_some_and(|(access, _)| access == OrganizationAccess::Full);
            if full && choice.account != person.account && choice.state.is_active() {
                places.push(choice);
            }
        }
        let whose = store::organization_of(db, id)?;
        let its = |choice: &&Choice| whose.is_some() && choice.organization.as_ref().map(|(id, _)| *id) == whose;
        Ok(places.iter().find(its).map(Choice::title))
    })?;
    let title = title.ok_or(Error::NotFound)?;
    let location = format!("/choose-account?next=/saas/{id}/authorization");
    let text = format!("This is for another of your accounts: {title}. Choose it to go on.");
    cx.see_other(&Done { location, alert: Some(Alert { tone: Tone::Info, text, next: Vec::new() }) })
}

/// For who changes accounts the field for the customer id, for the organization's users the consent, for others how it stands.
fn draw(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (person, scope) = (cx.person()?, cx.signed_in()?.scope());
    let id: SaasAccountId = cx.param("saas_account")?;
    let (account, terms, unfilled) =
        cx.read(|db| Ok((store::find(db, &scope, id)?, terms_store::find(db, &scope, id)?, terms_store::is_unfilled(db, id)?)))?;
    let page = Authorization {
        account: &account,
        terms: &terms,
        partner: &person.partner_name,
        summary: problem.summary(),
        error: problem.of("customer_id"),
        customer_id: cx.form.get("customer_id"),
        hidden: cx.form_id()?,
        demo: cx.portal.demo,
        times: &cx.times(),
    };
    let content = match &person.place {
        Place::Employee { .. } if unfilled && cx.may(Right::ChangeSaas) && account.refuses_changes_by(&scope).is_none() => {
            views::correction(&page)
        }
        _ if terms.authorized => views::done(&page),
        Place::OrganizationUser { .. } => views::consent(&page),
        Place::Employee { .. } if cx.may(Right::ChangeSaas) => views::by_hand(&page),
        Place::Employee { .. } => views::waiting(&page),
    };
    cx.dialog(sheet("Authorize", &account), None, &content)
}

fn authorize(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    cx.read(|db| store::find(db, by.scope(), id))?;
    cx.submit(
        |tx| {
            if let Ok(was) = cx.form.get("instead_of").parse() {
                let account = actions::correct(tx, &by, id, (was, customer_id(cx.form.get("customer_id"))?))?;
                return Ok(Done::said(format!("/saas/{id}"), format!("The customer id of {} is corrected.", account.name)));
            }
            let account = actions::authorize(tx, &by, id, customer_id(cx.form.get("customer_id"))?)?;
            Ok(Done::said(format!("/saas/{id}"), format!("Authorized {}. Its seats and backups come with the next import.", account.name)))
        },
        |problem| draw(cx, problem),
    )
}

fn consent(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    cx.read(|db| store::find(db, &by.scope(), id))?;
    cx.submit(
        |tx| {
            let account = actions::consent(tx, &by, id)?;
            let partner = &by.person().partner_name;
            let sentence = if cx.portal.demo {
                actions::pretend_to_authorize(tx, &by, &account)?;
                format!("Authorized {}. This demo simulates what the vendor would do.", account.name)
            } else {
                format!("Your consent to {} is kept. {partner} sees it, and completes the authorization.", account.name)
            };
            Ok(Done::said(format!("/saas/{id}"), sentence))
        },
        |problem| draw(cx, problem),
    )
}

fn letter(cx: &Cx<'_>) -> Result<Response> {
    draw_letter(cx, &Problem::default())
}

fn draw_letter(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    let (account, users) = cx.read(|db| {
        let account = store::find(db, by.scope(), id)?;
        let users = match &account.organization {
            Some((organization, _)) => actions::candidates(db, &by, *organization)?,
            None => Vec::new(),
        };
        Ok((account, users))
    })?;
    let page = Asking { account: &account, users: &users, chosen: cx.form.get("user"), summary: problem.summary(), hidden: cx.form_id()? };
    cx.dialog(sheet("Ask to authorize", &account), None, &views::ask(&page))
}

fn ask(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    let partner = cx.read(|db| store::find(db, by.scope(), id))?.partner;
    cx.submit(
        |tx| {
            let user: AccountId = cx.form.get("user").parse().map_err(|_| Error::field("user", "Choose the user who gets the letter."))?;
            let name = actions::ask(tx, &by, id, user)?;
            let opens = partner == by.scope().viewer() && cx.may(Right::RunPortal);
            let mut sentence = format!("{name} is asked by a letter to authorize it.");
            if mail::delivery_actions::holds(tx, &cx.portal.world.transport)? {
                sentence.push_str(Wrote::One.held(if opens { OpenedBy::Oneself } else { OpenedBy::Others }));
            }
            let done = Done::said(format!("/saas/{id}"), sentence);
            Ok(if opens { done.then("Outbox", "/outbox") } else { done })
        },
        |problem| draw_letter(cx, problem),
    )
}
