//! How many sets of codes a lossless WebP unpacks into memory.
//!
//! Each of up to 65,536 sets makes twenty kilobytes of tables of fifteen bytes in the file, and the decoder has no limit for that: two
//! megabytes would make more than a gigabyte. How many there are is the highest number in a small picture that stands within the picture's
//! stream, so the stream is followed up to there, by the format's specification (RFC 9649), without keeping any pixel.

use super::Refusal;

/// Encoders make up to 2,600, each of which must serve many pixels to be worth its place.
const MOST_SETS: usize = 3_000;
/// What a set takes: five tables of up to 1,024 places, and what does not fit into them.
const SET: usize = 21_000;

/// Lengths and distances have so many symbols; one for each value of a color stands before the lengths.
const COLORS: usize = 256;
const LENGTHS: usize = 24;
const DISTANCES: usize = 40;

/// In which order the lengths of the code for lengths are told.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// How many bytes the codes of a picture of this size take. A stream that has more sets of them than an encoder makes is refused.
pub fn memory(stream: &[u8], width: u32, height: u32) -> Result<usize, Refusal> {
    let mut bits = Bits { bytes: stream, place: 0 };
    let (mut width, mut seen) = (width, [false; 4]);
    while bits.read(1)? == 1 {
        let kind = bits.read(2)?;
        let known = usize::try_from(kind).ok().and_then(|kind| seen.get_mut(kind)).ok_or(Refusal::Broken)?;
        if std::mem::replace(known, true) {
            return Err(Refusal::Broken);
        }
        match kind {
            // Two are made of a small picture each, one of nothing, and one of a palette that packs several pixels into one.
            0 | 1 => {
                let tile = bits.read(3)? + 2;
                bits.picture(parts(width, tile), parts(height, tile))?;
            }
            3 => {
                let colors = bits.read(8)? + 1;
                bits.picture(colors, 1)?;
                let packed = [(2, 3), (4, 2), (16, 1)].into_iter().find(|(most, _)| colors <= *most);
                width = parts(width, packed.map_or(0, |(_, packed)| packed));
            }
            _ => {}
        }
    }
    bits.cache()?;
    if bits.read(1)? == 0 {
        return Ok(SET);
    }
    let tile = bits.read(3)? + 2;
    let highest = bits.picture(parts(width, tile), parts(height, tile))?;
    let sets = usize::try_from(highest).map_err(|_| Refusal::Broken)? + 1;
    if sets <= MOST_SETS { Ok(sets * SET) } else { Err(Refusal::Unusual) }
}

fn parts(length: u32, bits: u32) -> u32 {
    length.div_ceil(1 << bits)
}

struct Bits<'a> {
    bytes: &'a [u8],
    place: usize,
}

impl Bits<'_> {
    /// The next bits as a number, the first the lightest.
    fn read(&mut self, count: u32) -> Result<u32, Refusal> {
        (0..count).try_fold(0, |number, bit| Ok(number | self.bit()? << bit))
    }

    fn bit(&mut self) -> Result<u32, Refusal> {
        let byte = self.bytes.get(self.place / 8).ok_or(Refusal::Broken)?;
        let bit = u32::from(*byte) >> (self.place % 8) & 1;
        self.place += 1;
        Ok(bit)
    }

    /// How many colors of late are kept at hand.
    fn cache(&mut self) -> Result<usize, Refusal> {
        match self.read(1)? {
            0 => Ok(0),
            _ => match self.read(4)? {
                bits @ 1..=11 => Ok(1 << bits),
                _ => Err(Refusal::Broken),
            },
        }
    }

    /// Passes a small picture; the highest number that red and green make in it. What is copied or at hand was told before.
    fn picture(&mut self, width: u32, height: u32) -> Result<u32, Refusal> {
        let cached = self.cache()?;
        let green = self.code(COLORS + LENGTHS + cached)?;
        let [red, blue, alpha] = [self.code(COLORS)?, self.code(COLORS)?, self.code(COLORS)?];
        let distance = self.code(DISTANCES)?;
        let (mut left, mut highest) = (u64::from(width) * u64::from(height), 0);
        while 0 < left {
            let symbol = green.symbol(self)?;
            let mut passed = 1;
            if symbol < 256 {
                highest = highest.max(red.symbol(self)? << 8 | symbol);
                blue.symbol(self)?;
                alpha.symbol(self)?;
            } else if symbol < 280 {
                passed = u64::from(self.distance(symbol - 256)?);
                let symbol = distance.symbol(self)?;
                self.distance(symbol)?;
            }
            left = left.saturating_sub(passed);
        }
        Ok(highest)
    }

    /// A length or distance that begins with this symbol.
    fn distance(&mut self, symbol: u32) -> Result<u32, Refusal> {
        if symbol < 4 {
            return Ok(symbol + 1);
        }
        let extra = (symbol - 2) >> 1;
        Ok(((2 + (symbol & 1)) << extra) + self.read(extra)? + 1)
    }

    fn code(&mut self, symbols: usize) -> Result<Code, Refusal> {
        if self.read(1)? == 0 {
            return Code::of(&self.lengths(symbols)?);
        }
        let (two, wide) = (self.read(1)?, self.read(1)?);
        let mut listed = vec![self.read(1 + 7 * wide)?];
        if two == 1 {
            listed.push(self.read(8)?);
        }
        let mut counts = [0; 16];
        if let (Some(count), 1) = (counts.get_mut(1), two) {
            *count = 2;
        }
        Ok(Code { counts, symbols: listed })
    }

    fn lengths(&mut self, symbols: usize) -> Result<Vec<u8>, Refusal> {
        let mut own = [0; 19];
        let told = usize::try_from(self.read(4)?).unwrap_or_default() + 4;
        for place in ORDER.iter().take(told) {
            let length = u8::try_from(self.read(3)?).unwrap_or_default();
            own.get_mut(*place).ok_or(Refusal::Broken).map(|own| *own = length)?;
        }
        let code = Code::of(&own)?;
        let mut most = u32::MAX;
        if self.read(1)? == 1 {
            let bits = 2 + 2 * self.read(3)?;
            most = 2 + self.read(bits)?;
        }
        let (mut lengths, mut last) = (Vec::new(), 8);
        while lengths.len() < symbols && 0 < most {
            most -= 1;
            let (length, times) = match code.symbol(self)? {
                16 => (last, 3 + self.read(2)?),
                17 => (0, 3 + self.read(3)?),
                18 => (0, 11 + self.read(7)?),
                length => (u8::try_from(length).unwrap_or_default(), 1),
            };
            last = if length == 0 { last } else { length };
            lengths.extend((0..times).map(|_| length));
        }
        if symbols < lengths.len() { Err(Refusal::Broken) } else { Ok(lengths) }
    }
}

/// A prefix code: how many symbols there are of each length, and the symbols in their order.
struct Code {
    counts: [u32; 16],
    symbols: Vec<u32>,
}

impl Code {
    fn of(lengths: &[u8]) -> Result<Self, Refusal> {
        let mut counts = [0; 16];
        let mut symbols = Vec::new();
        for (length, count) in (0..=15_u8).zip(&mut counts).skip(1) {
            let of_length = (0..).zip(lengths).filter(|(_, own)| **own == length).map(|(symbol, _)| symbol);
            let before = symbols.len();
            symbols.extend(of_length);
            *count = u32::try_from(symbols.len() - before).unwrap_or_default();
        }
        match symbols.as_slice() {
            [] => Err(Refusal::Broken),
            // The only one there is needs no bits.
            [_] => Ok(Self { counts: [0; 16], symbols }),
            _ => Ok(Self { counts, symbols }),
        }
    }

    fn symbol(&self, bits: &mut Bits<'_>) -> Result<u32, Refusal> {
        if let [symbol] = self.symbols.as_slice() {
            return Ok(*symbol);
        }
        // The first code of this length, and how many symbols stand before it.
        let (mut code, mut first, mut before) = (0, 0, 0);
        for count in self.counts.iter().skip(1) {
            code |= bits.bit()?;
            if code < first + count {
                let place = usize::try_from(before + code - first).map_err(|_| Refusal::Broken)?;
                return self.symbols.get(place).copied().ok_or(Refusal::Broken);
            }
            before += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(Refusal::Broken)
    }
}
