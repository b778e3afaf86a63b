//! The pages of an organization's users.

use maud::{Markup, html};

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::stage_model::PASSCODE_WITHIN;
use crate::access::state_model::EMAIL_HELD;
use crate::accounts::list_model::{From, Place};
use crate::accounts::model::{Invitation, Reactivated, passcode, passcode_key};
use crate::accounts::newcomers_model::{Newcomer as _, Newcomers};
use crate::accounts::person_views;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::html::{form, menus};
use crate::kernel::http::Response;
use crate::kernel::ids::{AccountId, OrganizationId};
use crate::kernel::text;
use crate::mail;
use crate::mail::model::{OpenedBy, Wrote};
use crate::organizations;
use crate::organizations::model::Organization;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::subscriptions::model::State;
use crate::users::actions::{self, Chosen, Edited};
use crate::users::model::{Entry, NewUser, Step, User};
use crate::users::store;
use crate::users::views::{self, CardOf, FormOf, home};

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);

/// ACC-8: Security Admin and primary account.
const GUARDS: Access = Access::Employee(Right::GroupsAndSecurity);

/// The routes of this slice.
pub const ROUTES: &[Route] = &[
    Route::get("/organizations/{organization}/users", MANAGERS, all),
    Route::get("/organizations/{organization}/users/new", MANAGERS, new),
    Route::post("/organizations/{organization}/users/new", MANAGERS, add),
    Route::post("/organizations/{organization}/sign-in", MANAGERS, send_sign_in),
    Route::post("/organizations/{organization}/users/letters", MANAGERS, send_letters),
    Route::get("/organizations/{organization}/users/{user}", MANAGERS, show_edit),
    Route::post("/organizations/{organization}/users/{user}", MANAGERS, edit),
    Route::get("/organizations/{organization}/users/{user}/options", MANAGERS, options),
    Route::post("/organizations/{organization}/users/{user}/letter", MANAGERS, send_letter),
    Route::get("/organizations/{organization}/users/{user}/deactivation", MANAGERS, show_deactivate),
    Route::post("/organizations/{organization}/users/{user}/deactivation", MANAGERS, deactivate),
    Route::post("/organizations/{organization}/users/{user}/reactivation", MANAGERS, reactivate),
    Route::get("/organizations/{organization}/users/{user}/second-factor", GUARDS, show_reset_factor),
    Route::post("/organizations/{organization}/users/{user}/second-factor", GUARDS, reset_factor).dangerous(),
    Route::get("/organizations/{organization}/users/{user}/removal", MANAGERS, show_remove),
    Route::post("/organizations/{organization}/users/{user}/removal", MANAGERS, remove).dangerous(),
];

pub(super) fn sheet<'a>(title: &'a str, organization: &'a Organization) -> Sheet<'a> {
    Sheet {
        title,
        crumbs: vec![
            ("Admin", String::new()),
            ("Manage Organizations", "/organizations".to_owned()),
            (organization.name.as_str(), home(organization.id)),
        ],
        ..Sheet::default()
    }
}

fn all(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let from = From::of(&cx.query("after"), &cx.query("before"));
    let (organization, page, hand) = cx.read(|db| {
        Ok((organizations::store::find(db, by.scope(), id)?, store::page(db, by.scope(), id, &from)?, actions::hand(db, &by)?))
    })?;
    let seed = cx.portal.world.tokens.token()?;
    let card = CardOf {
        organization: id,
        state: organization.subscription.state,
        page: &page,
        hand,
        times: &cx.times(),
        seed: &seed,
        below: None,
    };
    let way = |word: &str, place: &Place| {
        let place: String = form_urlencoded::byte_serialize(place.written().as_bytes()).collect();
        format!("/organizations/{id}/users?{word}={place}")
    };
    let previous = page.part.before.as_ref().map(|place| way("before", place));
    let next = page.part.after.as_ref().map(|place| way("after", place));
    let content = views::all(&card, previous.as_deref(), next.as_deref());
    cx.page(Sheet { actions: Some(views::add_button(id)), ..sheet("Users", &organization) }, &content)
}

fn new(cx: &Cx<'_>) -> Result<Response> {
    let id = cx.param("organization")?;
    draw_add(cx, id, &Newcomers::blank(), &Problem::default())
}

fn draw_add(cx: &Cx<'_>, id: OrganizationId, typed: &Newcomers<Entry>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let (organization, endpoint_user) =
        cx.read(|db| Ok((organizations::store::find(db, by.scope(), id)?, store::endpoint_user(db, id, None)?)))?;
    let problem = Problem { fields: typed.placed(&problem.fields), sentence: problem.sentence.clone() };
    let form = FormOf {
        organization: id,
        hidden: cx.form_id()?,
        summary: problem.summary(),
        errors: &problem.fields,
        entry: &typed.entry,
        person: person_views::fields(&typed.entry.person, &problem.fields, None),
        endpoint_user: endpoint_user.as_ref().map(|(name, _)| name.as_str()),
    };
    let intro = html! { "They get a letter with a link to set a password, and have seven days for it." };
    let entered = (!typed.entered.is_empty()).then(|| person_views::entered(&typed.entered, "user", "users"));
    cx.dialog(sheet("Add Organization Users", &organization), Some(intro), &views::add_form(&form, entered.as_ref()))
}

fn add(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id = cx.param("organization")?;
    let typed = Newcomers::<Entry>::read(cx.form);
    if cx.form.ticked("another") {
        return add_another(cx, id, typed);
    }
    cx.submit(
        |tx| {
            let users = typed.parse()?;
            actions::add(tx, &by, id, &users, Invitation::Send)?;
            let letters = if users.len() == 1 { Wrote::One } else { Wrote::Several };
            with_outbox(cx, tx, id, letters, Done::said(home(id), added(&users)))
        },
        |problem| draw_add(cx, id, &typed, problem),
    )
}

/// Offers the outbox as the next step, where the letter is in the outbox that this manager may open (PAR-1). Where letters are held
/// (MAI-1) nobody gets one unless somebody passes its link on, so the alert says that too.
fn with_outbox(cx: &Cx<'_>, tx: &Tx<'_>, id: OrganizationId, wrote: Wrote, mut done: Done) -> Result<Done> {
    let by = cx.manager()?;
    let own = organizations::store::find(tx, by.scope(), id)?.partner == by.scope().viewer();
    let opens = own && cx.may(Right::RunPortal);
    if mail::delivery_actions::holds(tx, &cx.portal.world.transport)?
        && let Some(alert) = &mut done.alert
    {
        alert.text.push_str(wrote.held(if opens { OpenedBy::Oneself } else { OpenedBy::Others }));
    }
    Ok(if opens { done.then("Outbox", "/outbox") } else { done })
}

fn added(users: &[NewUser]) -> String {
    match users {
        [user] => format!(
            "Added {} {}. The welcome letter is written; its link works for seven days.",
            user.details.first_name.as_str(),
            user.details.last_name.as_str()
        ),
        _ => format!("Added {} users. Their welcome letters are written; each link works for seven days.", users.len()),
    }
}

/// USR-5: keeps the dialog open for the next user, once the one in the fields could be added with all before. The same action that will
/// add them says so, in a transaction that is taken back.
fn add_another(cx: &Cx<'_>, id: OrganizationId, mut typed: Newcomers<Entry>) -> Result<Response> {
    let by = cx.manager()?;
    let problem = cx.try_out(|tx| actions::add(tx, &by, id, &typed.parse()?, Invitation::Later).map(drop))?;
    if problem.any() {
        let mut response = draw_add(cx, id, &typed, &problem)?;
        response.status = 422;
        return Ok(response);
    }
    typed.make_room();
    draw_add(cx, id, &typed, &problem)
}

/// The organization and one of its users, for a dialog about them.
pub(super) fn about_user(cx: &Cx<'_>) -> Result<(Organization, User)> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    cx.read(|db| Ok((organizations::store::find(db, by.scope(), id)?, store::find(db, by.scope(), id, user)?)))
}

pub(super) fn ids(cx: &Cx<'_>) -> Result<(OrganizationId, AccountId)> {
    Ok((cx.param("organization")?, cx.param("user")?))
}

/// A dialog for a step that the rules do not allow now says why instead.
pub(super) fn allowed(cx: &Cx<'_>, user: &User, step: Step) -> Result<Option<String>> {
    let by = cx.manager()?;
    let hand = cx.read(|db| actions::hand(db, &by))?;
    Ok(user.check(hand, step).err())
}

fn draw_edit(cx: &Cx<'_>, entry: Option<&Entry>, problem: &Problem) -> Result<Response> {
    let (organization, user) = about_user(cx)?;
    if let Some(sentence) = allowed(cx, &user, Step::Edit)? {
        return cx.dialog(sheet("Edit Organization User", &organization), None, &not_now(&sentence, organization.id));
    }
    let now = Entry::of(&user);
    let endpoint_user = cx.read(|db| store::endpoint_user(db, organization.id, Some(user.account.id)))?;
    let given = cx.form.get("seen");
    let seen = if given.is_empty() { actions::fingerprint(&user) } else { given.to_owned() };
    let by = cx.manager()?;
    let locked = cx.read(|db| actions::email_locked(db, &by, &user))?;
    let entry = entry.unwrap_or(&now);
    let form = FormOf {
        organization: organization.id,
        hidden: html! { (cx.form_id()?) (form::hidden("seen", &seen)) },
        summary: problem.summary(),
        errors: &problem.fields,
        entry,
        person: person_views::fields(&entry.person, &problem.fields, locked.as_deref()),
        endpoint_user: endpoint_user.as_ref().map(|(name, _)| name.as_str()),
    };
    let at = format!("{}/users/{}", home(organization.id), user.account.id);
    cx.dialog(sheet("Edit Organization User", &organization), None, &views::edit_form(&form, &at))
}

/// What the three dots of a user's row open.
fn options(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (organization, user) = about_user(cx)?;
    let hand = cx.read(|db| actions::hand(db, &by))?;
    let entries = views::options(organization.id, &user, hand, &cx.portal.world.tokens.token()?);
    let content = menus::options_page(&entries, &home(organization.id));
    cx.page(sheet(&format!("Options for {}", user.name()), &organization), &content)
}

fn show_edit(cx: &Cx<'_>) -> Result<Response> {
    draw_edit(cx, None, &Problem::default())
}

fn edit(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    let entry = Entry::of_form(cx.form);
    cx.submit(
        |tx| {
            let wanted = entry.parse()?;
            let edited = actions::edit(tx, &by, id, user, cx.form.get("seen"), &wanted)?;
            match edited {
                Edited::Nothing => Ok(Done::said(home(id), format!("Nothing was different for {}.", entry.person.name()))),
                Edited::Saved => Ok(Done::said(home(id), format!("Saved the changes to {}.", entry.person.name()))),
                Edited::SavedWithLetter => {
                    let sentence = format!("Saved the changes to {}. A letter to the new e-mail is written.", entry.person.name());
                    with_outbox(cx, tx, id, Wrote::One, Done::said(home(id), sentence))
                }
            }
        },
        |problem| draw_edit(cx, Some(&entry), problem),
    )
}

fn show_deactivate(cx: &Cx<'_>) -> Result<Response> {
    let (organization, user) = about_user(cx)?;
    let title = format!("Deactivate {}", user.name());
    let content = match allowed(cx, &user, Step::Deactivate)? {
        Some(sentence) => not_now(&sentence, organization.id),
        None => views::deactivate_form(organization.id, &user, &cx.form_id()?),
    };
    cx.dialog(sheet(&title, &organization), None, &content)
}

pub(super) fn not_now(sentence: &str, organization: OrganizationId) -> Markup {
    html! { p { (sentence) } (form::buttons(None, &[form::cancel(&home(organization))])) }
}

fn deactivate(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    cx.press(&home(id), |tx| {
        let user = actions::deactivate(tx, &by, id, user)?;
        Ok(Done::said(home(id), format!("Deactivated {}. Open sessions have ended.", user.name())))
    })
}

fn reactivate(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    cx.press(&home(id), |tx| {
        let (user, how) = actions::reactivate(tx, &by, id, user)?;
        match how {
            Reactivated::Active => {
                let organization = organizations::store::find(tx, by.scope(), id)?;
                let when = match organization.subscription.state {
                    State::Active => "They can sign in again.".to_owned(),
                    State::Suspended | State::Unsubscribed | State::Deleted => {
                        format!("They can sign in once {} is active again.", organization.name)
                    }
                };
                Ok(Done::said(home(id), format!("Reactivated {}. {when}", user.name())))
            }
            Reactivated::Invited => {
                let sentence = format!("Reactivated {}. A new letter is written; they have seven days to set up.", user.name());
                with_outbox(cx, tx, id, Wrote::One, Done::said(home(id), sentence))
            }
        }
    })
}

fn send_letter(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    cx.press(&home(id), |tx| {
        let user = actions::send_letter(tx, &by, id, user)?;
        let sentence = format!("Wrote a letter to {}. Their seven days begin now.", user.name());
        with_outbox(cx, tx, id, Wrote::One, Done::said(home(id), sentence))
    })
}

fn send_sign_in(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id = cx.param("organization")?;
    cx.press(&home(id), |tx| {
        let name = actions::send_sign_in(tx, &by, id)?;
        let sentence = format!("{name} is the Owner now. The sign-in letter is written; its link works for seven days.");
        with_outbox(cx, tx, id, Wrote::One, Done::said(home(id), sentence))
    })
}

fn send_letters(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id = cx.param("organization")?;
    let chosen = if cx.form.ticked("all") {
        Chosen::AllNotInvited
    } else {
        Chosen::Ticked(cx.form.all("user").map(str::parse).collect::<Result<_>>()?)
    };
    cx.press(&home(id), |tx| {
        let count = actions::send_letters(tx, &by, id, &chosen)?;
        let letters = text::counted(i64::try_from(count).unwrap_or(0), "letter", "letters");
        if count == 0 {
            return Ok(Done::said(home(id), "Nobody was chosen, so no letter was written."));
        }
        let several = if count == 1 { Wrote::One } else { Wrote::Several };
        with_outbox(cx, tx, id, several, Done::said(home(id), format!("Wrote {letters}. The seven days begin now.")))
    })
}

fn show_reset_factor(cx: &Cx<'_>) -> Result<Response> {
    let (organization, user) = about_user(cx)?;
    let title = format!("Reset MFA of {}", user.name());
    let times = cx.times();
    let content = if let Some(sentence) = allowed(cx, &user, Step::ResetFactor)? {
        not_now(&sentence, organization.id)
    } else {
        let back = home(organization.id);
        let action = format!("{back}/users/{}/second-factor", user.account.id);
        person_views::reset_factor_form(&user.account, (&action, &back), &times.exact(times.now + PASSCODE_WITHIN), &cx.form_id()?)
    };
    cx.dialog(sheet(&title, &organization), None, &content)
}

fn reset_factor(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    let passcode = passcode(cx.portal.world.tokens.bytes()?);
    // Hashing takes its time, and no transaction waits for it.
    let hash = cx.portal.hasher.hash(&passcode_key(&passcode), cx.portal.world.tokens)?;
    cx.press(&home(id), |tx| {
        let user = actions::reset_factor(tx, &by, id, user, (&passcode, &hash))?;
        let sentence =
            format!("Reset how {} signs in. The letter with a one-time passcode is written; it works for 24 hours.", user.name());
        with_outbox(cx, tx, id, Wrote::Passcode, Done::said(home(id), sentence))
    })
}

fn show_remove(cx: &Cx<'_>) -> Result<Response> {
    let (organization, user) = about_user(cx)?;
    let title = format!("Remove {}", user.name());
    let times = cx.times();
    let content = match allowed(cx, &user, Step::Remove)? {
        Some(sentence) => not_now(&sentence, organization.id),
        None => views::remove_form(&organization, &user, &times.exact(times.now + EMAIL_HELD), &cx.form_id()?),
    };
    cx.dialog(sheet(&title, &organization), None, &content)
}

fn remove(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    cx.press(&home(id), |tx| {
        let user = actions::remove(tx, &by, id, user)?;
        Ok(Done::said(home(id), format!("Removed {}. No backup data was deleted.", user.name())))
    })
}
