//! All parts in every state, with texts that stand for nobody's.

use maud::{Markup, Render as _, html};

use crate::kernel::html::charts::{Glance, Strip, meter, stat_card, stats};
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::frame::{Alert, Link, Tone};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::menus::{self, MenuEntry};
use crate::kernel::html::parts::{self, SettingsRow};
use crate::kernel::html::picks::{Pick, pick_list, pick_one};
use crate::kernel::html::table::{self, Column, Direction, Filter, Row, Tab, Table, Tick, Toolbar};
use crate::kernel::html::when::Times;
use crate::kernel::time::Span;

/// Where everything here leads.
const HERE: &str = "/design";

const TONES: [(Tone, &str); 5] =
    [(Tone::Good, "Good"), (Tone::Warn, "Warn"), (Tone::Bad, "Bad"), (Tone::Quiet, "Quiet"), (Tone::Info, "Info")];

/// The page.
pub fn all(times: &Times) -> Markup {
    html! {
        (notices())
        (tabs())
        (parts::columns(
            &html! { (buttons()) (words(times)) (choices()) (switches()) },
            &html! { (fields()) (drawings()) (sequences(times)) (parts::card("nothing", "Empty", Some("0"), None, nothing())) },
        ))
        (list(times))
        (parts::dialog_body("A dialog", Some(html! { "What it is about." }), &html! {
            (form::error_summary(&[("design_wrong", "Enter a name."), ("", "Nothing was saved.")]))
            (form::buttons(Some(&html! { "A note" }), &[form::cancel(HERE), form::link_button("Yes, Continue", HERE, ButtonKind::DangerPrimary, None)]))
        }))
    }
}

fn notices() -> Markup {
    html! {
        @for (tone, word) in TONES {
            (parts::banner(tone, &format!("{word} news stands here. A second sentence says what to do."),
                Some(form::link_button("Do it", HERE, ButtonKind::Secondary, None))))
        }
        (parts::alert(&Alert {
            tone: Tone::Good,
            text: "Linked 2 SaaS accounts to Alder Dental.".to_owned(),
            next: vec![Link { label: "Add Users".to_owned(), href: HERE.to_owned() }],
        }))
    }
}

fn tabs() -> Markup {
    let tab = |label: &str, count: Option<&str>, current| Tab {
        label: label.to_owned(),
        href: HERE.to_owned(),
        count: count.map(ToOwned::to_owned),
        current,
    };
    table::tabs(&[tab("Current", Some("26"), true), tab("Other", Some("0"), false), tab("Without a count", None, false)])
}

fn buttons() -> Markup {
    let kinds = [
        ("Primary", ButtonKind::Primary),
        ("Secondary", ButtonKind::Secondary),
        ("Danger", ButtonKind::Danger),
        ("Danger, filled", ButtonKind::DangerPrimary),
        ("Quiet", ButtonKind::Quiet),
    ];
    let entries = [
        MenuEntry::Link { label: "View Details", href: HERE.to_owned() },
        MenuEntry::DialogLink { label: "Deactivate".to_owned(), href: HERE.to_owned(), danger: true },
    ];
    let body = html! {
        @for (label, kind) in kinds {
            div.beside { (form::link_button(label, HERE, kind, None)) (form::link_button(label, HERE, kind, Some(Icon::Plus))) }
        }
        div.beside {
            (form::icon_link(Icon::Pencil, "Edit", HERE, false)) (form::icon_link(Icon::Trash, "Delete", HERE, false))
            (menus::options_menu("Options", &entries)) (parts::copy_button("Copied", "Copy")) (parts::print_button("Print"))
        }
    };
    parts::card(
        "buttons",
        "Buttons",
        None,
        Some(form::link_button("Action", HERE, ButtonKind::Secondary, None)),
        parts::padded(&parts::stack(&body)),
    )
}

fn words(times: &Times) -> Markup {
    let badges = html! { @for (tone, word) in TONES { (parts::badge(tone, tone.icon(), word)) " " } };
    let list = [
        ("Badges", badges),
        ("Two lines", parts::two_lines("A name", "what tells it from others")),
        ("A match", parts::highlight("Alder Dental", "dent")),
        ("Ago", times.ago(times.now - Span::minutes(12))),
        ("To come", times.countdown("deactivates", times.now + Span::days(6))),
        ("A link out", parts::link_out("Device web", "https://device.example/", None)),
        ("None", html! { span.sub { "None" } }),
    ];
    parts::card("words", "Words", Some("7"), None, parts::definition_list(&list))
}

fn fields() -> Markup {
    let field = |name, label| Field { name, label, ..Field::default() };
    let options = [("one", "The first"), ("two", "The second")];
    let body = html! {
        form.stack action=(HERE) method="get" {
            (Field { required: true, value: "Alder Dental", ..field("design_filled", "Filled") })
            (Field { hint: Some("A sentence that helps."), ..field("design_optional", "Optional") })
            (Field { required: true, error: Some("Enter a name."), ..field("design_wrong", "Wrong") })
            (Field { locked: Some("Only the primary account changes this."), value: "Fixed", ..field("design_locked", "Locked") })
            (Field { kind: Kind::TextArea, value: "Several\nlines", ..field("design_lines", "Lines") })
            (Field { kind: Kind::File { accept: ".csv", multiple: false }, ..field("design_file", "A file") })
            (Select { name: "design_choice", label: "Choice", options: &options, selected: "two", required: true, ..Select::default() })
            (Select { name: "design_wrong_choice", label: "Wrong choice", options: &options, error: Some("Choose one."), ..Select::default() })
            (Select { name: "design_locked_choice", label: "Locked choice", options: &options, selected: "one", locked: Some("Not yours."), ..Select::default() })
            (form::buttons(None, &[form::cancel(HERE), form::button("Save Changes", ButtonKind::Primary, None)]))
        }
    };
    parts::card("fields", "Fields", None, None, parts::padded(&body))
}

fn choices() -> Markup {
    let choice = |name, label, checked, disabled| Checkbox { name, value: "on", label, hint: None, checked, disabled };
    let pick = |value: &str, checked: bool, disabled: bool| Pick {
        name: "design_pick".to_owned(),
        value: value.to_owned(),
        label: html! { (value) },
        detail: Some(html! { "what tells it from others" }),
        badge: disabled.then(|| parts::badge(Tone::Quiet, Icon::Link, "Linked")),
        checked,
        disabled,
    };
    let picks = [pick("A row to tick", false, false), pick("A ticked row", true, false), pick("A row that cannot be ticked", false, true)];
    let body = html! {
        (parts::padded(&html! {
            (form::group("Boxes", Some("As many as one likes."), &html! {
                (choice("design_a", "Off", false, false)) (choice("design_b", "On", true, false)) (choice("design_c", "Cannot be changed", true, true))
            }))
            (form::group("One of several", None, &html! {
                (form::radio(&choice("design_one", "This", true, false))) (form::radio(&Checkbox { value: "that", ..choice("design_one", "That", false, false) }))
            }))
        }))
        (parts::padded(&pick_list("Rows", &picks)))
    };
    let one = [Pick { name: "design_one_row".to_owned(), ..pick("One row alone", true, false) }];
    parts::card("choices", "Choices", None, None, html! { (body) (parts::padded(&pick_one("One row", &one))) })
}

fn switches() -> Markup {
    let row = |id, title, on| SettingsRow { id, title, text: "What it means.", action: HERE, on, dialog: true, ..SettingsRow::default() };
    let body = html! { (parts::settings_row(&row("design-on", "Switched on", true))) (parts::settings_row(&row("design-off", "Switched off", false))) };
    parts::card("switches", "Settings", None, None, body)
}

fn drawings() -> Markup {
    let days = [Tone::Good, Tone::Good, Tone::Warn, Tone::Bad, Tone::Quiet, Tone::Info];
    let squares = TONES.map(|(tone, word)| (tone, Some(word.to_owned())));
    let segments = [(0.6, Tone::Good), (0.2, Tone::Warn), (0.1, Tone::Bad)];
    let cards = [
        stat_card("Success rate", "85.9 %", "of 1,288 services", Some(meter(&segments, "86 % good, 10 % failed")), Some("A note below")),
        stat_card("Seats", "253", "of 316 committed", None, None),
    ];
    let body = html! {
        (stats(&cards))
        p { (Strip { days: days.into_iter(), words: "Two good days, one with gaps, one failed, one without data, one that runs" }) }
        p { (Glance { squares: squares.into_iter(), count: TONES.len(), label: "One of each" }) }
    };
    parts::card("drawings", "Drawings", None, None, parts::padded(&parts::stack(&body)))
}

fn sequences(times: &Times) -> Markup {
    let lines = [(html! { "Ada Lane created " strong { "Alder Dental" } }, times.ago(times.now - Span::days(1)))];
    let body = html! { (parts::padded(&parts::steps(&["Service", "Terms", "Organization"], 2))) (parts::feed(&lines)) };
    parts::card("sequences", "Steps and events", None, None, body)
}

fn nothing() -> Markup {
    let action = form::link_button("Link Services", HERE, ButtonKind::Secondary, Some(Icon::Link));
    parts::empty("No service is linked", "Link the SaaS accounts that are this organization's.", Some(action))
}

fn list(times: &Times) -> Markup {
    let row = |place: usize, (tone, word): (Tone, &str)| Row {
        cells: vec![
            parts::two_lines(word, "its second line"),
            parts::badge(tone, tone.icon(), word),
            html! { (place * 1_000) },
            times.date(times.now),
            form::icon_link(Icon::Pencil, format!("Edit {word}").as_str(), HERE, false).render(),
        ],
        href: place.is_multiple_of(2).then(|| HERE.to_owned()),
        tick: Some(Tick { name: "design_row".to_owned(), value: place.to_string(), label: word.to_owned() }),
        ..Row::default()
    };
    let options = [("", "Any"), ("good", "Good")];
    let filters = vec![Filter { name: "state", label: "State", options: &options, selected: "" }];
    let bar = Toolbar {
        action: HERE,
        target: "design-list",
        search: Some(("q", "Name", "")),
        filters,
        note: Some("5 rows".to_owned()),
        ..Toolbar::default()
    };
    let table = Table {
        id: "design-list".to_owned(),
        caption: "A list".to_owned(),
        columns: vec![
            Column::new("Name").sorted(HERE, Some(Direction::Ascending)),
            Column::new("State").sorted(HERE, None),
            Column::number("Seats"),
            Column::new("Since"),
            Column::actions(),
        ],
        rows: TONES.into_iter().enumerate().map(|(place, tone)| row(place, tone)).collect(),
        bulk: Some("design-ticked".to_owned()),
        toolbar: Some(table::toolbar(&bar)),
        footer: Some(table::pager(None, Some(HERE), "1–5 of 12")),
        ..Table::default()
    };
    let unfolding = Table {
        id: "design-unfolding".to_owned(),
        caption: "A list that unfolds".to_owned(),
        columns: vec![Column::new("Name"), Column::number("Seats")],
        rows: vec![Row {
            cells: vec![parts::two_lines("A row", "its second line"), html! { "17" }],
            detail: Some(parts::padded(&html! { "What unfolds below the row." })),
            ..Row::default()
        }],
        ..Table::default()
    };
    html! {
        (unfolding.render())
        (table.render())
        (table::bulk_bar("design-ticked", HERE, &html! {}, &form::link_button("Suspend", HERE, ButtonKind::Secondary, None)))
    }
}
