//! Which organization an unlinked account probably belongs to. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::text;
use crate::saas::model::SaasAccount;

/// Unlinked accounts that are looked at for those that can be linked all at once.
pub const LOOKED_AT: usize = 500;
/// Unlinked accounts on a page.
pub const PER_PAGE: usize = 50;
/// Names less alike than this, in percent, are no suggestion.
pub const ALIKE_ENOUGH: i64 = 80;

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
    /// It has the account's name but for words such as "Ltd" or "Group".
    SameButFillers,
    /// One name holds the other.
    Holds,
    /// Its name is the most alike, so many percent.
    Alike(i64),
}

impl Why {
    /// The better reason first.
    fn order(&self) -> i64 {
        match self {
            Self::AccountDomain | Self::ContactDomain | Self::UserDomain => 0,
            Self::SameName => 1,
            Self::SameButFillers => 2,
            Self::Alike(percent) => 103 - percent,
            Self::Holds => 104,
        }
    }

    /// For people.
    pub fn shown(&self, domain: &str) -> String {
        match self {
            Self::AccountDomain => format!("same domain: it has another account of {domain}"),
            Self::ContactDomain => format!("same domain: its contact writes from {domain}"),
            Self::UserDomain => format!("same domain: one of its users writes from {domain}"),
            Self::SameName => "same name".to_owned(),
            Self::SameButFillers => "same name but for its legal form".to_owned(),
            Self::Holds => "one name holds the other".to_owned(),
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

/// An unlinked account and the one organization that has its domain or its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exact {
    /// The account.
    pub account: SaasAccount,
    /// The only organization that anything speaks for.
    pub suggestion: Suggestion,
}

/// The only organization that all of these name, with the first reason; nothing where they name several, since nobody can say which is
/// meant, or none.
pub fn only(found: Vec<Suggestion>) -> Option<Suggestion> {
    let same = found.windows(2).all(|pair| matches!(pair, [one, other] if one.organization == other.organization));
    found.into_iter().next().filter(|_| same)
}

/// A pair as it stands in a form: `account:organization`.
pub fn pair(text: &str) -> Result<(SaasAccountId, OrganizationId)> {
    let (account, organization) = text.split_once(':').ok_or(Error::NotFound)?;
    Ok((account.parse()?, organization.parse()?))
}

/// How alike two names are, from 0 to 100: the share of letter pairs they have in common, spaces and signs left out. Only names that
/// are the same come to 100.
pub fn likeness(one: &str, other: &str) -> i64 {
    Letters::of(&text::key(one)).likeness(&Letters::of(&text::key(other)))
}

/// A name's letters, and its pairs of neighbouring ones in the order of the alphabet.
struct Letters {
    letters: Vec<char>,
    pairs: Vec<(char, char)>,
}

impl Letters {
    fn of(key: &str) -> Self {
        let letters: Vec<char> = key.chars().filter(|sign| sign.is_alphanumeric()).collect();
        let mut pairs: Vec<(char, char)> = letters.iter().copied().zip(letters.iter().copied().skip(1)).collect();
        pairs.sort_unstable();
        Self { letters, pairs }
    }

    fn likeness(&self, other: &Self) -> i64 {
        if self.letters == other.letters {
            return 100;
        }
        let (mut mine, mut others, mut shared) = (self.pairs.iter().peekable(), other.pairs.iter().peekable(), 0);
        // A repeated pair counts as often as it occurs in both.
        while let (Some(one), Some(two)) = (mine.peek(), others.peek()) {
            let order = one.cmp(two);
            if order.is_le() {
                mine.next();
            }
            if order.is_ge() {
                others.next();
            }
            shared += usize::from(order.is_eq());
        }
        let percent = (200 * shared).checked_div(self.pairs.len() + other.pairs.len()).unwrap_or(0);
        i64::try_from(percent).unwrap_or(0).min(99)
    }
}

/// Legal forms, and words that firms add or leave out at will.
const FILLERS: &str = "ab ag and as asa bv co company corp corporation gmbh group holding holdings inc incorporated international kg \
    limited llc llp ltd nv of oy plc sa sarl sas se spa srl the";
/// Trades, which firms that have nothing to do with each other have in common.
const TRADES: &str = "accounting clinic construction consulting dental design energy engineering finance foods freight health hotel \
    insurance legal logistics media medical partners school services software solutions systems tech technologies \
    technology trading";
/// A word that so many organizations have in their names tells nothing.
const SHARED_BY: usize = 3;

fn listed(word: &str, words: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// The words of a name without fillers.
fn words(name: &str) -> BTreeSet<String> {
    let key = text::key(name);
    let words = key.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty() && !listed(word, FILLERS));
    words.map(ToOwned::to_owned).collect()
}

/// A name taken apart.
struct Name {
    letters: Letters,
    words: BTreeSet<String>,
}

impl Name {
    fn of(name: &str) -> Self {
        Self { letters: Letters::of(&text::key(name)), words: words(name) }
    }

    /// What of its words tells it from others.
    fn telling(&self, shared: &BTreeSet<&String>) -> Vec<&str> {
        let tells = |word: &&String| 3 <= word.chars().count() && !listed(word, TRADES) && !shared.contains(word);
        self.words.iter().filter(tells).map(String::as_str).collect()
    }
}

/// Words that many of the candidates have in their names.
fn shared_words<'a>(candidates: impl Iterator<Item = &'a Name>) -> BTreeSet<&'a String> {
    let mut owners: BTreeMap<&String, usize> = BTreeMap::new();
    for word in candidates.flat_map(|name| &name.words) {
        *owners.entry(word).or_default() += 1;
    }
    owners.into_iter().filter(|(_, owners)| SHARED_BY <= *owners).map(|(word, _)| word).collect()
}

/// Why a candidate's name is this one's, if it is: a word in common is not enough, and neither is a trade.
fn really_alike(name: &Name, candidate: &Name, shared: &BTreeSet<&String>) -> Option<Why> {
    let whole = name.letters.likeness(&candidate.letters);
    if whole == 100 {
        return Some(Why::SameName);
    }
    let (one, other) = (&name.words, &candidate.words);
    let fewer_first = one.len() <= other.len();
    let (fewer, more) = if fewer_first { (one, other) } else { (other, one) };
    if fewer.is_subset(more) {
        let tells_fewer = if fewer_first { name.telling(shared) } else { candidate.telling(shared) };
        if !tells_fewer.is_empty() {
            return Some(if fewer.len() == more.len() { Why::SameButFillers } else { Why::Holds });
        }
    }
    if whole < ALIKE_ENOUGH {
        return None;
    }
    let alike = whole.min(likeness(&name.telling(shared).concat(), &candidate.telling(shared).concat()));
    (ALIKE_ENOUGH <= alike).then_some(Why::Alike(alike))
}

/// The candidate whose name is this one's or really like it, the most alike first. Where one name holds the other and so it is with
/// several candidates, nobody can say which is meant, so none is.
pub fn most_alike(name: &str, candidates: &[(OrganizationId, String)]) -> Option<Suggestion> {
    let own = Name::of(name);
    let candidates: BTreeMap<OrganizationId, (&str, Name)> =
        candidates.iter().map(|(organization, name)| (*organization, (name.as_str(), Name::of(name)))).collect();
    let shared = shared_words(candidates.values().map(|(_, name)| name));
    let found: Vec<Suggestion> = candidates
        .iter()
        .filter_map(|(organization, (shown, candidate))| {
            let why = really_alike(&own, candidate, &shared)?;
            Some(Suggestion { organization: *organization, name: (*shown).to_owned(), why })
        })
        .collect();
    let best = found.iter().min_by_key(|suggestion| suggestion.why.order())?;
    let holding = found.iter().filter(|suggestion| suggestion.why == Why::Holds).count();
    (best.why != Why::Holds || holding == 1).then(|| best.clone())
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
