//! A task's kinds and states, and what may be done in each. Pure.

use crate::branding::model::DevicesNamed;
use crate::kernel::error::FieldErrors;
use crate::kernel::error::Result as Outcome;
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::{AccountId, DeviceId, KeyId, OrganizationId, PartnerId, TaskId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

/// The longest note, reason or result, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// Open tasks of one organization: more are refused, so that nobody floods the queue.
pub const MOST_OPEN: i64 = 50;
/// DEV-7: a connector that says nothing for longer than this is taken for lost, and pages say so.
pub const SILENT_AFTER: Span = Span::days(1);

text_enum!(
    /// What is wanted (DEV-7), or what is to be restored (DEV-9).
    TaskKind {
        /// Virtual machines that run on the device.
        VirtualMachines = "virtual_machines",
        /// File restores that are mounted on it.
        FileRestores = "file_restores",
        /// Backups that lie on it.
        LocalData = "local_data",
        /// How it is reached.
        Networking = "networking",
        /// Something else about it.
        DeviceChange = "device_change",
        /// Another device.
        DeviceReplacement = "device_replacement",
        /// Another part.
        PartReplacement = "part_replacement",
        /// When backups go offsite.
        OffsiteSchedule = "offsite_schedule",
        /// When backups and screenshots are made.
        BackupSchedule = "backup_schedule",
        /// Files of a recovery point, from the Recovery Launchpad.
        RestoreFiles = "restore_files",
        /// A machine that runs from a recovery point, from the Recovery Launchpad.
        RestoreMachine = "restore_machine",
    }
);

impl TaskKind {
    /// DEV-7: what **Add device task** offers, in the vendor's order.
    pub const OFFERED: [Self; 9] = [
        Self::VirtualMachines,
        Self::FileRestores,
        Self::LocalData,
        Self::Networking,
        Self::DeviceChange,
        Self::DeviceReplacement,
        Self::PartReplacement,
        Self::OffsiteSchedule,
        Self::BackupSchedule,
    ];

    /// As people read it: the vendor's words.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::VirtualMachines => "Removal or stopping of virtual machines",
            Self::FileRestores => "Removal of file restores",
            Self::LocalData => "Deletion of local data",
            Self::Networking => "Networking configuration changes",
            Self::DeviceChange => "Device changes",
            Self::DeviceReplacement => "Device replacements",
            Self::PartReplacement => "Part replacements",
            Self::OffsiteSchedule => "Offsite schedule changes",
            Self::BackupSchedule => "Backup and screenshot schedule changes",
            Self::RestoreFiles => "File restore",
            Self::RestoreMachine => "Virtual machine",
        }
    }

    /// Whether it is a restore request (DEV-9).
    pub const fn is_restore(self) -> bool {
        matches!(self, Self::RestoreFiles | Self::RestoreMachine)
    }
}

text_enum!(
    /// Where a task is.
    State {
        /// Nobody has approved it yet (SUP-1).
        Waiting = "waiting",
        /// A connector or an employee may take it up.
        Queued = "queued",
        /// A connector is at it.
        InProgress = "in_progress",
        /// It was done.
        Done = "done",
        /// It was not.
        Refused = "refused",
        /// Who asked does not want it any more.
        Withdrawn = "withdrawn",
    }
);

impl State {
    /// As a badge shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Waiting => "Waits for approval",
            Self::Queued => "Queued",
            Self::InProgress => "In progress",
            Self::Done => "Done",
            Self::Refused => "Refused",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// Color and shape of its badge.
    pub const fn look(self) -> (Tone, Icon) {
        match self {
            Self::Waiting => (Tone::Warn, Icon::Clock),
            Self::Queued => (Tone::Quiet, Icon::Clock),
            Self::InProgress => (Tone::Info, Icon::ChevronRight),
            Self::Done => (Tone::Good, Icon::Check),
            Self::Refused => (Tone::Bad, Icon::Cross),
            Self::Withdrawn => (Tone::Quiet, Icon::Cross),
        }
    }

    /// Whether something is still to come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Queued | Self::InProgress)
    }
}

/// How a task ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It was done.
    Done,
    /// It was not.
    Refused,
}

impl End {
    /// The state that is its.
    pub const fn state(self) -> State {
        match self {
            Self::Done => State::Done,
            Self::Refused => State::Refused,
        }
    }

    /// From the state's word.
    pub fn from_word(word: &str) -> Option<Self> {
        match State::from_word(word)? {
            State::Done => Some(Self::Done),
            State::Refused => Some(Self::Refused),
            State::Waiting | State::Queued | State::InProgress | State::Withdrawn => None,
        }
    }
}

/// What can be done about a task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// An employee says yes.
    Approve,
    /// An employee says no.
    Decline,
    /// A connector takes it.
    Take,
    /// The connector that took it says how far it is.
    Report,
    /// The connector that took it says what came of it.
    Finish(End),
    /// An employee says what came of it.
    Close(End),
    /// Who asked takes it back before a connector has it.
    Withdraw,
    /// An employee gives it to the queue again, since its connector fell silent.
    PutBack,
}

/// Why an operation is not allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It waits for an employee's approval.
    Unapproved,
    /// Somebody approved it already.
    Approved,
    /// A connector is at it.
    Taken,
    /// No connector took it.
    NotTaken,
    /// It is over.
    Over(State),
}

impl Refusal {
    /// For people and scripts.
    pub fn sentence(self) -> String {
        match self {
            Self::Unapproved => "This task waits for an employee's approval.".to_owned(),
            Self::Approved => "This task was approved already.".to_owned(),
            Self::Taken => "A connector is at this task already.".to_owned(),
            Self::NotTaken => "No connector has taken this task.".to_owned(),
            Self::Over(state) => format!("This task is over: {}.", state.shown().to_lowercase()),
        }
    }
}

/// DEV-7: where an operation leads from a state.
pub const fn after(state: State, operation: Operation) -> Result<State, Refusal> {
    match (state, operation) {
        (State::Waiting, Operation::Approve) | (State::InProgress, Operation::PutBack) => Ok(State::Queued),
        (State::Waiting, Operation::Decline) => Ok(State::Refused),
        (State::Waiting | State::Queued, Operation::Withdraw) => Ok(State::Withdrawn),
        (State::Queued, Operation::Take) | (State::InProgress, Operation::Report) => Ok(State::InProgress),
        (State::Queued | State::InProgress, Operation::Close(end)) | (State::InProgress, Operation::Finish(end)) => Ok(end.state()),
        (State::Waiting, Operation::Take | Operation::Report | Operation::Finish(_) | Operation::Close(_) | Operation::PutBack) => {
            Err(Refusal::Unapproved)
        }
        (State::Queued | State::InProgress, Operation::Approve | Operation::Decline) => Err(Refusal::Approved),
        (State::Queued, Operation::Report | Operation::Finish(_) | Operation::PutBack) => Err(Refusal::NotTaken),
        (State::InProgress, Operation::Take | Operation::Withdraw) => Err(Refusal::Taken),
        (
            State::Done | State::Refused | State::Withdrawn,
            Operation::Approve
            | Operation::Decline
            | Operation::Take
            | Operation::Report
            | Operation::Finish(_)
            | Operation::Close(_)
            | Operation::Withdraw
            | Operation::PutBack,
        ) => Err(Refusal::Over(state)),
    }
}

/// Whether a task stands before others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Urgency {
    /// SUP-1: marked disaster recovery.
    DisasterRecovery,
    /// Not marked.
    Usual,
}

impl Urgency {
    /// As it is stored, and as a ticked box says it.
    pub const fn of(marked: bool) -> Self {
        if marked { Self::DisasterRecovery } else { Self::Usual }
    }

    /// As it is stored.
    pub fn is_marked(self) -> bool {
        self == Self::DisasterRecovery
    }
}

/// A recovery point of one of a device's assets, as a restore request names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// The agent's or share's name when it was asked for.
    pub asset: String,
    /// Its volume, by which the vendor knows it.
    pub volume: String,
    /// When the backup was made.
    pub at: Timestamp,
}

/// Somebody or something that did a step, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// Name and e-mail, or the key's name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A task at the moment of reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The partner that holds the device.
    pub partner: PartnerId,
    /// Whose device it was when it was asked for, with the name now.
    pub organization: (OrganizationId, String),
    /// The device: its id, and the hostname and serial number of the day it was asked for.
    pub device: (DeviceId, String, String),
    /// DEV-4: how its viewer's partner identifies devices.
    pub named: DevicesNamed,
    /// Whether the device is still the organization's.
    pub linked: bool,
    /// What is wanted.
    pub kind: TaskKind,
    /// The recovery point of a restore request.
    pub point: Option<Point>,
    /// What was said about it.
    pub note: String,
    /// Whether it stands first.
    pub urgency: Urgency,
    /// Where it is.
    pub state: State,
    /// Who asked.
    pub asked: Stamp,
    /// The asker's account, which may be gone.
    pub asked_account: Option<AccountId>,
    /// SUP-1: by what authorization it was queued at once; nothing for an employee's, and for what waited.
    pub authorization: Option<String>,
    /// Who approved it.
    pub approved: Option<Stamp>,
    /// How many times a connector took it: the number of the latest take, 0 before the first.
    pub takes: i64,
    /// Which key's connector took it.
    pub taken: Option<Stamp>,
    /// That key.
    pub taken_key: Option<KeyId>,
    /// What the connector last said, and when.
    pub progress: Option<(String, Timestamp)>,
    /// Who ended it.
    pub ended: Option<Stamp>,
    /// What came of it, or why it was refused.
    pub result: Option<String>,
}

impl Task {
    /// "File restore of srv01", "Deletion of local data".
    pub fn title(&self) -> String {
        match &self.point {
            Some(point) => format!("{} of {}", self.kind.shown(), point.asset),
            None => self.kind.shown().to_owned(),
        }
    }

    /// What its viewers call the device (DEV-4).
    pub fn device_name(&self) -> String {
        self.named.name(&self.device.1, &self.device.2)
    }

    /// What that name does not say of the device.
    pub fn device_beneath(&self) -> &str {
        self.named.beneath(&self.device.1, &self.device.2)
    }

    /// When its connector last gave a sign of life: it took the task, or said how far it is. Nothing where no connector is at it.
    pub fn heard(&self) -> Option<Timestamp> {
        let taken = self.taken.as_ref().filter(|_| self.state == State::InProgress)?.at;
        Some(self.progress.as_ref().map_or(taken, |(_, at)| taken.max(*at)))
    }

    /// Since when its connector is silent, if it is for longer than `SILENT_AFTER`.
    pub fn silent_since(&self, now: Timestamp) -> Option<Timestamp> {
        self.heard().filter(|heard| *heard < now - SILENT_AFTER)
    }

    /// Whether an operation may be done now, or why not. Buttons and actions both ask here.
    pub const fn check(&self, operation: Operation) -> Result<State, Refusal> {
        after(self.state, operation)
    }
}

/// What was entered in **Add device task**.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// The kind's word.
    pub kind: String,
    /// The note.
    pub note: String,
    /// Whether the box Disaster recovery was ticked.
    pub disaster_recovery: bool,
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTask {
    /// What.
    pub kind: TaskKind,
    /// The recovery point of a restore request.
    pub point: Option<Point>,
    /// What is said about it.
    pub note: String,
    /// Whether it stands first.
    pub urgency: Urgency,
}

impl Entry {
    /// DEV-7: one of the offered kinds, and a note that says what exactly is wanted.
    pub fn parse(&self) -> Outcome<NewTask> {
        let mut errors = FieldErrors::default();
        let kind = TaskKind::from_word(&self.kind).filter(|kind| TaskKind::OFFERED.contains(kind));
        let kind = errors.take("kind", kind.ok_or_else(|| "Choose what is to be done.".to_owned()));
        let note = errors.take("note", written(&self.note).and_then(|note| said(note, "Say what exactly is to be done.")));
        let (kind, note) = errors.or(kind.zip(note))?;
        Ok(NewTask { kind, point: None, note, urgency: Urgency::of(self.disaster_recovery) })
    }
}

/// A text of several lines as it is kept: trimmed, without control signs but line ends; the error is a sentence for the field.
pub fn written(raw: &str) -> Result<String, String> {
    let text: String = raw.replace("\r\n", "\n").chars().filter(|sign| *sign == '\n' || !sign.is_control()).collect();
    let text = text.trim();
    if text.chars().any(text::turns_text) {
        return Err("This holds signs that turn the direction of text. Type it anew.".to_owned());
    }
    if LONGEST_TEXT < text.chars().count() {
        return Err(format!("Say it in at most {LONGEST_TEXT} characters."));
    }
    Ok(text.to_owned())
}

/// The same where something must be said.
pub fn said(text: String, sentence: &str) -> Result<String, String> {
    if text.is_empty() { Err(sentence.to_owned()) } else { Ok(text) }
}
