//! The page Notification Settings.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Select};
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::time::Timestamp;
use crate::notifications::digest_model::{Digest, Every, OFF};
use crate::notifications::model::{BY_THE_VENDOR, Notice, SECTIONS, Section};

/// What the page shows.
#[derive(Debug)]
pub struct Page<'a> {
    /// The boxes that are ticked.
    pub wanted: &'a [Notice],
    /// The partner's own letters: the word that is chosen, and when the next one is due as it is saved.
    pub digests: &'a [(Digest, String, Option<Timestamp>)],
    /// What is wrong with a field.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// How times are read.
    pub times: &'a Times,
    /// The form's id.
    pub form_id: Markup,
}

/// The partner's own letters, then the sections' boxes; one form for all.
pub fn page(page: &Page<'_>) -> Markup {
    html! {
        form.stack.narrow method="post" action="/notification-settings" {
            (page.summary)
            (page.form_id)
            (own(page))
            @for section in SECTIONS { (card(section, page.wanted)) }
            p.hint { (BY_THE_VENDOR) }
            (form::buttons(None, &[form::button("Save", ButtonKind::Primary, None)]))
        }
    }
}

fn own(page: &Page<'_>) -> Markup {
    let body = parts::padded(&html! {
        div.stack {
            p.hint {
                "To your primary account, Security Admins and Admins, each about what they see. Written at midnight UTC: daily, on Mondays, or on the "
                "first day of the month. A letter with nothing to say is not written."
            }
            @for (digest, chosen, next) in page.digests { (choice(*digest, chosen, *next, page)) }
        }
    });
    parts::card("own-letters", "Your own letters", None, None, body)
}

fn choice(digest: Digest, chosen: &str, next: Option<Timestamp>, page: &Page<'_>) -> Markup {
    let options = [(OFF, "Off"), (Every::Daily.word(), "Daily"), (Every::Weekly.word(), "Weekly"), (Every::Monthly.word(), "Monthly")];
    html! {
        (Select {
            name: digest.word(), label: digest.shown(), options: &options, selected: chosen, hint: Some(digest.explained()),
            error: page.errors.of(digest.word()), required: true, ..Select::default()
        })
        @if let Some(next) = next { p.hint { "The next one is due " (page.times.exact(next)) "." } }
    }
}

fn card(section: &Section, wanted: &[Notice]) -> Markup {
    let body = parts::padded(&html! {
        div.stack {
            @for notice in section.notices {
                (Checkbox {
                    name: "notice", value: notice.word(), label: notice.shown(), hint: Some(notice.explained()),
                    checked: wanted.contains(notice), ..Checkbox::default()
                })
            }
        }
    });
    parts::card(section.id, section.title, None, None, body)
}
