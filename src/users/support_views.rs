//! How support authorization looks: the three dialogs of the Users card, and the user's own card.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind, Field};
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::users::model::User;
use crate::users::support_model::{PIN_DIGITS, Support};
use crate::users::views::home;

/// Where the steps about a user's authorization are.
pub fn at(organization: OrganizationId, user: &User) -> String {
    format!("{}/users/{}/support", home(organization), user.account.id)
}

/// The dialog behind **Authorize for Support**.
pub fn authorize_form(organization: OrganizationId, user: &User, hidden: &Markup) -> Markup {
    html! {
        form action=(at(organization, user)) method="post" {
            (hidden)
            ul.bullets {
                li { "Device tasks that " (user.name()) " asks for are queued at once, without anybody's approval: removing virtual machines and file restores, deleting local data, replacing devices and parts, changing networks and schedules." }
                li { "Not before you have confirmed the support PIN. Ask " (user.name()) " for it in a way that leaves no doubt who it is; they make one under Account Settings → Security." }
                li { "It ends when you withdraw it, or when the user is deactivated, removed, gets another e-mail, or loses Full access." }
            }
            (form::buttons(None, &[form::cancel(&home(organization)), form::button("Authorize for Support", ButtonKind::Primary, None)]))
        }
    }
}

/// The dialog **Confirm support PIN**.
pub fn pin_form(organization: OrganizationId, user: &User, (hidden, summary): (&Markup, &Markup), error: Option<&str>) -> Markup {
    let hint = format!("{PIN_DIGITS} digits, as {} reads them to you.", user.name());
    html! {
        (summary)
        form.stack action={ (at(organization, user)) "/pin" } method="post" {
            (hidden)
            (Field {
                name: "pin", label: "Support PIN", required: true, error, hint: Some(&hint), autocomplete: Some("off"), autofocus: true,
                ..Field::default()
            })
            (form::buttons(None, &[form::cancel(&home(organization)), form::button("Confirm support PIN", ButtonKind::Primary, None)]))
        }
    }
}

/// The dialog behind **Withdraw support authorization**.
pub fn withdraw_form(organization: OrganizationId, user: &User, hidden: &Markup) -> Markup {
    html! {
        form action={ (at(organization, user)) "/withdrawal" } method="post" {
            (hidden)
            ul.bullets {
                li { "Device tasks that " (user.name()) " asks for from now on wait for an employee's approval." }
                li { "Those that are queued or in progress go on." }
            }
            (form::buttons(None, &[form::cancel(&home(organization)), form::button("Withdraw authorization", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The card **Support PIN** of one's own Account Settings; `made` is when there was one made that nobody has confirmed.
pub fn own_card(support: &Support, made: Option<Timestamp>, (form_id, times): (&Markup, &Times)) -> Markup {
    let label = if made.is_some() { "Make a new support PIN" } else { "Make a support PIN" };
    let body = html! {
        div.stack {
            @match support {
                Support::Not => p { "Your provider has not authorized you for support: device tasks that you ask for wait for its approval." },
                Support::Given { at, .. } => p { (badge(support)) " Your provider authorized you " (times.ago(*at)) ", and asks for your PIN to be sure that it is you." },
                Support::InForce { confirmed_at, .. } => p { (badge(support)) " since " (times.date(*confirmed_at)) ". Device tasks that you ask for are queued at once." },
            }
            @match made {
                Some(made) => p.hint { "You made a PIN " (times.ago(made)) ". It is good for one confirmation; a new one takes its place." },
                None => p.hint { "Tell the PIN nobody but your provider's support, when you are asked for it. It is good for one confirmation." },
            }
            div.buttons {
                form.inline method="post" action="/account/support-pin" data-plain { (form_id) (form::button(label, ButtonKind::Secondary, None)) }
            }
        }
    };
    parts::card("support-pin", "Support PIN", None, None, parts::padded(&body))
}

/// The badge of how somebody stands with support; nothing for who is not authorized.
pub fn badge(support: &Support) -> Markup {
    html! { @if let Some((tone, shape, word)) = support.look() { (parts::badge(tone, shape, word)) } }
}

/// The page that shows a new PIN, once.
pub fn fresh(pin: &str, back: &str) -> Markup {
    html! {
        p.lead { "Read it to your provider's support when you are asked for it. It is not shown again; a new one can be made at any time." }
        dl.secrets {
            dt { "Support PIN" }
            dd.key { code { (text::groups_of_four(pin, ' ')) } (parts::copy_button(pin, "Copy the support PIN")) }
        }
        p { (form::link_button("I have kept it", back, ButtonKind::Primary, None)) }
    }
}
