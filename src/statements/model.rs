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
    /// The most seats in use at any moment: billable ones (SEA-4), of an account without known seats what the vendor reports.
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
    /// From each plan's lines and the seats billed on them.
    pub fn of(by_plan: &[(Plan, i64, i64)], prices: Option<&PriceList>) -> Self {
        let mut sums = Self::default();
        for (plan, lines, seats) in by_plan {
            let price = prices.and_then(|list| list.of(*plan));
            sums.lines += lines;
            sums.seats = sums.seats.saturating_add(*seats);
            sums.total = sums.total.saturating_add(price.unwrap_or_default().saturating_mul(*seats));
            sums.unpriced += if price.is_none() { *lines } else { 0 };
        }
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
