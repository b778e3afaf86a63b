//! What an audit holds, made of what the imports brought. Pure.

use serde::{Deserialize, Serialize};

use crate::branding::model::DevicesNamed;
use crate::devices::report_model::{AssetReport, DeviceReport};
use crate::kernel::ids::{AuditId, DeviceId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;

/// One agent's or share's chain of recovery points.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dataset {
    /// The asset's name.
    pub name: String,
    /// Its volume, by which it is known again.
    pub volume: String,
    /// Recovery points on the device.
    pub local_points: i64,
    /// The newest of them.
    pub newest_local: Option<Timestamp>,
    /// The newest recovery point that is offsite; nothing where none is known.
    pub newest_offsite: Option<Timestamp>,
    /// The newest recovery points that are known one by one, the newest first: when, and whether they can be restored from.
    pub points: Vec<(Timestamp, bool)>,
    /// Whether its backups rest.
    pub paused: bool,
}

/// Why a chain belongs to nothing that is backed up any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Orphaned {
    /// Its asset is archived.
    Archived,
    /// Its asset was there at the audit before, made at this moment, and is not any more.
    Vanished(Timestamp),
}

/// What an audit found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Bytes offsite; nothing where that is not known.
    pub offsite_bytes: Option<i64>,
    /// Kilobytes on the device.
    pub local_kb: Option<i64>,
    /// The newest moment that the data knows.
    pub as_of: Option<Timestamp>,
    /// Assets as the vendor counts them, which may be more than those it reported one by one.
    pub counted: i64,
    /// The chains of what is backed up, by name.
    pub datasets: Vec<Dataset>,
    /// The others.
    pub orphans: Vec<(Dataset, Orphaned)>,
    /// When the audit before was made, without which nobody knows what vanished.
    pub before: Option<Timestamp>,
}

/// DEV-8: an audit of what is known of a device at this moment, beside the one before it.
pub fn audit(device: &DeviceReport, as_of: Option<Timestamp>, assets: &[AssetReport], before: Option<(&Report, Timestamp)>) -> Report {
    let (archived, kept): (Vec<&AssetReport>, Vec<&AssetReport>) = assets.iter().partition(|asset| asset.archived);
    let mut orphans: Vec<(Dataset, Orphaned)> = archived.into_iter().map(|asset| (dataset(asset), Orphaned::Archived)).collect();
    if let Some((before, at)) = before {
        let gone = |dataset: &&Dataset| !assets.iter().any(|asset| asset.volume == dataset.volume);
        let was_kept = before.datasets.iter().filter(gone).map(|dataset| (dataset.clone(), Orphaned::Vanished(at)));
        let was_orphan = before.orphans.iter().filter(|(dataset, _)| gone(&dataset)).map(|(dataset, why)| {
            let since = match why {
                Orphaned::Archived => Orphaned::Vanished(at),
                Orphaned::Vanished(_) => *why,
            };
            (dataset.clone(), since)
        });
        orphans.extend(was_kept.chain(was_orphan));
    }
    Report {
        offsite_bytes: device.offsite_bytes,
        local_kb: device.local_used_kb,
        as_of,
        counted: device.agents.saturating_add(device.shares),
        datasets: kept.into_iter().map(dataset).collect(),
        orphans,
        before: before.map(|(_, at)| at),
    }
}

fn dataset(asset: &AssetReport) -> Dataset {
    Dataset {
        name: asset.name.clone(),
        volume: asset.volume.clone(),
        local_points: asset.local_snapshots,
        newest_local: asset.last_snapshot,
        newest_offsite: asset.latest_offsite,
        points: asset.backups.iter().map(|point| (point.at, point.is_good())).collect(),
        paused: asset.paused,
    }
}

/// An audit as it was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// Its id.
    pub id: AuditId,
    /// The partner that holds the device.
    pub partner: PartnerId,
    /// Whose device it was.
    pub organization: (OrganizationId, String),
    /// Of which device: its id, and the hostname and serial number of that day.
    pub device: (DeviceId, String, String),
    /// DEV-4: how its viewer's partner identifies devices.
    pub named: DevicesNamed,
    /// Of which UTC day, in days since 1970.
    pub day: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom, with e-mail.
    pub made_by: String,
    /// What was found.
    pub report: Report,
}

impl Audit {
    /// What its viewers call the device (DEV-4).
    pub fn device_name(&self) -> String {
        self.named.name(&self.device.1, &self.device.2)
    }

    /// What that name does not say of the device.
    pub fn device_beneath(&self) -> &str {
        self.named.beneath(&self.device.1, &self.device.2)
    }
}
