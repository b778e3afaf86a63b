//! The token source: the only home of chance, and of what only looks like it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::kernel::error::{Error, Result};

/// Chance from the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tokens;

impl Tokens {
    /// So many random bytes.
    pub fn bytes<const N: usize>(self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        SysRng.try_fill_bytes(&mut bytes).map_err(|error| Error::internal(format!("no randomness: {error}")))?;
        Ok(bytes)
    }

    /// 32 random bytes as 43 URL-safe characters: for sessions, mailed links and form ids.
    pub fn token(self) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<32>()?))
    }

    /// A random number from `low` to below `high`.
    pub fn number(self, low: i64, high: i64) -> Result<i64> {
        let bits = u64::from_le_bytes(self.bytes()?);
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(1).max(1);
        Ok(low + i64::try_from(bits % width).unwrap_or_default())
    }

    /// A random id of fifteen digits, so that ids tell nothing about how many there are.
    pub fn id(self) -> Result<i64> {
        self.number(100_000_000_000_000, 1_000_000_000_000_000)
    }
}

/// What looks like chance and is the same again for the same seed and subject: for the demo, which must be alive and can be tested. Nothing
/// secret comes from it.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice for one subject, such as an account and a day.
    pub fn seeded(seed: u64, subject: &str) -> Self {
        Self(subject.bytes().fold(seed ^ 0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)))
    }

    /// The next number from 0 to below `sides`; 0 where there are none.
    pub fn below(&mut self, sides: i64) -> i64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let sides = u64::try_from(sides).unwrap_or(0);
        (mixed ^ (mixed >> 31)).checked_rem(sides).map_or(0, |rest| i64::try_from(rest).unwrap_or_default())
    }
}
