//! The pages of the second factor: giving a code, setting one up, and the card in Account Settings.

use maud::{Markup, html};

use crate::factors::model::{RECOVERY_CODES, Status};
use crate::kernel::html::form::{self, ButtonKind, Field, Kind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;

/// The page that asks for a code.
#[derive(Clone, Debug)]
pub struct CodePage<'a> {
    /// Whether a recovery code is asked for instead.
    pub recovery: bool,
    /// Where to go afterwards; empty for Home.
    pub next: &'a str,
    /// What was entered before.
    pub entered: &'a str,
    /// Why the last try was refused.
    pub error: Option<&'a str>,
    /// The form's id.
    pub form_id: Markup,
    /// The address of the same page, asking for the other kind.
    pub other: &'a str,
}

/// Asks for a code of the app, or for a recovery code.
pub fn code(page: &CodePage<'_>) -> Markup {
    let field = if page.recovery {
        Field { label: "Recovery code", hint: Some("One of the ten you saved. It works once."), ..Field::default() }
    } else {
        Field { label: "Code", kind: Kind::Number, hint: Some("The six digits that your authenticator app shows now."), ..Field::default() }
    };
    html! {
        form method="post" action="/sign-in/code" {
            (page.form_id)
            @if page.recovery { (form::hidden("with", "recovery")) }
            @if !page.next.is_empty() { (form::hidden("next", page.next)) }
            (Field { name: "code", value: page.entered, required: true, autofocus: true, error: page.error, autocomplete: Some("one-time-code"), ..field })
            (form::button("Continue", ButtonKind::Primary, None))
        }
        div.ends {
            a href=(page.other) { (if page.recovery { "Use a code of the app" } else { "Use a recovery code" }) }
        }
        @if page.recovery {
            p.sub { "No recovery code left? Ask whoever manages your account to reset how you sign in." }
        }
    }
}

/// Asks for a new password after a one-time passcode (ACC-8): whose, and how long it has to be.
pub fn password((email, least): (&str, i64), next: &str, form_id: &Markup, problem: (&Markup, Option<&str>, Option<&str>)) -> Markup {
    let (summary, error, again) = problem;
    let hint = format!("{least} to 128 characters, no common password, not your e-mail. Four unrelated words do well.");
    html! {
        p.lead { "The passcode is used up. Choose a new password; setting up your authenticator app comes next." }
        (summary)
        form method="post" action="/sign-in/password" {
            (form_id)
            @if !next.is_empty() { (form::hidden("next", next)) }
            (Field {
                name: "email", label: "E-mail", value: email, kind: Kind::Email, autocomplete: Some("username"),
                locked: Some("You sign in with it."), ..Field::default()
            })
            (Field {
                name: "password", label: "New password", kind: Kind::Password, required: true, error, autofocus: true,
                hint: Some(&hint),
                autocomplete: Some("new-password"), ..Field::default()
            })
            (Field {
                name: "password_again", label: "New password again", kind: Kind::Password, required: true, error: again,
                autocomplete: Some("new-password"), ..Field::default()
            })
            (form::button("Set password", ButtonKind::Primary, None))
        }
    }
}

/// The form that sets a second factor up.
#[derive(Clone, Debug)]
pub struct SetUpForm<'a> {
    /// Where it goes.
    pub action: &'a str,
    /// Why it is asked for.
    pub lead: &'a str,
    /// The QR code.
    pub qr: Markup,
    /// The secret in groups of four.
    pub key: &'a str,
    /// The form's id and other hidden fields.
    pub hidden: Markup,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// The code that was entered before.
    pub entered: &'a str,
    /// What is wrong with the code.
    pub code_error: Option<&'a str>,
    /// Whether the current password is asked for, and what is wrong with it.
    pub password: Option<Option<&'a str>>,
}

/// Scan, confirm with a code.
pub fn set_up(page: &SetUpForm<'_>) -> Markup {
    html! {
        p.lead { (page.lead) }
        (page.summary)
        form.stack.factor method="post" action=(page.action) {
            (page.hidden)
            div.scan {
                p { "Scan this with an authenticator app on your phone." }
                (page.qr)
                details {
                    summary { "It cannot be scanned" }
                    p { "Enter this key in the app instead, as a time-based one:" }
                    p.key { code { (page.key) } (parts::copy_button(&page.key.replace(' ', ""), "Copy the key")) }
                }
            }
            @if let Some(error) = page.password {
                (Field {
                    name: "current_password", label: "Current password", kind: Kind::Password, required: true, error,
                    autocomplete: Some("current-password"), ..Field::default()
                })
            }
            (Field {
                name: "code", label: "Code", value: page.entered, kind: Kind::Number, required: true, error: page.code_error, autocomplete: Some("one-time-code"),
                hint: Some("The six digits that the app shows now."), ..Field::default()
            })
            (form::buttons(None, &[form::button("Confirm", ButtonKind::Primary, None)]))
        }
    }
}

/// Recovery codes that were just made, shown this once.
#[derive(Clone, Debug)]
pub struct FreshCodes<'a> {
    /// The codes.
    pub codes: &'a [String],
    /// The codes again, sealed, for the form that saves them as a file; with that form's id.
    pub hidden: Markup,
    /// Where one goes on.
    pub onward: &'a str,
}

/// The codes, with a way to keep them.
pub fn fresh_codes(page: &FreshCodes<'_>) -> Markup {
    html! {
        p.lead { "Keep these where you find them without your phone: each lets you in once, in the place of a code. They are not shown again." }
        ol.recovery-codes { @for code in page.codes { li { code { (code) } } } }
        div.keep {
            form method="post" action="/recovery-codes" data-plain {
                (page.hidden)
                (form::button("Save as a file", ButtonKind::Secondary, Some(Icon::Download)))
            }
            (parts::print_button("Print"))
            (parts::copy_button(&page.codes.join("\n"), "Copy all codes"))
        }
        p.sub.no-print.by-script { "To keep them on paper, print this page." }
        (form::link_button("I have kept them", page.onward, ButtonKind::Primary, None))
    }
}

/// The form that asks for the password before new codes are made.
pub fn new_codes(form_id: &Markup, summary: &Markup, error: Option<&str>) -> Markup {
    html! {
        (summary)
        form.stack method="post" action="/account/recovery-codes" data-plain {
            (form_id)
            p { "The codes you have now stop working." }
            (Field {
                name: "current_password", label: "Current password", kind: Kind::Password, required: true, error, autofocus: true,
                autocomplete: Some("current-password"), ..Field::default()
            })
            (form::buttons(None, &[form::cancel("/account/security"), form::button("Make new codes", ButtonKind::Primary, None)]))
        }
    }
}

/// The form that takes a second factor away which nobody asks for.
pub fn removal(form_id: &Markup, summary: &Markup, (password, code): (Option<&str>, Option<&str>)) -> Markup {
    html! {
        (summary)
        form.stack method="post" action="/account/second-factor/removal" {
            (form_id)
            ul.bullets {
                li { "From then on your password alone lets you in. Whoever finds it out is in as well." }
                li { "The codes of your app and your recovery codes stop working." }
                li { "Everywhere else you are signed out." }
            }
            (Field {
                name: "current_password", label: "Current password", kind: Kind::Password, either: true, error: password, autofocus: true,
                autocomplete: Some("current-password"), ..Field::default()
            })
            (Field {
                name: "code", label: "Or a code", kind: Kind::Number, either: true, error: code,
                hint: Some("The six digits that your authenticator app shows now."), autocomplete: Some("one-time-code"), ..Field::default()
            })
            (form::buttons(None, &[form::cancel("/account/security"), form::button("Remove", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// Why there is nothing to take away.
pub fn no_removal() -> Markup {
    html! {
        p { "Signing in here takes a second factor, or you have none. It can be replaced, not removed." }
        (form::buttons(None, &[form::cancel("/account/security")]))
    }
}

/// The card of Account Settings, Security; `demanded` tells whether one must have one (ACC-7).
pub fn card(status: Option<&Status>, demanded: bool, times: &Times) -> Markup {
    let body = match status {
        None => html! {
            p { "Your password alone lets you in. With an authenticator app nobody gets in who only has found that out." }
            (form::buttons(None, &[form::link_button("Set up", "/account/second-factor", ButtonKind::Primary, None)]))
        },
        Some(status) => html! {
            p { (parts::badge(Tone::Good, Icon::Check, "On")) " An authenticator app, since " (times.date(status.since)) "." }
            p {
                (status.codes_left) " of " (RECOVERY_CODES) " recovery codes left."
                @if status.codes_left <= 2 { " " (parts::badge(Tone::Warn, Icon::Warning, "Make new ones")) }
            }
            (form::buttons(None, &[
                form::link_button("Replace", "/account/second-factor", ButtonKind::Secondary, None),
                form::dialog_link("New recovery codes", "/account/recovery-codes", ButtonKind::Secondary, None, None),
                html! {
                    @if !demanded { (form::dialog_link("Remove", "/account/second-factor/removal", ButtonKind::Danger, None, Some("Remove the second factor"))) }
                },
            ]))
        },
    };
    parts::card("second-factor", "Second factor", None, None, parts::padded(&parts::stack(&body)))
}
