//! The page Security Settings.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::text;
use crate::security::model::{BrowserLetter, Entered, Requirement, SHOWN};

/// Everything on the page.
#[derive(Debug)]
pub struct SettingsPage<'a> {
    /// What its fields hold.
    pub entered: &'a Entered,
    /// What is wrong with them.
    pub problem: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
    /// Where the viewer is.
    pub address: String,
    /// The organizations and their second factors.
    pub requiring: Requiring<'a>,
}

/// The card about second factors.
#[derive(Debug)]
pub struct Requiring<'a> {
    /// What is searched for; without words, those that require one come first.
    pub words: &'a str,
    /// How many require one.
    pub count: i64,
    /// Those that are shown.
    pub shown: &'a [Requirement],
    /// A fresh hidden form id for each.
    pub forms: &'a [Markup],
}

/// What is set at the left, organizations at the right.
pub fn page(page: &SettingsPage<'_>) -> Markup {
    parts::columns(&settings(page), &requiring(&page.requiring))
}

fn settings(page: &SettingsPage<'_>) -> Markup {
    let body = html! {
        form.stack method="post" action="/security-settings" {
            (page.summary)
            (page.form_id)
            (form::group("Passwords", None, &passwords(page)))
            (form::group("Sessions", None, &sessions(page)))
            (form::group("Signing in", None, &signing_in(page)))
            (form::buttons(None, &[form::button("Save", ButtonKind::Primary, None)]))
        }
    };
    parts::card("settings", "For everybody at your firm and its organizations", None, None, parts::padded(&body))
}

fn number<'a>(page: &'a SettingsPage<'_>, name: &'a str, label: &'a str, value: &'a str, hint: &'a str) -> Field<'a> {
    Field {
        name,
        label,
        value,
        kind: Kind::Number,
        required: true,
        error: page.problem.of(name),
        hint: Some(hint),
        autocomplete: Some("off"),
        ..Field::default()
    }
}

fn passwords(page: &SettingsPage<'_>) -> Markup {
    let hint = "12 to 64 characters. It holds for new passwords; common ones are refused in any case.";
    html! { (number(page, "password_length", "Minimum length", &page.entered.password_length, hint)) }
}

fn sessions(page: &SettingsPage<'_>) -> Markup {
    let entered = page.entered;
    html! {
        div.pair {
            (number(page, "session_idle", "Ends when idle, minutes", &entered.session_idle, "5 to 480."))
            (number(page, "session_longest", "Ends in any case, minutes", &entered.session_longest, "15 to 1440, which is a day."))
        }
    }
}

fn signing_in(page: &SettingsPage<'_>) -> Markup {
    let entered = page.entered;
    let days = "1 to 730. An employee who has not signed in for so long must reset the password to come back.";
    let addresses = format!(
        "One a line, such as 192.0.2.7 or 192.0.2.0/24; empty for everywhere. From elsewhere employees cannot sign in, and their open \
         sessions stop at the next click; their API keys are refused, too. Organization users are not limited. You are at {}.",
        page.address
    );
    html! {
        (number(page, "inactive_days", "Days to inactivity", &entered.inactive_days, days))
        (Checkbox {
            name: "browser_letter", value: BrowserLetter::Send.word(), label: "Letter on sign-in from a new browser",
            hint: Some("It goes to whoever signed in, and says when, with which browser and from where."),
            checked: entered.browser_letter, disabled: false
        })
        (Field {
            name: "addresses", label: "Allowed addresses of employees", value: &entered.addresses, kind: Kind::TextArea,
            error: page.problem.of("addresses"), hint: Some(&addresses), ..Field::default()
        })
    }
}

fn requiring(card: &Requiring<'_>) -> Markup {
    let count = text::thousands(card.count);
    let table = Table {
        id: "second-factors".to_owned(),
        caption: "Organizations and whether their users must have a second factor".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Organization") },
            Column::new("Second factor"),
            Column { class: "actions single", ..Column::actions() },
        ],
        rows: card.shown.iter().zip(card.forms).map(|(one, hidden)| row(one, hidden)).collect(),
        bare: true,
        empty: Some(nothing(card)),
        ..Table::default()
    };
    let body = html! {
        div.padded.stack {
            p.hint { "Employees must have one in any case. Users of these organizations must set one up at their next step." }
            form.pick-search action="/security-settings" method="get" role="search" aria-label="Organizations" data-live
                data-target="second-factors" {
                label.hidden for="second-factor-search" { "Organization's name or ID" }
                (icon(Icon::Search))
                input #second-factor-search type="search" name="q" value=(card.words) placeholder="Organization's name or ID"
                    autocomplete="off" spellcheck="false";
                button.button.secondary type="submit" { "Search" }
            }
        }
        (table.render())
        @if i64::try_from(card.shown.len()).is_ok_and(|shown| shown == SHOWN) {
            div.padded { p.hint { "The first " (SHOWN) ". Search for another one." } }
        }
    };
    parts::card("organizations", "Organizations that require a second factor", Some(&count), None, body)
}

fn nothing(card: &Requiring<'_>) -> Markup {
    match card.words.chars().count() {
        0 => parts::empty("No organizations yet", "Create the first one under Manage Organizations.", None),
        1 | 2 => parts::empty("Go on typing", "Three characters or more of its name or ID.", None),
        _ => parts::empty("Nothing found", "No organization has this in its name or ID.", None),
    }
}

fn row(one: &Requirement, hidden: &Markup) -> Row {
    let (badge, wanted, label) = if one.required {
        (parts::badge(Tone::Good, Icon::Check, "Required"), "optional", "Make optional")
    } else {
        (parts::badge(Tone::Quiet, Icon::Dash, "Optional"), "required", "Require")
    };
    let name = format!("{label}: second factor of {}", one.name);
    let action = format!("/security-settings/organizations/{}", one.organization);
    Row {
        cells: vec![
            parts::two_lines(&html! { (one.name) }, &html! { (one.organization.shown()) }),
            badge,
            html! {
                form.inline method="post" action=(action) {
                    (hidden)
                    (form::hidden("second_factor", wanted))
                    button.button.secondary.small type="submit" aria-label=(name) { (label) }
                }
            },
        ],
        ..Row::default()
    }
}
