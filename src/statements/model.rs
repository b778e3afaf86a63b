//! Statements and their lines. Pure.

use crate::kernel::ids::OrganizationId;
use crate::kernel::money::Currency;
use crate::kernel::month::Month;
use crate::kernel::time::Timestamp;
use crate::subscriptions::model::Plan;
use crate::subscriptions::price_model::PriceList;

/// What an organization is billed for a month.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Which.
    pub organization: OrganizationId,
    /// Its name when the month ended; today's while it runs.
    pub name: String,
    /// The last plan it had in the month.
    pub plan: Plan,
    /// The most billable seats in use at any moment (SEA-4).
    pub used: i64,
    /// The most seats bought at any moment; 0 with Auto License.
    pub committed: i64,
}

impl Line {
    /// SUB-9: the seats billed.
    pub const fn billed(&self) -> i64 {
        if self.used < self.committed { self.committed } else { self.used }
    }

    /// What they cost, in the currency's smallest unit; nothing for a plan without a price.
    pub fn amount(&self, prices: Option<&PriceList>) -> Option<i64> {
        Some(prices?.of(self.plan)?.saturating_mul(self.billed()))
    }
}

/// What the lines of a month come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sums {
    /// Lines.
    pub lines: i64,
    /// Seats billed.
    pub seats: i64,
    /// Money, in the currency's smallest unit.
    pub total: i64,
    /// Lines whose plan has no price.
    pub unpriced: i64,
}

impl Sums {
    /// With a further line.
    pub fn add(&mut self, line: &Line, prices: Option<&PriceList>) {
        let amount = line.amount(prices);
        self.lines += 1;
        self.seats = self.seats.saturating_add(line.billed());
        self.total = self.total.saturating_add(amount.unwrap_or_default());
        self.unpriced += i64::from(amount.is_none());
    }

    /// Of all these lines.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Line>, prices: Option<&PriceList>) -> Self {
        let mut sums = Self::default();
        lines.into_iter().for_each(|line| sums.add(line, prices));
        sums
    }
}

/// A month's statement without its lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The month.
    pub month: Month,
    /// The prices it is made by; none where none held on the month's first day.
    pub prices: Option<PriceList>,
    /// What its lines come to.
    pub sums: Sums,
    /// When it was closed; none while the month runs.
    pub closed_at: Option<Timestamp>,
}

impl Statement {
    /// An amount with the currency; a dash without one.
    pub fn money(&self, amount: Option<i64>) -> String {
        self.currency().zip(amount).map_or_else(|| "—".to_owned(), |(currency, amount)| currency.shown(amount))
    }

    /// The total with the currency, where there are prices.
    pub fn total(&self) -> Option<String> {
        self.currency().map(|currency| currency.shown(self.sums.total))
    }

    /// The currency, where there are prices.
    pub fn currency(&self) -> Option<Currency> {
        self.prices.map(|prices| prices.currency)
    }
}

/// A month on an organization's own page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnLine {
    /// The month.
    pub month: Month,
    /// Its line.
    pub line: Line,
    /// What it costs, with the currency.
    pub amount: Option<String>,
    /// Whether the month is over.
    pub closed: bool,
}
