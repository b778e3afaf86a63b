//! An account's applications with their last thirty days.

use maud::{Markup, html};

use crate::backups::model::{Application, BackupDay, FullyProtected, Grade, application_shown, as_of, days_of};
use crate::kernel::html::charts::{self, Day};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};

/// How far the card looks back.
const DAYS: usize = 30;

/// How a day is drawn: its tone, and a height that says the same without color.
pub const fn grade_tone(grade: Grade) -> (Tone, f32) {
    match grade {
        Grade::Good => (Tone::Good, 1.0),
        Grade::SomeMissed => (Tone::Warn, 0.55),
        Grade::Failed => (Tone::Bad, 0.12),
        Grade::NoData => (Tone::Quiet, 1.0),
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

/// The card **Applications**: for each, when it was last fully protected, its storage, and its days with the numbers a click away.
pub fn card(applications: &[Application], rows: &[BackupDay], times: &Times) -> Markup {
    let body = match (as_of(rows), applications.is_empty()) {
        (None, true) => parts::empty("No data yet", "Applications show here with the first report of their backups.", None),
        (moment, _) => html! {
            @for application in applications { (section(application, rows, moment, times)) }
        },
    };
    let count = applications.len().to_string();
    parts::card("applications", "Applications and services", Some(&count), None, body)
}

fn section(application: &Application, rows: &[BackupDay], moment: Option<Timestamp>, times: &Times) -> Markup {
    let days = moment.map(|moment| days_of(rows, &application.application, moment, DAYS)).unwrap_or_default();
    let newest = days.first().copied().flatten();
    html! {
        div.application {
            div.application-facts {
                h3 { (application_shown(&application.application)) }
                p.sub { (services(newest)) }
                dl {
                    div { dt { "Last fully protected" } dd { (fully_protected(application, times)) } }
                    div { dt { "Storage" } dd { (text::bytes(application.used_bytes)) } }
                    @if 0 < application.uningested {
                        div { dt { "Not taken in yet" } dd { (text::counted(application.uningested, "service", "services")) } }
                    }
                }
            }
            @if let Some(moment) = moment { (month(&days, moment, times)) }
        }
    }
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

fn month(days: &[Option<&BackupDay>], moment: Timestamp, times: &Times) -> Markup {
    let until = |back: usize| moment - Span::days(i64::try_from(back).unwrap_or_default());
    let drawn: Vec<Day> = days
        .iter()
        .enumerate()
        .rev()
        .map(|(back, day)| {
            let grade = day.map_or(Grade::NoData, BackupDay::grade);
            let (tone, share) = grade_tone(grade);
            Day { tone, share, label: format!("To {}: {}", times.zone.day_and_month(until(back)), day_words(*day)) }
        })
        .collect();
    html! {
        div.application-days {
            (charts::drawing(&drawn))
            details.numbers {
                summary { "Numbers of thirty days" }
                div.scroll {
                    table.numbers-table {
                        caption.hidden { "Services by day, newest first" }
                        thead { tr { th scope="col" { "24 hours to" } th.num scope="col" { "Active" } th.num scope="col" { "Backed up" }
                            th.num scope="col" { "Whole" } th scope="col" { "The vendor says" } } }
                        tbody { @for (back, day) in days.iter().enumerate() { (number_row(until(back), *day, times)) } }
                    }
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
