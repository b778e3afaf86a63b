//! A SaaS account, and the state it is shown in. Pure.

use crate::access::model::Scope;
use crate::backups::model::{Health, LONG_AGO, STALE_AFTER};
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::time::Timestamp;
use crate::subscriptions::model::State;
use crate::text_enum;

text_enum!(
    /// What is protected.
    Product {
        /// Microsoft's.
        Microsoft365 = "microsoft_365",
        /// Google's.
        GoogleWorkspace = "google_workspace",
    }
);

impl Product {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Microsoft365 => "Microsoft 365",
            Self::GoogleWorkspace => "Google Workspace",
        }
    }

    /// Every name people search it by (SAS-1).
    pub const fn names(self) -> &'static str {
        match self {
            Self::Microsoft365 => "microsoft 365 office 365 office365",
            Self::GoogleWorkspace => "google workspace g suite googleapps",
        }
    }

    /// From the vendor's word.
    pub fn of_vendor(word: &str) -> Option<Self> {
        match word {
            "Office365" => Some(Self::Microsoft365),
            "GoogleApps" => Some(Self::GoogleWorkspace),
            _ => None,
        }
    }

    /// The vendor's word.
    pub const fn vendor(self) -> &'static str {
        match self {
            Self::Microsoft365 => "Office365",
            Self::GoogleWorkspace => "GoogleApps",
        }
    }
}

text_enum!(
    /// How long backups are kept, in the vendor's letters.
    Retention {
        /// Infinite cloud retention.
        Icr = "ICR",
        /// Time-based retention.
        Tbr = "TBR",
    }
);

impl Retention {
    /// What the letters stand for.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::Icr => "Infinite cloud retention",
            Self::Tbr => "Time-based retention",
        }
    }
}

text_enum!(
    /// How long the account is committed for.
    Commitment {
        /// A year at a time.
        OneYear = "one_year",
        /// A month at a time.
        MonthToMonth = "month_to_month",
    }
);

impl Commitment {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::OneYear => "One year",
            Self::MonthToMonth => "Month to month",
        }
    }
}

text_enum!(
    /// Why an account is linked to no organization (SAS-4).
    Reason {
        /// It never was.
        NeverLinked = "never_linked",
        /// Somebody took the link away.
        ByPerson = "by_person",
        /// Its organization was deleted.
        OrganizationDeleted = "organization_deleted",
        /// It came from another partner.
        ReceivedByTransfer = "received_by_transfer",
    }
);

/// Since when and why an account is unlinked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unlinked {
    /// Why.
    pub reason: Reason,
    /// By whom, from which organization, or from which partner.
    pub detail: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

impl Unlinked {
    /// Leaves out which organization was deleted.
    pub fn forget_organization(&mut self) {
        if self.reason == Reason::OrganizationDeleted {
            self.detail = None;
        }
    }

    /// Why, in words: "Never linked", "Unlinked by Sam", "Organization deleted: Alder", "Received by transfer from Cedar".
    pub fn shown(&self) -> String {
        let detail = self.detail.as_deref().unwrap_or_default();
        match (self.reason, detail) {
            (Reason::NeverLinked, _) => "Never linked".to_owned(),
            (Reason::ByPerson, "") => "Unlinked".to_owned(),
            (Reason::ByPerson, who) => format!("Unlinked by {who}"),
            (Reason::OrganizationDeleted, "") => "Organization deleted".to_owned(),
            (Reason::OrganizationDeleted, name) => format!("Organization deleted: {name}"),
            (Reason::ReceivedByTransfer, "") => "Received by transfer".to_owned(),
            (Reason::ReceivedByTransfer, from) => format!("Received by transfer from {from}"),
        }
    }
}

text_enum!(
    /// The state an account is shown in (SAS-9, SAS-10).
    Shown {
        /// Red.
        Failing = "failing",
        /// Amber.
        SomeMissed = "some_missed",
        /// Grey: data older than 48 hours.
        NoRecentData = "no_recent_data",
        /// Grey: not authorized.
        PendingAuthorization = "pending_authorization",
        /// Grey: nothing reported yet.
        NoDataYet = "no_data_yet",
        /// Grey: too little history.
        TooLittleHistory = "too_little_history",
        /// Green.
        Protected = "protected",
        /// Grey: nothing to back up.
        NoActiveServices = "no_active_services",
        /// Grey: its seats are paused.
        Paused = "paused",
        /// Grey: its organization is suspended (SUB-2).
        Suspended = "suspended",
        /// Grey: its organization is unsubscribed (SUB-3).
        Unsubscribed = "unsubscribed",
        /// Grey: its backups were destroyed (ORG-8).
        Purged = "purged",
        /// Grey: its subscription was cancelled (SAS-7).
        Cancelled = "cancelled",
    }
);

impl Shown {
    /// The word on the badge.
    pub const fn word_shown(self) -> &'static str {
        match self {
            Self::Failing => "Failing",
            Self::SomeMissed => "Some missed",
            Self::NoRecentData => "No recent data",
            Self::PendingAuthorization => "Pending authorization",
            Self::NoDataYet => "No data yet",
            Self::TooLittleHistory => "Too little history",
            Self::Protected => "Protected",
            Self::NoActiveServices => "No active services",
            Self::Paused => "Paused",
            Self::Suspended => "Suspended",
            Self::Unsubscribed => "Unsubscribed",
            Self::Purged => "Purged",
            Self::Cancelled => "Cancelled",
        }
    }

    /// Whether somebody should look at it.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Failing | Self::SomeMissed | Self::NoRecentData | Self::PendingAuthorization)
    }

    /// SAS-10: whether it says what data shows, so that old data is `NoRecentData` instead.
    pub const fn is_dated(self) -> bool {
        matches!(self, Self::Failing | Self::SomeMissed | Self::TooLittleHistory | Self::Protected | Self::NoActiveServices | Self::Paused)
    }

    /// Whether the figures of the last 24 hours speak of today.
    pub const fn has_figures(self) -> bool {
        matches!(self, Self::Failing | Self::SomeMissed | Self::Protected | Self::TooLittleHistory)
    }
}

/// What the shown state follows from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Whether the vendor may read the account.
    pub authorized: bool,
    /// The state of the organization's subscription, while linked.
    pub subscription: Option<State>,
    /// When the newest data was true.
    pub as_of: Option<Timestamp>,
    /// What it showed.
    pub health: Health,
    /// Active services in it.
    pub active_services: i64,
    /// Whether no seat is active while some are paused.
    pub paused: bool,
    /// When the backups were destroyed.
    pub purged_at: Option<Timestamp>,
    /// When it was cancelled (SAS-7).
    pub cancelled_at: Option<Timestamp>,
}

impl Facts {
    /// SAS-9, SAS-10: the state at `now`. Data is recent up to 48 hours of age, and not a millisecond longer.
    pub fn shown(&self, now: Timestamp) -> Shown {
        match (self.authorized, self.subscription, self.as_of) {
            _ if self.cancelled_at.is_some() => Shown::Cancelled,
            (false, _, _) => Shown::PendingAuthorization,
            (true, Some(State::Suspended), _) => Shown::Suspended,
            (true, Some(State::Unsubscribed | State::Deleted), _) => Shown::Unsubscribed,
            (true, None | Some(State::Active), None) if self.purged_at.is_some() => Shown::Purged,
            (true, None | Some(State::Active), None) => Shown::NoDataYet,
            (true, None | Some(State::Active), Some(as_of)) if as_of + STALE_AFTER < now => Shown::NoRecentData,
            (true, None | Some(State::Active), Some(_)) => self.recent(),
        }
    }

    /// ORG-8: whether its backups were destroyed and no report of new ones came since.
    pub const fn is_emptied(&self) -> bool {
        self.purged_at.is_some() && self.as_of.is_none()
    }

    const fn recent(&self) -> Shown {
        match self.health {
            Health::Failing => Shown::Failing,
            Health::SomeMissed => Shown::SomeMissed,
            Health::Protected => Shown::Protected,
            Health::NoData if self.paused => Shown::Paused,
            Health::NoData if self.active_services <= 0 => Shown::NoActiveServices,
            Health::NoData => Shown::TooLittleHistory,
        }
    }
}

/// A SaaS account as lists and pages show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SaasAccount {
    /// Portico's id.
    pub id: SaasAccountId,
    /// The partner that holds it.
    pub partner: PartnerId,
    /// The organization it is linked to, with its name.
    pub organization: Option<(OrganizationId, String)>,
    /// The vendor's customer id; none while pending.
    pub vendor_id: Option<i64>,
    /// Its name at the vendor.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// What is protected.
    pub product: Product,
    /// The vendor's id of the subscription.
    pub external_subscription_id: Option<String>,
    /// Where its backups are.
    pub region: Option<String>,
    /// How long they are kept.
    pub retention: Option<Retention>,
    /// How long it is committed for.
    pub commitment: Option<Commitment>,
    /// Seats used: those that are billed (SEA-4), or what the vendor reports while no seats are known.
    pub seats_used: i64,
    /// Since when it is linked.
    pub linked_at: Option<Timestamp>,
    /// Since when and why it is not.
    pub unlinked: Option<Unlinked>,
    /// What its state follows from.
    pub facts: Facts,
    /// Services backed up in the last 24 hours of data.
    pub backed_services: i64,
    /// What its backups take up; unknown without a report.
    pub used_bytes: Option<i64>,
    /// Since when all of it was whole; `LONG_AGO` for the vendor's "over ten days ago".
    pub last_fully_protected: Option<Timestamp>,
    /// Ten letters, newest last.
    pub strip: String,
}

impl SaasAccount {
    /// EMP-4, PAR-1: why somebody who sees it may not change it, if so. Whom access groups limit sees what is linked to no organization, so
    /// that it can be linked to one of theirs; what it protects and costs is theirs to change from then on.
    pub fn refuses_changes_by(&self, scope: &Scope) -> Option<String> {
        if !scope.acts_on(self.partner) {
            return Some(format!("{} is held by a partner beneath yours. Your Admins change it, or that partner.", self.name));
        }
        let waits = self.organization.is_none() && scope.member().is_some();
        waits.then(|| format!("{} is linked to no organization. Link it to one of yours first; then you can change it.", self.name))
    }

    /// The organization's name, or its own while unlinked.
    pub fn title(&self) -> &str {
        self.organization.as_ref().map_or(&self.name, |(_, name)| name)
    }

    /// The share of services backed up in the last 24 hours, in tenths of a percent; nothing where the state has no figures.
    pub fn success(&self, now: Timestamp) -> Option<i64> {
        self.facts.shown(now).has_figures().then(|| permille(self.backed_services, self.facts.active_services)).flatten()
    }

    /// Whether `last_fully_protected` is a moment rather than the vendor's word for long ago.
    pub fn fully_protected_at(&self) -> Option<Timestamp> {
        self.last_fully_protected.filter(|moment| *moment != LONG_AGO)
    }
}

/// Tenths of a percent, rounded down, so that only a whole is shown as 100 %; nothing of nothing.
pub fn permille(part: i64, whole: i64) -> Option<i64> {
    (0 < whole).then(|| part.clamp(0, whole).saturating_mul(1_000) / whole)
}

/// "96.8 %", "100 %", "0 %".
pub fn percent(permille: i64) -> String {
    if permille % 10 == 0 { format!("{} %", permille / 10) } else { format!("{}.{} %", permille / 10, permille % 10) }
}

/// An account as the vendor's list of domains has it.
#[derive(Clone, PartialEq, Debug)]
pub struct Reported {
    /// The vendor's customer id.
    pub vendor_id: i64,
    /// Its name at the vendor.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// What is protected.
    pub product: Product,
    /// The vendor's id of the subscription.
    pub external_subscription_id: Option<String>,
    /// How long backups are kept.
    pub retention: Option<Retention>,
    /// Seats used: those that are billed (SEA-4), or what the vendor reports while no seats are known.
    pub seats_used: i64,
    /// The vendor's own count of services: active, with a recent backup, and the percentage it makes of it.
    pub stats: Option<(i64, i64, f64)>,
}

/// What an import did to an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// It was first seen.
    New,
    /// Something about it was new.
    Changed,
    /// Nothing was.
    Unchanged,
}
