//! Manage Employees: the list, and the dialogs about one employee or several.

use maud::{Markup, html};

use crate::access::model::{Access, Scope};
use crate::access::roles_model::Right;
use crate::access::stage_model::PASSCODE_WITHIN;
use crate::access::state_model::EMAIL_HELD;
use crate::accounts::model::{Invitation, Reactivated, passcode, passcode_key};
use crate::accounts::newcomers_model::{Newcomer as _, Newcomers};
use crate::accounts::person_views;
use crate::employees::actions::{self, Edited};
use crate::employees::dialog_views::{self, FormOf, HandOver};
use crate::employees::entry_model::Entry;
use crate::employees::model::{Employee, Filter, NewEmployee, Step};
use crate::employees::store;
use crate::employees::views::{self, LIST, ListPage};
use crate::groups;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::{form, menus};
use crate::kernel::http::Response;
use crate::kernel::ids::AccountId;
use crate::mail;
use crate::mail::model::{OpenedBy, Wrote};
use crate::page::{Cx, Done, Problem, Route, Sheet};

const MANAGERS: Access = Access::Employee(Right::ManageEmployees);
/// ACC-8: Security Admin and primary account.
const GUARDS: Access = Access::Employee(Right::GroupsAndSecurity);
const PRIMARY: Access = Access::Employee(Right::AccountSettings);

/// The routes of this slice.
pub const ROUTES: &[Route] = &[
    Route::get("/employees", MANAGERS, list),
    Route::get("/employees/new", MANAGERS, new),
    Route::post("/employees/new", MANAGERS, add),
    Route::get("/employees/primary-account", PRIMARY, show_hand_over),
    Route::post("/employees/primary-account", PRIMARY, hand_over).dangerous(),
    Route::get("/employees/{employee}", MANAGERS, show_edit),
    Route::post("/employees/{employee}", MANAGERS, edit),
    Route::get("/employees/{employee}/options", MANAGERS, options),
    Route::post("/employees/{employee}/letter", MANAGERS, send_letter),
    Route::get("/employees/{employee}/deactivation", MANAGERS, show_deactivate),
    Route::post("/employees/{employee}/deactivation", MANAGERS, deactivate),
    Route::post("/employees/{employee}/reactivation", MANAGERS, reactivate),
    Route::get("/employees/{employee}/second-factor", GUARDS, show_reset_factor),
    Route::post("/employees/{employee}/second-factor", GUARDS, reset_factor).dangerous(),
    Route::get("/employees/{employee}/removal", MANAGERS, show_remove),
    Route::post("/employees/{employee}/removal", MANAGERS, remove).dangerous(),
];

fn list(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.staff_manager()?;
    let filter = Filter::read(|name| cx.query(name));
    let guards = cx.may(Right::GroupsAndSecurity);
    let (page, standing) = cx.read(|db| {
        let page = store::page(db, by.scope(), &filter)?;
        let shown: Vec<AccountId> = page.part.rows.iter().filter(|_| guards).map(|employee| employee.account.id).collect();
        Ok((page, groups::store::standing(db, by.partner(), &shown)?))
    })?;
    let standings = standing.iter().map(|(account, (colleague, groups))| (*account, groups::views::sees(colleague, groups))).collect();
    let content =
        views::list(&ListPage { filter: &filter, page: &page, hand: by.hand(), sees: guards.then_some(&standings), times: &cx.times() });
    let sheet = Sheet {
        title: "Manage Employees",
        crumbs: vec![("Admin", String::new())],
        actions: Some(views::add_button()),
        wide: true,
        ..Sheet::default()
    };
    cx.page(sheet, &content)
}

/// The surroundings of a dialog.
fn sheet(title: &str) -> Sheet<'_> {
    Sheet { title, crumbs: vec![("Admin", String::new()), ("Manage Employees", LIST.to_owned())], ..Sheet::default() }
}

fn new(cx: &Cx<'_>) -> Result<Response> {
    draw_add(cx, &Newcomers::blank(), &Problem::default())
}

fn draw_add(cx: &Cx<'_>, typed: &Newcomers<Entry>, problem: &Problem) -> Result<Response> {
    let by = cx.staff_manager()?;
    let problem = Problem { fields: typed.placed(&problem.fields), sentence: problem.sentence.clone() };
    let form = FormOf {
        hand: by.hand(),
        hidden: cx.form_id()?,
        summary: problem.summary(),
        errors: &problem.fields,
        entry: &typed.entry,
        person: person_views::fields(&typed.entry.person, &problem.fields, None),
    };
    let intro = html! { "They get a letter with a link to set a password, and have seven days for it." };
    let entered = (!typed.entered.is_empty()).then(|| person_views::entered(&typed.entered, "employee", "employees"));
    cx.dialog(sheet("Add Employees"), Some(intro), &dialog_views::add_form(&form, entered.as_ref()))
}

fn add(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.staff_manager()?;
    let typed = Newcomers::<Entry>::read(cx.form);
    if cx.form.ticked("another") {
        return add_another(cx, typed);
    }
    cx.submit(
        |tx| {
            let employees = typed.parse()?;
            actions::add(tx, &by, &employees, Invitation::Send)?;
            let wrote = if employees.len() == 1 { Wrote::One } else { Wrote::Several };
            with_outbox(cx, tx, wrote, OpenedBy::Oneself, Done::said(LIST, added(&employees)))
        },
        |problem| draw_add(cx, &typed, problem),
    )
}

fn added(employees: &[NewEmployee]) -> String {
    match employees {
        [one] => {
            format!("Added {} as {}. The letter is written; its link works for seven days.", one.details.name(), one.role.shown())
        }
        _ => format!("Added {} employees. Their letters are written; each link works for seven days.", employees.len()),
    }
}

/// Keeps the dialog open for the next employee, once the one in the fields could be added with all before. The same action that will add
/// them says so, in a transaction that is taken back.
fn add_another(cx: &Cx<'_>, mut typed: Newcomers<Entry>) -> Result<Response> {
    let by = cx.staff_manager()?;
    let problem = cx.try_out(|tx| actions::add(tx, &by, &typed.parse()?, Invitation::Later).map(drop))?;
    if problem.any() {
        let mut response = draw_add(cx, &typed, &problem)?;
        response.status = 422;
        return Ok(response);
    }
    typed.make_room();
    draw_add(cx, &typed, &problem)
}

/// Offers the outbox as the next step to who may open the letter there. Where letters are held (MAI-1) nobody gets one unless somebody
/// passes its link on, so the alert says that too.
fn with_outbox(cx: &Cx<'_>, tx: &Tx<'_>, wrote: Wrote, by: OpenedBy, mut done: Done) -> Result<Done> {
    if mail::delivery_actions::holds(tx, &cx.portal.world.transport)?
        && let Some(alert) = &mut done.alert
    {
        alert.text.push_str(wrote.held(by));
    }
    Ok(if by == OpenedBy::Oneself { done.then("Outbox", "/outbox") } else { done })
}

/// The employee of the address, of one's own partner.
fn employee(cx: &Cx<'_>) -> Result<Employee> {
    let (by, account) = (cx.staff_manager()?, cx.param("employee")?);
    cx.read(|db| store::find(db, by.scope(), account))
}

fn draw_edit(cx: &Cx<'_>, entry: Option<&Entry>, problem: &Problem) -> Result<Response> {
    let (by, employee) = (cx.staff_manager()?, employee(cx)?);
    if let Err(sentence) = employee.check(by.hand(), Step::Edit) {
        return cx.dialog(sheet("Edit Employee"), None, &dialog_views::not_now(&sentence));
    }
    let now = Entry::of(&employee);
    let entry = entry.unwrap_or(&now);
    let given = cx.form.get("seen");
    let seen = if given.is_empty() { actions::fingerprint(&employee) } else { given.to_owned() };
    let locked = cx.read(|db| actions::email_locked(db, &employee))?;
    let form = FormOf {
        hand: by.hand(),
        hidden: html! { (cx.form_id()?) (form::hidden("seen", &seen)) },
        summary: problem.summary(),
        errors: &problem.fields,
        entry,
        person: person_views::fields(&entry.person, &problem.fields, locked.as_deref()),
    };
    let at = format!("{LIST}/{}", employee.account.id);
    cx.dialog(sheet("Edit Employee"), None, &dialog_views::edit_form(&form, &at))
}

/// What the three dots of an employee's row open.
fn options(cx: &Cx<'_>) -> Result<Response> {
    let (by, employee) = (cx.staff_manager()?, employee(cx)?);
    let entries = views::options(&employee, by.hand(), &cx.portal.world.tokens.token()?);
    cx.page(sheet(&format!("Options for {}", employee.name())), &menus::options_page(&entries, LIST))
}

fn show_edit(cx: &Cx<'_>) -> Result<Response> {
    draw_edit(cx, None, &Problem::default())
}

fn edit(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.staff_manager()?, cx.param("employee")?);
    let entry = Entry::of_form(cx.form);
    cx.submit(
        |tx| {
            let wanted = entry.parse()?;
            let name = wanted.details.name();
            match actions::edit(tx, &by, account, cx.form.get("seen"), &wanted)? {
                Edited::Nothing => Ok(Done::said(LIST, format!("Nothing was different for {name}."))),
                Edited::Saved => Ok(Done::said(LIST, format!("Saved the changes to {name}."))),
                Edited::SavedWithLetter => {
                    let done = Done::said(LIST, format!("Saved the changes to {name}. A new letter is written."));
                    with_outbox(cx, tx, Wrote::One, OpenedBy::Oneself, done)
                }
            }
        },
        |problem| draw_edit(cx, Some(&entry), problem),
    )
}

/// A dialog about one employee, or why the step is not allowed now.
fn dialog(cx: &Cx<'_>, verb: &str, step: Step, draw: impl FnOnce(&Employee, &Markup) -> Markup) -> Result<Response> {
    let (by, employee) = (cx.staff_manager()?, employee(cx)?);
    let content = match employee.check(by.hand(), step) {
        Err(sentence) => dialog_views::not_now(&sentence),
        Ok(()) => draw(&employee, &cx.form_id()?),
    };
    cx.dialog(sheet(&format!("{verb} {}", employee.name())), None, &content)
}

fn show_deactivate(cx: &Cx<'_>) -> Result<Response> {
    dialog(cx, "Deactivate", Step::Deactivate, dialog_views::deactivate_form)
}

fn show_remove(cx: &Cx<'_>) -> Result<Response> {
    let times = cx.times();
    dialog(cx, "Remove", Step::Remove, |employee, hidden| dialog_views::remove_form(employee, &times.exact(times.now + EMAIL_HELD), hidden))
}

fn show_reset_factor(cx: &Cx<'_>) -> Result<Response> {
    let times = cx.times();
    dialog(cx, "Reset MFA of", Step::ResetFactor, |employee, hidden| {
        let action = format!("{LIST}/{}/second-factor", employee.account.id);
        person_views::reset_factor_form(&employee.account, (&action, LIST), &times.exact(times.now + PASSCODE_WITHIN), hidden)
    })
}

fn reset_factor(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.staff_manager()?, cx.param("employee")?);
    let passcode = passcode(cx.portal.world.tokens.bytes()?);
    // Hashing takes its time, and no transaction waits for it.
    let hash = cx.portal.hasher.hash(&passcode_key(&passcode), cx.portal.world.tokens)?;
    cx.press(LIST, |tx| {
        let employee = actions::reset_factor(tx, &by, account, (&passcode, &hash))?;
        let sentence =
            format!("Reset how {} signs in. The letter with a one-time passcode is written; it works for 24 hours.", employee.name());
        with_outbox(cx, tx, Wrote::Passcode, OpenedBy::Oneself, Done::said(LIST, sentence))
    })
}

fn deactivate(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.staff_manager()?, cx.param("employee")?);
    cx.press(LIST, |tx| {
        let employee = actions::deactivate(tx, &by, account)?;
        Ok(Done::said(LIST, format!("Deactivated {}. Open sessions have ended.", employee.name())))
    })
}

fn reactivate(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.staff_manager()?, cx.param("employee")?);
    cx.press(LIST, |tx| {
        let (employee, how) = actions::reactivate(tx, &by, account)?;
        match how {
            Reactivated::Active => Ok(Done::said(LIST, format!("Reactivated {}. They can sign in again.", employee.name()))),
            Reactivated::Invited => {
                let sentence = format!("Reactivated {}. A new letter is written; they have seven days to set up.", employee.name());
                // ACC-4: who may bring back a lapsed account may not read its letter for that.
                let opened =
                    if by.hand().role.may_act_on(employee.role) && !employee.further { OpenedBy::Oneself } else { OpenedBy::HigherRole };
                with_outbox(cx, tx, Wrote::One, opened, Done::said(LIST, sentence))
            }
        }
    })
}

fn send_letter(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.staff_manager()?, cx.param("employee")?);
    cx.press(LIST, |tx| {
        let employee = actions::send_letter(tx, &by, account)?;
        let sentence = format!("Wrote a letter to {}. Their seven days begin now.", employee.name());
        with_outbox(cx, tx, Wrote::One, OpenedBy::Oneself, Done::said(LIST, sentence))
    })
}

fn remove(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.staff_manager()?, cx.param("employee")?);
    cx.press(LIST, |tx| {
        let employee = actions::remove(tx, &by, account)?;
        Ok(Done::said(LIST, format!("Removed {}. Their e-mail can be used again in 24 hours.", employee.name())))
    })
}

fn show_hand_over(cx: &Cx<'_>) -> Result<Response> {
    draw_hand_over(cx, &Problem::default())
}

fn draw_hand_over(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.primary_account()?;
    let mut others = cx.read(|db| store::active(db, &Scope::all(by.partner())))?;
    others.retain(|other| other.account.id != by.account());
    let content = dialog_views::hand_over_form(&HandOver {
        others: &others,
        selected: cx.form.get("employee"),
        summary: problem.summary(),
        errors: &problem.fields,
        hidden: cx.form_id()?,
    });
    cx.dialog(sheet("Hand over the primary account"), None, &content)
}

/// ACC-14.
fn hand_over(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.primary_account()?;
    cx.submit(
        |tx| {
            let to: AccountId = cx.form.get("employee").parse().map_err(|_| Error::field("employee", "Choose an employee."))?;
            let next = actions::hand_over(tx, &by, to)?;
            Ok(Done::said(LIST, format!("{} is the primary account now. You are Security Admin.", next.name())))
        },
        |problem| draw_hand_over(cx, problem),
    )
}
