//! What an endpoint agent is, and how its backups go. Pure.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::{EndpointAgentId, EndpointDatasetId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::subscriptions::model::State;
use crate::text_enum;

/// So many backups stand in a strip.
pub const LAST_BACKUPS: usize = 10;
/// From here on a backup is late.
pub const LATE_AFTER: Span = Span::hours(24);
/// From here on it is overdue.
pub const OVERDUE_AFTER: Span = Span::days(3);

/// An agent as the vendor lists it (`EndpointClient`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedAgent {
    /// The vendor's id of it.
    pub uuid: String,
    /// Such as `EP32335`.
    pub short_code: Option<String>,
    /// The vendor's word.
    pub agent_type: Option<String>,
    /// The computer's name.
    pub hostname: String,
    /// What the vendor calls the organization beside its name.
    pub client_name: Option<String>,
    /// The newest snapshot.
    pub last_snapshot: Option<Timestamp>,
    /// The newest screenshot.
    pub last_screenshot: Option<Timestamp>,
    /// Whether it showed a machine that started.
    pub screenshot_success: Option<bool>,
    /// The machine's address in its network.
    pub mac: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
}

/// A backup of an asset, as the vendor tells of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Backup {
    /// When, in seconds.
    pub timestamp: i64,
    /// Whether it went well.
    #[serde(rename = "backupStatus")]
    pub success: Option<bool>,
    /// Whether its screenshot did.
    #[serde(rename = "screenshotSuccess")]
    pub screenshot_success: Option<bool>,
}

impl Backup {
    /// When.
    pub const fn at(&self) -> Timestamp {
        Timestamp(self.timestamp.saturating_mul(1_000))
    }
}

/// A dataset as the vendor lists it (`DtcAsset`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedAsset {
    /// The vendor's id of it.
    pub asset_uuid: String,
    /// Its name.
    pub name: String,
    /// The vendor's word.
    pub status: Option<String>,
    /// The vendor's word.
    pub asset_type: Option<String>,
    /// The newest backup, as the vendor writes it.
    pub last_backup: Option<String>,
    /// Whether its screenshot showed a machine that started.
    pub screenshot_success: Option<bool>,
    /// The vendor's id of the partner.
    pub reseller_id: Option<i64>,
    /// Whether the newest backup went well.
    pub backup_success: Option<bool>,
    /// Where the vendor keeps the picture; never shown (ALL-5).
    pub last_screenshot_url: Option<String>,
    /// The computer's name.
    pub hostname: Option<String>,
    /// Its address in its network.
    pub mac_address: Option<String>,
    /// Its address as seen from outside.
    pub external_ip: Option<String>,
    /// The short code of its agent.
    pub agent_code: Option<String>,
    /// What is backed up.
    pub protected_volume: Option<String>,
    /// The last backups, in the vendor's order.
    pub backups: Vec<Backup>,
}

impl ListedAsset {
    /// When the newest backup was, as far as it can be told: as the vendor writes it, with or without a zone, else the newest of the last
    /// ones that went well.
    pub fn last_backup_at(&self) -> Option<Timestamp> {
        let written = written_moment(self.last_backup.as_deref());
        written.or_else(|| self.backups.iter().filter(|backup| backup.success == Some(true)).map(Backup::at).max())
    }

    /// The newest backup of an asset that tells how it went, and of no others.
    fn only_backup(&self) -> Option<Backup> {
        let at = self.last_backup_at().filter(|_| self.backups.is_empty() && self.backup_success.is_some())?;
        Some(Backup { timestamp: at.0.div_euclid(1_000), success: self.backup_success, screenshot_success: self.screenshot_success })
    }

    /// As people read it: "hugo-laptop C:".
    pub fn shown(&self) -> String {
        dataset_name(&self.name, self.protected_volume.as_deref())
    }
}

/// A dataset's name as people read it: with what is backed up, where the name does not say that.
pub fn dataset_name(name: &str, volume: Option<&str>) -> String {
    match volume {
        Some(volume) if !name.contains(volume) => format!("{name} {volume}"),
        _ => name.to_owned(),
    }
}

/// A moment as the vendor writes it: with a zone, or without one in UTC.
pub fn written_moment(text: Option<&str>) -> Option<Timestamp> {
    let text = text?;
    Timestamp::from_rfc3339(text).or_else(|| Timestamp::from_rfc3339(&format!("{}Z", text.replacen(' ', "T", 1))))
}

/// What is kept of an agent's backups beside them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// The newest backup of any kind.
    pub last_backup: Option<Timestamp>,
    /// The last ten, oldest first, one letter each.
    pub strip: String,
    /// The newest screenshot.
    pub shot_at: Option<Timestamp>,
    /// Whether it showed a machine that started.
    pub shot_success: Option<bool>,
}

/// What an agent and its datasets amount to.
pub fn summarize(agent: &ListedAgent, assets: &[ListedAsset]) -> Summary {
    let mut backups: Vec<Backup> = assets.iter().flat_map(|asset| asset.backups.iter().copied().chain(asset.only_backup())).collect();
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.timestamp));
    let newest_shot = backups.iter().find_map(|backup| Some((backup.at(), backup.screenshot_success?)));
    let told = agent.last_screenshot.zip(agent.screenshot_success);
    let shot = newest_shot.into_iter().chain(told).max_by_key(|(at, _)| *at);
    let strip: String = backups.iter().take(LAST_BACKUPS).map(Backup::letter).collect();
    Summary {
        last_backup: assets.iter().filter_map(ListedAsset::last_backup_at).chain(agent.last_snapshot).max(),
        strip: strip.chars().rev().collect(),
        shot_at: shot.map(|(at, _)| at).or(agent.last_screenshot),
        shot_success: shot.map(|(_, success)| success).or_else(|| assets.iter().find_map(|asset| asset.screenshot_success)),
    }
}

impl Backup {
    const fn letter(&self) -> char {
        match (self.success, self.screenshot_success) {
            (Some(false), _) => 'r',
            (Some(true), Some(false)) => 's',
            (Some(true), _) => 'g',
            (None, _) => '-',
        }
    }
}

text_enum!(
    /// How an agent stands.
    Standing {
        /// Red: the newest backup failed.
        Failing = "failing",
        /// Red: none for three days.
        Overdue = "overdue",
        /// Amber: none for a day.
        Late = "late",
        /// Amber: the newest screenshot showed no machine that started.
        ScreenshotFailed = "screenshot_failed",
        /// Amber: some of the last ten failed.
        SomeFailed = "some_failed",
        /// Grey: none yet.
        NoBackupYet = "no_backup_yet",
        /// Green.
        BackedUp = "backed_up",
        /// Grey: its organization is suspended (SUB-2).
        Suspended = "suspended",
        /// Grey: its organization is unsubscribed (SUB-3).
        Unsubscribed = "unsubscribed",
    }
);

impl Standing {
    /// Whether somebody should look at it.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Failing | Self::Overdue | Self::Late | Self::ScreenshotFailed | Self::SomeFailed)
    }

    /// The word on the badge.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Failing => "Last backup failed",
            Self::Overdue => "Overdue",
            Self::Late => "Late",
            Self::ScreenshotFailed => "Screenshot failed",
            Self::SomeFailed => "Some failed",
            Self::NoBackupYet => "No backup yet",
            Self::BackedUp => "Backed up",
            Self::Suspended => "Suspended",
            Self::Unsubscribed => "Unsubscribed",
        }
    }
}

/// A dataset of an agent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dataset {
    /// Its id.
    pub id: EndpointDatasetId,
    /// As people read it.
    pub shown: String,
    /// The vendor's word for its state.
    pub status: Option<String>,
    /// When its newest backup was.
    pub last_backup: Option<Timestamp>,
}

/// An agent as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agent {
    /// Its id.
    pub id: EndpointAgentId,
    /// The partner that holds it.
    pub partner: PartnerId,
    /// Its organization, and the name.
    pub organization: (OrganizationId, String),
    /// The state of the organization's subscription.
    pub subscription: State,
    /// The computer's name.
    pub hostname: String,
    /// Such as `EP32335`.
    pub short_code: Option<String>,
    /// The machine's serial number.
    pub serial: Option<String>,
    /// What its backups amount to.
    pub summary: Summary,
    /// How many datasets it owns.
    pub datasets: i64,
}

impl Agent {
    /// How it stands at this moment.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.subscription {
            State::Suspended => return Standing::Suspended,
            State::Unsubscribed | State::Deleted => return Standing::Unsubscribed,
            State::Active => {}
        }
        let newest = self.summary.strip.chars().last();
        match self.summary.last_backup {
            _ if newest == Some('r') => Standing::Failing,
            None => Standing::NoBackupYet,
            Some(last) if last + OVERDUE_AFTER < now => Standing::Overdue,
            Some(last) if last + LATE_AFTER < now => Standing::Late,
            Some(_) if self.summary.shot_success == Some(false) => Standing::ScreenshotFailed,
            Some(_) if self.summary.strip.contains('r') => Standing::SomeFailed,
            Some(_) => Standing::BackedUp,
        }
    }

    /// What tells it from others: "EP32335 · SN7845325".
    pub fn facts(&self) -> String {
        [self.short_code.as_deref(), self.serial.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// What the search looks through, one a line.
pub fn search_text(agent: &ListedAgent) -> String {
    let parts = [Some(&agent.hostname), agent.short_code.as_ref(), agent.serial.as_ref(), agent.mac.as_ref(), Some(&agent.uuid)];
    parts.into_iter().flatten().map(|part| text::key(part)).collect::<Vec<_>>().join("\n")
}
