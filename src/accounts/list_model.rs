//! Which part of a long list of accounts: pages are told by a row's key, never by a number of rows. Pure.

use crate::kernel::ids::AccountId;

/// How many accounts a page of a list shows.
pub const PAGE: usize = 50;

/// A place in the list: the sorting key and the id of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The sorting key of a name.
    pub key: String,
    /// The account.
    pub account: AccountId,
}

/// Which page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum From {
    /// The first.
    #[default]
    Start,
    /// What comes after a place.
    After(Place),
    /// What comes before a place.
    Before(Place),
}

impl Place {
    /// As the address of a page carries it.
    pub fn written(&self) -> String {
        format!("{}.{}", self.account, self.key)
    }

    /// From an address; nothing when it is no place.
    pub fn parse(written: &str) -> Option<Self> {
        let (account, key) = written.split_once('.')?;
        Some(Self { key: key.to_owned(), account: account.parse().ok()? })
    }
}

impl From {
    /// From the values `after` and `before` of an address; anything unknown is the first page.
    pub fn of(after: &str, before: &str) -> Self {
        match (Place::parse(after), Place::parse(before)) {
            (Some(place), _) => Self::After(place),
            (None, Some(place)) => Self::Before(place),
            (None, None) => Self::Start,
        }
    }
}

/// A part of a list, with the ways to the parts beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part<T> {
    /// What is in it, in order.
    pub rows: Vec<T>,
    /// Where the part before begins, if there is one.
    pub before: Option<Place>,
    /// Where the part after begins, if there is one.
    pub after: Option<Place>,
}

impl<T> Part<T> {
    /// Of what was read, one more than a page holds if there is more, and backwards for `From::Before`.
    pub fn cut(mut rows: Vec<(T, Place)>, from: &From) -> Self {
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        if matches!(from, From::Before(_)) {
            rows.reverse();
        }
        let first = rows.first().map(|(_, place)| place.clone());
        let last = rows.last().map(|(_, place)| place.clone());
        let (before, after) = match from {
            From::Start => (None, last.filter(|_| more)),
            From::After(_) => (first, last.filter(|_| more)),
            From::Before(_) => (first.filter(|_| more), last),
        };
        Self { rows: rows.into_iter().map(|(row, _)| row).collect(), before, after }
    }
}
