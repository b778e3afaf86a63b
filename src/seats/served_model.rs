//! Seats as scripts read and change them: the vendor's names and types, oddities included (API-2). Pure.

use serde::{Deserialize, Serialize};

use crate::kernel::time::Timestamp;
use crate::seats::model::{Seat, SeatState, SeatType};

/// One element of `/v1/saas/{saasCustomerId}/seats`. `billable` is text: "1", or "" for no.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SaasSeat {
    main_id: String,
    name: String,
    seat_type: &'static str,
    seat_state: &'static str,
    billable: &'static str,
    date_added: Option<String>,
    remote_id: Option<String>,
}

impl SaasSeat {
    /// Of a seat.
    pub fn of(seat: Seat) -> Self {
        Self {
            main_id: seat.main_id,
            name: seat.name,
            seat_type: seat.seat_type.word(),
            seat_state: seat.state.word(),
            billable: if seat.billable { "1" } else { "" },
            date_added: seat.date_added.map(Timestamp::with_offset),
            remote_id: seat.remote_id,
        }
    }
}

/// What `bulkSeatChange` is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatChanges {
    /// The type that every seat must have.
    pub seat_type: String,
    /// `License`, `Pause` or `Unlicense`.
    pub action_type: String,
    /// The vendor's ids of seats.
    pub ids: Vec<String>,
}

/// What became of one of them. `id` is its place in the request, from 1.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeatChange {
    /// As it was asked.
    pub action: &'static str,
    /// The product.
    pub app_type: &'static str,
    /// The account.
    pub customer_id: i64,
    /// The place.
    pub id: usize,
    /// `success`, or why not.
    pub status: String,
}

/// How many seats of one type stand how, and the vendor's ids of them.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OfOneType {
    seat_type: &'static str,
    active: i64,
    paused: i64,
    archived: i64,
    unprotected: i64,
    discovered: i64,
    remote_ids: Vec<String>,
}

/// Of each type that an account has seats of, by its word. What the vendor discovered and nobody has looked at is not told apart here
/// from what is unprotected.
pub fn remote_ids(seats: &[Seat]) -> Vec<OfOneType> {
    let mut types: Vec<SeatType> = seats.iter().map(|seat| seat.seat_type).collect();
    types.sort_by_key(|one| one.word());
    types.dedup();
    types.into_iter().map(|one| remote_ids_of(one, seats)).collect()
}

fn remote_ids_of(seat_type: SeatType, seats: &[Seat]) -> OfOneType {
    let own = || seats.iter().filter(move |seat| seat.seat_type == seat_type);
    let count = |state: SeatState| i64::try_from(own().filter(|seat| seat.state == state).count()).unwrap_or(i64::MAX);
    OfOneType {
        seat_type: seat_type.word(),
        active: count(SeatState::Active),
        paused: count(SeatState::Paused),
        archived: count(SeatState::Archived),
        unprotected: count(SeatState::Unprotected),
        discovered: 0,
        remote_ids: own().filter_map(|seat| seat.remote_id.clone()).collect(),
    }
}
