//! The served style sheets: what a look says in custom properties of `assets/app.css`. Pure.

use std::fmt::Write as _;

use crate::kernel::color::{Color, Shades};
use crate::kernel::picture::light::is_seen;

/// A background with all that its style sheet needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Backdrop {
    /// None.
    Plain,
    /// A color.
    Color(Color),
    /// The picture at this address, and how bright it is, in percent of white's light.
    Picture(String, i64),
}

/// What a style sheet is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dress {
    /// The accent.
    pub accent: Option<Color>,
    /// What lies behind.
    pub backdrop: Backdrop,
    /// How bright the logo is, in percent of white's light.
    pub logo: Option<i64>,
}

/// How bright a background may be, in percent, before it is dimmed more where pages are dark.
const BRIGHT: i64 = 20;

/// BRA-4: what lies over a background so that it is never brighter than the pages upon it: nothing while it is light, more while it is dark,
/// and the more the brighter it is. Words never stand on it: they have a surface of their own (`.backed` in `assets/app.css`).
const fn scrim(bright: bool) -> &'static str {
    if bright { "light-dark(#0000, #000b)" } else { "light-dark(#0000, #0006)" }
}

/// The whole sheet. `whose` is the element it is for: the page, or a preview on it.
pub fn sheet(whose: &str, dress: &Dress) -> String {
    let mut sheet = String::new();
    if let Some(accent) = dress.accent {
        sheet.push_str(&Shades::of(accent).style_sheet().replace(":root", whose));
    }
    let mut lines = match &dress.backdrop {
        Backdrop::Plain => Vec::new(),
        Backdrop::Color(color) => {
            vec![format!("--backdrop-color: {color}"), format!("--scrim: {}", scrim(f64::from(BRIGHT_COLOR) / 100.0 < color.luminance()))]
        }
        Backdrop::Picture(address, brightness) => {
            vec![format!("--backdrop: url(\"{address}\")"), format!("--scrim: {}", scrim(BRIGHT < *brightness))]
        }
    };
    lines.extend(dress.logo.and_then(plate).map(|plate| format!("--plate: {plate}")));
    if !lines.is_empty() {
        // Writing into a string does not fail.
        let _ = writeln!(sheet, "{whose} {{ {}; }}", lines.join("; "));
    }
    sheet
}

/// What the previews beside the form wear: those of what organizations' users see, and the one of the partner's own pages.
pub fn preview_sheet(clients: &Dress, portal: &Dress) -> String {
    sheet(".look:not(.own)", clients) + &sheet(".look.own", portal)
}

/// The same as `BRIGHT`, of a color.
const BRIGHT_COLOR: u8 = 20;

/// What has to lie behind a logo of such brightness where it would hardly be told from the bar it stands on, while it is light and while it is
/// dark; none where it is told from both.
fn plate(brightness: i64) -> Option<String> {
    let brightness = u8::try_from(brightness).ok()?;
    let (light, dark) = (Color::new(0xff, 0xff, 0xff), Color::new(0x15, 0x18, 0x1f));
    let behind = |surface: Color, other: Color| if is_seen(brightness, surface) { "#0000".to_owned() } else { other.to_string() };
    let (on_light, on_dark) = (behind(light, dark), behind(dark, light));
    (on_light != "#0000" || on_dark != "#0000").then(|| format!("light-dark({on_light}, {on_dark})"))
}
