//! SaaS accounts, their seats and reports: each row against what is here.

use std::collections::BTreeMap;

use crate::access::model::Scope;
use crate::imports::actions::linking::{Claim, Link, link, note_other_link};
use crate::imports::actions::stager::{SeatList, Service, Stager};
use crate::imports::model::{self, AccountRow, ApplicationRow, DayRow, Kind, ReportRow, SeatRow, Verdict};
use crate::imports::store::{here, staging};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::text::{self, counted};
use crate::kernel::time::{Span, Timestamp, Zone};
use crate::saas::model::{Product, Reported, Retention};
use crate::seats::actions::foresee_auto_add;
use crate::seats::changes_model::Refusal;
use crate::seats::model::{STAYS, SeatState, SeatType, Tally, billable, stays};

/// So many users are named in a note.
const NAMED: usize = 5;

/// A row of `domains.json`.
pub fn account(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: &AccountRow) -> Result<()> {
    if stager.services.contains_key(&row.vendor_id) {
        let reason = format!("The account {} stands in these files already.", row.vendor_id);
        return stager.refuse(tx, Kind::Accounts, line, "saasCustomerId", &reason);
    }
    let waiting = (row.product, text::key(&row.domain));
    let known = here::account(tx, stager.partner, row.vendor_id, Some((waiting.0, &waiting.1)))?;
    let (verdict, organization) = match &known {
        Some(known) => {
            note_other_link(tx, stager, line, &claim(row), known.linked.as_ref())?;
            let cancelled = stager.cancelled(row.vendor_id, known);
            note_cancelled(tx, stager, line, &row.name, cancelled)?;
            (if is_same(known, row, cancelled.is_some()) { Verdict::Unchanged } else { Verdict::Changed }, None)
        }
        None => match link(tx, stager, line, &claim(row))? {
            Link::To(organization) => {
                if let Some(organization) = organization {
                    staging::add_domain(tx, stager.import, organization, &waiting.1)?;
                }
                (Verdict::New, organization)
            }
            Link::Refused(field, reason) => return stager.refuse(tx, Kind::Accounts, line, field, &reason),
        },
    };
    let met = known.as_ref().map(|known| known.id);
    stager.services.insert(row.vendor_id, Service { product: row.product.to_owned(), here: known, organization });
    if verdict != Verdict::Unchanged {
        let file = stager.file_name(stager.file_number());
        staging::account(tx, stager.origin(&file, line), verdict, row, (met, organization))?;
    }
    stager.count(Kind::Accounts, verdict);
    Ok(())
}

/// Where the file has the account.
fn claim(row: &AccountRow) -> Claim<'_> {
    Claim { of: &row.name, organization_id: row.organization_id, organization_name: row.organization_name.as_deref() }
}

/// SAS-7: lists say nothing of when; only a report of backups made after it shows that a cancelled account is backed up again.
fn note_cancelled(tx: &Tx<'_>, stager: &mut Stager, line: i64, name: &str, cancelled: Option<Timestamp>) -> Result<()> {
    let Some(at) = cancelled else { return Ok(()) };
    let reason = format!(
        "{name} was cancelled here on {}. It stays so, without seats, until a report shows backups made after that.",
        Zone::utc().date(at)
    );
    stager.note(tx, stager.file_number(), line, "", reason)
}

/// A cancelled account takes over neither seats nor figures.
fn is_same(known: &here::Account, row: &AccountRow, cancelled: bool) -> bool {
    let reported = Reported {
        vendor_id: row.vendor_id,
        name: row.name.clone(),
        domain: row.domain.clone(),
        product: Product::from_word(row.product).unwrap_or(known.reported.product),
        external_subscription_id: row.external_subscription_id.clone().or_else(|| known.reported.external_subscription_id.clone()),
        retention: row.retention.and_then(Retention::from_word).or(known.reported.retention),
        // Once the seats are known those used are counted here, and a cancelled account uses none.
        seats_used: if known.counted || cancelled { known.reported.seats_used } else { row.seats_used },
        stats: if cancelled { None } else { Some((row.stats_active, row.stats_recent, row.stats_percentage)) },
    };
    known.authorized && known.reported == reported
}

/// The account of a vendor id: of these files, or here.
fn service(tx: &Tx<'_>, stager: &Stager, vendor_id: i64) -> Result<Option<Service>> {
    if let Some(service) = stager.services.get(&vendor_id) {
        return Ok(Some(service.clone()));
    }
    let here = here::account(tx, stager.partner, vendor_id, None)?;
    Ok(here.map(|here| Service { product: here.reported.product.word().to_owned(), here: Some(here), organization: None }))
}

/// Begins a file of seats; `false` when it is refused as a whole.
pub fn begin_seats(tx: &Tx<'_>, stager: &mut Stager, name: &str) -> Result<bool> {
    let refused = match model::seats_account(name) {
        None => Err("Seats do not say whose they are. Name the file seats-{saasCustomerId}.json, such as seats-53124.json.".to_owned()),
        Some(vendor_id) if stager.seat_lists.contains(&vendor_id) => {
            Err(format!("The seats of account {vendor_id} stand in another of these files."))
        }
        Some(vendor_id) => match service(tx, stager, vendor_id)? {
            Some(service) => Ok((vendor_id, service)),
            None => Err(format!("There is no SaaS account {vendor_id} here. Bring it in with domains.json.")),
        },
    };
    match refused {
        Ok((vendor_id, service)) => {
            stager.seat_lists.insert(vendor_id);
            stager.seat_list = Some(SeatList { vendor_id, service, seats: BTreeMap::new() });
            Ok(true)
        }
        Err(reason) => {
            stager.refuse(tx, Kind::Seats, 0, "", &reason)?;
            Ok(false)
        }
    }
}

/// A row of a file of seats.
pub fn seat(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: SeatRow) -> Result<()> {
    let Some(list) = stager.seat_list.as_mut() else { return Ok(()) };
    if !model::has_seat_type(&list.service.product, &row.seat_type) {
        let reason = format!("An account of this product has no seats of the type {}.", row.seat_type);
        return stager.refuse(tx, Kind::Seats, line, "seatType", &reason);
    }
    let key = (row.seat_type.clone(), row.main_id.clone());
    if list.seats.contains_key(&key) {
        let reason = format!("The {} {} stands in this file already.", row.seat_type, row.main_id);
        return stager.refuse(tx, Kind::Seats, line, "mainId", &reason);
    }
    list.seats.insert(key, row);
    Ok(())
}

/// Ends a file of seats: the full set of its account's, compared with what is here. A state that was set here stays for a while, and
/// the preview tells where the file says otherwise.
pub fn end_seats(tx: &Tx<'_>, stager: &mut Stager) -> Result<()> {
    let Some(list) = stager.seat_list.take() else { return Ok(()) };
    if let Some(account) = &list.service.here
        && let Some(at) = stager.cancelled(list.vendor_id, account)
    {
        list.seats.values().for_each(|_| stager.count(Kind::Seats, Verdict::Unchanged));
        return note_cancelled(tx, stager, 0, &account.reported.name, Some(at));
    }
    let known = match &list.service.here {
        Some(account) => here::seats(tx, account.id)?,
        None => BTreeMap::new(),
    };
    // What the cancellation set counts no more once the account is taken on again.
    let again = list.service.here.as_ref().is_some_and(|account| account.cancelled_at.is_some());
    let mut differs = false;
    for (key, seat) in &list.seats {
        let verdict = match known.get(key) {
            None => Verdict::New,
            Some(before) if !again && before.row.state != seat.state && stays(before.set_at, tx.now()) => {
                set_here(tx, stager, before, seat)?
            }
            Some(before) if before.set_at.is_none() && before.row == with_remote_id(seat, &before.row) => Verdict::Unchanged,
            Some(_) => Verdict::Changed,
        };
        differs |= verdict != Verdict::Unchanged;
        stager.count(Kind::Seats, verdict);
    }
    let vanished = vanished(tx, stager, &list, &known)?;
    note_auto_add(tx, stager, &list, &known)?;
    if differs || vanished {
        note_bounds(tx, stager, &list, &known)?;
        staging::seat_list(tx, stager.import, list.vendor_id)?;
        list.seats.values().try_for_each(|seat| staging::seat(tx, stager.import, list.vendor_id, seat))?;
    }
    Ok(())
}

/// SEA-5: the preview names whom Auto-add will protect of those whom this list discovers, and why not the others.
fn note_auto_add(tx: &Tx<'_>, stager: &mut Stager, list: &SeatList, known: &BTreeMap<(String, String), here::Seat>) -> Result<()> {
    // The first list of an account discovers nobody, since it says how the vendor has them.
    let Some(account) = list.service.here.as_ref().filter(|_| !known.is_empty()) else { return Ok(()) };
    let unprotected = |seat: &&SeatRow| seat.seat_type == SeatType::User.word() && seat.state == SeatState::Unprotected.word();
    let new: Vec<&str> = list
        .seats
        .iter()
        .filter(|(key, seat)| !known.contains_key(*key) && unprotected(seat))
        .map(|(_, seat)| seat.main_id.as_str())
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let tallies = tallies_after(tx, list, known);
    let Some((count, refusal)) = foresee_auto_add(tx, &Scope::all(stager.partner), account.id, tallies, new.len())? else {
        return Ok(());
    };
    stager.note(tx, stager.file_number(), 0, "", auto_add_told(&new, count, refusal.as_ref()))
}

fn auto_add_told(new: &[&str], count: usize, refusal: Option<&Refusal>) -> String {
    let named: Vec<&str> = new.iter().take(count.min(NAMED)).copied().collect();
    let more = if NAMED < count { format!(" and {} more", count - NAMED) } else { String::new() };
    let all = counted(i64::try_from(new.len()).unwrap_or(i64::MAX), "discovered user", "discovered users");
    match refusal.map(Refusal::sentence) {
        None => format!("Auto-add will protect {all}: {}{more}.", named.join(", ")),
        Some(sentence) if count == 0 => format!("Auto-add will protect none of {all}. {sentence}"),
        Some(sentence) => {
            format!("Auto-add will protect {count} of {all}: {}{more}. The others stay unprotected. {sentence}", named.join(", "))
        }
    }
}

/// How the account's seats will stand once the list is moved in, before Auto-add.
fn tallies_after(tx: &Tx<'_>, list: &SeatList, known: &BTreeMap<(String, String), here::Seat>) -> Vec<Tally> {
    let listed = list.seats.iter().map(|(key, seat)| {
        let ours = known.get(key).filter(|before| before.row.state != seat.state && stays(before.set_at, tx.now()));
        (seat.seat_type.as_str(), ours.map_or(seat.state, |before| before.row.state))
    });
    let gone = known.iter().filter(|(key, _)| !list.seats.contains_key(*key));
    let archived = gone.filter(|(_, seat)| seat.row.state != SeatState::Unprotected.word());
    let all = listed.chain(archived.map(|((seat_type, _), _)| (seat_type.as_str(), SeatState::Archived.word())));
    let mut counts: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    all.for_each(|kind| *counts.entry(kind).or_default() += 1);
    let tally = |((seat_type, state), count): ((&str, &str), i64)| {
        Some(Tally { seat_type: SeatType::from_word(seat_type)?, state: SeatState::from_word(state)?, count })
    };
    counts.into_iter().filter_map(tally).collect()
}

/// SEA-5, SUB-7: the vendor's truth comes in, and the preview tells where it is more than the license cap, or than was bought.
fn note_bounds(tx: &Tx<'_>, stager: &mut Stager, list: &SeatList, known: &BTreeMap<(String, String), here::Seat>) -> Result<()> {
    let (here, used) = (list.service.here.as_ref(), billable(&tallies_after(tx, list, known)));
    let bounds = here::bounds(tx, here.map(|account| account.id), list.service.organization)?;
    let name = here.map_or_else(|| list.vendor_id.to_string(), |account| account.reported.name.clone());
    if let Some(cap) = bounds.cap.filter(|cap| *cap < used) {
        let reason =
            format!("The license cap of {name} is {cap}, and with this file {} billed. Auto-add protects nobody new.", seats_are(used));
        stager.note(tx, stager.file_number(), 0, "", reason)?;
    }
    let Some((organization, name)) = bounds.organization else { return Ok(()) };
    let more = stager.more_used.entry(organization).or_default();
    *more += used - here.map_or(0, |account| account.reported.seats_used);
    let all = bounds.used + *more;
    match bounds.bought {
        Some(bought) if bought < all => {
            let reason = format!(
                "“{name}” then has {all} seats in use, {bought} bought with Auto License off. Nobody more can be protected there until seats are bought."
            );
            stager.note(tx, stager.file_number(), 0, "", reason)
        }
        _ => Ok(()),
    }
}

fn seats_are(count: i64) -> String {
    counted(count, "seat is", "seats are")
}

/// A seat whose state was set here lately and is another in the file.
fn set_here(tx: &Tx<'_>, stager: &mut Stager, before: &here::Seat, seat: &SeatRow) -> Result<Verdict> {
    let reason = format!(
        "{} was made {} here, the file says {}. What is here stays until a file says the same, for {} days at most.",
        seat.main_id,
        before.row.state,
        seat.state,
        STAYS.0 / Span::days(1).0
    );
    stager.note(tx, stager.file_number(), 0, "seatState", reason)?;
    let after = SeatRow { state: before.row.state, billable: before.row.billable, ..with_remote_id(seat, &before.row) };
    Ok(if before.row == after { Verdict::Unchanged } else { Verdict::Changed })
}

/// Counts the seats that are not in the file any more and become something else; whether there are any.
fn vanished(tx: &Tx<'_>, stager: &mut Stager, list: &SeatList, known: &BTreeMap<(String, String), here::Seat>) -> Result<bool> {
    let (mut archived, mut gone) = (0, 0);
    for (_, seat) in known.iter().filter(|(key, _)| !list.seats.contains_key(*key)) {
        match seat.row.state {
            "Active" | "Paused" => archived += 1,
            "Unprotected" => gone += 1,
            _ => continue,
        }
        stager.count(Kind::Seats, Verdict::Changed);
    }
    if archived + gone == 0 {
        return Ok(false);
    }
    let reason = format!(
        "{} not in the file any more: {archived} become Archived, {gone} unprotected ones go.",
        counted(archived + gone, "seat is", "seats are")
    );
    stager.note(tx, stager.file_number(), 0, "", reason)?;
    Ok(true)
}

/// A file without the vendor's id of a seat takes none away.
fn with_remote_id(seat: &SeatRow, before: &SeatRow) -> SeatRow {
    SeatRow { remote_id: seat.remote_id.clone().or_else(|| before.remote_id.clone()), ..seat.clone() }
}

/// The reports of all files by account, those with the newest data first: what they tell of is not taken from older ones.
pub fn take_reports(stager: &mut Stager) -> Vec<(usize, i64, ReportRow)> {
    let mut reports = std::mem::take(&mut stager.reports);
    reports.sort_by_key(|(_, _, report)| (report.vendor_id, std::cmp::Reverse(report.newest())));
    reports
}

/// Stages a report.
pub fn report(tx: &Tx<'_>, stager: &mut Stager, (file, line, report): &(usize, i64, ReportRow)) -> Result<()> {
    let Some(service) = service(tx, stager, report.vendor_id)? else {
        let reason = format!("There is no SaaS account {} here. Bring it in with domains.json.", report.vendor_id);
        return stager.refuse_in(tx, Kind::Reports, (*file, *line), "customerId", &reason);
    };
    stage_report(tx, stager, (*file, *line), report, service.here.as_ref())
}

fn stage_report(tx: &Tx<'_>, stager: &mut Stager, at: (usize, i64), report: &ReportRow, known: Option<&here::Account>) -> Result<()> {
    note_again(tx, stager, at, report, known)?;
    let purged = known.and_then(|account| account.purged_at).map_or(i64::MIN, |moment| moment.0);
    let newest = match known {
        Some(account) => here::newest_day(tx, account.id)?.unwrap_or(i64::MIN),
        None => i64::MIN,
    };
    let wins = report.newest() > purged && report.newest() >= newest;
    let mut told = stager.take_told(report.vendor_id);
    let (mut skipped, mut differs, mut last) = (0, false, None);
    for application in &report.applications {
        let kept: Vec<&DayRow> = application.days.iter().filter(|day| day.window_end > purged).collect();
        skipped += i64::try_from(application.days.len() - kept.len()).unwrap_or_default();
        if wins && !told.contains_key(&application.application) {
            let verdict = application_verdict(tx, application, known)?;
            if verdict != Verdict::Unchanged {
                differs = true;
                staging::application(tx, stager.import, report.vendor_id, application)?;
            }
            stager.count_in(at.0, Kind::Reports, verdict);
        }
        let days = told.entry(application.application.clone()).or_default();
        for day in newest_of_each_day(&kept) {
            if !days.insert(day.day()) {
                stager.count_in(at.0, Kind::Reports, Verdict::Unchanged);
                continue;
            }
            let verdict = day_verdict(tx, &application.application, day, known, wins)?;
            if verdict != Verdict::Unchanged {
                differs = true;
                staging::day(tx, stager.import, report.vendor_id, &application.application, day)?;
            }
            if day.window_end == report.newest() {
                last = Some((&application.application, day, verdict));
            }
            stager.count_in(at.0, Kind::Reports, verdict);
        }
    }
    stager.told = Some((report.vendor_id, told));
    if let (true, true, Some((application, day, Verdict::Unchanged))) = (wins, differs, last) {
        // How new the report is must be seen when it is moved in: a newer one may have come meanwhile.
        staging::day(tx, stager.import, report.vendor_id, application, day)?;
    }
    note_skipped(tx, stager, at, skipped)
}

/// SAS-7: the preview tells that a cancelled account is backed up again.
fn note_again(tx: &Tx<'_>, stager: &mut Stager, at: (usize, i64), report: &ReportRow, known: Option<&here::Account>) -> Result<()> {
    let Some((name, cancelled)) = known.and_then(|account| Some((&account.reported.name, account.cancelled_at?))) else { return Ok(()) };
    if report.newest() <= cancelled.0 {
        return Ok(());
    }
    let date = Zone::utc().date(cancelled);
    let reason = format!("{name} was cancelled here on {date}. This report shows backups made after that, so it is taken on again.");
    stager.note(tx, at.0, at.1, "", reason)
}

fn note_skipped(tx: &Tx<'_>, stager: &mut Stager, at: (usize, i64), skipped: i64) -> Result<()> {
    if skipped == 0 {
        return Ok(());
    }
    let reason = format!("{} older than the purge of this account's backups and skipped.", counted(skipped, "day is", "days are"));
    stager.note(tx, at.0, at.1, "", reason)
}

/// One window a UTC day: that with the newest data.
fn newest_of_each_day<'r>(days: &[&'r DayRow]) -> Vec<&'r DayRow> {
    let mut by_day: BTreeMap<i64, &DayRow> = BTreeMap::new();
    for day in days {
        let newest = by_day.entry(day.day()).or_insert(day);
        if newest.window_end < day.window_end {
            *newest = day;
        }
    }
    by_day.into_values().collect()
}

fn application_verdict(tx: &Tx<'_>, row: &ApplicationRow, known: Option<&here::Account>) -> Result<Verdict> {
    let Some(account) = known else { return Ok(Verdict::New) };
    Ok(match here::application(tx, account.id, &row.application)? {
        None => Verdict::New,
        Some(before) if before == (row.used_bytes, row.uningested, row.last_fully_protected.clone()) => Verdict::Unchanged,
        Some(_) => Verdict::Changed,
    })
}

/// A report that is not the newest only tells of days that nothing is known of.
fn day_verdict(tx: &Tx<'_>, application: &str, row: &DayRow, known: Option<&here::Account>, wins: bool) -> Result<Verdict> {
    let Some(account) = known else { return Ok(Verdict::New) };
    Ok(match here::day(tx, account.id, application, row.day())? {
        None => Verdict::New,
        Some(before) if before == *row || !wins => Verdict::Unchanged,
        Some(_) => Verdict::Changed,
    })
}
