//! Customize → Global.

use maud::{Markup, html};

use crate::branding::built_in_model::BuiltIn;
use crate::branding::look_model::address;
use crate::branding::model::{Background, BackgroundKind, DevicesNamed, Entered, EnteredBackground, Global, OWN, file_field};
use crate::kernel::assets;
use crate::kernel::color::{Color, Shades};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind};
use crate::kernel::html::frame::{Look, Tone};
use crate::kernel::html::icons::{Icon, large_icon};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Tab, tabs};
use crate::kernel::picture::{MOST_BYTES, Refusal};

/// Which tab is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// For everybody.
    Global,
    /// For oneself.
    Local,
}

/// The row of tabs.
pub fn tab_row(shown: Shown) -> Markup {
    let tab =
        |label: &str, href: &str, of: Shown| Tab { label: label.to_owned(), href: href.to_owned(), count: None, current: of == shown };
    tabs(&[tab("Global", "/branding", Shown::Global), tab("Local", "/branding/local", Shown::Local)])
}

/// A background's row on the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Row {
    /// Personal portal background.
    Portal,
    /// Background images for all organizations.
    Clients,
}

impl Row {
    /// The name of its choice.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Clients => "clients",
        }
    }

    /// The name of its color.
    pub const fn color(self) -> &'static str {
        match self {
            Self::Portal => "portal_color",
            Self::Clients => "clients_color",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Portal => "Personal portal background",
            Self::Clients => "Background images for all organizations",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::Portal => "Behind the pages of your own employees.",
            Self::Clients => "Behind your sign-in page, and behind every page of organizations with custom branding on.",
        }
    }
}

/// Everything on the page.
#[derive(Debug)]
pub struct GlobalPage<'a> {
    /// The partner's name.
    pub partner: &'a str,
    /// What the fields hold.
    pub entered: &'a Entered,
    /// What is drafted, or else shown to everybody.
    pub chosen: &'a Global,
    /// How that looks.
    pub look: &'a Look,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// Whether anybody sees anything but Portico's own.
    pub is_seen: bool,
    /// What is wrong with the fields.
    pub problem: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
    /// The id of the form that discards.
    pub discard_id: Markup,
    /// The whole address of the partner's own sign-in page.
    pub sign_in: String,
    /// The preview beside the form.
    pub preview: Markup,
}

/// The choices at the left, what they come to at the right.
pub fn page(page: &GlobalPage<'_>) -> Markup {
    html! {
        (tab_row(Shown::Global))
        @if page.is_draft { (draft_notice(page)) }
        div.customize {
            form.stack method="post" action="/branding" enctype="multipart/form-data" {
                (page.form_id)
                (page.summary)
                (identity(page))
                (background(page, Row::Clients))
                (background(page, Row::Portal))
                (devices(page))
                (bar(page))
            }
            div.stack {
                (page.preview)
                (parts::card("sign-in-address", "Your sign-in address", None, None, parts::padded(&html! {
                    p { code { (page.sign_in) } " " (parts::copy_button(&page.sign_in, "Copy the sign-in address")) }
                    p.sub { "Your letters name it, and it is always in your look. Who is signed in is led on to Home: try it in another browser." }
                })))
            }
        }
    }
}

fn draft_notice(page: &GlobalPage<'_>) -> Markup {
    let discard = parts::action_form("/branding/discard", &page.discard_id, "Discard changes", ButtonKind::Secondary, None);
    parts::banner(Tone::Info, "These changes are a draft. Nobody else sees them until you save.", Some(discard))
}

/// The last line: what is done with the choices.
fn bar(page: &GlobalPage<'_>) -> Markup {
    html! {
        div.card.save-bar {
            @if page.is_seen {
                (form::dialog_link("Back to Portico's own", "/branding/own", ButtonKind::Quiet, None, None))
            }
            div.actions {
                (form::value_button("Update preview", ButtonKind::Secondary, None, "step", "preview"))
                (form::value_button("Save", ButtonKind::Primary, None, "step", "save"))
            }
        }
    }
}

/// What users call it, and in which color.
fn identity(page: &GlobalPage<'_>) -> Markup {
    let entered = page.entered;
    let title = format!("At the top of every page, and in the browser's tab. {} if left empty.", page.partner);
    let own = entered.accent_choice == OWN;
    let choice = |value, label, checked| Checkbox { name: "accent_choice", value, label, checked, ..Checkbox::default() };
    let body = html! {
        div.stack {
            (Field {
                name: "title", label: "Portal title", value: &entered.title, hint: Some(&title), error: page.problem.of("title"),
                autocomplete: Some("off"), ..Field::default()
            })
            (logo(page))
            (form::group("Accent color", Some("Buttons, links and what is chosen."), &html! {
                div.accent {
                    (form::radio(&choice("portico", "Portico's blue", !own)))
                    (form::radio(&choice(OWN, "A color of your own", own)))
                    (Field {
                        name: "accent", label: "Your accent color", value: &entered.accent, kind: Kind::Color, required: true,
                        error: page.problem.of("accent"), ..Field::default()
                    })
                }
                @if let Some(accent) = page.chosen.accent { (shades(accent)) }
            }))
            (Field {
                name: "support", label: "Support contact", value: &entered.support, error: page.problem.of("support"),
                hint: Some("A phone number, an e-mail or a sentence. Users see it on every page."), autocomplete: Some("off"), ..Field::default()
            })
        }
    };
    parts::card("look", "What your organizations' users see", None, None, parts::padded(&body))
}

/// What is made of an accent, where it is not what was chosen.
fn shades(accent: Color) -> Markup {
    let shades = Shades::of(accent);
    let colors = [("Buttons", shades.accent()), ("Links on light pages", shades.light.link), ("Links on dark pages", shades.dark.link)];
    html! {
        dl.shades {
            @for (what, color) in colors {
                div {
                    dt { (what) }
                    dd { (swatch(color)) code { (color) } @if color != accent { span.sub { "adjusted" } } }
                }
            }
        }
        @if colors.iter().any(|(_, color)| *color != accent) {
            p.sub { "Text has to be easy to read: at least 4.5 to 1 against what it stands on. Where " (accent) " is not, the nearest color that is takes its place." }
        }
    }
}

fn swatch(color: Color) -> Markup {
    html! { svg.swatch viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" { rect width="16" height="16" rx="4" fill=(color) {} } }
}

fn background(page: &GlobalPage<'_>, row: Row) -> Markup {
    let (entered, chosen) = match row {
        Row::Portal => (&page.entered.portal, &page.chosen.portal),
        Row::Clients => (&page.entered.clients, &page.chosen.clients),
    };
    let error = page.problem.of(row.name());
    let body = html! {
        fieldset.tiles id=(form::field_id(row.name())) tabindex="-1" {
            legend.sub { (row.about()) }
            (tile(row, entered, BackgroundKind::None.word(), "None", &html! { span.thumb.none {} }))
            (tile(row, entered, BackgroundKind::Color.word(), "A color", &html! { (thumb_of(chosen, &entered.color)) }))
            @for picture in BuiltIn::ALL.iter().copied() {
                @let value = format!("{}:{}", BackgroundKind::BuiltIn.word(), picture.word());
                (tile(row, entered, &value, picture.shown(), &html! {
                    img.thumb src=(assets::href(picture.asset())) alt="" width="112" height="70" loading="lazy";
                }))
            }
            (tile(row, entered, BackgroundKind::Upload.word(), "Your picture", &own_picture(chosen)))
        }
        @if let Some(error) = error { p.error { (error) } }
        div.if-upload { (file(page, row.name(), "The file with your picture")) }
        div.if-color { (Field {
            name: row.color(), label: "The color", value: &entered.color, kind: Kind::Color, required: true, ..Field::default()
        }) }
    };
    parts::card(&format!("background-{}", row.name()), row.title(), None, None, parts::padded(&html! { div.stack { (body) } }))
}

/// What a picture's field says of it (BRA-4).
const TAKEN: &str = "PNG, JPEG or WebP, up to 2 MB and 4,096 pixels a side.";

fn file(page: &GlobalPage<'_>, of: &str, label: &str) -> Markup {
    let name = file_field(of);
    let kind = Kind::File { accept: "image/png,image/jpeg,image/webp", multiple: false };
    let field = Field { name: &name, label, kind, hint: Some(TAKEN), error: page.problem.of(&name), either: true, ..Field::default() };
    html! { div data-most=(MOST_BYTES) data-large=(Refusal::TooLarge) { (field.render()) } }
}

fn own_picture(chosen: &Background) -> Markup {
    html! {
        @if let Background::Upload(name) = chosen {
            img.thumb src=(address(name)) alt="" width="112" height="70";
        } @else {
            span.thumb.none { (large_icon(Icon::Upload)) }
        }
    }
}

/// The logo's file, and the one that is there.
fn logo(page: &GlobalPage<'_>) -> Markup {
    html! {
        (form::group("Logo for all organizations", Some("In place of the mark at the top of every page. A wide one stands alone; the title is then only read out."), &html! {
            @if let Some(logo) = page.look.logo.as_ref().filter(|_| page.chosen.logo.is_some()) {
                p.logos { span.look.plain-stage data-theme="light" { img.logo src=(logo.href) alt="Your logo on light pages" width=(logo.width) height=(logo.height); }
                          span.look.plain-stage data-theme="dark" { img.logo src=(logo.href) alt="Your logo on dark pages" width=(logo.width) height=(logo.height); } }
                (Checkbox { name: "no_logo", value: "1", label: "Remove the logo", checked: page.entered.no_logo, ..Checkbox::default() })
            }
            (file(page, "logo", "The file with your logo"))
        }))
    }
}

fn thumb_of(chosen: &Background, entered: &str) -> Markup {
    let color = if let Background::Color(color) = chosen { Some(*color) } else { Color::parse(entered) };
    html! {
        svg.thumb viewBox="0 0 16 10" preserveAspectRatio="none" aria-hidden="true" {
            rect width="16" height="10" fill=(color.map_or_else(String::new, |color| color.to_string())) {}
        }
    }
}

fn tile(row: Row, entered: &EnteredBackground, value: &str, label: &str, picture: &Markup) -> Markup {
    html! {
        label.choice-tile {
            input type="radio" name=(row.name()) value=(value) checked[entered.choice == value];
            (picture)
            span { (label) }
        }
    }
}

fn devices(page: &GlobalPage<'_>) -> Markup {
    let choices = DevicesNamed::ALL.iter().map(|named| {
        let example = format!("For example {}", named.name("NC-BCDR-01", "8CB1F0A2"));
        let checked = page.entered.devices == named.word();
        form::radio(&Checkbox {
            name: "devices_named",
            value: named.word(),
            label: named.shown(),
            hint: Some(&example),
            checked,
            ..Checkbox::default()
        })
    });
    let body = html! {
        fieldset.stack id=(form::field_id("devices_named")) tabindex="-1" {
            legend.sub { "On every list of devices, for your employees and your organizations' users." }
            @for choice in choices { (choice) }
        }
        @if let Some(error) = page.problem.of("devices_named") { p.error { (error) } }
    };
    parts::card("devices-named", "How to identify devices", None, None, parts::padded(&body))
}

/// The dialog that goes back to Portico's own.
pub fn back_to_own(form_id: &Markup, has_draft: bool) -> Markup {
    html! {
        form method="post" action="/branding/own" {
            (form_id)
            p {
                "Accent, title, logo, backgrounds and support contact go back to Portico's own at once, for your employees and for users of all
                 organizations. How devices are identified stays as it is."
            }
            p { "What everybody sees now is kept as a draft, so that you can save it again." }
            @if has_draft { p.danger-text { "The draft that you have not saved is lost, and its pictures with it. Save or discard it first to be sure." } }
            (form::buttons(None, &[form::cancel("/branding"), form::button("Yes, Continue", ButtonKind::DangerPrimary, Some(Icon::Check))]))
        }
    }
}
