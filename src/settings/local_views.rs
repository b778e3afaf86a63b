//! The tab Display.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::text;
use crate::settings::local_model::{DevicesBy, Entered, LocalView, PER_PAGE, STORAGE_COLORS, StorageAs};
use crate::settings::model::Look;

/// Everything on the page.
#[derive(Debug)]
pub struct Display<'a> {
    /// Where the form goes.
    pub action: &'a str,
    /// What its fields hold.
    pub entered: &'a Entered,
    /// What is saved.
    pub view: &'a LocalView,
    /// What is wrong with the fields.
    pub problem: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// The choices at the left, what they come to at the right.
pub fn display(page: &Display<'_>) -> Markup {
    html! {
        (parts::columns(
            &parts::card("local", "Local: your own view of devices", None, None, parts::padded(&choices(page))),
            &parts::card("example", "How devices read", None, None, parts::padded(&example(page.view))),
        ))
    }
}

fn choices(page: &Display<'_>) -> Markup {
    let sorts: Vec<(&str, &str)> = DevicesBy::ALL.iter().map(|sort| (sort.word(), sort.shown())).collect();
    let formats: Vec<(&str, &str)> = StorageAs::ALL.iter().map(|format| (format.word(), format.shown())).collect();
    let counts: Vec<String> = PER_PAGE.iter().map(ToString::to_string).collect();
    let counts: Vec<(&str, &str)> = counts.iter().map(|count| (count.as_str(), count.as_str())).collect();
    let themes: Vec<(&str, &str)> = Look::ALL.iter().map(|look| (look.word(), look.shown())).collect();
    let entered = page.entered;
    html! {
        (page.summary)
        form.stack method="post" action=(page.action) data-follows="/account/display/example" {
            (page.form_id)
            (Select {
                name: "devices_by", label: "Sort devices by", options: &sorts, selected: &entered.sort, required: true,
                error: page.problem.of("devices_by"), hint: Some("A click on a column's heading sorts by that for once."), ..Select::default()
            })
            div.pair {
                (Select {
                    name: "storage_as", label: "Local storage format", options: &formats, selected: &entered.storage, required: true,
                    error: page.problem.of("storage_as"), ..Select::default()
                })
                (Select {
                    name: "devices_per_page", label: "Devices per page", options: &counts, selected: &entered.per_page, required: true,
                    error: page.problem.of("devices_per_page"), ..Select::default()
                })
            }
            (form::group("Backup thresholds", Some("Hours since the newest backup of whatever is furthest behind on a device."), &html! {
                div.pair {
                    (threshold(page, "backup_warn_hours", "Warn after, hours", &entered.warn_hours))
                    (threshold(page, "backup_fail_hours", "Fail after, hours", &entered.fail_hours))
                }
            }))
            (Select {
                name: "theme", label: "Theme", options: &themes, selected: &entered.theme, required: true,
                error: page.problem.of("theme"), ..Select::default()
            })
            (form::buttons(None, &[form::button("Save", ButtonKind::Primary, None)]))
        }
    }
}

fn threshold<'a>(page: &'a Display<'_>, name: &'a str, label: &'a str, value: &'a str) -> Field<'a> {
    let error = page.problem.of(name);
    Field { name, label, value, kind: Kind::Number, required: true, error, autocomplete: Some("off"), ..Field::default() }
}

/// The choices at work on devices that do not exist.
pub fn example(view: &LocalView) -> Markup {
    let hours = |hours: i64| text::counted(hours, "hour", "hours");
    let states = [
        (Tone::Good, Icon::Check, "Healthy", format!("up to {}", hours(view.warn_hours))),
        (Tone::Warn, Icon::Warning, "Warning", format!("after {}", hours(view.warn_hours))),
        (Tone::Bad, Icon::Cross, "Failing", format!("after {}", hours(view.fail_hours))),
    ];
    html! {
        div.stack #example-devices {
            p.sub { "By what stands in the fields. It changes nobody else's view." }
            div {
                h3 { "State" }
                p.sub { "By the age of the newest backup." }
                dl.example-devices {
                    @for (tone, shape, word, age) in &states { div { dt { (parts::badge(*tone, *shape, word)) } dd { (age) } } }
                }
            }
            div {
                h3 { "Local storage" }
                p.sub { "By how full it is. The color is no verdict: a healthy device may be nearly full." }
                dl.example-devices {
                    @for ((tone, words), percent) in STORAGE_COLORS.iter().zip([38_u8, 62, 91]) {
                        div {
                            dt { (words) }
                            dd {
                                @let amount = amount(view, percent);
                                (charts::meter(&[(f32::from(percent) / 100.0, *tone)], &format!("Local storage, {amount}")))
                                span.sub { (amount) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// BRA-1: under Account Settings, where the primary account finds what is for everybody.
pub fn way_to_customize() -> Markup {
    html! {
        p.guide-line.sub {
            "The same choices are on " a href="/branding/local" { "Customize, Local" } ", beside what your organizations' users see: "
            a href="/branding" { "Customize, Global" }
        }
    }
}

/// So much of eight terabytes.
fn amount(view: &LocalView, percent: u8) -> String {
    match view.storage {
        StorageAs::Percent => format!("{percent} %"),
        StorageAs::Amounts => format!("{} of 8.0 TB", text::bytes(i64::from(percent) * 80_000_000_000)),
    }
}
