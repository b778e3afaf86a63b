//! What the vendor would do while the demo runs: it authorizes what was added, tells of the seats it found, and reports on each UTC day's
//! backups. A job calls it in the demo alone; chance comes from a seed, so that the same days come again.

use crate::access::witness_model::Clockwork;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::app::demo::firm::{CLIENTS, GONE, Health, PURGED};
use crate::app::demo::reports::{applications, first_and_last, remote_id};
use crate::backups;
use crate::backups::model::{Application, BackupDay, DayStatus, FullyProtected};
use crate::kernel::db::{Db, Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::random::Dice;
use crate::kernel::text::counted;
use crate::kernel::time::{Span, Timestamp, Zone};
use crate::organizations;
use crate::saas;
use crate::saas::simulated_store::{self as accounts, AtVendor};
use crate::saas::terms_model::AutoAdd;
use crate::seats;
use crate::seats::model::{ReportedSeat, SeatState, SeatType, Tally};

/// The demo's own days.
pub const SEED: u64 = 20_261_122;
/// An authorization takes from so long up to so long.
pub const FASTEST: Span = Span::minutes(1);
/// The other end of it.
pub const SLOWEST: Span = Span::minutes(3);
/// The day's report comes in within the first hours of the UTC day, each account's at a minute of its own.
const WITHIN_MINUTES: i64 = 6 * 60;
/// A vendor that was not asked for longer tells of so many days.
const MOST_DAYS: i64 = 30;
/// Account-days in one transaction.
const AT_ONCE: usize = 20;

/// One batch of what the vendor would have done by now; how much, and 0 when nothing is left.
pub fn play(db: &Db, clock: &Clockwork, seed: u64) -> Result<usize> {
    let done = db.write(|tx| authorize(tx, *clock, seed))?;
    if done > 0 {
        return Ok(done);
    }
    db.write(|tx| report(tx, *clock, seed))
}

/// SAS-6: what was added and waits for nobody's consent is authorized some moments later, and its seats are found.
fn authorize(tx: &Tx<'_>, clock: Clockwork, seed: u64) -> Result<usize> {
    let mut done = 0;
    for account in accounts::waiting(tx)? {
        let mut dice = Dice::seeded(seed, &format!("authorization of {}", account.domain));
        let takes = Span(FASTEST.0 + dice.below(SLOWEST.0 - FASTEST.0));
        if account.created_at + takes <= tx.now() {
            let mut customer_id = 900_000 + dice.below(100_000);
            while saas::store::by_vendor_id(tx, account.partner, customer_id)?.is_some() {
                customer_id += 1;
            }
            saas::adding_actions::simulate_authorization(tx, &clock, (account.account, account.partner), customer_id)?;
            done += 1;
        }
    }
    for account in accounts::without_seats(tx)? {
        let mut dice = Dice::seeded(seed, &format!("seats of {}", account.domain));
        let seats = found_seats(&account, &mut dice, tx.now());
        seats::store::replace(tx, account.partner, account.account, &seats)?;
        saas::store::refresh_summary(tx, account.account)?;
        if let Some(organization) = saas::store::organization_of(tx, account.account)? {
            organizations::store::refresh(tx, organization)?;
        }
        done += 1;
    }
    Ok(done)
}

/// The people of an account's domain: protected as far as Auto-add and the cap go.
fn found_seats(account: &AtVendor, dice: &mut Dice, now: Timestamp) -> Vec<ReportedSeat> {
    let most = match account.auto_add {
        (AutoAdd::Off, _) => 0,
        (AutoAdd::On, cap) => cap.unwrap_or(i64::MAX),
    };
    let people = 5 + dice.below(16);
    (0..people)
        .map(|number| {
            let (first, last) = first_and_last(&account.domain, number);
            let main_id = format!("{}.{}{number}@{}", first.to_lowercase(), last.to_lowercase(), account.domain);
            let protected = number < most;
            ReportedSeat {
                remote_id: Some(remote_id(&main_id)),
                name: format!("{first} {last}"),
                main_id,
                seat_type: SeatType::User,
                state: if protected { SeatState::Active } else { SeatState::Unprotected },
                billable: protected,
                date_added: Some(now - Span::days(30 + dice.below(400))),
            }
        })
        .collect()
}

/// The reports that are due: of each account every UTC day since its newest, at its minute; one event a partner.
fn report(tx: &Tx<'_>, clock: Clockwork, seed: u64) -> Result<usize> {
    let mut done = 0;
    let mut told: Vec<(PartnerId, i64)> = Vec::new();
    for account in accounts::backed_up(tx)? {
        let before = done;
        for day in due(&account, seed, tx.now()) {
            if AT_ONCE <= done {
                break;
            }
            keep(tx, &account, seed, day)?;
            done += 1;
        }
        if before < done {
            saas::store::refresh_summary(tx, account.account)?;
            match told.iter_mut().find(|(partner, _)| *partner == account.partner) {
                Some((_, count)) => *count += 1,
                None => told.push((account.partner, 1)),
            }
        }
    }
    for (partner, count) in told {
        let accounts = counted(count, "SaaS account", "SaaS accounts");
        let sentence = format!("brought in backup reports of {accounts} up to {}, as the demo simulates them", Zone::utc().date(tx.now()));
        activity::store::record(tx, &clock.actor(partner), &Event::new(Kind::Imported, sentence))?;
    }
    Ok(done)
}

/// The UTC days whose reports are due, oldest first, each by the moment it is true.
fn due(account: &AtVendor, seed: u64, now: Timestamp) -> Vec<Timestamp> {
    // Of the demo's examples, those whose reports stopped, or never began, stay examples.
    if matches!(health(&account.domain), Some(Health::Stale | Health::Unreported)) {
        return Vec::new();
    }
    // The first report follows the authorization.
    let Some(as_of) = account.as_of else { return vec![now] };
    let today = now.utc_day();
    let first = (as_of.utc_day() + 1).max(today - MOST_DAYS);
    (first..=today).map(|day| moment(account, seed, day)).filter(|until| *until <= now).collect()
}

/// When a day's report of an account is true, and comes in.
fn moment(account: &AtVendor, seed: u64, day: i64) -> Timestamp {
    let minute = Dice::seeded(seed, &format!("minute of {}", account.domain)).below(WITHIN_MINUTES);
    Timestamp::of_utc_day(day) + Span::minutes(minute)
}

fn health(domain: &str) -> Option<Health> {
    CLIENTS.iter().chain([&GONE, &PURGED]).find(|client| client.domain == domain).map(|client| client.health)
}

/// One account's day: every application, with what is active by now.
fn keep(tx: &Tx<'_>, account: &AtVendor, seed: u64, until: Timestamp) -> Result<()> {
    let tallies = seats::store::tallies(tx, account.account)?;
    let known = saas::store::applications(tx, account.account)?;
    let young = account.as_of.is_none() || known.is_empty();
    for (number, application) in applications(account.product).iter().enumerate() {
        let mut dice = Dice::seeded(seed, &format!("{application} of {} on {}", account.domain, until.utc_day()));
        let day = day(application, active(account, &tallies, number), (number, young, until), &mut dice);
        let before = known.iter().find(|one| one.application == *application);
        backups::store::keep_application(tx, account.account, &grown(before, &day, &mut dice))?;
        backups::store::keep_day(tx, account.account, &day)?;
    }
    Ok(())
}

/// Services of an application: everybody has mail and files, a third of them, but two at least, share something.
fn active(account: &AtVendor, tallies: &[Tally], number: usize) -> i64 {
    let users: i64 =
        tallies.iter().filter(|tally| tally.seat_type == SeatType::User && tally.state == SeatState::Active).map(|tally| tally.count).sum();
    match (health(&account.domain), number) {
        (Some(Health::Idle), _) => 0,
        (_, 0 | 1) => users,
        _ => (users / 3).max(2),
    }
}

/// One application's 24 hours: whole, but on one day in thirteen, when a few are missed.
fn day(application: &str, active: i64, (number, young, until): (usize, bool, Timestamp), dice: &mut Dice) -> BackupDay {
    let odd = number == 0 && dice.below(13) == 0;
    let missed = if odd { (1 + dice.below(4)).min(active) } else { 0 };
    let status = match (young, missed) {
        (true, _) => DayStatus::InsufficientHistory,
        (false, 0) => DayStatus::Perfect,
        (false, _) => DayStatus::WithIssues,
    };
    let (backed, from) = (active - missed, until - Span::days(1));
    BackupDay { application: application.to_owned(), from, until, total: active + 1, active, backed, perfect: backed, status }
}

/// How the application stands after the day: a little larger, and whole as of then if it was.
fn grown(before: Option<&Application>, day: &BackupDay, dice: &mut Dice) -> Application {
    let used = before.map_or_else(|| day.active * 2_000_000_000, |one| one.used_bytes + one.used_bytes / 1_000 * (1 + dice.below(4)));
    let whole = day.status == DayStatus::Perfect && day.perfect == day.active;
    let last = if whole { Some(FullyProtected::At(day.until)) } else { before.and_then(|one| one.last_fully_protected.clone()) };
    Application { application: day.application.clone(), used_bytes: used, uningested: 0, last_fully_protected: last }
}
