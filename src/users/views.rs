//! How an organization's users look.

use maud::{Markup, html};

use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::access::state_model::AccountState;
use crate::access::witness_model::Hand;
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::menus::{self, MenuEntry};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table, Tick, bulk_bar, pager};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::organizations::model::Organization;
use crate::subscriptions::model::State;
use crate::users::model::{Entry, FullAdministrator, Page, Step, User};

/// How many users the card shows.
const ON_CARD: usize = 25;

/// The card **Users** of an organization's page.
#[derive(Clone, Copy, Debug)]
pub struct CardOf<'a> {
    /// The organization.
    pub organization: OrganizationId,
    /// What state it is in.
    pub state: State,
    /// Its users, the first page of them (`users::store::page`).
    pub page: &'a Page,
    /// Whose hand the buttons are for (`users::actions::hand`).
    pub hand: Hand,
    /// How times are read.
    pub times: &'a Times,
    /// A fresh token, from which each form on the card makes an id of its own.
    pub seed: &'a str,
    /// What stands under the list.
    pub below: Option<&'a Markup>,
}

/// The card **Users**.
pub fn card(of: &CardOf<'_>) -> Markup {
    let count = text::thousands(of.page.total);
    let body = html! {
        (letters_bar(of))
        (table(of, true, show_all(of)))
        @if let Some(below) = of.below { (below) }
    };
    parts::card("users", "Users", Some(&count), Some(add_button(of.organization)), body)
}

/// Where the organization's page is.
pub fn home(organization: OrganizationId) -> String {
    format!("/organizations/{organization}")
}

/// Opens the dialog **Add Organization Users**.
pub fn add_button(organization: OrganizationId) -> Markup {
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
                    &format!("{} for the first letter. The seven days begin with it.", text::counted(waiting, "user waits", "users wait")),
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

/// The way from the card to the whole list, when the card does not hold it.
fn show_all(of: &CardOf<'_>) -> Option<Markup> {
    let whole = of.page.part.after.is_none() && of.page.part.rows.len() <= ON_CARD;
    let all = format!("{}/users", home(of.organization));
    let label = format!("Show all {} users", text::thousands(of.page.total));
    (!whole).then(|| parts::padded(&form::link_button(&label, &all, ButtonKind::Secondary, None)))
}

/// The list, bare inside a card.
fn table(of: &CardOf<'_>, bare: bool, footer: Option<Markup>) -> Markup {
    Table {
        id: "users-list".to_owned(),
        caption: "Users".to_owned(),
        columns: vec![Column::new("Name"), short("State"), short("Access"), Column::actions()],
        rows: of.page.part.rows.iter().take(if bare { ON_CARD } else { usize::MAX }).map(|user| row(of, user)).collect(),
        bulk: (of.page.not_invited > 0).then(|| "users-ticked".to_owned()),
        bare,
        empty: Some(parts::empty(
            "No users yet",
            "Users see their organization's backup status. Those with Full access become Super Administrators of its SaaS accounts.",
            None,
        )),
        footer,
        ..Table::default()
    }
    .render()
}

/// A column of short words that stay on their line.
fn short(label: &str) -> Column {
    Column { class: "short", ..Column::new(label) }
}

fn row(of: &CardOf<'_>, user: &User) -> Row {
    let tick = matches!(user.account.state, AccountState::NotInvited) && user.may(of.hand, Step::SendLetter);
    Row {
        cells: vec![
            parts::two_lines(&html! { (user.name()) (standing(user)) }, &html! { (user.account.email) }),
            state(of, user),
            parts::two_lines(&html! { (user.access.shown()) }, &html! { (endpoint_access(user)) }),
            row_actions(of, user),
        ],
        tick: tick.then(|| Tick { name: "user".to_owned(), value: user.account.id.to_string(), label: user.name() }),
        ..Row::default()
    }
}

/// SUB-8, PAR-3, SUP-1: what tells this user from the others.
fn standing(user: &User) -> Markup {
    html! {
        @if user.owner { " " (parts::badge(Tone::Info, Icon::Key, "Owner")) }
        @if user.full_administrator == FullAdministrator::Yes { " " (parts::badge(Tone::Quiet, Icon::Key, "Full administrator")) }
        @if let Some((tone, shape, word)) = user.support.look() { " " (parts::badge(tone, shape, word)) }
    }
}

const fn endpoint_access(user: &User) -> &'static str {
    match user.endpoint_access {
        EndpointAccess::FileRestores => "Endpoint Backup",
        EndpointAccess::NoAccess => "No Endpoint Backup",
    }
}

/// The state as a badge, with what belongs to it below.
fn state(of: &CardOf<'_>, user: &User) -> Markup {
    let times = of.times;
    let (tone, shape, word) = user.account.state.look();
    let below = match user.account.state {
        AccountState::NotInvited => first_letter(of, user),
        AccountState::Invited { until } => times.left(until, "to set up"),
        AccountState::Active { .. } if user.is_super_administrator(of.state) => html! { "Super Administrator" },
        AccountState::Active { until: Some(until), .. } => times.left(until, "for a factor"),
        AccountState::Active { since, until: None } | AccountState::Deactivated { since } => html! { "since " (times.date(since)) },
        AccountState::Lapsed { since } => html! { "set-up lapsed " (times.date(since)) },
    };
    let button = matches!(user.account.state, AccountState::NotInvited);
    html! { (parts::badge(tone, shape, word)) @if button { div.sub { (below) } } @else { small { (below) } } }
}

/// IMP-4: the button that sends one user's first letter.
fn first_letter(of: &CardOf<'_>, user: &User) -> Markup {
    let action = format!("/organizations/{}/users/{}/letter", of.organization, user.account.id);
    html! {
        @if user.may(of.hand, Step::SendLetter) {
            form.inline action=(action) method="post" {
                (form_id(of, &format!("n{}", user.account.id)))
                button.text-button type="submit" aria-label={ "Send letter to " (user.name()) } { "Send letter" }
            }
        } @else { "no letter yet" }
    }
}

fn row_actions(of: &CardOf<'_>, user: &User) -> Markup {
    let at = format!("/organizations/{}/users/{}", of.organization, user.account.id);
    let name = user.name();
    html! {
        @if user.may(of.hand, Step::Edit) { (form::icon_link(Icon::Pencil, Joined(&["Edit ", &name]), Words(&at), true)) }
        @if user.may(of.hand, Step::Remove) { (form::icon_link(Icon::Trash, Joined(&["Remove ", &name]), Joined(&[&at, "/removal"]), true)) }
        @if allowed(user, of.hand).next().is_some() {
            (menus::options_link(Joined(&["Options for ", &name]), Joined(&[&at, "/options"])))
        }
    }
}

/// How an option is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    AtOnce,
    InADialog,
    /// The same, shown in red.
    WithCare,
}

/// What the options are called, and where they lead below the user's address.
const OPTIONS: [(Step, &str, &str, How); 7] = [
    (Step::SendLetter, "Resend letter", "letter", How::AtOnce),
    (Step::Reactivate, "Reactivate Account", "reactivation", How::AtOnce),
    (Step::ResetFactor, "Reset MFA", "second-factor", How::InADialog),
    (Step::AuthorizeForSupport, "Authorize for Support", "support", How::InADialog),
    (Step::ConfirmPin, "Confirm support PIN", "support/pin", How::InADialog),
    (Step::WithdrawSupport, "Withdraw support authorization", "support/withdrawal", How::WithCare),
    (Step::Deactivate, "Deactivate Account", "deactivation", How::WithCare),
];

/// Those that the rules allow now.
fn allowed(user: &User, hand: Hand) -> impl Iterator<Item = (Step, &'static str, &'static str, How)> {
    OPTIONS.into_iter().filter(move |(step, ..)| user.may(hand, *step))
}

/// What stands in a user's options menu: only what the rules allow now. From `seed`, a fresh token, each form makes an id of its own.
pub fn options(organization: OrganizationId, user: &User, hand: Hand, seed: &str) -> Vec<MenuEntry> {
    let at = format!("/organizations/{organization}/users/{}", user.account.id);
    let seed: String = seed.chars().take(40).collect();
    let entry = |(step, label, path, how): (Step, &str, &str, How)| {
        let address = format!("{at}/{path}");
        if how != How::AtOnce {
            return MenuEntry::DialogLink { label: label.to_owned(), href: address, danger: how == How::WithCare };
        }
        let first = step == Step::SendLetter && matches!(user.account.state, AccountState::NotInvited);
        let label = if first { "Send letter" } else { label };
        MenuEntry::Form { label: label.to_owned(), action: address, fields: form::form_id(&format!("{seed}-{path}")), danger: false }
    };
    allowed(user, hand).map(entry).collect()
}

/// Every user, a page at a time.
pub fn all(of: &CardOf<'_>, previous: Option<&str>, next: Option<&str>) -> Markup {
    let shown = text::counted(i64::try_from(of.page.part.rows.len()).unwrap_or(0), "user", "users");
    let note = format!("{shown} of {} shown, by last name", text::thousands(of.page.total));
    html! {
        (letters_bar(of))
        (table(of, false, Some(pager(previous, next, &note))))
    }
}

/// What is wrong with a form and what was typed: for drawing it (again).
#[derive(Clone, Debug)]
pub struct FormOf<'a> {
    /// The organization.
    pub organization: OrganizationId,
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
    /// Who has Endpoint Backup access already (USR-3).
    pub endpoint_user: Option<&'a str>,
}

/// The dialog **Add Organization Users**. `entered` shows those who will be added together with the one in the fields, if there are any
/// (`accounts::person_views::entered`).
pub fn add_form(of: &FormOf<'_>, entered: Option<&Markup>) -> Markup {
    html! {
        (of.summary)
        form action={ "/organizations/" (of.organization) "/users/new" } method="post" novalidate[entered.is_some()]
            data-kept[entered.is_some()] {
            (of.hidden)
            @if let Some(entered) = entered { (entered) }
            (fields(of))
            (Checkbox {
                name: "another",
                value: "1",
                label: "Add another organization user",
                hint: Some("Keeps this open for the next one. All of them are added together at the end, or none."),
                ..Checkbox::default()
            })
            (form::buttons(None, &[form::cancel(&home(of.organization)), form::button("Add Organization User", ButtonKind::Primary, None)]))
        }
    }
}

/// The dialog **Edit Organization User**.
pub fn edit_form(of: &FormOf<'_>, at: &str) -> Markup {
    html! {
        (of.summary)
        form action=(at) method="post" {
            (of.hidden)
            (fields(of))
            (full_administrator(of))
            (form::buttons(None, &[form::cancel(&home(of.organization)), form::button("Save Changes", ButtonKind::Primary, None)]))
        }
    }
}

/// USR-1, USR-2.
fn fields(of: &FormOf<'_>) -> Markup {
    html! {
        (of.person)
        div.pair { (access_level(of)) (endpoint_level(of)) }
        (super_administrators())
    }
}

fn access_level(of: &FormOf<'_>) -> Markup {
    let options = OrganizationAccess::ALL.iter().map(|level| (level.word(), level.shown())).collect::<Vec<_>>();
    html! {
        (Select {
            name: "access", label: "Organization Access", options: &options, selected: &of.entry.access, required: true,
            error: of.errors.of("access"), hint: Some("For all products but Endpoint Backup."), ..Select::default()
        })
    }
}

fn endpoint_level(of: &FormOf<'_>) -> Markup {
    let options = [EndpointAccess::NoAccess, EndpointAccess::FileRestores].map(|level| (level.word(), level.shown()));
    let taken = of.endpoint_user.map(|name| format!("One user at most; now {name}."));
    html! {
        (Select {
            name: "endpoint_access", label: "Endpoint Backup Access", options: &options, selected: &of.entry.endpoint_access, required: true,
            error: of.errors.of("endpoint_access"), hint: Some(taken.as_deref().unwrap_or("One user of an organization at most.")),
            ..Select::default()
        })
    }
}

/// PAR-3.
fn full_administrator(of: &FormOf<'_>) -> Markup {
    html! {
        (Checkbox {
            name: "full_administrator", value: "yes", label: "Full administrator", checked: !of.entry.full_administrator.is_empty(),
            hint: Some("May ask for the organization's transfer to another partner, as its Owner may."), ..Checkbox::default()
        })
        @if let Some(error) = of.errors.of("full_administrator") { p.error { (error) } }
    }
}

/// SUB-8: under the list, while the organization's contact is none of its users: makes it the Owner. `name` and `email` are the contact's.
pub fn send_sign_in(organization: OrganizationId, (name, email): (&str, &str), form_id: &Markup) -> Markup {
    html! {
        div.setting {
            div.two {
                span.name { "Send sign in" }
                span.sub {
                    (name) " (" (email) ") is the contact, and no user yet. A letter with the sign-in address and a link to set the password makes the contact the organization's Owner, with Full access."
                }
            }
            (parts::action_form(&format!("{}/sign-in", home(organization)), form_id, "Send sign in", ButtonKind::Secondary, Some(Icon::Mail)))
        }
    }
}

/// USR-7.
fn super_administrators() -> Markup {
    html! {
        p.hint {
            "Full access makes a Super Administrator of every linked SaaS account, with the same credentials. "
            "Lesser administrators are made in the vendor's console."
        }
    }
}

/// The dialog behind **Deactivate Account**.
pub fn deactivate_form(organization: OrganizationId, user: &User, hidden: &Markup) -> Markup {
    html! {
        form action={ "/organizations/" (organization) "/users/" (user.account.id) "/deactivation" } method="post" {
            (hidden)
            ul.bullets {
                li { (user.name()) " (" (user.account.email) ") cannot sign in to this organization from that moment." }
                li { "Open sessions end at once, and an unused set-up link stops working." }
                li { "All details stay, and the account can be reactivated at any time." }
            }
            (form::buttons(None, &[form::cancel(&home(organization)), form::button("Deactivate User", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The dialog behind the trash can; `free_at` is when the e-mail may be used again (ACC-6).
pub fn remove_form(organization: &Organization, user: &User, free_at: &Markup, hidden: &Markup) -> Markup {
    let (organization, state) = (organization.id, organization.subscription.state);
    html! {
        form action={ "/organizations/" (organization) "/users/" (user.account.id) "/removal" } method="post" {
            (hidden)
            ul.bullets {
                li { (user.name()) " (" (user.account.email) ") loses the access to this organization; open sessions end at once." }
                li { "This e-mail cannot be registered again for 24 hours, until " (free_at) "." }
                @if user.is_super_administrator(state) { li { "The Super Administrator of the linked SaaS accounts ends with it." } }
                @if user.endpoint_access == EndpointAccess::FileRestores {
                    li { "Endpoint Backup datasets stay: they belong to the organization." }
                }
                li { "No backup data is deleted." }
            }
            (form::buttons(None, &[form::cancel(&home(organization)), form::button("Remove User", ButtonKind::DangerPrimary, None)]))
        }
    }
}
