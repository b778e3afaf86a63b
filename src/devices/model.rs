//! A device as lists and pages show it. Pure.

use crate::branding::model::DevicesNamed;
use crate::devices::report_model::{DeviceReport, Summary};
use crate::kernel::ids::{DeviceId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::organizations::link_model::Unlinked;

/// A device as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// The partner that holds it.
    pub partner: PartnerId,
    /// The organization it is linked to, and its name.
    pub organization: Option<(OrganizationId, String)>,
    /// Since when it is linked.
    pub linked_at: Option<Timestamp>,
    /// Why it is not.
    pub unlinked: Option<Unlinked>,
    /// What the vendor reports of it.
    pub report: DeviceReport,
    /// How full its local storage is, in tenths of a percent.
    pub local_permille: Option<i64>,
    /// What is kept of its assets.
    pub summary: Summary,
    /// DEV-4: how its viewer's partner identifies devices.
    pub named: DevicesNamed,
    /// Its name by that.
    pub called: String,
}

impl Device {
    /// What its viewers call it (DEV-4).
    pub fn name(&self) -> &str {
        &self.called
    }

    /// What its name does not say: its serial number beneath its hostname.
    pub fn beneath(&self) -> &str {
        self.named.beneath(&self.report.name, &self.report.serial)
    }

    /// What tells it from others: "D0123456789A · S4P4000".
    pub fn facts(&self) -> String {
        let parts = [Some(self.beneath()).filter(|beneath| !beneath.is_empty()), self.report.model.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// "2 agents, 1 share", as the vendor counts them.
    pub fn holds(&self) -> String {
        let agents = text::counted(self.report.agents, "agent", "agents");
        if self.report.shares == 0 { agents } else { format!("{agents}, {}", text::counted(self.report.shares, "share", "shares")) }
    }
}

/// How full a device's local storage is, as people see it (DEV-4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    /// Below 51 %.
    Low,
    /// Up to 80 %.
    High,
    /// Above that.
    Full,
}

impl Fill {
    /// From tenths of a percent: green below 51 %, orange to 80 %, red above.
    pub const fn of(permille: i64) -> Self {
        if permille < 510 {
            Self::Low
        } else if permille <= 800 {
            Self::High
        } else {
            Self::Full
        }
    }
}
