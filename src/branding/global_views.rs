//! Customize → Global.

use maud::{Markup, html};

use crate::branding::background_views::{Row, background, thumb};
use crate::branding::model::{DevicesNamed, Entered, Global, ONE_FILE, OWN, file_field};
use crate::branding::preview_views::{self, Known, Worn};
use crate::kernel::color::{Color, Shades};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind};
use crate::kernel::html::icons::{Icon, Sheet};
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

/// The same on Global, where the way to Local keeps what is entered as a draft: it is in the form.
fn tab_row_of_form() -> Markup {
    html! {
        nav.tabs aria-label="Views" {
            ul {
                li { a href="/branding" aria-current="page" { "Global" } }
                li { button type="submit" name="step" value="local" { "Local" } }
            }
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
    /// What is wrong with the fields.
    pub problem: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
    /// The whole address of the partner's own sign-in page.
    pub sign_in: String,
    /// How it looks.
    pub worn: Worn<'a>,
}

/// The choices at the left, what they come to at the right.
pub fn page(page: &GlobalPage<'_>) -> Markup {
    html! {
        form.customize method="post" action="/branding" enctype="multipart/form-data" data-follows="/branding/preview" {
            (page.form_id)
            // What Enter in a field presses: the first of a form's buttons, seen or not.
            button type="submit" name="step" value="preview" hidden { "Keep as draft" }
            (tab_row_of_form())
            (page.summary)
            div.stack {
                (identity(page))
                (background(page, Row::Clients))
                (background(page, Row::Portal))
                (devices(page))
                (parts::card("sign-in-address", "Your sign-in address", None, None, parts::padded(&html! {
                    p { code { (page.sign_in) } " " (parts::copy_button(&page.sign_in, "Copy the sign-in address")) }
                    p.sub { "Your letters name it, and it is always in your look. Who is signed in is led on to Home: try it in another browser." }
                })))
            }
            div.side {
                (bar(page.worn.known))
                (preview_views::beside(&page.worn))
            }
        }
    }
}

/// What follows while somebody types, each piece by its id.
pub fn pieces(worn: &Worn<'_>, entered: &Entered) -> Markup {
    html! {
        (preview_views::beside(worn))
        (worn.known.badge())
        (shades(worn.accent))
        (thumb(Row::Clients, &entered.clients.color))
        (thumb(Row::Portal, &entered.portal.color))
        (Sheet)
    }
}

/// At the right of the heading: the ways back.
pub fn ways_back(is_seen: bool, discard_id: Option<&Markup>) -> Markup {
    html! {
        @if is_seen { (form::dialog_link("Back to Portico's own", "/branding/own", ButtonKind::Quiet, None, None)) }
        @if let Some(id) = discard_id { (parts::action_form("/branding/discard", id, "Discard draft", ButtonKind::Secondary, None)) }
    }
}

/// How far the choices have come, and what is done with them: always in sight.
fn bar(known: Known) -> Markup {
    html! {
        div.card.save-bar {
            (known.badge())
            a.to-preview href="#preview" { "See the preview" }
            div.actions {
                (form::value_button("Keep as draft", ButtonKind::Secondary, None, "step", "preview"))
                (form::value_button("Save", ButtonKind::Primary, None, "step", "save"))
            }
        }
    }
}

/// The errors above the form, each with the name of its field: a refused file's says nothing of which it was.
pub fn summary(fields: &FieldErrors, sentence: Option<&str>) -> Markup {
    let named = |(field, sentence): &(String, String)| {
        let name = match field.trim_end_matches("_file") {
            "logo" => "Logo for all organizations",
            "clients" => Row::Clients.title(),
            "portal" => Row::Portal.title(),
            "accent" => "Accent color",
            "title" => "Portal title",
            "support" => "Support contact",
            _ => "How to identify devices",
        };
        (field.clone(), format!("{name}: {sentence}"))
    };
    let named: Vec<(String, String)> = fields.0.iter().map(named).collect();
    let whole = sentence.map(|sentence| ("", sentence));
    let lines: Vec<(&str, &str)> = whole.into_iter().chain(named.iter().map(|(field, line)| (field.as_str(), line.as_str()))).collect();
    form::error_summary(&lines)
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
                (shades(page.worn.accent))
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
fn shades(accent: Option<Color>) -> Markup {
    let made = accent.map(|accent| {
        let shades = Shades::of(accent);
        (accent, [("Buttons", shades.accent()), ("Links on light pages", shades.light.link), ("Links on dark pages", shades.dark.link)])
    });
    html! {
        div #shades {
            @if let Some((accent, colors)) = made {
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
    }
}

fn swatch(color: Color) -> Markup {
    html! { svg.swatch viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" { rect width="16" height="16" rx="4" fill=(color) {} } }
}

/// What a picture's field says of it (BRA-4).
const TAKEN: &str = "PNG, JPEG or WebP, up to 2 MB and 4,096 pixels a side.";

/// The field that takes a picture's file.
pub fn file(page: &GlobalPage<'_>, of: &str, label: &str) -> Markup {
    let name = file_field(of);
    let kind = Kind::File { accept: "image/png,image/jpeg,image/webp", multiple: false };
    let field = Field { name: &name, label, kind, hint: Some(TAKEN), error: page.problem.of(&name), either: true, ..Field::default() };
    html! { div data-most=(MOST_BYTES) data-large=(Refusal::TooLarge) data-single=(ONE_FILE) { (field.render()) p.hint.if-scripts { "Or drop it anywhere on this card." } } }
}

/// The logo's file, and the one that is there.
fn logo(page: &GlobalPage<'_>) -> Markup {
    html! {
        (form::group("Logo for all organizations", Some("In place of the mark at the top of every page. A wide one stands alone; the title is then only read out."), &html! {
            @if let Some(logo) = page.worn.look.logo.as_ref().filter(|_| page.chosen.logo.is_some()) {
                p.logos { span.look.plain-stage data-theme="light" { img.logo src=(logo.href) alt="Your logo on light pages" width=(logo.width) height=(logo.height); }
                          span.look.plain-stage data-theme="dark" { img.logo src=(logo.href) alt="Your logo on dark pages" width=(logo.width) height=(logo.height); } }
                (Checkbox { name: "no_logo", value: "1", label: "Remove the logo", checked: page.entered.no_logo, ..Checkbox::default() })
            }
            (file(page, "logo", "The file with your logo"))
        }))
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
