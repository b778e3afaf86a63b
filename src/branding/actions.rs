//! Drafting, saving, discarding, and going back to Portico's own.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::access::witness_model::PrimaryAccount;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::branding::built_in_model::BuiltIn;
use crate::branding::files_store::{self, FileKind, NewFile};
use crate::branding::look_model::{Shown, address, of_clients};
use crate::branding::model::{Background, Global, Stage};
use crate::branding::sheet_model::{Backdrop, Dress, preview_sheet, sheet};
use crate::branding::store::{self, Chosen, Sheets};
use crate::kernel::assets;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::html::frame::Look;
use crate::kernel::ids::PartnerId;
use crate::kernel::picture::Picture;

/// The page as a style sheet names it.
const PAGE: &str = ":root";

/// What everybody sees now, and what is drafted beside it.
pub fn state(db: &impl Read, partner: PartnerId) -> Result<(Chosen, Option<Chosen>)> {
    Ok((store::find(db, partner, Stage::Live)?.unwrap_or_default(), store::find(db, partner, Stage::Draft)?))
}

/// What a form was drawn with, in short: two are the same when live look and draft are. Empty of nobody's form.
pub fn fingerprint(live: &Chosen, draft: Option<&Chosen>) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{:?} {:?}", live.global, draft.map(|draft| &draft.global)).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A refusal where somebody, or the same person in another window, changed look or draft since the form was drawn: what it says of pictures
/// it would say of others.
pub fn same_as_seen(seen: &str, live: &Chosen, draft: Option<&Chosen>) -> Result<()> {
    if seen.is_empty() || seen == fingerprint(live, draft) {
        return Ok(());
    }
    let sentence = "The branding was changed in another window meanwhile, so nothing was done. Below is what you entered, beside the pictures \
                    as they are now: look it through and go on.";
    Err(Error::Conflict(sentence.to_owned()))
}

/// BRA-5: keeps a choice as the draft that the preview shows; nothing is kept of one that is what everybody sees already. Whether there is a
/// draft now.
pub fn draft(tx: &Tx<'_>, by: &PrimaryAccount, global: &Global) -> Result<bool> {
    let (live, before) = state(tx, by.partner())?;
    let changes = global.changes(before.as_ref().map_or(&live.global, |before| &before.global));
    let differs = *global != live.global;
    if differs {
        store::keep(tx, by.partner(), Stage::Draft, &made(tx, by.partner(), global)?)?;
    } else {
        store::forget(tx, by.partner(), Stage::Draft)?;
    }
    files_store::sweep(tx, by.partner())?;
    if !changes.is_empty() {
        record(tx, by, &Event::new(Kind::BrandingDrafted, "drafted a change of the branding").with(changes))?;
    }
    Ok(differs)
}

/// BRA-1: shows a choice to everybody it is for; `false`, and nothing recorded, when it is what they see already.
pub fn save(tx: &Tx<'_>, by: &PrimaryAccount, global: &Global) -> Result<bool> {
    let (live, _) = state(tx, by.partner())?;
    let changes = global.changes(&live.global);
    store::forget(tx, by.partner(), Stage::Draft)?;
    if !changes.is_empty() {
        store::keep(tx, by.partner(), Stage::Live, &made(tx, by.partner(), global)?)?;
        record(tx, by, &Event::new(Kind::BrandingChanged, "changed the branding").with(changes.clone()))?;
    }
    files_store::sweep(tx, by.partner())?;
    Ok(!changes.is_empty())
}

/// Drops the draft. A refusal where there is none.
pub fn discard(tx: &Tx<'_>, by: &PrimaryAccount) -> Result<()> {
    if !store::forget(tx, by.partner(), Stage::Draft)? {
        return Err(Error::refused("There is no draft any more: it was saved or discarded."));
    }
    files_store::sweep(tx, by.partner())?;
    record(tx, by, &Event::new(Kind::BrandingDrafted, "discarded the draft of the branding"))
}

/// Back to Portico's own. What was shown stays as the draft, so that it can be saved again; how devices are identified stays as it is. A
/// refusal where Portico's own is what everybody sees.
pub fn back_to_own(tx: &Tx<'_>, by: &PrimaryAccount) -> Result<()> {
    let (live, _) = state(tx, by.partner())?;
    let plain = live.global.plain();
    let changes = plain.changes(&live.global);
    if changes.is_empty() {
        return Err(Error::refused("Portico's own look is what everybody sees already."));
    }
    store::keep(tx, by.partner(), Stage::Draft, &live)?;
    store::keep(tx, by.partner(), Stage::Live, &made(tx, by.partner(), &plain)?)?;
    files_store::sweep(tx, by.partner())?;
    record(tx, by, &Event::new(Kind::BrandingChanged, "went back to Portico's own look").with(changes))
}

fn record(tx: &Tx<'_>, by: &PrimaryAccount, event: &Event) -> Result<()> {
    activity::store::record(tx, by.actor(), event).map(drop)
}

/// A choice with the style sheets that show it.
pub fn made(tx: &Tx<'_>, partner: PartnerId, global: &Global) -> Result<Chosen> {
    // A picture of ours is kept beside the sheet, so that it outlives the version that drew it.
    let built_in = |picture: BuiltIn| {
        let asset = assets::find(assets::href(picture.asset())).ok_or_else(|| Error::internal("a built-in picture is not there"))?;
        let file = NewFile { kind: FileKind::Svg, size: (1600, 1000), brightness: picture.brightness(), bytes: &asset.plain };
        files_store::keep(tx, partner, &file).map(|name| address(&name))
    };
    let (clients, portal) = dresses(tx, partner, global, &built_in)?;
    let keep = |text: &str| files_store::keep(tx, partner, &NewFile::sheet(text)).map(Some);
    let mut sheets = Sheets::default();
    if global.portal != Background::None {
        sheets.portal = keep(&sheet(PAGE, &portal))?;
    }
    if global.is_seen() {
        sheets.clients = keep(&sheet(PAGE, &clients))?;
    }
    if sheets.portal.is_some() || sheets.clients.is_some() {
        sheets.preview = keep(&preview_sheet(&clients, &portal))?;
    }
    Ok(Chosen { global: global.clone(), sheets })
}

/// How a choice looks on a partner's previews, with the text of their style sheet, while nothing of it is kept.
pub fn tried_on(db: &impl Read, partner: PartnerId, name: &str, global: &Global) -> Result<(Look, String)> {
    let (clients, portal) = dresses(db, partner, global, &|picture| Ok(assets::href(picture.asset()).to_owned()))?;
    let logo = match &global.logo {
        Some(name) => Some((name.clone(), there(files_store::measures(db, partner, name)?)?)),
        None => None,
    };
    let look = of_clients(Shown {
        sheet: global.is_seen().then(String::new),
        backed: global.clients != Background::None,
        partner: name.to_owned(),
        title: global.title.clone(),
        logo: logo.map(|(name, (width, height, _))| (name, width, height)),
        support: global.support.clone(),
        country: String::new(),
    });
    Ok((Look { stylesheet: None, ..look }, preview_sheet(&clients, &portal)))
}

/// What organizations' users see, and what lies behind the partner's own pages. `built_in` says where a picture of ours is.
fn dresses(db: &impl Read, partner: PartnerId, global: &Global, built_in: &dyn Fn(BuiltIn) -> Result<String>) -> Result<(Dress, Dress)> {
    let backdrop = |background: &Background| {
        Ok::<_, Error>(match background {
            Background::None => Backdrop::Plain,
            Background::Color(color) => Backdrop::Color(*color),
            Background::BuiltIn(picture) => Backdrop::Picture(built_in(*picture)?, picture.brightness()),
            Background::Upload(name) => Backdrop::Picture(address(name), there(files_store::measures(db, partner, name)?)?.2),
        })
    };
    let logo = match &global.logo {
        Some(name) => Some(there(files_store::measures(db, partner, name)?)?.2),
        None => None,
    };
    let clients = Dress { accent: global.accent, backdrop: backdrop(&global.clients)?, logo };
    Ok((clients, Dress { accent: None, backdrop: backdrop(&global.portal)?, logo: None }))
}

/// What is known of an uploaded picture; a refusal where it went meanwhile.
fn there(measures: Option<(i64, i64, i64)>) -> Result<(i64, i64, i64)> {
    measures.ok_or_else(|| Error::refused("The picture is not there any more. Choose its file again."))
}

/// BRA-4: keeps a picture that was made of an upload, for a choice of the same transaction to name; its name.
pub fn keep_picture(tx: &Tx<'_>, by: &PrimaryAccount, picture: &Picture) -> Result<String> {
    let kind = if picture.content_type == FileKind::Png.content_type() { FileKind::Png } else { FileKind::Jpeg };
    let size = (i64::from(picture.width), i64::from(picture.height));
    let file = NewFile { kind, size, brightness: i64::from(picture.light.brightness), bytes: &picture.bytes };
    files_store::keep(tx, by.partner(), &file)
}
