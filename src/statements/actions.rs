//! What the clock does with statements, and what an organization's page tells of its own.

use crate::access::model::Scope;
use crate::access::witness_model::Clockwork;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::month::Month;
use crate::kernel::text::counted;
use crate::kernel::time::Timestamp;
use crate::organizations::model::Organization;
use crate::organizations::usage_store;
use crate::statements::model::{OwnLine, Statement};
use crate::statements::store::{self, Which};
use crate::subscriptions::price_store;

/// Closed months on an organization's page.
const OWN: i64 = 12;

/// So many organizations go on to the new month in one transaction: it holds the write lock for a moment only.
const AT_ONCE: i64 = 200;

/// SUB-9, SUB-12: takes organizations over into the month that runs, and when all are there closes a statement of a month that is over.
/// How much was done; 0 when nothing is left.
pub fn close_due(tx: &Tx<'_>, clock: &Clockwork) -> Result<usize> {
    let now = Month::of(tx.now());
    let behind = usage_store::behind(tx, now, AT_ONCE)?;
    if !behind.is_empty() {
        for organization in &behind {
            usage_store::turn(tx, *organization, now)?;
        }
        return Ok(behind.len());
    }
    let Some((partner, month)) = store::open(tx, now)? else { return Ok(0) };
    let prices = price_store::valid(tx, partner, month)?;
    let sums = store::sums(tx, Which { partner, month, runs: false }, prices.as_ref())?;
    let statement = Statement { month, prices, sums, closed_at: Some(tx.now()) };
    store::close(tx, partner, &statement)?;
    let sentence = format!(
        "closed the statement of {}: {}, {}{}",
        month.shown(),
        counted(sums.lines, "organization", "organizations"),
        counted(sums.seats, "seat", "seats"),
        statement.total().map(|total| format!(", {total}")).unwrap_or_default(),
    );
    activity::store::record(tx, &clock.actor(partner), &Event::new(Kind::StatementClosed, sentence))?;
    Ok(1)
}

/// What an organization's page shows of it: the month that runs, and up to a year of closed ones, the latest first.
pub fn own(db: &impl Read, scope: &Scope, organization: &Organization, now: Timestamp) -> Result<Vec<OwnLine>> {
    let month = Month::of(now);
    let which = Which { partner: organization.partner, month, runs: true };
    let prices = price_store::valid(db, organization.partner, month)?;
    let running = store::line_of(db, which, organization.id)?.map(|line| {
        let amount = prices.and_then(|list| line.amount(Some(&list)).map(|amount| list.currency.shown(amount)));
        OwnLine { month, line, amount, closed: false }
    });
    Ok(running.into_iter().chain(store::of_organization(db, scope, organization.id, OWN)?).collect())
}
