//! Colors: how well one is read upon another (WCAG 2.2), and an accent that somebody chose made into colors that are read everywhere.
//!
//! `branding` calls [`Shades::of`] with the chosen accent, serves [`Shades::style_sheet`] and shows what [`Shades::accent`] says where
//! that is not what was chosen.

use std::fmt::{self, Write as _};

/// So much lighter one of two colors is than the other, where one is text upon the other.
pub const READABLE: f64 = 4.5;
/// The same for what is no text: a button's edge, a switch.
pub const VISIBLE: f64 = 3.0;

/// What links and buttons stand on in `assets/app.css` while it is light: page, surface, what is raised, list head, line below the pointer.
pub const LIGHT: [Color; 5] = [hex(0xf5_f6_f8), WHITE, WHITE, hex(0xf9_fa_fc), hex(0xf7_f8_fa)];
/// The same while it is dark.
pub const DARK: [Color; 5] = [hex(0x0e_10_13), hex(0x15_18_1f), hex(0x1b_1f_28), hex(0x19_1d_25), hex(0x1a_1e_26)];

/// Words on a page that is light, and on one that is dark.
pub const TEXT: [Color; 2] = [hex(0x14_17_1c), hex(0xec_ee_f2)];

const WHITE: Color = hex(0xff_ff_ff);
const BLACK: Color = hex(0);

/// How light and how colorful a ticked line's background is, in OKLCH: as faint as Portico's own.
const CHOSEN_LIGHT: (f64, f64) = (0.955, 0.021);
const CHOSEN_DARK: (f64, f64) = (0.273, 0.061);

/// How finely lightness is searched.
const STEPS: i32 = 1_000;

/// An opaque color: its red, green and blue in sRGB.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Color([u8; 3]);

const fn hex(number: u32) -> Color {
    let [_, red, green, blue] = number.to_be_bytes();
    Color([red, green, blue])
}

impl Color {
    /// Of its red, green and blue.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// Its red, green and blue.
    pub const fn parts(self) -> [u8; 3] {
        self.0
    }

    /// Reads `#rrggbb` or `#rgb`, with or without the sign; none of anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits: Vec<u8> = text.strip_prefix('#').unwrap_or(text).chars().map(digit).collect::<Option<_>>()?;
        match *digits.as_slice() {
            [red, green, blue] => Some(Self([red * 17, green * 17, blue * 17])),
            [red, and_red, green, and_green, blue, and_blue] => {
                Some(Self([red * 16 + and_red, green * 16 + and_green, blue * 16 + and_blue]))
            }
            _ => None,
        }
    }

    /// How much light it gives, from 0 (black) to 1 (white), as WCAG defines it.
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// How well it is read upon the other or the other upon it: from 1 (not at all) to 21.
    pub fn contrast(self, other: Self) -> f64 {
        contrast(self.luminance(), other.luminance())
    }

    fn reaches(self, least: f64, others: &[Self]) -> bool {
        others.iter().all(|other| least <= self.contrast(*other))
    }

    /// The nearest color of the same hue that is lighter or darker and fits; itself if it does. `end` fits whatever the hue.
    fn until(self, end: Self, fits: impl Fn(Self) -> bool) -> Self {
        if fits(self) {
            return self;
        }
        let Oklch { lightness, chroma, hue } = Oklch::of(self);
        let last = Oklch::of(end).lightness;
        let candidates = (1..STEPS).map(|step| {
            let part = f64::from(step) / f64::from(STEPS);
            Oklch { lightness: lightness + (last - lightness) * part, chroma, hue }.color()
        });
        candidates.into_iter().find(|color| fits(*color)).unwrap_or(end)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(out, "#{red:02x}{green:02x}{blue:02x}")
    }
}

fn digit(sign: char) -> Option<u8> {
    sign.to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The contrast of two luminances.
pub fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// An accent made into what light or dark pages need of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shade {
    /// What buttons, switches and the tile are filled with: the chosen color itself if text can be read on it.
    pub accent: Color,
    /// Text on it: white, or black on a color that is too light for white.
    pub on_accent: Color,
    /// The edge of what is filled with it: of its own color, or of the links' where that could not be told from the page.
    pub edge: Color,
    /// Links, focus, and the line below the tab one is on.
    pub link: Color,
    /// Behind what is ticked.
    pub chosen: Color,
}

/// An accent on light pages and on dark ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shades {
    /// While it is light.
    pub light: Shade,
    /// While it is dark.
    pub dark: Shade,
}

impl Shades {
    /// Of what somebody chose. A color that nearly carries white (at 3:1, as it would large text) is darkened until it does at 4.5:1; a
    /// lighter one is kept and carries black. Links are darkened or lightened until they are read on everything that they stand on.
    /// Whatever fits is left as it was chosen.
    pub fn of(accent: Color) -> Self {
        Self { light: shade(accent, &LIGHT, BLACK, CHOSEN_LIGHT), dark: shade(accent, &DARK, WHITE, CHOSEN_DARK) }
    }

    /// What buttons are filled with, on light and on dark pages.
    pub const fn accent(&self) -> Color {
        self.light.accent
    }

    /// What replaces the custom properties of `assets/app.css`, which must come before it.
    pub fn style_sheet(&self) -> String {
        let Self { light, dark } = self;
        let mut sheet = format!(":root {{\n  --accent-light: {};\n  --accent-dark: {};\n", light.accent, dark.accent);
        let pairs = [
            ("on-accent", light.on_accent, dark.on_accent),
            ("accent-edge", light.edge, dark.edge),
            ("link", light.link, dark.link),
            ("chosen", light.chosen, dark.chosen),
        ];
        // Writing into a string does not fail.
        for (name, light, dark) in pairs {
            let _ = writeln!(sheet, "  --{name}: light-dark({light}, {dark});");
        }
        let _ = writeln!(sheet, "  --accent-over: light-dark({}, {});", over(light.on_accent), over(dark.on_accent));
        sheet + "}\n"
    }
}

fn shade(chosen: Color, surfaces: &[Color], end: Color, faint: (f64, f64)) -> Shade {
    let on_accent = if VISIBLE <= chosen.contrast(WHITE) { WHITE } else { BLACK };
    let accent = chosen.until(BLACK, |color| color.reaches(READABLE, &[on_accent]));
    let background = tint(chosen, faint);
    let beneath: Vec<Color> = surfaces.iter().copied().chain([background]).collect();
    let link = chosen.until(end, |color| color.reaches(READABLE, &beneath));
    let edge = if accent.reaches(VISIBLE, surfaces) { accent } else { link };
    Shade { accent, on_accent, edge, link, chosen: background }
}

/// What lies over the accent while the pointer is there: away from the text's color, so that the text is only read the better.
fn over(on_accent: Color) -> &'static str {
    if on_accent == WHITE { "#0000001f" } else { "#ffffff40" }
}

/// A background of the color's hue, so light and at most so colorful.
fn tint(color: Color, (lightness, most): (f64, f64)) -> Color {
    let Oklch { chroma, hue, .. } = Oklch::of(color);
    Oklch { lightness, chroma: chroma.min(most), hue }.color()
}

/// A color by how it is seen: equal steps in lightness look equal, and hue stays while lightness changes (Björn Ottosson's Oklab).
#[derive(Clone, Copy)]
struct Oklch {
    lightness: f64,
    chroma: f64,
    hue: f64,
}

impl Oklch {
    fn of(color: Color) -> Self {
        let [red, green, blue] = color.0.map(linear);
        let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let middle = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        let lightness = 0.210_454_255_3 * long + 0.793_617_785_0 * middle - 0.004_072_046_8 * short;
        let greenred = 1.977_998_495_1 * long - 2.428_592_205_0 * middle + 0.450_593_709_9 * short;
        let blueyellow = 0.025_904_037_1 * long + 0.782_771_766_2 * middle - 0.808_675_766_0 * short;
        Self { lightness, chroma: greenred.hypot(blueyellow), hue: blueyellow.atan2(greenred) }
    }

    /// The color on a screen, less colorful where a screen has none that is so colorful.
    fn color(self) -> Color {
        let (mut grey, mut colorful) = (0.0, self.chroma);
        if !self.is_shown(colorful) {
            for _ in 0..20 {
                let middle = f64::midpoint(grey, colorful);
                if self.is_shown(middle) { grey = middle } else { colorful = middle }
            }
            colorful = grey;
        }
        Color(self.with(colorful).map(part))
    }

    fn is_shown(self, chroma: f64) -> bool {
        self.with(chroma).iter().all(|part| (-0.000_1..=1.000_1).contains(part))
    }

    /// Red, green and blue light of so much color.
    fn with(self, chroma: f64) -> [f64; 3] {
        let (sine, cosine) = self.hue.sin_cos();
        let (greenred, blueyellow) = (cosine * chroma, sine * chroma);
        let long = (self.lightness + 0.396_337_777_4 * greenred + 0.215_803_757_3 * blueyellow).powi(3);
        let middle = (self.lightness - 0.105_561_345_8 * greenred - 0.063_854_172_8 * blueyellow).powi(3);
        let short = (self.lightness - 0.089_484_177_5 * greenred - 1.291_485_548_0 * blueyellow).powi(3);
        [
            4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701_0 * short,
        ]
    }
}

/// How much light a part of a color gives, from 0 to 1.
pub fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// The part of a color that gives so much light.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 255 by then")]
fn part(light: f64) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let part = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (part * 255.0).round() as u8
}
