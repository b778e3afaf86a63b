//! A JPEG's segments: those that hold its pixels, and which way up it is.

use image::metadata::Orientation;

use super::Refusal;
use super::bare::{Bare, Format, number, orientation, take};

/// Programs write up to eighteen; each walks through the whole picture once more.
const MOST_SCANS: u32 = 32;

const SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// The picture's own segments up to its end; what follows is nobody's.
pub fn bare(bytes: &[u8]) -> Result<Bare, Refusal> {
    let mut rest = bytes;
    let mut bare = Bare { format: Format::Jpeg, bytes: Vec::new(), width: 0, height: 0, orientation: Orientation::NoTransforms, codes: 0 };
    bare.bytes.extend_from_slice(take(&mut rest, 2)?);
    let mut scans = 0;
    loop {
        let marker = marker(&mut rest)?;
        if marker == END {
            bare.bytes.extend([0xff, END]);
            return if scans == 0 { Err(Refusal::Broken) } else { Ok(bare) };
        }
        let from = rest;
        let length = usize::try_from(number(take(&mut rest, 2)?)).unwrap_or_default();
        let content = take(&mut rest, length.checked_sub(2).ok_or(Refusal::Broken)?)?;
        let is_kept = is_kept(&mut bare, marker, content)?;
        if is_kept {
            bare.bytes.extend([0xff, marker]);
            bare.bytes.extend_from_slice(from.get(..length).ok_or(Refusal::Broken)?);
        }
        if marker == SCAN {
            scans += 1;
            if bare.width == 0 || MOST_SCANS < scans {
                return Err(if bare.width == 0 { Refusal::Broken } else { Refusal::Unusual });
            }
            let length = scan(rest)?;
            bare.bytes.extend_from_slice(take(&mut rest, length)?);
        }
    }
}

/// Whether a segment belongs to the pixels. A frame's tells their size, a camera's notes how they are turned upright.
fn is_kept(bare: &mut Bare, marker: u8, content: &[u8]) -> Result<bool, Refusal> {
    match marker {
        0xc0..=0xc2 if bare.width != 0 => return Err(Refusal::Broken),
        0xc0..=0xc2 => (bare.width, bare.height) = size(content)?,
        0xee => return Ok(content.starts_with(b"Adobe")),
        0xe1 if content.starts_with(b"Exif\0\0") => {
            bare.orientation = orientation(content);
            return Ok(false);
        }
        // Tables, and how often the count starts again.
        0xc4 | 0xdb | 0xdd | SCAN => {}
        // Lossless, arithmetic, hierarchical, or of a height that is told at the end.
        0xc3 | 0xc5..=0xcf | 0xdc | 0xde | 0xdf => return Err(Refusal::Unusual),
        0xe0..=0xfe => return Ok(false),
        _ => return Err(Refusal::Broken),
    }
    Ok(true)
}

/// The next marker; those that are filled up with are skipped.
fn marker(rest: &mut &[u8]) -> Result<u8, Refusal> {
    if take(rest, 1)? != [0xff] {
        return Err(Refusal::Broken);
    }
    loop {
        match take(rest, 1)? {
            [0xff] => {}
            [marker] => return Ok(*marker),
            _ => return Err(Refusal::Broken),
        }
    }
}

/// Width and height of a frame of eight bits a part and one to four colors.
fn size(frame: &[u8]) -> Result<(u32, u32), Refusal> {
    let [precision, high, low, wide, narrow, colors, ..] = *frame else { return Err(Refusal::Broken) };
    if precision != 8 || !(1..=4).contains(&colors) {
        return Err(Refusal::Unusual);
    }
    Ok((number(&[wide, narrow]), number(&[high, low])))
}

/// How many bytes a scan has: up to the next marker that is not one of its own.
fn scan(rest: &[u8]) -> Result<usize, Refusal> {
    let is_end = |pair: &[u8]| matches!(pair, [0xff, after] if !matches!(after, 0 | 0xd0..=0xd7 | 0xff));
    rest.windows(2).position(is_end).ok_or(Refusal::Broken)
}
