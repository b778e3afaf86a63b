//! What a second factor is, and how its codes are typed. Pure.

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::IdentityId;
use crate::kernel::random::Tokens;
use crate::kernel::secret::Vault;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::kernel::totp::Secret;

/// ACC-7: so many recovery codes are made at a time.
pub const RECOVERY_CODES: i64 = 10;

/// A second factor that is set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status {
    /// Since when.
    pub since: Timestamp,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
}

/// What somebody typed where a code is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Typed {
    /// Six digits, as an app shows them.
    Code(String),
    /// What may be a recovery code.
    RecoveryCode(String),
}

impl Typed {
    /// However it was grouped and in whichever case it was typed.
    pub fn read(raw: &str) -> Self {
        let plain: String = raw.chars().filter(char::is_ascii_alphanumeric).take(64).map(|sign| sign.to_ascii_uppercase()).collect();
        let is_code = plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit());
        if is_code { Self::Code(plain) } else { Self::RecoveryCode(plain) }
    }
}

/// The secret that is offered for setting up: the same for as long as the session has its token and no other was set up meanwhile, so
/// that a page drawn again shows what the app has read already. Nothing of it is stored before a code of it was given.
pub fn offered(vault: &Vault, session: &[u8], identity: IdentityId, now: Option<Status>) -> Result<Secret> {
    let since = now.map_or(0, |status| status.since.0);
    let bytes = vault.keyed_hash("offered second factor", &[session, &identity.0.to_le_bytes(), &since.to_le_bytes()]);
    Secret::of(&bytes).ok_or_else(|| Error::internal("a keyed hash is too short for a secret"))
}

/// Fresh recovery codes as people read them: `K7QF-2MPX`.
pub fn recovery_codes(tokens: Tokens) -> Result<Vec<String>> {
    (0..RECOVERY_CODES).map(|_| Ok(text::groups_of_four(&text::base32(&tokens.bytes::<5>()?), '-'))).collect()
}

/// The file that recovery codes are saved as.
pub fn file_of(codes: &str, partner: &str, email: &str) -> String {
    format!(
        "Recovery codes for {email} at {partner}\r\n\
         Each works once, in the place of a code of the authenticator app.\r\n\r\n{}\r\n",
        codes.replace('\n', "\r\n")
    )
}
