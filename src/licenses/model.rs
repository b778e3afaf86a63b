//! Use of licences, and idle seats. Pure.

use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::time::Span;
use crate::saas::model::{Commitment, Product, Retention};
use crate::subscriptions::model::Plan;
use crate::subscriptions::price_model::PriceList;

/// A seat that is paused for longer is asked about: it costs as much as one that works.
pub const PAUSED_LONG: Span = Span::days(30);

/// Idle accounts on the page; the file has all.
pub const SHOWN: usize = 100;

/// The accounts that are alike in what they are billed by. Seats that an organization has bought beyond those it uses stand with the first
/// of its accounts, or by themselves where it has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    /// Their organizations' plan; nothing for unlinked accounts and organizations without one.
    pub plan: Option<Plan>,
    /// For how long they are bought, if it is known.
    pub commitment: Option<Commitment>,
    /// How long backups are kept, if it is known.
    pub retention: Option<Retention>,
    /// How many accounts.
    pub accounts: i64,
    /// Their billable seats (SEA-4).
    pub billable: i64,
    /// The seats that are billed as it stands (SUB-9): as many as are used, and what an organization has bought beyond that.
    pub billed: i64,
}

impl Use {
    /// What they cost a month, if the plan has a price.
    pub fn cost(&self, prices: Option<&PriceList>) -> Option<i64> {
        Some(prices?.of(self.plan?)?.saturating_mul(self.billed))
    }
}

impl Use {
    /// What these accounts have in common.
    pub const fn kind(&self) -> UseKind {
        UseKind { plan: self.plan, commitment: self.commitment, retention: self.retention }
    }
}

/// What accounts are alike in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UseKind {
    /// Their organizations' plan.
    pub plan: Option<Plan>,
    /// For how long they are bought.
    pub commitment: Option<Commitment>,
    /// How long backups are kept.
    pub retention: Option<Retention>,
}

/// The word for what is not there, in an address.
const NONE: &str = "none";

impl UseKind {
    /// As an address names it: three words with a point between them.
    pub fn word(&self) -> String {
        let parts = [self.plan.map(Plan::word), self.commitment.map(Commitment::word), self.retention.map(Retention::word)];
        parts.map(|part| part.unwrap_or(NONE)).join(".")
    }

    /// The kind of this word; nothing for any other word.
    pub fn of_word(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('.').collect();
        let [plan, commitment, retention] = parts.as_slice() else { return None };
        let kind =
            Self { plan: Plan::from_word(plan), commitment: Commitment::from_word(commitment), retention: Retention::from_word(retention) };
        // What is no word of these is `none`, or the address is no kind's.
        (kind.word() == word).then_some(kind)
    }

    /// "Backup, One year, ICR".
    pub fn shown(&self) -> String {
        let (plan, commitment) = (self.plan.map_or("No plan", Plan::shown), self.commitment.map(Commitment::shown));
        format!(
            "{plan}, commitment {}, retention {}",
            commitment.unwrap_or("not known"),
            self.retention.map_or("not known", Retention::word)
        )
    }
}

/// An account with what is used and billed of it; or what an organization without an account has bought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Share {
    /// The account, its name and what is protected.
    pub account: Option<(SaasAccountId, String, Product)>,
    /// Its organization, with its name.
    pub organization: Option<(OrganizationId, String)>,
    /// What it is counted with.
    pub kind: UseKind,
    /// Billable seats (SEA-4).
    pub billable: i64,
    /// The seats that are billed as it stands (SUB-9).
    pub billed: i64,
}

impl Share {
    /// What they cost a month, if the plan has a price.
    pub fn cost(&self, prices: Option<&PriceList>) -> Option<i64> {
        Some(prices?.of(self.kind.plan?)?.saturating_mul(self.billed))
    }
}

/// An account with idle seats.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Idle {
    /// The account.
    pub account: SaasAccountId,
    /// Its name.
    pub name: String,
    /// What is protected.
    pub product: Product,
    /// Its organization, with its name.
    pub organization: Option<(OrganizationId, String)>,
    /// That organization's plan.
    pub plan: Option<Plan>,
    /// User seats whose owners are gone; billed all the same, where the organization has a plan (SEA-5).
    pub archived: i64,
    /// User seats that are paused for longer than `PAUSED_LONG`.
    pub paused: i64,
}

impl Idle {
    /// What its idle seats cost a month, if the plan has a price.
    pub fn cost(&self, prices: Option<&PriceList>) -> Option<i64> {
        Some(prices?.of(self.plan?)?.saturating_mul(self.archived + self.paused))
    }
}

/// All of the page's figures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Licenses {
    /// By plan, commitment and retention.
    pub uses: Vec<Use>,
    /// The dearest first.
    pub idle: Vec<Idle>,
    /// This month's.
    pub prices: Option<PriceList>,
}

impl Licenses {
    /// Puts the dearest first: by cost, then by how many, then as they came.
    pub fn new(uses: Vec<Use>, mut idle: Vec<Idle>, prices: Option<PriceList>) -> Self {
        idle.sort_by_key(|each| std::cmp::Reverse((each.cost(prices.as_ref()), each.archived + each.paused)));
        Self { uses, idle, prices }
    }

    /// A sum of costs as people read it; nothing while nothing has a price.
    pub fn total(&self, costs: impl Iterator<Item = Option<i64>>) -> Option<String> {
        let known: Vec<i64> = costs.flatten().collect();
        let prices = self.prices.as_ref().filter(|_| !known.is_empty())?;
        Some(prices.currency.shown(known.iter().sum()))
    }
}
