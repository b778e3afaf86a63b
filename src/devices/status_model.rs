//! What Device Status is asked for, and what it says of a device. Pure.
//!
//! Ages count back from the newest moment that the data of the device's partner knows, as SAS-10 has it for accounts: what a report of six
//! o'clock says is true at noon as well, but for the page saying when that was. Data older than 48 hours says nothing about today. A partner's only
//! device has no other to tell that it fell silent, so of it the clock does.

use std::collections::HashMap;

use crate::backups::model::STALE_AFTER;
use crate::devices::report_model::Summary;
use crate::kernel::ids::{DeviceId, OrganizationId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::settings::local_model::{DevicesBy, LocalView};
use crate::text_enum;

/// A device that did not check in for longer than this is looked at.
pub const SEEN_WARN: Span = Span::minutes(20);
/// One that did not for longer than this is taken for off.
pub const SEEN_FAIL: Span = Span::hours(1);
/// Offsite copies may be this old.
pub const OFFSITE_WARN: Span = Span::hours(48);
/// And this old at most.
pub const OFFSITE_FAIL: Span = Span::hours(72);
/// Local storage, in tenths of a percent: more than this is looked at.
pub const STORAGE_WARN: i64 = 850;
/// And more than this soon leaves no room for a backup.
pub const STORAGE_FAIL: i64 = 950;

text_enum!(
    /// How a device, or one side of it, fares: worst first, and what is at rest on purpose last.
    State {
        /// Something does not work.
        Failing = "failing",
        /// Something should be looked at.
        Warning = "warning",
        /// What is known is older than 48 hours.
        NoRecentData = "no_recent_data",
        /// Nothing is known yet.
        NoData = "no_data",
        /// All is well.
        Healthy = "healthy",
        /// Its organization is suspended or unsubscribed, so nothing is backed up (SUB-2, SUB-3).
        Suspended = "suspended",
        /// It is there, and has nothing to back up: no agent and no share, or all of them paused or archived.
        Idle = "idle",
    }
);

impl State {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Failing => "Failing",
            Self::Warning => "Warning",
            Self::NoRecentData => "No recent data",
            Self::NoData => "No data yet",
            Self::Suspended => "Suspended",
            Self::Idle => "Nothing active",
            Self::Healthy => "Healthy",
        }
    }

    /// Whether somebody should look.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Failing | Self::Warning | Self::NoRecentData)
    }
}

/// The two sides of a device that have a status each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The device and its local backups.
    Local,
    /// What it copies elsewhere.
    Offsite,
}

/// What is not as it should be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// It did not check in for so long.
    NotSeen(Span),
    /// It did not check in since its report, and there is no other device by which that would be told.
    Unheard,
    /// The newest backup of what is furthest behind is so old.
    Late(Span),
    /// So many assets have no backup at all.
    NeverBackedUp(i64),
    /// The newest backups of so many assets failed.
    FailedBackups(i64),
    /// The newest screenshots of so many assets failed.
    FailedScreenshots(i64),
    /// Local storage is so full, in tenths of a percent.
    Storage(i64),
    /// The service period is over.
    ServiceOver,
    /// What is furthest behind has no newer copy offsite.
    OffsiteLate(Span),
}

impl Trouble {
    /// The same as `words`, to stand alone.
    pub fn sentence(self) -> String {
        capitalized(&self.words())
    }

    /// In a few words, to stand in a list: "not seen for 3 hours".
    pub fn words(self) -> String {
        match self {
            Self::NotSeen(span) => format!("not seen for {}", span.words()),
            Self::Unheard => "not seen since its last report".to_owned(),
            Self::Late(span) => format!("no backup for {}", span.words()),
            Self::NeverBackedUp(count) => format!("{} never backed up", text::counted(count, "machine", "machines")),
            Self::FailedBackups(count) => format!("{} failed", text::counted(count, "newest backup", "newest backups")),
            Self::FailedScreenshots(count) => format!("{} failed", text::counted(count, "screenshot", "screenshots")),
            Self::Storage(permille) => format!("local storage {} % full", permille / 10),
            Self::ServiceOver => "service period over".to_owned(),
            Self::OffsiteLate(span) => format!("nothing offsite for {}", span.words()),
        }
    }

    /// On which side of the device it is.
    pub const fn side(self) -> Side {
        match self {
            Self::OffsiteLate(_) => Side::Offsite,
            Self::NotSeen(_)
            | Self::Unheard
            | Self::Late(_)
            | Self::NeverBackedUp(_)
            | Self::FailedBackups(_)
            | Self::FailedScreenshots(_)
            | Self::Storage(_)
            | Self::ServiceOver => Side::Local,
        }
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What a device's state follows from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Whether its organization is suspended or unsubscribed.
    pub suspended: bool,
    /// The newest moment that any data of its partner's devices knows.
    pub moment: Option<Timestamp>,
    /// Whether it is its partner's only one: then the moment is its own, and its silence is told by the clock.
    pub alone: bool,
    /// When it last checked in.
    pub last_seen: Option<Timestamp>,
    /// How full its local storage is, in tenths of a percent.
    pub local_permille: Option<i64>,
    /// The end of its service period.
    pub service_until: Option<Timestamp>,
    /// What is kept of its assets.
    pub assets: Summary,
}

/// What is said of a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Of the device and its local backups.
    pub local: State,
    /// Of what it copies elsewhere.
    pub offsite: State,
    /// What is not as it should be, the worst first.
    pub troubles: Vec<(State, Trouble)>,
}

impl Verdict {
    /// The worse of both sides; what is not known of the offsite side does not count.
    pub fn state(&self) -> State {
        if self.offsite == State::NoData { self.local } else { self.local.min(self.offsite) }
    }

    /// What is wrong, in words: "Not seen for 3 hours, local storage 96 % full". Empty when nothing is.
    pub fn why(&self) -> String {
        capitalized(&self.troubles.iter().map(|(_, trouble)| trouble.words()).collect::<Vec<_>>().join(", "))
    }

    /// The same of one side only.
    pub fn why_of(&self, side: Side) -> String {
        let these = self.troubles.iter().filter(|(_, trouble)| trouble.side() == side);
        capitalized(&these.map(|(_, trouble)| trouble.words()).collect::<Vec<_>>().join(", "))
    }

    const fn of_all(state: State) -> Self {
        Self { local: state, offsite: state, troubles: Vec::new() }
    }
}

impl Facts {
    /// DEV-4: local and offsite status, by this viewer's thresholds (BRA-3).
    pub fn verdict(&self, view: &LocalView, now: Timestamp) -> Verdict {
        if self.suspended {
            return Verdict::of_all(State::Suspended);
        }
        let (Some(moment), Some(_)) = (self.moment, self.assets.as_of) else { return Verdict::of_all(State::NoData) };
        if STALE_AFTER < now - moment {
            return Verdict::of_all(State::NoRecentData);
        }
        let mut troubles = self.troubles(view, moment);
        troubles.extend(self.unheard(now));
        troubles.sort_by_key(|(state, _)| *state);
        let well = if self.assets.active == 0 { State::Idle } else { State::Healthy };
        let worst = |side: Side| {
            let these = troubles.iter().filter(|(_, trouble)| trouble.side() == side);
            these.map(|(state, _)| *state).min().unwrap_or(well)
        };
        let unknown = 0 < self.assets.active && self.assets.oldest_offsite.is_none();
        let offsite = if unknown { State::NoData } else { worst(Side::Offsite) };
        Verdict { local: worst(Side::Local), offsite, troubles }
    }

    /// DEV-6: a device that is alone is not seen by the same thresholds at which Alert settings tell of it by default.
    fn unheard(&self, now: Timestamp) -> Option<(State, Trouble)> {
        let silent = now - self.last_seen.filter(|_| self.alone)?;
        let state = if SEEN_FAIL < silent { State::Failing } else { State::Warning };
        (SEEN_WARN < silent).then_some((state, Trouble::Unheard))
    }

    /// The last moment at which the same is said of it, if the clock alone changes that.
    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let stale = self.moment.map(|moment| moment + STALE_AFTER);
        let unheard = self.last_seen.filter(|_| self.alone);
        let turns = [stale, unheard.map(|seen| seen + SEEN_WARN), unheard.map(|seen| seen + SEEN_FAIL)];
        turns.into_iter().flatten().filter(|turn| now <= *turn).min()
    }

    fn troubles(&self, view: &LocalView, moment: Timestamp) -> Vec<(State, Trouble)> {
        let assets = &self.assets;
        let age = |known: Option<Timestamp>| known.map(|known| moment - known);
        let over = |age: Option<Span>, warn: Span, fail: Span, what: fn(Span) -> Trouble| {
            let age = age.filter(|age| warn < *age)?;
            Some((if fail < age { State::Failing } else { State::Warning }, what(age)))
        };
        let some = |count: i64, what: fn(i64) -> Trouble| (0 < count).then(|| (State::Warning, what(count)));
        let full = self.local_permille.filter(|permille| STORAGE_WARN < *permille);
        let full = full.map(|permille| (if STORAGE_FAIL < permille { State::Failing } else { State::Warning }, Trouble::Storage(permille)));
        let ended = self.service_until.filter(|until| *until <= moment).map(|_| (State::Warning, Trouble::ServiceOver));
        [
            over(age(self.last_seen.filter(|_| !self.alone)), SEEN_WARN, SEEN_FAIL, Trouble::NotSeen),
            over(age(assets.oldest_snapshot), view.warn_after(), view.fail_after(), Trouble::Late),
            some(assets.failed_backups, Trouble::FailedBackups),
            some(assets.without_snapshot, Trouble::NeverBackedUp),
            full,
            over(age(assets.oldest_offsite), OFFSITE_WARN, OFFSITE_FAIL, Trouble::OffsiteLate),
            some(assets.failed_screenshots, Trouble::FailedScreenshots),
            ended,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

text_enum!(
    /// What the table is sorted by.
    Sort {
        /// Worst first.
        State = "state",
        /// Hostname.
        Name = "name",
        /// The organization's name; what is linked to none comes last.
        Organization = "organization",
        /// Model.
        Model = "model",
        /// How full local storage is.
        Local = "local",
        /// How much lies offsite.
        Offsite = "offsite",
        /// When it last checked in.
        Seen = "seen",
    }
);

impl Sort {
    /// BRA-3: what a viewer sorts by as long as no column was chosen.
    pub const fn preferred(by: DevicesBy) -> Self {
        match by {
            DevicesBy::State => Self::State,
            DevicesBy::Name => Self::Name,
            DevicesBy::Organization => Self::Organization,
            DevicesBy::Local => Self::Local,
            DevicesBy::Seen => Self::Seen,
        }
    }

    /// Large figures come first.
    pub const fn starts_down(self) -> bool {
        matches!(self, Self::Local | Self::Offsite)
    }
}

/// What the table is narrowed to and sorted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Query {
    /// Part of a hostname, serial number, model or organization's name.
    pub words: String,
    /// Only these states; all when empty.
    pub states: Vec<State>,
    /// Only what is linked to this organization.
    pub organization: Option<OrganizationId>,
    /// By which column; the viewer's own choice where none is asked for.
    pub sort: Option<Sort>,
    /// The other way round than the column begins.
    pub reversed: bool,
}

/// Where a page of the table begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// At the top.
    First,
    /// After this device.
    After(DeviceId),
    /// Before this device.
    Before(DeviceId),
}

/// A device with what is said of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Which.
    pub id: DeviceId,
    /// Its hostname.
    pub name: String,
    /// Whether it is linked to an organization.
    pub linked: bool,
    /// What its state follows from.
    pub facts: Facts,
    /// What is said of it.
    pub verdict: Verdict,
}

/// Every device in sight, judged, worst first; what is to be said of all of them; and how long the verdicts hold while nothing is reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// The devices.
    pub all: Vec<Judged>,
    /// How many devices are in each state, worst first; only states that some are in.
    pub counts: Vec<(State, usize)>,
    /// The newest moment that the data of any of them knows.
    pub moment: Option<Timestamp>,
    from: Timestamp,
    until: Timestamp,
}

impl Judgement {
    /// What was judged now. Verdicts follow from what was reported; the clock itself turns them only where data grows stale
    /// and where a device is alone.
    pub fn of(all: Vec<Judged>, now: Timestamp) -> Self {
        let until = all.iter().filter_map(|judged| judged.facts.until(now)).min().unwrap_or(Timestamp(i64::MAX));
        let moment = all.iter().filter_map(|judged| judged.facts.moment).max();
        Self { counts: counts(&all), moment, all, from: now, until }
    }

    /// How many devices are in a state.
    pub fn count(&self, state: State) -> usize {
        self.counts.iter().find(|(counted, _)| *counted == state).map_or(0, |(_, count)| *count)
    }

    /// How many devices somebody should look at.
    pub fn troubled(&self) -> usize {
        self.counts.iter().filter(|(state, _)| state.needs_attention()).map(|(_, count)| count).sum()
    }

    /// Whether the verdicts are the same at another moment.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && now <= self.until
    }
}

/// Worst first, otherwise in the order given.
pub fn worst_first(mut all: Vec<Judged>) -> Vec<Judged> {
    all.sort_by_cached_key(gravity);
    all
}

/// The worse is less; in one state what is linked to an organization, and of those the one with more that is wrong.
fn gravity(judged: &Judged) -> (State, bool, std::cmp::Reverse<(usize, usize)>) {
    let troubles = &judged.verdict.troubles;
    let failing = troubles.iter().filter(|(state, _)| *state == State::Failing).count();
    (judged.verdict.state(), !judged.linked, std::cmp::Reverse((failing, troubles.len())))
}

fn counts(all: &[Judged]) -> Vec<(State, usize)> {
    let count = |state: State| all.iter().filter(|judged| judged.verdict.state() == state).count();
    State::ALL.iter().map(|state| (*state, count(*state))).filter(|(_, count)| 0 < *count).collect()
}

impl Query {
    /// Whether what it finds, or its order, has to be looked for: all that it needs of the devices is not there already.
    pub fn is_looked_for(&self, view: &LocalView) -> bool {
        let known = matches!(self.sorted_by(view), Sort::State | Sort::Local | Sort::Seen);
        !known || self.organization.is_some() || !text::key(&self.words).is_empty()
    }

    /// By what it is sorted: the column asked for, or what the viewer prefers.
    pub fn sorted_by(&self, view: &LocalView) -> Sort {
        self.sort.unwrap_or_else(|| Sort::preferred(view.sort))
    }
}

/// Those that a query finds, in its order. `all` is worst first; `looked_for` are the devices that fit its words, in its order where that has to
/// be looked for.
pub fn found<'a>(all: &'a [Judged], looked_for: Option<&[DeviceId]>, query: &Query, view: &LocalView) -> Vec<&'a Judged> {
    let places: Option<HashMap<DeviceId, usize>> = looked_for.map(|ids| ids.iter().copied().zip(0..).collect());
    let fits = |judged: &&Judged| {
        (query.states.is_empty() || query.states.contains(&judged.verdict.state()))
            && places.as_ref().is_none_or(|places| places.contains_key(&judged.id))
    };
    let mut found: Vec<&Judged> = all.iter().filter(fits).collect();
    // The sorts are stable, so what is the same in a column stays worst first.
    match query.sorted_by(view) {
        Sort::State => {}
        Sort::Local => found.sort_by_key(|judged| std::cmp::Reverse(judged.facts.local_permille)),
        Sort::Seen => found.sort_by_key(|judged| judged.facts.last_seen),
        Sort::Name | Sort::Organization | Sort::Model | Sort::Offsite => {
            found.sort_by_key(|judged| places.as_ref().and_then(|places| places.get(&judged.id)).copied());
        }
    }
    if query.reversed {
        found.reverse();
    }
    found
}

/// The devices from which the pages before and after go on.
pub type Edges = (Option<DeviceId>, Option<DeviceId>);

/// A page of a list, and where the pages around it begin. A place that is gone is the top.
pub fn page<'a>(found: &[&'a Judged], place: Place, per_page: usize) -> (Vec<&'a Judged>, Edges) {
    let at = |id: DeviceId| found.iter().position(|judged| judged.id == id);
    let start = match place {
        Place::First => 0,
        Place::After(id) => at(id).map_or(0, |at| at + 1),
        Place::Before(id) => at(id).map_or(0, |at| at.saturating_sub(per_page)),
    };
    let shown: Vec<&Judged> = found.iter().skip(start).take(per_page).copied().collect();
    let id = |judged: &&Judged| judged.id;
    let (first, last) = (shown.first().map(id), shown.last().map(id));
    let more = start + shown.len() < found.len();
    (shown, (first.filter(|_| 0 < start), last.filter(|_| more)))
}
