//! What a file is, and the file of nothing but its pixels' parts. Nothing is decoded here.

use image::metadata::Orientation;

use super::{MOST_PIXELS, PIXEL, Refusal, jpeg, webp};

/// The three kinds that are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// What cameras make.
    Jpeg,
    /// The web's own.
    WebP,
}

/// A picture's file without anything that is no picture.
#[derive(Clone, Debug)]
pub struct Bare {
    /// Which kind it is.
    pub format: Format,
    /// The file.
    pub bytes: Vec<u8>,
    /// How wide it is before it is turned upright, in pixels.
    pub width: u32,
    /// How high it is before it is turned upright.
    pub height: u32,
    /// How it is turned upright.
    pub orientation: Orientation,
    /// How many bytes its codes take once they are unpacked, beside its pixels.
    pub codes: usize,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// How other files begin, by what people call them. `None` for those that are no picture at all.
const OTHERS: [(&[u8], &str); 11] = [
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP"),
    (b"%PDF", "a PDF"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\x01\0", "an icon file"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (b"%!PS", "an EPS"),
];

impl Bare {
    /// Looks through a file by what it holds, whatever it is called.
    pub fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        let bare = match bytes {
            [] => return Err(Refusal::Empty),
            _ if bytes.starts_with(PNG) => png(bytes)?,
            _ if bytes.starts_with(b"\xff\xd8\xff") => jpeg::bare(bytes)?,
            _ if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => webp::bare(bytes)?,
            _ => return Err(other(bytes)),
        };
        match (bare.width, bare.height) {
            (0, _) | (_, 0) => Err(Refusal::Broken),
            (width, height) if MOST_PIXELS < width.max(height) => Err(Refusal::TooManyPixels(width, height)),
            _ => Ok(bare),
        }
    }

    /// How many bytes reading it takes at most.
    pub fn memory(&self) -> usize {
        let side = |pixels: u32| usize::try_from(pixels).unwrap_or(usize::MAX);
        side(self.width).saturating_mul(side(self.height)).saturating_mul(PIXEL).saturating_add(self.codes)
    }

    /// Whether its width becomes its height once it is turned upright.
    pub fn is_on_its_side(&self) -> bool {
        match self.orientation {
            Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => true,
            Orientation::NoTransforms | Orientation::Rotate180 | Orientation::FlipHorizontal | Orientation::FlipVertical => false,
        }
    }
}

/// How a picture is turned upright, by its camera's notes.
pub fn orientation(notes: &[u8]) -> Orientation {
    let notes = notes.strip_prefix(b"Exif\0\0").unwrap_or(notes);
    Orientation::from_exif_chunk(notes).unwrap_or(Orientation::NoTransforms)
}

/// Takes so many bytes off the front; what is missing makes a file broken.
pub fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Refusal> {
    let (taken, left) = rest.split_at_checked(length).ok_or(Refusal::Broken)?;
    *rest = left;
    Ok(taken)
}

/// A number of so many bytes, the first the weightiest.
pub fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn png(bytes: &[u8]) -> Result<Bare, Refusal> {
    let mut rest = bytes.strip_prefix(PNG).ok_or(Refusal::Broken)?;
    let mut bare = Bare { format: Format::Png, bytes: PNG.to_vec(), width: 0, height: 0, orientation: Orientation::NoTransforms, codes: 0 };
    loop {
        let from = rest;
        let length = usize::try_from(number(take(&mut rest, 4)?)).map_err(|_| Refusal::Broken)?;
        let name = take(&mut rest, 4)?;
        if bare.width == 0 && name != b"IHDR" {
            return Err(Refusal::Broken);
        }
        let content = take(&mut rest, length)?;
        // Its checksum is the decoder's to look at.
        take(&mut rest, 4)?;
        match name {
            b"IHDR" => {
                let (width, height) = (content.get(..4), content.get(4..8));
                (bare.width, bare.height) = (width.map_or(0, number), height.map_or(0, number));
                if bare.width == 0 || bare.height == 0 || MOST_PIXELS < bare.width.max(bare.height) {
                    return Ok(bare);
                }
            }
            b"acTL" => return Err(Refusal::Animated),
            b"eXIf" => bare.orientation = orientation(content),
            b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" => {}
            _ => continue,
        }
        if name != b"eXIf" {
            bare.bytes.extend_from_slice(from.get(..length + 12).ok_or(Refusal::Broken)?);
        }
        if name == b"IEND" {
            return Ok(bare);
        }
    }
}

fn other(bytes: &[u8]) -> Refusal {
    if let Some((_, kind)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Refusal::Kind(kind);
    }
    match bytes.get(4..12) {
        Some(b"ftypavif" | b"ftypavis") => return Refusal::Kind("an AVIF"),
        Some(b"ftypheic" | b"ftypheix" | b"ftypmif1" | b"ftypheim" | b"ftyphevc") => return Refusal::Kind("a HEIC"),
        _ => {}
    }
    let start = String::from_utf8_lossy(bytes.get(..4_096).unwrap_or(bytes)).to_ascii_lowercase();
    let words = start.trim_start_matches('\u{feff}').trim_start();
    let is_svg = words.starts_with("<svg")
        || words.starts_with("<?xml") && words.contains("<svg")
        || words.starts_with("<!") && words.contains("<svg ");
    if is_svg && !words.contains("<html") { Refusal::Kind("an SVG") } else { Refusal::NoPicture }
}
