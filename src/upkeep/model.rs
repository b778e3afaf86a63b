//! Copies by name, which of them are kept, and when the next one is due. Pure.

use crate::kernel::ids::EventId;
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// Why a copy in the data folder was made; the word is part of its file's name.
    Kind {
        /// By the clock, once a day.
        Daily = "daily",
        /// On the Backups page.
        ByHand = "by-hand",
        /// OPS-2: before the schema was brought up to date.
        BeforeUpgrade = "before-upgrade",
    }
);

/// OPS-1: the newest copy of each of so many days is kept.
pub const DAYS: i64 = 7;
/// OPS-1: and the newest of each of so many weeks before this one.
pub const WEEKS: i64 = 4;
/// OPS-2: a copy from before an upgrade is kept for so long.
pub const UPGRADE_KEPT: Span = Span::days(28);
/// The day of the daily copy begins at this time, in UTC: at night where most of those who use it live.
pub const DAY_BEGINS: Span = Span::hours(2);
/// A daily copy that failed is tried again after this.
pub const RETRY_AFTER: Span = Span::hours(1);

/// A copy in the data folder, as its file's name tells it: when it was made, to the second, and why.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Copy {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub kind: Kind,
}

impl Copy {
    /// A copy made now.
    pub fn made(at: Timestamp, kind: Kind) -> Self {
        Self { at: Timestamp(at.0.div_euclid(1_000) * 1_000), kind }
    }

    /// The file's name: `portico-20261122T062600Z-daily.db`.
    pub fn file_name(self) -> String {
        format!("portico-{}-{}.db", stamp(self.at), self.kind.word())
    }

    /// The copy of such a name; nothing for any other name.
    pub fn named(name: &str) -> Option<Self> {
        let (stamp, word) = name.strip_prefix("portico-")?.strip_suffix(".db")?.split_once('-')?;
        let copy = Self { at: read_stamp(stamp)?, kind: Kind::from_word(word)? };
        (copy.file_name() == name).then_some(copy)
    }

    /// What the list calls it at `now`: a daily copy that outlived its days is a week's.
    pub fn shown(self, now: Timestamp) -> &'static str {
        match self.kind {
            Kind::Daily if self.at.utc_day() + DAYS <= now.utc_day() => "Weekly",
            Kind::Daily => "Daily",
            Kind::ByHand => "By hand",
            Kind::BeforeUpgrade => "Before an upgrade",
        }
    }
}

/// A word as the machine's command line reads it: as it is where that is safe, else in quotation marks.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:@%,=".contains(letter) || cfg!(windows) && letter == '\\';
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    // No name on Windows holds a double quotation mark.
    if cfg!(windows) { format!("\"{word}\"") } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// `20261122T062600Z`: a moment that a file's name may hold on any system.
pub fn stamp(at: Timestamp) -> String {
    at.iso().replace(['-', ':'], "")
}

fn read_stamp(stamp: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| stamp.get(from..to);
    let iso = format!("{}-{}-{}T{}:{}:{}Z", part(0, 4)?, part(4, 6)?, part(6, 8)?, part(9, 11)?, part(11, 13)?, part(13, 15)?);
    Timestamp::from_rfc3339(&iso)
}

/// The number of the week, Monday being its first day, that a UTC day lies in.
const fn week(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day + 3).div_euclid(7)
}

/// OPS-1: which of these copies are to go at `now`. Of daily ones the newest of each of the last seven days stays, and the newest of
/// each of the four weeks before this one; those from before an upgrade stay for four weeks; what was made by hand stays until
/// somebody deletes it. What the clock says is yet to come stays, and so does the newest daily one, however old it is.
pub fn surplus(copies: &[Copy], now: Timestamp) -> Vec<Copy> {
    let daily = || copies.iter().filter(|copy| copy.kind == Kind::Daily);
    let newest_of = |same: &dyn Fn(&Copy) -> bool| daily().filter(|copy| same(copy)).max();
    let (today, this_week) = (now.utc_day(), week(now.utc_day()));
    let stays = |copy: &Copy| {
        let day = copy.at.utc_day();
        match copy.kind {
            _ if now < copy.at => true,
            Kind::ByHand => true,
            Kind::BeforeUpgrade => now - copy.at < UPGRADE_KEPT,
            Kind::Daily => {
                let of_day = today - DAYS < day && newest_of(&|other| other.at.utc_day() == day) == Some(copy);
                let in_weeks = this_week - WEEKS <= week(day) && week(day) < this_week;
                let of_week = in_weeks && newest_of(&|other| week(other.at.utc_day()) == week(day)) == Some(copy);
                of_day || of_week || newest_of(&|_| true) == Some(copy)
            }
        }
    };
    copies.iter().filter(|copy| !stays(copy)).copied().collect()
}

/// What is kept of automatic backups: the switch, and how the last ones went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upkeep {
    /// Whether a copy is made every day.
    pub daily: Daily,
    /// When the last daily copy was made.
    pub made_at: Option<Timestamp>,
    /// How and when the last try failed; nothing once another one went well.
    pub failure: Option<Failure>,
    /// Since when a copy asked for on the page has not been made yet.
    pub asked_at: Option<Timestamp>,
}

/// The switch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Daily {
    /// A copy a day; old ones go.
    On,
    /// None is made, and none goes.
    Off,
}

/// A copy that could not be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// Why, in a sentence.
    pub why: String,
}

/// Backups that nobody may count on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lapse {
    /// Daily ones are switched off; when the last one was made.
    Off(Option<Timestamp>),
    /// They are on, and the last one was made too long ago.
    Late(Timestamp),
}

/// Without a daily copy for longer than this, somebody is told.
pub const LATE_AFTER: Span = Span::days(2);

impl Upkeep {
    /// Whether daily copies are not made, by the switch or by whatever keeps them from it. A portal that has just begun has none yet.
    pub fn lapse(&self, now: Timestamp) -> Option<Lapse> {
        match (self.daily, self.made_at) {
            (Daily::Off, made_at) => Some(Lapse::Off(made_at)),
            (Daily::On, Some(made)) if LATE_AFTER < now - made => Some(Lapse::Late(made)),
            (Daily::On, _) => None,
        }
    }

    /// Whether the daily copy is to be made now: once a day, after a failure an hour later. A clock that was put back does not hold it
    /// up.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let day = |moment: Timestamp| (moment - DAY_BEGINS).utc_day();
        let made = self.made_at.is_some_and(|made| day(made) == day(now));
        let failed = self.failure.as_ref().is_some_and(|failure| failure.at <= now && now - failure.at < RETRY_AFTER);
        self.daily == Daily::On && !made && !failed
    }
}

/// Which copies are made in a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// Only one that somebody asked for: the portal has just been started.
    Asked,
    /// The day's too.
    AskedOrDaily,
}

/// What a copy holds, as far as it is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Organizations that are not deleted.
    pub organizations: i64,
    /// The newest event of the activity log.
    pub head: EventId,
    /// Its mark: who keeps it can show later that no event was cut off.
    pub mark: String,
}

/// A whole look at a portal, one line each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What was looked at, in a word or two.
    pub what: &'static str,
    /// What was found.
    pub result: Verdict,
}

/// How a look turned out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// All is well; what was seen.
    Good(String),
    /// It is not; what is wrong and what to do.
    Bad(String),
}
