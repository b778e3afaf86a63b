//! The comparison of a statement with a billing system, as pages show it.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Filter, Row, Table, Toolbar, pager, toolbar};
use crate::kernel::text::{counted, thousands};
use crate::kernel::web;
use crate::statements::model::Statement;
use crate::statements::reconcile_model::{Billed, Finding, Verdict};
use crate::statements::views;

/// The page of the comparison.
#[derive(Debug)]
pub struct ComparePage<'a> {
    /// What is compared.
    pub statement: &'a Statement,
    /// What came of it; nothing while no file was brought.
    pub findings: Option<&'a [Finding]>,
    /// Which are shown.
    pub only: Option<Verdict>,
    /// The first of them on this page.
    pub from: usize,
    /// What is wrong with the file.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// Findings on a page.
pub const PER_PAGE: usize = 50;

/// Where the comparison of a month is.
pub fn address(statement: &Statement) -> String {
    format!("{}/reconcile", views::address(statement.month))
}

/// At the right of the title.
pub fn export(statement: &Statement, form_id: &Markup) -> Markup {
    parts::action_form(&format!("{}/export", address(statement)), form_id, "Export CSV", ButtonKind::Secondary, Some(Icon::Download))
}

/// What was done, for the alert; doubled names are told, since they may be a mistake.
pub fn compared(rows: &[Billed], doubled: &[String]) -> String {
    const NAMED: usize = 5;
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let compared = format!("Compared {}.", counted(count(rows.len()), "name", "names"));
    let named: Vec<&str> = doubled.iter().take(NAMED).map(String::as_str).collect();
    match doubled.len().saturating_sub(NAMED) {
        _ if doubled.is_empty() => compared,
        0 => format!("{compared} Several rows were added up for: {}.", named.join(", ")),
        more => format!("{compared} Several rows were added up for: {} and {more} more.", named.join(", ")),
    }
}

/// The file's form, and what came of the comparison.
pub fn page(page: &ComparePage<'_>) -> Markup {
    html! {
        // A file that was refused is told of before what an earlier one came to.
        @let refused = !page.errors.0.is_empty();
        @if refused { (upload(page)) }
        @if let Some(findings) = page.findings { (sums(page.statement, findings)) (table(page, findings)) }
        @if !refused { (upload(page)) }
    }
}

fn upload(page: &ComparePage<'_>) -> Markup {
    let file = Field {
        name: "file",
        label: "CSV file of the billing system",
        kind: Kind::File { accept: ".csv,text/csv", multiple: false },
        hint: Some("A header row, then an organization and its billed quantity in each line."),
        error: page.errors.of("file"),
        required: true,
        ..Field::default()
    };
    let body = html! {
        form.stack method="post" enctype="multipart/form-data" action=(address(page.statement)) {
            (page.summary)
            (page.form_id)
            (file)
            p.hint { "Each name is looked for among the organizations. One that is not found can be matched by hand, and is known from then on." }
            (form::buttons(None, &[form::button("Compare", ButtonKind::Primary, None)]))
        }
    };
    let title = if page.findings.is_some() { "Compare another file" } else { "Compare with your billing system" };
    parts::card("file", title, None, None, parts::padded(&body))
}

fn sums(statement: &Statement, findings: &[Finding]) -> Markup {
    let card = |verdict: Verdict| {
        let these = || findings.iter().filter(move |finding| finding.verdict == verdict && !finding.is_nothing());
        let seats: i64 = these().map(|finding| finding.seats().abs()).fold(0, i64::saturating_add);
        let money = these().filter_map(|finding| finding.money.map(i64::abs)).reduce(i64::saturating_add);
        let rest = match verdict {
            Verdict::Equal => counted(these().map(|finding| finding.billed).fold(0, i64::saturating_add), "seat", "seats"),
            Verdict::Under | Verdict::Over | Verdict::Unknown | Verdict::Missing => counted(seats, "seat", "seats"),
        };
        let count = thousands(i64::try_from(these().count()).unwrap_or(i64::MAX));
        let note = if verdict == Verdict::Equal { None } else { money.map(|money| statement.money(Some(money))) };
        charts::stat_card(verdict.shown(), &count, &rest, None, note.as_deref())
    };
    charts::stats(&Verdict::ALL.iter().copied().map(card).collect::<Vec<_>>())
}

fn table(page: &ComparePage<'_>, findings: &[Finding]) -> Markup {
    let chosen: Vec<&Finding> = findings.iter().filter(|finding| page.only.is_none_or(|only| finding.verdict == only)).collect();
    let shown: Vec<&Finding> = chosen.iter().copied().skip(page.from).take(PER_PAGE).collect();
    let options: Vec<(&str, &str)> =
        std::iter::once(("", "All")).chain(Verdict::ALL.iter().map(|verdict| (verdict.word(), verdict.shown()))).collect();
    let here = address(page.statement);
    let to = |from: usize| format!("{here}?only={}&from={from}", page.only.map_or("", Verdict::word));
    let previous = (0 < page.from).then(|| to(page.from.saturating_sub(PER_PAGE)));
    let next = (page.from.saturating_add(PER_PAGE) < chosen.len()).then(|| to(page.from.saturating_add(PER_PAGE)));
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let table = Table {
        id: "findings".to_owned(),
        caption: format!("Billing system beside the statement of {}", page.statement.month.shown()),
        columns: vec![
            Column { class: "main", ..Column::new("Organization") },
            Column::new("Result"),
            Column::number("Billed there"),
            Column::number("Statement"),
            Column::number("Difference"),
            Column::number("In money"),
            Column::actions(),
        ],
        rows: shown.iter().map(|finding| row(page, finding)).collect(),
        empty: Some(parts::empty("None of these", "Choose another result to see the others.", None)),
        toolbar: Some(toolbar(&Toolbar {
            action: &here,
            target: "findings",
            filters: vec![Filter { name: "only", label: "Show", options: &options, selected: page.only.map_or("", Verdict::word) }],
            ..Toolbar::default()
        })),
        footer: Some(pager(previous.as_deref(), next.as_deref(), &counted(count(chosen.len()), "row", "rows"))),
        ..Table::default()
    };
    parts::card("result", "Result", Some(&thousands(count(findings.len()))), None, table.render())
}

const fn look(verdict: Verdict) -> (Tone, Icon) {
    match verdict {
        Verdict::Under | Verdict::Missing => (Tone::Bad, Icon::Warning),
        Verdict::Over | Verdict::Unknown => (Tone::Warn, Icon::Warning),
        Verdict::Equal => (Tone::Good, Icon::Check),
    }
}

fn row(page: &ComparePage<'_>, finding: &Finding) -> Row {
    let (tone, icon) = look(finding.verdict);
    let below = html! {
        @if !finding.under.is_empty() { "billed as " (finding.under.join(", ")) @if finding.by_hand { ", matched by hand" } }
    };
    let difference = match finding.seats() {
        0 => "0".to_owned(),
        seats if 0 < seats => format!("{} too few", thousands(seats)),
        seats => format!("{} too many", thousands(-seats)),
    };
    Row {
        cells: vec![
            parts::two_lines(&html! { (finding.name) }, &below),
            parts::badge(tone, icon, finding.verdict.shown()),
            html! { (thousands(finding.billed)) },
            html! { @match finding.due { Some(due) => { (thousands(due)) } None => { "—" } } },
            html! { (difference) },
            html! { (page.statement.money(finding.money.filter(|money| *money != 0).map(i64::abs))) },
            action(page, finding),
        ],
        ..Row::default()
    }
}

fn action(page: &ComparePage<'_>, finding: &Finding) -> Markup {
    let here = address(page.statement);
    let dialog = |label: &str, name: &str| {
        form::dialog_link(
            label,
            &web::address(&format!("{here}/match"), [("name", name)]),
            ButtonKind::Secondary,
            None,
            Some(&format!("{label} {name}")),
        )
    };
    html! {
        @if finding.verdict == Verdict::Unknown { (dialog("Match", &finding.name)) }
        @else if finding.by_hand { @if let Some(name) = finding.under.first() { (dialog("Change", name)) } }
    }
}

/// The dialog that matches a name with an organization.
#[derive(Debug)]
pub struct MatchForm<'a> {
    /// Where the comparison is.
    pub here: &'a str,
    /// The name in the file.
    pub name: &'a str,
    /// What was entered, or is suggested.
    pub organization: &'a str,
    /// Why it is suggested.
    pub why: Option<String>,
    /// Whether somebody matched it before.
    pub matched: bool,
    /// What is wrong.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The forms' ids.
    pub form_ids: [Markup; 2],
}

/// Which organization a name means.
pub fn match_form(dialog: &MatchForm<'_>) -> Markup {
    let hint = dialog.why.as_deref().unwrap_or("Its ID or whole name.");
    let field = Field {
        name: "organization",
        label: "Organization",
        value: dialog.organization,
        hint: Some(hint),
        error: dialog.errors.of("organization"),
        required: true,
        autocomplete: Some("off"),
        autofocus: true,
        ..Field::default()
    };
    let [save, forget] = &dialog.form_ids;
    html! {
        form.stack method="post" action={ (dialog.here) "/match" } {
            (dialog.summary)
            (save)
            (form::hidden("name", dialog.name))
            (field)
            (form::buttons(None, &[form::cancel(dialog.here), form::button("Match", ButtonKind::Primary, None)]))
        }
        @if dialog.matched {
            form.inline method="post" action={ (dialog.here) "/forget" } {
                (forget) (form::hidden("name", dialog.name)) (form::button("Forget this match", ButtonKind::Quiet, None))
            }
        }
    }
}
