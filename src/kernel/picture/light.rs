//! How bright a picture is, and how much of the page's color must lie over it so that words on it are read.

use image::RgbaImage;

use crate::kernel::color::{Color, DARK, LIGHT, READABLE, TEXT, contrast, linear};

/// Less than this, and a logo is hardly told from what it stands on.
const SEEN: f64 = 2.0;

/// What a picture does to the page around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Light {
    /// How bright it is on average where it is not transparent, in percent of white's light.
    pub brightness: u8,
    /// How much of the light page's color lies over it, in percent, so that the page's words keep 4.5:1 over every one of its pixels.
    pub scrim_light: u8,
    /// The same of the dark page's.
    pub scrim_dark: u8,
}

/// How finely colors are told apart: each of three parts by so many bits.
const BITS: u32 = 5;

impl Light {
    /// Of a picture's pixels. A scrim takes every pixel for opaque.
    pub fn of(pixels: &RgbaImage) -> Self {
        let mut seen = Seen::default();
        pixels.pixels().for_each(|pixel| seen.note(pixel.0));
        Self {
            brightness: seen.brightness(),
            scrim_light: seen.scrim(TEXT.first(), LIGHT.first()),
            scrim_dark: seen.scrim(TEXT.last(), DARK.first()),
        }
    }
}

/// Whether a logo of such brightness is told from what it stands on; where it is not, it needs a plate behind it.
pub fn is_seen(brightness: u8, surface: Color) -> bool {
    SEEN <= contrast(f64::from(brightness) / 100.0, surface.luminance())
}

/// What one walk over the pixels leaves.
struct Seen {
    /// How much there is of each value of red, green and blue, by how opaque it is.
    amounts: [[u64; 256]; 3],
    /// Which colors there are, roughly.
    colors: Vec<bool>,
}

impl Default for Seen {
    fn default() -> Self {
        Self { amounts: [[0; 256]; 3], colors: vec![false; 1 << (3 * BITS)] }
    }
}

impl Seen {
    fn note(&mut self, [red, green, blue, alpha]: [u8; 4]) {
        let mut place = 0;
        for (amounts, part) in self.amounts.iter_mut().zip([red, green, blue]) {
            place = place << BITS | usize::from(part >> (8 - BITS));
            if let Some(amount) = amounts.get_mut(usize::from(part)) {
                *amount += u64::from(alpha);
            }
        }
        if let Some(color) = self.colors.get_mut(place) {
            *color = true;
        }
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "shares of a sum"
    )]
    fn brightness(&self) -> u8 {
        let all: u64 = self.amounts.iter().take(1).flatten().sum();
        let mut light = 0.0;
        for (amounts, share) in self.amounts.iter().zip(SHARES) {
            light += (0..=u8::MAX).zip(amounts).map(|(part, amount)| share * linear(part) * *amount as f64).sum::<f64>();
        }
        (100.0 * light / all.max(1) as f64).round().clamp(0.0, 100.0) as u8
    }

    /// The least percentage that makes the words readable over the color that is worst for them. What lies over a color brings it nearer
    /// to the page, on which they are read, so a greater one never reads worse: the least is found by halving.
    fn scrim(&self, text: Option<&Color>, page: Option<&Color>) -> u8 {
        let (Some(text), Some(page)) = (text, page) else { return 100 };
        let text = text.luminance();
        // Of the colors that are roughly one, the one that is nearest to the words.
        let nearest = if text < page.luminance() { 0 } else { (1 << (8 - BITS)) - 1 };
        let (mut too_little, mut enough) = (0, 100);
        let reads = |percent: u8| {
            let lights = page.parts().map(|over| lights(|part| mixed(part | nearest, over, percent)));
            let mut there = (0_usize..).zip(&self.colors).filter(|(_, there)| **there);
            there.all(|(place, _)| READABLE <= contrast(light_of(&lights, place), text))
        };
        if reads(0) {
            return 0;
        }
        while too_little + 1 < enough {
            let middle = u8::midpoint(too_little, enough);
            if reads(middle) { enough = middle } else { too_little = middle }
        }
        enough
    }
}

/// How much red, green and blue add to light.
const SHARES: [f64; 3] = [0.2126, 0.7152, 0.0722];

fn mixed(part: u8, over: u8, percent: u8) -> u8 {
    let percent = u16::from(percent);
    u8::try_from((u16::from(part) * (100 - percent) + u16::from(over) * percent + 50) / 100).unwrap_or(u8::MAX)
}

/// The light of each rough value of a part, once it was made into another.
fn lights(made: impl Fn(u8) -> u8) -> Vec<f64> {
    (0..=u8::MAX).step_by(1 << (8 - BITS)).map(|part| linear(made(part))).collect()
}

fn light_of(lights: &[Vec<f64>; 3], place: usize) -> f64 {
    let mask = (1 << BITS) - 1;
    let parts = [place >> (2 * BITS), place >> BITS & mask, place & mask];
    lights.iter().zip(parts).zip(SHARES).map(|((lights, part), share)| share * lights.get(part).copied().unwrap_or_default()).sum()
}
