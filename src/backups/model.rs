//! Days, what they mean, and the summary of an account. Pure.

use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// What the vendor says of a day.
    DayStatus {
        /// Everything was backed up without a complaint.
        Perfect = "Perfect",
        /// Something was not.
        WithIssues = "Backup With Issues",
        /// Too young to judge.
        InsufficientHistory = "Insufficient History",
    }
);

text_enum!(
    /// What an account's newest data shows, before its age and the subscription are looked at.
    Health {
        /// All active services backed up and fully protected within 24 hours.
        Protected = "protected",
        /// Some missed.
        SomeMissed = "some_missed",
        /// None backed up, or three days running not perfect.
        Failing = "failing",
        /// Nothing to judge by: no data, no active services, or too little history.
        NoData = "no_data",
    }
);

impl Health {
    /// The worst has the largest number, so that a list can begin with it.
    pub const fn severity(self) -> i64 {
        match self {
            Self::Failing => 3,
            Self::SomeMissed => 2,
            Self::NoData => 1,
            Self::Protected => 0,
        }
    }
}

/// One application's 24 hours, as reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BackupDay {
    /// The vendor's word, such as `Office365Exchange`.
    pub application: String,
    /// The window's earlier end (the vendor's `endTime`).
    pub from: Timestamp,
    /// The window's later end (the vendor's `startTime`). Its UTC day names the row.
    pub until: Timestamp,
    /// All services.
    pub total: i64,
    /// Those that are to be backed up.
    pub active: i64,
    /// Of these, with a backup.
    pub backed: i64,
    /// Of these, with a backup nothing is missing from.
    pub perfect: i64,
    /// The vendor's own word for it.
    pub status: DayStatus,
}

/// One application of an account, as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Application {
    /// The vendor's word.
    pub application: String,
    /// What its backups take up.
    pub used_bytes: i64,
    /// Services the vendor has not taken in yet.
    pub uningested: i64,
    /// Since when it is known to be whole.
    pub last_fully_protected: Option<FullyProtected>,
}

/// The vendor gives a moment, or a word such as `OVER_10_DAYS_AGO`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FullyProtected {
    /// At this moment.
    At(Timestamp),
    /// In the vendor's words.
    Bucket(String),
}

impl FullyProtected {
    /// From the text that is stored: epoch milliseconds or a word.
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Bucket(text.to_owned()), |millis| Self::At(Timestamp(millis)))
    }

    /// The text that is stored.
    pub fn text(&self) -> String {
        match self {
            Self::At(moment) => moment.0.to_string(),
            Self::Bucket(word) => word.clone(),
        }
    }
}

/// Stands for "longer ago than the vendor says" where a moment is kept; sorts before every real one.
pub const LONG_AGO: Timestamp = Timestamp(0);
/// SAS-9: so many days running not perfect are red.
pub const RED_AFTER_DAYS: usize = 3;
/// The strip's length.
pub const STRIP_DAYS: usize = 10;
/// SAS-10: data older than this says nothing about today.
pub const STALE_AFTER: Span = Span::hours(48);
/// An application that stopped reporting is missed for so long, then taken for gone; the vendor's reports reach no further.
pub const MISSED_FOR_DAYS: usize = 30;

/// How a day went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grade {
    /// All active services backed up, and whole.
    Good,
    /// Some missed.
    SomeMissed,
    /// None backed up.
    Failed,
    /// Nothing to judge by.
    NoData,
}

impl Grade {
    /// Its letter in a stored strip.
    pub const fn letter(self) -> char {
        match self {
            Self::Good => 'g',
            Self::SomeMissed => 'a',
            Self::Failed => 'r',
            Self::NoData => '-',
        }
    }

    /// From a letter of a stored strip; anything unknown is no data.
    pub const fn of_letter(letter: char) -> Self {
        match letter {
            'g' => Self::Good,
            'a' => Self::SomeMissed,
            'r' => Self::Failed,
            _ => Self::NoData,
        }
    }

    const fn worseness(self) -> u8 {
        match self {
            Self::Failed => 3,
            Self::SomeMissed => 2,
            Self::Good => 1,
            Self::NoData => 0,
        }
    }

    const fn is_not_perfect(self) -> bool {
        matches!(self, Self::SomeMissed | Self::Failed)
    }
}

impl BackupDay {
    /// How this application's day went. Without active services, or with too little history, there is nothing to judge by.
    pub const fn grade(&self) -> Grade {
        match self.status {
            DayStatus::InsufficientHistory => Grade::NoData,
            DayStatus::Perfect | DayStatus::WithIssues if self.active <= 0 => Grade::NoData,
            DayStatus::Perfect | DayStatus::WithIssues if self.backed <= 0 => Grade::Failed,
            DayStatus::Perfect if self.active <= self.backed && self.active <= self.perfect => Grade::Good,
            DayStatus::Perfect | DayStatus::WithIssues => Grade::SomeMissed,
        }
    }
}

/// What an account did in the 24 hours that end so many days before its newest data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountDay {
    /// The later end of these 24 hours.
    pub until: Timestamp,
    /// As good as the worst application with active services.
    pub grade: Grade,
    /// Active services of all applications.
    pub active: i64,
    /// Of these, with a backup.
    pub backed: i64,
    /// Of these, whole.
    pub perfect: i64,
}

/// When the newest data was true: the latest end of any window.
pub fn as_of(rows: &[BackupDay]) -> Option<Timestamp> {
    rows.iter().map(|row| row.until).max()
}

/// How many whole days before `as_of` a window ended: 0 for the last 24 hours, 1 from exactly 24 hours on.
fn days_before(as_of: Timestamp, until: Timestamp) -> Option<usize> {
    usize::try_from((as_of - until).0.div_euclid(Span::days(1).0)).ok()
}

/// The newest row of each application that ended within the 24 hours numbered `back`.
fn rows_of(rows: &[BackupDay], as_of: Timestamp, back: usize) -> Vec<&BackupDay> {
    let mut found: Vec<&BackupDay> = rows.iter().filter(|row| days_before(as_of, row.until) == Some(back)).collect();
    found.sort_by(|one, other| one.application.cmp(&other.application).then(other.until.cmp(&one.until)));
    found.dedup_by(|one, other| one.application == other.application);
    found
}

/// One application's days back from `as_of`, newest first; `None` where it reported nothing.
pub fn days_of<'r>(rows: &'r [BackupDay], application: &str, as_of: Timestamp, days: usize) -> Vec<Option<&'r BackupDay>> {
    (0..days).map(|back| rows_of(rows, as_of, back).into_iter().find(|row| row.application == application)).collect()
}

/// The account's days back from `as_of`, newest first.
pub fn account_days(rows: &[BackupDay], as_of: Timestamp, days: usize) -> Vec<AccountDay> {
    (0..days).map(|back| account_day(&rows_of(rows, as_of, back), as_of, back)).collect()
}

fn account_day(rows: &[&BackupDay], as_of: Timestamp, back: usize) -> AccountDay {
    let active = || rows.iter().filter(|row| 0 < row.active);
    AccountDay {
        until: as_of - Span::days(i64::try_from(back).unwrap_or(i64::MAX / Span::days(1).0)),
        grade: active().map(|row| row.grade()).max_by_key(|grade| grade.worseness()).unwrap_or(Grade::NoData),
        active: active().map(|row| row.active).sum(),
        backed: active().map(|row| row.backed).sum(),
        perfect: active().map(|row| row.perfect).sum(),
    }
}

/// Applications that had active services when they last reported, and have reported nothing in the last 24 hours.
pub fn silent(rows: &[BackupDay], as_of: Timestamp) -> Vec<&str> {
    let mut newest: Vec<&BackupDay> = rows.iter().collect();
    newest.sort_by(|one, other| one.application.cmp(&other.application).then(other.until.cmp(&one.until)));
    newest.dedup_by(|one, other| one.application == other.application);
    let lately = |row: &&BackupDay| days_before(as_of, row.until).is_some_and(|back| 0 < back && back < MISSED_FOR_DAYS);
    newest.into_iter().filter(|row| 0 < row.active && lately(row)).map(|row| row.application.as_str()).collect()
}

/// SAS-9: what the newest data shows. Red is a newest day of which some application with active services backed up none (a day is as
/// good as its worst application), and three days running not perfect. An application that fell silent keeps an account from green.
pub fn health(rows: &[BackupDay]) -> Health {
    let Some(as_of) = as_of(rows) else { return Health::NoData };
    let days = account_days(rows, as_of, RED_AFTER_DAYS);
    let running = days.iter().take_while(|day| day.grade.is_not_perfect()).count();
    match days.first().map_or(Grade::NoData, |day| day.grade) {
        Grade::Failed => Health::Failing,
        Grade::SomeMissed | Grade::Good if RED_AFTER_DAYS <= running => Health::Failing,
        Grade::SomeMissed => Health::SomeMissed,
        Grade::Good if !silent(rows, as_of).is_empty() => Health::SomeMissed,
        Grade::Good => Health::Protected,
        Grade::NoData => Health::NoData,
    }
}

/// What is kept on the account's own row, so that lists need not look at its days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// When the newest data was true.
    pub as_of: Option<Timestamp>,
    /// Services in the last 24 hours that were to be backed up.
    pub active: i64,
    /// Of these, with a backup.
    pub backed: i64,
    /// Of these, whole.
    pub perfect: i64,
    /// Ten letters, newest last.
    pub strip: String,
    /// What it shows.
    pub health: Health,
    /// The oldest moment among the applications with active services; `LONG_AGO` for one of the vendor's words.
    pub last_fully_protected: Option<Timestamp>,
    /// What all applications take up; unknown without any.
    pub used_bytes: Option<i64>,
}

/// Sums an account up. `paused` when none of its seats is active and some are paused: then there is nothing to judge.
pub fn summarize(rows: &[BackupDay], applications: &[Application], paused: bool) -> Summary {
    let as_of = as_of(rows);
    let days = as_of.map(|moment| account_days(rows, moment, STRIP_DAYS)).unwrap_or_default();
    let newest = days.first();
    let strip: String = if days.is_empty() { "-".repeat(STRIP_DAYS) } else { days.iter().rev().map(|day| day.grade.letter()).collect() };
    Summary {
        as_of,
        active: newest.map_or(0, |day| day.active),
        backed: newest.map_or(0, |day| day.backed),
        perfect: newest.map_or(0, |day| day.perfect),
        strip,
        health: if paused { Health::NoData } else { health(rows) },
        last_fully_protected: last_fully_protected(rows, applications, as_of),
        used_bytes: (!applications.is_empty()).then(|| applications.iter().map(|each| each.used_bytes).sum()),
    }
}

fn last_fully_protected(rows: &[BackupDay], applications: &[Application], as_of: Option<Timestamp>) -> Option<Timestamp> {
    let newest = rows_of(rows, as_of?, 0);
    let active = |name: &str| newest.iter().any(|row| row.application == name && 0 < row.active);
    let moments = applications.iter().filter(|each| active(&each.application)).map(|each| match &each.last_fully_protected {
        Some(FullyProtected::At(moment)) => Some(*moment),
        Some(FullyProtected::Bucket(_)) => Some(LONG_AGO),
        None => None,
    });
    moments.min().flatten()
}

/// An application as people call it: "Exchange", "Gmail"; an unknown one in the vendor's word.
pub fn application_shown(word: &str) -> &str {
    match word {
        "GoogleAppsTeamDrive" => "Shared drives",
        _ => word.strip_prefix("Office365").or_else(|| word.strip_prefix("GoogleApps")).filter(|rest| !rest.is_empty()).unwrap_or(word),
    }
}

/// What there is of an account's backups.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stock {
    /// Days of which anything is known.
    pub days: i64,
    /// Applications on them.
    pub applications: i64,
    /// What the backups take up.
    pub bytes: i64,
}

impl Stock {
    /// "30 days of backups of 4 applications, 281 GB".
    pub fn counted(&self) -> String {
        let (days, applications) =
            (text::counted(self.days, "day", "days"), text::counted(self.applications, "application", "applications"));
        format!("{days} of backups of {applications}, {}", text::bytes(self.bytes))
    }
}
