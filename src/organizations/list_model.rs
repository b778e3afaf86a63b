//! What part of the list is asked for, and how that is written in an address. Pure.

use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;
use crate::kernel::web;
use crate::subscriptions::model::{Bought, Plan, State};
use crate::text_enum;

/// Rows a page.
pub const PAGE: usize = 50;

text_enum!(
    /// The column the list is sorted by.
    Sort {
        /// The name.
        Name = "name",
        /// Number of users.
        Users = "users",
        /// Number of linked SaaS accounts.
        Services = "services",
        /// Seats used.
        Seats = "seats",
        /// What is left of the 45 days: on the tab Unsubscribed alone.
        End = "end",
    }
);

/// Which plans are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlanFilter {
    /// All of them.
    All,
    /// Those without a plan.
    Without,
    /// One.
    Of(Plan),
}

impl PlanFilter {
    /// The word in an address; empty for all.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Without => "none",
            Self::Of(plan) => plan.word(),
        }
    }

    /// From an address; what is no plan filters nothing.
    pub fn from_word(word: &str) -> Self {
        match (word, Plan::from_word(word)) {
            ("none", _) => Self::Without,
            (_, Some(plan)) => Self::Of(plan),
            (_, None) => Self::All,
        }
    }
}

/// What is asked for: tab, plan, words, order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    /// The tab.
    pub tab: State,
    /// The plan.
    pub plan: PlanFilter,
    /// PAR-1: the public ID of the partner whose organizations are shown; empty for all.
    pub partner: String,
    /// What is searched for; with it the order is best match.
    pub query: String,
    /// The column.
    pub sort: Sort,
    /// Largest first.
    pub descending: bool,
}

impl Sort {
    /// The order of a tab that nobody sorted: what ends next comes first where something ends (SUB-3).
    pub const fn usual(tab: State) -> Self {
        match tab {
            State::Unsubscribed => Self::End,
            State::Active | State::Suspended | State::Deleted => Self::Name,
        }
    }
}

impl Filter {
    /// The same list under another tab, in that tab's usual order where this one's has none there.
    #[must_use]
    pub fn under(&self, tab: State) -> Self {
        let usual = self.sort == Sort::End || self.order().is_empty();
        let (sort, descending) = if usual { (Sort::usual(tab), false) } else { (self.sort, self.descending) };
        Self { tab, sort, descending, ..self.clone() }
    }

    /// Reads an address or a form by its names; anything unknown is the default.
    pub fn from(value: impl Fn(&str) -> String) -> Self {
        let order = value("sort");
        let (column, descending) = match order.strip_prefix('-') {
            Some(column) => (column, true),
            None => (order.as_str(), false),
        };
        let query: String = value("q").trim().chars().take(200).collect();
        let tab = State::from_word(&value("tab")).unwrap_or(State::Active);
        let usual = Sort::usual(tab);
        let sort = Sort::from_word(column).filter(|sort| *sort != Sort::End || tab == State::Unsubscribed);
        Self {
            tab,
            plan: PlanFilter::from_word(&value("plan")),
            partner: value("partner").chars().take(20).collect(),
            query,
            sort: sort.unwrap_or(usual),
            descending,
        }
    }

    /// The sort's word: `users`, `-users`; empty for the default.
    pub fn order(&self) -> String {
        match (self.sort, self.descending) {
            (sort, false) if sort == Sort::usual(self.tab) => String::new(),
            (sort, descending) => format!("{}{}", if descending { "-" } else { "" }, sort.word()),
        }
    }

    /// Names and values as they stand in an address or a form, those at their default left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let tab = if self.tab == State::Active { "" } else { self.tab.word() };
        let mut pairs = vec![
            ("tab", tab.to_owned()),
            ("q", self.query.clone()),
            ("plan", self.plan.word().to_owned()),
            ("partner", self.partner.clone()),
            ("sort", self.order()),
        ];
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The address of a part of this list.
    pub fn href(&self, turn: Turn) -> String {
        let place = match turn {
            Turn::First => None,
            Turn::After(id) => Some(("after", id.to_string())),
            Turn::Before(id) => Some(("before", id.to_string())),
        };
        web::address("/organizations", self.pairs().into_iter().chain(place))
    }

    /// Whether anything is filtered out.
    pub fn narrows(&self) -> bool {
        !self.query.is_empty() || self.plan != PlanFilter::All || !self.partner.is_empty()
    }
}

/// A partner to choose in the list's partner filter (PAR-1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offered {
    /// Which.
    pub partner: PartnerId,
    /// Its public Partner ID, as it stands in an address.
    pub public_id: String,
    /// Its name.
    pub name: String,
}

/// Which part of a long list: pages are told by a row's key, never by a number of rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// From the beginning.
    First,
    /// What follows this one.
    After(OrganizationId),
    /// What stands before this one.
    Before(OrganizationId),
}

/// A row of the list: what of an organization is shown there. Its partner's name is among those on offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its id.
    pub id: OrganizationId,
    /// The partner it belongs to.
    pub partner: PartnerId,
    /// Its words.
    pub words: Texts,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// SUB-3: when its 45 days end.
    pub ends: Option<Timestamp>,
    /// SUB-11: whether a purge left a receipt.
    pub receipt: bool,
    /// What is bought, once it is chosen (ORG-1).
    pub plan: Option<Plan>,
    /// Seats bought.
    pub bought: Bought,
    /// The state.
    pub state: State,
    /// Its users.
    pub users: i64,
    /// Its linked SaaS accounts.
    pub services: i64,
    /// Seats used in them.
    pub seats_used: i64,
}

/// A row's words in one piece: a page holds hundreds of them, and each piece costs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Texts {
    all: String,
    name: usize,
    contact: usize,
}

impl Texts {
    /// Puts them together: name, first and last name of the contact, its e-mail.
    pub fn of(name: &str, first: Option<&str>, last: Option<&str>, email: Option<&str>) -> Self {
        let (first, last, email) = (first.unwrap_or_default(), last.unwrap_or_default(), email.unwrap_or_default());
        let between = if first.is_empty() || last.is_empty() { "" } else { " " };
        let contact = name.len() + first.len() + between.len() + last.len();
        Self { all: [name, first, between, last, email].concat(), name: name.len(), contact }
    }

    /// The organization's name.
    pub fn name(&self) -> &str {
        self.all.get(..self.name).unwrap_or_default()
    }

    /// Whom to talk to; empty when that is not known.
    pub fn contact(&self) -> &str {
        self.all.get(self.name..self.contact).unwrap_or_default()
    }

    /// The contact's e-mail; empty when that is not known.
    pub fn email(&self) -> &str {
        self.all.get(self.contact..).unwrap_or_default()
    }
}

/// A part of the list.
#[derive(Clone, Debug)]
pub struct Part {
    /// The rows; deleted ones among them on their tab alone.
    pub rows: Vec<Listed>,
    /// Where the part before begins, if there is one.
    pub previous: Option<Turn>,
    /// Where the part after begins, if there is one.
    pub next: Option<Turn>,
}

/// Counts on the tabs, in the order of the tabs.
pub type Counts = Vec<(State, i64)>;
