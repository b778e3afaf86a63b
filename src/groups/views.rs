//! The page Manage Groups, a group's page, and what other pages say of groups.

use maud::{Markup, html};

use crate::groups::model::{Colleague, Group, Held, Part, Sees, listed};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table, pager};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::ids::GroupId;
use crate::kernel::text;

/// Where the list is.
pub const LIST: &str = "/groups";

/// A group's page.
pub fn href(group: GroupId) -> String {
    format!("{LIST}/{group}")
}

/// Opens the dialog **Create Group**.
pub fn create_button(kind: ButtonKind) -> Markup {
    form::dialog_link("Create Group", "/groups/new", kind, Some(Icon::Plus), None)
}

/// A group with who is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The group.
    pub group: Group,
    /// Who is in it, by last name.
    pub members: Vec<Colleague>,
}

/// The list of groups, and who is limited to nothing.
pub fn list(lines: &[Line], stranded: &[Colleague]) -> Markup {
    let table = Table {
        id: "groups".to_owned(),
        caption: "Access groups, by name".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Group") },
            Column::number("Organizations"),
            Column::new("Employees"),
            Column::actions(),
        ],
        rows: lines.iter().map(line).collect(),
        empty: Some(parts::empty(
            "There is no access group",
            if stranded.is_empty() {
                "Every employee sees every organization. Put organizations and employees into a group, and those employees see just those."
            } else {
                "Who is limited to nothing stays so until they are put into a group, or are let see all organizations."
            },
            Some(create_button(ButtonKind::Primary)),
        )),
        ..Table::default()
    };
    html! {
        @if !stranded.is_empty() { (limited_to_nothing(stranded)) }
        (table.render())
        p.hint {
            "Who is in a group sees just its organizations and what is linked to them, besides SaaS accounts that are linked to none; in several "
            "groups, those of all of them. Who is in none sees everything, unless their last group was deleted. The primary account and Security Admins are never limited."
        }
    }
}

fn line(line: &Line) -> Row {
    let Line { group, members } = line;
    let at = href(group.id);
    let names: Vec<String> = members.iter().map(|member| member.name.clone()).collect();
    Row {
        cells: vec![
            html! { span.name { (group.name) } },
            html! {
                @if group.organizations == 0 { (parts::badge(Tone::Warn, Icon::Warning, "None")) } @else { (text::thousands(group.organizations)) }
            },
            html! { @if names.is_empty() { span.sub { "Nobody" } } @else { (listed(&names)) } },
            html! {
                (form::icon_link(Icon::Pencil, Joined(&["Rename ", &group.name]), Joined(&[&at, "/name"]), true))
                (form::icon_link(Icon::Trash, Joined(&["Delete ", &group.name]), Joined(&[&at, "/deletion"]), true))
            },
        ],
        href: Some(at.clone()),
        ..Row::default()
    }
}

/// EMP-4: members of deleted or empty groups, until they are moved.
fn limited_to_nothing(stranded: &[Colleague]) -> Markup {
    let table = Table {
        id: "limited-to-nothing".to_owned(),
        caption: "Employees who see no organization".to_owned(),
        columns: vec![Column { class: "main", ..Column::new("Employee") }, Column::new("Role"), Column::actions()],
        rows: stranded
            .iter()
            .map(|colleague| {
                let release = format!("{LIST}/limits/{}/removal", colleague.account);
                let name = format!("Let {} see all organizations", colleague.name);
                Row {
                    cells: vec![
                        parts::two_lines(&html! { (colleague.name) }, &html! { (colleague.email) }),
                        html! { (colleague.role.shown()) },
                        form::dialog_link("Let see all organizations", &release, ButtonKind::Secondary, None, Some(&name)),
                    ],
                    ..Row::default()
                }
            })
            .collect(),
        bare: true,
        ..Table::default()
    };
    let body = html! {
        div.padded { p.hint { "Their groups were deleted or hold no organization. Put them into a group that does, or let them see everything." } }
        (table.render())
    };
    parts::card("limited", "Limited to nothing", Some(&text::thousands(i64::try_from(stranded.len()).unwrap_or(i64::MAX))), None, body)
}

/// A group's page.
#[derive(Debug)]
pub struct GroupPage<'a> {
    /// The group.
    pub group: &'a Group,
    /// Part of its organizations.
    pub part: &'a Part,
    /// A hidden form id for each of them.
    pub forms: &'a [Markup],
    /// Who is in it.
    pub members: &'a [Colleague],
}

/// At the right of a group's title.
pub fn actions(group: &Group) -> Markup {
    let at = href(group.id);
    html! {
        (form::dialog_link("Rename", &format!("{at}/name"), ButtonKind::Secondary, Some(Icon::Pencil), None))
        (form::dialog_link("Delete Group", &format!("{at}/deletion"), ButtonKind::Danger, Some(Icon::Trash), None))
    }
}

/// Its organizations at the left, its employees at the right.
pub fn page(page: &GroupPage<'_>) -> Markup {
    html! {
        @if page.group.organizations == 0 && !page.members.is_empty() {
            (parts::banner(Tone::Warn, "This group holds no organization: whoever is in no other group sees none.", None))
        }
        (parts::columns(&organizations(page), &members(page)))
    }
}

fn organizations(page: &GroupPage<'_>) -> Markup {
    let at = href(page.group.id);
    let add = form::dialog_link("Add Organizations", &format!("{at}/organizations/new"), ButtonKind::Secondary, Some(Icon::Plus), None);
    let count = text::thousands(page.group.organizations);
    let turn = |name: &str, id: Option<crate::kernel::ids::OrganizationId>| id.map(|id| format!("{at}?{name}={id}"));
    let (before, after) = (turn("before", page.part.before), turn("after", page.part.after));
    let table = Table {
        id: "organizations-list".to_owned(),
        caption: "Organizations of this group, by name".to_owned(),
        columns: vec![Column { class: "main", ..Column::new("Organization") }, Column { class: "actions single", ..Column::actions() }],
        rows: page.part.rows.iter().zip(page.forms).map(|(held, hidden)| held_row(&at, held, hidden)).collect(),
        bare: true,
        empty: Some(parts::empty("No organization is in this group", "Add those that its employees are to see.", Some(add.clone()))),
        footer: (before.is_some() || after.is_some())
            .then(|| pager(before.as_deref(), after.as_deref(), &text::counted(page.group.organizations, "organization", "organizations"))),
        ..Table::default()
    };
    parts::card("organizations", "Organizations", Some(&count), Some(add), table.render())
}

fn held_row(at: &str, held: &Held, hidden: &Markup) -> Row {
    let label = format!("Take {} out of the group", held.name);
    Row {
        cells: vec![
            parts::two_lines(
                &html! { a href={ "/organizations/" (held.organization) } { (held.name) } @if !held.active { " " (not_active()) } },
                &html! { (held.organization.shown()) @if let Some(partner) = &held.partner { " · " (partner) } },
            ),
            html! {
                form.inline method="post" action={ (at) "/organizations/" (held.organization) "/removal" } {
                    (hidden) (form::icon_button(Icon::Trash, &label))
                }
            },
        ],
        ..Row::default()
    }
}

fn not_active() -> Markup {
    parts::badge(Tone::Quiet, Icon::Pause, "Not active")
}

fn members(page: &GroupPage<'_>) -> Markup {
    let at = href(page.group.id);
    let add = form::dialog_link("Add Employees", &format!("{at}/members/new"), ButtonKind::Secondary, Some(Icon::Plus), None);
    let table = Table {
        id: "members-list".to_owned(),
        caption: "Employees in this group, by last name".to_owned(),
        columns: vec![Column { class: "main", ..Column::new("Employee") }, Column { class: "actions single", ..Column::actions() }],
        rows: page.members.iter().map(|member| member_row(&at, member)).collect(),
        bare: true,
        empty: Some(parts::empty("Nobody is in this group", "Add the employees who are to see just its organizations.", Some(add.clone()))),
        ..Table::default()
    };
    let count = text::thousands(page.group.members);
    parts::card("members", "Employees", Some(&count), Some(add), table.render())
}

fn member_row(at: &str, member: &Colleague) -> Row {
    Row {
        cells: vec![
            parts::two_lines(
                &html! { (member.name) @if member.sees() == Sees::AllByRole { " " (never_limited()) } },
                &html! { (member.email) " · " (member.role.shown()) @if 1 < member.groups { " · in " (member.groups) " groups" } },
            ),
            html! { (form::icon_link(Icon::Trash, Joined(&["Take ", &member.name, " out of the group"]), Words(&format!("{at}/members/{}/removal", member.account)), true)) },
        ],
        ..Row::default()
    }
}

fn never_limited() -> Markup {
    parts::badge(Tone::Info, Icon::Check, "Never limited")
}

/// What an employee sees, for the list of employees: "All organizations", the groups, or "Limited to nothing".
pub fn sees(colleague: &Colleague, groups: &[Group]) -> Markup {
    let links =
        html! { @for (place, group) in groups.iter().enumerate() { @if 0 < place { ", " } a href=(href(group.id)) { (group.name) } } };
    match colleague.sees() {
        Sees::All => html! { "All organizations" },
        Sees::AllByRole => html! { div.two { span { "All organizations" } div.sub { (links) ": not limited by the role" } } },
        Sees::Groups => links,
        Sees::Nothing => html! {
            div.two { span { (parts::badge(Tone::Warn, Icon::Warning, "Limited to nothing")) } @if !groups.is_empty() { div.sub { (links) } } }
        },
    }
}

/// The card on an organization's page: which groups hold it.
pub fn card(groups: &[Group]) -> Markup {
    let body = if groups.is_empty() {
        html! { p.hint { "In none: only employees who are not limited see this organization. " a href=(LIST) { "Manage Groups" } } }
    } else {
        html! {
            ul.bullets {
                @for group in groups {
                    li { a href=(href(group.id)) { (group.name) } ": " (text::counted(group.members, "employee", "employees")) }
                }
            }
        }
    };
    let count = text::thousands(i64::try_from(groups.len()).unwrap_or(i64::MAX));
    parts::card("groups", "Access groups", Some(&count), None, parts::padded(&body))
}
