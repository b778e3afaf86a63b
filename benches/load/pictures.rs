//! How long an uploaded picture takes that is as hard to read as one can be made (BRA-4).

use std::io::Cursor;
use std::time::Instant;

use image::{DynamicImage, ImageFormat};
use portico::kernel::picture::{MOST_BYTES, MOST_PIXELS, Purpose, clean};

use crate::report::{Goal, Report};
use crate::{Fallible, Options};

/// The slowest of the largest pictures: plain ones, which take few bytes, as each kind of file, and as each thing they are for.
pub fn measure(options: &Options, report: &mut Report) -> Fallible<()> {
    let name = "the slowest picture of 4,096 by 4,096 pixels";
    if !options.wants(name) {
        return Ok(());
    }
    let side = MOST_PIXELS;
    let pictures = [
        (DynamicImage::new_rgba16(side, side), ImageFormat::Png),
        (DynamicImage::new_rgba8(side, side), ImageFormat::Png),
        (DynamicImage::new_rgb8(side, side), ImageFormat::Jpeg),
        (DynamicImage::new_rgba8(side, side), ImageFormat::WebP),
    ];
    let mut slowest = 0.0_f64;
    for (picture, format) in pictures {
        let mut file = Vec::new();
        picture.write_to(&mut Cursor::new(&mut file), format)?;
        if MOST_BYTES < file.len() {
            return Err(format!("{format:?} takes {} bytes", file.len()).into());
        }
        for purpose in [Purpose::Logo, Purpose::Background] {
            let start = Instant::now();
            clean(&file, purpose).map_err(|refusal| refusal.to_string())?;
            slowest = slowest.max(start.elapsed().as_secs_f64());
        }
    }
    report.figure(name, slowest, "s", Goal::Under(2.0));
    Ok(())
}
