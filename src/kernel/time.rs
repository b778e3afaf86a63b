//! Moments, spans and the portal's clock (ALL-6).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;

/// A length of time in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span(pub i64);

impl Span {
    /// So many seconds.
    pub const fn seconds(count: i64) -> Self {
        Self(count * 1_000)
    }
    /// So many minutes.
    pub const fn minutes(count: i64) -> Self {
        Self::seconds(count * 60)
    }
    /// So many hours.
    pub const fn hours(count: i64) -> Self {
        Self::minutes(count * 60)
    }
    /// So many days of 24 hours.
    pub const fn days(count: i64) -> Self {
        Self::hours(count * 24)
    }
    /// "6 days", "3 hours", "1 minute": the largest unit that fits, rounded down.
    pub fn words(self) -> String {
        let seconds = self.0.max(0) / 1_000;
        let (count, unit) = match seconds {
            0..60 => (seconds, "second"),
            60..3_600 => (seconds / 60, "minute"),
            3_600..86_400 => (seconds / 3_600, "hour"),
            _ => (seconds / 86_400, "day"),
        };
        counted(count, unit)
    }

    /// What is left of it, on every page and in every letter: "7 days", "30 hours" under two days, "1 minute". Days are never more than there
    /// are, but what lacks less than an hour counts as whole, so that seven days that were given a moment ago are seven days; hours and less
    /// are rounded up.
    pub fn left(self) -> String {
        let seconds = (self.0.max(0) + 999) / 1_000;
        match seconds {
            0..60 => counted(seconds, "second"),
            60..=3_540 => counted((seconds + 59) / 60, "minute"),
            // A day that was given a moment ago.
            82_801..=86_400 => counted(1, "day"),
            3_541..172_800 => counted((seconds + 3_599) / 3_600, "hour"),
            _ => counted((seconds + 3_599) / 86_400, "day"),
        }
    }
}

fn counted(count: i64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A moment: milliseconds since 1970 in UTC. What every table stores.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl std::ops::Add<Span> for Timestamp {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl std::ops::Sub<Span> for Timestamp {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl std::ops::Sub for Timestamp {
    type Output = Span;
    fn sub(self, other: Self) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl std::ops::Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl rusqlite::ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl rusqlite::types::FromSql for Timestamp {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

const DAY: i64 = 86_400_000;

impl Timestamp {
    /// The number of the UTC day that this moment lies in, 0 being 1970-01-01.
    pub const fn utc_day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// The first moment of a UTC day.
    pub const fn of_utc_day(day: i64) -> Self {
        Self(day * DAY)
    }

    /// From an RFC 3339 text such as `2022-04-26T16:43:05+00:00`.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|moment| Self(moment.as_millisecond()))
    }

    fn jiff(self) -> jiff::Timestamp {
        // Out of jiff's range (years ±9999) nothing can be shown; the nearest end is the most honest.
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX })
    }

    /// `2026-11-22T00:42:53Z`, for machines.
    pub fn iso(self) -> String {
        let utc = self.jiff().to_zoned(TimeZone::UTC);
        let (hour, minute, second) = (utc.hour(), utc.minute(), utc.second());
        format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", utc.year(), utc.month(), utc.day())
    }

    /// The same moment a calendar year on, in UTC; from 29 February it is 28 February.
    #[must_use]
    pub fn a_year_later(self) -> Self {
        let later = self.jiff().to_zoned(TimeZone::UTC).saturating_add(jiff::Span::new().years(1));
        Self(later.timestamp().as_millisecond())
    }

    /// `2026-11-22T00:42:53+00:00`, as the vendor writes it; with what it has of a second.
    pub fn with_offset(self) -> String {
        let whole = self.iso();
        let seconds = whole.trim_end_matches('Z');
        match self.0.rem_euclid(1_000) {
            0 => format!("{seconds}+00:00"),
            millis => format!("{seconds}.{millis:03}+00:00"),
        }
    }

    /// `Sun, 22 Nov 2026 00:42:53 GMT`, for HTTP headers.
    pub fn http_date(self) -> String {
        self.jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// "just now", "12 minutes ago", "in 6 days", as people say it. What has passed is rounded down, what is left is rounded up.
    pub fn relative(self, now: Self) -> String {
        let span = now - self;
        if span.0.abs() < 60_000 {
            return "just now".to_owned();
        }
        if span.0 < 0 {
            return format!("in {}", (self - now).left());
        }
        match span.words() {
            words if words == "1 day" => "yesterday".to_owned(),
            words => format!("{words} ago"),
        }
    }

    /// The same for what is yet to come, or due at this moment: `in less than a minute`, `in 6 days`.
    pub fn until(self, now: Self) -> String {
        if (self - now).0.abs() < 60_000 { "in less than a minute".to_owned() } else { self.relative(now) }
    }
}

/// The zone a viewer reads times in.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// UTC, the default.
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone of an IANA name such as `Europe/Berlin`, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        jiff::tz::db().get(name).ok().map(Self)
    }

    /// Every zone's IANA name, sorted.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        names.sort();
        names
    }

    fn zoned(&self, moment: Timestamp) -> jiff::Zoned {
        moment.jiff().to_zoned(self.0.clone())
    }

    /// `22 Nov 2026, 01:42 (UTC+01:00)`: exact, with the offset.
    pub fn exact(&self, moment: Timestamp) -> String {
        let zoned = self.zoned(moment);
        let ahead = zoned.offset().seconds() / 60;
        let offset = if ahead == 0 {
            String::new()
        } else {
            format!("{}{:02}:{:02}", if ahead < 0 { '-' } else { '+' }, ahead.abs() / 60, ahead.abs() % 60)
        };
        let (hour, minute, second) = (zoned.hour(), zoned.minute(), zoned.second());
        format!("{}, {hour:02}:{minute:02}:{second:02} (UTC{offset})", date(&zoned))
    }

    /// `22 Nov 2026`.
    pub fn date(&self, moment: Timestamp) -> String {
        date(&self.zoned(moment))
    }

    /// `29 Nov`.
    pub fn day_and_month(&self, moment: Timestamp) -> String {
        day(&self.zoned(moment))
    }

    /// `06:14`.
    pub fn clock(&self, moment: Timestamp) -> String {
        self.zoned(moment).strftime("%H:%M").to_string()
    }
}

/// Months as dates show them. Not left to a general formatter: a page of the status has a thousand dates.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn day(zoned: &jiff::Zoned) -> String {
    let month = usize::try_from(zoned.month()).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied();
    format!("{} {}", zoned.day(), month.unwrap_or_default())
}

fn date(zoned: &jiff::Zoned) -> String {
    format!("{} {}", day(zoned), zoned.year())
}

impl Zone {
    /// Where the day `2026-11-22` begins in this zone, and where the next one does.
    pub fn day(&self, text: &str) -> Option<(Timestamp, Timestamp)> {
        let date: jiff::civil::Date = text.parse().ok()?;
        let begins =
            |date: jiff::civil::Date| date.to_zoned(self.0.clone()).ok().map(|zoned| Timestamp(zoned.timestamp().as_millisecond()));
        Some((begins(date)?, begins(date.tomorrow().ok()?)?))
    }
}

/// Where now comes from. Nothing but `Db::write`, `Db::read` and the server asks it.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// A test's: milliseconds, moved by hand.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A manual clock that starts at `moment`.
    pub fn manual(moment: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(moment.0)))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .ok()
                    .and_then(|since| i64::try_from(since.as_millis()).ok())
                    .unwrap_or_default(),
            ),
            Self::Manual(millis) => Timestamp(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock on; the system's goes by itself.
    pub fn advance(&self, span: Span) {
        if let Self::Manual(millis) = self {
            millis.fetch_add(span.0, Ordering::SeqCst);
        }
    }
}
