//! Admin → Security Settings (SEC-3).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::organizations;
use crate::organizations::model::SecondFactor;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::security::model::{Entered, LONGEST_SEARCH};
use crate::security::views::{self, Requiring, SettingsPage};
use crate::security::{actions, store};

const GUARDS: Access = Access::Employee(Right::GroupsAndSecurity);
const HERE: &str = "/security-settings";

/// The page's addresses.
pub const ROUTES: &[Route] = &[
    Route::get(HERE, GUARDS, show),
    Route::post(HERE, GUARDS, save).dangerous(),
    Route::post("/security-settings/organizations/{organization}", GUARDS, require).dangerous(),
];

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, None, &Problem::default())
}

fn draw(cx: &Cx<'_>, entered: Option<&Entered>, problem: &Problem) -> Result<Response> {
    let by = cx.security_admin()?;
    let words: String = cx.query("q").trim().chars().take(LONGEST_SEARCH).collect();
    let (settings, first, count, found) = cx.read(|db| {
        let (first, count) = store::requirements(db, by.scope())?;
        Ok((store::settings(db, by.scope().viewer())?, first, count, store::matching(db, by.scope(), &words)?))
    })?;
    let now = Entered::of(&settings);
    let shown = if words.is_empty() { first } else { found };
    let mut forms = Vec::new();
    for _ in &shown {
        forms.push(cx.fresh_form_id()?);
    }
    let page = SettingsPage {
        entered: entered.unwrap_or(&now),
        problem: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
        address: cx.request.peer.to_canonical().to_string(),
        requiring: Requiring { words: &words, count, shown: &shown, forms: &forms },
    };
    let crumbs = vec![("Admin", String::new()), ("Security Settings", String::new())];
    cx.page(Sheet { title: "Security Settings", crumbs, ..Sheet::default() }, &views::page(&page))
}

fn entered(cx: &Cx<'_>) -> Entered {
    let field = |name: &str| cx.form.get(name).to_owned();
    Entered {
        password_length: field("password_length"),
        session_idle: field("session_idle"),
        session_longest: field("session_longest"),
        inactive_days: field("inactive_days"),
        browser_letter: cx.form.ticked("browser_letter"),
        addresses: field("addresses"),
    }
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let (by, entered) = (cx.security_admin()?, entered(cx));
    cx.submit(
        |tx| {
            let wanted = entered.parse(cx.request.peer)?;
            let changed = actions::save(tx, &by, &wanted)?;
            Ok(Done::said(HERE, if changed { "Saved. This holds from everybody's next click on." } else { "Nothing was changed." }))
        },
        |problem| draw(cx, Some(&entered), problem),
    )
}

fn require(cx: &Cx<'_>) -> Result<Response> {
    cx.security_admin()?;
    let (by, organization): (_, OrganizationId) = (cx.manager()?, cx.param("organization")?);
    cx.read(|db| organizations::store::find(db, by.scope(), organization))?;
    cx.press(HERE, |tx| {
        let wanted = match cx.form.get("second_factor") {
            "required" => SecondFactor::Required,
            "optional" => SecondFactor::Optional,
            _ => return Err(Error::refused("Choose whether a second factor is required.")),
        };
        let name = organizations::actions::ask_second_factor(tx, &by, organization, wanted)?;
        let said = match wanted {
            SecondFactor::Required => format!("Users of {name} must set up a second factor at their next step."),
            SecondFactor::Optional => format!("Users of {name} may have a second factor, and need none."),
        };
        Ok(Done::said(HERE, said))
    })
}
