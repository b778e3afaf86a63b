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
    /// The name of the password's field, and why the last try was refused.
    pub password: (&'a str, Option<&'a str>),
    /// The same of the code's, for who has a second factor.
    pub code: Option<(&'a str, Option<&'a str>)>,
    /// Whose password, for the browser's password store.
    pub email: &'a str,
    /// When it was given last.
    pub given: Markup,
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
            @let (name, error) = asking.password;
            @let code_is_wrong = asking.code.is_some_and(|(_, error)| error.is_some());
            (Field {
                name, label: "Password", kind: Kind::Password, required: asking.code.is_none(), either: asking.code.is_some(), error,
                autocomplete: Some("current-password"), autofocus: !code_is_wrong, ..Field::default()
            })
            @if let Some((name, error)) = asking.code {
                (Field {
                    name, label: "Or a code", kind: Kind::Number, either: true, error, autofocus: code_is_wrong,
                    hint: Some("The six digits that your authenticator app shows now."), autocomplete: Some("one-time-code"), ..Field::default()
                })
            }
            (form::buttons(None, &[form::cancel(asking.back.1), form::button("Continue", ButtonKind::Primary, None)]))
        }
    }
}

/// What follows the password where the step is answered with a file.
pub fn ready(action: &str, waiting: (&str, &str), back: (&str, &str)) -> Markup {
    html! {
        p { "Thank you, it is you. Once the file is saved, go back." }
        form method="post" action=(action) data-plain {
            (form::hidden(waiting.0, waiting.1))
            (form::hidden(back.0, back.1))
            (form::buttons(None, &[
                form::link_button("Back", back.1, ButtonKind::Secondary, None),
                form::button("Download", ButtonKind::Primary, None),
            ]))
        }
    }
}
