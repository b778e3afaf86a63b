//! Uploaded pictures are hostile until they are pixels.

use std::process::Command;
use std::sync::Mutex;

use image::{DynamicImage, GrayAlphaImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use portico::kernel::color::{Color, DARK, LIGHT, READABLE, TEXT};
use portico::kernel::picture::light::is_seen;
use portico::kernel::picture::{MOST_BYTES, MOST_MEMORY, Picture, Purpose, Refusal, clean};

use crate::support::disk::Chance;
use crate::support::pictures::{
    INK_JPEG, INTERLACED_PNG, LOSSY_WEBP, MASKED_WEBP, MOVING_WEBP, PNG, PROGRESSIVE_JPEG, decoded, deflated, encoded, fixture, jpeg,
    jpeg_and, jpeg_scans, jpeg_segment, notes, png, png_and, png_bomb, png_chunk, png_chunks, png_head, png_of, png_with, webp_canvas,
    webp_chunk, webp_sets, webp_with,
};

/// Whoever reads large pictures, or very many, does so alone: one is refused while too many wait.
static HEAVY: Mutex<()> = Mutex::new(());

#[track_caller]
fn logo(file: &[u8]) -> Picture {
    clean(file, Purpose::Logo).unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[track_caller]
fn refusal(file: &[u8]) -> Refusal {
    match clean(file, Purpose::Logo) {
        Err(refusal) => refusal,
        Ok(picture) => panic!("{} × {} pixels", picture.width, picture.height),
    }
}

/// Whether two colors are nearly the same.
fn is_near(one: [u8; 4], other: [u8; 4]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.abs_diff(other) <= 12)
}

#[track_caller]
fn shows(file: &[u8], color: [u8; 4]) {
    let pixels = decoded(&logo(file).bytes);
    for pixel in pixels.pixels() {
        assert!(is_near(pixel.0, color), "{:?} is not {color:?}", pixel.0);
    }
}

fn plain(color: [u8; 3]) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_pixel(20, 10, Rgb(color)))
}

/// One of each kind that is taken.
fn good() -> Vec<(&'static str, Vec<u8>)> {
    let green = plain([10, 200, 30]);
    vec![
        ("a PNG", encoded(&green, ImageFormat::Png)),
        ("a transparent PNG", png(20, 10, [10, 200, 30, 99])),
        ("an interlaced PNG", fixture(INTERLACED_PNG)),
        ("a JPEG", jpeg(&green)),
        ("a progressive JPEG", fixture(PROGRESSIVE_JPEG)),
        ("a JPEG for printers", fixture(INK_JPEG)),
        ("a lossless WebP", encoded(&green, ImageFormat::WebP)),
        ("a lossy WebP", fixture(LOSSY_WEBP)),
        ("a masked WebP", fixture(MASKED_WEBP)),
    ]
}

/// BRA-4: PNG, JPEG and WebP are taken, by what they hold and however they hold it.
#[test]
fn each_way_to_write_the_three_kinds_is_read() {
    for (_, file) in &good()[..1] {
        shows(file, [10, 200, 30, 255]);
    }
    shows(&png(20, 10, [10, 200, 30, 99]), [10, 200, 30, 99]);
    shows(&fixture(INTERLACED_PNG), [10, 200, 30, 255]);
    shows(&jpeg(&plain([10, 200, 30])), [10, 200, 30, 255]);
    shows(&fixture(INK_JPEG), [255, 0, 0, 255]);
    shows(&encoded(&plain([10, 200, 30]), ImageFormat::WebP), [10, 200, 30, 255]);
    shows(&fixture(LOSSY_WEBP), [0, 128, 0, 255]);
    shows(&fixture(MASKED_WEBP), [200, 0, 0, 128]);
    let deep: ImageBuffer<Rgba<u16>, Vec<u16>> = ImageBuffer::from_pixel(9, 9, Rgba([2_560, 51_200, 7_680, 25_344]));
    shows(&encoded(&DynamicImage::ImageRgba16(deep), ImageFormat::Png), [10, 200, 30, 99]);
    let grey: ImageBuffer<Luma<u8>, Vec<u8>> = ImageBuffer::from_pixel(9, 9, Luma([77]));
    shows(&encoded(&DynamicImage::ImageLuma8(grey.clone()), ImageFormat::Png), [77, 77, 77, 255]);
    shows(&encoded(&DynamicImage::ImageLuma8(grey), ImageFormat::Jpeg), [77, 77, 77, 255]);
    let grey = GrayAlphaImage::from_pixel(9, 9, image::LumaA([77, 50]));
    shows(&encoded(&DynamicImage::ImageLumaA8(grey), ImageFormat::Png), [77, 77, 77, 50]);
    let pixels = decoded(&logo(&fixture(PROGRESSIVE_JPEG)).bytes);
    let ([above, _, below, _], [red, _, blue, _]) = (pixels.get_pixel(5, 0).0, pixels.get_pixel(5, 15).0);
    assert!(200 < above && below < 60 && red < 60 && 200 < blue, "from red to blue: {above} {below}, {red} {blue}");
}

/// BRA-4
#[test]
fn a_palette_with_transparent_entries_becomes_their_colors() {
    let chunks = [
        png_head(2, 1, 1, 3),
        png_chunk(*b"PLTE", &[255, 0, 0, 0, 0, 255]),
        png_chunk(*b"tRNS", &[0x40]),
        png_chunk(*b"IDAT", &deflated(&[0, 0b0100_0000])),
    ];
    let pixels = decoded(&logo(&png_with(&chunks)).bytes);
    assert_eq!(pixels.into_raw(), [255, 0, 0, 0x40, 0, 0, 255, 255]);
}

/// BRA-4: whatever comes out is a PNG as a logo and a JPEG as a background, never larger than it is shown.
#[test]
fn a_picture_is_made_no_larger_than_it_is_shown() {
    let _alone = HEAVY.lock();
    let sizes = [
        ((640, 160), (640, 160), (640, 160)),
        ((641, 160), (640, 159), (641, 160)),
        ((640, 161), (636, 160), (640, 161)),
        ((1_920, 1), (640, 1), (1_920, 1)),
        ((1, 1_921), (1, 160), (1, 1_920)),
        ((2_400, 1_200), (320, 160), (1_920, 960)),
        ((1, 1), (1, 1), (1, 1)),
    ];
    for ((width, height), as_logo, as_background) in sizes {
        let file = encoded(&DynamicImage::ImageLuma8(ImageBuffer::from_pixel(width, height, Luma([9]))), ImageFormat::Png);
        for (purpose, size, content_type) in [(Purpose::Logo, as_logo, "image/png"), (Purpose::Background, as_background, "image/jpeg")] {
            let picture = clean(&file, purpose).expect("a picture");
            assert_eq!(((picture.width, picture.height), picture.content_type), (size, content_type), "{width} × {height}");
            assert_eq!(decoded(&picture.bytes).dimensions(), size);
        }
    }
}

/// BRA-4: both sides of 4,096 pixels and of 2 MB.
#[test]
fn a_picture_has_up_to_4096_pixels_a_side_and_2_mb() {
    for (width, height) in [(4_096, 1), (1, 4_096)] {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let of = |width, height| encoded(&DynamicImage::ImageRgb8(RgbImage::new(width, height)), format);
            logo(&of(width, height));
            let (width, height) = (if width == 1 { 1 } else { 4_097 }, if height == 1 { 1 } else { 4_097 });
            assert_eq!(refusal(&of(width, height)), Refusal::TooManyPixels(width, height), "{format:?}");
        }
    }
    let small = png(3, 3, [1, 2, 3, 255]);
    let filled = |length: usize| [small.clone(), vec![0x5a; length - small.len()]].concat();
    logo(&filled(MOST_BYTES));
    assert_eq!(refusal(&filled(MOST_BYTES + 1)), Refusal::TooLarge);
    assert_eq!(refusal(&[]), Refusal::Empty);
}

/// BRA-4: what a file claims costs nothing.
#[test]
fn a_picture_that_claims_to_be_vast_is_refused_by_its_head() {
    let file = png_with(&[png_head(100_000, 100_000, 8, 6), png_chunk(*b"IDAT", &deflated(&[0; 1_000]))]);
    assert_eq!(refusal(&file), Refusal::TooManyPixels(100_000, 100_000));
    let file = png_with(&[png_head(u32::MAX, u32::MAX, 16, 6), png_chunk(*b"IDAT", &[])]);
    assert_eq!(refusal(&file), Refusal::TooManyPixels(u32::MAX, u32::MAX));
    assert_eq!(refusal(&jpeg_scans(65_535, 1)[..400]), Refusal::Broken);
    let mut file = fixture(PROGRESSIVE_JPEG);
    let place = file.windows(2).position(|pair| pair == [0xff, 0xc2]).expect("a frame") + 5;
    file[place..place + 4].copy_from_slice(&[0xff; 4]);
    assert_eq!(refusal(&file), Refusal::TooManyPixels(65_535, 65_535));
    let vast = webp_chunk(*b"VP8L", &[&[0x2f][..], &(16_383_u32 | 16_383 << 14).to_le_bytes(), &[0; 40]].concat());
    assert_eq!(refusal(&webp_with(&[vast])), Refusal::TooManyPixels(16_384, 16_384));
    assert_eq!(refusal(&png_with(&[png_head(0, 5, 8, 6), png_chunk(*b"IDAT", &[])])), Refusal::Broken);
}

/// BRA-4: few bytes that become many pixels are read, or refused where that would take long. How long it takes is measured in the bench.
#[test]
fn few_bytes_that_become_many_pixels_are_read_or_refused() {
    let _alone = HEAVY.lock();
    // The portal's own part, which weighs what is transparent, is not made fast in a test.
    let side = if cfg!(debug_assertions) { 1_500 } else { 4_096 };
    let mut bombs = vec![("PNG", png_bomb(side, 8)), ("deep PNG", png_bomb(side, 16)), ("JPEG", jpeg_scans(4_096, 32))];
    bombs.push(("WebP", encoded(&DynamicImage::ImageRgb8(RgbImage::new(4_096, 4_096)), ImageFormat::WebP)));
    for (name, file) in bombs {
        assert!(file.len() < 400_000, "{name} is small: {}", file.len());
        for purpose in [Purpose::Logo, Purpose::Background] {
            let picture = clean(&file, purpose).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
            assert!(picture.width <= 1_920 && picture.bytes.len() < 400_000, "{name}: {}", picture.bytes.len());
        }
    }
    assert_eq!(refusal(&jpeg_scans(64, 33)), Refusal::Unusual);
    logo(&jpeg_scans(64, 32));
}

/// BRA-4: each set of codes of a lossless WebP takes twenty kilobytes of memory for fifteen bytes.
#[test]
fn a_web_p_that_unpacks_into_very_many_tables_is_refused_before_it_is_read() {
    for as_mask in [false, true] {
        assert_eq!(refusal(&webp_sets(3_001, as_mask)), Refusal::Unusual);
        assert_eq!(refusal(&webp_sets(65_535, as_mask)), Refusal::Unusual);
        assert_eq!(refusal(&webp_sets(3_000, as_mask)), Refusal::Broken, "it is read on, and has none");
    }
    // Pictures with palettes, predictions and several sets are followed to the right place.
    let mut chance = Chance(3);
    for colors in [2, 3, 5, 17, 300, 60_000] {
        let mut pixels = RgbaImage::new(97, 61);
        for pixel in pixels.pixels_mut() {
            let value = u32::try_from(chance.below(colors)).expect("small").wrapping_mul(0x0103_0507);
            pixel.0 = (value | 0xff).to_be_bytes();
        }
        let made = logo(&encoded(&DynamicImage::ImageRgba8(pixels.clone()), ImageFormat::WebP));
        assert_eq!(decoded(&made.bytes), pixels, "{colors} colors");
    }
}

/// BRA-4
#[test]
fn what_is_no_picture_of_the_three_kinds_is_refused_by_its_name() {
    let sentence = |file: &[u8]| refusal(file).to_string();
    let svg = "This is an SVG. Save it as PNG and choose it again.";
    assert_eq!(sentence(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), svg);
    assert_eq!(sentence(b"\xef\xbb\xbf \n<?xml version='1.0'?><!DOCTYPE svg><svg/>"), svg);
    assert_eq!(sentence(b"<!-- made by hand --><SVG width='1'/>"), svg);
    assert_eq!(sentence(b"GIF89a\x01\0\x01\0"), "This is a GIF. Save it as PNG and choose it again.");
    assert_eq!(sentence(b"BM\x46\0\0\0"), "This is a BMP. Save it as PNG and choose it again.");
    assert_eq!(sentence(b"%PDF-1.7\n"), "This is a PDF. Save it as PNG and choose it again.");
    assert_eq!(sentence(b"\0\0\0\x1cftypheic\0\0\0\0"), "This is a HEIC. Save it as PNG and choose it again.");
    assert_eq!(sentence(b"\0\0\0\x1cftypavif\0\0\0\0"), "This is an AVIF. Save it as PNG and choose it again.");
    for none in
        [&b"PK\x03\x04\x14\0"[..], b"<!doctype html><html><svg ></svg></html>", b"hello", b"\xff\xd8", b"RIFF\0\0\0\0WAVE", b"\0", b"RIFF"]
    {
        assert_eq!(refusal(none), Refusal::NoPicture, "{none:?}");
    }
    assert_eq!(refusal(b"\x89PNG\r\n\x1a\n"), Refusal::Broken);
}

/// BRA-4
#[test]
fn a_picture_that_moves_is_refused() {
    let still = png(8, 8, [1, 2, 3, 255]);
    let moving = png_and(&still, &[png_chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])]);
    assert_eq!(refusal(&moving), Refusal::Animated);
    logo(&still);
    assert_eq!(refusal(&fixture(MOVING_WEBP)), Refusal::Animated);
    let frame = fixture(LOSSY_WEBP)[12..].to_vec();
    assert_eq!(refusal(&webp_with(&[webp_canvas(2, 16, 16), frame.clone()])), Refusal::Animated);
    assert_eq!(refusal(&webp_with(&[frame.clone(), webp_chunk(*b"ANMF", &[0; 24])])), Refusal::Animated);
    logo(&webp_with(&[webp_canvas(0, 16, 16), frame]));
    // A picture that says it moves after its pixels moves all the same.
    let late = [&still[..still.len() - 12], &png_chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), &still[still.len() - 12..]].concat();
    assert_eq!(refusal(&late), Refusal::Animated);
}

/// BRA-4: nothing but pixels is kept.
#[test]
fn notes_profiles_and_what_trails_behind_are_gone() {
    let words = b"Secret Street 5".to_vec();
    let bomb = [b"Comment\0\0".to_vec(), deflated(&vec![b'a'; 50_000_000])].concat();
    let profile = [b"p\0\0".to_vec(), deflated(&vec![7; 20_000_000])].concat();
    let more = [
        png_chunk(*b"tEXt", &[b"Author\0".to_vec(), words.clone()].concat()),
        png_chunk(*b"zTXt", &bomb),
        png_chunk(*b"iCCP", &profile),
        png_chunk(*b"eXIf", &notes(1)),
        png_chunk(*b"prVt", &words),
    ];
    let trailing = [b"PK\x03\x04".to_vec(), words.clone(), b"<html><script>alert(1)</script>".to_vec()].concat();
    let camera = [b"Exif\0\0".to_vec(), notes(1)].concat();
    let color_profile = [b"ICC_PROFILE\0\x01\x01".to_vec(), vec![9; 60_000]].concat();
    let segments =
        [jpeg_segment(0xe1, &camera), jpeg_segment(0xfe, &words), jpeg_segment(0xe2, &color_profile), jpeg_segment(0xed, &words)];
    let frame = fixture(LOSSY_WEBP)[12..].to_vec();
    let chunks = [
        webp_canvas(0x2c, 16, 16),
        webp_chunk(*b"ICCP", &[9; 50_000]),
        frame,
        webp_chunk(*b"EXIF", &notes(1)),
        webp_chunk(*b"XMP ", &words),
    ];
    let files = [png_and(&png(8, 8, [0, 128, 0, 255]), &more), jpeg_and(&jpeg(&plain([0, 128, 0])), &segments), webp_with(&chunks)];
    for file in files {
        let file = [file, trailing.clone()].concat();
        shows(&file, [0, 128, 0, 255]);
        for purpose in [Purpose::Logo, Purpose::Background] {
            let made = clean(&file, purpose).expect("a picture").bytes;
            assert!(!made.windows(6).any(|part| part == b"Secret" || part == b"script") && made.len() < 2_000, "{purpose:?}");
        }
        let names: Vec<String> = png_chunks(&logo(&file).bytes).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["IHDR", "IDAT", "IEND"]);
    }
}

/// BRA-4: a picture is upright before its camera's notes are gone.
#[test]
fn a_picture_is_turned_upright() {
    let mut pixels = RgbaImage::from_pixel(32, 16, Rgba([255, 255, 255, 255]));
    for (x, y) in (0..8).flat_map(|x| (0..8).map(move |y| (x, y))) {
        pixels.put_pixel(x, y, Rgba([255, 0, 0, 255]));
    }
    let corner = |file: &[u8]| {
        let made = decoded(&logo(file).bytes);
        let (right, bottom) = (made.width() - 1, made.height() - 1);
        let corners = [("top left", 0, 0), ("top right", right, 0), ("bottom right", right, bottom), ("bottom left", 0, bottom)];
        let found: Vec<&str> = corners.into_iter().filter(|(_, x, y)| made.get_pixel(*x, *y).0[1] < 100).map(|(name, ..)| name).collect();
        (made.dimensions(), found.join(", "))
    };
    let expected = [
        (1, (32, 16), "top left"),
        (2, (32, 16), "top right"),
        (3, (32, 16), "bottom right"),
        (4, (32, 16), "bottom left"),
        (5, (16, 32), "top left"),
        (6, (16, 32), "top right"),
        (7, (16, 32), "bottom right"),
        (8, (16, 32), "bottom left"),
        (9, (32, 16), "top left"),
    ];
    let lossless = encoded(&DynamicImage::ImageRgba8(pixels.clone()), ImageFormat::WebP)[12..].to_vec();
    for (orientation, size, place) in expected {
        let camera = [b"Exif\0\0".to_vec(), notes(orientation)].concat();
        let files = [
            png_and(&png_of(&pixels), &[png_chunk(*b"eXIf", &notes(orientation))]),
            jpeg_and(&jpeg(&DynamicImage::ImageRgba8(pixels.clone())), &[jpeg_segment(0xe1, &camera)]),
            webp_with(&[webp_canvas(8, 32, 16), lossless.clone(), webp_chunk(*b"EXIF", &notes(orientation))]),
        ];
        for file in files {
            assert_eq!(corner(&file), (size, place.to_owned()), "orientation {orientation}");
        }
    }
    // What lies on its side is made no larger than it is shown once it stands.
    let tall = png_and(&png(100, 900, [9, 9, 9, 255]), &[png_chunk(*b"eXIf", &notes(6))]);
    assert_eq!((logo(&tall).width, logo(&tall).height), (640, 71));
}

/// BRA-4
#[test]
fn what_is_cut_off_or_bent_is_refused() {
    for (name, file) in good() {
        for length in 0..file.len() {
            assert!(clean(&file[..length], Purpose::Logo).is_err(), "{length} of {} bytes of {name}", file.len());
        }
        logo(&file);
    }
    let file = png(8, 8, [1, 2, 3, 255]);
    let mut bent = file.clone();
    bent[45] ^= 1;
    assert_eq!(refusal(&bent), Refusal::Broken, "its checksum is wrong");
    let two = jpeg(&plain([1, 2, 3]));
    let frame = two.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    let twice = [&two[..frame], &jpeg_segment(0xc0, &two[frame + 4..frame + 19]), &two[frame..]].concat();
    assert_eq!(refusal(&twice), Refusal::Broken);
    let mut arithmetic = two.clone();
    arithmetic[frame + 1] = 0xc9;
    assert_eq!(refusal(&arithmetic), Refusal::Unusual);
    let mut late = two.clone();
    late[frame + 5..frame + 7].fill(0);
    assert_eq!(refusal(&late), Refusal::Broken, "it tells its height at the end");
    assert_eq!(refusal(&[PNG, &file[33..]].concat()), Refusal::Broken, "it has no head");
}

/// BRA-4: whatever is done to a file, an answer comes back, and what is taken is a clean picture.
#[test]
fn no_change_to_a_file_does_any_harm() {
    let (mut chance, mut taken, mut refused) = (Chance(11), 0, 0);
    let files = good();
    for round in 0..6_000_usize {
        let (name, file) = &files[round % files.len()];
        let mut file = file.clone();
        for _ in 0..=chance.below(4) {
            let place = usize::try_from(chance.below(file.len() as u64)).expect("small");
            match chance.below(4) {
                0 => file[place] ^= 1 << chance.below(8),
                1 => file[place] = [0, 1, 0x7f, 0x80, 0xff][usize::try_from(chance.below(5)).expect("small")],
                2 => drop(file.remove(place)),
                _ => {
                    let piece = file[place..(place + 9).min(file.len())].to_vec();
                    file.splice(place..place, piece);
                }
            }
        }
        match clean(&file, Purpose::Logo) {
            Ok(made) => {
                taken += 1;
                assert_eq!(decoded(&made.bytes).dimensions(), (made.width, made.height), "{name}");
            }
            Err(_) => refused += 1,
        }
    }
    assert!(200 < taken && 200 < refused, "{taken} taken, {refused} refused");
}

/// BRA-4: pictures wait for one another, and nobody waits behind very many.
#[test]
fn pictures_that_come_at_once_take_their_turns() {
    let _alone = HEAVY.lock();
    let file = png_bomb(2_000, 8);
    let made: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..40).map(|_| scope.spawn(|| clean(&file, Purpose::Logo))).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let taken = made.iter().filter(|made| made.is_ok()).count();
    assert!(made.iter().all(|made| made.is_ok() || *made == Err(Refusal::Busy)), "nothing else");
    assert!((9..40).contains(&taken), "{taken} of 40");
    logo(&file);
}

/// BRA-4: the color of what is transparent does not bleed into what is not.
#[test]
fn transparent_pixels_have_no_say_in_a_smaller_picture() {
    let stripes = RgbaImage::from_fn(2_560, 640, |x, _| if x % 2 == 0 { Rgba([255, 255, 255, 255]) } else { Rgba([0, 0, 0, 0]) });
    let made = decoded(&logo(&png_of(&stripes)).bytes);
    for pixel in made.pixels() {
        let [red, green, blue, alpha] = pixel.0;
        assert!(250 <= red.min(green).min(blue) && (96..=160).contains(&alpha), "{pixel:?}");
    }
    let background = clean(&png(10, 10, [0, 0, 0, 0]), Purpose::Background).expect("a picture");
    assert!(is_near(decoded(&background.bytes).get_pixel(3, 3).0, [255; 4]), "on white");
}

/// BRA-4: the scrim is the least that makes words readable on every pixel.
#[test]
fn a_scrim_makes_words_readable_over_every_pixel() {
    let mixed = |pixel: [u8; 4], page: Color, percent: u8| {
        let part = |place: usize| {
            let (over, under) = (u32::from(page.parts()[place]), u32::from(pixel[place]));
            u8::try_from((under * (100 - u32::from(percent)) + over * u32::from(percent) + 50) / 100).expect("a part")
        };
        Color::new(part(0), part(1), part(2))
    };
    let mut chance = Chance(5);
    let mut any = |most: u64| u8::try_from(chance.below(most)).expect("a part");
    for most in [2, 64, 128, 256] {
        let pixels = RgbaImage::from_fn(40, 40, |_, _| Rgba([any(most), any(most), any(most), 255]));
        let made = logo(&png_of(&pixels));
        for (percent, text, page) in [(made.light.scrim_light, TEXT[0], LIGHT[0]), (made.light.scrim_dark, TEXT[1], DARK[0])] {
            let worst = pixels.pixels().map(|pixel| mixed(pixel.0, page, percent).contrast(text)).fold(21.0, f64::min);
            assert!(READABLE <= worst, "{worst} with {percent} percent");
        }
    }
    let scrims = |color: [u8; 4]| {
        let light = logo(&png(4, 4, color)).light;
        (light.scrim_light, light.scrim_dark)
    };
    assert_eq!((scrims([255; 4]).0, scrims([0, 0, 0, 255]).1), (0, 0), "a white page and a black one need none");
    let (black, white) = (scrims([0, 0, 0, 255]).0, scrims([255; 4]).1);
    for (pixel, percent, text, page) in [([0; 4], black, TEXT[0], LIGHT[0]), ([255; 4], white, TEXT[1], DARK[0])] {
        assert!(
            mixed(pixel, page, percent - 1).contrast(text) < READABLE && (1..70).contains(&percent),
            "no more than it takes: {percent}"
        );
    }
}

/// BRA-4: a logo that cannot be told from the page gets a plate.
#[test]
fn a_logo_is_told_from_the_page_or_not() {
    let seen = |color: [u8; 4]| {
        let brightness = logo(&png(4, 4, color)).light.brightness;
        (is_seen(brightness, LIGHT[1]), is_seen(brightness, DARK[1]))
    };
    assert_eq!(seen([255; 4]), (false, true));
    assert_eq!(seen([0, 0, 0, 255]), (true, false));
    assert_eq!(seen([10, 20, 80, 255]), (true, false));
    assert_eq!(seen([0x2b, 0x59, 0xe0, 255]), (true, true));
    assert_eq!(seen([255, 220, 80, 255]), (false, true));
    // What is transparent is not seen: black around a white logo makes it no darker.
    let mut pixels = RgbaImage::new(10, 10);
    pixels.put_pixel(4, 4, Rgba([255; 4]));
    assert_eq!(logo(&png_of(&pixels)).light.brightness, 100);
}

/// BRA-4: many large pictures at once take no more memory together than one may. A process of its own reads them, so that nobody else's memory
/// is counted.
#[test]
fn many_large_pictures_at_once_take_little_memory() {
    const CHILD: &str = "PORTICO_READS_PICTURES";
    if std::env::var_os(CHILD).is_some() {
        let file = encoded(&DynamicImage::ImageRgb8(RgbImage::new(4_096, 4_096)), ImageFormat::WebP);
        std::fs::write("/proc/self/clear_refs", "5").expect("the peak so far is forgotten");
        std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(|| clean(&file, Purpose::Logo).expect("a picture")))));
        let status = std::fs::read_to_string("/proc/self/status").expect("it runs");
        println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).expect("a line"));
        return;
    }
    let name = "pictures::many_large_pictures_at_once_take_little_memory";
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    let told = child.args([name, "--exact", "--nocapture"]).env(CHILD, "1").output().expect("it runs");
    let told = String::from_utf8_lossy(&told.stdout);
    let peak = told.lines().find_map(|line| line.split("VmHWM:").nth(1)).unwrap_or_else(|| panic!("{told}"));
    let peak: usize = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    println!("at most {peak} kB");
    // What the process itself takes is little: 60 MB are plenty.
    assert!(peak * 1_024 < MOST_MEMORY + 60 * 1024 * 1024, "{peak} kB");
}
