//! A reader of QR codes of the tests' own (ISO/IEC 18004, versions 1 to 10, bytes), beside the crate that draws them.

use super::html::Element;

/// Error correction codewords a block, by level (L, M, Q, H) and version.
const CORRECTION: [[usize; 10]; 4] = [
    [7, 10, 15, 20, 26, 18, 20, 24, 30, 18],
    [10, 16, 26, 18, 24, 16, 18, 22, 22, 26],
    [13, 22, 18, 26, 18, 24, 18, 22, 20, 24],
    [17, 28, 22, 16, 22, 28, 26, 26, 24, 28],
];
/// Blocks, by level and version.
const BLOCKS: [[usize; 10]; 4] =
    [[1, 1, 1, 1, 1, 2, 2, 2, 2, 4], [1, 1, 1, 2, 2, 4, 4, 4, 5, 5], [1, 1, 2, 2, 4, 4, 6, 6, 8, 8], [1, 1, 2, 4, 4, 4, 5, 6, 8, 8]];

/// What the drawing says to a camera.
#[track_caller]
pub fn read(svg: &Element) -> String {
    let dark = modules(svg);
    let size = dark.len();
    let version = (size - 17) / 4;
    assert!(size == 17 + 4 * version && (1..=10).contains(&version), "{size} modules");
    let (level, mask) = format(&dark);
    let codewords = codewords(&dark, version, mask);
    text(&data(&codewords, CORRECTION[level][version - 1], BLOCKS[level][version - 1]), version)
}

/// The drawing as rows of dark and light.
fn modules(svg: &Element) -> Vec<Vec<bool>> {
    let frame: Vec<i32> =
        svg.attr("viewbox").or(svg.attr("viewBox")).expect("a frame").split(' ').map(|part| part.parse().expect("a number")).collect();
    assert!(frame[0] <= -4 && frame[1] <= -4, "four light modules stand around it: {frame:?}");
    let size = usize::try_from(frame[2] + 2 * frame[0]).expect("a size");
    let mut dark = vec![vec![false; size]; size];
    let path = svg.named("path").first().and_then(|path| path.attr("d")).expect("a path").to_owned();
    for run in path.split('M').filter(|run| !run.is_empty()) {
        let (place, rest) = run.split_once('h').expect("a run");
        let (x, y) = place.split_once(' ').expect("a place");
        let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
        let width: usize = rest.split('v').next().and_then(|width| width.parse().ok()).expect("a width");
        dark[y][x..x + width].fill(true);
    }
    dark
}

/// The level of error correction and the mask, the same in both places.
fn format(dark: &[Vec<bool>]) -> (usize, usize) {
    let size = dark.len();
    let first = (0..15).map(|bit| match bit {
        0..=5 => dark[bit][8],
        6 => dark[7][8],
        7 => dark[8][8],
        8 => dark[8][7],
        _ => dark[8][14 - bit],
    });
    let second = (0..15).map(|bit| if bit < 8 { dark[8][size - 1 - bit] } else { dark[size - 15 + bit][8] });
    let number = |bits: &mut dyn Iterator<Item = bool>| bits.enumerate().fold(0_usize, |all, (place, bit)| all | usize::from(bit) << place);
    let (first, second) = (number(&mut first.into_iter()), number(&mut second.into_iter()));
    assert_eq!(first, second, "the format stands in two places");
    let format = (first ^ 0x5412) >> 10;
    ([1, 0, 3, 2][format >> 3], format & 7)
}

/// Whether a module belongs to the pattern by which a camera finds its way, and not to the data.
fn is_pattern(x: usize, y: usize, version: usize) -> bool {
    let size = 17 + 4 * version;
    let corner = (x < 9 && (y < 9 || y + 8 >= size)) || (x + 8 >= size && y < 9);
    let numbered = version >= 7 && ((x < 6 && (size - 11..size - 8).contains(&y)) || (y < 6 && (size - 11..size - 8).contains(&x)));
    corner || numbered || x == 6 || y == 6 || aligned(x, y, version)
}

fn aligned(x: usize, y: usize, version: usize) -> bool {
    let last = 10 + 4 * version;
    let places: Vec<usize> = match version {
        1 => Vec::new(),
        2..=6 => vec![6, last],
        _ => vec![6, usize::midpoint(6, last), last],
    };
    let beside = |place: usize, at: usize| at + 2 >= place && at <= place + 2;
    places.iter().any(|px| {
        places.iter().any(|py| {
            let in_a_corner = (*px == 6 && (*py == 6 || *py == last)) || (*px == last && *py == 6);
            !in_a_corner && beside(*px, x) && beside(*py, y)
        })
    })
}

/// The codewords in the order in which they stand: two columns at a time from the right, up and down, the mask taken away.
fn codewords(dark: &[Vec<bool>], version: usize, mask: usize) -> Vec<u8> {
    let size = dark.len();
    let mut bits = Vec::new();
    let mut right = size - 1;
    loop {
        let upward = (right + 1) & 2 == 0;
        for step in 0..size {
            let y = if upward { size - 1 - step } else { step };
            for x in [right, right - 1] {
                if !is_pattern(x, y, version) {
                    bits.push(dark[y][x] ^ masked(mask, x, y));
                }
            }
        }
        right = match right {
            1 => break,
            8 => 5,
            _ => right - 2,
        };
    }
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | u8::from(*bit))).collect()
}

fn masked(mask: usize, x: usize, y: usize) -> bool {
    let product = x * y;
    let rest = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (x / 3 + y / 2) % 2,
        5 => product % 2 + product % 3,
        6 => (product % 2 + product % 3) % 2,
        _ => ((x + y) % 2 + product % 3) % 2,
    };
    rest == 0
}

/// The data of all blocks in a row; each block is without an error.
fn data(codewords: &[u8], correction: usize, blocks: usize) -> Vec<u8> {
    let (short, longer) = (codewords.len() / blocks, codewords.len() % blocks);
    let length = |block: usize| short - correction + usize::from(block >= blocks - longer);
    let mut read = codewords.iter().copied();
    let mut all = vec![Vec::new(); blocks];
    for place in 0..=short - correction {
        for (block, words) in all.iter_mut().enumerate().filter(|(block, _)| place < length(*block)) {
            assert_eq!(words.len(), place, "block {block}");
            words.push(read.next().expect("data"));
        }
    }
    let data: Vec<u8> = all.concat();
    for _ in 0..correction {
        for words in &mut all {
            words.push(read.next().expect("error correction"));
        }
    }
    for words in &all {
        for power in 0..correction {
            assert_eq!(syndrome(words, power), 0, "a block has an error");
        }
    }
    data
}

/// The value of a block as a polynomial at a power of two, in the field of 256 elements: zero for every block without an error.
fn syndrome(words: &[u8], power: usize) -> u8 {
    let at = (0..power).fold(1, |value, _| times(value, 2));
    words.iter().fold(0, |value, word| times(value, at) ^ word)
}

fn times(left: u8, right: u8) -> u8 {
    let mut product = 0_u32;
    for bit in (0..8).rev() {
        product = product << 1 ^ if product & 0x80 == 0 { 0 } else { 0x11d };
        if right >> bit & 1 == 1 {
            product ^= u32::from(left);
        }
    }
    u8::try_from(product & 0xff).expect("a byte")
}

/// The text of one segment of bytes.
fn text(data: &[u8], version: usize) -> String {
    let bits: Vec<bool> = data.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    let number = |from: usize, count: usize| bits[from..from + count].iter().fold(0_usize, |all, bit| all << 1 | usize::from(*bit));
    assert_eq!(number(0, 4), 4, "bytes");
    let width = if version < 10 { 8 } else { 16 };
    let count = number(4, width);
    let bytes = (0..count).map(|place| u8::try_from(number(4 + width + place * 8, 8)).expect("a byte")).collect();
    String::from_utf8(bytes).expect("UTF-8")
}
