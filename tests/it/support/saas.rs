//! SaaS accounts with days and seats, put in through the stores as an import would.

use portico::backups::model::{Application, BackupDay, DayStatus, FullyProtected};
use portico::backups::store as backups;
use portico::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use portico::kernel::time::{Span, Timestamp};
use portico::organizations;
use portico::saas::model::{Product, Reported, Retention};
use portico::saas::store;
use portico::seats::model::{ReportedSeat, SeatState, SeatType};
use portico::seats::store as seats;

use super::portal::Portal;

/// An account to be made.
#[derive(Clone)]
pub struct Account {
    /// The partner that holds it.
    pub partner: i64,
    /// The vendor's customer id.
    pub vendor_id: i64,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// What is protected.
    pub product: Product,
    /// Active, backed and perfect services of its one application, newest day first.
    pub days: Vec<(i64, i64, i64)>,
    /// When the newest day ends.
    pub until: Timestamp,
    /// Type, state and how many.
    pub seats: Vec<(SeatType, SeatState, usize)>,
}

/// An account of Harbor MSP at Microsoft's, its domain made of its name, ten perfect days and three seats behind it.
pub fn account(portal: &Portal, vendor_id: i64, name: &str) -> Account {
    Account {
        partner: 1,
        vendor_id,
        name: name.to_owned(),
        domain: format!("{}.example", name.to_lowercase().replace(' ', "")),
        product: Product::Microsoft365,
        days: vec![(10, 10, 10); 10],
        until: portal.now(),
        seats: vec![(SeatType::User, SeatState::Active, 3)],
    }
}

impl Account {
    /// The same with these days, newest first.
    pub fn with_days(mut self, days: &[(i64, i64, i64)]) -> Self {
        self.days = days.to_vec();
        self
    }

    /// The same with these seats.
    pub fn with_seats(mut self, seats: &[(SeatType, SeatState, usize)]) -> Self {
        self.seats = seats.to_vec();
        self
    }

    /// Takes it in; unlinked.
    #[track_caller]
    pub fn put(&self, portal: &Portal) -> SaasAccountId {
        portal.write(|tx| {
            let reported = Reported {
                vendor_id: self.vendor_id,
                name: self.name.clone(),
                domain: self.domain.clone(),
                product: self.product,
                external_subscription_id: Some(format!("Classic:Office365:{}", self.vendor_id)),
                retention: Some(Retention::Icr),
                seats_used: self.seats.iter().map(|(_, _, count)| i64::try_from(*count).expect("a number")).sum(),
                stats: None,
            };
            let (id, _) = store::upsert(tx, PartnerId(self.partner), &reported)?;
            for (back, (active, backed, perfect)) in self.days.iter().enumerate() {
                backups::keep_day(
                    tx,
                    id,
                    &day(MAIL, self.until - Span::days(i64::try_from(back).expect("a number")), (*active, *backed, *perfect)),
                )?;
            }
            if !self.days.is_empty() {
                let last_fully_protected = Some(FullyProtected::At(self.until));
                let mail = Application { application: MAIL.to_owned(), used_bytes: 724_000_000_000, uningested: 0, last_fully_protected };
                backups::keep_application(tx, id, &mail)?;
            }
            seats::replace(tx, PartnerId(self.partner), id, &self.reported_seats())?;
            store::refresh_summary(tx, id)?;
            Ok(id)
        })
    }

    /// Takes it in and links it.
    #[track_caller]
    pub fn linked(&self, portal: &Portal, organization: i64) -> SaasAccountId {
        let id = self.put(portal);
        portal.write(|tx| {
            store::link(tx, OrganizationId(organization), id)?;
            organizations::store::refresh(tx, OrganizationId(organization))
        });
        id
    }

    /// The seats as a report has them.
    pub fn reported_seats(&self) -> Vec<ReportedSeat> {
        let kinds = self.seats.iter();
        kinds
            .flat_map(|(seat_type, state, count)| (0..*count).map(move |number| (*seat_type, *state, number)))
            .map(|(seat_type, state, number)| ReportedSeat {
                main_id: format!("{}-{}-{number:03}@{}", seat_type.word(), state.word(), self.domain).to_lowercase(),
                name: format!("{} {} {number:03}", seat_type.shown(), state.word()),
                seat_type,
                state,
                billable: seat_type == SeatType::User && state != SeatState::Unprotected,
                date_added: Some(self.until - Span::days(100)),
                remote_id: None,
            })
            .collect()
    }
}

/// The one application of these accounts.
pub const MAIL: &str = "Office365Exchange";

/// A day of an application that ends at `until`, with active, backed and perfect services; perfect in the vendor's word if it is one.
pub fn day(application: &str, until: Timestamp, (active, backed, perfect): (i64, i64, i64)) -> BackupDay {
    let status = if active == perfect { DayStatus::Perfect } else { DayStatus::WithIssues };
    BackupDay {
        application: application.to_owned(),
        from: until - Span::days(1),
        until,
        total: active + 1,
        active,
        backed,
        perfect,
        status,
    }
}
