//! The page Create New Organization (ORG-2).

use maud::{Markup, html};

use crate::kernel::countries::COUNTRIES;
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::parts;
use crate::organizations::new_model::{Choice, NewEntry};
use crate::subscriptions::model::Plan;

/// Where the page is.
pub const HERE: &str = "/organizations/new-organization";

/// What the page shows.
#[derive(Debug)]
pub struct NewPage<'a> {
    /// What its fields hold.
    pub entry: &'a NewEntry,
    /// Whom it may be created for.
    pub choices: &'a [Choice],
    /// What is wrong with its fields.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// The fields in the order of the how-to. Those that do not apply are hidden by the style sheet as soon as a plan is chosen or Auto License
/// is ticked; what the country follows needs the script, or the button that is there without it.
pub fn page(page: &NewPage<'_>) -> Markup {
    let (entry, errors) = (page.entry, page.errors);
    let body = parts::padded(&html! {
        form.stack.new-organization method="post" action=(HERE) {
            (page.summary)
            // Enter presses the first button of a form: that one saves.
            button.hidden type="submit" tabindex="-1" aria-hidden="true" { "Go on" }
            (page.form_id)
            (form::hidden("drawn_for", &entry.partner))
            div.pair {
                (must("first_name", "First Name", &entry.first_name, errors))
                (must("last_name", "Last Name", &entry.last_name, errors))
            }
            (Field { kind: Kind::Email, ..must("email", "Email address", &entry.email, errors) })
            (partner_and_country(page))
            (plan(page))
            div.if-sign-in {
            (Checkbox {
                name: "send_sign_in", value: "on", label: "Send sign in", checked: entry.send_sign_in,
                hint: Some("Mails the contact the sign-in address and a link to set the password. The contact becomes the organization's Owner, with Full access."),
                ..Checkbox::default()
            })
            }
            (form::buttons(None, &[form::cancel("/organizations"), form::button("Save", ButtonKind::Primary, None)]))
        }
    });
    html! { div.narrow { (parts::card("new-organization", "Organization", None, None, body)) } }
}

fn must<'a>(name: &'a str, label: &'a str, value: &'a str, errors: &'a FieldErrors) -> Field<'a> {
    Field { name, label, value, required: true, error: errors.of(name), autocomplete: Some("off"), ..Field::default() }
}

/// Each choice carries its country, which the script takes over.
fn partner_and_country(page: &NewPage<'_>) -> Markup {
    let entry = page.entry;
    let mut countries = vec![("", "Choose a country")];
    countries.extend(COUNTRIES.iter().map(|(code, name, _)| (*code, *name)));
    let partners: Vec<(&str, &str)> = page.choices.iter().map(|choice| (choice.public_id.as_str(), choice.name.as_str())).collect();
    let silent: Vec<&str> = page.choices.iter().filter(|choice| !choice.sends_sign_in).map(|choice| choice.public_id.as_str()).collect();
    let leads: Vec<&str> = page.choices.iter().map(|choice| choice.country.as_str()).collect();
    html! {
        div.pair {
            (Select {
                name: "country", label: "Country", options: &countries, selected: &entry.country, required: true,
                error: page.errors.of("country"), ..Select::default()
            })
            (Select {
                name: "partner", label: "Select Partner", options: &partners, selected: &entry.partner, required: true,
                error: page.errors.of("partner"), leads: Some(("country", &leads)), marked: &silent, ..Select::default()
            })
        }
        @if 1 < page.choices.len() {
            noscript {
                p.hint {
                    "After choosing another partner, its country can be filled in: "
                    button.button.secondary type="submit" name="redraw" value="1" formnovalidate { "Update fields" }
                }
            }
        }
    }
}

fn plan(page: &NewPage<'_>) -> Markup {
    let (entry, errors) = (page.entry, page.errors);
    let mut plans = vec![("", "Choose a plan")];
    plans.extend(Plan::ALL.iter().map(|plan| (plan.word(), plan.shown())));
    html! {
        (Select {
            name: "plan", label: "Select Plan", options: &plans, selected: &entry.plan.plan, required: true, error: errors.of("plan"),
            ..Select::default()
        })
        p.hint.if-personal { "A personal plan is one seat. The organization is named after its contact." }
        div.if-firm {
            // Not `required`: a browser would not send the form while the field is hidden.
            (Field { required: false, either: true, hint: Some("The official name of the firm."), ..must("name", "Organization name", &entry.name, errors) })
        }
        div.bought {
            (Checkbox {
                name: "auto_license", value: "on", label: "Auto License", checked: entry.plan.auto_license,
                hint: Some("New backups are added without counting seats; what is protected is billed."), ..Checkbox::default()
            })
            div.seats {
                (Field {
                    kind: Kind::Number, required: false, either: true,
                    hint: Some("Billed even when fewer are used; more cannot be protected."),
                    ..must("seats", "Number of seats", &entry.plan.seats, errors)
                })
            }
        }
    }
}
