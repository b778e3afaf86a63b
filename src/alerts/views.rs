//! Alert settings as people see them.

use maud::{Markup, html};

use crate::alerts::model::{Listed, Standing};
use crate::alerts::rules_model::{Entered, OF_DEVICES, OF_SERVICES, Rule, Side, field};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, field_id};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table, Toolbar, toolbar};
use crate::kernel::html::when::Times;
use crate::kernel::text;

/// Where the pages are.
pub const HERE: &str = "/alerts";
/// Things named beneath a rule.
const NAMED: usize = 3;

/// The rules of one, in a form.
#[derive(Debug)]
pub struct Rules<'a> {
    /// Where the form goes.
    pub action: &'a str,
    /// Who sets them.
    pub side: Side,
    /// As they stand.
    pub standing: &'a [Standing],
    /// What the fields hold.
    pub entered: &'a [Entered],
    /// What is wrong with them.
    pub problem: &'a FieldErrors,
    /// The same above the form, and the form's id.
    pub hidden: Markup,
    /// How times are read.
    pub times: &'a Times,
}

/// The rules of an organization, of this name: the provider's, or its own.
pub fn organization(page: &Rules<'_>, name: &str) -> Markup {
    let whose = match page.side {
        Side::Provider => {
            html! { "Your firm's settings for " (name) ". Its own people set theirs, and neither changes what the other is told." }
        }
        Side::Client => html! { "Your organization's own settings: they tell you and your colleagues. Your provider watches by its own." },
    };
    let body = html! {
        p.guide-line { (whose) }
        (card(page, "devices", "Devices", OF_DEVICES))
        (card(page, "services", "SaaS Protection", OF_SERVICES))
    };
    whole(page, &body)
}

/// The rules of the whole partner.
pub fn partner(page: &Rules<'_>, rules: &[Rule]) -> Markup {
    whole(page, &card(page, "firm", "For your whole firm", rules))
}

fn whole(page: &Rules<'_>, cards: &Markup) -> Markup {
    html! {
        form.stack method="post" action=(page.action) {
            (page.hidden)
            (cards)
            (form::buttons(
                Some(&html! { span.sub { "A rule that comes true writes one letter, and another only after it has been over." } }),
                &[form::button("Save", ButtonKind::Primary, None)],
            ))
        }
    }
}

/// A group a subject: what is said of it now, then its warning and its failure.
fn card(page: &Rules<'_>, id: &str, title: &str, rules: &[Rule]) -> Markup {
    let these: Vec<(&Standing, &Entered)> =
        page.standing.iter().zip(page.entered).filter(|(standing, _)| rules.contains(&standing.setting.rule)).collect();
    let raised = these.iter().filter(|(standing, _)| !standing.says.is_empty()).count();
    let count = (0 < raised).then(|| format!("{raised} true now"));
    let groups = these.chunk_by(|(one, _), (other, _)| one.setting.rule.subject() == other.setting.rule.subject());
    let body = html! { ul.rules { @for group in groups { (subject(page, group)) } } };
    parts::card(id, title, count.as_deref(), None, body)
}

fn subject(page: &Rules<'_>, group: &[(&Standing, &Entered)]) -> Markup {
    let quiet = group.iter().all(|(standing, _)| standing.says.is_empty());
    html! {
        li.rule-group {
            @if let Some((first, _)) = group.first() {
                div.rule-head {
                    h3 { (first.setting.rule.subject()) }
                    @if quiet { span.sub { "Nothing right now" } }
                }
            }
            @for (standing, _) in group.iter().rev().filter(|(standing, _)| !standing.says.is_empty()) { (now(standing, page.times)) }
            @for (standing, entered) in group { (line(page, standing, entered)) }
        }
    }
}

fn line(page: &Rules<'_>, standing: &Standing, entered: &Entered) -> Markup {
    let rule = standing.setting.rule;
    let names = [field("threshold", rule), field("unit", rule), field("to", rule)];
    let [threshold, unit, to] = &names;
    let error = names.iter().find_map(|name| page.problem.of(name));
    let units: Vec<(&str, &str)> = rule.units().iter().map(|unit| (unit.word(), unit.shown())).collect();
    let readers: Vec<(&str, &str)> = rule.readers(page.side).iter().map(|to| (to.word(), to.shown())).collect();
    let whole = format!("{}: {}", rule.subject(), rule.brief());
    html! {
        div.rule .invalid[error.is_some()] {
            span.rule-what {
                (icon(if rule.is_grave() { Icon::Cross } else { Icon::Warning }))
                label for=(field_id(threshold)) { span.hidden { (rule.subject()) ": " } (rule.brief()) }
            }
            span.rule-fields {
                input id=(field_id(threshold)) type="text" name=(threshold) value=(entered.threshold) inputmode="numeric" required
                    autocomplete="off" aria-invalid=[page.problem.of(threshold).map(|_| "true")]
                    aria-describedby=[error.map(|_| format!("{}-error", field_id(threshold)))];
                (choice(unit, &format!("Unit of: {whole}"), &units, &entered.unit))
                (choice(to, &format!("Who is told: {whole}"), &readers, &entered.to))
            }
            @if let Some(error) = error { p.error id={ (field_id(threshold)) "-error" } { (error) } }
        }
    }
}

fn choice(name: &str, label: &str, options: &[(&str, &str)], selected: &str) -> Markup {
    html! {
        label.hidden for=(field_id(name)) { (label) }
        select id=(field_id(name)) name=(name) {
            @for (value, shown) in options { option value=(value) selected[*value == selected] { (shown) } }
        }
    }
}

/// What the rule would say right now: "Now: 3 devices", and which.
fn now(standing: &Standing, times: &Times) -> Markup {
    let (says, rest) = (&standing.says, standing.says.len().saturating_sub(NAMED));
    let rule = standing.setting.rule;
    let (one, many) = if OF_DEVICES.contains(&rule) { ("device", "devices") } else { ("SaaS account", "SaaS accounts") };
    let count = text::counted(i64::try_from(says.len()).unwrap_or(i64::MAX), one, many);
    html! {
        div.rule-now {
            (parts::badge(if rule.is_grave() { Tone::Bad } else { Tone::Warn }, Icon::Warning, &format!("Now: {count}")))
            span.sub {
                (says.iter().take(NAMED).cloned().collect::<Vec<_>>().join(" · "))
                @if 0 < rest { " · and " (rest) " more" }
                @if let Some(since) = standing.raised { " · noticed " (times.ago(since)) }
            }
        }
    }
}

/// The organizations, those with something true first.
pub fn organizations(listed: &[Listed], words: &str) -> Markup {
    let table = Table {
        id: "alert-organizations".to_owned(),
        caption: "Organizations, those with rules that are true first".to_owned(),
        columns: vec![Column { class: "main", ..Column::new("Organization") }, Column::new("True now"), Column::new("Watched")],
        rows: listed.iter().map(row).collect(),
        empty: Some(parts::empty("No organization fits", "Search for another part of its name.", None)),
        toolbar: Some(toolbar(&Toolbar {
            action: HERE,
            target: "alert-organizations",
            search: Some(("q", "Organization", words)),
            note: Some(text::counted(i64::try_from(listed.len()).unwrap_or(i64::MAX), "organization", "organizations")),
            ..Toolbar::default()
        })),
        ..Table::default()
    };
    table.render()
}

fn row(one: &Listed) -> Row {
    let true_now = match one.raised {
        0 if one.told => html! { (parts::badge(Tone::Good, Icon::Check, "Quiet")) },
        0 => html! { (parts::badge(Tone::Quiet, Icon::Pause, "Nobody is told")) },
        count => html! {
            (parts::badge(Tone::Warn, Icon::Warning, &text::counted(count, "rule", "rules")))
            @if !one.told { " " span.sub { "nobody is told" } }
        },
    };
    let watched =
        format!("{}, {}", text::counted(one.devices, "device", "devices"), text::counted(one.services, "SaaS account", "SaaS accounts"));
    Row {
        cells: vec![html! { (one.name) }, true_now, html! { span.sub { (watched) } }],
        href: Some(format!("{HERE}/{}", one.organization)),
        ..Row::default()
    }
}
