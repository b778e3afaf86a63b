//! The page that sets up an empty portal.

use maud::{Markup, html};

use crate::kernel::countries::COUNTRIES;
use crate::kernel::form::Form;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::text;

/// ACC-1: partner and primary account. `error` gives the sentence of a field, `summary` stands above.
pub fn set_up(action: &str, form_id: &Markup, sent: &Form, summary: &Markup, error: impl Fn(&str) -> Option<String>) -> Markup {
    let countries: Vec<(&str, &str)> =
        std::iter::once(("", "Choose a country")).chain(COUNTRIES.iter().map(|(code, name, _)| (*code, *name))).collect();
    let field = |name: &'static str, label: &'static str, autocomplete: &'static str| {
        let problem = error(name);
        Field {
            name,
            label,
            value: sent.get(name),
            required: true,
            error: problem.as_deref(),
            autocomplete: Some(autocomplete),
            ..Field::default()
        }
        .render()
    };
    let (country, email, password, again) = (error("country"), error("email"), error("password"), error("password_again"));
    let hint = text::password_hint(text::PASSWORD_LEAST);
    html! {
        p.lead { "Your firm becomes the operating partner, and you its primary account." }
        (summary)
        form method="post" action=(action) {
            (form_id)
            (field("partner", "Partner name", "organization"))
            (Select {
                name: "country", label: "Country", options: &countries, selected: sent.get("country"), required: true,
                error: country.as_deref(), ..Select::default()
            })
            (field("first_name", "First name", "given-name"))
            (field("last_name", "Last name", "family-name"))
            (Field {
                name: "email", label: "E-mail", value: sent.get("email"), kind: Kind::Email, required: true, error: email.as_deref(),
                autocomplete: Some("username"), ..Field::default()
            })
            (Field {
                name: "password", label: "Password", kind: Kind::Password, required: true, error: password.as_deref(),
                hint: Some(&hint), autocomplete: Some("new-password"), ..Field::default()
            })
            (Field {
                name: "password_again", label: "Password again", kind: Kind::Password, required: true, error: again.as_deref(),
                autocomplete: Some("new-password"), ..Field::default()
            })
            (form::button("Set up Portico", ButtonKind::Primary, None))
        }
    }
}
