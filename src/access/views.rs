//! The small pages around signing in.

use maud::{Markup, html};

use crate::accounts::model::Choice;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;

/// The sign-in page.
#[derive(Clone, Debug, Default)]
pub struct SignIn<'a> {
    /// Where the form goes; a partner's own address has its slug in it.
    pub action: &'a str,
    /// Where "Forgot password" leads.
    pub forgot: &'a str,
    /// What was entered before.
    pub email: &'a str,
    /// Where to go afterwards; empty for Home.
    pub next: &'a str,
    /// Why the last try was refused.
    pub error: Option<&'a str>,
    /// Whether nobody has set the portal up yet.
    pub empty_portal: bool,
    /// Whether it is in a partner's look.
    pub own: bool,
    /// How to reach that partner.
    pub support: Option<&'a str>,
}

/// The sign-in page's content.
pub fn sign_in(page: &SignIn<'_>, form_id: &Markup) -> Markup {
    html! {
        @if page.own { p.lead { "Backup and devices of your organization" } }
        @if page.empty_portal {
            (parts::banner(Tone::Info, "This portal is not set up yet. Open the link that was printed when it started.", None))
        }
        form method="post" action=(page.action) {
            (form_id)
            @if !page.next.is_empty() { (form::hidden("next", page.next)) }
            (Field {
                name: "email", label: "E-mail", value: page.email, kind: Kind::Email, required: true,
                autocomplete: Some("username"), autofocus: page.email.is_empty(), ..Field::default()
            })
            (Field {
                name: "password", label: "Password", kind: Kind::Password, required: true, error: page.error,
                autocomplete: Some("current-password"), autofocus: !page.email.is_empty(), ..Field::default()
            })
            (form::button("Sign in", ButtonKind::Primary, None))
        }
        div.ends {
            a href=(page.forgot) { "Forgot password" }
            @if let Some(support) = page.support { span.support { "Support: " (support) } }
        }
    }
}

/// One account to choose or to accept.
#[derive(Clone, Debug)]
pub struct Offer<'a> {
    /// The account.
    pub choice: &'a Choice,
    /// Whether it is the one in use.
    pub current: bool,
    /// Until when it can be accepted, if it has to be.
    pub until: Option<Markup>,
    /// The form's id.
    pub form_id: Markup,
}

/// The accounts of one person, each with its button (ACC-11, ACC-15).
pub fn choose(offers: &[Offer<'_>], next: &str, problem: Option<Markup>) -> Markup {
    html! {
        @if let Some(problem) = problem { (problem) }
        ul.offers {
            @for offer in offers {
                li {
                    span.two {
                        span.name { (offer.choice.title()) }
                        span.sub { (offer.choice.role_shown()) @if let Some(until) = &offer.until { " · invited, " (until) } }
                    }
                    @if offer.current {
                        (parts::badge(Tone::Info, Icon::Check, "In use"))
                    } @else {
                        @let waiting = offer.until.is_some();
                        form.inline method="post" action=(if waiting { "/choose-account/acceptance" } else { "/choose-account" }) {
                            (offer.form_id)
                            (form::hidden("account", &offer.choice.account.to_string()))
                            @if !next.is_empty() { (form::hidden("next", next)) }
                            button.button.secondary type="submit" aria-label={
                                (if waiting { "Accept " } else { "Open " }) (offer.choice.title()) " as " (offer.choice.role_shown())
                            } { (if waiting { "Accept" } else { "Open" }) }
                        }
                    }
                }
            }
        }
    }
}

/// The way out of a session in which nothing is chosen.
pub fn leave(form_id: &Markup) -> Markup {
    html! { div.ends { form.inline method="post" action="/sign-out" { (form_id) (form::button("Sign in as somebody else", ButtonKind::Quiet, None)) } } }
}
