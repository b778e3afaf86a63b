//! Writing a partner's own letters when they are due (NOT-1, SUB-12).

use crate::access::witness_model::Clockwork;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::home::model::{Found, READ, colleagues};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::month::Month;
use crate::kernel::text::counted;
use crate::kernel::time::Zone;
use crate::mail::model::{Letter, LetterKind};
use crate::notifications::digest_blocks_letters::{self as blocks, Errors, General};
use crate::notifications::digest_letters as letters;
use crate::notifications::digest_model::{Block, Digest};
use crate::notifications::digest_store::{self as store, Due};
use crate::notifications::readers_store::{self, Reader};
use crate::{employees, home, mail, organizations, partners, statements, transfers};

/// SUB-12: writes the letter that was due first, to everybody who has something to read in it; one letter, however many edges went by.
/// Whether one was due.
pub fn write_due(tx: &Tx<'_>, clock: &Clockwork) -> Result<bool> {
    let waits = if billing(tx)? { Some(Digest::Invoices) } else { None };
    let Some(due) = store::due(tx, waits)? else { return Ok(false) };
    let edge = due.every.latest(tx.now());
    let mut told = 0;
    for reader in readers_store::readers(tx, due.partner)? {
        let content = content(tx, &due, &reader)?;
        if !content.is_empty() {
            write(tx, &due, &reader, (&content, &Zone::utc().date(edge)))?;
            told += 1;
        }
    }
    store::set_told(tx, &due)?;
    if told == 0 {
        return Ok(true);
    }
    let sentence = format!("wrote the letter {} to {}", due.digest.shown(), counted(told, "person", "people"));
    let event = Event::new(Kind::DigestWritten, sentence).with(Change::between("Due", "", edge.iso()));
    activity::store::record(tx, &clock.actor(due.partner), &event)?;
    Ok(true)
}

/// Whether a month that is over is still to be closed somewhere: its statements belong into the letter of this edge.
fn billing(db: &impl Read) -> Result<bool> {
    let now = Month::of(db.now());
    Ok(statements::store::open(db, now)?.is_some() || !organizations::usage_store::behind(db, now, 1)?.is_empty())
}

/// What a letter tells this reader: nothing that their own pages do not show them.
fn content(db: &impl Read, due: &Due, reader: &Reader) -> Result<Vec<Block>> {
    let scope = &reader.scope;
    Ok(match due.digest {
        Digest::Errors => blocks::errors(&Errors {
            failing: home::store::failing(db, scope)?,
            missing: home::store::missing(db, scope)?,
            silent: home::store::silent(db, scope)?,
            letters: home::store::failed_letters(db, scope)?,
            full: home::store::full(db, scope)?,
            over: home::store::over(db, scope)?,
        }),
        Digest::Invoices if reader.sees_all() => blocks::invoices(&statements::store::closed_after(db, due.partner, due.since)?),
        Digest::Invoices => Vec::new(),
        Digest::General => {
            let transfers = if reader.sees_all() { waiting(db, due)? } else { Found::default() };
            let staff = employees::store::not_set_up(db, scope)?;
            let general = General {
                ending: home::store::ending(db, scope)?,
                transfers,
                lapsing: home::store::lapsing(db, scope)?,
                colleagues: colleagues(&staff, reader.hand, db.now()).0,
                unauthorized: home::store::unauthorized(db, scope)?,
                loose: home::store::loose(db, scope)?,
            };
            blocks::general(&general, db.now())
        }
    })
}

/// Limited employees see no transfers (EMP-4).
fn waiting(db: &impl Read, due: &Due) -> Result<Found<transfers::model::Transfer>> {
    let (first, total) = transfers::store::waiting_for(db, due.partner, i64::try_from(READ).unwrap_or(i64::MAX))?;
    Ok(Found::new(first, total))
}

fn write(tx: &Tx<'_>, due: &Due, reader: &Reader, (blocks, day): (&[Block], &str)) -> Result<()> {
    let partner = partners::store::signature(tx, due.partner)?;
    let content =
        letters::digest(letters::Letter { name: &reader.name, partner: &partner.name, digest: due.digest, every: due.every, day, blocks });
    let letter = Letter {
        partner: due.partner,
        organization: None,
        account: Some(reader.account),
        identity: Some(reader.identity),
        kind: LetterKind::Notice,
        to_name: reader.name.clone(),
        to_email: reader.email.clone(),
        content,
        link: None,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}
