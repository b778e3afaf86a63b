//! Where the vendor has an account or a device, and where it belongs here: the same for everything that is linked.

use crate::imports::actions::people;
use crate::imports::actions::stager::{Named, Stager};
use crate::imports::store::here;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::text::{self, FirmName};
use crate::kernel::time::{Span, Timestamp, Zone};
use crate::organizations;

/// Two clocks may be apart by so much.
const CLOCKS_DIFFER: Span = Span::days(1);

/// Where a file has something.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Its name.
    pub of: &'a str,
    /// The vendor's id of the organization it is linked to there.
    pub organization_id: Option<i64>,
    /// That organization's name.
    pub organization_name: Option<&'a str>,
}

/// Where something new belongs.
#[derive(Debug)]
pub enum Link {
    /// To this organization, or to none.
    To(Option<i64>),
    /// Nowhere: the field and the reason.
    Refused(&'static str, String),
}

/// A later import never changes a link; where the file says otherwise the preview tells.
pub fn note_other_link(
    tx: &Tx<'_>,
    stager: &mut Stager,
    line: i64,
    claim: &Claim<'_>,
    linked: Option<&(Option<i64>, String)>,
) -> Result<()> {
    let says = claim.organization_id.map(|id| claim.organization_name.map_or_else(|| id.to_string(), ToOwned::to_owned));
    let same = match (linked, claim.organization_id) {
        (None, None) => true,
        (Some((vendor_id, name)), Some(id)) => {
            *vendor_id == Some(id) || claim.organization_name.is_some_and(|other| text::key(other) == text::key(name))
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    if same {
        return Ok(());
    }
    let here = linked.map_or_else(|| "not linked".to_owned(), |(_, name)| format!("linked to “{name}”"));
    let there = says.map_or_else(|| "not linked".to_owned(), |name| format!("linked to “{name}”"));
    let reason = format!("{} is {here} here, the file says {there}. The link here stays.", claim.of);
    stager.note(tx, stager.file_number(), line, "organizationId", reason)
}

/// Where something belongs that is seen for the first time: the organization of the vendor's id, else the one of the name, which then
/// takes the id, else a new one of that name. An organization that was deleted here matches nothing.
pub fn link(tx: &Tx<'_>, stager: &mut Stager, line: i64, claim: &Claim<'_>) -> Result<Link> {
    let Some(id) = claim.organization_id else { return Ok(Link::To(None)) };
    if let Some(organization) = of_vendor(tx, stager, id)? {
        return Ok(Link::To(Some(organization)));
    }
    let named_so = claim.organization_name.map(text::key);
    if let Some(ours) = here::organization_without_vendor(tx, stager.partner, id)?
        && named_so.as_deref() != Some(text::key(&ours).as_str())
    {
        let reason = format!("{id} is the ID of “{ours}” here, by which scripts know it, and the file means another organization.");
        return Ok(Link::Refused("organizationId", reason));
    }
    let Some(name) = claim.organization_name else {
        return Ok(Link::Refused(
            "organizationName",
            format!("No organization here has the vendor's id {id}, and the file gives no name."),
        ));
    };
    let name = match FirmName::parse(name) {
        Ok(name) => name,
        Err(reason) => return Ok(Link::Refused("organizationName", reason)),
    };
    if let Some(named) = named(tx, stager, &name.key())? {
        if let Some(other) = named.vendor_id {
            let reason = format!("“{}” has the vendor's id {other} here, and the file says {id}.", name.as_str());
            return Ok(Link::Refused("organizationId", reason));
        }
        people::take_vendor_id(tx, stager, line, &name.key(), named, id)?;
        return Ok(Link::To(Some(named.id)));
    }
    if here::was_deleted(tx, stager.partner, &name.key())? {
        let reason = format!("“{}” was deleted here, so {} stays unlinked.", name.as_str(), claim.of);
        stager.note(tx, stager.file_number(), line, "organizationId", reason)?;
        return Ok(Link::To(None));
    }
    if let Some(gone) = here::moved_away(tx, stager.partner, Some(id), &name.key())? {
        let reason = format!("{} {} stays unlinked.", people::went_away(&gone), claim.of);
        stager.note(tx, stager.file_number(), line, "organizationId", reason)?;
        return Ok(Link::To(None));
    }
    if organizations::moving_store::name_reserved(tx, stager.partner, &name.key(), None)? {
        let reason = format!("{} {} stays unlinked.", people::kept_free(name.as_str()), claim.of);
        stager.note(tx, stager.file_number(), line, "organizationId", reason)?;
        return Ok(Link::To(None));
    }
    people::create_for_account(tx, stager, line, &name, id).map(|organization| Link::To(Some(organization)))
}

/// IMP-1: what reports the past cannot lie more than a day ahead; it would be newer than anything that is true, and stay so. The field and
/// the reason of the first that does.
pub fn ahead(now: Timestamp, moments: &[(&'static str, Option<Timestamp>)]) -> Option<(&'static str, String)> {
    let (field, moment) =
        moments.iter().find_map(|(field, moment)| moment.filter(|moment| now + CLOCKS_DIFFER < *moment).map(|at| (*field, at)))?;
    Some((field, format!("This lies in the future: {}. Look at the clock of what reported it.", Zone::utc().exact(moment))))
}

fn of_vendor(tx: &Tx<'_>, stager: &Stager, vendor_id: i64) -> Result<Option<i64>> {
    match stager.vendors.get(&vendor_id) {
        Some(organization) => Ok(Some(*organization)),
        None => Ok(here::organization_of_vendor(tx, stager.partner, vendor_id)?.map(|known| known.id)),
    }
}

fn named(tx: &Tx<'_>, stager: &Stager, key: &str) -> Result<Option<Named>> {
    if let Some(named) = stager.names.get(key) {
        return Ok(Some(*named));
    }
    let known = here::organization_named(tx, stager.partner, key)?;
    Ok(known.map(|known| Named { id: known.id, vendor_id: known.vendor_id, staged: false }))
}
