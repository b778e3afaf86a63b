//! SaaS accounts and their reports as scripts read them: the vendor's names and types, oddities included (API-2). Pure.

use serde::Serialize;

use crate::backups::model::{Application, BackupDay, FullyProtected};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::time::{Span, Timestamp};
use crate::saas::model::{Retention, SaasAccount};

/// An account that is authorized, with what else is served of it.
#[derive(Clone, Debug)]
pub struct Served {
    /// The account.
    pub account: SaasAccount,
    /// The vendor's customer id; there is none without.
    pub customer: i64,
    /// The vendor's id of the organization it is linked to.
    pub organization_vendor_id: Option<i64>,
    /// What the vendor counted itself: active services, those backed up, and the percentage.
    pub stats: Option<(i64, i64, f64)>,
}

/// One element of `/v1/saas/domains`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SaasDomain {
    backup_stats: BackupStats,
    domain: String,
    saas_customer_id: i64,
    saas_customer_name: String,
    organization_id: Option<i64>,
    organization_name: Option<String>,
    seats_used: i64,
    product_type: &'static str,
    external_subscription_id: Option<String>,
    retention_type: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BackupStats {
    active_services_count: i64,
    active_services_with_recent_backup_count: i64,
    backup_percentage: f64,
}

impl SaasDomain {
    /// Of an account.
    pub fn of(served: Served) -> Self {
        let account = served.account;
        let (active, recent, percentage) = served.stats.unwrap_or_else(|| counted(account.facts.active_services, account.backed_services));
        let organization_id = account.organization.as_ref().map(|(id, _)| organization_id(*id, served.organization_vendor_id));
        Self {
            backup_stats: BackupStats {
                active_services_count: active,
                active_services_with_recent_backup_count: recent,
                backup_percentage: percentage,
            },
            domain: account.domain,
            saas_customer_id: served.customer,
            saas_customer_name: account.name,
            organization_id,
            organization_name: account.organization.map(|(_, name)| name),
            seats_used: account.seats_used,
            product_type: account.product.vendor(),
            external_subscription_id: account.external_subscription_id,
            retention_type: account.retention.map(Retention::word),
        }
    }
}

/// The vendor's id of an organization, else the digits of its ID.
pub fn organization_id(id: OrganizationId, vendor_id: Option<i64>) -> i64 {
    vendor_id.unwrap_or(id.0)
}

/// What the newest report amounts to, where the vendor's own count is not known; a percentage to two digits.
fn counted(active: i64, backed: i64) -> (i64, i64, f64) {
    let backed = backed.min(active);
    let hundredths = if active == 0 { 0 } else { (backed * 20_000 + active) / (active * 2) };
    (active, backed, i32::try_from(hundredths).map_or(0.0, f64::from) / 100.0)
}

/// `/v1/saas/{saasCustomerId}/applications`: the one item of its envelope. `R` is what seats add to it when they are asked for.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupReport<R> {
    customer_id: i64,
    customer_name: String,
    used_bytes: i64,
    suites: Vec<Suite>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_ids: Option<Vec<R>>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Suite {
    suite_type: &'static str,
    app_types: Vec<ReportedApplication>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportedApplication {
    app_type: String,
    last_fully_protected_time: Option<MomentOrBucket>,
    uningested_service_count: i64,
    used_bytes: i64,
    backup_history: Vec<ReportedDay>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum MomentOrBucket {
    Moment(i64),
    Bucket(String),
}

/// The vendor's `startTime` is the later moment and its `endTime` the earlier one.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportedDay {
    time_window: String,
    start_time: i64,
    end_time: i64,
    total_service_count: i64,
    active_service_count: i64,
    active_service_with_backup_count: i64,
    active_service_with_perfect_backup_count: i64,
    status: &'static str,
}

impl<R> BackupReport<R> {
    /// Of an account with its applications and days; the days of the last `days` before its newest data, newest first.
    pub fn of(served: Served, applications: &[Application], rows: &[BackupDay], days: i64, remote_ids: Option<Vec<R>>) -> Self {
        let as_of = rows.iter().map(|row| row.until).max();
        let mut known: Vec<Application> = applications.to_vec();
        for row in rows {
            if !known.iter().any(|one| one.application == row.application) {
                let application = row.application.clone();
                known.push(Application { application, used_bytes: 0, uningested: 0, last_fully_protected: None });
            }
        }
        let app_types = known.iter().map(|one| app_type(one, rows, as_of, days)).collect();
        Self {
            customer_id: served.customer,
            customer_name: served.account.name,
            used_bytes: applications.iter().map(|one| one.used_bytes).sum(),
            suites: vec![Suite { suite_type: served.account.product.vendor(), app_types }],
            remote_ids,
        }
    }
}

fn app_type(application: &Application, rows: &[BackupDay], as_of: Option<Timestamp>, days: i64) -> ReportedApplication {
    let mut own: Vec<(i64, &BackupDay)> = rows
        .iter()
        .filter(|row| row.application == application.application)
        .filter_map(|row| Some(((as_of? - row.until).0.div_euclid(Span::days(1).0), row)))
        .filter(|(back, _)| *back < days)
        .collect();
    own.sort_by_key(|(_, row)| std::cmp::Reverse(row.until));
    ReportedApplication {
        app_type: application.application.clone(),
        last_fully_protected_time: application.last_fully_protected.as_ref().map(|when| match when {
            FullyProtected::At(moment) => MomentOrBucket::Moment(moment.0),
            FullyProtected::Bucket(word) => MomentOrBucket::Bucket(word.clone()),
        }),
        uningested_service_count: application.uningested,
        used_bytes: application.used_bytes,
        backup_history: own.into_iter().map(|(back, row)| window(back, row)).collect(),
    }
}

fn window(back: i64, row: &BackupDay) -> ReportedDay {
    ReportedDay {
        time_window: format!("Between{back}dAnd{}d", back + 1),
        start_time: row.until.0,
        end_time: row.from.0,
        total_service_count: row.total,
        active_service_count: row.active,
        active_service_with_backup_count: row.backed,
        active_service_with_perfect_backup_count: row.perfect,
        status: row.status.word(),
    }
}

/// The vendor's customer id in a path; what is none is not found.
pub fn customer(text: &str) -> Result<i64> {
    let plain = (1..=18).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().map_err(|_| Error::NotFound) } else { Err(Error::NotFound) }
}
