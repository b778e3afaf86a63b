//! Admin → Manage Groups: the list, a group's page, and the dialogs.

use maud::{Markup, html};

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::SecurityAdmin;
use crate::groups::dialog_views::{self, AddDialog, DeletionDialog, NameDialog};
use crate::groups::model::{Colleague, Group, OFFERED, Sees, Turn, listed, name as parse_name};
use crate::groups::views::{self, GroupPage, LIST, Line, href};
use crate::groups::{actions, store};
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::html::form::ButtonKind;
use crate::kernel::http::Response;
use crate::kernel::ids::{AccountId, GroupId, OrganizationId};
use crate::kernel::text::counted;
use crate::page::{Cx, Done, Problem, Route, Sheet};

/// Security Admin and primary account, whom no group limits.
const GUARDS: Access = Access::Employee(Right::GroupsAndSecurity);

/// The routes of groups.
pub const ROUTES: &[Route] = &[
    Route::get("/groups", GUARDS, list),
    Route::get("/groups/new", GUARDS, new),
    Route::post("/groups", GUARDS, create),
    Route::get("/groups/limits/{employee}/removal", GUARDS, show_release),
    Route::post("/groups/limits/{employee}/removal", GUARDS, release).dangerous(),
    Route::get("/groups/{group}", GUARDS, show),
    Route::get("/groups/{group}/name", GUARDS, show_rename),
    Route::post("/groups/{group}/name", GUARDS, rename),
    Route::get("/groups/{group}/deletion", GUARDS, show_delete),
    Route::post("/groups/{group}/deletion", GUARDS, delete).dangerous(),
    Route::get("/groups/{group}/organizations/new", GUARDS, show_add_organizations),
    Route::post("/groups/{group}/organizations", GUARDS, add_organizations),
    Route::post("/groups/{group}/organizations/{organization}/removal", GUARDS, remove_organization),
    Route::get("/groups/{group}/members/new", GUARDS, show_add_members),
    Route::post("/groups/{group}/members", GUARDS, add_members),
    Route::get("/groups/{group}/members/{employee}/removal", GUARDS, show_remove_member),
    Route::post("/groups/{group}/members/{employee}/removal", GUARDS, remove_member).dangerous(),
];

/// Longest search, in characters.
const WORDS: usize = 120;

fn crumbs(group: Option<&Group>) -> Vec<(&str, String)> {
    let mut crumbs = vec![("Admin", String::new()), ("Manage Groups", LIST.to_owned())];
    crumbs.extend(group.map(|group| (group.name.as_str(), href(group.id))));
    crumbs
}

fn list(cx: &Cx<'_>) -> Result<Response> {
    let partner = cx.security_admin()?.scope().viewer();
    let (lines, mut limited) = cx.read(|db| {
        let line = |group: Group| Ok(Line { members: store::members(db, group.id)?, group });
        Ok((store::list(db, partner)?.into_iter().map(line).collect::<Result<Vec<_>>>()?, store::limited(db, partner)?))
    })?;
    limited.retain(|colleague| colleague.sees() == Sees::Nothing);
    let sheet = Sheet {
        title: "Manage Groups",
        crumbs: vec![("Admin", String::new())],
        actions: (!lines.is_empty()).then(|| views::create_button(ButtonKind::Primary)),
        ..Sheet::default()
    };
    cx.page(sheet, &views::list(&lines, &limited))
}

/// The group of the address, of one's own partner.
fn group(cx: &Cx<'_>, db: &impl Read, by: &SecurityAdmin) -> Result<Group> {
    store::find(db, by.scope().viewer(), cx.param("group")?)
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.security_admin()?;
    let turn = match (cx.query("after").parse(), cx.query("before").parse()) {
        (Ok(id), _) => Turn::After(id),
        (_, Ok(id)) => Turn::Before(id),
        _ => Turn::First,
    };
    let (group, part, members) = cx.read(|db| {
        let group = group(cx, db, &by)?;
        Ok((group.clone(), store::organizations(db, by.scope(), group.id, turn)?, store::members(db, group.id)?))
    })?;
    let forms = part.rows.iter().map(|_| cx.fresh_form_id()).collect::<Result<Vec<_>>>()?;
    let sheet = Sheet { title: &group.name, crumbs: crumbs(None), actions: Some(views::actions(&group)), ..Sheet::default() };
    cx.page(sheet, &views::page(&GroupPage { group: &group, part: &part, forms: &forms, members: &members }))
}

fn new(cx: &Cx<'_>) -> Result<Response> {
    draw_new(cx, &Problem::default())
}

fn draw_new(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    cx.security_admin()?;
    let dialog = NameDialog {
        action: LIST,
        back: LIST,
        button: "Create Group",
        name: cx.form.get("name"),
        errors: &problem.fields,
        hidden: hidden(cx, problem)?,
    };
    cx.dialog(Sheet { title: "Create Group", crumbs: crumbs(None), ..Sheet::default() }, None, &dialog_views::name(&dialog))
}

fn hidden(cx: &Cx<'_>, problem: &Problem) -> Result<Markup> {
    let form_id = cx.form_id()?;
    Ok(html! { (form_id) (problem.summary()) })
}

fn create(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.security_admin()?;
    cx.submit(
        |tx| {
            let name = parse_name(cx.form.get("name"))?;
            let id = actions::create(tx, &by, &name)?;
            Ok(Done::said(
                href(id),
                format!("Created {}. Add its organizations first, then the employees who see just those.", name.as_str()),
            ))
        },
        |problem| draw_new(cx, problem),
    )
}

fn show_rename(cx: &Cx<'_>) -> Result<Response> {
    draw_rename(cx, &Problem::default())
}

fn draw_rename(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.security_admin()?;
    let group = cx.read(|db| group(cx, db, &by))?;
    let at = href(group.id);
    let dialog = NameDialog {
        action: &format!("{at}/name"),
        back: &at,
        button: "Save Changes",
        name: if problem.any() { cx.form.get("name") } else { &group.name },
        errors: &problem.fields,
        hidden: hidden(cx, problem)?,
    };
    cx.dialog(Sheet { title: "Rename Group", crumbs: crumbs(Some(&group)), ..Sheet::default() }, None, &dialog_views::name(&dialog))
}

fn rename(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, GroupId) = (cx.security_admin()?, cx.param("group")?);
    cx.submit(
        |tx| {
            // What is not there is not found, whatever name was typed.
            let before = group(cx, tx, &by)?;
            let name = parse_name(cx.form.get("name"))?;
            actions::rename(tx, &by, id, &name)?;
            Ok(Done::said(href(id), format!("{} is called {} now.", before.name, name.as_str())))
        },
        |problem| draw_rename(cx, problem),
    )
}

fn show_delete(cx: &Cx<'_>) -> Result<Response> {
    draw_delete(cx, &Problem::default())
}

fn draw_delete(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.security_admin()?;
    let (group, stranded) = cx.read(|db| {
        let group = group(cx, db, &by)?;
        let stranded = store::stranded_without(db, group.id)?;
        Ok((group, stranded))
    })?;
    let stranded: Vec<String> = stranded.into_iter().filter(|member| member.sees() != Sees::AllByRole).map(|member| member.name).collect();
    let dialog = DeletionDialog {
        group: &group,
        stranded: &stranded,
        typed: cx.form.get("typed"),
        errors: &problem.fields,
        hidden: hidden(cx, problem)?,
    };
    let title = format!("Delete {}", group.name);
    cx.dialog(Sheet { title: &title, crumbs: crumbs(Some(&group)), ..Sheet::default() }, None, &dialog_views::deletion(&dialog))
}

fn delete(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (cx.security_admin()?, cx.param("group")?);
    cx.submit(
        |tx| {
            let gone = actions::delete(tx, &by, id, cx.form.get("typed"))?;
            Ok(Done::said(LIST, format!("Deleted the group {}.{}", gone.name, nothing_left(&gone.stranded))))
        },
        |problem| draw_delete(cx, problem),
    )
}

/// Who sees nothing now, as the end of an alert.
fn nothing_left(stranded: &[String]) -> String {
    match stranded {
        [] => String::new(),
        [one] => format!(" {one} sees no organization until they are moved."),
        names => format!(" {} see no organization until they are moved.", listed(names)),
    }
}

fn show_add_organizations(cx: &Cx<'_>) -> Result<Response> {
    draw_add_organizations(cx, &Problem::default())
}

/// What is searched for in a dialog that adds.
fn words(cx: &Cx<'_>) -> String {
    cx.query("q").chars().take(WORDS).collect()
}

fn draw_add_organizations(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (by, words) = (cx.security_admin()?, words(cx));
    let (group, mut found) = cx.read(|db| {
        let group = group(cx, db, &by)?;
        Ok((group.clone(), store::offered(db, by.scope(), group.id, &words, OFFERED + 1)?))
    })?;
    let more = found.len() > OFFERED;
    found.truncate(OFFERED);
    let ticked: Vec<OrganizationId> = cx.form.all("organization").filter_map(|text| text.parse().ok()).collect();
    let dialog = AddDialog { group: &group, words: &words, found: &found, more, ticked: &ticked, hidden: hidden(cx, problem)? };
    let intro = html! { "Employees of " (group.name) " see them from their next click on." };
    let sheet = Sheet { title: "Add Organizations", crumbs: crumbs(Some(&group)), ..Sheet::default() };
    cx.dialog(sheet, Some(intro), &dialog_views::add_organizations(&dialog))
}

fn add_organizations(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (cx.security_admin()?, cx.param("group")?);
    let chosen = cx.form.all("organization").map(str::parse).collect::<Result<Vec<OrganizationId>>>()?;
    cx.submit(
        |tx| {
            let added = actions::add_organizations(tx, &by, id, &chosen)?;
            let count = counted(i64::try_from(added).unwrap_or(i64::MAX), "organization", "organizations");
            Ok(Done::said(href(id), format!("Added {count} to the group.")).then("Add more", format!("{}/organizations/new", href(id))))
        },
        |problem| draw_add_organizations(cx, problem),
    )
}

fn remove_organization(cx: &Cx<'_>) -> Result<Response> {
    let (by, id, organization) = (cx.security_admin()?, cx.param("group")?, cx.param("organization")?);
    cx.press(&href(id), |tx| {
        let (name, stranded) = actions::remove_organization(tx, &by, id, organization)?;
        Ok(Done::said(href(id), format!("Took {name} out of the group.{}", nothing_left(&stranded))))
    })
}

fn show_add_members(cx: &Cx<'_>) -> Result<Response> {
    draw_add_members(cx, &Problem::default())
}

fn draw_add_members(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (by, words) = (cx.security_admin()?, words(cx));
    let (group, mut found) = cx.read(|db| {
        let group = group(cx, db, &by)?;
        Ok((group.clone(), store::outsiders(db, by.scope().viewer(), group.id, &words, OFFERED + 1)?))
    })?;
    let more = found.len() > OFFERED;
    found.truncate(OFFERED);
    let ticked: Vec<AccountId> = cx.form.all("employee").filter_map(|text| text.parse().ok()).collect();
    let dialog = AddDialog { group: &group, words: &words, found: &found, more, ticked: &ticked, hidden: hidden(cx, problem)? };
    let intro = if group.organizations == 0 {
        html! { "The group holds no organization yet. Whoever you add sees none until it does." }
    } else {
        html! {
            "From their next click on they see just this group's organizations and what is linked to them, beside those of other groups they are in."
        }
    };
    let sheet = Sheet { title: "Add Employees", crumbs: crumbs(Some(&group)), ..Sheet::default() };
    cx.dialog(sheet, Some(intro), &dialog_views::add_members(&dialog))
}

fn add_members(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (cx.security_admin()?, cx.param("group")?);
    let chosen = cx.form.all("employee").map(str::parse).collect::<Result<Vec<AccountId>>>()?;
    cx.submit(
        |tx| {
            let added = actions::add_members(tx, &by, id, &chosen)?;
            let count = counted(i64::try_from(added).unwrap_or(i64::MAX), "employee", "employees");
            Ok(Done::said(href(id), format!("Added {count} to the group.")))
        },
        |problem| draw_add_members(cx, problem),
    )
}

fn show_remove_member(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.security_admin()?, cx.param("employee")?);
    let (group, member) = cx.read(|db| {
        let group = group(cx, db, &by)?;
        Ok((group.clone(), store::member(db, group.id, account)?))
    })?;
    let title = format!("Take {} out of {}", member.name, group.name);
    let content = dialog_views::remove_member(&group, &member, &cx.form_id()?);
    cx.dialog(Sheet { title: &title, crumbs: crumbs(Some(&group)), ..Sheet::default() }, None, &content)
}

fn remove_member(cx: &Cx<'_>) -> Result<Response> {
    let (by, id, account) = (cx.security_admin()?, cx.param("group")?, cx.param("employee")?);
    cx.press(&href(id), |tx| {
        let member = actions::remove_member(tx, &by, id, account)?;
        Ok(Done::said(href(id), format!("Took {} out of the group. {}", member.name, seen_now(&member))))
    })
}

/// What somebody sees now, in a sentence.
const fn seen_now(member: &Colleague) -> &'static str {
    match member.sees() {
        Sees::All | Sees::AllByRole => "They see all organizations.",
        Sees::Groups => "They see what their other groups hold.",
        Sees::Nothing => "They see no organization: their other groups hold none.",
    }
}

fn show_release(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.security_admin()?, cx.param("employee")?);
    let (colleague, groups) = cx.read(|db| Ok((store::colleague(db, by.scope().viewer(), account)?, store::of_member(db, account)?)))?;
    let title = format!("Let {} see all organizations", colleague.name);
    let content = dialog_views::release(&colleague, &groups, &cx.form_id()?);
    cx.dialog(Sheet { title: &title, crumbs: crumbs(None), ..Sheet::default() }, None, &content)
}

fn release(cx: &Cx<'_>) -> Result<Response> {
    let (by, account) = (cx.security_admin()?, cx.param("employee")?);
    cx.press(LIST, |tx| {
        let colleague = actions::release(tx, &by, account)?;
        Ok(Done::said(LIST, format!("{} sees all organizations from the next click on.", colleague.name)))
    })
}
