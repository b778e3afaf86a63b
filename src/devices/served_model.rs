//! Devices, assets, alerts and running restores as scripts read them: the vendor's names and types, oddities included (API-2). Pure.

use serde::Serialize;

use crate::devices::model::Device;
use crate::devices::report_model::{AlertReport, AssetReport, BackupReport, RestoreReport};
use crate::kernel::time::Timestamp;
use crate::saas::served_model::organization_id;

/// Which devices a script asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Those that are hidden at the vendor as well.
    pub hidden: bool,
    /// Those of partners beneath as well.
    pub children: bool,
}

/// A device with what else is served of it.
#[derive(Clone, Debug)]
pub struct Served {
    /// The device.
    pub device: Device,
    /// The vendor's id of the organization it is linked to.
    pub organization_vendor_id: Option<i64>,
}

/// One item of `/v1/bcdr/device`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BcdrDevice {
    serial_number: String,
    name: String,
    region: Region,
    model: Option<String>,
    last_seen_date: Option<String>,
    organization_id: Option<i64>,
    client_company_name: Option<String>,
    organization_name: Option<String>,
    hidden: bool,
    service_plan: Option<String>,
    registration_date: Option<String>,
    service_period: Option<String>,
    warranty_expire: Option<String>,
    local_storage_used: Option<Size>,
    local_storage_available: Option<Size>,
    offsite_storage_used: Option<Size>,
    total_managed_disk: Option<Size>,
    #[serde(rename = "internalIP")]
    internal_ip: Option<String>,
    active_tickets: i64,
    reseller_company_name: Option<String>,
    agent_count: i64,
    share_count: i64,
    alert_count: i64,
    uptime: Option<i64>,
    remote_web_url: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Region {
    location: Option<String>,
    provider: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Size {
    size: i64,
    units: &'static str,
}

impl Size {
    fn of(size: Option<i64>, units: &'static str) -> Option<Self> {
        size.map(|size| Self { size, units })
    }
}

impl BcdrDevice {
    /// Of a device.
    pub fn of(served: Served) -> Self {
        let (device, report) = (served.device.organization, served.device.report);
        let date = |moment: Option<Timestamp>| moment.map(Timestamp::with_offset);
        Self {
            serial_number: report.serial,
            name: report.name,
            region: Region { location: report.location, provider: report.provider },
            model: report.model,
            last_seen_date: date(report.last_seen),
            organization_id: device.as_ref().map(|(id, _)| organization_id(*id, served.organization_vendor_id)),
            client_company_name: report.client_name,
            organization_name: device.map(|(_, name)| name),
            hidden: report.hidden,
            service_plan: report.service_plan,
            registration_date: date(report.registered_at),
            service_period: date(report.service_until),
            warranty_expire: date(report.warranty_until),
            local_storage_used: Size::of(report.local_used_kb, "KB"),
            local_storage_available: Size::of(report.local_free_kb, "KB"),
            offsite_storage_used: Size::of(report.offsite_bytes, "B"),
            total_managed_disk: Size::of(report.managed_bytes, "B"),
            internal_ip: report.internal_ip,
            active_tickets: report.tickets,
            reseller_company_name: report.reseller,
            agent_count: report.agents,
            share_count: report.shares,
            alert_count: report.alerts,
            uptime: report.uptime_seconds,
            remote_web_url: report.web_address,
        }
    }
}

/// One element of `/v1/bcdr/device/{serialNumber}/asset`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asset {
    name: String,
    #[serde(rename = "assetId")]
    number: i64,
    volume: String,
    local_ip: Option<String>,
    os: Option<String>,
    protected_volumes_count: i64,
    unprotected_volumes_count: i64,
    protected_volume_names: Vec<String>,
    unprotected_volume_names: Vec<String>,
    agent_version: Option<String>,
    is_paused: bool,
    is_archived: bool,
    latest_offsite: Option<i64>,
    local_snapshots: i64,
    last_snapshot: Option<i64>,
    last_screenshot_attempt: Option<i64>,
    last_screenshot_attempt_status: Option<bool>,
    last_screenshot_url: Option<String>,
    fqdn: Option<String>,
    #[serde(rename = "type")]
    kind: &'static str,
    backups: Vec<RecoveryPoint>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RecoveryPoint {
    timestamp: i64,
    backup: Backup,
    local_verification: Option<LocalVerification>,
    advanced_verification: Option<AdvancedVerification>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Backup {
    status: String,
    error_message: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct LocalVerification {
    status: Option<String>,
    errors: Vec<VerificationError>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VerificationError {
    error_type: Option<String>,
    error_message: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AdvancedVerification {
    screenshot_verification: ScreenshotVerification,
}

#[derive(Clone, Debug, Serialize)]
struct ScreenshotVerification {
    status: Option<String>,
    image: Option<String>,
}

/// The vendor tells an asset's times in whole seconds.
const fn seconds(moment: Timestamp) -> i64 {
    moment.0.div_euclid(1_000)
}

impl Asset {
    /// Of an asset.
    pub fn of(report: AssetReport) -> Self {
        Self {
            name: report.name,
            number: report.vendor_id,
            volume: report.volume,
            local_ip: report.local_ip,
            os: report.os,
            protected_volumes_count: report.protected_count,
            unprotected_volumes_count: report.unprotected_count,
            protected_volume_names: report.protected_names,
            unprotected_volume_names: report.unprotected_names,
            agent_version: report.agent_version,
            is_paused: report.paused,
            is_archived: report.archived,
            latest_offsite: report.latest_offsite.map(seconds),
            local_snapshots: report.local_snapshots,
            last_snapshot: report.last_snapshot.map(seconds),
            last_screenshot_attempt: report.screenshot_at.map(seconds),
            last_screenshot_attempt_status: report.screenshot_ok,
            last_screenshot_url: report.screenshot_url,
            fqdn: report.fqdn,
            kind: report.kind.word(),
            backups: report.backups.into_iter().map(RecoveryPoint::of).collect(),
        }
    }
}

impl RecoveryPoint {
    fn of(point: BackupReport) -> Self {
        let errors = point.verification_errors.into_iter();
        let errors: Vec<_> = errors.map(|(error_type, error_message)| VerificationError { error_type, error_message }).collect();
        let told = point.verification.is_some() || !errors.is_empty();
        let shown = point.screenshot.is_some() || point.screenshot_image.is_some();
        let screenshot_verification = ScreenshotVerification { status: point.screenshot, image: point.screenshot_image };
        Self {
            timestamp: seconds(point.at),
            backup: Backup { status: point.status, error_message: point.error },
            local_verification: told.then_some(LocalVerification { status: point.verification, errors }),
            advanced_verification: shown.then_some(AdvancedVerification { screenshot_verification }),
        }
    }
}

/// One item of `/v1/bcdr/device/{serialNumber}/alert`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    #[serde(rename = "type")]
    kind: String,
    threshold: Option<i64>,
    unit: Option<String>,
    date_triggered: Option<String>,
    date_sent: Option<String>,
}

impl Alert {
    /// Of an alert.
    pub fn of(report: AlertReport) -> Self {
        Self {
            kind: report.kind,
            threshold: report.threshold,
            unit: report.unit,
            date_triggered: report.triggered_at.map(Timestamp::with_offset),
            date_sent: report.sent_at.map(Timestamp::with_offset),
        }
    }
}

/// One element of `/v1/bcdr/device/{serialNumber}/vm-restores`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VmRestore {
    restore_id: i64,
    asset_id: Option<i64>,
    cpu_count: Option<i64>,
    ram_size: Option<i64>,
    socket_count: Option<i64>,
    timezone: Option<String>,
    network_name: Option<String>,
    storage_bus: Option<String>,
    model_type: Option<String>,
    mac_address: Option<String>,
}

impl VmRestore {
    /// Of a restore.
    pub fn of(report: RestoreReport) -> Self {
        Self {
            restore_id: report.vendor_id,
            asset_id: report.asset_vendor_id,
            cpu_count: report.cpus,
            ram_size: report.ram,
            socket_count: report.sockets,
            timezone: report.time_zone,
            network_name: report.network_name,
            storage_bus: report.storage_bus,
            model_type: report.model_type,
            mac_address: report.mac_address,
        }
    }
}
