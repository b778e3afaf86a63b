//! What Device Tasks is asked for. Pure.

use crate::kernel::ids::DeviceId;
use crate::kernel::text;
use crate::tasks::model::{State, TaskKind};
use crate::text_enum;

/// Rows on a page.
pub const PER_PAGE: i64 = 50;

/// Which tasks are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Those that wait, are queued or in progress.
    Open,
    /// Those that are over.
    Over,
}

impl Which {
    /// The states of such tasks.
    pub fn states(self) -> impl Iterator<Item = State> {
        State::ALL.iter().copied().filter(move |state| state.is_open() == (self == Self::Open))
    }
}

text_enum!(
    /// What the table is sorted by.
    Sort {
        /// Open ones as the queue has them, what waits for approval before what runs by itself; those that are over by their end, the newest on
        /// top. The default.
        Place = "place",
        /// What is wanted.
        Task = "task",
        /// The device's name of the day.
        Device = "device",
        /// The organization's.
        Organization = "organization",
        /// When it was asked for.
        Asked = "asked",
        /// Where it is.
        State = "state",
    }
);

/// What the table is narrowed to and sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Which tab.
    pub which: Which,
    /// Part of a device's name or serial number, an asset's name, who asked, the note, the kind, or the organization's name.
    pub words: String,
    /// Only this state of the tab's.
    pub state: Option<State>,
    /// Only those of this device.
    pub device: Option<DeviceId>,
    /// By which column.
    pub sort: Sort,
    /// The other way round; the default order has no other way.
    pub descending: bool,
}

impl Query {
    /// A whole tab, of one device or of all.
    pub const fn all(which: Which, device: Option<DeviceId>) -> Self {
        Self { which, words: String::new(), state: None, device, sort: Sort::Place, descending: false }
    }

    /// Whether nothing is narrowed but to a device.
    pub fn finds_all(&self) -> bool {
        self.words.trim().is_empty() && self.state.is_none()
    }

    /// The kinds whose words hold what is looked for.
    pub fn kinds(&self) -> Vec<TaskKind> {
        let words = text::key(&self.words);
        let found = |kind: &TaskKind| !words.is_empty() && text::key(kind.shown()).contains(&words);
        TaskKind::ALL.iter().copied().filter(found).collect()
    }
}
