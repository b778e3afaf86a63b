//! How keys look: the list, the dialogs, and a secret that is shown once.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field, Select};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::menus::{self, MenuEntry};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::when::Times;
use crate::keys::model::{Entered, Hand, Key, LIFETIMES, Standing, StoredState};
use crate::keys::secret_model::Fresh;

/// Where the list is.
pub const LIST: &str = "/api-keys";

/// The page API Keys.
#[derive(Clone, Copy, Debug)]
pub struct ListPage<'a> {
    /// The keys.
    pub keys: &'a [Key],
    /// Whose hand the buttons are for.
    pub hand: Hand,
    /// How times are read.
    pub times: &'a Times,
    /// A fresh token, from which each form on the page makes an id of its own.
    pub seed: &'a str,
}

/// Opens the dialog **Create API Key**.
pub fn create_button() -> Markup {
    form::dialog_link("Create API Key", "/api-keys/new", ButtonKind::Primary, Some(Icon::Plus), None)
}

/// What keys are for, and the list of them.
pub fn page(of: &ListPage<'_>) -> Markup {
    let short = |label: &str| Column { class: "short", ..Column::new(label) };
    let table = Table {
        id: "api-keys".to_owned(),
        caption: "API keys, the newest first".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Name") },
            short("For"),
            short("Made by"),
            short("State"),
            short("Last used"),
            Column::actions(),
        ],
        rows: of.keys.iter().map(|key| row(of, key)).collect(),
        empty: Some(parts::empty(
            "No API keys yet",
            "A key lets a script read status and change seats. Make one for each script, so that each can be switched off alone.",
            Some(create_button()),
        )),
        ..Table::default()
    };
    html! {
        p.lead {
            "Scripts come in with a key, at " code { "/v1" } ". A key can do what whoever made it can do at that moment: less when their role becomes \
             less, and nothing once they are deactivated or in a role that may have no keys. "
            a href="/guides/scripts" { "How scripts use it" }
        }
        (table.render())
    }
}

fn row(of: &ListPage<'_>, key: &Key) -> Row {
    let times = of.times;
    let reach = html! { @match &key.organization { Some((_, name)) => { (name) } None => { "Whole partner" } } };
    Row {
        cells: vec![
            parts::two_lines(
                html! { (key.name) },
                html! { code { (key.public) } (parts::copy_button(&key.public, "Copy the public key")) },
            ),
            reach,
            parts::two_lines(html! { (key.maker.name) }, html! { (times.date(key.created_at)) }),
            state(key, times),
            html! { @match key.last_used_at { Some(moment) => { (times.ago(moment)) } None => { span.sub { "Never" } } } },
            row_actions(of, key),
        ],
        ..Row::default()
    }
}

/// The state as a badge, with its end below.
fn state(key: &Key, times: &Times) -> Markup {
    let standing = key.standing(times.now);
    let (tone, shape, word) = standing.look();
    let below = match standing {
        Standing::Active => html! { "expires " (times.until(key.expires_at)) },
        Standing::Deactivated | Standing::Expired => {
            let by = key.switched_off_by.as_ref().filter(|_| standing == Standing::Deactivated);
            html! {
            @if let Some((name, role)) = by { "by " (name) ", " (role.shown()) br; }
            "expire" (if key.expires_at <= times.now { "d " } else { "s " }) (times.date(key.expires_at)) }
        }
        Standing::Stopped if !key.maker.active => html! { (key.maker.name) " is not active" },
        Standing::Stopped if !key.is_in_sight() => html! { (key.maker.name) "’s access groups do not hold it" },
        Standing::Stopped => html! { (key.maker.name) " is " (key.maker.role.shown()) " now" },
    };
    html! { (parts::badge(tone, shape, word)) small { (below) } }
}

fn row_actions(of: &ListPage<'_>, key: &Key) -> Markup {
    if !key.may_be_handled_by(of.hand) {
        return html! {};
    }
    let at = format!("{LIST}/{}", key.id);
    let link = |label: &str, path: &str, danger| MenuEntry::DialogLink { label: label.to_owned(), href: format!("{at}/{path}"), danger };
    let mut entries = Vec::new();
    if key.is_of(of.hand) {
        entries.push(link("Regenerate Secret", "regeneration", false));
    }
    match key.state {
        StoredState::Active => entries.push(link("Deactivate Key", "deactivation", true)),
        StoredState::Deactivated if key.refuses_reactivation(of.hand).is_some() => {}
        StoredState::Deactivated => {
            let seed: String = of.seed.chars().take(40).collect();
            entries.push(MenuEntry::Form {
                label: "Reactivate Key".to_owned(),
                action: format!("{at}/reactivation"),
                fields: form::form_id(&format!("{seed}-r{}", key.id)),
                danger: false,
            });
        }
    }
    html! {
        (form::icon_link(Icon::Trash, format!("Delete {}", key.name), format!("{at}/deletion"), true))
        (menus::options_menu(format!("Options for {}", key.name), &entries))
    }
}

/// The dialog **Create API Key**.
#[derive(Debug)]
pub struct CreateForm<'a> {
    /// What was entered.
    pub entered: &'a Entered,
    /// The form's id.
    pub hidden: Markup,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// The same by field.
    pub errors: &'a FieldErrors,
    /// Names of organizations to choose from while one types.
    pub organizations: &'a [String],
}

/// Name, reach and lifetime.
pub fn create_form(of: &CreateForm<'_>) -> Markup {
    let days: Vec<(String, String)> = LIFETIMES.iter().map(|days| (days.to_string(), format!("{days} days"))).collect();
    let mut lifetimes: Vec<(&str, &str)> = days.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
    lifetimes.push(("date", "Until a date"));
    let reaches = [("partner", "Whole partner"), ("organization", "One organization")];
    html! {
        (of.summary)
        form.stack action="/api-keys/new" method="post" data-plain {
            (of.hidden)
            (Field {
                name: "name", label: "Name", value: &of.entered.name, required: true, error: of.errors.of("name"), autocomplete: Some("off"),
                hint: Some("What the key is for, such as the script's name."), autofocus: true, ..Field::default()
            })
            div.pair {
                (Select {
                    name: "reach", label: "For", options: &reaches, selected: &of.entered.reach, required: true, error: of.errors.of("reach"),
                    ..Select::default()
                })
                (Field {
                    name: "organization", label: "Organization", value: &of.entered.organization, error: of.errors.of("organization"),
                    autocomplete: Some("off"), hint: Some("Its ID or whole name, if the key is for one."), either: true,
                    list: Some("organization-names"), ..Field::default()
                })
            }
            datalist #organization-names { @for name in of.organizations { option value=(name) {} } }
            div.pair {
                (Select {
                    name: "lifetime", label: "Good for", options: &lifetimes, selected: &of.entered.lifetime, required: true,
                    error: of.errors.of("lifetime"), ..Select::default()
                })
                (Field {
                    name: "date", label: "Last day", value: &of.entered.date, error: of.errors.of("date"), autocomplete: Some("off"),
                    hint: Some("Such as 2026-12-31, if it is good until a date."), either: true, ..Field::default()
                })
            }
            (form::buttons(None, &[form::cancel(LIST), form::button("Create API Key", ButtonKind::Primary, None)]))
        }
    }
}

/// A secret that was just made, with ways to keep it.
pub fn fresh(made: &Fresh) -> Markup {
    let both = format!("{}:{}", made.public, made.secret);
    let line = |label: &str, value: &str| {
        html! { dt { (label) } dd.key { code { (value) } (parts::copy_button(value, &format!("Copy the {}", label.to_lowercase()))) } }
    };
    html! {
        p.lead { "Keep this where the script finds it. The secret is not shown again; a new one can be made at any time." }
        dl.secrets {
            (line("Public key", &made.public))
            (line("Secret key", &made.secret))
            (line("Both, as curl takes them", &both))
        }
        p { (form::link_button("I have kept it", LIST, ButtonKind::Primary, None)) }
    }
}

/// The dialog behind **Regenerate Secret**.
pub fn regenerate_form(key: &Key, hidden: &Markup) -> Markup {
    html! {
        form action={ (LIST) "/" (key.id) "/regeneration" } method="post" data-plain {
            (hidden)
            ul.bullets {
                li { "The secret that scripts use now stops working at once." }
                li { "The public key, " code { (key.public) } ", stays, and so does the expiry." }
                li { "The new secret is shown once." }
            }
            (form::buttons(None, &[form::cancel(LIST), form::button("Regenerate Secret", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The dialog behind **Deactivate Key**.
pub fn deactivate_form(key: &Key, hidden: &Markup) -> Markup {
    html! {
        form action={ (LIST) "/" (key.id) "/deactivation" } method="post" {
            (hidden)
            ul.bullets {
                li { "Scripts that use it are refused from that moment on." (last_use(key)) }
                li { "It can be reactivated, with the same secret." }
            }
            (form::buttons(None, &[form::cancel(LIST), form::button("Deactivate Key", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The dialog behind the trash can.
pub fn delete_form(key: &Key, hidden: &Markup) -> Markup {
    html! {
        form action={ (LIST) "/" (key.id) "/deletion" } method="post" {
            (hidden)
            ul.bullets {
                li { "Scripts that use it are refused from that moment on." (last_use(key)) }
                li { "It cannot be brought back. What was done with it stays in the Activity Log." }
            }
            (form::buttons(None, &[form::cancel(LIST), form::button("Delete Key", ButtonKind::DangerPrimary, None)]))
        }
    }
}

fn last_use(key: &Key) -> &'static str {
    if key.last_used_at.is_none() { " None has used it yet." } else { "" }
}

/// A dialog for a step that is not this person's says why instead.
pub fn not_yours(sentence: &str) -> Markup {
    html! { p { (sentence) } (form::buttons(None, &[form::cancel(LIST)])) }
}
