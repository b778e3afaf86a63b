//! Pictures that somebody uploads (BRA-4): hostile until they are pixels. This is the only home of `image` and `png`.
//!
//! `branding` calls [`clean`] with the file's bytes, before it opens a transaction, and keeps the [`Picture`] that comes back.
//!
//! What a file says of itself is not believed, neither its name nor its declared type. Its parts are walked through first (`bare`), without
//! decoding any: how large it is, whether it moves, which way up it is; then a file is put together of nothing but the parts that hold
//! pixels, and only that is decoded. So no profile, no text and nothing that trails behind the picture is ever unpacked. The pixels
//! are scaled to what is shown at most and encoded anew.
//!
//! However many are uploaded at once, what is being read takes at most [`MOST_MEMORY`] together: pictures wait for one another.

use std::fmt;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, RgbImage, RgbaImage};

use self::bare::{Bare, Format};
use self::light::Light;

pub mod bare;
mod jpeg;
pub mod light;
mod lossless;
mod webp;

/// BRA-4: so many bytes a file may have.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;
/// BRA-4: so many pixels a side it may have.
pub const MOST_PIXELS: u32 = 4_096;
/// So many bytes all pictures that are being read take together. One of 4,096 × 4,096 pixels takes up to 212 MB as a progressive JPEG of four
/// colors, 180 MB as a WebP with a mask, 95 MB as a PNG; a lossless WebP may have 60 MB of codes besides.
pub const MOST_MEMORY: usize = 288 * 1024 * 1024;
/// What a pixel takes of it at most.
const PIXEL: usize = 13;

/// So many may wait for their turn; each takes less than two seconds.
const MOST_WAITING: usize = 8;
const LONGEST_WAIT: Duration = Duration::from_secs(12);

/// Good enough to look at behind a scrim, and small.
const JPEG_QUALITY: u8 = 80;

/// What a picture is for, and so how large it is shown at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// In the top bar, above a form and in letters: a PNG of up to 640 × 160 pixels, which may be transparent.
    Logo,
    /// Behind a page: a JPEG of up to 1,920 pixels a side, on white where it was transparent.
    Background,
}

impl Purpose {
    const fn bounds(self) -> (u32, u32) {
        match self {
            Self::Logo => (640, 160),
            Self::Background => (1_920, 1_920),
        }
    }
}

/// A picture of nothing but pixels.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    /// The file: a PNG for a logo, a JPEG for a background.
    pub bytes: Vec<u8>,
    /// `image/png` or `image/jpeg`.
    pub content_type: &'static str,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high it is, in pixels.
    pub height: u32,
    /// How bright it is, and what text on it needs.
    pub light: Light,
}

/// Why a file is not taken, as a sentence with what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It holds nothing.
    Empty,
    /// It has more bytes than are taken.
    TooLarge,
    /// It has more pixels a side than are taken: its width and height.
    TooManyPixels(u32, u32),
    /// It is of another kind that has a name.
    Kind(&'static str),
    /// It is none of the three kinds.
    NoPicture,
    /// It holds several pictures that follow one another.
    Animated,
    /// It is of one of the three kinds, but made in a way that hardly anything reads.
    Unusual,
    /// It ends too early or does not hold together.
    Broken,
    /// Too many others wait.
    Busy,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("This file is empty. Choose another one."),
            Self::TooLarge => out.write_str("This file is larger than 2 MB. Save the picture smaller and choose it again."),
            Self::TooManyPixels(width, height) => {
                write!(
                    out,
                    "This picture is {width} × {height} pixels; up to {MOST_PIXELS} a side are taken. Scale it down and choose it again."
                )
            }
            Self::Kind(kind) => write!(out, "This is {kind}. Save it as PNG and choose it again."),
            Self::NoPicture => out.write_str("This is not a picture that can be read. Choose a PNG, a JPEG or a WebP."),
            Self::Animated => out.write_str("This picture is animated. Save one of its pictures as PNG and choose that."),
            Self::Unusual => out.write_str("This picture is made in an unusual way. Save it as PNG and choose it again."),
            Self::Broken => out.write_str("This picture is damaged or cut off. Save it anew and choose it again."),
            Self::Busy => out.write_str("Other pictures are being read just now. Try again in a moment."),
        }
    }
}

/// Makes a picture of an uploaded file. It may wait for others and then takes up to two seconds: no transaction may be open meanwhile.
pub fn clean(bytes: &[u8], purpose: Purpose) -> Result<Picture, Refusal> {
    if MOST_BYTES < bytes.len() {
        return Err(Refusal::TooLarge);
    }
    let bare = Bare::of(bytes)?;
    let _turn = TURNS.take(bare.memory())?;
    // A decoder that gives up on a strange file must cost nobody but whoever sent it.
    let made = catch_unwind(AssertUnwindSafe(|| {
        let pixels = shrink(decode(&bare)?, &bare, purpose);
        encode(pixels, purpose)
    }));
    made.unwrap_or(Err(Refusal::Broken))
}

fn decode(bare: &Bare) -> Result<DynamicImage, Refusal> {
    let file = Cursor::new(bare.bytes.as_slice());
    let decoded = match bare.format {
        Format::Png => return decode_png(file),
        Format::Jpeg => JpegDecoder::new(file).and_then(DynamicImage::from_decoder),
        Format::WebP => WebPDecoder::new(file).and_then(DynamicImage::from_decoder),
    };
    let decoded = decoded.map_err(|_| Refusal::Broken)?;
    if (decoded.width(), decoded.height()) == (bare.width, bare.height) { Ok(decoded) } else { Err(Refusal::Broken) }
}

fn decode_png(file: Cursor<&[u8]>) -> Result<DynamicImage, Refusal> {
    let mut decoder = png::Decoder::new_with_limits(file, png::Limits { bytes: MOST_MEMORY });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| Refusal::Broken)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(Refusal::Broken)?];
    let made = reader.next_frame(&mut pixels).map_err(|_| Refusal::Broken)?;
    let (width, height) = (made.width, made.height);
    let image = match made.color_type {
        png::ColorType::Grayscale => image::GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        png::ColorType::GrayscaleAlpha => image::GrayAlphaImage::from_raw(width, height, pixels).map(DynamicImage::ImageLumaA8),
        png::ColorType::Rgb => RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        png::ColorType::Rgba => RgbaImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8),
        png::ColorType::Indexed => None,
    };
    image.ok_or(Refusal::Broken)
}

/// At most as large as it is shown, and upright.
fn shrink(image: DynamicImage, bare: &Bare, purpose: Purpose) -> DynamicImage {
    let (across, down) = purpose.bounds();
    let (across, down) = if bare.is_on_its_side() { (down, across) } else { (across, down) };
    let (width, height) = fit((image.width(), image.height()), (across, down));
    let mut small = if (width, height) == (image.width(), image.height()) {
        image
    } else if image.color().has_alpha() {
        // What is transparent has a color too, which would bleed into what is not.
        let mut pixels = image.into_rgba8();
        pixels.pixels_mut().for_each(|pixel| pixel.0 = weighed(pixel.0));
        let mut small = image::imageops::thumbnail(&pixels, width, height);
        small.pixels_mut().for_each(|pixel| pixel.0 = unweighed(pixel.0));
        DynamicImage::ImageRgba8(small)
    } else {
        image.thumbnail_exact(width, height)
    };
    small.apply_orientation(bare.orientation);
    small
}

/// The size within bounds, in the same proportions, and at least one pixel.
fn fit((width, height): (u32, u32), (across, down): (u32, u32)) -> (u32, u32) {
    if width <= across && height <= down {
        (width, height)
    } else if height * across <= width * down {
        (across, (height * across / width).max(1))
    } else {
        ((width * down / height).max(1), down)
    }
}

fn weighed([red, green, blue, alpha]: [u8; 4]) -> [u8; 4] {
    let part = |part: u8| small((u16::from(part) * u16::from(alpha) + 127) / 255);
    [part(red), part(green), part(blue), alpha]
}

fn unweighed([red, green, blue, alpha]: [u8; 4]) -> [u8; 4] {
    let part = |part: u8| if alpha == 0 { 0 } else { small((u16::from(part) * 255 + u16::from(alpha) / 2) / u16::from(alpha)) };
    [part(red), part(green), part(blue), alpha]
}

fn small(part: u16) -> u8 {
    u8::try_from(part).unwrap_or(u8::MAX)
}

fn encode(image: DynamicImage, purpose: Purpose) -> Result<Picture, Refusal> {
    let (width, height) = (image.width(), image.height());
    let mut bytes = Vec::new();
    let (written, content_type, pixels) = match purpose {
        Purpose::Logo => {
            let pixels = image.into_rgba8();
            let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
            (encoder.write_image(&pixels, width, height, ExtendedColorType::Rgba8), "image/png", pixels)
        }
        Purpose::Background => {
            let flat = flat(image);
            let written =
                JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).write_image(&flat, width, height, ExtendedColorType::Rgb8);
            (written, "image/jpeg", DynamicImage::ImageRgb8(flat).into_rgba8())
        }
    };
    written.map_err(|_| Refusal::Broken)?;
    Ok(Picture { bytes, content_type, width, height, light: Light::of(&pixels) })
}

/// On white where it is transparent.
fn flat(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let pixels = image.into_rgba8();
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| image::Rgb(on_white(pixels.get_pixel(x, y).0)))
}

fn on_white([red, green, blue, alpha]: [u8; 4]) -> [u8; 3] {
    [red, green, blue].map(|part| small((u16::from(part) * u16::from(alpha) + 255 * (255 - u16::from(alpha)) + 127) / 255))
}

/// Whose turn it is.
struct Turns {
    /// How many bytes are given out, and how many pictures wait for theirs.
    given: Mutex<(usize, usize)>,
    given_back: Condvar,
}

static TURNS: Turns = Turns { given: Mutex::new((0, 0)), given_back: Condvar::new() };

/// One's turn, with so many bytes; it ends with this value.
struct Turn(usize);

impl Turns {
    fn state(&self) -> MutexGuard<'_, (usize, usize)> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, bytes: usize) -> Result<Turn, Refusal> {
        let bytes = bytes.min(MOST_MEMORY);
        let is_full = |given: usize| MOST_MEMORY < given + bytes;
        let mut state = self.state();
        if is_full(state.0) {
            if MOST_WAITING <= state.1 {
                return Err(Refusal::Busy);
            }
            state.1 += 1;
            let waited = self.given_back.wait_timeout_while(state, LONGEST_WAIT, |(given, _)| is_full(*given));
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            state.1 -= 1;
            if is_full(state.0) {
                return Err(Refusal::Busy);
            }
        }
        state.0 += bytes;
        Ok(Turn(bytes))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TURNS.state().0 -= self.0;
        TURNS.given_back.notify_all();
    }
}
