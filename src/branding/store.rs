//! The rows of what is shown and of what is drafted.

use rusqlite::{Row, params};

use crate::branding::look_model::{Shown, of_clients};
use crate::branding::model::{Background, BackgroundKind, DevicesNamed, Global, Stage};
use crate::kernel::color::Color;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::html::frame::Look;
use crate::kernel::ids::PartnerId;

/// The names of the style sheets of a choice; none where all is Portico's own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheets {
    /// Behind the partner's own pages.
    pub portal: Option<String>,
    /// What organizations' users see.
    pub clients: Option<String>,
    /// The same on the preview beside the form.
    pub preview: Option<String>,
}

/// What is chosen, with its sheets.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chosen {
    /// The choice.
    pub global: Global,
    /// What was made of it.
    pub sheets: Sheets,
}

/// A partner's choice at a stage, if there is one.
pub fn find(db: &impl Read, partner: PartnerId, stage: Stage) -> Result<Option<Chosen>> {
    db.maybe(
        "select devices_named, portal_kind, portal_value, clients_kind, clients_value, logo, accent, title, support,
                portal_sheet, clients_sheet, preview_sheet
           from branding where partner = ?1 and stage = ?2",
        params![partner, stage],
        |row| {
            let global = Global {
                devices: row.get(0)?,
                portal: background(row, 1)?,
                clients: background(row, 3)?,
                logo: row.get(5)?,
                accent: row.get::<_, Option<String>>(6)?.map(|text| color(6, &text)).transpose()?,
                title: row.get(7)?,
                support: row.get(8)?,
            };
            Ok(Chosen { global, sheets: Sheets { portal: row.get(9)?, clients: row.get(10)?, preview: row.get(11)? } })
        },
    )
}

fn background(row: &Row<'_>, at: usize) -> rusqlite::Result<Background> {
    let (kind, value): (BackgroundKind, String) = (row.get(at)?, row.get(at + 1)?);
    Background::of(kind, value).ok_or_else(|| unknown(at + 1))
}

fn color(at: usize, text: &str) -> rusqlite::Result<Color> {
    Color::parse(text).ok_or_else(|| unknown(at))
}

fn unknown(at: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, "a background or color that is none".into())
}

/// Keeps a choice in the place of the one that was at this stage.
pub fn keep(tx: &Tx<'_>, partner: PartnerId, stage: Stage, chosen: &Chosen) -> Result<()> {
    let Chosen { global, sheets } = chosen;
    tx.change_one(
        "insert or replace into branding (partner, stage, devices_named, portal_kind, portal_value, clients_kind, clients_value, logo, accent,
                                          title, support, portal_sheet, clients_sheet, preview_sheet)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            partner,
            stage,
            global.devices,
            global.portal.kind(),
            global.portal.value(),
            global.clients.kind(),
            global.clients.value(),
            global.logo,
            global.accent.map(|accent| accent.to_string()),
            global.title,
            global.support,
            sheets.portal,
            sheets.clients,
            sheets.preview,
        ],
    )
}

/// Forgets what is chosen at a stage; whether there was anything.
pub fn forget(tx: &Tx<'_>, partner: PartnerId, stage: Stage) -> Result<bool> {
    Ok(0 < tx.execute("delete from branding where partner = ?1 and stage = ?2", params![partner, stage])?)
}

/// DEV-4: how a partner's people, and its organizations' users, read devices' names.
pub fn devices_named(db: &impl Read, partner: PartnerId) -> Result<DevicesNamed> {
    let found = db.maybe("select devices_named from branding where partner = ?1 and stage = 'live'", [partner], |row| row.get(0))?;
    Ok(found.unwrap_or(DevicesNamed::Hostname))
}

const LOOK: &str = "select b.clients_sheet, b.clients_kind <> 'none', p.name, b.title, b.logo, f.width, f.height, b.support, p.country
      from partner p join branding b on b.partner = p.id left join branding_file f on f.name = b.logo";

fn look(row: &Row<'_>) -> rusqlite::Result<Look> {
    let logo = match row.get::<_, Option<String>>(4)? {
        Some(name) => Some((name, row.get(5)?, row.get(6)?)),
        None => None,
    };
    Ok(of_clients(Shown {
        sheet: row.get(0)?,
        backed: row.get(1)?,
        partner: row.get(2)?,
        title: row.get(3)?,
        logo,
        support: row.get(7)?,
        country: row.get(8)?,
    }))
}

/// BRA-5: how the partner of a sign-in address looks; Portico's own for an unknown one.
pub fn look_of_slug(db: &impl Read, slug: &str) -> Result<Look> {
    Ok(db.maybe(&format!("{LOOK} where p.slug = ?1 and b.stage = 'live'"), [slug], look)?.unwrap_or_default())
}

/// How a partner looks to those who come by a link in its letters.
pub fn look_of(db: &impl Read, partner: PartnerId) -> Result<Look> {
    look_at(db, partner, Stage::Live)
}

/// How it looks at a stage; Portico's own where nothing is chosen.
pub fn look_at(db: &impl Read, partner: PartnerId, stage: Stage) -> Result<Look> {
    Ok(db.maybe(&format!("{LOOK} where p.id = ?1 and b.stage = ?2"), params![partner, stage], look)?.unwrap_or_default())
}
