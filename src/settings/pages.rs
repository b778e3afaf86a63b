//! Account Settings.

use maud::html;

use crate::access::actions as sign_in;
use crate::access::model::Access;
use crate::access::store as sessions;
use crate::accounts;
use crate::factors;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::SessionId;
use crate::kernel::secret::token_hash;
use crate::kernel::text;
use crate::kernel::time::Zone;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::security as guard;
use crate::settings::actions;
use crate::settings::model::{self, Look};
use crate::settings::views::{self, OwnSession, Personal, Security};
use crate::{transfers, users};

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/account", Access::SignedIn, personal),
    Route::post("/account", Access::SignedIn, save_personal),
    Route::post("/account/theme", Access::SignedIn, switch_theme),
    Route::get("/account/security", Access::SignedIn, security),
    Route::post("/account/password", Access::SignedIn, change_password),
    Route::post("/account/sessions/{session}/removal", Access::SignedIn, end_session),
    Route::post("/account/sessions/removal", Access::SignedIn, end_other_sessions),
];

const SHEET: &str = "Account Settings";

fn personal(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    draw_personal(cx, &person.time_zone, &person.theme, &Problem::default())
}

fn draw_personal(cx: &Cx<'_>, time_zone: &str, theme: &str, problem: &Problem) -> Result<Response> {
    let (zones, times) = (Zone::names(), cx.times());
    let by = cx.signed_in()?;
    let transfer = match cx.read(|db| transfers::actions::own(db, &by))? {
        Some(own) => Some(transfers::views::own_card(&own, "", (&FieldErrors::default(), html! {}), (cx.fresh_form_id()?, &times))),
        None => None,
    };
    let page = Personal {
        person: cx.person()?,
        time_zone,
        theme,
        zones: &zones,
        now: times.exact(times.now),
        form_id: cx.form_id()?,
        summary: problem.summary(),
        zone_error: problem.of("time_zone"),
        theme_error: problem.of("theme"),
        transfer,
    };
    cx.page(Sheet { title: SHEET, ..Sheet::default() }, &views::personal(&page))
}

fn save_personal(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    cx.submit(
        |tx| {
            let mut errors = FieldErrors::default();
            let zone = errors.take("time_zone", model::time_zone(cx.form.get("time_zone")));
            let look = errors.take("theme", Look::parse(cx.form.get("theme")));
            let (zone, look) = errors.or(zone.zip(look))?;
            actions::set_display(tx, &by, &zone, look)?;
            Ok(Done::said("/account", "Your settings are saved."))
        },
        |problem| draw_personal(cx, cx.form.get("time_zone"), cx.form.get("theme"), problem),
    )
}

/// The quick switch of the account menu; it leads back to where it was pressed.
fn switch_theme(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let back = crate::page::local(cx.form.get("back"));
    cx.press(back, |tx| {
        let look = Look::parse(cx.form.get("theme")).map_err(Error::refused)?;
        actions::set_display(tx, &by, &by.person().time_zone, look)?;
        Ok(Done::at(back))
    })
}

fn security(cx: &Cx<'_>) -> Result<Response> {
    draw_security(cx, &Problem::default())
}

fn draw_security(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (person, times) = (cx.person()?, cx.times());
    let mut own = Vec::new();
    for session in cx.read(|db| sessions::sessions(db, person.identity))? {
        own.push(OwnSession {
            since: times.ago(session.created_at),
            seen: times.ago(session.last_seen_at),
            current: session.id == person.session,
            end: format!("/account/sessions/{}/removal", session.id),
            browser: session.browser,
            address: session.address,
            form_id: cx.fresh_form_id()?,
        });
    }
    let (factor, demanded) = cx.read(|db| {
        Ok((factors::store::status(db, person.identity)?, accounts::identities_store::must_have_factor(db, person.identity)?))
    })?;
    let support_pin = match cx.read(|db| users::support_actions::own(db, &cx.signed_in()?))? {
        Some((support, made)) => Some(users::support_views::own_card(&support, made, (&cx.fresh_form_id()?, &times))),
        None => None,
    };
    let page = Security {
        email: &person.email,
        least: cx.read(|db| guard::store::settings(db, person.partner))?.password_length,
        form_id: cx.form_id()?,
        summary: problem.summary(),
        current_error: problem.of("current_password"),
        new_error: problem.of("new_password"),
        second_factor: factors::views::card(factor.as_ref(), demanded, &times),
        support_pin,
        sessions: own,
        end_all_id: cx.fresh_form_id()?,
    };
    cx.page(Sheet { title: SHEET, ..Sheet::default() }, &views::security(&page))
}

fn change_password(cx: &Cx<'_>) -> Result<Response> {
    let token = cx.token_of_form("session of a changed password")?;
    let response = take_new_password(cx, &token)?;
    if response.status == 303 { cx.portal.cookies.begin_session(response, &token) } else { Ok(response) }
}

fn take_new_password(cx: &Cx<'_>, token: &str) -> Result<Response> {
    let by = cx.signed_in()?;
    let (portal, address) = (cx.portal, cx.request.peer);
    let redraw = |problem: &Problem| draw_security(cx, problem);
    let least = cx.read(|db| guard::store::settings(db, by.person().partner))?.password_length;
    let new = match text::password(cx.form.get("new_password"), &by.person().email, least) {
        Ok(new) if new == cx.form.get("current_password") => {
            return cx.submit(|_| Err(Error::field("new_password", "This is the password you have. Choose another one.")), redraw);
        }
        Ok(new) => new,
        Err(sentence) => return cx.submit(|_| Err(Error::field("new_password", sentence)), redraw),
    };
    // The current password is asked for as at the sign-in page, so that a session left open cannot be used to guess it (SEC-1).
    let candidate = match portal.db.write(|tx| sign_in::admit_again(tx, by.person().identity, address)) {
        Ok(candidate) => candidate,
        Err(error) => return cx.submit(|_| Err(error), redraw),
    };
    let right = match portal.hasher.verify(cx.form.get("current_password"), Some(&candidate.password_hash)) {
        Ok(right) => right,
        Err(error) => {
            portal.db.write(|tx| sign_in::undecided(tx, &candidate.email, Some(&candidate), address))?;
            return Err(error);
        }
    };
    if !right {
        return cx.submit(|_| Err(Error::field("current_password", "This is not your current password.")), redraw);
    }
    portal.db.write(|tx| sign_in::forgive(tx, &candidate, address))?;
    let hash = portal.hasher.hash(&new, portal.world.tokens)?;
    cx.submit(
        |tx| {
            actions::change_password(tx, &by, &candidate, &hash, &token_hash(token))?;
            Ok(Done::said("/account/security", "Your password is changed. Everywhere else you are signed out."))
        },
        redraw,
    )
}

fn end_session(cx: &Cx<'_>) -> Result<Response> {
    let (by, session): (_, SessionId) = (cx.signed_in()?, cx.param("session")?);
    cx.press("/account/security", |tx| {
        actions::end_session(tx, &by, session)?;
        Ok(Done::said("/account/security", "That session is ended."))
    })
}

fn end_other_sessions(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    cx.press("/account/security", |tx| {
        let ended = actions::end_other_sessions(tx, &by)?;
        let ended = text::counted(i64::try_from(ended).unwrap_or(i64::MAX), "other session is ended.", "other sessions are ended.");
        Ok(Done::said("/account/security", ended))
    })
}
