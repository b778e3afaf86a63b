//! The token source: the only home of chance.

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
