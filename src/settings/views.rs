//! The tabs of Account Settings.

use maud::{Markup, html};

use crate::access::model::{Person, Place};
use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Tab, Table, tabs};
use crate::kernel::text;
use crate::settings::model::Look;

/// Which tab is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// Personal Details.
    Personal,
    /// Security.
    Security,
    /// Display.
    Display,
}

/// The row of tabs.
pub fn tab_row(shown: Shown) -> Markup {
    let tab =
        |label: &str, href: &str, of: Shown| Tab { label: label.to_owned(), href: href.to_owned(), count: None, current: of == shown };
    tabs(&[
        tab("Personal Details", "/account", Shown::Personal),
        tab("Security", "/account/security", Shown::Security),
        tab("Display", "/account/display", Shown::Display),
    ])
}

/// Personal Details.
#[derive(Debug)]
pub struct Personal<'a> {
    /// Whose.
    pub person: &'a Person,
    /// The chosen time zone.
    pub time_zone: &'a str,
    /// The chosen theme's word.
    pub theme: &'a str,
    /// Every time zone.
    pub zones: &'a [String],
    /// Now, in the saved zone.
    pub now: Markup,
    /// The form's id.
    pub form_id: Markup,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// What is wrong with the zone.
    pub zone_error: Option<&'a str>,
    /// What is wrong with the theme.
    pub theme_error: Option<&'a str>,
    /// The card that asks for the organization's transfer, for who may (PAR-3).
    pub transfer: Option<Markup>,
}

/// Personal Details: who one is, and how pages look.
pub fn personal(page: &Personal<'_>) -> Markup {
    let person = page.person;
    let mut who = vec![("Name", html! { (person.name) }), ("E-mail", html! { (person.email) }), ("Role", html! { (person.role_shown()) })];
    match &person.place {
        Place::Employee { .. } => {
            who.push(("Partner", html! { (person.partner_name) }));
            who.push((
                "Partner ID",
                html! { code { (person.partner_public_id) } " " (parts::copy_button(&person.partner_public_id, "Copy the Partner ID")) },
            ));
        }
        Place::OrganizationUser { organization_name, .. } => {
            who.push(("Organization", html! { (organization_name) }));
            who.push(("Partner", html! { (person.partner_name) }));
        }
    }
    let zones: Vec<(&str, &str)> = page.zones.iter().map(|zone| (zone.as_str(), zone.as_str())).collect();
    let looks: Vec<(&str, &str)> = Look::ALL.iter().map(|look| (look.word(), look.shown())).collect();
    let display = html! {
        (page.summary)
        form.stack method="post" action="/account" {
            (page.form_id)
            (Select {
                name: "time_zone", label: "Time zone", options: &zones, selected: page.time_zone, required: true, error: page.zone_error,
                hint: Some("Every time on every page is shown in it, with its offset."), ..Select::default()
            })
            (Select { name: "theme", label: "Theme", options: &looks, selected: page.theme, required: true, error: page.theme_error, ..Select::default() })
            (form::buttons(Some(&html! { "It is now " (page.now) }), &[form::button("Save", ButtonKind::Primary, None)]))
        }
    };
    html! {
        (tab_row(Shown::Personal))
        (parts::columns(
            &html! {
                (parts::card("who", "You", None, None, parts::definition_list(&who)))
                @if let Some(transfer) = &page.transfer { (transfer) }
            },
            &parts::card("display", "Time and theme", None, None, parts::padded(&display)),
        ))
    }
}

/// One session of one's own.
#[derive(Debug)]
pub struct OwnSession {
    /// "Firefox on Linux".
    pub browser: String,
    /// From where.
    pub address: String,
    /// Since when.
    pub since: Markup,
    /// Last seen.
    pub seen: Markup,
    /// Whether it is the one in use.
    pub current: bool,
    /// Where its End button goes.
    pub end: String,
    /// That form's id.
    pub form_id: Markup,
}

/// Security.
#[derive(Debug)]
pub struct Security<'a> {
    /// The address the password belongs to, for the browser's password store.
    pub email: &'a str,
    /// The fewest characters of a password.
    pub least: i64,
    /// The password form's id.
    pub form_id: Markup,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// What is wrong with the current password.
    pub current_error: Option<&'a str>,
    /// What is wrong with the new one.
    pub new_error: Option<&'a str>,
    /// The card of the second factor.
    pub second_factor: Markup,
    /// The card of the support PIN, for who may have one (SUP-1).
    pub support_pin: Option<Markup>,
    /// One's sessions, the one in use among them.
    pub sessions: Vec<OwnSession>,
    /// The id of the form that ends all others.
    pub end_all_id: Markup,
}

/// Security: the password, and where one is signed in.
pub fn security(page: &Security<'_>) -> Markup {
    let hint = format!("{} Everywhere else you are signed out.", text::password_hint(page.least));
    let password = html! {
        (page.summary)
        form.stack method="post" action="/account/password" {
            (page.form_id)
            input.hidden type="email" name="username" value=(page.email) autocomplete="username" readonly tabindex="-1" aria-hidden="true";
            (Field {
                name: "current_password", label: "Current password", kind: Kind::Password, required: true, error: page.current_error,
                autocomplete: Some("current-password"), ..Field::default()
            })
            (Field {
                name: "new_password", label: "New password", kind: Kind::Password, required: true, error: page.new_error,
                hint: Some(&hint),
                autocomplete: Some("new-password"), ..Field::default()
            })
            (form::buttons(None, &[form::button("Change password", ButtonKind::Primary, None)]))
        }
    };
    let others = page.sessions.iter().any(|session| !session.current);
    let end_all =
        others.then(|| parts::action_form("/account/sessions/removal", &page.end_all_id, "End all others", ButtonKind::Secondary, None));
    let table = Table {
        id: "sessions".to_owned(),
        caption: "Your sessions, the latest first".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Browser") },
            Column { class: "short", ..Column::new("Last seen, signed in") },
            Column { class: "actions single", ..Column::actions() },
        ],
        rows: page.sessions.iter().map(session_row).collect(),
        bare: true,
        ..Table::default()
    };
    let count = page.sessions.len().to_string();
    html! {
        (tab_row(Shown::Security))
        (parts::columns(
            &html! {
                (parts::card("password", "Password", None, None, parts::padded(&password)))
                (page.second_factor)
                @if let Some(card) = &page.support_pin { (card) }
            },
            &parts::card("own-sessions", "Where you are signed in", Some(&count), end_all, table.render()),
        ))
    }
}

fn session_row(session: &OwnSession) -> Row {
    let action = if session.current {
        parts::badge(Tone::Info, Icon::Check, "This one")
    } else {
        let label = format!("End {} from {}", session.browser, session.address);
        html! {
            form.inline method="post" action=(session.end) {
                (session.form_id)
                button.button.secondary.small type="submit" aria-label=(label) { "End" }
            }
        }
    };
    Row {
        cells: vec![
            parts::two_lines(&html! { (session.browser) }, &html! { (session.address) }),
            parts::two_lines(&html! { "seen " (session.seen) }, &html! { "signed in " (session.since) }),
            action,
        ],
        ..Row::default()
    }
}
