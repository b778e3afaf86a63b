//! The tiles of both backgrounds.

use maud::{Markup, html};

use crate::branding::built_in_model::BuiltIn;
use crate::branding::global_views::{GlobalPage, file};
use crate::branding::look_model::address;
use crate::branding::model::{Background, BackgroundKind, EnteredBackground};
use crate::kernel::assets;
use crate::kernel::color::Color;
use crate::kernel::html::form::{self, Field, Kind};
use crate::kernel::html::icons::{Icon, large_icon};
use crate::kernel::html::parts;

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

    /// What it is called.
    pub const fn title(self) -> &'static str {
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

/// A background's card.
pub fn background(page: &GlobalPage<'_>, row: Row) -> Markup {
    let (entered, chosen) = match row {
        Row::Portal => (&page.entered.portal, &page.chosen.portal),
        Row::Clients => (&page.entered.clients, &page.chosen.clients),
    };
    let error = page.problem.of(row.name());
    let body = html! {
        fieldset.tiles id=(form::field_id(row.name())) tabindex="-1" {
            legend.sub { (row.about()) }
            (tile(row, entered, BackgroundKind::None.word(), "None", &html! { span.thumb.none {} }))
            (tile(row, entered, BackgroundKind::Color.word(), "A color", &thumb(row, &entered.color)))
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

fn own_picture(chosen: &Background) -> Markup {
    html! {
        @if let Background::Upload(name) = chosen {
            img.thumb src=(address(name)) alt="" width="112" height="70";
        } @else {
            span.thumb.none { (large_icon(Icon::Upload)) }
        }
    }
}

/// The color that is entered, on its tile.
pub fn thumb(row: Row, entered: &str) -> Markup {
    html! {
        svg.thumb id={ "thumb-" (row.name()) } viewBox="0 0 16 10" preserveAspectRatio="none" aria-hidden="true" {
            rect width="16" height="10" fill=(Color::parse(entered).map_or_else(String::new, |color| color.to_string())) {}
        }
    }
}

fn tile(row: Row, entered: &EnteredBackground, value: &str, label: &str, picture: &Markup) -> Markup {
    html! {
        label.choice-tile {
            input id={ (form::field_id(row.name())) "-" (value) } type="radio" name=(row.name()) value=(value) checked[entered.choice == value];
            (picture)
            span { (label) }
        }
    }
}
