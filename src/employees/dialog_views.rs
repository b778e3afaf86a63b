//! The dialogs about one employee or several.

use maud::{Markup, html};

use crate::access::roles_model::ProductAccess;
use crate::access::witness_model::Hand;
use crate::employees::entry_model::{AS_ROLE, Entry};
use crate::employees::model::{Employee, assignable};
use crate::employees::views::{HAND_OVER, LIST};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Select};

/// What is wrong with a form and what was typed: for drawing it (again).
#[derive(Clone, Debug)]
pub struct FormOf<'a> {
    /// Whose hand.
    pub hand: Hand,
    /// Form id and other hidden fields.
    pub hidden: Markup,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// The same by field.
    pub errors: &'a FieldErrors,
    /// What was typed.
    pub entry: &'a Entry,
    /// Name, e-mail and phone (`accounts::person_views::fields`).
    pub person: Markup,
}

/// The dialog **Add Employees**. `entered` shows those who will be added together with the one in the fields, if there are any
/// (`accounts::person_views::entered`).
pub fn add_form(of: &FormOf<'_>, entered: Option<&Markup>) -> Markup {
    html! {
        (of.summary)
        form action="/employees/new" method="post" novalidate[entered.is_some()] data-kept[entered.is_some()] {
            (of.hidden)
            @if let Some(entered) = entered { (entered) }
            (fields(of))
            (Checkbox {
                name: "another",
                value: "1",
                label: "Add another employee",
                hint: Some("Keeps this open for the next one. All of them are added together at the end, or none."),
                ..Checkbox::default()
            })
            (form::buttons(None, &[form::cancel(LIST), form::button("Add Employee", ButtonKind::Primary, None)]))
        }
    }
}

/// The dialog **Edit Employee**.
pub fn edit_form(of: &FormOf<'_>, at: &str) -> Markup {
    html! {
        (of.summary)
        form action=(at) method="post" {
            (of.hidden)
            (fields(of))
            (form::buttons(None, &[form::cancel(LIST), form::button("Save Changes", ButtonKind::Primary, None)]))
        }
    }
}

/// EMP-2, EMP-3.
fn fields(of: &FormOf<'_>) -> Markup {
    let mut roles = vec![("", "Choose a role")];
    roles.extend(assignable(of.hand.role).into_iter().map(|role| (role.word(), role.shown())));
    html! {
        (of.person)
        (Select {
            name: "role", label: "Role", options: &roles, selected: &of.entry.role, required: true, error: of.errors.of("role"),
            hint: Some("Admin and above manage organizations and employees, Tech sees backups, Business bills, Sales & Marketing prices."),
            ..Select::default()
        })
        div.pair {
            (product(of, "bcdr", "BCDR", &of.entry.bcdr, "Devices. Admin and above have it, and Tech."))
            (product(of, "endpoint_backup", "Endpoint Backup", &of.entry.endpoint_backup, "Computers. Admin and above have it."))
        }
    }
}

fn product(of: &FormOf<'_>, name: &str, label: &str, selected: &str, hint: &str) -> Markup {
    let levels = [ProductAccess::Full, ProductAccess::NoAccess].map(|level| (level.word(), level.shown()));
    let options: Vec<(&str, &str)> = [(AS_ROLE, "As the role has it")].into_iter().chain(levels).collect();
    html! {
        (Select { name, label, options: &options, selected, error: of.errors.of(name), hint: Some(hint), required: true, ..Select::default() })
    }
}

/// A dialog for a step that the rules do not allow now says why instead.
pub fn not_now(sentence: &str) -> Markup {
    html! { p { (sentence) } (form::buttons(None, &[form::cancel(LIST)])) }
}

/// The dialog behind **Deactivate Account**.
pub fn deactivate_form(employee: &Employee, hidden: &Markup) -> Markup {
    html! {
        form action={ (LIST) "/" (employee.account.id) "/deactivation" } method="post" {
            (hidden)
            ul.bullets {
                li { (employee.name()) " (" (employee.account.email) ") cannot sign in as " (employee.role.shown()) " from that moment." }
                li { "Open sessions end at once, an unused set-up link stops working, and API keys they made are refused." }
                li { "All details stay, and the account can be reactivated at any time." }
            }
            (form::buttons(None, &[form::cancel(LIST), form::button("Deactivate Employee", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The dialog behind the trash can; `free_at` is when the e-mail may be used again (ACC-6).
pub fn remove_form(employee: &Employee, free_at: &Markup, hidden: &Markup) -> Markup {
    html! {
        form action={ (LIST) "/" (employee.account.id) "/removal" } method="post" {
            (hidden)
            ul.bullets {
                li { (employee.name()) " (" (employee.account.email) ") is no longer on the staff; open sessions end at once." }
                li { "This e-mail cannot be registered again for 24 hours, until " (free_at) "." }
                li { "API keys they made are deleted, and scripts that use them are refused." }
                li { "What they did stays in the Activity Log. No organization and no backup data is touched." }
            }
            (form::buttons(None, &[form::cancel(LIST), form::button("Remove Employee", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The dialog **Hand over the primary account**: to one of those who may sign in now.
#[derive(Clone, Debug)]
pub struct HandOver<'a> {
    /// Active employees but oneself.
    pub others: &'a [Employee],
    /// The chosen one's account.
    pub selected: &'a str,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// The same by field.
    pub errors: &'a FieldErrors,
    /// The form's id.
    pub hidden: Markup,
}

/// ACC-14.
pub fn hand_over_form(of: &HandOver<'_>) -> Markup {
    if of.others.is_empty() {
        return not_now("There is no other active employee to hand it over to. Add one first; once they are set up, come back here.");
    }
    let ids: Vec<(String, String)> = of
        .others
        .iter()
        .map(|other| (other.account.id.to_string(), format!("{} ({}), {}", other.name(), other.account.email, other.role.shown())))
        .collect();
    let mut options = vec![("", "Choose an employee")];
    options.extend(ids.iter().map(|(id, words)| (id.as_str(), words.as_str())));
    html! {
        (of.summary)
        form action=(HAND_OVER) method="post" {
            (of.hidden)
            ul.bullets {
                li { "Account settings and branding are the primary account's alone. They pass on at once." }
                li { "You become Security Admin and stay signed in." }
                li { "Only the new primary account can hand it back." }
            }
            (Select {
                name: "employee", label: "New primary account", options: &options, selected: of.selected, required: true,
                error: of.errors.of("employee"), ..Select::default()
            })
            (form::buttons(None, &[form::cancel(LIST), form::button("Hand Over", ButtonKind::DangerPrimary, None)]))
        }
    }
}
