//! What is served under `/brand/`: style sheets and pictures, named by what is in them.

use std::fmt::Write as _;

use rusqlite::params;

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::text_enum;

text_enum!(
    /// What a file is.
    FileKind {
        /// A style sheet that Portico made.
        Css = "css",
        /// One of Portico's own pictures; never one that somebody sent.
        Svg = "svg",
        /// A picture.
        Png = "png",
        /// A picture.
        Jpeg = "jpeg",
        /// A picture.
        Webp = "webp",
    }
);

impl FileKind {
    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Css => "text/css; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Css => "css",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }
}

/// A file to keep.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// What it is.
    pub kind: FileKind,
    /// Width and height in pixels; nothing for a style sheet.
    pub size: (i64, i64),
    /// How bright it is on average, in percent of white's light.
    pub brightness: i64,
    /// All of it.
    pub bytes: &'a [u8],
}

impl<'a> NewFile<'a> {
    /// A style sheet.
    pub const fn sheet(text: &'a str) -> Self {
        Self { kind: FileKind::Css, size: (0, 0), brightness: 0, bytes: text.as_bytes() }
    }
}

/// Keeps a file of a partner, if it is not there yet; its name. The name is made with the portal's key, so that nobody who has a picture can
/// ask who else has it.
pub fn keep(tx: &Tx<'_>, partner: PartnerId, file: &NewFile<'_>) -> Result<String> {
    let hash = tx.vault().keyed_hash("brand file", &[&partner.0.to_le_bytes(), file.kind.word().as_bytes(), file.bytes]);
    let name = format!("{}.{}", hex(&hash), file.kind.ending());
    tx.execute(
        "insert or ignore into branding_file (name, partner, kind, width, height, brightness, bytes) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![name, partner, file.kind, file.size.0, file.size.1, file.brightness, file.bytes],
    )?;
    Ok(name)
}

/// The first sixteen bytes as 32 digits.
fn hex(hash: &[u8]) -> String {
    hash.iter().take(16).fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// A file that was kept.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// Whose.
    pub partner: PartnerId,
    /// What it is.
    pub kind: FileKind,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Whether it is part of what everybody sees, and not of a draft alone. Portico's own pictures are nobody's secret.
    pub is_shown: bool,
}

/// The file with this name; `NotFound` when there is none. Anybody may have what is shown: sign-in pages need it.
pub fn file(db: &impl Read, name: &str) -> Result<KeptFile> {
    db.one(
        "select f.partner, f.kind, f.bytes, f.kind = ?2 or exists (
                    select 1 from branding b where b.partner = f.partner and b.stage = 'live'
                       and f.name in (b.portal_value, b.clients_value, b.logo, b.portal_sheet, b.clients_sheet, b.preview_sheet))
           from branding_file f where f.name = ?1",
        params![name, FileKind::Svg],
        |row| Ok(KeptFile { partner: row.get(0)?, kind: row.get(1)?, bytes: row.get(2)?, is_shown: row.get(3)? }),
    )
}

/// A picture's width and height in pixels, and its brightness; none when it is no file of this partner.
pub fn measures(db: &impl Read, partner: PartnerId, name: &str) -> Result<Option<(i64, i64, i64)>> {
    db.maybe("select width, height, brightness from branding_file where name = ?1 and partner = ?2", params![name, partner], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

/// Removes a partner's files that neither its look nor its draft names any more. Portico's own pictures stay: style sheets name them.
pub fn sweep(tx: &Tx<'_>, partner: PartnerId) -> Result<()> {
    tx.execute(
        "delete from branding_file where partner = ?1 and kind <> ?2 and not exists (
             select 1 from branding b where b.partner = branding_file.partner
                and branding_file.name in (b.portal_value, b.clients_value, b.logo, b.portal_sheet, b.clients_sheet, b.preview_sheet))",
        params![partner, FileKind::Svg],
    )?;
    Ok(())
}
