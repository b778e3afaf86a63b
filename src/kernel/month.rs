//! A month of the calendar in UTC: what prices and bills go by.

use crate::kernel::time::{Timestamp, Zone};

/// A month. Stored as years times twelve plus the month from 0: December 2026 is 24323.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month(pub i64);

const NAMES: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

impl Month {
    /// The one that a moment lies in.
    pub fn of(moment: Timestamp) -> Self {
        let iso = moment.iso();
        let number = |from: usize, to: usize| iso.get(from..to).and_then(|digits| digits.parse::<i64>().ok());
        // Only years of four digits are ever written; a clock beyond them has the month of year 0.
        number(0, 4).zip(number(5, 7)).map_or(Self(0), |(year, month)| Self(year * 12 + month - 1))
    }

    /// From `2026-12`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
        if !year.bytes().chain(month.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (year, month): (i64, i64) = (year.parse().ok()?, month.parse().ok()?);
        ((1..=12).contains(&month) && year > 0).then_some(Self(year * 12 + month - 1))
    }

    /// `2026-12`, for addresses and files.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }

    /// `December 2026`.
    pub fn shown(self) -> String {
        let name = usize::try_from(self.0.rem_euclid(12)).ok().and_then(|month| NAMES.get(month)).copied().unwrap_or_default();
        format!("{name} {}", self.0.div_euclid(12))
    }

    /// So many months later.
    #[must_use]
    pub const fn plus(self, months: i64) -> Self {
        Self(self.0 + months)
    }

    /// Its first moment, UTC; that of 1970 for a month no calendar has.
    pub fn begins(self) -> Timestamp {
        Zone::utc().day(&format!("{}-01", self.iso())).map_or(Timestamp(0), |(begins, _)| begins)
    }
}

impl rusqlite::ToSql for Month {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl rusqlite::types::FromSql for Month {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}
