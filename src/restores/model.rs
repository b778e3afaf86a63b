//! What a file restore is. Pure.

use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::ids::{EndpointAgentId, EndpointDatasetId, FileRestoreId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::text_enum;

/// Longest path, in characters.
pub const LONGEST_PATH: usize = 500;
/// Longest note, and longest result.
pub const LONGEST_NOTE: usize = 500;

text_enum!(
    /// How far a restore is.
    State {
        /// Somebody asked for it.
        Requested = "requested",
        /// The files were restored.
        Done = "done",
        /// They were not, and the result says why.
        Refused = "refused",
        /// It was removed.
        Removed = "removed",
    }
);

impl State {
    /// The word on the badge.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Requested => "Requested",
            Self::Done => "Done",
            Self::Refused => "Refused",
            Self::Removed => "Removed",
        }
    }
}

/// What can be done with a restore.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Say what came of it.
    Close,
    /// Take it away.
    Remove,
}

/// A restore.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileRestore {
    /// Its id.
    pub id: FileRestoreId,
    /// The partner that holds the agent.
    pub partner: PartnerId,
    /// The organization.
    pub organization: (OrganizationId, String),
    /// The agent and its computer's name.
    pub agent: (EndpointAgentId, String),
    /// The dataset as people read it.
    pub dataset: String,
    /// The backup that files are taken from.
    pub recovery_point: Timestamp,
    /// What to restore.
    pub path: String,
    /// What else there is to say.
    pub note: String,
    /// How far it is.
    pub state: State,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// Who took it to its state, and when.
    pub changed: Option<(String, Timestamp)>,
    /// What they wrote.
    pub result: String,
}

impl FileRestore {
    /// Whether a step can be taken, or the sentence that says why not. Buttons and actions both ask here.
    pub fn check(&self, step: Step) -> std::result::Result<(), String> {
        match (self.state, step) {
            (State::Requested, Step::Close) | (State::Requested | State::Done | State::Refused, Step::Remove) => Ok(()),
            (State::Done | State::Refused, Step::Close) => {
                Err(format!("This restore is over already: {}.", self.state.shown().to_lowercase()))
            }
            (State::Removed, _) => Err("This restore was removed already.".to_owned()),
        }
    }
}

/// A backup of a dataset that files can be taken from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecoveryPoint {
    /// The dataset.
    pub dataset: EndpointDatasetId,
    /// As people read it.
    pub shown: String,
    /// When.
    pub at: Timestamp,
}

impl RecoveryPoint {
    /// What stands for it in a form.
    pub fn value(&self) -> String {
        format!("{}-{}", self.dataset, self.at.0)
    }
}

/// A restore as somebody filled it in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entered {
    /// Which recovery point.
    pub point: String,
    /// What to restore.
    pub path: String,
    /// What else there is to say.
    pub note: String,
}

/// A restore to ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// From where.
    pub point: RecoveryPoint,
    /// What.
    pub path: String,
    /// What else there is to say.
    pub note: String,
}

impl Entered {
    /// All fields parsed, or a sentence for each that is not right; the recovery point is one of `points`.
    pub fn parse(&self, points: &[RecoveryPoint]) -> Result<Wanted> {
        let mut errors = FieldErrors::default();
        let point = points.iter().find(|point| point.value() == self.point).cloned();
        let point = errors.take("point", point.ok_or_else(|| "Choose the backup to restore from.".to_owned()));
        let path = errors.take("path", path(&self.path));
        let note = errors.take("note", text::line(&self.note, LONGEST_NOTE));
        let wanted = match (point, path, note) {
            (Some(point), Some(path), Some(note)) => Some(Wanted { point, path, note }),
            _ => None,
        };
        errors.or(wanted)
    }
}

fn path(raw: &str) -> std::result::Result<String, String> {
    if text::key(raw).is_empty() {
        return Err("Say which files or folders to restore.".to_owned());
    }
    text::line(raw, LONGEST_PATH)
}

/// What came of a restore, as somebody says it: done, or refused with the reason.
pub fn outcome(state: &str, result: &str) -> Result<(State, String)> {
    let mut errors = FieldErrors::default();
    let state = State::from_word(state).filter(|state| matches!(state, State::Done | State::Refused));
    let state = errors.take("state", state.ok_or_else(|| "Choose what came of it.".to_owned()));
    let text = match state {
        Some(State::Refused) if text::key(result).is_empty() => Err("Say why, so that whoever asked knows.".to_owned()),
        _ => text::line(result, LONGEST_NOTE),
    };
    let result = errors.take("result", text);
    errors.or(state.zip(result))
}

/// Refuses what is held by a partner beneath, for whom only looks at that (PAR-1).
pub fn beneath(what: &str) -> Error {
    Error::refused(format!("{what} is held by a partner beneath yours. Your Admins change it, or that partner."))
}
