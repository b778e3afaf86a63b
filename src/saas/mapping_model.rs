//! Which organization an unlinked account probably belongs to. Pure.

use std::collections::BTreeSet;

use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::saas::model::SaasAccount;

/// Unlinked accounts on a page.
pub const PER_PAGE: usize = 50;
/// Names less alike than this, in percent, are no suggestion.
pub const ALIKE_ENOUGH: i64 = 50;

/// Why an organization is suggested (SAS-5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// Another account of this domain is linked to it.
    AccountDomain,
    /// Its contact's e-mail has this domain.
    ContactDomain,
    /// One of its users' e-mails has this domain.
    UserDomain,
    /// It has the account's name.
    SameName,
    /// Its name is the most alike, so many percent.
    Alike(i64),
}

impl Why {
    /// For people.
    pub fn shown(&self, domain: &str) -> String {
        match self {
            Self::AccountDomain => format!("same domain: it has another account of {domain}"),
            Self::ContactDomain => format!("same domain: its contact writes from {domain}"),
            Self::UserDomain => format!("same domain: one of its users writes from {domain}"),
            Self::SameName => "same name".to_owned(),
            Self::Alike(percent) => format!("most alike name, {percent} % alike"),
        }
    }
}

/// A suggested organization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// An unlinked account with what is suggested for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unmapped {
    /// The account.
    pub account: SaasAccount,
    /// The organization it probably belongs to.
    pub suggestion: Option<Suggestion>,
}

/// How alike two names are, from 0 to 100: the share of letter pairs they have in common, spaces and signs left out. Only names that
/// are the same come to 100.
pub fn likeness(one: &str, other: &str) -> i64 {
    let (one, other) = (letters(one), letters(other));
    if one == other {
        return 100;
    }
    let (pairs, others) = (pairs(&one), pairs(&other));
    let whole = pairs.len() + others.len();
    let shared = pairs.intersection(&others).count();
    let percent = (200 * shared).checked_div(whole).unwrap_or(0);
    i64::try_from(percent).unwrap_or(0).min(99)
}

fn letters(name: &str) -> Vec<char> {
    text::key(name).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// Pairs of neighbouring letters, each with how often it stood before, so that a repeated pair counts as often as it occurs.
fn pairs(letters: &[char]) -> BTreeSet<(char, char, usize)> {
    let mut found = BTreeSet::new();
    for (one, other) in letters.iter().zip(letters.iter().skip(1)) {
        let seen = (0..=found.len()).find(|times| !found.contains(&(*one, *other, *times))).unwrap_or(0);
        found.insert((*one, *other, seen));
    }
    found
}

/// The most alike of the candidates, if it is alike enough; of equals the first.
pub fn most_alike(name: &str, candidates: &[(OrganizationId, String)]) -> Option<Suggestion> {
    let mut best: Option<(i64, &(OrganizationId, String))> = None;
    for candidate in candidates {
        let alike = likeness(name, &candidate.1);
        if ALIKE_ENOUGH <= alike && best.is_none_or(|(most, _)| most < alike) {
            best = Some((alike, candidate));
        }
    }
    let (alike, (organization, name)) = best?;
    let why = if alike == 100 { Why::SameName } else { Why::Alike(alike) };
    Some(Suggestion { organization: *organization, name: name.clone(), why })
}

/// The words of a name by which organizations with a similar one are looked for, longest first: a handful, each long enough for the index.
pub fn telling_words(name: &str, domain: &str) -> Vec<String> {
    let key = text::key(name);
    let label = text::key(domain).split('.').next().unwrap_or_default().to_owned();
    let mut words: Vec<String> = key
        .split(|sign: char| !sign.is_alphanumeric())
        .chain([label.as_str()])
        .filter(|word| 3 <= word.chars().count())
        .map(ToOwned::to_owned)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words.truncate(4);
    words
}
