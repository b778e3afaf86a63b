//! Endpoint agents in the demo. All of it is made up.

use crate::access::witness_model::Restorer;
use crate::endpoints::imported_store;
use crate::endpoints::model::{Backup, ListedAgent, ListedAsset};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::time::{Span, Timestamp};
use crate::restores::model::{Entered, FileRestore};
use crate::{endpoints, restores};

/// How a computer's backups go: one letter a backup, oldest first, as a strip has them.
const WELL: &str = "gggggggggg";
const ONE_FAILED: &str = "gggrgggggg";
const FAILING: &str = "ggggggggrr";
const NO_SCREENSHOT: &str = "ggggggggss";
const YOUNG: &str = "ggg";
const NEVER: &str = "";

/// A client's computer.
pub struct Computer {
    /// The client's name.
    pub client: &'static str,
    host: &'static str,
    code: &'static str,
    /// What of it is backed up, each a dataset.
    volumes: &'static [&'static str],
    strip: &'static str,
    /// Hours since its newest backup.
    age: i64,
}

/// All of them.
#[rustfmt::skip] // a table, one line a computer
pub const COMPUTERS: &[Computer] = &[
    Computer { client: "Alder Dental", host: "alder-reception", code: "EP20411", volumes: &["C:"], strip: WELL, age: 2 },
    Computer { client: "Alder Dental", host: "alder-surgery-1", code: "EP20412", volumes: &["C:", "D:"], strip: ONE_FAILED, age: 3 },
    Computer { client: "Alder Dental", host: "olivia-laptop", code: "EP20413", volumes: &["C:"], strip: WELL, age: 31 },
    Computer { client: "Birchwood Law", host: "birchwood-clerk", code: "EP30177", volumes: &["C:"], strip: WELL, age: 1 },
    Computer { client: "Birchwood Law", host: "amara-laptop", code: "EP30178", volumes: &["C:"], strip: NO_SCREENSHOT, age: 4 },
    Computer { client: "Cobalt Logistics", host: "cobalt-dispatch", code: "EP41050", volumes: &["C:"], strip: FAILING, age: 5 },
    Computer { client: "Cobalt Logistics", host: "cobalt-gate-north", code: "EP41051", volumes: &["C:"], strip: WELL, age: 2 },
    Computer { client: "Cobalt Logistics", host: "cobalt-gate-south", code: "EP41052", volumes: &["C:"], strip: WELL, age: 97 },
    Computer { client: "Fable Books", host: "fable-till", code: "EP52208", volumes: &["C:"], strip: YOUNG, age: 6 },
    Computer { client: "Granite Gym", host: "granite-front-desk", code: "EP61930", volumes: &["C:"], strip: WELL, age: 2 },
    Computer { client: "Granite Gym", host: "marco-laptop", code: "EP61931", volumes: &[], strip: NEVER, age: 0 },
    Computer { client: "Harrow Surveyors", host: "harrow-plotter", code: "EP70345", volumes: &["C:", "E:"], strip: WELL, age: 3 },
    Computer { client: "Harrow Surveyors", host: "viktor-laptop", code: "EP70346", volumes: &["C:"], strip: ONE_FAILED, age: 8 },
    Computer { client: "Redwood Accountants", host: "redwood-ledger", code: "EP81114", volumes: &["C:"], strip: WELL, age: 1 },
    Computer { client: "Pinehurst Golf", host: "pinehurst-pro-shop", code: "EP90027", volumes: &["C:"], strip: WELL, age: 120 },
    Computer { client: "Saltmarsh Sailing", host: "saltmarsh-office", code: "EP11806", volumes: &["C:"], strip: WELL, age: 2 },
    Computer { client: "Vale Insurance", host: "omar-laptop", code: "EP13392", volumes: &["C:"], strip: NO_SCREENSHOT, age: 9 },
];

/// END-2: somebody asks for files from the newest backup of an organization's first computer that has one.
pub fn ask_for_files(tx: &Tx<'_>, by: &Restorer, organization: OrganizationId, (path, note): (&str, &str)) -> Result<FileRestore> {
    for agent in endpoints::store::of_organization(tx, by.scope(), organization, COMPUTERS.len())? {
        if let Some(point) = restores::store::points(tx, agent.id)?.first() {
            let entered = Entered { point: point.value(), path: path.to_owned(), note: note.to_owned() };
            return restores::actions::ask(tx, by, agent.id, &entered);
        }
    }
    Err(Error::NotFound)
}

/// Registers a computer's agent, with what was reported of it until `now`.
pub fn register(tx: &Tx<'_>, partner: PartnerId, organization: OrganizationId, computer: &Computer, now: Timestamp) -> Result<()> {
    let newest = now - Span::hours(computer.age) - Span::minutes(17);
    let number = computer.code.trim_start_matches("EP");
    let agent = ListedAgent {
        uuid: format!("00000000-0000-4000-8000-0000000{number}"),
        short_code: Some(computer.code.to_owned()),
        agent_type: Some("endpoint".to_owned()),
        hostname: computer.host.to_owned(),
        client_name: Some(computer.client.to_owned()),
        last_snapshot: (!computer.strip.is_empty()).then_some(newest),
        last_screenshot: None,
        screenshot_success: None,
        mac: Some(format!("02:00:00:{}:{}:00", number.get(..2).unwrap_or("00"), number.get(2..4).unwrap_or("00"))),
        serial: Some(format!("SN{number}77")),
    };
    imported_store::upsert_agent(tx, partner, &agent, Some(organization))?;
    for (place, volume) in (1_i64..).zip(computer.volumes) {
        let asset = asset(computer, volume, format!("00000000-0000-4000-9{place:03}-0000000{number}"), newest);
        imported_store::upsert_asset(tx, partner, &asset, Some(organization))?;
    }
    Ok(())
}

fn asset(computer: &Computer, volume: &str, asset_uuid: String, newest: Timestamp) -> ListedAsset {
    let backups: Vec<Backup> =
        (0_i64..).zip(computer.strip.chars().rev()).map(|(back, letter)| backup(letter, newest - Span::hours(12 * back))).collect();
    let whole = backups.iter().find(|backup| backup.success == Some(true));
    ListedAsset {
        asset_uuid,
        name: computer.host.to_owned(),
        status: Some("Active".to_owned()),
        asset_type: Some("endpoint".to_owned()),
        last_backup: whole.map(|backup| backup.at().iso()),
        screenshot_success: backups.first().and_then(|backup| backup.screenshot_success),
        reseller_id: None,
        backup_success: backups.first().and_then(|backup| backup.success),
        last_screenshot_url: None,
        hostname: Some(computer.host.to_owned()),
        mac_address: None,
        external_ip: None,
        agent_code: Some(computer.code.to_owned()),
        protected_volume: Some(volume.to_owned()),
        backups,
    }
}

const fn backup(letter: char, at: Timestamp) -> Backup {
    let (success, screenshot_success) = match letter {
        'r' => (false, None),
        's' => (true, Some(false)),
        _ => (true, Some(true)),
    };
    Backup { timestamp: at.0.div_euclid(1_000), success: Some(success), screenshot_success }
}
