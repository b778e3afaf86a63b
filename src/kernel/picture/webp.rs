//! A WebP's chunks: the one with its pixels and the one with its mask, and which way up it is.

use image::metadata::Orientation;

use super::Refusal;
use super::bare::{Bare, Format, orientation, take};
use super::lossless;

/// What a WebP holds of its picture.
#[derive(Default)]
struct Chunks<'a> {
    lossy: Option<&'a [u8]>,
    lossless: Option<&'a [u8]>,
    mask: Option<&'a [u8]>,
}

/// A file of the picture and its mask alone.
pub fn bare(bytes: &[u8]) -> Result<Bare, Refusal> {
    let length = bytes.get(4..8).map_or(0, number);
    let mut rest = bytes.get(12..length.checked_add(8).ok_or(Refusal::Broken)?).ok_or(Refusal::Broken)?;
    let (mut chunks, mut upright) = (Chunks::default(), Orientation::NoTransforms);
    while !rest.is_empty() {
        let name = take(&mut rest, 4)?;
        let length = number(take(&mut rest, 4)?);
        let content = take(&mut rest, length)?;
        // A chunk has an even length; some leave that out at the end.
        rest = rest.get(length % 2..).unwrap_or_default();
        match name {
            b"ANIM" | b"ANMF" => return Err(Refusal::Animated),
            b"VP8X" if content.first().is_some_and(|flags| flags & 2 != 0) => return Err(Refusal::Animated),
            b"EXIF" => upright = orientation(content),
            b"VP8 " => chunks.lossy = chunks.lossy.or(Some(content)),
            b"VP8L" => chunks.lossless = chunks.lossless.or(Some(content)),
            b"ALPH" => chunks.mask = chunks.mask.or(Some(content)),
            _ => {}
        }
    }
    let (width, height) = chunks.size()?;
    let (bytes, codes) = if is_too_large(width, height) { (Vec::new(), 0) } else { chunks.file(width, height)? };
    Ok(Bare { format: Format::WebP, bytes, width, height, orientation: upright, codes })
}

impl Chunks<'_> {
    /// Width and height as the picture itself tells them.
    fn size(&self) -> Result<(u32, u32), Refusal> {
        let (width, height) = match (self.lossy, self.lossless) {
            (Some([_, _, _, 0x9d, 0x01, 0x2a, width, wide, height, high, ..]), None) => {
                (u16::from_le_bytes([*width, *wide]) & 0x3fff, u16::from_le_bytes([*height, *high]) & 0x3fff)
            }
            (None, Some([0x2f, size @ ..])) => {
                let size = size.first_chunk().map(|size| u32::from_le_bytes(*size)).ok_or(Refusal::Broken)?;
                return Ok(((size & 0x3fff) + 1, (size >> 14 & 0x3fff) + 1));
            }
            _ => return Err(Refusal::Broken),
        };
        Ok((u32::from(width), u32::from(height)))
    }

    /// The file, and how many bytes its codes take.
    fn file(&self, width: u32, height: u32) -> Result<(Vec<u8>, usize), Refusal> {
        let (mut content, mut codes) = (b"WEBP".to_vec(), 0);
        if let Some([header, stream @ ..]) = self.mask.filter(|_| self.lossy.is_some()) {
            if header & 3 == 1 {
                codes = lossless::memory(stream, width, height)?;
            }
            let (wide, high) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
            let canvas = [&[0x10, 0, 0, 0][..], wide.get(..3).unwrap_or_default(), high.get(..3).unwrap_or_default()].concat();
            chunk(&mut content, *b"VP8X", &canvas)?;
            chunk(&mut content, *b"ALPH", self.mask.unwrap_or_default())?;
        }
        if let Some(lossy) = self.lossy {
            chunk(&mut content, *b"VP8 ", lossy)?;
        }
        if let Some(picture) = self.lossless {
            codes = lossless::memory(picture.get(5..).ok_or(Refusal::Broken)?, width, height)?;
            chunk(&mut content, *b"VP8L", picture)?;
        }
        let length = u32::try_from(content.len()).map_err(|_| Refusal::Broken)?;
        Ok(([b"RIFF", &length.to_le_bytes()[..], &content].concat(), codes))
    }
}

fn is_too_large(width: u32, height: u32) -> bool {
    width == 0 || height == 0 || super::MOST_PIXELS < width.max(height)
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], content: &[u8]) -> Result<(), Refusal> {
    let length = u32::try_from(content.len()).map_err(|_| Refusal::Broken)?;
    file.extend(name);
    file.extend(length.to_le_bytes());
    file.extend_from_slice(content);
    file.extend(std::iter::repeat_n(0, content.len() % 2));
    Ok(())
}

/// A number of four bytes, the last the weightiest.
fn number(bytes: &[u8]) -> usize {
    let bytes = bytes.first_chunk().copied().unwrap_or_default();
    usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(usize::MAX)
}
