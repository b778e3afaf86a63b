//! The small pages behind mailed links, and the one that asks for such a link.

use maud::{Markup, html};

use crate::accounts::model::{Link, Purpose};
use crate::kernel::html::form::{self, ButtonKind, Field, Kind};
use crate::kernel::html::when::Times;

/// The page of a link that works: who it is for, and a password to choose.
#[derive(Clone, Debug)]
pub struct LinkPage<'a> {
    /// The link.
    pub link: &'a Link,
    /// The form's path, the only place that carries the token.
    pub action: &'a str,
    /// The form's id.
    pub form_id: Markup,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// What is wrong with the first field.
    pub password: Option<&'a str>,
    /// What is wrong with the second.
    pub again: Option<&'a str>,
    /// The fewest characters of a password.
    pub least: i64,
    /// How times are read.
    pub times: &'a Times,
}

/// The page's content; its title says whether an account is set up or a password reset.
pub fn link(page: &LinkPage<'_>) -> Markup {
    let link = page.link;
    let (lead, button) = match link.purpose {
        Purpose::SetUp => (
            html! { "Hello " (link.name) ". Choose a password, and your account at " strong { (link.place) } " is ready." },
            "Set up account",
        ),
        Purpose::Reset | Purpose::Passcode => {
            (html! { "Choose a new password for your sign-in at " strong { (link.partner_name) } "." }, "Set password")
        }
    };
    let hint = format!("{} to 128 characters, no common password, not your e-mail. Four unrelated words do well.", page.least);
    html! {
        p.lead { (lead) }
        (page.summary)
        form method="post" action=(page.action) {
            (page.form_id)
            (Field {
                name: "email", label: "E-mail", value: &link.email, kind: Kind::Email, autocomplete: Some("username"),
                locked: Some("You sign in with it."), ..Field::default()
            })
            (Field {
                name: "password", label: "Password", kind: Kind::Password, required: true, error: page.password, autofocus: true,
                hint: Some(&hint),
                autocomplete: Some("new-password"), ..Field::default()
            })
            (Field {
                name: "password_again", label: "Password again", kind: Kind::Password, required: true, error: page.again,
                autocomplete: Some("new-password"), ..Field::default()
            })
            (form::button(button, ButtonKind::Primary, None))
        }
        p.sub { (page.times.countdown("This link works once, until", link.expires_at)) }
    }
}

/// The one page of every link that does not work, whatever the reason.
pub fn dead_link() -> Markup {
    html! {
        p.lead { "It was used already, its time is over, or a newer letter took its place." }
        p { strong { "Set up your account already? " } "Then sign in with your e-mail and the password you chose." }
        p { "To set up an account, ask the one who added you to send the letter again: it carries a new link. To reset a password, ask for a new letter." }
        (form::link_button("Sign in", "/sign-in", ButtonKind::Primary, None))
        (form::link_button("Reset password", "/forgot-password", ButtonKind::Secondary, None))
    }
}

/// The page that asks for a reset letter (ACC-9).
pub fn forgot(action: &str, sign_in: &str, email: &str, form_id: &Markup, problem: (&Markup, Option<&str>)) -> Markup {
    let (summary, error) = problem;
    html! {
        p.lead { "Enter the e-mail you sign in with. If it is known here, a letter with a link is written to it." }
        (summary)
        form method="post" action=(action) {
            (form_id)
            (Field {
                name: "email", label: "E-mail", value: email, kind: Kind::Email, required: true, error, autofocus: true,
                autocomplete: Some("username"), ..Field::default()
            })
            (form::button("Send letter", ButtonKind::Primary, None))
        }
        div.ends { a href=(sign_in) { "Back to sign in" } }
    }
}
