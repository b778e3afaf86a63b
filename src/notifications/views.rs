//! The page Notification Settings.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind, Checkbox};
use crate::kernel::html::parts;
use crate::notifications::model::{Line, Notice, SECTIONS, Section};

/// The sections' boxes, with those ticked that are `wanted`; one form for all.
pub fn page(wanted: &[Notice], summary: &Markup, form_id: &Markup) -> Markup {
    html! {
        form.stack.narrow method="post" action="/notification-settings" {
            (summary)
            (form_id)
            @for section in SECTIONS { (card(section, wanted)) }
            (form::buttons(None, &[form::button("Save", ButtonKind::Primary, None)]))
        }
    }
}

fn card(section: &Section, wanted: &[Notice]) -> Markup {
    let body = parts::padded(&html! {
        div.stack {
            @if let Some(note) = section.note { p.hint { (note) } }
            @for line in section.lines { (row(*line, section.id, wanted)) }
        }
    });
    parts::card(section.id, section.title, None, None, body)
}

fn row(line: Line, section: &str, wanted: &[Notice]) -> Markup {
    match line {
        Line::Written(notice) => html! {
            (Checkbox {
                name: "notice", value: notice.word(), label: notice.shown(), hint: Some(notice.explained()),
                checked: wanted.contains(&notice), ..Checkbox::default()
            })
        },
        Line::Never(label) => {
            let value = format!("{section}-{}", label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase());
            html! {
                (Checkbox { name: "never", value: &value, label, hint: Some("Portico writes no such letter."), disabled: true, ..Checkbox::default() })
            }
        }
    }
}
