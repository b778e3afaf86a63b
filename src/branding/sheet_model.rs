//! The served style sheets: what a look says in custom properties of `assets/app.css`. Pure.

use std::fmt::Write as _;

use crate::branding::look_model::address;
use crate::kernel::color::{Color, Shades};

/// A background with all that its style sheet needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Backdrop {
    /// None.
    Plain,
    /// A color.
    Color(Color),
    /// The file with this name, and how bright it is (0 to 255).
    Picture(String, i64),
}

/// How bright a picture may be, of 255, before it is dimmed more where pages are dark.
const BRIGHT: i64 = 120;
/// The same of a color, by the light it gives.
const BRIGHT_COLOR: f64 = 0.2;

/// BRA-4: what lies over a background so that it is never brighter than the pages upon it: nothing while it is light, more while it is dark,
/// and the more the brighter it is.
const fn scrim(bright: bool) -> &'static str {
    if bright { "light-dark(#0000, #000b)" } else { "light-dark(#0000, #0006)" }
}

/// The whole sheet of an accent and a background. `whose` is the element it is for: the page, or a preview on it.
pub fn sheet(whose: &str, accent: Option<Color>, backdrop: &Backdrop) -> String {
    let mut sheet = String::new();
    if let Some(accent) = accent {
        sheet.push_str(&Shades::of(accent).style_sheet().replace(":root", whose));
    }
    let (backdrop, scrim) = match backdrop {
        Backdrop::Plain => return sheet,
        Backdrop::Color(color) => (format!("--backdrop-color: {color}"), scrim(BRIGHT_COLOR < color.luminance())),
        Backdrop::Picture(name, brightness) => (format!("--backdrop: url(\"{}\")", address(name)), scrim(BRIGHT < *brightness)),
    };
    // Writing into a string does not fail.
    let _ = writeln!(sheet, "{whose} {{ {backdrop}; --scrim: {scrim}; }}");
    sheet
}
