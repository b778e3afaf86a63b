//! Endpoint agents and their assets: each against what is here.

use crate::endpoints::imported_store::{self as here, Home};
use crate::endpoints::model::{ListedAgent, ListedAsset};
use crate::imports::actions::linking::{Claim, Link, ahead, link, note_other_link};
use crate::imports::actions::stager::Stager;
use crate::imports::model::endpoints::{ClientRow, HomeRow};
use crate::imports::model::{Kind, Verdict};
use crate::imports::store::endpoints as staging;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{ImportId, OrganizationId, PartnerId};

/// An item of `agents.json`: each of its agents.
pub fn client(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: ClientRow) -> Result<()> {
    row.agents.into_iter().try_for_each(|listed| agent(tx, stager, line, &row.home, &listed))
}

fn agent(tx: &Tx<'_>, stager: &mut Stager, line: i64, home: &HomeRow, listed: &ListedAgent) -> Result<()> {
    if stager.agents.contains_key(&listed.uuid) {
        let reason = format!("The agent {} stands in these files already.", listed.uuid);
        return stager.refuse(tx, Kind::Agents, line, "uuid", &reason);
    }
    if let Some((field, reason)) = ahead(tx.now(), &[("lastSnapshot", listed.last_snapshot), ("lastScreenshot", listed.last_screenshot)]) {
        return stager.refuse(tx, Kind::Agents, line, field, &reason);
    }
    let code = listed.short_code.as_deref();
    let known = here::agent(tx, stager.partner, &listed.uuid, code)?;
    let (verdict, organization) = match &known {
        Some((_, tied, before)) => {
            note_other_home(tx, stager, line, &listed.hostname, home, tied)?;
            (if before == listed { Verdict::Unchanged } else { Verdict::Changed }, tied.id)
        }
        None => match first_home(tx, stager, line, &listed.hostname, home)? {
            Some(organization) => (Verdict::New, organization),
            None => return Ok(()),
        },
    };
    stager.agents.insert(listed.uuid.clone(), organization);
    if let Some(code) = code {
        stager.agent_codes.entry(code.to_owned()).or_insert(organization);
    }
    if verdict != Verdict::Unchanged {
        staging::agent(tx, stager.import, listed, known.map(|(id, ..)| id), organization)?;
    }
    stager.count(Kind::Agents, verdict);
    Ok(())
}

/// An item of an envelope of assets.
pub fn asset(tx: &Tx<'_>, stager: &mut Stager, line: i64, (home, listed): &(HomeRow, ListedAsset)) -> Result<()> {
    if !stager.endpoint_assets.insert(listed.asset_uuid.clone()) {
        let reason = format!("The asset {} stands in these files already.", listed.asset_uuid);
        return stager.refuse(tx, Kind::Agents, line, "assetUuid", &reason);
    }
    let known = here::asset(tx, stager.partner, &listed.asset_uuid)?;
    let tied = here::agent_of_asset(tx, stager.partner, listed)?.map(|(_, tied)| tied);
    let in_files =
        listed.agent_code.as_ref().and_then(|code| stager.agent_codes.get(code)).or_else(|| stager.agents.get(&listed.asset_uuid));
    let organization = match (&tied, in_files.copied()) {
        (Some(tied), _) => {
            note_other_home(tx, stager, line, &listed.name, home, tied)?;
            tied.id
        }
        (None, Some(organization)) => organization,
        (None, None) => match first_home(tx, stager, line, &listed.name, home)? {
            Some(organization) => organization,
            None => return Ok(()),
        },
    };
    let verdict = match &known {
        None => Verdict::New,
        Some((_, before)) if before == listed => Verdict::Unchanged,
        Some(_) => Verdict::Changed,
    };
    if verdict != Verdict::Unchanged {
        staging::asset(tx, stager.import, listed, known.map(|(id, _)| id), organization)?;
    }
    stager.count(Kind::Agents, verdict);
    Ok(())
}

/// END-1: what was tied at registration stays where it is; where the file says otherwise the preview tells.
fn note_other_home(tx: &Tx<'_>, stager: &mut Stager, line: i64, name: &str, home: &HomeRow, tied: &Home) -> Result<()> {
    note_other_link(tx, stager, line, &claim(name, home), Some(&(tied.vendor_id, tied.name.clone())))
}

fn claim<'a>(name: &'a str, home: &'a HomeRow) -> Claim<'a> {
    Claim { of: name, organization_id: Some(home.organization_id), organization_name: home.organization_name.as_deref() }
}

/// Where an agent is tied to that is seen for the first time. One of an organization that was deleted here has nowhere to be: its datasets
/// were destroyed.
fn first_home(tx: &Tx<'_>, stager: &mut Stager, line: i64, name: &str, home: &HomeRow) -> Result<Option<OrganizationId>> {
    match link(tx, stager, line, &claim(name, home))? {
        Link::To(Some(organization)) => Ok(Some(OrganizationId(organization))),
        Link::To(None) => {
            stager.count(Kind::Agents, Verdict::Unchanged);
            let reason =
                format!("{name} does not come in: an agent is tied to its organization, and there is none here that it may be tied to.");
            stager.note(tx, stager.file_number(), line, "organizationId", reason)?;
            Ok(None)
        }
        Link::Refused(field, reason) => {
            stager.refuse(tx, Kind::Agents, line, field, &reason)?;
            Ok(None)
        }
    }
}

/// Moves what was staged in: agents first, then the assets that belong to them.
pub fn carry_out(tx: &Tx<'_>, partner: PartnerId, import: ImportId) -> Result<()> {
    for (listed, organization) in staging::agents(tx, import)? {
        here::upsert_agent(tx, partner, &listed, Some(organization))?;
    }
    staging::assets(tx, import)?.iter().try_for_each(|(listed, organization)| here::upsert_asset(tx, partner, listed, Some(*organization)))
}
