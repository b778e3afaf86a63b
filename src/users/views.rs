//! How an organization's users look.

use maud::{Markup, html};

use crate::access::model::{AccountState, EndpointAccess};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, MenuEntry};
use crate::kernel::html::table::{Column, Row, Table, Tick, bulk_bar};
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::users::model::{Hand, Page, Step, User};

/// The card **Users** of an organization's page.
#[derive(Clone, Copy, Debug)]
pub struct CardOf<'a> {
    /// The organization.
    pub organization: OrganizationId,
    /// Its users, the first page of them (`users::store::page`).
    pub page: &'a Page,
    /// Whose hand the buttons are for (`users::actions::hand`).
    pub hand: Hand,
    /// How times are read.
    pub times: &'a Times,
    /// A fresh token, from which each form on the card makes an id of its own.
    pub seed: &'a str,
}

/// The card **Users**.
pub fn card(of: &CardOf<'_>) -> Markup {
    let count = text::thousands(of.page.total);
    let body = html! {
        (letters_bar(of))
        (table(of, true))
    };
    parts::card("users", "Users", Some(&count), Some(add_button(of.organization)), body)
}

/// Where the organization's page is.
pub fn home(organization: OrganizationId) -> String {
    format!("/organizations/{organization}")
}

fn add_button(organization: OrganizationId) -> Markup {
    let href = format!("/organizations/{organization}/users/new");
    form::dialog_link("Add Users", &href, ButtonKind::Secondary, Some(Icon::Plus), None)
}

fn form_id(of: &CardOf<'_>, what: &str) -> Markup {
    let seed: String = of.seed.chars().take(40).collect();
    form::form_id(&format!("{seed}-{what}"))
}

/// IMP-4: says how many wait for a letter, and sends it to all or to those ticked.
fn letters_bar(of: &CardOf<'_>) -> Markup {
    let action = format!("/organizations/{}/users/letters", of.organization);
    let waiting = of.page.not_invited;
    html! {
        @if waiting > 0 {
            div.padded {
                (parts::banner(
                    Tone::Info,
                    &format!("{} not invited yet. Their seven days begin when the letter goes out.", text::counted(waiting, "user is", "users are")),
                    Some(parts::action_form(
                        &action,
                        &html! { (form_id(of, "all")) (form::hidden("all", "1")) },
                        "Send letter to all",
                        ButtonKind::Secondary,
                        Some(Icon::Mail),
                    )),
                ))
            }
            (bulk_bar("users-ticked", &action, &form_id(of, "ticked"), &form::button("Send letters", ButtonKind::Primary, Some(Icon::Mail))))
        }
    }
}

/// The list, bare inside a card.
fn table(of: &CardOf<'_>, bare: bool) -> Markup {
    let all = format!("/organizations/{}/users", of.organization);
    let more = of.page.after.is_some().then(|| {
        html! { div.padded { (form::link_button(&format!("Show all {} users", text::thousands(of.page.total)), &all, ButtonKind::Secondary, None)) } }
    });
    Table {
        id: "users-list".to_owned(),
        caption: "Users".to_owned(),
        columns: vec![Column::new("Name"), Column::new("State"), Column::new("Access"), Column::actions()],
        rows: of.page.users.iter().map(|user| row(of, user)).collect(),
        bulk: (of.page.not_invited > 0).then(|| "users-ticked".to_owned()),
        bare,
        empty: Some(parts::empty(
            "No users yet",
            "Users see their organization's backup status. Those with Full access become Super Administrators of its SaaS accounts.",
            None,
        )),
        footer: if bare { more } else { None },
        ..Table::default()
    }
    .render()
}

fn row(of: &CardOf<'_>, user: &User) -> Row {
    let tick = matches!(user.account.state, AccountState::NotInvited) && user.may(of.hand, Step::SendLetter);
    Row {
        cells: vec![
            parts::two_lines(&html! { (user.name()) }, &html! { (user.account.email) }),
            state(user, of.times),
            parts::two_lines(&html! { (user.access.shown()) }, &html! { (endpoint_access(user)) }),
            row_actions(of, user),
        ],
        tick: tick.then(|| Tick { name: "user".to_owned(), value: user.account.id.to_string(), label: user.name() }),
        ..Row::default()
    }
}

const fn endpoint_access(user: &User) -> &'static str {
    match user.endpoint_access {
        EndpointAccess::FileRestores => "Endpoint Backup: File restores",
        EndpointAccess::NoAccess => "No Endpoint Backup",
    }
}

/// The state as a badge, with what belongs to it below.
pub fn state(user: &User, times: &Times) -> Markup {
    let (badge, below) = match user.account.state {
        AccountState::NotInvited => (parts::badge(Tone::Quiet, Icon::Mail, "Not invited"), html! { "no letter sent yet" }),
        AccountState::Invited { until } => (
            parts::badge(Tone::Info, Icon::Clock, "Invited"),
            html! { (parts::time_tag(&until.iso(), &times.zone.exact(until), &format!("{} left to set up", (until - times.now).words()))) },
        ),
        AccountState::Active { since } => (
            parts::badge(Tone::Good, Icon::Check, "Active"),
            if user.is_super_administrator() {
                html! { "Super Administrator" }
            } else {
                html! { "since " (times.date(since)) }
            },
        ),
        AccountState::Lapsed { since } => {
            (parts::badge(Tone::Quiet, Icon::Dash, "Deactivated"), html! { "set-up lapsed " (times.date(since)) })
        }
        AccountState::Deactivated { since } => {
            (parts::badge(Tone::Quiet, Icon::Dash, "Deactivated"), html! { "since " (times.date(since)) })
        }
    };
    html! { span.two { span { (badge) } span.sub { (below) } } }
}

fn row_actions(of: &CardOf<'_>, user: &User) -> Markup {
    let at = format!("/organizations/{}/users/{}", of.organization, user.account.id);
    let name = user.name();
    let entries = entries(of, user, &at);
    html! {
        @if matches!(user.account.state, AccountState::NotInvited) && user.may(of.hand, Step::SendLetter) {
            form.inline action={ (at) "/letter" } method="post" {
                (form_id(of, &format!("n{}", user.account.id)))
                button.button.secondary.small type="submit" aria-label={ "Send letter to " (name) } { "Send letter" }
            }
        }
        @if user.may(of.hand, Step::Edit) { (form::icon_link(Icon::Pencil, &format!("Edit {name}"), &at, true)) }
        @if user.may(of.hand, Step::Remove) { (form::icon_link(Icon::Trash, &format!("Remove {name}"), &format!("{at}/removal"), true)) }
        @if !entries.is_empty() { (parts::options_menu(&format!("Options for {name}"), &entries)) }
    }
}

/// The options menu: only what the rules allow now.
fn entries(of: &CardOf<'_>, user: &User, at: &str) -> Vec<MenuEntry> {
    let button = |label: &str, path: &str| MenuEntry::Form {
        label: label.to_owned(),
        action: format!("{at}/{path}"),
        fields: form_id(of, &format!("{}{}", path.chars().next().unwrap_or('x'), user.account.id)),
        danger: false,
    };
    let mut entries = Vec::new();
    if user.may(of.hand, Step::SendLetter) {
        let first = matches!(user.account.state, AccountState::NotInvited);
        entries.push(button(if first { "Send letter" } else { "Resend letter" }, "letter"));
    }
    if user.may(of.hand, Step::Reactivate) {
        entries.push(button("Reactivate Account", "reactivation"));
    }
    if user.may(of.hand, Step::Deactivate) {
        entries.push(MenuEntry::DialogLink { label: "Deactivate Account".to_owned(), href: format!("{at}/deactivation"), danger: true });
    }
    entries
}
