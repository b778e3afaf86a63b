//! The previews: small ones beside the form, and whole pages. All that they show is made up, and says so.

use maud::{Markup, html};

use crate::branding::model::DevicesNamed;
use crate::kernel::color::Color;
use crate::kernel::html::form::{ButtonKind, Field, Kind};
use crate::kernel::html::frame::{self, Frame, Link, Look, MenuItem, Person, Theme, Tone};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::text_enum;

text_enum!(
    /// What can be previewed.
    What {
        /// The partner's own sign-in page.
        SignIn = "sign-in",
        /// A status page.
        Status = "status",
    }
);

impl What {
    const fn shown(self) -> &'static str {
        match self {
            Self::SignIn => "Sign-in page",
            Self::Status => "Status page",
        }
    }
}

/// A whole page.
#[derive(Clone, Copy, Debug)]
pub struct Preview<'a> {
    /// Which.
    pub what: What,
    /// Light or dark.
    pub theme: Theme,
    /// How it looks.
    pub look: &'a Look,
    /// How devices are called.
    pub devices: DevicesNamed,
    /// Whether it shows a draft.
    pub is_draft: bool,
}

const SAMPLE: &str = "Sample data";

/// Hostname, serial number, how it fares, what is said of it, and how full it is in percent.
const DEVICES: [(&str, &str, Tone, Icon, &str, u8); 4] = [
    ("SAMPLE-BCDR-01", "0000A1", Tone::Good, Icon::Check, "Healthy", 42),
    ("SAMPLE-BCDR-02", "0000A2", Tone::Warn, Icon::Warning, "Warning", 71),
    ("SAMPLE-BCDR-03", "0000A3", Tone::Bad, Icon::Cross, "Failing", 88),
    ("SAMPLE-BCDR-04", "0000A4", Tone::Good, Icon::Check, "Healthy", 35),
];

/// The page.
pub fn whole(preview: &Preview<'_>) -> Markup {
    match preview.what {
        What::SignIn => {
            let mut look = preview.look.clone();
            let support = look.support.take();
            frame::themed_plain(("Sign in", frame::PRODUCT), &look, preview.theme, None, &sign_in(preview, support.as_deref()))
        }
        What::Status => {
            let title = "Device status";
            let person = Person {
                name: "Sample User".to_owned(),
                role: "Organization user".to_owned(),
                initials: "SU".to_owned(),
                partner_id: None,
                organization: Some("Sample Organization".to_owned()),
                links: Vec::new(),
                sign_out: html! {},
            };
            let menu = ["Home", "Status", "Help"].map(|label| MenuItem {
                label: label.to_owned(),
                href: here(What::Status, preview.theme),
                current: label == "Status",
                children: Vec::new(),
            });
            let frame = Frame {
                title,
                crumbs: vec![Link::new("Status", "")],
                menu: menu.into(),
                person: Some(person),
                aside: Some(html! { span.sub { (SAMPLE) } }),
                theme: preview.theme,
                brand: frame::PRODUCT.to_owned(),
                ..Frame::default()
            };
            frame::branded_page(&frame, preview.look, &status(preview))
        }
    }
}

/// The address of a preview.
fn here(what: What, theme: Theme) -> String {
    let theme = if theme == Theme::Dark { "dark" } else { "light" };
    format!("/branding/preview/{}?theme={theme}", what.word())
}

/// The line that says that nothing here is real, with the ways to the other previews.
fn note(preview: &Preview<'_>) -> Markup {
    let other = if preview.what == What::SignIn { What::Status } else { What::SignIn };
    let (theme, word) = if preview.theme == Theme::Dark { (Theme::Light, "Light") } else { (Theme::Dark, "Dark") };
    html! {
        aside.preview-note aria-label="About this preview" {
            p { strong { "Preview" } " of " (if preview.is_draft { "your draft" } else { "what is saved" }) ". Sample data; nothing here works." }
            a href=(here(preview.what, theme)) { (word) }
            a href=(here(other, preview.theme)) { (other.shown()) }
            a href="/branding" { "Back to Customize" }
        }
    }
}

fn sign_in(preview: &Preview<'_>, support: Option<&str>) -> Markup {
    html! {
        (note(preview))
        @if preview.look.name.is_some() { p.lead { "Backup and devices of your organization" } }
        div.form-like {
            (Field { name: "email", label: "E-mail", value: "user@sample.example", locked: Some("Sample data"), autocomplete: Some("off"), ..Field::default() })
            (Field { name: "password", label: "Password", kind: Kind::Password, locked: Some("Sample data"), autocomplete: Some("off"), ..Field::default() })
            span class=(ButtonKind::Primary.class()) { "Sign in" }
        }
        div.ends {
            a href=(here(preview.what, preview.theme)) { "Forgot password" }
            @if let Some(support) = support { span.support { "Support: " (support) } }
        }
    }
}

fn status(preview: &Preview<'_>) -> Markup {
    let rows = DEVICES.iter().map(|(hostname, serial, tone, shape, word, percent)| Row {
        cells: vec![
            parts::two_lines(&html! { (preview.devices.name(hostname, serial)) }, &html! { (SAMPLE) }),
            parts::badge(*tone, *shape, word),
            html! { (percent) " %" },
            html! { a href=(here(preview.what, preview.theme)) { "Details" } },
        ],
        ..Row::default()
    });
    let table = Table {
        id: "preview".to_owned(),
        caption: "Sample devices".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Device") },
            Column::new("Local"),
            Column::number("Local storage"),
            Column::new("More"),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    html! {
        (note(preview))
        (parts::banner(Tone::Info, "Sample data. This is what users of organizations with custom branding on see.", None))
        p.actions-row {
            span class=(ButtonKind::Primary.class()) { "Add device task" }
            " "
            span class=(ButtonKind::Secondary.class()) { "Export CSV" }
        }
        (table.render())
    }
}

/// How far what the previews show has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// Portico's own look, which is what everybody sees.
    Own,
    /// What everybody sees.
    Saved,
    /// A draft.
    Draft,
    /// What stands in the fields, and nowhere else.
    Entered,
}

impl Known {
    /// In a word, with what it means.
    pub fn badge(self) -> Markup {
        let (tone, shape, words) = match self {
            Self::Own => (Tone::Quiet, Icon::Dash, "Portico's own look"),
            Self::Saved => (Tone::Good, Icon::Check, "Saved: everybody sees it"),
            Self::Draft => (Tone::Warn, Icon::Pencil, "Draft: only you see it"),
            Self::Entered => (Tone::Info, Icon::Pencil, "Not kept yet"),
        };
        html! { span #known { (parts::badge(tone, shape, words)) } }
    }
}

/// What the previews beside the form show.
#[derive(Clone, Copy, Debug)]
pub struct Worn<'a> {
    /// What organizations' users see.
    pub look: &'a Look,
    /// Whether something lies behind the partner's own pages.
    pub own_backed: bool,
    /// How devices are called.
    pub devices: DevicesNamed,
    /// The accent that was chosen.
    pub accent: Option<Color>,
    /// The previews' style sheet, for the script.
    pub sheet: &'a str,
    /// Its address, where it is kept.
    pub stylesheet: Option<&'a str>,
    /// How far it has come.
    pub known: Known,
}

/// The small previews beside the form: both pages, light and dark, with the ways to the whole ones, which keep the form as a draft.
pub fn beside(worn: &Worn<'_>) -> Markup {
    html! {
        section.card.looks #preview tabindex="-1" aria-labelledby="looks-title" data-sheet=(worn.sheet) {
            @if let Some(stylesheet) = worn.stylesheet { link rel="stylesheet" href=(stylesheet); }
            header.card-head { h2 #looks-title { "Preview" } span.sub { (SAMPLE) } }
            div.looks-grid {
                @for what in What::ALL.iter().copied() {
                    @for (theme, label) in THEMES {
                        figure {
                            (picture(&format!("{}, {label}", what.shown()), theme, worn.look.backed, false, &small(what, worn)))
                            figcaption {
                                button.text-button type="submit" name="step" value={ (what.word()) "-" (label) } { (what.shown()) ", " (label) }
                            }
                        }
                    }
                }
                @if worn.own_backed {
                    @for (theme, label) in THEMES {
                        figure {
                            (picture(&format!("Your own pages, {label}"), theme, true, true, &small_own()))
                            figcaption.sub { "Your own pages, " (label) }
                        }
                    }
                }
            }
            p.sub.by-script { b { "Keep as draft" } " brings the preview up to date." }
        }
    }
}

const THEMES: [(Theme, &str); 2] = [(Theme::Light, "light"), (Theme::Dark, "dark")];

/// The address of the whole preview that a button below a small one stands for.
pub fn whole_of(step: &str) -> Option<String> {
    let (what, theme) = step.rsplit_once('-')?;
    let (theme, _) = THEMES.iter().find(|(_, label)| *label == theme)?;
    What::from_word(what).map(|what| here(what, *theme))
}

fn picture(name: &str, theme: Theme, backed: bool, own: bool, content: &Markup) -> Markup {
    let theme = if theme == Theme::Dark { "dark" } else { "light" };
    html! { div.look .own[own] .backed[backed] data-theme=(theme) role="img" aria-label=(name) { (content) } }
}

fn small(what: What, worn: &Worn<'_>) -> Markup {
    let look = worn.look;
    match what {
        What::SignIn => html! {
            div.look-card {
                div.brand { (frame::logo(frame::PRODUCT, look)) }
                p.look-title { "Sign in" }
                span.look-field {} span.look-field {}
                span class=(ButtonKind::Primary.class()) { "Sign in" }
                p.ends { span.look-link { "Forgot password" } @if let Some(support) = &look.support { span.support { "Support: " (support) } } }
            }
        },
        What::Status => html! {
            div.look-top { div.brand { (frame::logo(frame::PRODUCT, look)) } span.bar-item.current { "Status" } }
            div.look-main {
                p.look-title { "Device status" }
                @for (hostname, serial, tone, shape, word, _) in DEVICES.iter().take(3) {
                    p.look-row { span.look-link { (worn.devices.name(hostname, serial)) } (parts::badge(*tone, *shape, word)) }
                }
                @if let Some(support) = &look.support { p.support { "Support: " (support) } }
            }
        },
    }
}

/// The partner's own people see Portico, with their background behind it.
fn small_own() -> Markup {
    html! {
        div.look-top { div.brand { (frame::logo(frame::PRODUCT, &Look::default())) } span.bar-item.current { "Home" } }
        div.look-main {
            p.look-title { "Home" }
            @for line in ["What needs attention today", "What comes next"] { p.look-row { (line) } }
        }
    }
}
