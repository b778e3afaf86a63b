//! What one may set for oneself. Pure.

use crate::kernel::time::Zone;
use crate::text_enum;

text_enum!(
    /// Light or dark.
    Look {
        /// As the machine says.
        Auto = "auto",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
);

impl Look {
    /// Parses what was chosen; the error is a sentence for the field.
    pub fn parse(raw: &str) -> Result<Self, String> {
        Self::from_word(raw).ok_or_else(|| "Choose automatic, light or dark.".to_owned())
    }

    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Auto => "Automatic",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// A time zone's name out of the list; the error is a sentence for the field.
pub fn time_zone(raw: &str) -> Result<String, String> {
    let known = raw == "UTC" || Zone::names().iter().any(|name| name == raw);
    if known { Ok(raw.to_owned()) } else { Err("Choose a time zone from the list.".to_owned()) }
}
