//! The dialogs about groups.

use maud::{Markup, html};

use crate::groups::model::{Colleague, Group, Held, Sees, listed};
use crate::groups::views::{LIST, href};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::picks::{Pick, pick_list, pick_search, ticked_count};
use crate::kernel::ids::{AccountId, OrganizationId};

/// A dialog with one field for a group's name.
#[derive(Debug)]
pub struct NameDialog<'a> {
    /// Where it goes.
    pub action: &'a str,
    /// Where Cancel leads.
    pub back: &'a str,
    /// What the button says.
    pub button: &'a str,
    /// What was typed.
    pub name: &'a str,
    /// What is wrong with it.
    pub errors: &'a FieldErrors,
    /// The form's id, and what is wrong above the form.
    pub hidden: Markup,
}

/// **Create Group** and **Rename Group**.
pub fn name(dialog: &NameDialog<'_>) -> Markup {
    html! {
        form action=(dialog.action) method="post" {
            (dialog.hidden)
            (Field {
                name: "name", label: "Group name", value: dialog.name, required: true,
                error: dialog.errors.of("name"), autocomplete: Some("off"), hint: Some("Such as a team or a region. Only people who manage groups see it."),
                ..Field::default()
            })
            (form::buttons(None, &[form::cancel(dialog.back), form::button(dialog.button, ButtonKind::Primary, None)]))
        }
    }
}

/// What a dialog that adds something offers.
#[derive(Debug)]
pub struct AddDialog<'a, Thing, Id> {
    /// To which group.
    pub group: &'a Group,
    /// What is searched for.
    pub words: &'a str,
    /// What was found.
    pub found: &'a [Thing],
    /// Whether there is more.
    pub more: bool,
    /// Those ticked before.
    pub ticked: &'a [Id],
    /// The form's id and what was wrong with it.
    pub hidden: Markup,
}

/// **Add Organizations**.
pub fn add_organizations(dialog: &AddDialog<'_, Held, OrganizationId>) -> Markup {
    let picks: Vec<Pick> = dialog
        .found
        .iter()
        .map(|held| Pick {
            name: "organization".into(),
            value: held.organization.to_string(),
            label: parts::highlight(&held.name, dialog.words),
            detail: Some(html! {
                (parts::highlight(&held.organization.shown(), dialog.words)) @if let Some(partner) = &held.partner { " · " (partner) }
            }),
            badge: (!held.active).then(|| parts::badge(Tone::Quiet, Icon::Pause, "Not active")),
            checked: dialog.ticked.contains(&held.organization),
            disabled: false,
        })
        .collect();
    let nothing = if dialog.words.trim().is_empty() {
        parts::empty("Every organization is in this group", "There is none left to add.", None)
    } else {
        parts::empty("Nothing found", "No organization outside of this group has this in its name, ID, contact or domains.", None)
    };
    add(dialog, "organizations", "Name, ID or domain", "Organizations that are not in this group", &picks, &nothing)
}

/// **Add Employees**.
pub fn add_members(dialog: &AddDialog<'_, Colleague, AccountId>) -> Markup {
    let picks: Vec<Pick> = dialog
        .found
        .iter()
        .map(|colleague| Pick {
            name: "employee".into(),
            value: colleague.account.to_string(),
            label: parts::highlight(&colleague.name, dialog.words),
            detail: Some(html! { (parts::highlight(&colleague.email, dialog.words)) " · " (colleague.role.shown()) }),
            badge: Some(now(colleague)),
            checked: dialog.ticked.contains(&colleague.account),
            disabled: false,
        })
        .collect();
    let nothing = if dialog.words.trim().is_empty() {
        parts::empty("Everybody is in this group", "There is nobody left to add.", None)
    } else {
        parts::empty("Nobody found", "No employee outside of this group has this in name or e-mail.", None)
    };
    add(dialog, "members", "Name or e-mail", "Employees who are not in this group", &picks, &nothing)
}

/// What somebody sees at the moment, in a badge.
fn now(colleague: &Colleague) -> Markup {
    use crate::access::model::Reach;
    match colleague.sees() {
        _ if Reach::of(colleague.role, true) == Reach::All => parts::badge(Tone::Info, Icon::Check, "Never limited"),
        Sees::All | Sees::AllByRole => parts::badge(Tone::Quiet, Icon::Check, "Not limited"),
        Sees::Groups => parts::badge(Tone::Quiet, Icon::Users, "In other groups"),
        Sees::Nothing => parts::badge(Tone::Warn, Icon::Warning, "Limited to nothing"),
    }
}

fn add<Thing, Id>(dialog: &AddDialog<'_, Thing, Id>, what: &str, look_for: &str, legend: &str, picks: &[Pick], nothing: &Markup) -> Markup {
    let at = href(dialog.group.id);
    let cancel = form::cancel(&at);
    html! {
        (pick_search(&format!("{at}/{what}/new"), "q", look_for, dialog.words))
        form action={ (at) "/" (what) } method="post" {
            (dialog.hidden)
            @if picks.is_empty() { (nothing) } @else { (pick_list(legend, picks)) }
            @if dialog.more { p.padded.sub { "There are more. Search for the one you mean." } }
            @if picks.is_empty() { (form::buttons(Some(&ticked_count()), &[cancel])) }
            @else { (form::buttons(Some(&ticked_count()), &[cancel, form::button("Add to Group", ButtonKind::Primary, None)])) }
        }
    }
}

/// **Delete Group**: what becomes of its members, and the name to type.
#[derive(Debug)]
pub struct DeletionDialog<'a> {
    /// The group.
    pub group: &'a Group,
    /// Who would see nothing.
    pub stranded: &'a [String],
    /// What was typed.
    pub typed: &'a str,
    /// What is wrong with it.
    pub errors: &'a FieldErrors,
    /// The form's id, and what is wrong above the form.
    pub hidden: Markup,
}

/// EMP-4.
pub fn deletion(dialog: &DeletionDialog<'_>) -> Markup {
    let group = dialog.group;
    html! {
        div.stack {
            @if dialog.stranded.is_empty() {
                p { "Nobody loses sight of everything by this." }
            } @else {
                (parts::banner(Tone::Warn, &format!("{} will see no organization at all.", listed(dialog.stranded)), None))
                p {
                    "They stay limited until they are put into another group, or until somebody presses "
                    em { "Let see all organizations" } " on Manage Groups. To spare them that, first add them to another group on its page."
                }
            }
            ul.bullets {
                li { "Its organizations stay as they are; only the group goes." }
                li { "Members who are in other groups too see what those hold." }
            }
            form action={ (href(group.id)) "/deletion" } method="post" {
                (dialog.hidden)
                (Field {
                    name: "typed", label: "Type the group's name to confirm", value: dialog.typed, required: true, hint: Some(&group.name),
                    error: dialog.errors.of("typed"), autocomplete: Some("off"), ..Field::default()
                })
                (form::buttons(None, &[form::cancel(&href(group.id)), form::button("Delete Group", ButtonKind::DangerPrimary, Some(Icon::Trash))]))
            }
        }
    }
}

/// The dialog before somebody is taken out of a group: what they see afterwards.
pub fn remove_member(group: &Group, member: &Colleague, hidden: &Markup) -> Markup {
    let name = &member.name;
    html! {
        form action={ (href(group.id)) "/members/" (member.account) "/removal" } method="post" {
            (hidden)
            @match (member.sees(), member.is_last_group()) {
                (Sees::All | Sees::AllByRole, _) => { p { (name) " sees all organizations in any case, as " (member.role.shown()) "." } }
                (Sees::Groups | Sees::Nothing, true) => {
                    (parts::banner(
                        Tone::Warn,
                        &format!("This is the only group {name} is in. Who is in no group sees all organizations, from the next click on."),
                        None,
                    ))
                    p { "If that is not meant, first add them to another group on its page." }
                }
                (Sees::Groups | Sees::Nothing, false) => { p { (name) " then sees what the other groups hold that they are in." } }
            }
            (form::buttons(None, &[form::cancel(&href(group.id)), form::button("Take out of Group", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// **Let see all organizations**.
pub fn release(colleague: &Colleague, groups: &[Group], hidden: &Markup) -> Markup {
    let names: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
    html! {
        form action={ (LIST) "/limits/" (colleague.account) "/removal" } method="post" {
            (hidden)
            p {
                "From the next click on, access groups limit " (colleague.name) " (" (colleague.email) ") no more: they see every organization that "
                "the role " (colleague.role.shown()) " lets them see."
            }
            @if !names.is_empty() { p { "They leave " (listed(&names)) "." } }
            (form::buttons(None, &[form::cancel(LIST), form::button("Let See All Organizations", ButtonKind::DangerPrimary, None)]))
        }
    }
}
