//! `/v1/bcdr/agent` and `/v1/dtc/…`: agents and assets, for scripts whose key's maker has Endpoint Backup (EMP-3).

use crate::access::roles_model::Right;
use crate::endpoints::served_model::{DtcAsset, EndpointClient};
use crate::endpoints::served_store;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::json::{self, Paging};
use crate::page::{Cx, Route};

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::read("/v1/bcdr/agent", Right::SeeEndpointBackup, agents),
    Route::read("/v1/dtc/assets", Right::SeeEndpointBackup, assets),
    Route::read("/v1/dtc/{clientId}/assets", Right::SeeEndpointBackup, assets_of_client),
    Route::read("/v1/dtc/{clientId}/assets/{assetUuid}", Right::SeeEndpointBackup, asset),
];

/// Items on a page.
const PER_PAGE: i64 = 100;

fn agents(cx: &Cx<'_>) -> Result<Response> {
    let (scope, paging) = (cx.script()?.scope(), Paging::read(cx.request, PER_PAGE)?);
    let (clients, count) = cx.read(|db| served_store::clients(db, &scope, paging))?;
    let items = clients.into_iter().map(|(owner, client_name, agents)| EndpointClient::of(owner, client_name, agents)).collect();
    json::answer(&paging.envelope(items, count))
}

fn assets(cx: &Cx<'_>) -> Result<Response> {
    match cx.request.params("clientId").next() {
        Some(client) => list(cx, Some(&client)),
        None => list(cx, None),
    }
}

fn assets_of_client(cx: &Cx<'_>) -> Result<Response> {
    list(cx, Some(cx.param_text("clientId")?))
}

fn list(cx: &Cx<'_>, client: Option<&str>) -> Result<Response> {
    let (scope, paging) = (cx.script()?.scope(), Paging::read(cx.request, PER_PAGE)?);
    let (assets, count) = cx.read(|db| {
        let only = client.map(|client| served_store::organization(db, &scope, client_id(client)?)).transpose()?;
        served_store::assets(db, &scope, only, paging)
    })?;
    let items = assets.into_iter().map(|(owner, asset)| DtcAsset::of(owner, asset)).collect();
    json::answer(&paging.envelope(items, count))
}

fn asset(cx: &Cx<'_>) -> Result<Response> {
    let (scope, uuid) = (cx.script()?.scope(), cx.param_text("assetUuid")?);
    let client = client_id(cx.param_text("clientId")?)?;
    let (owner, asset) = cx.read(|db| {
        let organization = served_store::organization(db, &scope, client)?;
        served_store::asset(db, organization, uuid)
    })?;
    json::answer(&DtcAsset::of(owner, asset))
}

/// An organization's id for scripts; what is none is not found.
fn client_id(text: &str) -> Result<i64> {
    let plain = (1..=18).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().map_err(|_| Error::NotFound) } else { Err(Error::NotFound) }
}
