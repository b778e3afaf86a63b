//! SUP-1: who of an organization may ask for the interactions with support. Pure.

use crate::kernel::error::Result;
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::AccountId;
use crate::kernel::random::Tokens;
use crate::kernel::secret::Vault;
use crate::kernel::time::Timestamp;

/// SUP-1: how many digits a support PIN has.
pub const PIN_DIGITS: usize = 8;

/// How a user stands with support.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Support {
    /// Nobody authorized them.
    Not,
    /// Somebody did, and has not confirmed their PIN yet.
    Given {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// The PIN was confirmed: what they ask for needs nobody's approval.
    InForce {
        /// Who authorized them.
        by: String,
        /// When.
        at: Timestamp,
        /// Who confirmed the PIN.
        confirmed_by: String,
        /// When.
        confirmed_at: Timestamp,
    },
}

impl Support {
    /// As it is stored: who gave it and who confirmed it, with the moments.
    pub fn of(given: Option<(String, Timestamp)>, confirmed: Option<(String, Timestamp)>) -> Self {
        match (given, confirmed) {
            (None, _) => Self::Not,
            (Some((by, at)), None) => Self::Given { by, at },
            (Some((by, at)), Some((confirmed_by, confirmed_at))) => Self::InForce { by, at, confirmed_by, confirmed_at },
        }
    }

    /// Color, shape and words of its badge; nothing for who is not authorized.
    pub const fn look(&self) -> Option<(Tone, Icon, &'static str)> {
        match self {
            Self::Not => None,
            Self::Given { .. } => Some((Tone::Warn, Icon::Clock, "Support PIN to confirm")),
            Self::InForce { .. } => Some((Tone::Good, Icon::Check, "Authorized for support")),
        }
    }

    /// As the log says it.
    pub const fn shown(&self) -> &'static str {
        match self {
            Self::Not => "Not authorized",
            Self::Given { .. } => "PIN to confirm",
            Self::InForce { .. } => "Authorized",
        }
    }

    /// What a recorded task says of it: by whom and when it was given and confirmed; nothing unless it is in force.
    pub fn recorded(&self) -> Option<String> {
        match self {
            Self::Not | Self::Given { .. } => None,
            Self::InForce { by, at, confirmed_by, confirmed_at } => {
                Some(format!("authorized by {by} on {}, PIN confirmed by {confirmed_by} on {}", at.iso(), confirmed_at.iso()))
            }
        }
    }
}

/// A new PIN: eight random digits, for the telephone.
pub fn new_pin(tokens: Tokens) -> Result<String> {
    Ok(format!("{:0width$}", tokens.number(0, 100_000_000)?, width = PIN_DIGITS))
}

/// What is stored of a user's PIN.
pub fn pin_hash(vault: &Vault, account: AccountId, pin: &str) -> Vec<u8> {
    vault.keyed_hash("support PIN", &[&account.0.to_le_bytes(), pin.as_bytes()])
}

/// The digits of a PIN as somebody typed it, with spaces and dashes or without; the error is a sentence for the field.
pub fn typed_pin(raw: &str) -> std::result::Result<String, String> {
    let digits: String = raw.chars().filter(|sign| !sign.is_whitespace() && *sign != '-').take(PIN_DIGITS + 1).collect();
    if digits.len() == PIN_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(digits)
    } else {
        Err(format!("A support PIN has {PIN_DIGITS} digits."))
    }
}
