//! The price list: what each plan costs, per seat and month, from which month on (SUB-1). Pure.

use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::money::Currency;
use crate::kernel::month::Month;
use crate::subscriptions::model::Plan;

/// Months ahead for which prices can be entered.
pub const AHEAD: i64 = 12;

/// Lists on the page: five years of monthly changes.
pub const SHOWN: i64 = 60;

/// Prices that hold from a month on, until the next list begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PriceList {
    /// From its first moment on, in UTC.
    pub from: Month,
    /// Of all three.
    pub currency: Currency,
    /// In the currency's smallest unit, each; nothing for a plan without a price.
    pub backup: Option<i64>,
    /// The same.
    pub archiver: Option<i64>,
    /// The same.
    pub personal: Option<i64>,
}

impl PriceList {
    /// What a seat of a plan costs a month.
    pub const fn of(&self, plan: Plan) -> Option<i64> {
        match plan {
            Plan::Backup => self.backup,
            Plan::Archiver => self.archiver,
            Plan::Personal => self.personal,
        }
    }

    /// What is different in `other`, plan by plan: "Backup 3.50 EUR, until now 3.00 EUR".
    pub fn differences(&self, before: &Self) -> Vec<String> {
        let price = |list: &Self, plan| list.shown(plan, 1).unwrap_or_else(|| "no price".to_owned());
        let differs = |plan: &&Plan| price(self, **plan) != price(before, **plan);
        let told = |plan: &Plan| format!("{} {}, until now {}", plan.shown(), price(self, *plan), price(before, *plan));
        Plan::ALL.iter().filter(differs).map(told).collect()
    }

    /// What so many seats cost a month, with the currency: `36.00 EUR`.
    pub fn shown(&self, plan: Plan, seats: i64) -> Option<String> {
        self.of(plan).map(|price| self.currency.shown(price.saturating_mul(seats)))
    }
}

/// The form as it was typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct EnteredPrices {
    /// `2026-12`.
    pub from: String,
    /// `EUR`.
    pub currency: String,
    /// As typed.
    pub backup: String,
    /// As typed.
    pub archiver: String,
    /// As typed.
    pub personal: String,
    /// Whether the box is ticked that other prices than before are meant for the month that runs.
    pub running: bool,
    /// The lists that were shown beside the form, as `fingerprint` says them.
    pub seen: String,
}

/// A short text that differs when any of these lists differs.
pub fn fingerprint(lists: &[PriceList]) -> String {
    let price = |price: Option<i64>| price.map(|price| price.to_string()).unwrap_or_default();
    let told = |list: &PriceList| {
        let prices = [list.backup, list.archiver, list.personal].map(price).join(".");
        format!("{}{}{prices}", list.from.iso(), list.currency.code)
    };
    lists.iter().map(told).collect::<Vec<_>>().join("_")
}

impl EnteredPrices {
    /// A form that goes on from the list that holds now.
    pub fn after(current: Option<&PriceList>, from: Month) -> Self {
        let amount = |plan| current.and_then(|list| list.of(plan).map(|price| list.currency.plain(price))).unwrap_or_default();
        Self {
            from: from.iso(),
            currency: current.map_or("EUR", |list| list.currency.code).to_owned(),
            backup: amount(Plan::Backup),
            archiver: amount(Plan::Archiver),
            personal: amount(Plan::Personal),
            running: false,
            seen: String::new(),
        }
    }

    /// The list that was meant: from this month up to `AHEAD` months on, at least one price. A sentence for each field that is not right.
    pub fn parse(&self, now: Month) -> Result<PriceList> {
        let mut errors = FieldErrors::default();
        let from = Month::parse(&self.from).filter(|from| now <= *from && *from <= now.plus(AHEAD)).ok_or_else(|| {
            format!("Choose a month from {} to {}: earlier months are billed already.", now.shown(), now.plus(AHEAD).shown())
        });
        let from = errors.take("from", from);
        let currency = Currency::named(&self.currency).ok_or_else(|| "Choose a currency from the list.".to_owned());
        let Some(currency) = errors.take("currency", currency) else { return errors.or(None) };
        let mut price = |field: &'static str, plan: Plan, raw: &str| match raw.trim() {
            "" => None,
            raw => errors.take(field, currency.parse(raw).map_err(|sentence| format!("{}: {sentence}", plan.shown()))),
        };
        let prices = (
            price("backup", Plan::Backup, &self.backup),
            price("archiver", Plan::Archiver, &self.archiver),
            price("personal", Plan::Personal, &self.personal),
        );
        if errors.0.is_empty() && prices == (None, None, None) {
            errors.take::<()>("backup", Err("Enter the price of at least one plan.".to_owned()));
        }
        let (backup, archiver, personal) = prices;
        errors.or(from.map(|from| PriceList { from, currency, backup, archiver, personal }))
    }
}
