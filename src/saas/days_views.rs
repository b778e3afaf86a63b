//! An account's applications with their last thirty days.

use maud::{Markup, html};

use crate::backups::model::{Application, BackupDay, FullyProtected, Grade, application_shown, as_of, days_of};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};

/// How far the card looks back.
const DAYS: usize = 30;

/// How a day is drawn: the style sheet gives each tone a color, and a height that says the same without it (SAS-9).
pub const fn grade_tone(grade: Grade) -> Tone {
    match grade {
        Grade::Good => Tone::Good,
        Grade::SomeMissed => Tone::Warn,
        Grade::Failed => Tone::Bad,
        Grade::NoData => Tone::Quiet,
    }
}

/// A grade in words.
pub const fn grade_word(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "all backed up",
        Grade::SomeMissed => "some missed",
        Grade::Failed => "none backed up",
        Grade::NoData => "nothing to judge by",
    }
}

/// When an application was last whole, in the moment's or the vendor's words.
pub fn fully_protected(application: &Application, times: &Times) -> Markup {
    html! {
        @match &application.last_fully_protected {
            Some(FullyProtected::At(moment)) => { (times.ago(*moment)) }
            Some(FullyProtected::Bucket(word)) => { (word.to_lowercase().replace('_', " ")) }
            None => { "not known" }
        }
    }
}

/// The card **Applications**: thirty days as a heat map, application by day, with what each was last fully protected and takes up; the
/// numbers a click away.
pub fn card(applications: &[Application], rows: &[BackupDay], emptied: bool, times: &Times) -> Markup {
    let body = match (as_of(rows), applications.is_empty()) {
        (None, true) if emptied => {
            parts::empty("No backups any more", "They were destroyed; new ones show here once an import reports them.", None)
        }
        (None, true) => parts::empty("No data yet", "Applications show here with the first report of their backups.", None),
        (moment, _) => html! {
            (heat_map(applications, rows, moment, times))
            @if let Some(moment) = moment {
                div.numbers-list {
                    @for application in applications {
                        (numbers(application, &days_of(rows, &application.application, moment, DAYS), moment, times))
                    }
                }
            }
        },
    };
    let count = applications.len().to_string();
    parts::card("applications", "Applications and services", Some(&count), None, body)
}

/// A table, so that it can be walked through cell by cell; what a cell's color and height say, it says in words too.
fn heat_map(applications: &[Application], rows: &[BackupDay], moment: Option<Timestamp>, times: &Times) -> Markup {
    let until = |back: usize| moment.map(|moment| moment - Span::days(i64::try_from(back).unwrap_or_default()));
    let shown = if moment.is_some() { DAYS } else { 0 };
    html! {
        div.heat-map-box role="region" aria-label="Thirty days by application" tabindex="0" {
            table.heat-map {
                caption.hidden { "The last thirty days by application, oldest first" }
                thead { tr {
                    th scope="col" { "Application" }
                    @for back in (0..shown).rev() { (day_head(until(back), back, times)) }
                    th scope="col" { "Last fully protected" }
                    th.num scope="col" { "Storage" }
                } }
                tbody { @for application in applications { (heat_row(application, rows, moment, times)) } }
            }
        }
    }
}

/// Every fifth day has its date written; the others are told to who cannot see the order.
fn day_head(until: Option<Timestamp>, back: usize, times: &Times) -> Markup {
    let date = until.map(|until| times.zone.day_and_month(until)).unwrap_or_default();
    html! {
        @if back.is_multiple_of(5) { th.day.dated scope="col" { span { (date) } } }
        @else { th.day scope="col" { span.hidden { (date) } } }
    }
}

fn heat_row(application: &Application, rows: &[BackupDay], moment: Option<Timestamp>, times: &Times) -> Markup {
    let days = moment.map(|moment| days_of(rows, &application.application, moment, DAYS)).unwrap_or_default();
    html! {
        tr {
            th scope="row" {
                span.two {
                    span.name { (application_shown(&application.application)) }
                    span.sub { (services(days.first().copied().flatten())) }
                    @if 0 < application.uningested {
                        span.sub { (text::counted(application.uningested, "service", "services")) " not taken in yet" }
                    }
                }
            }
            @for day in days.iter().rev() { (heat_cell(*day)) }
            td data-l="Last fully protected" { (fully_protected(application, times)) }
            td.num data-l="Storage" { (text::bytes(application.used_bytes)) }
        }
    }
}

fn heat_cell(day: Option<&BackupDay>) -> Markup {
    let words = day_words(day);
    let tone = grade_tone(day.map_or(Grade::NoData, BackupDay::grade));
    html! { td.cell title=(words) { i class=(tone.class()) {} span.hidden { (words) } } }
}

/// "31 of 31 services backed up in the last 24 hours".
pub fn services(newest: Option<&BackupDay>) -> String {
    match newest {
        Some(day) if 0 < day.active => {
            format!("{} of {} backed up in 24 hours", text::thousands(day.backed), text::counted(day.active, "service", "services"))
        }
        Some(_) => "No active services".to_owned(),
        None => "Nothing reported for the last 24 hours".to_owned(),
    }
}

fn numbers(application: &Application, days: &[Option<&BackupDay>], moment: Timestamp, times: &Times) -> Markup {
    let until = |back: usize| moment - Span::days(i64::try_from(back).unwrap_or_default());
    let name = application_shown(&application.application);
    html! {
        details.numbers {
            summary { "Numbers of thirty days: " (name) }
            div.scroll tabindex="0" role="region" aria-label={ "Numbers of " (name) } {
                table.numbers-table {
                    caption.hidden { "Services of " (name) " by day, newest first" }
                    thead { tr { th scope="col" { "24 hours to" } th.num scope="col" { "Active" } th.num scope="col" { "Backed up" }
                        th.num scope="col" { "Whole" } th scope="col" { "The vendor says" } } }
                    tbody { @for (back, day) in days.iter().enumerate() { (number_row(until(back), *day, times)) } }
                }
            }
        }
    }
}

fn day_words(day: Option<&BackupDay>) -> String {
    match day {
        Some(day) if 0 < day.active => {
            format!("{} of {} backed up, {} whole; {}", day.backed, day.active, day.perfect, grade_word(day.grade()))
        }
        Some(_) => "no active services".to_owned(),
        None => "nothing reported".to_owned(),
    }
}

fn number_row(until: Timestamp, day: Option<&BackupDay>, times: &Times) -> Markup {
    html! {
        tr {
            td { (times.date(day.map_or(until, |day| day.until))) }
            @match day {
                Some(day) => {
                    td.num { (day.active) } td.num { (day.backed) } td.num { (day.perfect) } td { (day.status.word()) }
                }
                None => { td.num { "—" } td.num { "—" } td.num { "—" } td { "nothing reported" } }
            }
        }
    }
}
