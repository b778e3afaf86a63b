//! A task as scripts get it, and what they send. Pure.

use serde::{Deserialize, Serialize};

use crate::tasks::model::{Point, Stamp, Task};

/// A task. Times are ISO 8601, UTC.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServedTask {
    id: i64,
    kind: &'static str,
    title: String,
    disaster_recovery: bool,
    state: &'static str,
    note: String,
    device: ServedDevice,
    organization: ServedOrganization,
    recovery_point: Option<ServedPoint>,
    asked_by: String,
    asked_at: String,
    authorization: Option<String>,
    approved_by: Option<String>,
    approved_at: Option<String>,
    take: Option<i64>,
    taken_by: Option<String>,
    taken_at: Option<String>,
    progress: Option<String>,
    progress_at: Option<String>,
    ended_by: Option<String>,
    ended_at: Option<String>,
    result: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServedDevice {
    serial_number: String,
    name: String,
}

#[derive(Clone, Debug, Serialize)]
struct ServedOrganization {
    id: i64,
    name: String,
}

/// Which of the device's recovery points is to be restored.
#[derive(Clone, Debug, Serialize)]
struct ServedPoint {
    asset: String,
    volume: String,
    /// Epoch seconds, as the vendor's bodies have it.
    timestamp: i64,
}

impl ServedPoint {
    fn of(point: &Point) -> Self {
        Self { asset: point.asset.clone(), volume: point.volume.clone(), timestamp: point.at.0.div_euclid(1_000) }
    }
}

impl ServedTask {
    /// Of a task.
    pub fn of(task: &Task) -> Self {
        let by = |stamp: &Option<Stamp>| stamp.as_ref().map(|stamp| stamp.by.clone());
        let at = |stamp: &Option<Stamp>| stamp.as_ref().map(|stamp| stamp.at.iso());
        Self {
            id: task.id.0,
            kind: task.kind.word(),
            title: task.title(),
            disaster_recovery: task.urgency.is_marked(),
            state: task.state.word(),
            note: task.note.clone(),
            device: ServedDevice { serial_number: task.device.2.clone(), name: task.device.1.clone() },
            organization: ServedOrganization { id: task.organization.0.0, name: task.organization.1.clone() },
            recovery_point: task.point.as_ref().map(ServedPoint::of),
            asked_by: task.asked.by.clone(),
            asked_at: task.asked.at.iso(),
            authorization: task.authorization.clone(),
            approved_by: by(&task.approved),
            approved_at: at(&task.approved),
            take: (0 < task.takes).then_some(task.takes),
            taken_by: by(&task.taken),
            taken_at: at(&task.taken),
            progress: task.progress.as_ref().map(|(words, _)| words.clone()),
            progress_at: task.progress.as_ref().map(|(_, at)| at.iso()),
            ended_by: by(&task.ended),
            ended_at: at(&task.ended),
            result: task.result.clone(),
        }
    }
}

/// The answer to taking: the task, or null when none is queued.
#[derive(Clone, Debug, Serialize)]
pub struct Taken {
    /// What was taken.
    pub task: Option<ServedTask>,
}

/// Which task a connector takes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taking {
    /// Only of the device with this serial number.
    pub device: Option<String>,
}

/// How far a connector is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// For people.
    pub text: String,
    /// The number that taking answered with; needed where the task was taken before.
    pub take: Option<i64>,
}

/// What came of a task.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished {
    /// `done` or `refused`.
    pub state: String,
    /// For people.
    pub result: String,
    /// The number that taking answered with; needed where the task was taken before.
    pub take: Option<i64>,
}
