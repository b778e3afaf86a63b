//! A partner's look as pages show it, made of its row. Pure.

use crate::kernel::html::frame::{Logo, Look};

/// Where what is served lies.
pub const SERVED: &str = "/brand/";

/// The address of the file with this name.
pub fn address(name: &str) -> String {
    format!("{SERVED}{name}")
}

/// What a row holds for organizations' users.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The name of the style sheet; none where all is Portico's own.
    pub sheet: Option<String>,
    /// Whether there is a background.
    pub backed: bool,
    /// The partner's name.
    pub partner: String,
    /// Its country's code (BRA-2).
    pub country: String,
    /// What the portal is called instead.
    pub title: Option<String>,
    /// The logo's file, with width and height in pixels.
    pub logo: Option<(String, i64, i64)>,
    /// How users reach support.
    pub support: Option<String>,
}

/// BRA-5: what organizations' users see; Portico's own where the partner chose nothing.
pub fn of_clients(shown: Shown) -> Look {
    let Some(sheet) = shown.sheet else { return Look::default() };
    Look {
        stylesheet: Some(address(&sheet)),
        name: Some(shown.title.unwrap_or(shown.partner)),
        logo: shown.logo.map(|(name, width, height)| Logo { href: address(&name), width, height }),
        support: shown.support,
        backed: shown.backed,
        country: shown.country,
    }
}

/// BRA-1: what the partner's own people see: Portico, with the personal portal background behind it.
pub fn of_staff(sheet: Option<String>, country: String) -> Look {
    Look { backed: sheet.is_some(), stylesheet: sheet.map(|sheet| address(&sheet)), country, ..Look::default() }
}
