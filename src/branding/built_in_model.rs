//! The pictures that come with Portico. Pure.

use crate::text_enum;

text_enum!(
    /// A picture of ours, drawn as a small SVG (`assets/backdrop-*.svg`).
    BuiltIn {
        /// Teal water that ends in sand.
        Harbor = "harbor",
        /// Hills in the evening.
        Dusk = "dusk",
        /// Green hills in the mist.
        Forest = "forest",
        /// Sand beneath a low sun.
        Dunes = "dunes",
        /// Dark grey with wide rings.
        Slate = "slate",
        /// Night sky with lights.
        Aurora = "aurora",
        /// Light folds.
        Paper = "paper",
        /// Blue waves.
        Tide = "tide",
        /// Wide circles of coral and rose.
        Coral = "coral",
    }
);

impl BuiltIn {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Harbor => "Harbor",
            Self::Dusk => "Dusk",
            Self::Forest => "Forest",
            Self::Dunes => "Dunes",
            Self::Slate => "Slate",
            Self::Aurora => "Aurora",
            Self::Paper => "Paper",
            Self::Tide => "Tide",
            Self::Coral => "Coral",
        }
    }

    /// The file under `assets/`.
    pub const fn asset(self) -> &'static str {
        match self {
            Self::Harbor => "backdrop-harbor.svg",
            Self::Dusk => "backdrop-dusk.svg",
            Self::Forest => "backdrop-forest.svg",
            Self::Dunes => "backdrop-dunes.svg",
            Self::Slate => "backdrop-slate.svg",
            Self::Aurora => "backdrop-aurora.svg",
            Self::Paper => "backdrop-paper.svg",
            Self::Tide => "backdrop-tide.svg",
            Self::Coral => "backdrop-coral.svg",
        }
    }

    /// How bright it is on average, in percent of white's light.
    pub const fn brightness(self) -> i64 {
        match self {
            Self::Harbor => 12,
            Self::Dusk => 8,
            Self::Forest => 26,
            Self::Dunes => 56,
            Self::Slate => 3,
            Self::Aurora => 4,
            Self::Paper => 82,
            Self::Tide => 18,
            Self::Coral => 38,
        }
    }
}
