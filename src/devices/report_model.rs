//! A device and its assets as the vendor reports them: every field of its bodies, in our types. Pure.
//!
//! They are staged as JSON while an import waits, hence `serde`; what the vendor's own bodies look like stands in `served_model`.

use serde::{Deserialize, Serialize};

use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::text_enum;

/// A device.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DeviceReport {
    /// Its serial number, by which it is known again at its partner.
    pub serial: String,
    /// Its hostname.
    pub name: String,
    /// Its model.
    pub model: Option<String>,
    /// Where the vendor keeps its offsite copies.
    pub location: Option<String>,
    /// Who runs that place.
    pub provider: Option<String>,
    /// When it last checked in.
    pub last_seen: Option<Timestamp>,
    /// The client's name as the vendor has it.
    pub client_name: Option<String>,
    /// Whether it is hidden at the vendor.
    pub hidden: bool,
    /// The service plan's name.
    pub service_plan: Option<String>,
    /// Since when it is registered.
    pub registered_at: Option<Timestamp>,
    /// The end of the service period.
    pub service_until: Option<Timestamp>,
    /// The end of the warranty.
    pub warranty_until: Option<Timestamp>,
    /// Local storage in use, in kilobytes (of 1,000 bytes).
    pub local_used_kb: Option<i64>,
    /// Local storage that is free, in kilobytes.
    pub local_free_kb: Option<i64>,
    /// Offsite storage in use, in bytes.
    pub offsite_bytes: Option<i64>,
    /// Disks of what it protects, in bytes.
    pub managed_bytes: Option<i64>,
    /// Its address in its own network.
    pub internal_ip: Option<String>,
    /// Open tickets about it.
    pub tickets: i64,
    /// The reseller's name as the vendor has it.
    pub reseller: Option<String>,
    /// Agents, as the vendor counts them.
    pub agents: i64,
    /// Shares, as the vendor counts them.
    pub shares: i64,
    /// Alerts, as the vendor counts them.
    pub alerts: i64,
    /// Seconds since it was started.
    pub uptime_seconds: Option<i64>,
    /// Its own web address: http or https (DEV-5).
    pub web_address: Option<String>,
}

impl serde::Serialize for AssetKind {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.word())
    }
}

impl<'de> serde::Deserialize<'de> for AssetKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::from_word(&word).ok_or_else(|| serde::de::Error::custom("neither agent nor share"))
    }
}

impl DeviceReport {
    /// How full its local storage is, in tenths of a percent; nothing where that is not known.
    pub fn local_permille(&self) -> Option<i64> {
        let (used, free) = (self.local_used_kb?, self.local_free_kb?);
        let whole = used.saturating_add(free);
        (0 < whole).then(|| used.saturating_mul(1_000) / whole)
    }

    /// What the search looks through: hostname and serial number, one a line, and no query holds a line's end.
    pub fn search_text(&self) -> String {
        format!("{}\n{}", text::key(&self.name), text::key(&self.serial))
    }
}

text_enum!(
    /// What a device protects.
    AssetKind {
        /// A machine with an agent on it.
        Agent = "agent",
        /// A share.
        Share = "share",
    }
);

/// An asset of a device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AssetReport {
    /// 32 hex digits, by which it is known again on its device.
    pub volume: String,
    /// The vendor's number of it.
    pub vendor_id: i64,
    /// Agent or share, in the vendor's word.
    pub kind: AssetKind,
    /// Its name.
    pub name: String,
    /// Its address in its network.
    pub local_ip: Option<String>,
    /// Its operating system.
    pub os: Option<String>,
    /// Volumes that are backed up.
    pub protected_count: i64,
    /// Volumes that are not.
    pub unprotected_count: i64,
    /// Their names.
    pub protected_names: Vec<String>,
    /// The names of the others.
    pub unprotected_names: Vec<String>,
    /// The agent's version.
    pub agent_version: Option<String>,
    /// Whether its backups rest.
    pub paused: bool,
    /// Whether nothing new is backed up and what there is stays.
    pub archived: bool,
    /// The newest recovery point that is offsite.
    pub latest_offsite: Option<Timestamp>,
    /// Snapshots on the device.
    pub local_snapshots: i64,
    /// The newest of them.
    pub last_snapshot: Option<Timestamp>,
    /// When a screenshot was last tried.
    pub screenshot_at: Option<Timestamp>,
    /// What came of it.
    pub screenshot_ok: Option<bool>,
    /// Where the vendor keeps it; never loaded (ALL-5).
    pub screenshot_url: Option<String>,
    /// Its name in the network.
    pub fqdn: Option<String>,
    /// Its newest recovery points, newest first.
    pub backups: Vec<BackupReport>,
}

impl AssetReport {
    /// The newest moment that it knows.
    pub fn newest(&self) -> Option<Timestamp> {
        let points = self.backups.iter().map(|point| point.at);
        points.chain([self.last_snapshot, self.latest_offsite, self.screenshot_at].into_iter().flatten()).max()
    }
}

/// A recovery point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BackupReport {
    /// When it was made.
    pub at: Timestamp,
    /// The vendor's word: "success" and others.
    pub status: String,
    /// What went wrong.
    pub error: Option<String>,
    /// The vendor's word for what checking it locally said.
    pub verification: Option<String>,
    /// What was found, by type and message.
    pub verification_errors: Vec<(Option<String>, Option<String>)>,
    /// The vendor's word for its screenshot: "1" is a good one.
    pub screenshot: Option<String>,
    /// The picture's place at the vendor; never loaded (ALL-5).
    pub screenshot_image: Option<String>,
}

impl BackupReport {
    /// Whether it can be restored from.
    pub fn is_good(&self) -> bool {
        self.status == SUCCESS
    }
}

/// The vendor's word for a backup that went well.
pub const SUCCESS: &str = "success";

/// What a device's row keeps of its assets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// The newest moment that any report knows.
    pub as_of: Option<Timestamp>,
    /// Assets that are neither paused nor archived; everything below is of these.
    pub active: i64,
    /// The newest snapshot.
    pub newest_snapshot: Option<Timestamp>,
    /// The newest snapshot of the asset that is furthest behind.
    pub oldest_snapshot: Option<Timestamp>,
    /// The newest recovery point that is offsite.
    pub newest_offsite: Option<Timestamp>,
    /// That of the asset that is furthest behind.
    pub oldest_offsite: Option<Timestamp>,
    /// Assets whose newest backup failed.
    pub failed_backups: i64,
    /// Assets that have no snapshot at all.
    pub without_snapshot: i64,
    /// Assets whose newest screenshot failed.
    pub failed_screenshots: i64,
    /// When the newest screenshot was taken.
    pub newest_screenshot: Option<Timestamp>,
}

/// Sums up a device's assets; `last_seen` is when the device itself last checked in.
pub fn summarize(last_seen: Option<Timestamp>, assets: &[AssetReport]) -> Summary {
    let active = || assets.iter().filter(|asset| !asset.paused && !asset.archived);
    let count = |wanted: fn(&&AssetReport) -> bool| i64::try_from(active().filter(wanted).count()).unwrap_or(i64::MAX);
    Summary {
        as_of: assets.iter().filter_map(AssetReport::newest).chain(last_seen).max(),
        active: count(|_| true),
        newest_snapshot: active().filter_map(|asset| asset.last_snapshot).max(),
        oldest_snapshot: active().filter_map(|asset| asset.last_snapshot).min(),
        newest_offsite: active().filter_map(|asset| asset.latest_offsite).max(),
        oldest_offsite: active().filter_map(|asset| asset.latest_offsite).min(),
        failed_backups: count(|asset| asset.backups.first().is_some_and(|backup| !backup.is_good())),
        without_snapshot: count(|asset| asset.last_snapshot.is_none()),
        failed_screenshots: count(|asset| asset.screenshot_ok == Some(false)),
        newest_screenshot: active().filter_map(|asset| asset.screenshot_at).max(),
    }
}

/// Something a device raised alarm about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AlertReport {
    /// About what, in the vendor's word.
    pub kind: String,
    /// From where on.
    pub threshold: Option<i64>,
    /// Of what.
    pub unit: Option<String>,
    /// Since when it is so.
    pub triggered_at: Option<Timestamp>,
    /// When the vendor wrote of it.
    pub sent_at: Option<Timestamp>,
}

/// A virtual machine that runs on a device from a recovery point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RestoreReport {
    /// The vendor's number of it.
    pub vendor_id: i64,
    /// The vendor's number of the asset.
    pub asset_vendor_id: Option<i64>,
    /// Processors.
    pub cpus: Option<i64>,
    /// Memory, in the vendor's unit.
    pub ram: Option<i64>,
    /// Sockets.
    pub sockets: Option<i64>,
    /// Its time zone.
    pub time_zone: Option<String>,
    /// The network it is in.
    pub network_name: Option<String>,
    /// How its disks are attached.
    pub storage_bus: Option<String>,
    /// What it is made like.
    pub model_type: Option<String>,
    /// Its hardware address.
    pub mac_address: Option<String>,
}
