//! How a partner's staff looks.

use maud::{Markup, html};

use crate::access::model::{AccountState, Hand, Role};
use crate::accounts::list_model::From;
use crate::accounts::model::phone;
use crate::employees::model::{AS_ROLE, Employee, Entry, Filter, Page, ProductAccess, Step, assignable};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, MenuEntry};
use crate::kernel::html::table::{self, Column, Row, Table, Toolbar};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::text;

/// Where the list is.
pub const LIST: &str = "/employees";
/// Where the primary account is handed over.
pub const HAND_OVER: &str = "/employees/primary-account";
/// The list's element.
const TARGET: &str = "employees";

/// The page Manage Employees.
#[derive(Clone, Copy, Debug)]
pub struct ListPage<'a> {
    /// What is asked for.
    pub filter: &'a Filter,
    /// Who was found.
    pub page: &'a Page,
    /// Whose hand the buttons are for.
    pub hand: Hand,
    /// How times are read.
    pub times: &'a Times,
    /// A fresh token, from which each form on the page makes an id of its own.
    pub seed: &'a str,
}

/// Opens the dialog **Add Employees**.
pub fn add_button() -> Markup {
    form::dialog_link("Add Employees", "/employees/new", ButtonKind::Primary, Some(Icon::Plus), None)
}

/// The list with its search.
pub fn list(of: &ListPage<'_>) -> Markup {
    let part = &of.page.part;
    let way = |place: Option<From>| place.map(|from| Filter { from, ..of.filter.clone() }.href());
    let previous = way(part.before.clone().map(From::Before));
    let next = way(part.after.clone().map(From::After));
    let pages = previous.is_some() || next.is_some();
    Table {
        id: TARGET.to_owned(),
        caption: "Employees, by last name".to_owned(),
        columns: columns(),
        rows: part.rows.iter().map(|employee| row(of, employee)).collect(),
        empty: Some(empty()),
        toolbar: Some(toolbar(of)),
        footer: pages.then(|| table::pager(previous.as_deref(), next.as_deref(), &shown(of))),
        ..Table::default()
    }
    .render()
}

fn columns() -> Vec<Column> {
    let short = |label: &str| Column { class: "short", ..Column::new(label) };
    vec![
        Column { class: "main", ..Column::new("Name") },
        short("Phone"),
        short("Role"),
        Column::new("Products"),
        short("State"),
        short("Last sign-in"),
        Column::actions(),
    ]
}

fn toolbar(of: &ListPage<'_>) -> Markup {
    let mut roles = vec![("", "All")];
    roles.extend(Role::ALL.iter().map(|role| (role.word(), role.shown())));
    table::toolbar(&Toolbar {
        action: LIST,
        target: TARGET,
        search: Some(("q", "Name or e-mail", &of.filter.query)),
        filters: vec![table::Filter { name: "role", label: "Role", options: &roles, selected: of.filter.role.map_or("", Role::word) }],
        note: Some(shown(of)),
        ..Toolbar::default()
    })
}

/// "7 employees", "50 of 112", "2 found".
fn shown(of: &ListPage<'_>) -> String {
    let rows = i64::try_from(of.page.part.rows.len()).unwrap_or(i64::MAX);
    if rows < of.page.found {
        format!("{} of {}", text::thousands(rows), text::thousands(of.page.found))
    } else if of.filter.narrows() {
        format!("{} found", text::thousands(rows))
    } else {
        text::counted(rows, "employee", "employees")
    }
}

/// There is always one employee: whoever looks.
fn empty() -> Markup {
    let all = form::link_button("Show all", LIST, ButtonKind::Secondary, None);
    parts::empty("Nobody found", "Try part of a name or of an e-mail, or another role.", Some(all))
}

fn row(of: &ListPage<'_>, employee: &Employee) -> Row {
    let account = &employee.account;
    let own = of.hand.identity == Some(account.identity);
    let name = html! {
        (parts::highlight(&employee.name(), &of.filter.query))
        @if own { " " (parts::badge(Tone::Info, Icon::Check, "You")) }
    };
    let number = phone(account.country_code.as_deref(), account.mobile_phone.as_deref());
    Row {
        cells: vec![
            parts::two_lines(&name, parts::highlight(&account.email, &of.filter.query)),
            html! { @if number.is_empty() { span.sub { "None" } } @else { (number) } },
            html! { (employee.role.shown()) },
            html! { (employee.products.shown()) },
            state(of, employee),
            html! { @match employee.last_sign_in { Some(moment) => { (of.times.ago(moment)) } None => { span.sub { "Never" } } } },
            row_actions(of, employee, own),
        ],
        ..Row::default()
    }
}

/// The state as a badge, with what belongs to it below.
fn state(of: &ListPage<'_>, employee: &Employee) -> Markup {
    let times = of.times;
    let (tone, shape, word) = employee.account.state.look();
    let below = match employee.account.state {
        AccountState::NotInvited => html! { "no letter yet" },
        AccountState::Invited { until } => times.left(until, "to set up"),
        AccountState::Active { since } | AccountState::Deactivated { since } => html! { "since " (times.date(since)) },
        AccountState::Lapsed { since } => html! { "set-up lapsed " (times.date(since)) },
    };
    html! { div.two { span { (parts::badge(tone, shape, word)) } div.sub { (below) } } }
}

fn row_actions(of: &ListPage<'_>, employee: &Employee, own: bool) -> Markup {
    let (at, name) = (format!("{LIST}/{}", employee.account.id), employee.name());
    let entries = entries(of, employee, &at, own);
    html! {
        @if employee.may(of.hand, Step::Edit) { (form::icon_link(Icon::Pencil, Joined(&["Edit ", &name]), Words(&at), true)) }
        @if employee.may(of.hand, Step::Remove) { (form::icon_link(Icon::Trash, Joined(&["Remove ", &name]), Joined(&[&at, "/removal"]), true)) }
        @if !entries.is_empty() { (parts::options_menu(Joined(&["Options for ", &name]), &entries)) }
    }
}

/// The options menu: only what the rules allow now.
fn entries(of: &ListPage<'_>, employee: &Employee, at: &str, own: bool) -> Vec<MenuEntry> {
    let seed: String = of.seed.chars().take(40).collect();
    let button = |label: &str, path: &str| MenuEntry::Form {
        label: label.to_owned(),
        action: format!("{at}/{path}"),
        fields: form::form_id(&format!("{seed}-{}{}", path.chars().next().unwrap_or('x'), employee.account.id)),
        danger: false,
    };
    let mut entries = Vec::new();
    if employee.may(of.hand, Step::SendLetter) {
        let first = matches!(employee.account.state, AccountState::NotInvited);
        entries.push(button(if first { "Send letter" } else { "Resend letter" }, "letter"));
    }
    if employee.may(of.hand, Step::Reactivate) {
        entries.push(button("Reactivate Account", "reactivation"));
    }
    if employee.may(of.hand, Step::Deactivate) {
        entries.push(MenuEntry::DialogLink { label: "Deactivate Account".to_owned(), href: format!("{at}/deactivation"), danger: true });
    }
    if own && employee.role == Role::PrimaryAccount {
        entries.push(MenuEntry::DialogLink { label: "Hand over the primary account".to_owned(), href: HAND_OVER.to_owned(), danger: true });
    }
    entries
}

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
                li { "Open sessions end at once, and an unused set-up link stops working." }
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
