//! A partner's own letters: which there are, how often they are written, and when the next one is due. Pure.

use crate::activity::model::Change;
use crate::kernel::month::Month;
use crate::kernel::time::Timestamp;
use crate::text_enum;

text_enum!(
    /// NOT-1: a letter to a partner's own people that gathers what is to be told.
    Digest {
        /// What goes wrong with backups, letters and licenses.
        Errors = "errors",
        /// The statements that were closed.
        Invoices = "invoices",
        /// What else waits for somebody.
        General = "general",
    }
);

impl Digest {
    /// Its name on the page and in its subject.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Errors => "Errors",
            Self::Invoices => "Invoices",
            Self::General => "General",
        }
    }

    /// What stands in it.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::Errors => {
                "SaaS accounts whose backups fail, were missed or are not reported, letters that could not be delivered, license caps reached, seats in use beyond those bought."
            }
            Self::Invoices => {
                "The statements closed since the last one, with their sums. Not to people limited by access groups, who see no statements."
            }
            Self::General => {
                "Countdowns of unsubscribed organizations, transfers that wait for you, set-ups about to lapse, accounts that wait to be authorized or linked."
            }
        }
    }
}

text_enum!(
    /// How often.
    Every {
        /// At midnight.
        Daily = "daily",
        /// On Monday at midnight.
        Weekly = "weekly",
        /// On the first day of the month at midnight.
        Monthly = "monthly",
    }
);

/// What is sent, and stored nowhere, for a letter that is not written at all.
pub const OFF: &str = "off";

/// The first Monday there was, as a number of days.
const MONDAY: i64 = 4;

impl Every {
    /// The first edge after this moment, in UTC: what is chosen or written exactly at an edge is next due at the one after it.
    pub fn next(self, after: Timestamp) -> Timestamp {
        match self {
            Self::Daily => Timestamp::of_utc_day(after.utc_day() + 1),
            Self::Weekly => Timestamp::of_utc_day(monday(after) + 7),
            Self::Monthly => Month::of(after).plus(1).begins(),
        }
    }

    /// The last edge that is not after this moment.
    pub fn latest(self, until: Timestamp) -> Timestamp {
        match self {
            Self::Daily => Timestamp::of_utc_day(until.utc_day()),
            Self::Weekly => Timestamp::of_utc_day(monday(until)),
            Self::Monthly => Month::of(until).begins(),
        }
    }
}

/// The Monday of the week that a moment lies in.
const fn monday(moment: Timestamp) -> i64 {
    let day = moment.utc_day();
    day - (day - MONDAY).rem_euclid(7)
}

/// How one is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Which.
    pub digest: Digest,
    /// How often; not at all without.
    pub every: Option<Every>,
}

impl Setting {
    /// As forms send it; `None` for a word that is none.
    pub fn parse(digest: Digest, word: &str) -> Option<Self> {
        let every = if word == OFF { None } else { Some(Every::from_word(word)?) };
        Some(Self { digest, every })
    }

    /// The same word.
    pub const fn word(self) -> &'static str {
        match self.every {
            Some(every) => every.word(),
            None => OFF,
        }
    }
}

/// What a change of one is in the log.
pub fn change(before: Setting, after: Setting) -> Option<Change> {
    Change::between(after.digest.shown(), before.word(), after.word())
}

/// A part of a letter: things of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// What they are.
    pub title: &'static str,
    /// What each is, and what there is to know about it.
    pub lines: Vec<(String, String)>,
    /// How many more there are, as words; nothing where these are all.
    pub rest: Option<String>,
    /// The page that lists them all.
    pub href: String,
}
