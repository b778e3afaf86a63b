//! How a partner's staff looks.

use std::collections::HashMap;

use maud::{Markup, html};

use crate::access::roles_model::Role;
use crate::access::state_model::AccountState;
use crate::access::witness_model::Hand;
use crate::accounts::list_model::From;
use crate::accounts::model::phone;
use crate::employees::model::{Employee, Filter, Page, Step};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::menus::{self, MenuEntry};
use crate::kernel::html::parts;
use crate::kernel::html::table::{self, Column, Row, Table, Toolbar};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::ids::AccountId;
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
    /// What each of them sees, for who manages groups (EMP-4).
    pub sees: Option<&'a HashMap<AccountId, Markup>>,
    /// How times are read.
    pub times: &'a Times,
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
        columns: columns(of.sees.is_some()),
        rows: part.rows.iter().map(|employee| row(of, employee)).collect(),
        empty: Some(empty()),
        toolbar: Some(toolbar(of)),
        footer: pages.then(|| table::pager(previous.as_deref(), next.as_deref(), &shown(of))),
        ..Table::default()
    }
    .render()
}

fn columns(with_sight: bool) -> Vec<Column> {
    let short = |label: &str| Column { class: "short", ..Column::new(label) };
    let mut columns = vec![Column { class: "main", ..Column::new("Name") }, short("Phone"), short("Role"), Column::new("Products")];
    if with_sight {
        columns.push(Column::new("Sees"));
    }
    columns.extend([short("State"), short("Last sign-in"), Column::actions()]);
    columns
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
    let mut cells = vec![
        parts::two_lines(&name, parts::highlight(&account.email, &of.filter.query)),
        html! { @if number.is_empty() { span.sub { "None" } } @else { (number) } },
        html! { (employee.role.shown()) },
        html! { (employee.products.shown()) },
    ];
    cells.extend(of.sees.map(|sees| sees.get(&account.id).cloned().unwrap_or_default()));
    cells.extend([
        state(of, employee),
        html! { @match employee.last_sign_in { Some(moment) => { (of.times.ago(moment)) } None => { span.sub { "Never" } } } },
        row_actions(of, employee),
    ]);
    Row { cells, ..Row::default() }
}

/// The state as a badge, with what belongs to it below.
fn state(of: &ListPage<'_>, employee: &Employee) -> Markup {
    let times = of.times;
    let (tone, shape, word) = employee.account.state.look();
    let below = match employee.account.state {
        AccountState::NotInvited => html! { "no letter yet" },
        AccountState::Invited { until } => times.left(until, "to set up"),
        AccountState::Active { until: Some(until), .. } => times.left(until, "for a factor"),
        AccountState::Active { since, until: None } | AccountState::Deactivated { since } => html! { "since " (times.date(since)) },
        AccountState::Lapsed { since } => html! { "set-up lapsed " (times.date(since)) },
    };
    html! { (parts::badge(tone, shape, word)) small { (below) } }
}

fn row_actions(of: &ListPage<'_>, employee: &Employee) -> Markup {
    let (at, name) = (format!("{LIST}/{}", employee.account.id), employee.name());
    html! {
        @if employee.may(of.hand, Step::Edit) { (form::icon_link(Icon::Pencil, Joined(&["Edit ", &name]), Words(&at), true)) }
        @if employee.may(of.hand, Step::Remove) { (form::icon_link(Icon::Trash, Joined(&["Remove ", &name]), Joined(&[&at, "/removal"]), true)) }
        @if allowed(employee, of.hand).next().is_some() || hands_over(employee, of.hand) {
            (menus::options_link(Joined(&["Options for ", &name]), Joined(&[&at, "/options"])))
        }
    }
}

/// What the options are called, where they lead below the employee's address, and whether they are done at once or in a dialog.
const OPTIONS: [(Step, &str, &str, bool); 4] = [
    (Step::SendLetter, "Resend letter", "letter", true),
    (Step::Reactivate, "Reactivate Account", "reactivation", true),
    (Step::ResetFactor, "Reset MFA", "second-factor", false),
    (Step::Deactivate, "Deactivate Account", "deactivation", false),
];

/// Those that the rules allow now.
fn allowed(employee: &Employee, hand: Hand) -> impl Iterator<Item = (Step, &'static str, &'static str, bool)> {
    OPTIONS.into_iter().filter(move |(step, ..)| employee.may(hand, *step))
}

/// Whether it is the primary account's own row.
fn hands_over(employee: &Employee, hand: Hand) -> bool {
    hand.identity == Some(employee.account.identity) && employee.role == Role::PrimaryAccount
}

/// What stands in an employee's options menu: only what the rules allow now. From `seed`, a fresh token, each form makes an id of its own.
pub fn options(employee: &Employee, hand: Hand, seed: &str) -> Vec<MenuEntry> {
    let at = format!("{LIST}/{}", employee.account.id);
    let seed: String = seed.chars().take(40).collect();
    let entry = |(step, label, path, at_once): (Step, &str, &str, bool)| {
        let address = format!("{at}/{path}");
        if !at_once {
            return MenuEntry::DialogLink { label: label.to_owned(), href: address, danger: step == Step::Deactivate };
        }
        let first = step == Step::SendLetter && matches!(employee.account.state, AccountState::NotInvited);
        let label = if first { "Send letter" } else { label };
        MenuEntry::Form { label: label.to_owned(), action: address, fields: form::form_id(&format!("{seed}-{path}")), danger: false }
    };
    let mut entries: Vec<MenuEntry> = allowed(employee, hand).map(entry).collect();
    if hands_over(employee, hand) {
        entries.push(MenuEntry::DialogLink { label: "Hand over the primary account".to_owned(), href: HAND_OVER.to_owned(), danger: true });
    }
    entries
}
