//! The demo's SaaS accounts, their seats, and thirty days of reports relative to now.

use crate::app::demo::firm::{Client, Health};
use crate::backups;
use crate::backups::model::{Application, BackupDay, DayStatus, FullyProtected};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{PartnerId, SaasAccountId};
use crate::kernel::time::{Span, Timestamp};
use crate::saas;
use crate::saas::model::{Product, Reported, Retention};
use crate::seats;
use crate::seats::model::{ReportedSeat, SeatState, SeatType};

/// How far the reports reach back.
const DAYS: i64 = 30;

const FIRST: [&str; 16] =
    ["Alma", "Ben", "Carla", "Dev", "Edda", "Finn", "Gita", "Hank", "Isla", "Jude", "Kira", "Liam", "Mona", "Nico", "Orla", "Paul"];
const LAST: [&str; 12] =
    ["Archer", "Bishop", "Carter", "Dyer", "Eaton", "Foster", "Gardner", "Hooper", "Ingram", "Jensen", "Knight", "Lowell"];

/// A client's accounts as the vendor reports them.
pub fn accounts(tx: &Tx<'_>, partner: PartnerId, client: &Client) -> Result<Vec<SaasAccountId>> {
    (0..client.accounts).map(|place| account(tx, partner, client, place)).collect()
}

fn account(tx: &Tx<'_>, partner: PartnerId, client: &Client, place: usize) -> Result<SaasAccountId> {
    let product = product(client, place);
    let reported = Reported {
        vendor_id: vendor_id(client, place),
        name: if place == 0 { client.name.to_owned() } else { format!("{} ({})", client.name, product.shown()) },
        domain: client.domain.to_owned(),
        product,
        external_subscription_id: Some(format!("SUB-{}", vendor_id(client, place))),
        retention: Some(if mix(client.name, 3) % 4 == 0 { Retention::Tbr } else { Retention::Icr }),
        // SEA-4: all sites of an account count as one more.
        seats_used: client.seats + i64::from(product == Product::Microsoft365),
        stats: None,
    };
    Ok(saas::store::upsert(tx, partner, &reported)?.0)
}

fn product(client: &Client, place: usize) -> Product {
    match (client.product, place) {
        (product, 0) => product,
        (Product::Microsoft365, _) => Product::GoogleWorkspace,
        (Product::GoogleWorkspace, _) => Product::Microsoft365,
    }
}

fn vendor_id(client: &Client, place: usize) -> i64 {
    300_000 + mix(client.name, 11) % 600_000 + i64::try_from(place).unwrap_or_default()
}

/// The account's seats and days as they would have come in by an import.
pub fn report(tx: &Tx<'_>, partner: PartnerId, account: SaasAccountId, client: &Client, place: usize, now: Timestamp) -> Result<()> {
    let health = if place == 0 { client.health } else { Health::Healthy };
    if health == Health::Pending {
        return Ok(());
    }
    seats::store::replace(tx, partner, account, &seat_list(client, product(client, place), now))?;
    if health == Health::Unreported {
        return saas::store::refresh_summary(tx, account).map(drop);
    }
    // Reports are true to the hour before they come in; those that stopped are four days old.
    let as_of = now - Span::hours(1) - if health == Health::Stale { Span::days(4) } else { Span(0) };
    let days = if health == Health::TooYoung { 2 } else { DAYS };
    for (number, application) in applications(product(client, place)).iter().enumerate() {
        let mut last_whole = None;
        for back in (0..days).rev() {
            let day = day(client, application, health, (number, back), as_of);
            if day.perfect == day.active && day.status == DayStatus::Perfect {
                last_whole = Some(day.until);
            }
            backups::store::keep_day(tx, account, &day)?;
        }
        let used_bytes = client.seats * (900_000_000 + mix(application, client.seats) % 21_000_000_000);
        let last_fully_protected = last_whole.map(FullyProtected::At);
        let standing = Application { application: (*application).to_owned(), used_bytes, uningested: 0, last_fully_protected };
        backups::store::keep_application(tx, account, &standing)?;
    }
    saas::store::refresh_summary(tx, account).map(drop)
}

/// The applications of a product, in the vendor's words.
pub const fn applications(product: Product) -> &'static [&'static str] {
    match product {
        Product::Microsoft365 => &["Office365Exchange", "Office365OneDrive", "Office365SharePoint", "Office365Teams"],
        Product::GoogleWorkspace => &["GoogleAppsGmail", "GoogleAppsDrive", "GoogleAppsCalendar", "GoogleAppsContacts"],
    }
}

/// One application's 24 hours, `back` days before the newest.
fn day(client: &Client, application: &str, health: Health, (number, back): (usize, i64), as_of: Timestamp) -> BackupDay {
    let until = as_of - Span::days(back);
    let active = match number {
        _ if matches!(health, Health::Idle | Health::Paused) => 0,
        0 | 1 => client.seats,
        _ => (client.seats / 3).max(2),
    };
    let missed = missed(client, health, number, back, active);
    let status = match (health, missed) {
        (Health::TooYoung, _) => DayStatus::InsufficientHistory,
        (_, 0) => DayStatus::Perfect,
        _ => DayStatus::WithIssues,
    };
    BackupDay {
        application: application.to_owned(),
        from: until - Span::days(1),
        until,
        total: active + 1,
        active,
        backed: active - missed,
        perfect: active - missed,
        status,
    }
}

/// How many services of an application were missed that day.
fn missed(client: &Client, health: Health, number: usize, back: i64, active: i64) -> i64 {
    let some = (1 + mix(client.name, back) % 4).min(active - 1).max(1);
    let odd_day = number == 0 && 3 <= back && mix(client.name, back * 31 + 7) % 13 == 0;
    match (health, number, back) {
        (Health::Idle | Health::Paused, _, _) => 0,
        (Health::Failing, _, 0) => active,
        (Health::Failing, 0, 1) | (Health::SomeMissed, 0, 0) | (Health::ThreeBadDays, 1, 0..=2) => some,
        _ if odd_day => some,
        _ => 0,
    }
}

fn seat_list(client: &Client, product: Product, now: Timestamp) -> Vec<ReportedSeat> {
    let mut list: Vec<ReportedSeat> = (0..client.seats).map(|number| user_seat(client, number, now)).collect();
    let further: &[(SeatType, &str)] = match product {
        Product::Microsoft365 => &[
            (SeatType::SharedMailbox, "Front Desk"),
            (SeatType::Site, "Intranet"),
            (SeatType::TeamSite, "Projects"),
            (SeatType::Team, "Everyone"),
        ],
        Product::GoogleWorkspace => &[(SeatType::SharedDrive, "Company"), (SeatType::SharedDrive, "Archive")],
    };
    list.extend(further.iter().map(|(seat_type, name)| ReportedSeat {
        main_id: further_id(client, name),
        name: (*name).to_owned(),
        seat_type: *seat_type,
        state: SeatState::Active,
        billable: matches!(seat_type, SeatType::Site),
        date_added: Some(now - Span::days(300)),
        remote_id: Some(remote_id(&further_id(client, name))),
    }));
    if client.health == Health::Paused {
        for seat in &mut list {
            seat.state = SeatState::Paused;
        }
    }
    list
}

fn further_id(client: &Client, name: &str) -> String {
    format!("{}@{}", name.to_lowercase().replace(' ', "."), client.domain)
}

/// The vendor's id of a seat, in the form of its ids.
pub fn remote_id(main_id: &str) -> String {
    let part = |salt, digits: u32| mix(main_id, salt).rem_euclid(1_i64 << (digits * 4));
    format!("{:08x}-{:04x}-11ee-{:04x}-{:012x}", part(1, 8), part(2, 4), part(3, 4), part(4, 12))
}

/// The first and last name of somebody at this firm or domain, by their number.
pub fn first_and_last(firm: &str, number: i64) -> (&'static str, &'static str) {
    let pick = |names: &[&'static str], at: i64| {
        let places = i64::try_from(names.len()).unwrap_or(1).max(1);
        usize::try_from(at.rem_euclid(places)).ok().and_then(|place| names.get(place).copied()).unwrap_or_default()
    };
    (pick(&FIRST, number + mix(firm, 5)), pick(&LAST, number * 5 + number / 12))
}

fn user_seat(client: &Client, number: i64, now: Timestamp) -> ReportedSeat {
    let (first, last) = first_and_last(client.name, number);
    let state = match (number, mix(client.name, number) % 17) {
        (0..5, _) => SeatState::Active,
        (_, 0) => SeatState::Paused,
        (_, 1) => SeatState::Archived,
        _ => SeatState::Active,
    };
    let main_id = format!("{}.{}{number}@{}", first.to_lowercase(), last.to_lowercase(), client.domain);
    ReportedSeat {
        remote_id: Some(remote_id(&main_id)),
        main_id,
        name: format!("{first} {last}"),
        seat_type: SeatType::User,
        state,
        billable: true,
        date_added: Some(now - Span::days(90 + mix(client.name, number) % 700)),
    }
}

/// A number that looks like chance and is the same every time.
fn mix(text: &str, salt: i64) -> i64 {
    let start = 0x1465_0FB0_739D_0383_u64 ^ salt.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = text.bytes().fold(start, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(1_099_511_628_211));
    i64::try_from((mixed ^ (mixed >> 29)) >> 2).unwrap_or_default()
}
