//! What every dialog about people has: their fields, and those who were entered before.

use maud::{Markup, html};

use crate::accounts::model::Account;
use crate::accounts::newcomers_model::{Newcomer, PersonEntry};
use crate::kernel::countries;
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::html::picks::{Pick, pick_list};
use crate::kernel::text;

/// Name, e-mail and phone; `email_locked` says why the e-mail cannot be changed, if so.
pub fn fields(entry: &PersonEntry, errors: &FieldErrors, email_locked: Option<&str>) -> Markup {
    let name = |name, label, value, autofocus| Field {
        name,
        label,
        value,
        error: errors.of(name),
        required: true,
        autocomplete: Some("off"),
        autofocus,
        ..Field::default()
    };
    html! {
        div.pair {
            (name("first_name", "First name", &entry.first_name, true))
            (name("last_name", "Last name", &entry.last_name, false))
        }
        (Field {
            name: "email", label: "Email", value: &entry.email, kind: Kind::Email, error: errors.of("email"), required: true,
            autocomplete: Some("off"), locked: email_locked, ..Field::default()
        })
        div.pair {
            (country_code(entry, errors))
            (Field {
                name: "mobile_phone", label: "Mobile Phone Number", value: &entry.mobile_phone, kind: Kind::Tel,
                error: errors.of("mobile_phone"), autocomplete: Some("off"), ..Field::default()
            })
        }
    }
}

fn country_code(entry: &PersonEntry, errors: &FieldErrors) -> Markup {
    let codes = countries::dialling_codes();
    let mut options = vec![("", "None")];
    options.extend(codes.iter().map(|(code, label)| (*code, label.as_str())));
    html! {
        (Select {
            name: "country_code", label: "Country Code", options: &options, selected: &entry.country_code,
            error: errors.of("country_code"), ..Select::default()
        })
    }
}

/// Those entered before, each to be left out by unticking; what they are called, one and many.
pub fn entered<N: Newcomer>(entered: &[N], one: &str, many: &str) -> Markup {
    let picks: Vec<Pick> = entered
        .iter()
        .enumerate()
        .map(|(index, entry)| Pick {
            name: "keep".to_owned(),
            value: index.to_string(),
            label: html! { (entry.person().name()) },
            detail: Some(html! { (entry.person().email) }),
            badge: None,
            checked: true,
            disabled: false,
        })
        .collect();
    let is = (format!("{one} is"), format!("{many} are"));
    html! {
        @if !entered.is_empty() {
            @for entry in entered {
                @for (name, value) in N::FIELDS.iter().zip(entry.values()) { (form::hidden(&format!("entered.{name}"), value)) }
            }
            p.hint { (text::counted(i64::try_from(entered.len()).unwrap_or(0), &is.0, &is.1)) " entered. Untick whom you want to leave out." }
            div.entered { (pick_list(&format!("{} so far", many_entered(many)), &picks)) }
        }
    }
}

/// "Users entered".
fn many_entered(many: &str) -> String {
    let mut letters = many.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{} entered", letters.as_str())
}

/// The dialog behind **Reset MFA** (ACC-8) about one person: where it goes and where it leads back; `until` is when the passcode's time is
/// over.
pub fn reset_factor_form(account: &Account, (action, back): (&str, &str), until: &Markup, hidden: &Markup) -> Markup {
    html! {
        form action=(action) method="post" {
            (hidden)
            ul.bullets {
                li { (account.name()) "’s password and authenticator app are no longer accepted, and open sessions end at once." }
                li { "A letter to " (account.email) " carries a one-time passcode, which works until " (until) "." }
                li { "After signing in with it, they choose a new password and set up an authenticator app anew." }
            }
            (form::buttons(None, &[form::cancel(back), form::button("Reset MFA", ButtonKind::DangerPrimary, None)]))
        }
    }
}
