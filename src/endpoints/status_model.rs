//! What Endpoint Backup Status is asked for, and what it counts. Pure.

use crate::endpoints::model::{LATE_AFTER, OVERDUE_AFTER, Standing};
use crate::kernel::ids::{EndpointAgentId, OrganizationId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::subscriptions::model::WINDOW;
use crate::text_enum;

text_enum!(
    /// What the table is sorted by.
    Sort {
        /// Worst first: the default.
        State = "state",
        /// The computer's name.
        Agent = "agent",
        /// The organization's.
        Organization = "organization",
        /// When its newest backup was.
        LastBackup = "last_backup",
    }
);

/// Rows on a page.
pub const PER_PAGE: i64 = 50;

/// What the table is narrowed to and sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Part of a computer's name, code or serial number, or of the organization's name.
    pub words: String,
    /// Only these states; all when empty.
    pub states: Vec<Standing>,
    /// Only those of this organization.
    pub organization: Option<OrganizationId>,
    /// By which column.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
}

impl Query {
    /// Everything, worst first.
    pub const fn all() -> Self {
        Self { words: String::new(), states: Vec::new(), organization: None, sort: Sort::State, descending: false }
    }

    /// Whether it asks for the order of the ranking, which then answers it without a walk over the agents.
    pub fn is_ranked(&self) -> bool {
        self.sort == Sort::State && !self.descending
    }

    /// Whether nothing is narrowed.
    pub fn finds_all(&self) -> bool {
        self.words.trim().is_empty() && self.states.is_empty() && self.organization.is_none()
    }
}

/// What a look at all agents makes of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranked {
    /// Which.
    pub id: EndpointAgentId,
    /// Whose.
    pub organization: OrganizationId,
    /// What a search looks in: the agent's own words, a line further its organization's name, both as keys.
    pub search: String,
    /// How it stands.
    pub standing: Standing,
    /// When its newest backup was.
    pub last_backup: Option<Timestamp>,
    /// When its organization was unsubscribed, if it is.
    pub unsubscribed_at: Option<Timestamp>,
}

impl Ranked {
    /// Whether a query finds it, whose words are given as a key: no key has two lines, so that none is found across them.
    fn fits(&self, query: &Query, words: &str) -> bool {
        (query.states.is_empty() || query.states.contains(&self.standing))
            && query.organization.is_none_or(|only| only == self.organization)
            && self.search.contains(words)
    }

    /// The last moment at which it stands as it does, if the clock alone changes that.
    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        const MOMENT: Span = Span(1);
        if let Some(since) = self.unsubscribed_at {
            return Some(since + WINDOW - MOMENT);
        }
        match self.standing {
            Standing::Late | Standing::ScreenshotFailed | Standing::SomeFailed | Standing::BackedUp => {
                let last = self.last_backup?;
                [LATE_AFTER, OVERDUE_AFTER].map(|after| last + after).into_iter().find(|turn| now <= *turn)
            }
            Standing::Failing | Standing::Overdue | Standing::NoBackupYet | Standing::Suspended | Standing::Unsubscribed => None,
        }
    }
}

/// All agents in sight, worst first, and how long that holds while nothing is reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranking {
    /// The agents.
    pub agents: Vec<Ranked>,
    from: Timestamp,
    until: Timestamp,
}

impl Ranking {
    /// What was ranked now.
    pub fn of(agents: Vec<Ranked>, now: Timestamp) -> Self {
        let until = agents.iter().filter_map(|agent| agent.until(now)).min().unwrap_or(Timestamp(i64::MAX));
        Self { agents, from: now, until }
    }

    /// Whether it is the same at another moment.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && now <= self.until
    }

    /// How many stand how.
    pub fn tally(&self) -> Tally {
        let count = |standing: Standing| self.agents.iter().filter(|agent| agent.standing == standing).count();
        let counted = Standing::ALL.iter().map(|standing| (*standing, i64::try_from(count(*standing)).unwrap_or(i64::MAX)));
        Tally(counted.filter(|(_, count)| 0 < *count).collect())
    }

    /// Those that a query finds, worst first: how many, and a page of them.
    pub fn page(&self, query: &Query, skipped: i64, limit: i64) -> (i64, Vec<EndpointAgentId>) {
        let number = |figure: i64| usize::try_from(figure).unwrap_or(usize::MAX);
        let words = text::key(&query.words);
        let found: Vec<EndpointAgentId> = self.agents.iter().filter(|agent| agent.fits(query, &words)).map(|agent| agent.id).collect();
        let shown = found.iter().skip(number(skipped)).take(number(limit)).copied().collect();
        (i64::try_from(found.len()).unwrap_or(i64::MAX), shown)
    }
}

/// How many agents stand how.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally(pub Vec<(Standing, i64)>);

impl Tally {
    /// All of them.
    pub fn all(&self) -> i64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// Those for which this holds.
    pub fn of(&self, wanted: impl Fn(Standing) -> bool) -> i64 {
        self.0.iter().filter(|(standing, _)| wanted(*standing)).map(|(_, count)| count).sum()
    }
}
