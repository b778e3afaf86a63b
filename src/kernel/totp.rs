//! Codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds): the only home of `totp_rs`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Algorithm, Builder, Totp};

use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// RFC 4226 recommends so many bytes.
const LENGTH: usize = 20;
/// How long a code is shown, in seconds.
const STEP: u64 = 30;
/// ACC-7: a code of the step before or after is taken as well.
const SKEW: u16 = 1;
const DIGITS: u8 = 6;
/// What cannot stand in a label as it is; a shorter address makes a coarser code, which is easier to scan.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'@');

/// So much of a name and of an e-mail an app is told, in characters: each takes up to twelve bytes a time, and a QR code holds 2,331.
const LONGEST_ISSUER: usize = 40;
const LONGEST_ACCOUNT: usize = 80;

/// What an app and the portal share.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; LENGTH]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret")
    }
}

impl Secret {
    /// A secret of the first twenty of these bytes; none when there are fewer.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        bytes.first_chunk().copied().map(Self)
    }

    /// Its bytes, to be sealed.
    pub const fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it is typed into an app: base 32, without what it may be grouped by.
    pub fn text(&self) -> String {
        text::base32(&self.0)
    }

    /// The address that an app reads from a QR code, with whom the codes are for.
    pub fn address(&self, issuer: &str, account: &str) -> String {
        // A colon would end the issuer in the label. Six digits of SHA-1 each thirty seconds are what every app takes it to mean.
        let written = |text: &str, longest: usize| {
            let plain: String = text.chars().map(|sign| if sign == ':' { ' ' } else { sign }).take(longest).collect();
            utf8_percent_encode(plain.trim_end(), ENCODED).to_string()
        };
        let (issuer, account) = (written(issuer, LONGEST_ISSUER), written(account, LONGEST_ACCOUNT));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.text())
    }

    /// The step whose code this is: that of `now`, or the one before or after it. None for any other text.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let step = self.codes().ok()?.check(code, seconds(now))?;
        i64::try_from(step).ok()
    }

    /// The code of this moment.
    pub fn code_at(&self, now: Timestamp) -> Option<String> {
        Some(self.codes().ok()?.generate(seconds(now)).to_string())
    }

    fn codes(&self) -> Result<Totp, totp_rs::TotpError> {
        let codes = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(DIGITS).with_step_duration(STEP).with_skew(SKEW);
        codes.with_secret(self.0).build()
    }
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.0.div_euclid(1_000)).unwrap_or_default()
}
