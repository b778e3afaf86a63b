//! The page that asks for the password again (SEC-2).

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind, Field, Kind};

/// The question.
#[derive(Clone, Debug)]
pub struct Asking<'a> {
    /// The step's own address.
    pub action: &'a str,
    /// The hidden field in which the form waits: name and value.
    pub waiting: (&'a str, &'a str),
    /// The hidden field that knows where it was sent from: name and path.
    pub back: (&'a str, &'a str),
    /// The name of the password's field.
    pub field: &'a str,
    /// Whose password, for the browser's password store.
    pub email: &'a str,
    /// When it was given last.
    pub given: Markup,
    /// Why the last try was refused.
    pub error: Option<&'a str>,
}

/// Why it asks.
pub fn intro(asking: &Asking<'_>) -> Markup {
    html! {
        p { "You gave it " (asking.given) ", and this step cannot simply be taken back. What you entered is kept and done as soon as you continue." }
    }
}

/// The form that goes on with the step.
pub fn ask(asking: &Asking<'_>) -> Markup {
    html! {
        form.stack method="post" action=(asking.action) {
            (form::hidden(asking.waiting.0, asking.waiting.1))
            (form::hidden(asking.back.0, asking.back.1))
            input.hidden type="email" name="username" value=(asking.email) autocomplete="username" readonly tabindex="-1" aria-hidden="true";
            (Field {
                name: asking.field, label: "Password", kind: Kind::Password, required: true, error: asking.error,
                autocomplete: Some("current-password"), autofocus: true, ..Field::default()
            })
            (form::buttons(None, &[form::cancel(asking.back.1), form::button("Continue", ButtonKind::Primary, None)]))
        }
    }
}
