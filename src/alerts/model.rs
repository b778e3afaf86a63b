//! Whether a rule is true of what is known, and what it would say. Pure.

use crate::alerts::rules_model::{Rule, Setting, Side, To};
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::time::{Span, Timestamp};

/// Whose rules: an organization's, or with none the whole partner's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Whose {
    /// The partner.
    pub partner: PartnerId,
    /// Its organization.
    pub organization: Option<OrganizationId>,
    /// Who set them.
    pub side: Side,
}

impl Whose {
    /// The same of the provider: what both sides' rules look at is filed under it.
    #[must_use]
    pub const fn of_provider(self) -> Self {
        Self { side: Side::Provider, ..self }
    }
}

/// What the rules look at in a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceFacts {
    /// What its reader calls it (DEV-4).
    pub name: String,
    /// When it last checked in.
    pub last_seen: Option<Timestamp>,
    /// How full its local storage is, in tenths of a percent.
    pub local_permille: Option<i64>,
    /// The newest backup of what is furthest behind.
    pub oldest_snapshot: Option<Timestamp>,
    /// Active machines and shares that have none.
    pub without_snapshot: i64,
    /// When it was first reported.
    pub known_since: Timestamp,
    /// The same offsite.
    pub oldest_offsite: Option<Timestamp>,
    /// Machines whose newest screenshot failed.
    pub failed_screenshots: i64,
    /// When the newest screenshot was taken.
    pub newest_screenshot: Option<Timestamp>,
    /// The end of its service period.
    pub service_until: Option<Timestamp>,
}

/// What the rules look at in a SaaS account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceFacts {
    /// Its name.
    pub name: String,
    /// Its success rate of 24 hours in tenths of a percent; nothing where its state has none (SAS-10).
    pub success: Option<i64>,
    /// Since when it is linked to no organization.
    pub unlinked_at: Option<Timestamp>,
    /// Billable seats and its license cap, where it has one.
    pub cap: Option<(i64, i64)>,
}

/// All that is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Devices, by name.
    pub devices: Vec<DeviceFacts>,
    /// SaaS accounts, by name.
    pub services: Vec<ServiceFacts>,
}

impl Facts {
    /// What a rule says at this moment, a line a thing; nothing when it is not true.
    pub fn says(&self, setting: &Setting, now: Timestamp) -> Vec<String> {
        let devices = self.devices.iter().filter_map(|device| Some(format!("{}: {}", device.name, device.says(setting, now)?)));
        let services = self.services.iter().filter_map(|service| Some(format!("{}: {}", service.name, service.says(setting, now)?)));
        devices.chain(services).collect()
    }
}

/// The age of what is older than a threshold.
fn older(moment: Option<Timestamp>, threshold: Option<Span>, now: Timestamp) -> Option<Span> {
    let age = now - moment?;
    (threshold? < age).then_some(age)
}

impl DeviceFacts {
    fn says(&self, setting: &Setting, now: Timestamp) -> Option<String> {
        let span = setting.span();
        match setting.rule {
            Rule::SeenWarn | Rule::SeenFail => Some(format!("not seen for {}", older(self.last_seen, span, now)?.words())),
            Rule::StorageWarn | Rule::StorageFail => {
                let full = self.local_permille.filter(|permille| setting.threshold.saturating_mul(10) < *permille)?;
                Some(format!("local storage {}.{} % full", full / 10, full % 10))
            }
            // Of what has no backup at all the age is not known; the device's own is.
            Rule::BackupFail if self.oldest_snapshot.is_none() && 0 < self.without_snapshot => {
                Some(format!("never backed up, known for {}", older(Some(self.known_since), span, now)?.words()))
            }
            Rule::BackupWarn | Rule::BackupFail => Some(format!("no backup for {}", older(self.oldest_snapshot, span, now)?.words())),
            Rule::OffsiteWarn | Rule::OffsiteFail => {
                Some(format!("nothing offsite for {}", older(self.oldest_offsite, span, now)?.words()))
            }
            Rule::Screenshot if self.failed_screenshots == 1 => Some("1 screenshot failed".to_owned()),
            Rule::Screenshot if 0 < self.failed_screenshots => Some(format!("{} screenshots failed", self.failed_screenshots)),
            Rule::Screenshot => Some(format!("no screenshot for {}", older(self.newest_screenshot, span, now)?.words())),
            Rule::Service => {
                let until = self.service_until?;
                match (until <= now, until - now <= span?) {
                    (true, _) => Some("service period over".to_owned()),
                    (false, true) => Some(format!("service period ends in {}", (until - now).left())),
                    (false, false) => None,
                }
            }
            Rule::Success | Rule::Unlinked | Rule::Cap => None,
        }
    }
}

impl ServiceFacts {
    fn says(&self, setting: &Setting, now: Timestamp) -> Option<String> {
        match setting.rule {
            Rule::Success => {
                let success = self.success.filter(|permille| *permille < setting.threshold.saturating_mul(10))?;
                Some(format!("success rate {}.{} %", success / 10, success % 10))
            }
            Rule::Unlinked => Some(format!("linked to no organization for {}", older(self.unlinked_at, setting.span(), now)?.words())),
            Rule::Cap => {
                let (used, cap) = self.cap?;
                (cap.saturating_mul(setting.threshold) <= used.saturating_mul(100)).then(|| format!("{used} of {cap} licenses used"))
            }
            Rule::SeenWarn
            | Rule::SeenFail
            | Rule::StorageWarn
            | Rule::StorageFail
            | Rule::BackupWarn
            | Rule::BackupFail
            | Rule::OffsiteWarn
            | Rule::OffsiteFail
            | Rule::Screenshot
            | Rule::Service => None,
        }
    }
}

/// A rule as it stands: what it says now, and since when its letter is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// As it is set.
    pub setting: Setting,
    /// What it says now; empty when it is not true.
    pub says: Vec<String>,
    /// Since when it is known to be true.
    pub raised: Option<Timestamp>,
    /// Whether anybody watches: an organization's own rule that tells nobody is none.
    pub watched: bool,
}

impl Standing {
    /// Whether what is known and what is true differ.
    pub const fn is_unsettled(&self) -> bool {
        self.is_due() != self.raised.is_some()
    }

    /// Whether it is true and somebody watches.
    pub const fn is_due(&self) -> bool {
        self.watched && !self.says.is_empty()
    }

    /// Of a rule as it is set on a side.
    pub fn of(setting: Setting, side: Side, facts: &Facts, raised: Option<Timestamp>, now: Timestamp) -> Self {
        let watched = side == Side::Provider || setting.to != To::Nobody;
        Self { setting, says: facts.says(&setting, now), raised, watched }
    }
}

/// Somebody to write to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// Their account.
    pub account: crate::kernel::ids::AccountId,
    /// What they sign in with.
    pub identity: crate::kernel::ids::IdentityId,
    /// First and last name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
}

/// An organization in the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// What has devices.
    pub devices: i64,
    /// What has SaaS accounts.
    pub services: i64,
    /// Rules that are true.
    pub raised: i64,
    /// Whether a letter about it would reach anybody of its provider.
    pub told: bool,
}
