//! `/v1/saas/{saasCustomerId}/seats` and `…/bulkSeatChange`, for scripts.

use crate::access::roles_model::Right;
use crate::access::witness_model::SeatManager;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::json;
use crate::page::{Cx, Route};
use crate::saas::served_model::customer;
use crate::saas::served_store;
use crate::seats::changes_model::{Action, MOST_AT_ONCE, Refusal};
use crate::seats::model::SeatType;
use crate::seats::served_model::{SaasSeat, SeatChange, SeatChanges};
use crate::seats::store::Pick;
use crate::seats::{actions, store};

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::read("/v1/saas/{saasCustomerId}/seats", Right::SeeSaasStatus, seats),
    Route::put("/v1/saas/{saasCustomerId}/{externalSubscriptionId}/bulkSeatChange", Right::SeeSaasStatus, change),
];

fn seats(cx: &Cx<'_>) -> Result<Response> {
    let (scope, customer) = (cx.script()?.scope(), customer(cx.param_text("saasCustomerId")?)?);
    let types = types(&cx.query("seatType"))?;
    let found = cx.read(|db| store::all(db, served_store::find(db, &scope, customer)?.account.id))?;
    let wanted = found.into_iter().filter(|seat| types.is_empty() || types.contains(&seat.seat_type));
    json::answer(&wanted.map(SaasSeat::of).collect::<Vec<_>>())
}

/// Types with commas between them; none for all.
fn types(text: &str) -> Result<Vec<SeatType>> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(|word| seat_type("seatType", word)).collect()
}

fn seat_type(field: &str, word: &str) -> Result<SeatType> {
    let known = || SeatType::ALL.iter().map(|one| one.word()).collect::<Vec<_>>().join(", ");
    SeatType::from_word(word).ok_or_else(|| Error::refused(format!("{field} is one of {}.", known())))
}

/// SEA-6: one transaction; an id that is refused has its reason in its place, and the others are done.
fn change(cx: &Cx<'_>) -> Result<Response> {
    let by = SeatManager::of_script(cx.script()?).ok_or(Error::NotFound)?;
    let (customer, subscription) = (customer(cx.param_text("saasCustomerId")?)?, cx.param_text("externalSubscriptionId")?);
    let served = cx.read(|db| served_store::find(db, by.scope(), customer))?;
    // An address that is not this key's is not found, whatever the body says.
    if served.account.external_subscription_id.as_deref() != Some(subscription) {
        return Err(Error::NotFound);
    }
    let (action, picks) = asked(json::body(cx.request)?)?;
    let done = cx.portal.db.write(|tx| actions::change(tx, &by, &served.account, action, &picks))?;
    let line = |(place, result): (usize, std::result::Result<_, Refusal>)| SeatChange {
        action: action.word(),
        app_type: served.account.product.vendor(),
        customer_id: customer,
        id: place + 1,
        status: result.map_or_else(|refusal| refusal.sentence(), |_| "success".to_owned()),
    };
    json::answer(&done.into_iter().map(|one| one.result).enumerate().map(line).collect::<Vec<_>>())
}

fn asked(wanted: SeatChanges) -> Result<(Action, Vec<Pick>)> {
    let seat_type = seat_type("seat_type", &wanted.seat_type)?;
    let action = Action::from_word(&wanted.action_type)
        .filter(|action| *action != Action::DeleteBackups)
        .ok_or_else(|| Error::refused("action_type is License, Pause or Unlicense."))?;
    if wanted.ids.is_empty() || MOST_AT_ONCE < wanted.ids.len() {
        return Err(Error::refused(format!("ids holds from 1 to {MOST_AT_ONCE} ids of seats, and here are {}.", wanted.ids.len())));
    }
    Ok((action, wanted.ids.into_iter().map(|id| Pick::Remote(seat_type, id)).collect()))
}
