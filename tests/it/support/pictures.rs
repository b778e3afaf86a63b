//! Pictures to upload, good ones and hostile ones, made byte by byte.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use flate2::Crc;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageFormat, RgbaImage};

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A PNG of so many pixels, all of one color.
pub fn png(width: u32, height: u32, color: [u8; 4]) -> Vec<u8> {
    png_of(&RgbaImage::from_pixel(width, height, image::Rgba(color)))
}

pub fn png_of(pixels: &RgbaImage) -> Vec<u8> {
    encoded(&DynamicImage::ImageRgba8(pixels.clone()), ImageFormat::Png)
}

pub fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).expect("a picture");
    file.into_inner()
}

/// What is in a file, by a reader that has no limits.
pub fn decoded(file: &[u8]) -> RgbaImage {
    image::load_from_memory(file).expect("a picture").into_rgba8()
}

pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

pub fn png_chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(&name);
    crc.update(content);
    let length = u32::try_from(content.len()).expect("a length");
    [&length.to_be_bytes()[..], &name, content, &crc.sum().to_be_bytes()].concat()
}

/// A PNG's head: its size, how many bits a part has and of which parts a color is made.
pub fn png_head(width: u32, height: u32, depth: u8, kind: u8) -> Vec<u8> {
    png_chunk(*b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, kind, 0, 0, 0]].concat())
}

/// A PNG of chunks, with its end.
pub fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    [PNG, &chunks.concat(), &png_chunk(*b"IEND", &[])].concat()
}

/// A PNG's chunks by name, as they stand.
pub fn png_chunks(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut chunks, mut rest) = (Vec::new(), &file[8..]);
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().expect("four")) as usize;
        chunks.push((String::from_utf8_lossy(&rest[4..8]).into_owned(), rest[8..8 + length].to_vec()));
        rest = &rest[12 + length..];
    }
    chunks
}

/// The same PNG with more chunks after its head.
pub fn png_and(file: &[u8], more: &[Vec<u8>]) -> Vec<u8> {
    [&file[..33], &more.concat(), &file[33..]].concat()
}

/// A PNG of many pixels and few bytes: everything is zero.
pub fn png_bomb(side: u32, depth: u8) -> Vec<u8> {
    let line = side as usize * 4 * usize::from(depth) / 8 + 1;
    png_with(&[png_head(side, side, depth, 6), png_chunk(*b"IDAT", &deflated(&vec![0; line * side as usize]))])
}

/// A camera's notes that say which way up a picture is, and where it was taken.
pub fn notes(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, value: u8| [&tag.to_be_bytes()[..], &[0, 3, 0, 0, 0, 1, 0, value, 0, 0]].concat();
    [b"MM\0*\0\0\0\x08\0\x01".to_vec(), entry(0x0112, orientation), b"\0\0\0\0Secret Street 5".to_vec()].concat()
}

pub fn jpeg(image: &DynamicImage) -> Vec<u8> {
    encoded(&DynamicImage::ImageRgb8(image.to_rgb8()), ImageFormat::Jpeg)
}

pub fn jpeg_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a short segment");
    [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
}

/// The same JPEG with more segments at its start.
pub fn jpeg_and(file: &[u8], more: &[Vec<u8>]) -> Vec<u8> {
    [&file[..2], &more.concat(), &file[2..]].concat()
}

/// A progressive JPEG of so many scans, each of which looks at every coefficient again.
pub fn jpeg_scans(side: u16, scans: u32) -> Vec<u8> {
    let size = side.to_be_bytes();
    let blocks = u32::from(side.div_ceil(8)).pow(2);
    let mut file = [
        b"\xff\xd8".to_vec(),
        jpeg_segment(0xdb, &[&[0][..], &[1; 64]].concat()),
        jpeg_segment(0xc2, &[8, size[0], size[1], size[0], size[1], 1, 1, 0x11, 0]),
        jpeg_segment(0xc4, &[&[0, 1][..], &[0; 15], &[0]].concat()),
        jpeg_segment(0xc4, &[&[0x10, 1][..], &[0; 15], &[0xe0]].concat()),
        jpeg_segment(0xda, &[1, 1, 0, 0, 0, 0x01]),
        vec![0; blocks.div_ceil(8) as usize],
    ]
    .concat();
    for _ in 1..scans {
        file.extend(jpeg_segment(0xda, &[1, 1, 0, 1, 63, 0x10]));
        // "Nothing for the next 16,384 blocks", as often as it takes.
        let mut bits = Vec::new();
        for _ in 0..blocks.div_ceil(16_384) {
            bits.extend([false; 15]);
        }
        file.extend(bytes_of(&bits, false));
    }
    [file, b"\xff\xd9".to_vec()].concat()
}

fn bytes_of(bits: &[bool], lightest_first: bool) -> Vec<u8> {
    let byte = |bits: &[bool]| {
        let place = |place: usize| if lightest_first { place } else { 7 - place };
        bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << place(at))
    };
    bits.chunks(8).map(byte).collect()
}

pub fn webp_chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a length");
    let padding = vec![0; content.len() % 2];
    [&name[..], &length.to_le_bytes(), content, &padding].concat()
}

pub fn webp_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let content = [b"WEBP".to_vec(), chunks.concat()].concat();
    let length = u32::try_from(content.len()).expect("a length");
    [b"RIFF", &length.to_le_bytes()[..], &content].concat()
}

/// The head of an extended WebP.
pub fn webp_canvas(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let (wide, high) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
    webp_chunk(*b"VP8X", &[&[flags, 0, 0, 0], &wide[..3], &high[..3]].concat())
}

/// A lossless WebP that announces so many sets of codes and brings none; as a picture, or as the mask of one.
pub fn webp_sets(sets: u16, as_mask: bool) -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut write = |number: u16, count: u32| bits.extend((0..count).map(|bit| number >> bit & 1 == 1));
    // No transform, no cache, several sets, the finest tiles; then their picture, each of whose codes is a single symbol.
    for (number, count) in [(0, 1), (0, 1), (1, 1), (0, 3), (0, 1)] {
        write(number, count);
    }
    let highest = sets - 1;
    for symbol in [highest & 0xff, highest >> 8, 0, 0, 0] {
        for (number, count) in [(1, 1), (0, 1), (1, 1), (symbol, 8)] {
            write(number, count);
        }
    }
    let stream = bytes_of(&bits, true);
    if as_mask {
        let file = fixture(LOSSY_WEBP);
        let mask = webp_chunk(*b"ALPH", &[&[1][..], &stream].concat());
        return webp_with(&[webp_canvas(0x10, 16, 16), mask, file[12..].to_vec()]);
    }
    webp_with(&[webp_chunk(*b"VP8L", &[&[0x2f][..], &(15_u32 | 15 << 14).to_le_bytes(), &stream].concat())])
}

pub fn fixture(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(text).expect("base 64")
}

/// 24 × 16 pixels, from red at the top to blue.
pub const PROGRESSIVE_JPEG: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//\
    2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAQABgDASIAAhEBAxEB/8QA\
    FgABAQEAAAAAAAAAAAAAAAAAAAMF/8QAFQEBAQAAAAAAAAAAAAAAAAAAAAT/2gAMAwEAAhADEAAAActBZfdAf//EABUQAQEAAAAAAAAAAAAAAAAAAAAR/9oA\
    CAEBAAEFAqqqqv/EABURAQEAAAAAAAAAAAAAAAAAAAAU/9oACAEDAQE/AbVr/8QAFREBAQAAAAAAAAAAAAAAAAAAABT/2gAIAQIBAT8BgQP/xAAUEAEAAAAA\
    AAAAAAAAAAAAAAAg/9oACAEBAAY/Al//xAAUEAEAAAAAAAAAAAAAAAAAAAAg/9oACAEBAAE/IV//AP/aAAwDAQACAAMAAAAQxx//xAAVEQEBAAAAAAAAAAAA\
    AAAAAAAAcf/aAAgBAwEBPxClP//EABURAQEAAAAAAAAAAAAAAAAAAABx/9oACAECAQE/EIQ//8QAFhABAQEAAAAAAAAAAAAAAAAAcQAg/9oACAEBAAE/EFKW\
    B//Z";
/// 16 × 16 pixels of red, in cyan, magenta, yellow and black.
pub const INK_JPEG: &str = "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/9sA\
    QwEREhIYFRgvGhovY0I4QmNjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj/8AAFAgAEAAQBAEiAAIRAQMRAQQiAP/E\
    ABYAAQEBAAAAAAAAAAAAAAAAAAAFB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAAFBv/EABQRAQAAAAAAAAAAAAAAAAAAAAD/\
    2gAOBAEAAhEDEQQAAD8AtAFEG0AB/9k=";
/// 16 × 16 pixels of a dark green.
pub const LOSSY_WEBP: &str = "UklGRjgAAABXRUJQVlA4ICwAAACwAQCdASoQABAAAoBCJaACdLoABDAAAP7vmsf8Buvi28b/5BjyU9DWa4AAAA==";
/// 16 × 16 pixels of a red that is half transparent.
pub const MASKED_WEBP: &str = "UklGRlwAAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSAoAAAABB9C/iAhERP8DVlA4ICwAAACQAQCdASoQABAAAoBCJaACdLoAA5gA/vEKj/raTLIyw/+y\
    sf+lY/9Kx+5QAA==";
/// 8 × 8 pixels that are red, then blue.
pub const MOVING_WEBP: &str = "UklGRsAAAABXRUJQVlA4WAoAAAACAAAABwAABwAAQU5JTQYAAAD/////AABBTk1GSAAAAAAAAAAAAAcAAAcAAGQAAAJWUDggMAAAANABAJ0BKggACAACADQl\
    oAJ0ugH4AAOwAP7wxAv/ILlhdcjX/yA/5Af8gP/48gAAAEFOTUZEAAAAAAAAAAAABwAABwAAZAAAAFZQOCAsAAAAlAEAnQEqCAAIAAAANCWgAnS6AAOYAP75\
    k2//kB//kB//kB//ID/iF3sgMABSSUZGPAAAAFdFQlBWUDggMAAAANABAJ0BKggACAACADQloAJ0ugH4AAOwAP7wxAv/ILlhdcjX/yA/5Af8gP/48gAAAA==";
/// 16 × 12 pixels of a green, told in seven passes.
pub const INTERLACED_PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAMCAIAAAGTgppAAAAANElEQVQoz2PkOiHHwMDAxMDAwMDAwIiNh4XDxIAEUDgoynCqIkqCikZRUQKnq0g2aThrAABD\
    fAa4P4Xg9wAAAABJRU5ErkJggg==";
